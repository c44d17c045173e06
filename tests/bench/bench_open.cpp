// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/directory/textsearch.h"
#include "tests/bench/benchdatabase.h"

#include <array>

using namespace Qt::StringLiterals;

namespace portreeve::bench {

namespace {

/// From a closed database to the first answer: every group of one person.
Report open(const Options& options)
{
    BenchDatabase database;
    {
        const SnapshotPtr snapshot = MadeUpDirectory(options).snapshot();
        database.commit(diffSnapshots(nullptr, snapshot));
        database.close();
    }
    Report report;
    DirectoryViewPtr view;
    report.time = measure(options.repetitions, [&] {
        view.reset();
        view = database.loadView();
        const GroupClosure& closure = *view->connections.front().closure;
        report.checksum = closure.effectiveGroups(0).size();
        database.close();
    });
    const ConnectionDirectory& directory = view->connections.front();
    const Snapshot& snapshot = *directory.snapshot;
    const TextSearch texts(std::array { &snapshot.userNames(), &snapshot.userLogins() });
    const double users = snapshot.userCount();
    const auto engine
        = static_cast<double>(snapshot.memoryBytes() + directory.closure->memoryBytes());
    report.count = snapshot.userMembershipCount() + snapshot.groupMembershipCount();
    report.bytes = database.fileBytes();
    report.reference = u"rawread"_s;
    report.referenceMs = rawReadMs(database.path(), options.repetitions);
    report.extra.insert(u"bytes_per_user"_s, engine / users);
    report.extra.insert(u"bytes_per_user_with_search"_s,
        (engine + static_cast<double>(texts.memoryBytes())) / users);
    return report;
}

const bool kOpenRegistered = registerBenchmark("open", open);

} // namespace

} // namespace portreeve::bench
