// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <bit>
#include <cstdint>
#include <vector>

namespace portreeve {

/// A large set of numbers that is filled with few of them, read in order and emptied, over and
/// over: the cost follows the numbers put in.
class TouchedBits
{
public:
    static constexpr std::uint32_t kBitsPerWord = 32;

    explicit TouchedBits(std::size_t size)
        : m_words(size / kBitsPerWord + 1, 0)
        , m_touched(m_words.size() / kWordsPerTouched + 1, 0)
    {
    }

    void add(std::uint32_t word, std::uint32_t bits)
    {
        m_words[word] |= bits;
        m_touched[word / kWordsPerTouched] |= std::uint64_t(bits != 0) << (word % kWordsPerTouched);
    }

    void add(std::uint32_t number) { add(number / kBitsPerWord, 1U << (number % kBitsPerWord)); }

    /// Calls @p visit(number) in ascending order and empties the set.
    template <typename Visit> void drain(Visit visit)
    {
        for (std::size_t i = 0; i < m_touched.size(); ++i) {
            for (std::uint64_t words = m_touched[i]; words != 0; words &= words - 1) {
                const auto word = static_cast<std::uint32_t>(
                    i * kWordsPerTouched + static_cast<std::size_t>(std::countr_zero(words)));
                for (std::uint32_t bits = m_words[word]; bits != 0; bits &= bits - 1) {
                    visit(word * kBitsPerWord + static_cast<std::uint32_t>(std::countr_zero(bits)));
                }
                m_words[word] = 0;
            }
            m_touched[i] = 0;
        }
    }

private:
    static constexpr std::uint32_t kWordsPerTouched = 64;

    std::vector<std::uint32_t> m_words;
    std::vector<std::uint64_t> m_touched; // a bit per word
};

} // namespace portreeve
