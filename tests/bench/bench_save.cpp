// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/bench/benchdatabase.h"

using namespace Qt::StringLiterals;

namespace portreeve::bench {

namespace {

/// A whole directory into an empty database, durably; what its file then holds against writing as
/// many bytes.
Report save(const Options& options)
{
    const SnapshotPtr snapshot = MadeUpDirectory(options).snapshot();
    const ChangeSet everything = diffSnapshots(nullptr, snapshot);
    Report report;
    report.time = measureOwn(options.repetitions, [&] {
        BenchDatabase database;
        Lap lap;
        database.commit(everything);
        const double passed = lap.ms();
        database.close();
        report.bytes = database.fileBytes();
        return passed;
    });
    report.count = snapshot->userMembershipCount() + snapshot->groupMembershipCount();
    report.reference = u"rawwrite"_s;
    report.referenceMs = rawWriteMs(report.bytes, options.repetitions);
    return report;
}

/// One percent of churn onto a stored directory, there and back again, each durable.
Report saveDelta(const Options& options)
{
    const MadeUpDirectory directory(options);
    const SnapshotPtr before = directory.snapshot();
    const SnapshotPtr after = directory.churned();
    const ChangeSet there = diffSnapshots(before, after);
    const ChangeSet back = diffSnapshots(after, before);
    BenchDatabase database;
    database.commit(diffSnapshots(nullptr, before));
    Report report;
    bool isThere = false;
    report.time = measureOwn(options.repetitions, [&] {
        const std::uint64_t writtenBefore = writtenBytes();
        Lap lap;
        database.commit(isThere ? back : there);
        const double passed = lap.ms();
        isThere = !isThere;
        report.bytes = writtenBytes() - writtenBefore;
        return passed;
    });
    report.count = there.groups.size() + there.users.size() + there.memberships.size();
    report.reference = u"rawwrite"_s;
    report.referenceMs = rawWriteMs(report.bytes, options.repetitions);
    report.extra.insert(
        u"wchar_per_row"_s, static_cast<double>(report.bytes) / static_cast<double>(report.count));
    return report;
}

const bool kSave = registerBenchmark("save", save);
const bool kSaveDelta = registerBenchmark("save-delta", saveDelta);

} // namespace

} // namespace portreeve::bench
