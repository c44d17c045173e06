// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/membership/groupclosure.h"
#include "tests/bench/flattened.h"
#include "tests/bench/madeupdirectory.h"

using namespace Qt::StringLiterals;

namespace portreeve::bench {

namespace {

/// From the groups' edges to the state that answers every question: components and masks. Reading
/// the edges from both ends and ranking the groups is told apart, as in the design's figures.
Report resolve(const Options& options)
{
    const SnapshotPtr snapshot = madeUpSnapshot(options);
    const MemberLists parents
        = transposed(snapshot->columns().memberGroups, snapshot->groupCount());
    GroupRanks ranks;
    Report report;
    const Timing rank
        = measure(1, [&] { ranks = rankGroups(*snapshot, parents, findComponents(parents)); });
    report.time = measure(options.repetitions, [&] {
        const AncestorMasks masks(ranks, parents, findComponents(parents));
        report.bytes = masks.memoryBytes();
    });

    const Timing load = measure(1, [&] { const GroupClosure closure(snapshot); });
    const GroupClosure closure(snapshot);
    const GroupClosure::PairCount pairs = closure.countPairs();
    report.count = pairs.pairs;
    report.checksum = pairs.checksum;
    report.reference = u"memcpy-flat"_s;
    report.referenceMs = memcpyMs(flattenedTraffic(*snapshot, pairs.pairs), options.repetitions);
    report.extra.insert(u"ms_load"_s, load.medianMs);
    report.extra.insert(u"ms_rank"_s, rank.medianMs);
    report.extra.insert(u"components"_s, static_cast<qint64>(closure.nesting().componentCount));
    report.extra.insert(u"depth"_s, static_cast<qint64>(closure.nesting().depth));
    return report;
}

const bool kResolveRegistered = registerBenchmark("resolve", resolve);

} // namespace

} // namespace portreeve::bench
