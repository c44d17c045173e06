// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/membership/components.h"

namespace portreeve {

/// Numbers the groups that can be an ancestor, i.e. those with member groups, so that the ancestors
/// of one group mostly fall into one 32-bit word.
struct GroupRanks
{
    std::vector<std::uint32_t>
        of {}; ///< rank by group row, kNoRow for groups without member groups
    std::vector<Row> groups {}; ///< group row by rank
};

/// Preorder over a forest that keeps one parent per component; the trees and branches that hold
/// most direct user memberships come first.
GroupRanks rankGroups(
    const Snapshot& snapshot, const MemberLists& parents, const Components& components);

} // namespace portreeve
