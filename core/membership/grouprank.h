// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/membership/components.h"

namespace portreeve {

/// A group's place in an order in which memberships are quickly resolved.
using Rank = std::uint32_t;

/// First the groups that can be an ancestor, i.e. those with member groups, so that the ancestors
/// of one group mostly fall into one 32-bit word; then the others that have parents; then the rest.
struct GroupRanks
{
    std::vector<Rank> of {}; ///< by group row
    std::vector<Row> groups {}; ///< by rank
    Rank innerEnd = 0; ///< lower ranks have member groups
    Rank nestedEnd = 0; ///< lower ranks have member groups or parents

    bool isInner(Rank rank) const { return rank < innerEnd; }
};

/// Groups with member groups in preorder over a forest that keeps one parent per component; the
/// trees and branches that hold most direct user memberships come first.
GroupRanks rankGroups(
    const Snapshot& snapshot, const MemberLists& parents, const Components& components);

} // namespace portreeve
