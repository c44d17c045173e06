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

    /// drainTo() may write as many numbers past the last one.
    static constexpr std::size_t kOverrun = 4;

    explicit TouchedBits(std::size_t size)
        : m_words(size / kBitsPerWord + 1, 0)
        , m_touched(m_words.size() / kWordsPerTouched + 1, 0)
    {
    }

    /// @param bits  not 0
    void add(std::uint32_t word, std::uint32_t bits)
    {
        m_words[word] |= bits;
        m_touched[word / kWordsPerTouched] |= std::uint64_t(1) << (word % kWordsPerTouched);
    }

    /// Writes the numbers in ascending order and empties the set.
    /// @param out  with room for them and kOverrun more
    /// @return behind the last number
    std::uint32_t* drainTo(std::uint32_t* out)
    {
        for (std::size_t i = 0; i < m_touched.size(); ++i) {
            for (std::uint64_t words = m_touched[i]; words != 0; words &= words - 1) {
                const auto word = static_cast<std::uint32_t>(
                    i * kWordsPerTouched + static_cast<std::size_t>(std::countr_zero(words)));
                out = writeBits(word * kBitsPerWord, m_words[word], out);
                m_words[word] = 0;
            }
            m_touched[i] = 0;
        }
        return out;
    }

private:
    static constexpr std::uint32_t kWordsPerTouched = 64;
    static constexpr std::uint64_t kEnd = std::uint64_t(1) << kBitsPerWord;

    /// Four at a time whether there are so many or not: how many there are nobody can predict, so a
    /// branch for each would cost more than what is written in vain.
    static std::uint32_t* writeBits(std::uint32_t first, std::uint64_t bits, std::uint32_t* out)
    {
        do {
            for (std::size_t i = 0; i < kOverrun; ++i) {
                *out = first + static_cast<std::uint32_t>(std::countr_zero(bits | kEnd));
                out += bits != 0 ? 1 : 0;
                bits &= bits - 1;
            }
        } while (bits != 0);
        return out;
    }

    std::vector<std::uint32_t> m_words;
    std::vector<std::uint64_t> m_touched; // a bit per word
};

} // namespace portreeve
