// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <vector>

namespace portreeve {

/// What one column of a table would like, in pixels.
struct ColumnWish
{
    int least = 0; ///< below it the column says nothing
    int content = 0; ///< shows its title and its first rows unabridged
    int usual = 0; ///< comfortable, with room for longer rows to come
    bool takesSpare = false;
};

/// A width for each column: the usual one while there is room for that, else the content's, else
/// something between that and the least. Room beyond the usual goes to the last column that takes
/// it. Only where the least of all is wider than @p room does the sum exceed it.
std::vector<int> fitColumns(const std::vector<ColumnWish>& wishes, int room);

} // namespace portreeve
