// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/directorywatcher.h"

#include "core/proxy/databroker/databrokerclient.h"

#include <algorithm>

using namespace std::chrono_literals;

namespace portreeve {

namespace {

constexpr auto kDriftInterval = 1s; ///< between two reports of one type
constexpr auto kFirstPause = 100ms;
constexpr auto kLongestPause = 1000ms;
constexpr auto kStreamTime = 10min;

bool needsAPerson(ErrorCode code)
{
    return code == ErrorCode::Auth || code == ErrorCode::ClockSkew || code == ErrorCode::Tls
        || code == ErrorCode::Permission || code == ErrorCode::InvalidInput;
}

bool endsTheWatch(WatchEventKind kind)
{
    return kind == WatchEventKind::Restarted || kind == WatchEventKind::Lost
        || kind == WatchEventKind::Refused;
}

} // namespace

/// One type's stream and how far it came.
struct DirectoryWatcher::Stream
{
    DirectoryRecordKind kind = DirectoryRecordKind::User;
    DatabrokerPosition position {};
    std::int64_t untold = 0; ///< changes since the last event
    std::optional<std::chrono::milliseconds> toldAt {};
    std::chrono::milliseconds pause = kFirstPause;
};

DirectoryWatcher::DirectoryWatcher(const DatabrokerClient& client, Clock& clock, Sink sink)
    : m_client(client)
    , m_clock(clock)
    , m_sink(std::move(sink))
    , m_streamTime(kStreamTime)
{
}

DirectoryWatcher::~DirectoryWatcher()
{
    stop();
}

void DirectoryWatcher::setStreamTime(std::chrono::milliseconds time)
{
    m_streamTime = time;
}

void DirectoryWatcher::start(const DirectoryPosition& position)
{
    stop();
    m_stop = std::stop_source();
    m_isUnreachable = false;
    for (const auto kind : { DirectoryRecordKind::Group, DirectoryRecordKind::User }) {
        m_threads.emplace_back(
            [this, stream = Stream { .kind = kind, .position = position.of(kind) }]() mutable {
                watch(stream, m_stop.get_token());
            });
    }
}

void DirectoryWatcher::stop()
{
    m_stop.request_stop();
    m_threads.clear();
}

void DirectoryWatcher::watch(Stream& stream, const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        const auto opened = m_clock.monotonic();
        const auto ended = m_client.sync(
            { .from = stream.position,
                .type = recordTypeOf(stream.kind),
                .wait = true,
                .timeout = m_streamTime },
            [&](DatabrokerRecord&& record) { onRecord(stream, record, stop); }, stop);
        if (m_clock.monotonic() - opened > kLongestPause) {
            stream.pause = kFirstPause;
        }
        // The deadline is the plain end of a stream in which nothing went wrong.
        const bool isPlainEnd = ended || ended.error().code == ErrorCode::Timeout;
        const bool again = isPlainEnd ? m_clock.sleep(kFirstPause, stop)
                                      : !stop.stop_requested() && goOn(stream, ended.error(), stop);
        if (!again) {
            return;
        }
    }
}

void DirectoryWatcher::onRecord(
    Stream& stream, const DatabrokerRecord& record, const std::stop_token& stop)
{
    stream.position.recordVersion = std::max(stream.position.recordVersion, record.version);
    stream.pause = kFirstPause;
    ++stream.untold;
    const auto now = m_clock.monotonic();
    if (stream.toldAt && now - *stream.toldAt < kDriftInterval) {
        return;
    }
    stream.toldAt = now;
    tell({ .kind = WatchEventKind::Drift,
             .recordKind = stream.kind,
             .recordId = record.id,
             .isDeleted = record.isDeleted,
             .changes = stream.untold },
        stop);
    stream.untold = 0;
}

/// After a stream broke: waits for the server and asks whether it is still the one we know.
/// @return whether to open the stream again
bool DirectoryWatcher::goOn(Stream& stream, const Error& error, const std::stop_token& stop)
{
    if (needsAPerson(error.code)) {
        tell({ .kind = WatchEventKind::Refused, .error = error }, stop);
        return false;
    }
    auto info = m_client.serverInfo(stop);
    while (!info && !needsAPerson(info.error().code)) {
        tell({ .kind = WatchEventKind::Unreachable, .error = info.error() }, stop);
        if (!pause(stream, stop)) {
            return false;
        }
        info = m_client.serverInfo(stop);
    }
    if (!info) {
        tell({ .kind = WatchEventKind::Refused, .error = info.error() }, stop);
        return false;
    }
    if (info->serverVersion != stream.position.serverVersion) {
        tell({ .kind = WatchEventKind::Restarted, .serverVersion = info->serverVersion }, stop);
        return false;
    }
    if (error.code == ErrorCode::Stale) {
        tell({ .kind = WatchEventKind::Lost, .serverVersion = info->serverVersion }, stop);
        return false;
    }
    tell({ .kind = WatchEventKind::Reachable }, stop);
    return pause(stream, stop);
}

/// Each one longer than the one before, until something arrives. @return false when stopped
bool DirectoryWatcher::pause(Stream& stream, const std::stop_token& stop)
{
    const bool again = m_clock.sleep(stream.pause, stop);
    stream.pause = std::min(stream.pause * 2, std::chrono::milliseconds(kLongestPause));
    return again;
}

void DirectoryWatcher::tell(const WatchEvent& event, const std::stop_token& stop)
{
    const std::lock_guard lock(m_sinkMutex);
    if (stop.stop_requested()) {
        return;
    }
    const bool isUnreachable = event.kind == WatchEventKind::Unreachable;
    const bool isReachable = event.kind == WatchEventKind::Reachable;
    if ((isUnreachable && m_isUnreachable) || (isReachable && !m_isUnreachable)) {
        return;
    }
    if (isUnreachable || isReachable) {
        m_isUnreachable = isUnreachable;
    }
    if (endsTheWatch(event.kind)) {
        m_stop.request_stop();
    }
    m_sink(event);
}

} // namespace portreeve
