// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/diff.h"
#include "core/sync/syncplan.h"
#include "tests/bench/madeupdirectory.h"

using namespace Qt::StringLiterals;

namespace portreeve::bench {

namespace {

constexpr double kChurn = 0.01;

/// One stored generation against the next fetch, one percent of it changed.
Report diff(const Options& options)
{
    const MadeUpDirectory directory(options);
    const SnapshotPtr before = directory.snapshot();
    const SnapshotPtr after = directory.churned(kChurn);
    ChangeSet changes;
    Report report;
    report.time = measure(options.repetitions, [&] { changes = diffSnapshots(before, after); });
    report.count = changes.groups.size() + changes.users.size() + changes.memberships.size();
    SyncPlan plan { .changes = std::move(changes) };
    const Timing sealed = measure(options.repetitions, [&] { sealPlan(plan); });
    report.bytes = before->memoryBytes() + after->memoryBytes();
    report.reference = u"memcpy"_s;
    report.referenceMs = memcpyMs(report.bytes, options.repetitions);
    report.extra.insert(u"ms_hash"_s, sealed.medianMs);
    report.extra.insert(u"plan_hash"_s, plan.planHash);
    return report;
}

const bool kRegistered = registerBenchmark("diff", diff);

} // namespace

} // namespace portreeve::bench
