// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/membership/groupexpander.h"

#include <algorithm>

namespace portreeve {

GroupExpander::GroupExpander(const AncestorMasks& masks)
    : m_masks(masks)
    , m_inner(masks.innerEnd())
{
}

std::span<const Rank> GroupExpander::expand(std::span<const Rank> direct)
{
    if (const std::size_t room = direct.size() + m_masks.innerEnd() + TouchedBits::kOverrun;
        m_ranks.size() < room) {
        m_ranks.resize(room);
    }
    const auto addMasks = [&](Rank group) {
        m_masks.forEachMask(group, [this](RankMask mask) { m_inner.add(mask.word, mask.bits); });
    };
    std::size_t at = 0;
    for (; at < direct.size() && direct[at] < m_masks.innerEnd(); ++at) {
        addMasks(direct[at]);
    }
    // What has no member groups is above nothing: it stays as it is, behind all that is.
    const std::span<const Rank> others = direct.subspan(at);
    for (; at < direct.size() && direct[at] < m_masks.nestedEnd(); ++at) {
        addMasks(direct[at]);
    }
    Rank* const end = std::copy(others.begin(), others.end(), m_inner.drainTo(m_ranks.data()));
    return { m_ranks.data(), end };
}

} // namespace portreeve
