// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/diff.h"
#include "core/sync/syncplan.h"
#include "tests/bench/madeupdirectory.h"

#include <algorithm>
#include <unordered_set>

using namespace Qt::StringLiterals;

namespace portreeve::bench {

namespace {

/// The memberships that differ, by two sets of pairs.
std::size_t differWithHashSets(const Snapshot& before, const Snapshot& after)
{
    using Pairs = std::unordered_set<QString>;
    const auto pairsOf = [](const Snapshot& snapshot) {
        Pairs pairs;
        for (Row group = 0; group < snapshot.groupCount(); ++group) {
            const QString id = snapshot.groupId(group);
            for (const Row user : snapshot.memberUsers(group)) {
                pairs.insert(id + u'/' + snapshot.userId(user));
            }
        }
        return pairs;
    };
    const Pairs old = pairsOf(before);
    const Pairs next = pairsOf(after);
    const auto missingIn = [](const Pairs& some, const Pairs& other) {
        return std::count_if(some.begin(), some.end(),
            [&other](const QString& pair) { return !other.contains(pair); });
    };
    return static_cast<std::size_t>(missingIn(old, next) + missingIn(next, old));
}

/// One stored generation against the next fetch, one percent of it changed.
Report diff(const Options& options)
{
    const MadeUpDirectory directory(options);
    const SnapshotPtr before = madeUpSnapshot(options);
    const SnapshotPtr after = directory.churned();
    ChangeSet changes;
    Report report;
    report.time = measure(options.repetitions, [&] { changes = diffSnapshots(before, after); });
    report.count = changes.groups.size() + changes.users.size() + changes.memberships.size();
    SyncPlan plan { .changes = std::move(changes) };
    const Timing sealed = measure(options.repetitions, [&] { sealPlan(plan); });
    report.bytes = before->memoryBytes() + after->memoryBytes();
    report.reference = u"memcpy"_s;
    report.referenceMs = memcpyMs(report.bytes, options.repetitions);
    if (options.rivals) {
        addRival(report, u"hash_sets"_s, measure(1, [&] { differWithHashSets(*before, *after); }));
    }
    report.extra.insert(u"ms_hash"_s, sealed.medianMs);
    report.extra.insert(u"plan_hash"_s, plan.planHash);
    return report;
}

const bool kDiffRegistered = registerBenchmark("diff", diff);

} // namespace

} // namespace portreeve::bench
