// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/connector.h"
#include "core/settings/connection.h"
#include "core/store/storeworker.h"
#include "core/sync/syncservice.h"

#include <QObject>

#include <map>
#include <optional>
#include <vector>

namespace portreeve {

/// The connections as last read from the store, with what of them runs right now. One for the whole
/// window, so that every page shows the same state at the same time.
class ConnectionWatch final : public QObject
{
    Q_OBJECT

public:
    struct Counts
    {
        std::int64_t users = 0;
        std::int64_t groups = 0;
    };

    ConnectionWatch(StoreWorker& store, SyncService& sync, QObject* parent = nullptr);

    const std::vector<Connection>& connections() const { return m_connections; } ///< by name

    const Connection* find(const QString& id) const; ///< valid until connectionsChanged()

    bool isLoaded() const { return m_loaded; } ///< false until the first answer came

    const std::optional<Error>& error() const { return m_error; } ///< of the last read

    /// The stored state; Syncing while a run goes on here or in another process, Verifying while
    /// a test goes on, Paused instead of waiting for
    /// its time while nothing is run by schedule.
    ConnectionState shownState(const Connection& connection) const;

    /// Progress of the run that goes on for this connection, if any.
    std::optional<RunProgress> progress(const QString& connectionId) const;

    /// Live users and groups as last committed; nothing while unknown.
    std::optional<Counts> counts(const QString& connectionId) const;

    /// The worst state of all; nothing without connections.
    std::optional<ConnectionState> worstState() const;

    void refresh();

signals:
    void connectionsChanged();
    /// A run began, moved on or ended.
    void runChanged(const QString& connectionId);

private:
    struct Loaded
    {
        std::vector<Connection> connections {};
        std::map<QString, Counts> counts {};
        std::int64_t countedGeneration = -1;
    };

    static Result<Loaded> load(Store& store, const Loaded& known);
    void take(Result<Loaded> loaded);
    void endRun(const QString& connectionId);

    StoreWorker& m_store;
    SyncService& m_sync;
    std::vector<Connection> m_connections;
    std::map<QString, Counts> m_counts;
    std::int64_t m_countedGeneration = -1;
    std::map<QString, RunProgress> m_running;
    std::map<QString, SyncService::Task> m_tasks;
    std::optional<Error> m_error;
    bool m_loaded = false;
};

} // namespace portreeve
