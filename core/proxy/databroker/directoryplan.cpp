// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/directoryplan.h"

#include <algorithm>

namespace portreeve {

namespace {

constexpr std::int64_t kPercent = 100;

std::int64_t guardedDeletions(const DirectoryPlan& plan)
{
    return std::count_if(plan.changes.begin(), plan.changes.end(), [](const RecordChange& change) {
        return change.action == RecordAction::Delete && !change.isByChoice;
    });
}

int additionsFirst(const RecordChange& change)
{
    const bool isUser = change.kind == DirectoryRecordKind::User;
    if (change.action == RecordAction::Delete) {
        return isUser ? 2 : 3;
    }
    return isUser ? 1 : 0;
}

int revocationsFirst(const RecordChange& change)
{
    const bool isUser = change.kind == DirectoryRecordKind::User;
    if (change.action == RecordAction::Delete) {
        return isUser ? 0 : 2;
    }
    if (isUser) {
        return change.losesGroups ? 1 : 4;
    }
    return 3;
}

} // namespace

RecordCounts& DirectoryPlan::of(DirectoryRecordKind kind)
{
    return kind == DirectoryRecordKind::User ? users : groups;
}

void guardPlan(const DesiredDirectory& desired, DirectoryPlan& plan)
{
    const auto deletions = guardedDeletions(plan);
    const auto limit = std::max(
        desired.limits.deleteCount, plan.remoteRecords * desired.limits.deletePercent / kPercent);
    if (deletions > limit) {
        plan.holds.push_back(PlanHold::TooManyDeletions);
    }
    if (deletions > 0 && desired.records->users.empty() && desired.records->groups.empty()) {
        plan.holds.push_back(PlanHold::EmptyDirectory);
    }
    if (desired.isPartial && !plan.changes.empty()) {
        plan.holds.push_back(PlanHold::PartialDirectory);
    }
}

Message holdReason(const DirectoryPlan& plan, PlanHold hold)
{
    switch (hold) {
    case PlanHold::TooManyDeletions:
        return message(QT_TRANSLATE_NOOP("Message",
                           "The push would delete %1 of %2 directory records, more than the "
                           "limit of this target allows."),
            QString::number(guardedDeletions(plan)), QString::number(plan.remoteRecords));
    case PlanHold::EmptyDirectory:
        return message(QT_TRANSLATE_NOOP("Message",
                           "The directory is empty, and the push would delete all %1 records "
                           "we delivered."),
            QString::number(guardedDeletions(plan)));
    case PlanHold::PartialDirectory:
        return message(QT_TRANSLATE_NOOP("Message",
            "The directory was not read completely, so missing people may only be unread."));
    }
    return {};
}

void orderChanges(std::vector<RecordChange>& changes, WriteOrder order)
{
    const auto rank = order == WriteOrder::AdditionsFirst ? additionsFirst : revocationsFirst;
    std::stable_sort(changes.begin(), changes.end(),
        [rank](const RecordChange& a, const RecordChange& b) { return rank(a) < rank(b); });
}

} // namespace portreeve
