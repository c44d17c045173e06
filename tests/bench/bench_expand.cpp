// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/membership/groupclosure.h"
#include "tests/bench/flattened.h"
#include "tests/bench/madeupdirectory.h"

#include <algorithm>
#include <thread>
#include <unordered_map>
#include <unordered_set>

using namespace Qt::StringLiterals;

namespace portreeve::bench {

namespace {

/// One thread's share of the users and of the flattened result.
struct Share
{
    Row begin = 0;
    Row end = 0;
    std::vector<Rank> groups {};
    std::vector<std::uint64_t> ends {};
};

/// Users split by direct memberships, since those decide the work.
std::vector<Share> split(const GroupClosure& closure, int threads)
{
    const Snapshot& snapshot = closure.snapshot();
    const std::size_t each = snapshot.userMembershipCount() / static_cast<std::size_t>(threads) + 1;
    std::vector<Share> shares(1);
    std::size_t taken = 0;
    for (Row user = 0; user < snapshot.userCount(); ++user) {
        if (taken >= each) {
            shares.push_back({ .begin = user });
            taken = 0;
        }
        taken += closure.directGroupCount(user);
        shares.back().end = user + 1;
    }
    return shares;
}

void expandShare(const GroupClosure& closure, Share& share)
{
    GroupExpander expander(closure.masks());
    std::size_t used = 0;
    share.ends.resize(share.end - share.begin);
    for (Row user = share.begin; user < share.end; ++user) {
        const auto groups = expander.expand(closure.directRanks(user));
        if (share.groups.size() < used + groups.size()) {
            share.groups.resize(std::max(share.groups.size() * 2, used + groups.size()));
        }
        std::copy(
            groups.begin(), groups.end(), share.groups.begin() + static_cast<std::ptrdiff_t>(used));
        used += groups.size();
        share.ends[user - share.begin] = used;
    }
}

/// As many would write it: for every user a walk over the parents with a set of what was seen.
std::size_t walkWithHashSets(const Snapshot& snapshot)
{
    std::unordered_map<Row, std::vector<Row>> parents;
    std::unordered_map<Row, std::vector<Row>> direct;
    for (Row group = 0; group < snapshot.groupCount(); ++group) {
        for (const Row child : snapshot.memberGroups(group)) {
            parents[child].push_back(group);
        }
        for (const Row user : snapshot.memberUsers(group)) {
            direct[user].push_back(group);
        }
    }
    std::size_t pairs = 0;
    for (const auto& [user, groups] : direct) {
        std::unordered_set<Row> seen;
        std::vector<Row> waiting = groups;
        while (!waiting.empty()) {
            const Row group = waiting.back();
            waiting.pop_back();
            if (seen.insert(group).second) {
                const auto above = parents.find(group);
                if (above != parents.end()) {
                    waiting.insert(waiting.end(), above->second.begin(), above->second.end());
                }
            }
        }
        pairs += seen.size();
    }
    return pairs;
}

/// The flattened result, sorted by rank, into buffers that are warm after the first round.
Report expand(const Options& options)
{
    const GroupClosure closure(madeUpSnapshot(options));
    std::vector<Share> shares = split(closure, options.threads);
    Report report;
    report.time = measure(options.repetitions, [&] {
        std::vector<std::thread> workers;
        for (std::size_t i = 1; i < shares.size(); ++i) {
            workers.emplace_back([&, i] { expandShare(closure, shares[i]); });
        }
        expandShare(closure, shares.front());
        for (std::thread& worker : workers) {
            worker.join();
        }
    });
    for (const Share& share : shares) {
        std::uint64_t begin = 0;
        for (Row user = share.begin; user < share.end; ++user) {
            const std::uint64_t end = share.ends[user - share.begin];
            for (; begin < end; ++begin) {
                report.checksum += pairDigest(user, closure.ranks().groups[share.groups[begin]]);
                ++report.count;
            }
        }
    }
    report.bytes = report.count * sizeof(Row);
    report.reference = u"memcpy"_s;
    report.referenceMs
        = memcpyMs(flattenedTraffic(closure.snapshot(), report.count), options.repetitions);
    if (options.rivals) {
        addRival(report, u"hash_sets"_s, measure(1, [&] { walkWithHashSets(closure.snapshot()); }));
    }
    return report;
}

const bool kExpandRegistered = registerBenchmark("expand", expand);

} // namespace

} // namespace portreeve::bench
