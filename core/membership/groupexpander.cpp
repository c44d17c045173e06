// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/membership/groupexpander.h"

#include <algorithm>
#include <bit>

namespace portreeve {

namespace {

constexpr std::uint32_t kRanksPerWord = 32;
constexpr std::uint32_t kWordsPerTouched = 64;

} // namespace

GroupExpander::GroupExpander(const AncestorMasks& masks)
    : m_masks(masks)
    , m_words(masks.rankCount() / kRanksPerWord + 1, 0)
    , m_touched(m_words.size() / kWordsPerTouched + 1, 0)
{
}

std::span<const Row> GroupExpander::expand(std::span<const Row> direct)
{
    if (const std::size_t room = direct.size() + m_masks.rankCount(); m_rows.size() < room) {
        m_rows.resize(room);
    }
    Row* out = m_rows.data() + collect(direct);
    for (std::size_t i = 0; i < m_touched.size(); ++i) {
        for (std::uint64_t words = m_touched[i]; words != 0; words &= words - 1) {
            const auto word = static_cast<std::uint32_t>(
                i * kWordsPerTouched + static_cast<std::size_t>(std::countr_zero(words)));
            for (std::uint32_t bits = m_words[word]; bits != 0; bits &= bits - 1) {
                const auto bit = static_cast<std::uint32_t>(std::countr_zero(bits));
                *out++ = m_masks.groupOfRank(word * kRanksPerWord + bit);
            }
            m_words[word] = 0;
        }
        m_touched[i] = 0;
    }
    return { m_rows.data(), out };
}

/// Marks everything that can be an ancestor. @return how many other groups lead m_rows
std::size_t GroupExpander::collect(std::span<const Row> direct)
{
    std::size_t count = 0;
    for (const Row group : direct) {
        // Written in any case and kept only sometimes: cheaper than a branch nobody can predict.
        m_rows[count] = group;
        count += m_masks.rank(group) == kNoRow ? 1U : 0U;
        m_masks.forEachMask(group, [this](RankMask mask) {
            m_words[mask.word] |= mask.bits;
            m_touched[mask.word / kWordsPerTouched] |= std::uint64_t(mask.bits != 0)
                << (mask.word % kWordsPerTouched);
        });
    }
    return count;
}

std::span<const Row> GroupExpander::expandSorted(std::span<const Row> direct)
{
    const std::size_t count = expand(direct).size();
    const auto end = m_rows.begin() + static_cast<std::ptrdiff_t>(count);
    std::sort(m_rows.begin(), end);
    return { m_rows.begin(), end };
}

} // namespace portreeve
