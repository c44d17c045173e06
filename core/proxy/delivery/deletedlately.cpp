// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/deletedlately.h"

#include "core/store/store.h"

#include <algorithm>
#include <vector>

namespace portreeve {

namespace {

constexpr auto kLately = std::chrono::hours(1);
constexpr int kMostPushes = 500;
constexpr int kMostRuns = 500;

/// Directory generations whose removals were delivered: from is excluded, to is included.
struct Span
{
    std::int64_t from = 0;
    std::int64_t to = 0;
};

bool deletedRecords(const PushRecord& push)
{
    return push.counts.users.deleted + push.counts.groups.deleted > 0;
}

/// @param pushes  newest first
std::vector<Span> deletingSpans(const std::vector<PushRecord>& pushes, UtcTime since)
{
    std::vector<Span> spans;
    for (auto push = pushes.begin(); push != pushes.end(); ++push) {
        const bool isLate = push->finishedAt && *push->finishedAt >= since;
        if (!isLate || !deletedRecords(*push)) {
            continue;
        }
        // An attempt at the same generation before it may have begun the work.
        const auto earlier = std::find_if(std::next(push), pushes.end(),
            [&](const PushRecord& other) { return other.generation < push->generation; });
        spans.push_back(
            { .from = earlier == pushes.end() ? 0 : earlier->generation, .to = push->generation });
    }
    return spans;
}

bool takesRecord(const RunChange& change)
{
    return change.kind != ObjectKind::Membership
        && (change.action == ChangeAction::Remove || change.action == ChangeAction::Suspend);
}

} // namespace

Result<QSet<QString>> deletedLately(Store& store, const QString& targetId, UtcTime now)
{
    const auto pushes = store.pushes().list(targetId, kMostPushes);
    if (!pushes) {
        return pushes.error();
    }
    const auto spans = deletingSpans(*pushes, now - kLately);
    if (spans.empty()) {
        return QSet<QString>();
    }
    const auto runs = store.runs().list({ .limit = kMostRuns });
    if (!runs) {
        return runs.error();
    }
    QSet<QString> ids;
    for (const RunRecord& run : *runs) {
        const bool isDelivered = std::any_of(spans.begin(), spans.end(), [&](const Span& span) {
            return run.generation > span.from && run.generation <= span.to;
        });
        if (!isDelivered) {
            continue;
        }
        const auto changes = store.runs().allChanges(run.id);
        if (!changes) {
            return changes.error();
        }
        for (const RunChange& change : *changes) {
            if (takesRecord(change)) {
                ids.insert(change.id);
                ids.insert(QString(run.connectionId % u':' % change.id)); // as it may be exported
            }
        }
    }
    return ids;
}

} // namespace portreeve
