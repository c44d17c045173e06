// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/directory/records.h"

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace portreeve {

/// A set of rows of one snapshot, one bit each.
class UserSet
{
public:
    UserSet() = default;

    explicit UserSet(Row size)
        : m_words((std::size_t { size } + 63) / 64)
    {
    }

    void insert(Row row) { m_words[row / 64] |= std::uint64_t { 1 } << (row % 64); }

    void insert(std::span<const Row> rows)
    {
        for (const auto row : rows) {
            insert(row);
        }
    }

    bool contains(Row row) const
    {
        return ((m_words[row / 64] >> (row % 64)) & std::uint64_t { 1 }) != 0;
    }

    UserSet& operator&=(const UserSet& other)
    {
        for (std::size_t i = 0; i < m_words.size(); ++i) {
            m_words[i] &= other.m_words[i];
        }
        return *this;
    }

    UserSet& operator|=(const UserSet& other)
    {
        for (std::size_t i = 0; i < m_words.size(); ++i) {
            m_words[i] |= other.m_words[i];
        }
        return *this;
    }

    UserSet& operator-=(const UserSet& other)
    {
        for (std::size_t i = 0; i < m_words.size(); ++i) {
            m_words[i] &= ~other.m_words[i];
        }
        return *this;
    }

    Row count() const
    {
        Row out = 0;
        for (const auto word : m_words) {
            out += static_cast<Row>(std::popcount(word));
        }
        return out;
    }

private:
    std::vector<std::uint64_t> m_words;
};

/// Who certainly meets a condition, and who may, depending on the request. Certain is a part of
/// possible.
struct Decided
{
    UserSet certain {};
    UserSet possible {};
};

} // namespace portreeve
