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

    /// @p direct and everything above, sorted and without doubles. Valid until the next call.
    /// @param direct  sorted and without doubles
    std::span<const Rank> expand(std::span<const Rank> direct);

private:
    const AncestorMasks& m_masks;
    TouchedBits m_inner;
    std::vector<Rank> m_ranks;
};

} // namespace portreeve
