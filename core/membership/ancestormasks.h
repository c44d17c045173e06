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

/// For every group that is nested the set of itself (when it has member groups) and everything
/// above it, as masks over ranks (performance.md 9).
///
/// A set is a short run of masks that may continue with the set of a parent: ordinary hierarchies
/// get one run without continuation, and a chain of 100,000 groups still takes linear space.
class AncestorMasks
{
public:
    AncestorMasks(
        const GroupRanks& ranks, const MemberLists& parents, const Components& components);

    /// Ranks in the sets are below it: GroupRanks::innerEnd.
    Rank innerEnd() const { return m_innerEnd; }

    /// Groups of higher ranks have no set: GroupRanks::nestedEnd.
    Rank nestedEnd() const { return static_cast<Rank>(m_slots.size()); }

    /// Whether @p wanted is in the set of @p group.
    /// @param group  below nestedEnd()
    bool contains(Rank group, Rank wanted) const;

    /// Calls @p visit(RankMask) for every mask of the set, none of them 0; a word may come more
    /// than once.
    /// @param group  below nestedEnd()
    template <typename Visit> void forEachMask(Rank group, Visit visit) const
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
        std::uint32_t words = 0; // a bit for each word of the set, by the word's number modulo 32
    };

    class Builder;

    Rank m_innerEnd = 0;
    std::vector<RankMask> m_masks;
    std::vector<Run> m_runs;
    std::vector<Slot> m_slots; // by rank
};

} // namespace portreeve
