// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/membership/grouprank.h"

#include <span>

namespace portreeve {

/// 32 neighbouring ranks: which of them are in a set.
struct RankMask
{
    std::uint32_t word = 0; ///< rank / 32
    std::uint32_t bits = 0;
};

/// For every group the set of itself (when it has member groups) and everything above it, as masks
/// over ranks (performance.md 9).
///
/// A set is a short run of masks that may continue with the set of a parent: ordinary hierarchies
/// get one run without continuation, and a chain of 100,000 groups still takes linear space.
class AncestorMasks
{
public:
    AncestorMasks(
        const Snapshot& snapshot, const MemberLists& parents, const Components& components);

    Row groupCount() const { return static_cast<Row>(m_slots.size()); }

    std::uint32_t rankCount() const { return static_cast<std::uint32_t>(m_ranks.groups.size()); }

    /// kNoRow for a group without member groups, which is above nothing.
    std::uint32_t rank(Row group) const { return m_slots[group].rank; }

    Row groupOfRank(std::uint32_t rank) const { return m_ranks.groups[rank]; }

    /// Whether the group with @p rank is in the set of @p group.
    bool contains(Row group, std::uint32_t rank) const;

    /// Calls @p visit(RankMask) for every mask of the set; a word may come more than once.
    template <typename Visit> void forEachMask(Row group, Visit visit) const
    {
        const Slot& slot = m_slots[group];
        visit(slot.first);
        std::uint32_t skip = 1;
        for (std::uint32_t run = slot.run; run != kNoRun; run = m_runs[run].next) {
            for (std::uint32_t i = m_runs[run].begin + skip; i < m_runs[run].end; ++i) {
                visit(m_masks[i]);
            }
            skip = 0;
        }
    }

    std::size_t memoryBytes() const;

private:
    static constexpr std::uint32_t kNoRun = 0xFFFFFFFFU;

    struct Run
    {
        std::uint32_t begin = 0; // into m_masks, sorted by word
        std::uint32_t end = 0;
        std::uint32_t next = kNoRun; // the set goes on there
    };

    /// One cache line answers most groups: the first mask sits beside the group.
    struct Slot
    {
        RankMask first {};
        std::uint32_t run = kNoRun; // only when there is more than the first mask
        std::uint32_t rank = kNoRow;
    };

    class Builder;

    GroupRanks m_ranks;
    std::vector<RankMask> m_masks;
    std::vector<Run> m_runs;
    std::vector<Slot> m_slots; // by group row
};

} // namespace portreeve
