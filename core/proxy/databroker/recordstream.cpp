// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/recordstream.h"

#include "core/proxy/databroker/databrokerclient.h"

#include <algorithm>

using namespace std::chrono_literals;

namespace portreeve {

namespace {

constexpr auto kFirstPause = 100ms;
constexpr auto kLongestPause = 1000ms;
constexpr auto kStreamTime = 10min;

bool needsAPerson(ErrorCode code)
{
    return code == ErrorCode::Auth || code == ErrorCode::ClockSkew || code == ErrorCode::Tls
        || code == ErrorCode::Permission || code == ErrorCode::InvalidInput;
}

} // namespace

RecordStream::RecordStream(
    const DatabrokerClient& client, Clock& clock, QString type, DatabrokerPosition from)
    : m_client(client)
    , m_clock(clock)
    , m_type(std::move(type))
    , m_position(from)
    , m_streamTime(kStreamTime)
    , m_pause(kFirstPause)
{
}

RecordStream::Outcome RecordStream::follow(const Listener& listener, const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        const auto opened = m_clock.monotonic();
        const auto ended = m_client.sync(
            { .from = m_position, .type = m_type, .wait = true, .timeout = m_streamTime },
            [&](const DatabrokerRecord& record) {
                m_position.recordVersion = std::max(m_position.recordVersion, record.version);
                m_pause = kFirstPause;
                listener.onRecord(record);
            },
            stop);
        if (m_clock.monotonic() - opened > kLongestPause) {
            m_pause = kFirstPause;
        }
        // The deadline is the plain end of a stream in which nothing went wrong.
        if (ended || ended.error().code == ErrorCode::Timeout) {
            if (!m_clock.sleep(kFirstPause, stop)) {
                break;
            }
        } else if (!stop.stop_requested()) {
            if (auto outcome = afterBreak(ended.error(), listener, stop)) {
                return std::move(*outcome);
            }
        }
    }
    return {};
}

/// Waits for the server and asks whether it is still the one we know.
/// @return nullopt when the stream may be opened again
std::optional<RecordStream::Outcome> RecordStream::afterBreak(
    const Error& error, const Listener& listener, const std::stop_token& stop)
{
    if (needsAPerson(error.code)) {
        return Outcome { .end = End::Refused, .error = error };
    }
    auto info = m_client.serverInfo(stop);
    while (!info && !needsAPerson(info.error().code)) {
        if (stop.stop_requested()) {
            return Outcome {};
        }
        listener.onUnreachable(info.error());
        if (!pause(stop)) {
            return Outcome {};
        }
        info = m_client.serverInfo(stop);
    }
    if (!info) {
        return Outcome { .end = End::Refused, .error = info.error() };
    }
    if (info->serverVersion != m_position.serverVersion) {
        return Outcome { .end = End::Restarted, .serverVersion = info->serverVersion };
    }
    if (error.code == ErrorCode::Stale) {
        return Outcome { .end = End::Lost, .serverVersion = info->serverVersion, .error = error };
    }
    listener.onReachable();
    return pause(stop) ? std::nullopt : std::optional(Outcome {});
}

/// Each one longer than the one before, until something arrives. @return false when stopped
bool RecordStream::pause(const std::stop_token& stop)
{
    const bool again = m_clock.sleep(m_pause, stop);
    m_pause = std::min(m_pause * 2, std::chrono::milliseconds(kLongestPause));
    return again;
}

} // namespace portreeve
