// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/directory/roworder.h"

#include <QCollator>

#include <algorithm>
#include <bit>
#include <numeric>

namespace portreeve {

namespace {

constexpr std::size_t kBits = 64;

// With fewer hits than this share of the rows, sorting them beats walking a bit per row.
constexpr std::size_t kSparse = 256;

template <typename Less> std::vector<Row> sortedRows(std::size_t count, Less less)
{
    std::vector<Row> rows(count);
    std::iota(rows.begin(), rows.end(), 0U);
    std::stable_sort(rows.begin(), rows.end(), less);
    return rows;
}

} // namespace

RowOrder::RowOrder(std::vector<Row> rows)
    : m_rows(std::move(rows))
    , m_ranks(m_rows.size())
{
    for (std::uint32_t rank = 0; rank < m_rows.size(); ++rank) {
        m_ranks[m_rows[rank]] = rank;
    }
}

RowOrder RowOrder::byText(const TextColumn& texts, const QCollator& collator)
{
    std::vector<QCollatorSortKey> keys;
    keys.reserve(texts.size());
    for (std::size_t row = 0; row < texts.size(); ++row) {
        keys.push_back(collator.sortKey(texts.text(row)));
    }
    return RowOrder(
        sortedRows(texts.size(), [&](Row a, Row b) { return keys[a].compare(keys[b]) < 0; }));
}

RowOrder RowOrder::byNumber(std::span<const std::int64_t> numbers)
{
    return RowOrder(
        sortedRows(numbers.size(), [&](Row a, Row b) { return numbers[a] < numbers[b]; }));
}

std::vector<Row> RowOrder::arranged(std::span<const Row> hits, Qt::SortOrder direction) const
{
    std::vector<Row> out;
    if (hits.size() < m_rows.size() / kSparse) {
        out.assign(hits.begin(), hits.end());
        std::sort(out.begin(), out.end(), [this](Row a, Row b) { return m_ranks[a] < m_ranks[b]; });
    } else {
        std::vector<std::uint64_t> bits(m_rows.size() / kBits + 1, 0);
        for (const Row row : hits) {
            bits[m_ranks[row] / kBits] |= std::uint64_t(1) << (m_ranks[row] % kBits);
        }
        out.reserve(hits.size());
        for (std::size_t i = 0; i < bits.size(); ++i) {
            for (std::uint64_t word = bits[i]; word != 0; word &= word - 1) {
                out.push_back(m_rows[i * kBits + static_cast<std::size_t>(std::countr_zero(word))]);
            }
        }
    }
    if (direction == Qt::DescendingOrder) {
        std::reverse(out.begin(), out.end());
    }
    return out;
}

} // namespace portreeve
