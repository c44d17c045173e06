// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/membership/groupclosure.h"
#include "core/store/store.h"
#include "core/sync/diff.h"
#include "core/sync/guard.h"
#include "tests/bench/madeupdirectory.h"

#include <QTemporaryDir>

using namespace Qt::StringLiterals;

namespace portreeve::bench {

namespace {

constexpr double kBytesPerMegabyte = 1024.0 * 1024.0;

/// What the last repetition took, step by step.
struct Steps
{
    double build = 0;
    double diff = 0;
    double guard = 0;
    double seal = 0;
    double closure = 0;
    double commit = 0;
};

/// One whole sync into an empty database, without a network: records to committed generation.
Steps coldSync(const MadeUpDirectory& directory, const QString& path, Report& report)
{
    const SystemClock clock;
    const auto store = Store::open({ .path = path }, clock).value();
    const Connection connection
        = store->connections().add({ .name = u"Bench"_s, .provider = u"sample"_s }).value();
    Steps steps;
    Lap lap;
    const SnapshotPtr fetched = directory.snapshot();
    steps.build = lap.ms();
    SyncPlan plan { .connectionId = connection.id, .changes = diffSnapshots(nullptr, fetched) };
    steps.diff = lap.ms();
    plan.trips = guardChanges(plan.changes, {});
    steps.guard = lap.ms();
    sealPlan(plan);
    steps.seal = lap.ms();
    const GroupClosure closure(fetched);
    report.checksum = closure.countPairs().checksum;
    steps.closure = lap.ms();
    const auto run = store->runs().begin(connection.id, RunTrigger::Manual);
    const auto committed = store->directory().commit({ .connectionId = connection.id,
        .changes = &plan.changes,
        .run = run.value(),
        .actor = u"bench"_s });
    steps.commit = lap.ms();
    report.count = static_cast<std::uint64_t>(
        committed ? committed->counts.memberships.added : std::int64_t { 0 });
    report.bytes = fetched->memoryBytes();
    return steps;
}

Report sync(const Options& options)
{
    const MadeUpDirectory directory(options);
    const std::uint64_t residentBefore = residentBytes();
    Report report;
    Steps steps;
    report.time = measure(options.repetitions, [&] {
        const QTemporaryDir folder;
        steps = coldSync(directory, folder.filePath(u"bench.db"_s), report);
    });
    // The made-up records stand for what a provider sent; the rest is ours.
    const std::uint64_t peakBesides = peakResidentBytes() - residentBefore;
    report.reference = u"memcpy"_s;
    report.referenceMs = memcpyMs(2 * report.bytes, options.repetitions);
    report.extra = { { u"ms_build"_s, steps.build }, { u"ms_diff"_s, steps.diff },
        { u"ms_guard"_s, steps.guard }, { u"ms_hash"_s, steps.seal },
        { u"ms_closure"_s, steps.closure }, { u"ms_commit"_s, steps.commit },
        { u"mb_besides_fetch"_s, static_cast<double>(peakBesides) / kBytesPerMegabyte } };
    return report;
}

const bool kSyncRegistered = registerBenchmark("sync", sync);

} // namespace

} // namespace portreeve::bench
