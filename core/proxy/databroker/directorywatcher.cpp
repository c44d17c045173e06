// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/directorywatcher.h"

#include "core/proxy/databroker/recordstream.h"

using namespace std::chrono_literals;

namespace portreeve {

namespace {

constexpr auto kDriftInterval = 1s; ///< between two reports of one type

std::optional<DirectoryRecordKind> directoryKind(const QString& type)
{
    for (const auto kind : { DirectoryRecordKind::Group, DirectoryRecordKind::User }) {
        if (type == recordTypeOf(kind)) {
            return kind;
        }
    }
    return std::nullopt;
}

bool endsTheWatch(WatchEventKind kind)
{
    return kind == WatchEventKind::Restarted || kind == WatchEventKind::Lost
        || kind == WatchEventKind::Refused;
}

} // namespace

/// One type's stream and what of it was told.
struct DirectoryWatcher::Stream
{
    std::optional<DirectoryRecordKind> kind {};
    RecordStream records;
    std::int64_t untold = 0; ///< changes since the last event
    std::optional<std::chrono::milliseconds> toldAt {};
};

DirectoryWatcher::DirectoryWatcher(const DatabrokerClient& client, Clock& clock, Sink sink)
    : m_client(client)
    , m_clock(clock)
    , m_sink(std::move(sink))
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

void DirectoryWatcher::start(const RecordPositions& from)
{
    stop();
    m_stop = std::stop_source();
    m_isUnreachable = false;
    for (const auto& [type, position] : from) {
        Stream stream { .kind = directoryKind(type),
            .records = RecordStream(m_client, m_clock, type, position) };
        if (m_streamTime) {
            stream.records.setStreamTime(*m_streamTime);
        }
        m_threads.emplace_back(
            [this, stream = std::move(stream)]() mutable { watch(stream, m_stop.get_token()); });
    }
}

void DirectoryWatcher::stop()
{
    m_stop.request_stop();
    m_threads.clear();
}

void DirectoryWatcher::watch(Stream& stream, const std::stop_token& stop)
{
    const auto outcome = stream.records.follow(
        { .onRecord = [&](const DatabrokerRecord& record) { onRecord(stream, record, stop); },
            .onUnreachable =
                [&](const Error& error) {
                    tell({ .kind = WatchEventKind::Unreachable, .error = error }, stop);
                },
            .onReachable = [&] { tell({ .kind = WatchEventKind::Reachable }, stop); } },
        stop);
    switch (outcome.end) {
    case RecordStream::End::Stopped:
        break;
    case RecordStream::End::Restarted:
        tell({ .kind = WatchEventKind::Restarted, .serverVersion = outcome.serverVersion }, stop);
        break;
    case RecordStream::End::Lost:
        tell({ .kind = WatchEventKind::Lost, .serverVersion = outcome.serverVersion }, stop);
        break;
    case RecordStream::End::Refused:
        tell({ .kind = WatchEventKind::Refused, .error = outcome.error }, stop);
        break;
    }
}

void DirectoryWatcher::onRecord(
    Stream& stream, const DatabrokerRecord& record, const std::stop_token& stop)
{
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
