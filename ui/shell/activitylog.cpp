// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/shell/activitylog.h"

#include "ui/models/appcontext.h"
#include "ui/models/connectionwatch.h"
#include "ui/models/targetboard.h"
#include "ui/models/targettext.h"
#include "ui/theme/theme.h"
#include "ui/widgets/progressstrip.h"
#include "ui/widgets/timetext.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr std::size_t kMostEntries = 100;

QString iconOf(ActivityLog::Outcome outcome)
{
    switch (outcome) {
    case ActivityLog::Outcome::Running:
        return u"sync"_s;
    case ActivityLog::Outcome::Done:
        return u"success"_s;
    case ActivityLog::Outcome::Held:
        return u"held"_s;
    case ActivityLog::Outcome::Failed:
        return u"error"_s;
    case ActivityLog::Outcome::Cancelled:
        return u"stop"_s;
    case ActivityLog::Outcome::Noticed:
        return u"warning"_s;
    }
    return {};
}

theme::Role roleOf(ActivityLog::Outcome outcome)
{
    switch (outcome) {
    case ActivityLog::Outcome::Running:
        return theme::Role::Accent;
    case ActivityLog::Outcome::Done:
        return theme::Role::Success;
    case ActivityLog::Outcome::Held:
        return theme::Role::Held;
    case ActivityLog::Outcome::Failed:
        return theme::Role::Error;
    case ActivityLog::Outcome::Cancelled:
        return theme::Role::Muted;
    case ActivityLog::Outcome::Noticed:
        return theme::Role::Warning;
    }
    return theme::Role::Muted;
}

QString progressText(const RunProgress& progress)
{
    QString text = progressPhaseText(progress.phase);
    if (progress.total > 0) {
        text += ActivityLog::tr(": %1 of %2")
                    .arg(countText(progress.done), countText(progress.total));
    }
    return progress.waitingFor.isEmpty() ? text : text + u" · "_s + progress.waitingFor;
}

QString progressText(const DeliveryProgress& progress)
{
    const QString text = deliveryPhaseText(progress.phase);
    const bool counts = progress.phase == DeliveryProgress::Phase::Writing && progress.total > 0;
    return counts ? text
            + ActivityLog::tr(": %1 of %2").arg(countText(progress.done), countText(progress.total))
                  : text;
}

QString verdictText(const SyncPlan& plan)
{
    switch (plan.verdict) {
    case Verdict::Nothing:
        return ActivityLog::tr("Nothing to change.");
    case Verdict::Go:
        return changeCountsText(plan.counts);
    case Verdict::Held:
        return ActivityLog::tr("Held: %1")
            .arg(plan.trips.empty() ? QString() : plan.trips.front().reason.translated());
    }
    return {};
}

QString verdictText(const DeliveryPlan& plan)
{
    switch (plan.verdict) {
    case Verdict::Nothing:
        return ActivityLog::tr("Nothing to deliver.");
    case Verdict::Go:
        return pushCountsText(plan.counts);
    case Verdict::Held:
        return ActivityLog::tr("Held: %1")
            .arg(plan.heldReasons.empty() ? QString() : plan.heldReasons.front().translated());
    }
    return {};
}

/// "users: 3 added, 1 changed", or nothing.
void appendCounts(QStringList& parts, const QString& kind, const QStringList& counts)
{
    if (!counts.isEmpty()) {
        parts.append(ActivityLog::tr("%1: %2").arg(kind, counts.join(u", "_s)));
    }
}

QStringList countsOf(const KindCounts& counts)
{
    QStringList parts;
    if (counts.added > 0) {
        parts << ActivityLog::tr("%1 added").arg(countText(counts.added));
    }
    if (counts.updated > 0) {
        parts << ActivityLog::tr("%1 changed").arg(countText(counts.updated));
    }
    if (counts.removed > 0) {
        parts << ActivityLog::tr("%1 removed").arg(countText(counts.removed));
    }
    return parts;
}

QStringList countsOf(const DeliveryCounts& counts)
{
    return counts.put > 0 || counts.deleted > 0 ? QStringList(deliveryCountsText(counts))
                                                : QStringList();
}

QString syncTitle(SyncService::Task task, const QString& name)
{
    switch (task) {
    case SyncService::Task::Test:
        return ActivityLog::tr("Test of %1").arg(name);
    case SyncService::Task::Plan:
        return ActivityLog::tr("Preview of %1").arg(name);
    case SyncService::Task::Sync:
        return ActivityLog::tr("Sync of %1").arg(name);
    case SyncService::Task::Apply:
        return ActivityLog::tr("Applying changes of %1").arg(name);
    }
    return {};
}

QString deliveryTitle(DeliveryService::Task task, const QString& name)
{
    switch (task) {
    case DeliveryService::Task::Test:
        return ActivityLog::tr("Test of %1").arg(name);
    case DeliveryService::Task::Plan:
        return ActivityLog::tr("Comparison with %1").arg(name);
    case DeliveryService::Task::Push:
        return ActivityLog::tr("Delivery to %1").arg(name);
    case DeliveryService::Task::Block:
        return ActivityLog::tr("Blocking at %1").arg(name);
    case DeliveryService::Task::Join:
        return ActivityLog::tr("Sign-ins at %1").arg(name);
    case DeliveryService::Task::Routes:
        return ActivityLog::tr("Routes of %1").arg(name);
    case DeliveryService::Task::Attach:
        return ActivityLog::tr("Policy at a route of %1").arg(name);
    }
    return {};
}

} // namespace

QString activityTitle(const ActivityLog::Entry& entry)
{
    if (!entry.notice.isEmpty()) {
        return entry.notice;
    }
    if (!entry.targetId.isEmpty()) {
        return deliveryTitle(
            entry.delivery, entry.name.isEmpty() ? ActivityLog::tr("new proxy") : entry.name);
    }
    return syncTitle(
        entry.task, entry.name.isEmpty() ? ActivityLog::tr("new connection") : entry.name);
}

QString changeCountsText(const ChangeCounts& counts)
{
    QStringList parts;
    appendCounts(parts, ActivityLog::tr("users"), countsOf(counts.users));
    appendCounts(parts, ActivityLog::tr("groups"), countsOf(counts.groups));
    appendCounts(parts, ActivityLog::tr("memberships"), countsOf(counts.memberships));
    return parts.join(u"; "_s);
}

QString pushCountsText(const PushCounts& counts)
{
    QStringList parts;
    appendCounts(parts, ActivityLog::tr("users"), countsOf(counts.users));
    appendCounts(parts, ActivityLog::tr("groups"), countsOf(counts.groups));
    appendCounts(parts, ActivityLog::tr("policies"), countsOf(counts.policies));
    appendCounts(parts, ActivityLog::tr("routes"), countsOf(counts.routes));
    return parts.isEmpty() ? ActivityLog::tr("Done.") : parts.join(u"; "_s);
}

bool ActivityLog::Entry::canRunAgain() const
{
    return targetId.isEmpty()
        ? task != SyncService::Task::Test
        : delivery == DeliveryService::Task::Plan || delivery == DeliveryService::Task::Push;
}

ActivityLog::ActivityLog(const AppContext& context, QObject* parent)
    : QAbstractListModel(parent)
    , m_connections(context.connections)
    , m_targets(context.targets)
    , m_clock(context.clock)
{
    followSyncs(context.sync);
    followDeliveries(context.deliveries);
    connect(&m_connections, &ConnectionWatch::connectionsChanged, this, &ActivityLog::refreshNames);
    connect(&m_targets, &TargetBoard::targetsChanged, this, &ActivityLog::refreshNames);
}

void ActivityLog::followSyncs(const SyncService& sync)
{
    connect(&sync, &SyncService::runStarted, this, [this](const QString& id, auto task) {
        prepend({ .connectionId = id, .task = task, .startedAt = m_clock.nowUtc() });
    });
    connect(&sync, &SyncService::runProgressed, this,
        [this](const QString& id, const auto& now) { progress(id, progressText(now)); });
    connect(&sync, &SyncService::testFinished, this, [this](const QString& id, const auto& report) {
        finish(id,
            report && report->failure ? failure(*report->failure)
                : report              ? End { .result = tr("Every step passed.") }
                                      : failure(report.error()));
    });
    connect(&sync, &SyncService::planFinished, this, [this](const QString& id, const auto& plan) {
        End end = endOf(plan);
        if (plan) {
            end = { plan->verdict == Verdict::Held ? Outcome::Held : Outcome::Done,
                verdictText(*plan) };
        }
        finish(id, end);
    });
    connect(&sync, &SyncService::syncFinished, this,
        [this](const QString& id, const Result<SyncOutcome>& outcome) {
            End end = endOf(outcome);
            if (outcome) {
                const bool isHeld = outcome->run && outcome->run->outcome == RunOutcome::Held;
                end = { isHeld ? Outcome::Held : Outcome::Done, verdictText(outcome->plan) };
            }
            finish(id, end);
        });
}

void ActivityLog::followDeliveries(const DeliveryService& deliveries)
{
    using Service = DeliveryService;
    connect(&deliveries, &Service::taskStarted, this, [this](const QString& id, auto task) {
        prepend({ .targetId = id, .delivery = task, .startedAt = m_clock.nowUtc() });
    });
    connect(&deliveries, &Service::pushProgressed, this,
        [this](const QString& id, const auto& now) { progress(id, progressText(now)); });
    connect(&deliveries, &Service::testFinished, this,
        [this](const QString& id, const Result<TargetReport>& report) {
            finish(id,
                report && report->failure ? failure(*report->failure)
                    : report              ? End { .result = tr("Every step passed.") }
                                          : failure(report.error()));
        });
    connect(&deliveries, &Service::planFinished, this, [this](const QString& id, const auto& plan) {
        End end = endOf(plan);
        if (plan) {
            end = { plan->verdict == Verdict::Held ? Outcome::Held : Outcome::Done,
                verdictText(*plan) };
        }
        finish(id, end);
    });
    connect(&deliveries, &Service::pushFinished, this,
        [this](const QString& id, const Result<DeliveryOutcome>& outcome) {
            End end = endOf(outcome);
            if (outcome) {
                end = { outcome->plan.verdict == Verdict::Held ? Outcome::Held : Outcome::Done,
                    verdictText(outcome->plan) };
            }
            finish(id, end);
        });
    const auto finishPlainly
        = [this](const QString& id, const auto& result) { finish(id, endOf(result)); };
    connect(&deliveries, &Service::blockFinished, this, finishPlainly);
    connect(&deliveries, &Service::joinFinished, this,
        [this](const QString& id, const Result<JoinReport>& report) {
            End end = endOf(report);
            if (report) {
                end.result = report->summary().translated();
            }
            finish(id, end);
        });
    connect(&deliveries, &Service::routesListed, this, finishPlainly);
    connect(&deliveries, &Service::attachFinished, this, finishPlainly);
}

int ActivityLog::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

QVariant ActivityLog::data(const QModelIndex& index, int role) const
{
    const Entry& entry = this->entry(index.row());
    switch (role) {
    case Qt::DisplayRole: {
        const QString& what = entry.outcome == Outcome::Running ? entry.doing : entry.result;
        const QString when = shortTime(entry.startedAt, m_clock.nowUtc());
        return QString(when + u"   "_s + activityTitle(entry) + u" — "_s + what);
    }
    case Qt::ToolTipRole:
        return exactTime(entry.startedAt);
    case Qt::DecorationRole:
        return theme::icon(iconOf(entry.outcome), roleOf(entry.outcome));
    default:
        return {};
    }
}

int ActivityLog::runningCount() const
{
    return static_cast<int>(std::count_if(m_entries.begin(), m_entries.end(),
        [](const Entry& entry) { return entry.outcome == Outcome::Running; }));
}

void ActivityLog::addNotice(const QString& title, const QString& text)
{
    const UtcTime now = m_clock.nowUtc();
    prepend({ .notice = title,
        .outcome = Outcome::Noticed,
        .startedAt = now,
        .finishedAt = now,
        .result = text });
}

void ActivityLog::prepend(Entry entry)
{
    beginInsertRows({}, 0, 0);
    m_entries.push_front(std::move(entry));
    endInsertRows();
    if (m_entries.size() > kMostEntries) {
        const int last = static_cast<int>(m_entries.size()) - 1;
        beginRemoveRows({}, last, last);
        m_entries.pop_back();
        endRemoveRows();
    }
    refreshNames();
}

/// Names come late: what is added is synced before it was read back. What is gone keeps its own.
void ActivityLog::refreshNames()
{
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        Entry& entry = m_entries[i];
        const auto* connection = m_connections.find(entry.connectionId);
        const auto* target = m_targets.find(entry.targetId);
        const QString& name = connection != nullptr ? connection->name
            : target != nullptr                     ? target->name
                                                    : entry.name;
        if (name != entry.name) {
            entry.name = name;
            const QModelIndex changed = index(static_cast<int>(i));
            emit dataChanged(changed, changed);
        }
    }
}

void ActivityLog::progress(const QString& id, const QString& doing)
{
    if (const int row = runningRow(id); row >= 0) {
        m_entries[static_cast<std::size_t>(row)].doing = doing;
        emit dataChanged(index(row), index(row));
    }
}

void ActivityLog::finish(const QString& id, const End& end)
{
    if (const int row = runningRow(id); row >= 0) {
        Entry& entry = m_entries[static_cast<std::size_t>(row)];
        entry.outcome = end.outcome;
        entry.result = end.result;
        entry.finishedAt = m_clock.nowUtc();
        emit dataChanged(index(row), index(row));
    }
}

template <typename Value> ActivityLog::End ActivityLog::endOf(const Result<Value>& result)
{
    return result ? End { .result = tr("Done.") } : failure(result.error());
}

ActivityLog::End ActivityLog::failure(const Error& error)
{
    if (error.code == ErrorCode::Cancelled) {
        return { Outcome::Cancelled, tr("Cancelled.") };
    }
    return { Outcome::Failed, error.what.translated() };
}

int ActivityLog::runningRow(const QString& id) const
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(), [&id](const Entry& entry) {
        return entry.outcome == Outcome::Running
            && (entry.targetId.isEmpty() ? entry.connectionId : entry.targetId) == id;
    });
    return found == m_entries.end() ? -1 : static_cast<int>(found - m_entries.begin());
}

} // namespace portreeve
