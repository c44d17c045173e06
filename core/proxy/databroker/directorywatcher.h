// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/proxy/databroker/directoryplan.h"

#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace portreeve {

class DatabrokerClient;

enum class WatchEventKind {
    Drift, ///< somebody changed records
    Restarted, ///< another store: everything has to be pushed again; this watch is over
    Lost, ///< the server no longer knows our position: compare again; this watch is over
    Refused, ///< wrong secret, TLS, clock: a person has to look; this watch is over
    Unreachable,
    Reachable, ///< after Unreachable
};

struct WatchEvent
{
    WatchEventKind kind = WatchEventKind::Drift;
    /// Drift; nothing = policies or routes, of which not all are ours
    std::optional<DirectoryRecordKind> recordKind {};
    QString recordId {}; ///< Drift: the last one changed
    bool isDeleted = false; ///< Drift: it was deleted
    std::int64_t changes = 0; ///< Drift: records changed since the event before
    std::uint64_t serverVersion = 0; ///< Restarted: of the new store
    std::optional<Error> error {}; ///< Unreachable, Refused
};

/// Keeps a Sync stream open on each type that is delivered, be it of the directory or of policies
/// and routes, and tells what others do to them. Our own pushes would look the same: stop before a
/// push, start again from the positions it gave.
class DirectoryWatcher
{
public:
    /// Called on a thread of the watcher, one call at a time; must not block for long.
    using Sink = std::function<void(const WatchEvent&)>;

    DirectoryWatcher(const DatabrokerClient& client, Clock& clock, Sink sink);
    ~DirectoryWatcher(); ///< stops
    DirectoryWatcher(const DirectoryWatcher&) = delete;
    DirectoryWatcher& operator=(const DirectoryWatcher&) = delete;

    void start(const RecordPositions& from);

    /// Ends within a second; no event comes after it returned. Not from within the sink.
    void stop();

    /// How long one stream stays open before it is opened again from where it was.
    void setStreamTime(std::chrono::milliseconds time);

private:
    struct Stream;

    void watch(Stream& stream, const std::stop_token& stop);
    void onRecord(Stream& stream, const DatabrokerRecord& record, const std::stop_token& stop);
    void tell(const WatchEvent& event, const std::stop_token& stop);

    const DatabrokerClient& m_client;
    Clock& m_clock;
    Sink m_sink;
    std::optional<std::chrono::milliseconds> m_streamTime {};
    std::stop_source m_stop;
    std::mutex m_sinkMutex;
    bool m_isUnreachable = false;
    std::vector<std::jthread> m_threads;
};

} // namespace portreeve
