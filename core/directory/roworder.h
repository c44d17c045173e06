// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/directory/records.h"
#include "core/directory/textcolumn.h"

#include <Qt>

#include <span>
#include <vector>

class QCollator;

namespace portreeve {

/// All rows of a table sorted by one column, prepared once; any set of hits then comes into that
/// order without comparing texts. Immutable, shared between threads.
class RowOrder
{
public:
    RowOrder() = default;

    /// By the rules of a language; equal texts stay in the order of their rows.
    static RowOrder byText(const TextColumn& texts, const QCollator& collator);

    /// By number: counts, times, states.
    static RowOrder byNumber(std::span<const std::int64_t> numbers);

    std::size_t size() const { return m_rows.size(); }

    /// All rows, ascending.
    const std::vector<Row>& rows() const { return m_rows; }

    /// @p hits in this order.
    /// @param hits  rows without doubles
    std::vector<Row> arranged(std::span<const Row> hits, Qt::SortOrder direction) const;

private:
    explicit RowOrder(std::vector<Row> rows);

    std::vector<Row> m_rows; // by rank
    std::vector<std::uint32_t> m_ranks; // by row
};

} // namespace portreeve
