// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/bench/madeupdirectory.h"

using namespace Qt::StringLiterals;

namespace portreeve::bench {

namespace {

/// Records and edges by id into a frozen snapshot.
Report build(const Options& options)
{
    const MadeUpDirectory directory(options);
    Report report;
    double collectMs = 0;
    SnapshotPtr snapshot;
    report.time = measure(options.repetitions, [&] {
        const auto start = std::chrono::steady_clock::now();
        SnapshotBuilder builder;
        directory.fill(builder);
        const auto collected = std::chrono::steady_clock::now() - start;
        collectMs = std::chrono::duration<double, std::milli>(collected).count();
        snapshot = builder.build().value();
    });
    report.count = snapshot->userMembershipCount() + snapshot->groupMembershipCount();
    report.bytes = snapshot->memoryBytes();
    report.reference = u"memcpy"_s;
    report.referenceMs = memcpyMs(2 * report.bytes, options.repetitions);
    report.extra.insert(u"ms_collect"_s, collectMs);
    return report;
}

const bool kBuildRegistered = registerBenchmark("build", build);

} // namespace

} // namespace portreeve::bench
