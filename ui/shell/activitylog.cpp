// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/shell/activitylog.h"

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

} // namespace

QString activityTitle(const ActivityLog::Entry& entry)
{
    if (!entry.notice.isEmpty()) {
        return entry.notice;
    }
    switch (entry.task) {
    case SyncService::Task::Test:
        return ActivityLog::tr("Test of %1").arg(entry.connectionName);
    case SyncService::Task::Plan:
        return ActivityLog::tr("Preview of %1").arg(entry.connectionName);
    case SyncService::Task::Sync:
        return ActivityLog::tr("Sync of %1").arg(entry.connectionName);
    case SyncService::Task::Apply:
        return ActivityLog::tr("Applying changes of %1").arg(entry.connectionName);
    }
    return {};
}

QString changeCountsText(const ChangeCounts& counts)
{
    const auto sum = [&counts](std::int64_t KindCounts::* which) {
        return countText(counts.users.*which + counts.groups.*which + counts.memberships.*which);
    };
    return ActivityLog::tr("%1 added, %2 changed, %3 removed")
        .arg(sum(&KindCounts::added), sum(&KindCounts::updated), sum(&KindCounts::removed));
}

ActivityLog::ActivityLog(
    SyncService& sync, const ConnectionWatch& connections, const Clock& clock, QObject* parent)
    : QAbstractListModel(parent)
    , m_connections(connections)
    , m_clock(clock)
{
    connect(&sync, &SyncService::runStarted, this, &ActivityLog::begin);
    connect(&sync, &SyncService::runProgressed, this, &ActivityLog::progress);
    connect(&sync, &SyncService::testFinished, this,
        [this](const QString& id, const Result<TestReport>& report) {
            if (!report) {
                fail(id, report.error());
            } else if (report->failure) {
                fail(id, *report->failure);
            } else {
                finish(id, Outcome::Done, tr("Every step passed."));
            }
        });
    connect(&sync, &SyncService::planFinished, this,
        [this](const QString& id, const Result<SyncPlan>& plan) {
            if (!plan) {
                fail(id, plan.error());
                return;
            }
            finish(id, plan->verdict == Verdict::Held ? Outcome::Held : Outcome::Done,
                verdictText(*plan));
        });
    connect(&sync, &SyncService::syncFinished, this,
        [this](const QString& id, const Result<SyncOutcome>& outcome) {
            if (!outcome) {
                fail(id, outcome.error());
                return;
            }
            const bool isHeld = outcome->run && outcome->run->outcome == RunOutcome::Held;
            finish(id, isHeld ? Outcome::Held : Outcome::Done, verdictText(outcome->plan));
        });
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
        const QString what
            = entry.outcome == Outcome::Running ? progressText(entry.progress) : entry.result;
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

void ActivityLog::begin(const QString& connectionId, SyncService::Task task)
{
    const Connection* connection = m_connections.find(connectionId);
    prepend({ .connectionId = connectionId,
        .connectionName = connection != nullptr ? connection->name : tr("new connection"),
        .task = task,
        .startedAt = m_clock.nowUtc() });
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
}

void ActivityLog::progress(const QString& connectionId, const RunProgress& now)
{
    if (const int row = runningRow(connectionId); row >= 0) {
        m_entries[static_cast<std::size_t>(row)].progress = now;
        emit dataChanged(index(row), index(row));
    }
}

void ActivityLog::finish(const QString& connectionId, Outcome outcome, const QString& result)
{
    if (const int row = runningRow(connectionId); row >= 0) {
        Entry& entry = m_entries[static_cast<std::size_t>(row)];
        entry.outcome = outcome;
        entry.result = result;
        entry.finishedAt = m_clock.nowUtc();
        emit dataChanged(index(row), index(row));
    }
}

void ActivityLog::fail(const QString& connectionId, const Error& error)
{
    const bool cancelled = error.code == ErrorCode::Cancelled;
    finish(connectionId, cancelled ? Outcome::Cancelled : Outcome::Failed,
        cancelled ? tr("Cancelled; nothing was changed.") : error.what.translated());
}

int ActivityLog::runningRow(const QString& connectionId) const
{
    const auto found
        = std::find_if(m_entries.begin(), m_entries.end(), [&connectionId](const Entry& entry) {
              return entry.outcome == Outcome::Running && entry.connectionId == connectionId;
          });
    return found == m_entries.end() ? -1 : static_cast<int>(found - m_entries.begin());
}

} // namespace portreeve
