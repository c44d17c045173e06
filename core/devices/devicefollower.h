// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/devices/devicereader.h"

#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace portreeve {

class Clock;

namespace devices {

enum class FollowEventKind {
    Away, ///< the proxy does not answer; it is tried again until it does
    Back, ///< after Away, with nothing missed
    Outdated, ///< the proxy does not know where we were: load everything again; nothing follows
    Refused, ///< a person has to look; nothing follows
};

struct FollowEvent
{
    FollowEventKind kind = FollowEventKind::Away;
    std::optional<Error> error {}; ///< Away and Refused
};

/// Keeps a stream open on each type of device record and hands on what changes there, in the order
/// of each stream. One thread a type.
class DeviceFollower
{
public:
    /// Both are called on the follower's threads; hand it over and return.
    using RecordSink = std::function<void(const DatabrokerRecord& record)>;
    using EventSink = std::function<void(const FollowEvent& event)>; ///< one call at a time

    /// @param client  outlives this object, as does @p clock
    DeviceFollower(
        const DatabrokerClient& client, Clock& clock, RecordSink onRecord, EventSink onEvent);
    ~DeviceFollower(); ///< ends within a second
    DeviceFollower(const DeviceFollower&) = delete;
    DeviceFollower& operator=(const DeviceFollower&) = delete;

    void start(const std::vector<FollowedType>& types);

private:
    void follow(const FollowedType& followed);
    void tell(const FollowEvent& event);

    const DatabrokerClient& m_client;
    Clock& m_clock;
    RecordSink m_onRecord;
    EventSink m_onEvent;
    std::stop_source m_stop; // one type's end is the end of all
    std::mutex m_eventMutex;
    bool m_isAway = false;
    std::vector<std::jthread> m_threads;
};

} // namespace devices
} // namespace portreeve
