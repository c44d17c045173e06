// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/membership/groupclosure.h"

namespace portreeve {

/// Private to core/membership.
struct GroupClosure::State
{
    explicit State(SnapshotPtr source)
        : snapshot(std::move(source))
        , parents(transposed(snapshot->columns().memberGroups, snapshot->groupCount()))
        , components(findComponents(parents))
        , ranks(rankGroups(*snapshot, parents, components))
        , masks(ranks, parents, components)
        , directRanks(
              transposed(snapshot->columns().memberUsers, snapshot->userCount(), ranks.groups))
    {
    }

    bool isActive(Row user) const { return snapshot->userState(user) == UserState::Active; }

    /// Whether the group lies on a cycle, and so above and below itself.
    bool isCyclic(Row group) const;

    /// Sorted rows of the groups of these ranks.
    void toRows(std::span<const Rank> from, std::vector<Row>& out) const;

    SnapshotPtr snapshot;
    MemberLists parents; // by group
    Components components;
    GroupRanks ranks;
    AncestorMasks masks;
    MemberLists directRanks; // by user
};

} // namespace portreeve
