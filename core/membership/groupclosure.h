// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/directory/snapshot.h"
#include "core/membership/groupexpander.h"

#include <memory>
#include <span>
#include <vector>

namespace portreeve {

/// One step of a witness path, from the person up: rows of groups, nearest first.
using WitnessPath = std::vector<Row>;

struct NestingReport
{
    std::vector<std::vector<Row>>
        cycles {}; ///< components of more than one group, or self-members; sorted
    std::uint32_t depth
        = 0; ///< longest chain of distinct components; 0 without groups, 1 without nesting
    Row componentCount = 0;
};

/// A well mixed number for one (user, group) pair; sums of it compare sets of pairs (splitmix64 of
/// both rows).
std::uint64_t pairDigest(Row user, Row group);

/// Transitive membership over one snapshot: groups are closed once (components, then ancestor
/// masks), users are expanded on demand (performance.md 9). Suspended people are in no effective
/// result. Immutable, shared between threads; holds its snapshot alive.
class GroupClosure
{
public:
    explicit GroupClosure(SnapshotPtr snapshot);
    ~GroupClosure();
    GroupClosure(GroupClosure&&) noexcept;
    GroupClosure& operator=(GroupClosure&&) noexcept;

    const Snapshot& snapshot() const;

    /// Direct groups of a user, sorted rows; also for suspended users.
    std::vector<Row> directGroups(Row user) const;
    void directGroups(Row user, std::vector<Row>& out) const; ///< reuses the buffer
    std::size_t directGroupCount(Row user) const;

    /// All groups a user ends up in, sorted rows; empty for suspended users.
    std::vector<Row> effectiveGroups(Row user) const;
    void effectiveGroups(Row user, std::vector<Row>& out) const; ///< reuses the buffer

    /// Calls @p visit(Row user, std::span<const Rank> groups) for every active user by row; the
    /// groups are sorted and without doubles. The fast way to go through all pairs.
    template <typename Visit> void forEachUser(Visit visit) const
    {
        GroupExpander expander(masks());
        for (Row user = 0; user < snapshot().userCount(); ++user) {
            if (snapshot().userState(user) == UserState::Active) {
                visit(user, expander.expand(directRanks(user)));
            }
        }
    }

    bool isEffectiveMember(Row user, Row group) const;

    /// Active people in the group, directly or through member groups; sorted rows.
    std::vector<Row> effectiveUsers(Row group) const;

    /// The groups above a group (itself only when it lies on a cycle), and below it; sorted rows.
    std::vector<Row> ancestors(Row group) const;
    std::vector<Row> descendants(Row group) const;
    std::vector<Row> parents(Row group) const;

    /// Number of effective users of every group at once, by row.
    std::vector<std::uint32_t> effectiveUserCounts() const;

    /// Every shortest path that makes the user a member, at most @p limit, in order of rows; a path
    /// starts with the direct group and ends with @p group. Empty when not a member.
    std::vector<WitnessPath> witnessPaths(Row user, Row group, std::size_t limit = 100) const;

    NestingReport nesting() const;

    /// Number of effective (user, group) pairs, and the sum of their digests.
    struct PairCount
    {
        std::uint64_t pairs = 0;
        std::uint64_t checksum = 0;
    };

    PairCount countPairs() const;

    // For many expansions in a row, where ranks will do for groups: one GroupExpander of the masks,
    // and its expand(directRanks(user)) for each.
    const AncestorMasks& masks() const;
    const GroupRanks& ranks() const;
    std::span<const Rank> directRanks(Row user) const; ///< sorted; also for suspended users

    /// Bytes held besides the snapshot, without the allocator's overhead.
    std::size_t memoryBytes() const;

private:
    struct State;
    std::unique_ptr<const State> m_state;
};

using ClosurePtr = std::shared_ptr<const GroupClosure>;

} // namespace portreeve
