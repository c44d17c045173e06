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
        , masks(*snapshot, parents, components)
        , directGroups(transposed(snapshot->columns().memberUsers, snapshot->userCount()))
    {
    }

    bool isActive(Row user) const { return snapshot->userState(user) == UserState::Active; }

    /// Whether the group lies on a cycle, and so above and below itself.
    bool isCyclic(Row group) const;

    SnapshotPtr snapshot;
    MemberLists parents; // by group
    Components components;
    AncestorMasks masks;
    MemberLists directGroups; // by user
};

} // namespace portreeve
