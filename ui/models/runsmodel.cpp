// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/runsmodel.h"

#include "ui/models/changetext.h"
#include "ui/widgets/timetext.h"

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr Qt::Alignment kRightAligned = Qt::AlignTrailing | Qt::AlignVCenter;
constexpr qsizetype kMostPages = 64;

RowsModel::Column runColumn(
    const QString& id, const QString& title, int width, bool isNumber = false)
{
    return { .id = id,
        .title = title,
        .alignment = isNumber ? kRightAligned : Qt::AlignLeading | Qt::AlignVCenter,
        .widthChars = width,
        .sortable = false };
}

std::int64_t sum(const KindCounts& counts)
{
    return counts.added + counts.updated + counts.removed;
}

} // namespace

std::int64_t changeCount(const RunRecord& run)
{
    return sum(run.counts.users) + sum(run.counts.groups) + sum(run.counts.memberships);
}

RunsModel::RunsModel(QObject* parent)
    : RowsModel(
          { runColumn(u"id"_s, tr("Run"), 6, true), runColumn(u"started"_s, tr("Started"), 20),
              runColumn(u"connection"_s, tr("Connection"), 20),
              runColumn(u"trigger"_s, tr("Trigger"), 18),
              runColumn(u"outcome"_s, tr("Outcome"), 18), runColumn(u"users"_s, tr("Users"), 18),
              runColumn(u"groups"_s, tr("Groups"), 14),
              runColumn(u"memberships"_s, tr("Memberships"), 18),
              runColumn(u"duration"_s, tr("Took"), 14) },
          parent)
{
}

void RunsModel::setRuns(std::vector<RunRecord> runs, UtcTime now)
{
    swapRows(naturalOrder(runs.size()), [&] {
        m_runs = std::move(runs);
        m_now = now;
    });
}

void RunsModel::append(const std::vector<RunRecord>& older)
{
    swapRows(naturalOrder(m_runs.size() + older.size()),
        [&] { m_runs.insert(m_runs.end(), older.begin(), older.end()); });
}

QString RunsModel::rowKey(Row row) const
{
    return QString::number(m_runs[row].id);
}

QVariant RunsModel::cell(Row row, int column, int role) const
{
    const RunRecord& run = m_runs[row];
    switch (role) {
    case Qt::DisplayRole:
        return text(run, column);
    case kRawRole:
        return raw(run, column);
    case Qt::DecorationRole:
        return column == Outcome
            ? QVariant(theme::icon(outcomeIconName(run.outcome), outcomeRole(run.outcome)))
            : QVariant();
    default:
        return {};
    }
}

QString RunsModel::text(const RunRecord& run, int column) const
{
    switch (column) {
    case Started:
        return shortTime(run.startedAt, m_now);
    case Connection:
        return run.connectionName;
    case Trigger:
        return run.revertsRun ? tr("Revert of %1").arg(*run.revertsRun) : triggerText(run.trigger);
    case Outcome:
        return outcomeText(run.outcome);
    case Users:
        return countsText(run.counts.users);
    case Groups:
        return countsText(run.counts.groups);
    case Memberships:
        return countsText(run.counts.memberships);
    case Duration:
        return run.finishedAt ? durationText(*run.finishedAt - run.startedAt) : tr("–");
    case Id:
        return QString::number(run.id);
    default:
        return {};
    }
}

QVariant RunsModel::raw(const RunRecord& run, int column) const
{
    switch (column) {
    case Started:
        return toRfc3339(run.startedAt);
    case Trigger:
        return runTriggerName(run.trigger);
    case Outcome:
        return runOutcomeName(run.outcome);
    case Duration:
        return run.finishedAt
            ? QVariant::fromValue<qlonglong>((*run.finishedAt - run.startedAt).count())
            : QVariant();
    default:
        return text(run, column);
    }
}

RunChangesModel::RunChangesModel(QObject* parent)
    : RowsModel(
          { runColumn(u"action"_s, tr("Action"), 16), runColumn(u"kind"_s, tr("Kind"), 14),
              runColumn(u"name"_s, tr("Who or what"), 40), runColumn(u"what"_s, tr("Change"), 50) },
          parent)
{
}

void RunChangesModel::setRun(std::int64_t runId, std::int64_t count)
{
    swapRows(naturalOrder(static_cast<std::size_t>(count)), [&] {
        m_runId = runId;
        m_pages.clear();
        m_asked.clear();
    });
}

void RunChangesModel::setPage(std::int64_t runId, std::int64_t page, std::vector<RunChange> changes)
{
    if (runId != m_runId || rowCount() == 0) {
        return;
    }
    if (m_pages.size() >= kMostPages) {
        m_pages.clear();
        m_asked.clear();
    }
    m_pages.emplace(page, std::move(changes));
    const auto first = static_cast<int>(page * kPageSize);
    const int last = std::min(first + static_cast<int>(kPageSize), rowCount()) - 1;
    if (first <= last) {
        emit dataChanged(index(first, 0), index(last, columnCount() - 1));
    }
}

const RunChange* RunChangesModel::change(Row row) const
{
    const std::int64_t page = row / kPageSize;
    const auto found = m_pages.constFind(page);
    if (found == m_pages.constEnd()) {
        if (!m_asked.contains(page)) {
            m_asked.insert(page);
            emit pageNeeded(m_runId, page);
        }
        return nullptr;
    }
    const auto place = static_cast<std::size_t>(row - page * kPageSize);
    return place < found->size() ? &(*found)[place] : nullptr;
}

QString RunChangesModel::rowKey(Row row) const
{
    return QString::number(m_runId) + u':' + QString::number(row);
}

QVariant RunChangesModel::cell(Row row, int column, int role) const
{
    const RunChange* here = change(row);
    if (here == nullptr) {
        return role == Qt::DisplayRole && column == Name ? QVariant(tr("…")) : QVariant();
    }
    if (role == Qt::DecorationRole && column == Action) {
        return actionIcon(here->action);
    }
    if (role != Qt::DisplayRole && role != kRawRole) {
        return {};
    }
    switch (column) {
    case Action:
        return actionText(here->action);
    case Kind:
        return kindText(here->kind);
    case Name: {
        const QString name = here->name.isEmpty() ? here->id : here->name;
        const QString member = here->memberName.isEmpty() ? here->memberId : here->memberName;
        return here->kind == ObjectKind::Membership ? tr("%1 → %2").arg(member, name) : name;
    }
    case What:
        // What was added or removed has all its values in the pane below.
        return here->action == ChangeAction::Add || here->action == ChangeAction::Remove
            ? QString()
            : attributeSummary(here->attributes);
    default:
        return {};
    }
}

} // namespace portreeve
