// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/membership/ancestormasks.h"
#include "core/membership/touchedbits.h"

namespace portreeve {

/// Turns direct groups into all groups, for many users in a row without allocating. One thread; use
/// one expander per thread.
class GroupExpander
{
public:
    /// @param masks  must outlive the expander
    explicit GroupExpander(const AncestorMasks& masks);

    /// @p direct and everything above, without doubles: first those without member groups in the
    /// given order, then the others by rank. Valid until the next call.
    /// @param direct  without doubles
    std::span<const Row> expand(std::span<const Row> direct);

    /// The same, sorted by row.
    std::span<const Row> expandSorted(std::span<const Row> direct);

private:
    void makeRoom(std::size_t direct);
    std::size_t collect(std::span<const Row> direct);

    const AncestorMasks& m_masks;
    TouchedBits m_ranks; // groups that can be an ancestor
    TouchedBits m_sorted; // group rows
    std::vector<Row> m_rows;
};

} // namespace portreeve
