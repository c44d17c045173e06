// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/connectionwatch.h"

#include "ui/widgets/statusbadge.h"

#include <algorithm>

namespace portreeve {

ConnectionWatch::ConnectionWatch(StoreWorker& store, SyncService& sync, QObject* parent)
    : QObject(parent)
    , m_store(store)
    , m_sync(sync)
{
    connect(&sync, &SyncService::storeChanged, this, &ConnectionWatch::refresh);
    connect(&sync, &SyncService::runStarted, this, [this](const QString& id, auto task) {
        m_running[id] = {};
        m_tasks[id] = task;
        emit runChanged(id);
    });
    connect(&sync, &SyncService::runProgressed, this, [this](const QString& id, const auto& now) {
        m_running[id] = now;
        emit runChanged(id);
    });
    connect(&sync, &SyncService::testFinished, this, [this](const QString& id) { endRun(id); });
    connect(&sync, &SyncService::planFinished, this, [this](const QString& id) { endRun(id); });
    connect(&sync, &SyncService::syncFinished, this, [this](const QString& id) { endRun(id); });
}

const Connection* ConnectionWatch::find(const QString& id) const
{
    const auto found = std::find_if(m_connections.begin(), m_connections.end(),
        [&id](const Connection& connection) { return connection.id == id; });
    return found == m_connections.end() ? nullptr : &*found;
}

ConnectionState ConnectionWatch::shownState(const Connection& connection) const
{
    const auto task = m_tasks.find(connection.id);
    if (task == m_tasks.end()) {
        const ConnectionState state = portreeve::shownState(connection);
        const bool waitsForItsTime
            = state == ConnectionState::Idle || state == ConnectionState::BackingOff;
        return waitsForItsTime && m_sync.isPaused() ? ConnectionState::Paused : state;
    }
    return task->second == SyncService::Task::Test ? ConnectionState::Verifying
                                                   : ConnectionState::Syncing;
}

std::optional<RunProgress> ConnectionWatch::progress(const QString& connectionId) const
{
    const auto found = m_running.find(connectionId);
    return found == m_running.end() ? std::nullopt : std::optional(found->second);
}

std::optional<ConnectionWatch::Counts> ConnectionWatch::counts(const QString& connectionId) const
{
    const auto found = m_counts.find(connectionId);
    return found == m_counts.end() ? std::nullopt : std::optional(found->second);
}

std::optional<ConnectionState> ConnectionWatch::worstState() const
{
    const auto worst = std::max_element(
        m_connections.begin(), m_connections.end(), [](const auto& a, const auto& b) {
            return connectionStateSeverity(a.state) < connectionStateSeverity(b.state);
        });
    return worst == m_connections.end() ? std::nullopt : std::optional(worst->state);
}

// Answers come in the order of the requests, and each is shown: to wait for the last would show
// nothing for as long as requests keep coming.
void ConnectionWatch::refresh()
{
    m_store
        .run([known = Loaded { .connections = {},
                  .counts = m_counts,
                  .countedGeneration = m_countedGeneration }](
                 Store& store) { return load(store, known); })
        .then(this, [this](Result<Loaded> loaded) { take(std::move(loaded)); });
}

Result<ConnectionWatch::Loaded> ConnectionWatch::load(Store& store, const Loaded& known)
{
    Loaded loaded = known;
    auto connections = store.connections().list();
    if (!connections) {
        return connections.error();
    }
    loaded.connections = std::move(*connections);
    const auto generation = store.directory().generation();
    if (!generation) {
        return generation.error();
    }
    if (*generation == known.countedGeneration) {
        return loaded;
    }
    const auto view = store.directory().loadView();
    if (!view) {
        return view.error();
    }
    loaded.counts.clear();
    for (const auto& directory : (*view)->connections) {
        loaded.counts[directory.connectionId] = { .users = directory.snapshot->userCount(),
            .groups = directory.snapshot->groupCount() };
    }
    loaded.countedGeneration = *generation;
    return loaded;
}

void ConnectionWatch::take(Result<Loaded> loaded)
{
    m_loaded = true;
    m_error = loaded ? std::nullopt : std::optional(loaded.error());
    if (loaded) {
        m_connections = std::move(loaded->connections);
        m_counts = std::move(loaded->counts);
        m_countedGeneration = loaded->countedGeneration;
    }
    emit connectionsChanged();
}

void ConnectionWatch::endRun(const QString& connectionId)
{
    m_running.erase(connectionId);
    m_tasks.erase(connectionId);
    emit runChanged(connectionId);
    refresh();
}

} // namespace portreeve
