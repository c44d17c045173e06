// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/devices/devicereader.h"

#include <functional>
#include <thread>
#include <vector>

namespace portreeve {

class Clock;

namespace devices {

/// Keeps a stream open on each type of device record and hands on what changes there, in the order
/// of each stream. One thread a type.
class DeviceFollower
{
public:
    /// Called on the follower's threads; hand the record over and return.
    using RecordSink = std::function<void(const DatabrokerRecord& record)>;

    /// The proxy no longer knows where we were, or is away: load everything again. Called at most
    /// once a stream, which is over then.
    using LostSink = std::function<void(const Error& error)>;

    /// @param client  outlives this object
    DeviceFollower(const DatabrokerClient& client, RecordSink onRecord, LostSink onLost);
    ~DeviceFollower(); ///< ends within a second
    DeviceFollower(const DeviceFollower&) = delete;
    DeviceFollower& operator=(const DeviceFollower&) = delete;

    void start(const std::vector<FollowedType>& types);

private:
    void follow(FollowedType followed, const std::stop_token& stop);

    const DatabrokerClient& m_client;
    RecordSink m_onRecord;
    LostSink m_onLost;
    std::vector<std::jthread> m_threads;
};

} // namespace devices
} // namespace portreeve
