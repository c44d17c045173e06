// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/sync/syncservice.h"
#include "ui/models/connectionwatch.h"

#include <QAbstractListModel>

#include <deque>

namespace portreeve {

/// Running and recent tasks of this session and what happened meanwhile, newest first.
class ActivityLog final : public QAbstractListModel
{
    Q_OBJECT

public:
    enum class Outcome { Running, Done, Held, Failed, Cancelled, Noticed };

    struct Entry
    {
        QString connectionId {}; ///< empty for what is no task
        QString connectionName {};
        QString notice {}; ///< title of what is no task
        SyncService::Task task = SyncService::Task::Sync;
        Outcome outcome = Outcome::Running;
        UtcTime startedAt {};
        std::optional<UtcTime> finishedAt {};
        RunProgress progress {};
        QString result {}; ///< what came of it, in a sentence
    };

    ActivityLog(
        SyncService& sync, const ConnectionWatch& connections, const Clock& clock, QObject* parent);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

    const Entry& entry(int row) const { return m_entries[static_cast<std::size_t>(row)]; }

    int runningCount() const;

    /// Something that happened by itself, for example at a proxy.
    void addNotice(const QString& title, const QString& text);

private:
    void prepend(Entry entry);
    void begin(const QString& connectionId, SyncService::Task task);
    void progress(const QString& connectionId, const RunProgress& now);
    void finish(const QString& connectionId, Outcome outcome, const QString& result);
    void fail(const QString& connectionId, const Error& error);
    int runningRow(const QString& connectionId) const;

    const ConnectionWatch& m_connections;
    const Clock& m_clock;
    std::deque<Entry> m_entries;
};

/// "Sync of Staff"
QString activityTitle(const ActivityLog::Entry& entry);

/// "3 added, 1 changed, 0 removed" over users, groups and memberships.
QString changeCountsText(const ChangeCounts& counts);

} // namespace portreeve
