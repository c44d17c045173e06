// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/delivery/deliveryservice.h"
#include "core/sync/syncservice.h"

#include <QAbstractListModel>

#include <deque>

namespace portreeve {

struct AppContext;
class ConnectionWatch;
class TargetBoard;

/// Running and recent tasks of this session, of providers and at proxies, and what happened
/// meanwhile; newest first.
class ActivityLog final : public QAbstractListModel
{
    Q_OBJECT

public:
    enum class Outcome { Running, Done, Held, Failed, Cancelled, Noticed };

    struct Entry
    {
        QString connectionId {}; ///< of a task of a provider, else empty
        QString targetId {}; ///< of a task at a proxy, else empty
        QString name {}; ///< of either, as last known; empty while it has none
        QString notice {}; ///< title of what is no task
        SyncService::Task task = SyncService::Task::Sync;
        DeliveryService::Task delivery = DeliveryService::Task::Push;
        Outcome outcome = Outcome::Running;
        UtcTime startedAt {};
        std::optional<UtcTime> finishedAt {};
        QString doing {}; ///< what it is at while it runs
        QString result {}; ///< what came of it, in a sentence

        /// Whether its ids are all it takes to do it again.
        bool canRunAgain() const;
    };

    ActivityLog(const AppContext& context, QObject* parent);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

    const Entry& entry(int row) const { return m_entries[static_cast<std::size_t>(row)]; }

    int runningCount() const;

    /// Something that happened by itself, for example at a proxy.
    void addNotice(const QString& title, const QString& text);

private:
    struct End
    {
        Outcome outcome = Outcome::Done;
        QString result {};
    };

    void followSyncs(const SyncService& sync);
    void followDeliveries(const DeliveryService& deliveries);
    template <typename Value> static End endOf(const Result<Value>& result);
    static End failure(const Error& error);
    void prepend(Entry entry);
    void progress(const QString& id, const QString& doing);
    void finish(const QString& id, const End& end);
    void refreshNames();
    int runningRow(const QString& id) const;

    const ConnectionWatch& m_connections;
    const TargetBoard& m_targets;
    const Clock& m_clock;
    std::deque<Entry> m_entries;
};

/// "Sync of Staff"
QString activityTitle(const ActivityLog::Entry& entry);

/// "users: 3 added, 1 changed; groups: 2 removed"
QString changeCountsText(const ChangeCounts& counts);

/// "users: 3 put; policies: 1 deleted"
QString pushCountsText(const PushCounts& counts);

} // namespace portreeve
