// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/proxy/databroker/databrokerrecord.h"

#include <functional>
#include <optional>

namespace portreeve {

class DatabrokerClient;

/// Follows what changes among the records of one type: through the ends of idle streams, and while
/// the server is away with pauses that grow until it is back.
class RecordStream
{
public:
    /// Called on the thread of follow(); must not block for long.
    struct Listener
    {
        std::function<void(const DatabrokerRecord& record)> onRecord {};
        std::function<void(const Error& error)> onUnreachable {}; ///< after every failed attempt
        std::function<void()> onReachable {}; ///< the same server answered after a stream broke
    };

    enum class End {
        Stopped,
        Restarted, ///< another store
        Lost, ///< the server no longer knows our position
        Refused, ///< wrong secret, TLS, clock: a person has to look
    };

    struct Outcome
    {
        End end = End::Stopped;
        std::uint64_t serverVersion = 0; ///< Restarted and Lost: of the store as it is now
        std::optional<Error> error {}; ///< Lost and Refused
    };

    RecordStream(
        const DatabrokerClient& client, Clock& clock, QString type, DatabrokerPosition from);

    /// How long one stream stays open before it is opened again from where it was.
    void setStreamTime(std::chrono::milliseconds time) { m_streamTime = time; }

    /// Blocks until it is stopped, which takes a second at most, or there is no going on.
    Outcome follow(const Listener& listener, const std::stop_token& stop);

private:
    std::optional<Outcome> afterBreak(
        const Error& error, const Listener& listener, const std::stop_token& stop);
    bool pause(const std::stop_token& stop);

    const DatabrokerClient& m_client;
    Clock& m_clock;
    QString m_type;
    DatabrokerPosition m_position;
    std::chrono::milliseconds m_streamTime;
    std::chrono::milliseconds m_pause;
};

} // namespace portreeve
