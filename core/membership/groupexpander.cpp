// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/membership/groupexpander.h"

namespace portreeve {

GroupExpander::GroupExpander(const AncestorMasks& masks)
    : m_masks(masks)
    , m_ranks(masks.rankCount())
    , m_sorted(masks.groupCount())
{
}

std::span<const Row> GroupExpander::expand(std::span<const Row> direct)
{
    makeRoom(direct.size());
    Row* out = m_rows.data() + collect(direct);
    m_ranks.drain([&](std::uint32_t rank) { *out++ = m_masks.groupOfRank(rank); });
    return { m_rows.data(), out };
}

std::span<const Row> GroupExpander::expandSorted(std::span<const Row> direct)
{
    makeRoom(direct.size());
    const std::size_t others = collect(direct);
    for (std::size_t i = 0; i < others; ++i) {
        m_sorted.add(m_rows[i]);
    }
    m_ranks.drain([&](std::uint32_t rank) { m_sorted.add(m_masks.groupOfRank(rank)); });
    Row* out = m_rows.data();
    m_sorted.drain([&](Row group) { *out++ = group; });
    return { m_rows.data(), out };
}

void GroupExpander::makeRoom(std::size_t direct)
{
    if (const std::size_t room = direct + m_masks.rankCount(); m_rows.size() < room) {
        m_rows.resize(room);
    }
}

/// Marks everything that can be an ancestor. @return how many other groups lead m_rows
std::size_t GroupExpander::collect(std::span<const Row> direct)
{
    std::size_t count = 0;
    for (const Row group : direct) {
        // Written in any case and kept only sometimes: cheaper than a branch nobody can predict.
        m_rows[count] = group;
        count += m_masks.rank(group) == kNoRow ? 1U : 0U;
        m_masks.forEachMask(group, [this](RankMask mask) { m_ranks.add(mask.word, mask.bits); });
    }
    return count;
}

} // namespace portreeve
