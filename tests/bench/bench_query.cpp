// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/membership/groupclosure.h"
#include "tests/bench/madeupdirectory.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::bench {

namespace {

constexpr std::uint32_t kQuestions = 100'000;
constexpr double kNsPerMs = 1e6;

/// A fixed row for every question, spread over the table.
Row spread(std::uint32_t question, Row count)
{
    return static_cast<Row>(std::uint64_t(question) * 2'654'435'761U % count);
}

/// Questions without flattening: the groups of a user, is the user in this group, a group's users.
Report query(const Options& options)
{
    const GroupClosure closure(madeUpSnapshot(options));
    const Snapshot& snapshot = closure.snapshot();
    Report report;

    GroupExpander expander(closure.masks());
    report.time = measure(options.repetitions, [&] {
        report.count = 0;
        report.checksum = 0;
        for (std::uint32_t question = 0; question < kQuestions; ++question) {
            const Row user = spread(question, snapshot.userCount());
            const auto groups = expander.expand(closure.directRanks(user));
            report.count += groups.size();
            report.checksum += groups.empty() ? 0 : pairDigest(user, groups.back());
        }
    });

    qint64 members = 0;
    const Timing memberTime = measure(options.repetitions, [&] {
        members = 0;
        for (std::uint32_t question = 0; question < kQuestions; ++question) {
            members += closure.isEffectiveMember(spread(question, snapshot.userCount()),
                spread(question + 1, snapshot.groupCount()));
        }
    });

    const std::vector<std::uint32_t> counts = closure.effectiveUserCounts();
    const auto largest
        = static_cast<Row>(std::max_element(counts.begin(), counts.end()) - counts.begin());
    std::size_t users = 0;
    const Timing userTime
        = measure(options.repetitions, [&] { users = closure.effectiveUsers(largest).size(); });
    const Timing countTime = measure(1, [&] { closure.effectiveUserCounts(); });

    report.bytes = closure.memoryBytes();
    report.extra.insert(u"questions"_s, static_cast<qint64>(kQuestions));
    report.extra.insert(u"ns_groups"_s, report.time.medianMs * kNsPerMs / kQuestions);
    report.extra.insert(u"ns_member"_s, memberTime.medianMs * kNsPerMs / kQuestions);
    report.extra.insert(u"members"_s, members);
    report.extra.insert(u"ms_users_of_largest"_s, userTime.medianMs);
    report.extra.insert(u"users_of_largest"_s, static_cast<qint64>(users));
    report.extra.insert(u"ms_all_counts"_s, countTime.medianMs);
    return report;
}

const bool kQueryRegistered = registerBenchmark("query", query);

} // namespace

} // namespace portreeve::bench
