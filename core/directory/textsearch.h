// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/directory/records.h"
#include "core/directory/textcolumn.h"

#include <limits>
#include <span>
#include <vector>

namespace portreeve {

/// Finds rows by any part of their text, without regard to case, accents or width. Built once per
/// snapshot; a search is one pass over the folded text, so there is no index to keep up to date.
/// Immutable, shared between threads.
class TextSearch
{
public:
    TextSearch() = default;

    /// @param columns  of equal length
    explicit TextSearch(std::span<const TextColumn* const> columns);

    std::size_t rowCount() const { return m_rows.size(); }

    /// Rows that hold every word of @p query, each in any column, in ascending order, at most
    /// @p limit. Without a word: all rows.
    std::vector<Row> find(
        QStringView query, std::size_t limit = std::numeric_limits<std::size_t>::max()) const;

    std::size_t memoryBytes() const { return m_rows.memoryBytes(); }

private:
    TextColumn m_rows; // folded columns of a row, each closed by a byte that no query holds
};

/// Text as TextSearch compares it, as UTF-8: case folded, compatibility forms and accents taken
/// off, control characters as spaces.
std::string foldedForSearch(QByteArrayView utf8);

} // namespace portreeve
