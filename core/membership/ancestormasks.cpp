// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/membership/ancestormasks.h"

#include <algorithm>
#include <bit>

namespace portreeve {

namespace {

constexpr std::uint32_t kRanksPerWord = 32;

// Longer sets continue with the parent's run instead of copying it.
constexpr std::uint32_t kLongestCopy = 16;

std::uint32_t bitOf(std::uint32_t number)
{
    return 1U << (number % kRanksPerWord);
}

} // namespace

/// Goes through the components from the top, so that the sets of all parents are known.
class AncestorMasks::Builder
{
public:
    Builder(AncestorMasks& masks, const GroupRanks& ranks, const MemberLists& parents,
        const Components& components)
        : m_out(masks)
        , m_ranks(ranks)
        , m_parents(parents)
        , m_components(components)
        , m_runOf(components.count(), kNoRun)
        , m_sizeOf(components.count(), 0)
        , m_words(ranks.innerEnd / kRanksPerWord + 1, 0)
    {
    }

    void build()
    {
        m_out.m_runs.reserve(m_components.count());
        m_wordsOf.reserve(m_components.count());
        m_out.m_masks.reserve(m_components.count());
        for (std::uint32_t component = 0; component < m_components.count(); ++component) {
            addComponent(component);
        }
        fillSlots();
    }

private:
    void addComponent(std::uint32_t component)
    {
        collectAbove(component);
        std::uint32_t base = kNoRun;
        std::uint32_t baseSize = 0;
        for (const std::uint32_t above : m_above) {
            if (m_sizeOf[above] > baseSize) {
                base = m_runOf[above];
                baseSize = m_sizeOf[above];
            }
        }
        for (const std::uint32_t above : m_above) {
            if (m_runOf[above] != base) {
                forEachMask(m_runOf[above], [this](RankMask mask) { touch(mask); });
            }
        }
        if (!m_touched.empty()) {
            forEachMask(base, [this](RankMask mask) { m_words[mask.word] &= ~mask.bits; });
        }
        for (const Row group : m_components.groups.of(component)) {
            if (const Rank rank = m_ranks.of[group]; m_ranks.isInner(rank)) {
                touch({ .word = rank / kRanksPerWord, .bits = bitOf(rank) });
            }
        }
        const std::vector<RankMask>& added = takeTouched();
        m_sizeOf[component] = baseSize;
        for (const RankMask mask : added) {
            m_sizeOf[component] += static_cast<std::uint32_t>(std::popcount(mask.bits));
        }
        m_runOf[component] = added.empty() ? base : appendRun(base, added);
    }

    void collectAbove(std::uint32_t component)
    {
        m_above.clear();
        for (const Row group : m_components.groups.of(component)) {
            for (const Row parent : m_parents.of(group)) {
                const std::uint32_t above = m_components.of[parent];
                if (above != component) {
                    m_above.push_back(above);
                }
            }
        }
    }

    template <typename Visit> void forEachMask(std::uint32_t run, Visit visit) const
    {
        for (; run != kNoRun; run = m_out.m_runs[run].next) {
            for (std::uint32_t i = m_out.m_runs[run].begin; i < m_out.m_runs[run].end; ++i) {
                visit(m_out.m_masks[i]);
            }
        }
    }

    void touch(RankMask mask)
    {
        if (m_words[mask.word] == 0) {
            m_touched.push_back(mask.word);
        }
        m_words[mask.word] |= mask.bits;
    }

    /// The collected masks by word; the collection is empty afterwards.
    const std::vector<RankMask>& takeTouched()
    {
        std::sort(m_touched.begin(), m_touched.end());
        m_added.clear();
        for (const std::uint32_t word : m_touched) {
            if (m_words[word] != 0) {
                m_added.push_back({ .word = word, .bits = m_words[word] });
                m_words[word] = 0;
            }
        }
        m_touched.clear();
        return m_added;
    }

    std::uint32_t appendRun(std::uint32_t base, const std::vector<RankMask>& added)
    {
        Run run { .begin = static_cast<std::uint32_t>(m_out.m_masks.size()), .next = base };
        const Run old = base == kNoRun ? Run() : m_out.m_runs[base];
        if (base == kNoRun || old.end - old.begin + added.size() > kLongestCopy) {
            m_out.m_masks.insert(m_out.m_masks.end(), added.begin(), added.end());
        } else {
            appendUnion(old, added);
            run.next = old.next;
        }
        run.end = static_cast<std::uint32_t>(m_out.m_masks.size());
        m_out.m_runs.push_back(run);
        std::uint32_t words = base == kNoRun ? 0 : m_wordsOf[base];
        for (const RankMask mask : added) {
            words |= bitOf(mask.word);
        }
        m_wordsOf.push_back(words);
        return static_cast<std::uint32_t>(m_out.m_runs.size() - 1);
    }

    void appendUnion(const Run& old, const std::vector<RankMask>& added)
    {
        auto next = added.begin();
        for (std::uint32_t i = old.begin; i < old.end; ++i) {
            RankMask mask = m_out.m_masks[i];
            for (; next != added.end() && next->word < mask.word; ++next) {
                m_out.m_masks.push_back(*next);
            }
            if (next != added.end() && next->word == mask.word) {
                mask.bits |= next->bits;
                ++next;
            }
            m_out.m_masks.push_back(mask);
        }
        m_out.m_masks.insert(m_out.m_masks.end(), next, added.end());
    }

    void fillSlots()
    {
        m_out.m_innerEnd = m_ranks.innerEnd;
        m_out.m_slots.resize(m_ranks.nestedEnd);
        for (Rank rank = 0; rank < m_ranks.nestedEnd; ++rank) {
            const std::uint32_t index = m_runOf[m_components.of[m_ranks.groups[rank]]];
            const Run& run = m_out.m_runs[index];
            Slot& slot = m_out.m_slots[rank];
            slot.first = m_out.m_masks[run.begin];
            slot.run = run.end - run.begin > 1 || run.next != kNoRun ? index : kNoRun;
            slot.words = m_wordsOf[index];
        }
    }

    AncestorMasks& m_out;
    const GroupRanks& m_ranks;
    const MemberLists& m_parents;
    const Components& m_components;
    std::vector<std::uint32_t> m_runOf; // by component
    std::vector<std::uint32_t> m_sizeOf; // groups in the set, by component
    std::vector<std::uint32_t> m_wordsOf; // as Slot::words, by run
    std::vector<std::uint32_t> m_words; // the set being collected
    std::vector<std::uint32_t> m_touched; // words of it that are or were not 0
    std::vector<std::uint32_t> m_above;
    std::vector<RankMask> m_added;
};

AncestorMasks::AncestorMasks(
    const GroupRanks& ranks, const MemberLists& parents, const Components& components)
{
    Builder(*this, ranks, parents, components).build();
}

bool AncestorMasks::contains(Rank group, Rank wanted) const
{
    const std::uint32_t word = wanted / kRanksPerWord;
    if ((m_slots[group].words & bitOf(word)) == 0) {
        return false; // as for most questions, without a look at the run
    }
    std::uint32_t found = 0;
    forEachMask(group, [&](RankMask mask) { found |= mask.word == word ? mask.bits : 0; });
    return (found & bitOf(wanted)) != 0;
}

std::size_t AncestorMasks::memoryBytes() const
{
    return m_masks.capacity() * sizeof(RankMask) + m_runs.capacity() * sizeof(Run)
        + m_slots.capacity() * sizeof(Slot);
}

} // namespace portreeve
