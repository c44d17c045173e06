// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/directory/snapshot.h"

#include <cstdint>
#include <vector>

namespace portreeve {

/// The same edges read from the other end: lists of groups by member instead of members by group.
/// @param memberCount  rows of the members' table
MemberLists transposed(const MemberLists& lists, std::size_t memberCount);

/// The same with each group's place in @p order, which has every group once, instead of its row.
MemberLists transposed(
    const MemberLists& lists, std::size_t memberCount, std::span<const Row> order);

/// Groups that contain each other, condensed to one node each.
struct Components
{
    std::vector<std::uint32_t> of {}; ///< component by group row
    MemberLists groups {}; ///< sorted group rows by component

    std::uint32_t count() const { return static_cast<std::uint32_t>(groups.offsets.size() - 1); }
};

/// Strongly connected components, linear and without recursion (Tarjan 1972).
/// @param parents  the groups each group is a member of
/// @return components numbered from the top: every parent outside a component has a lower number
Components findComponents(const MemberLists& parents);

} // namespace portreeve
