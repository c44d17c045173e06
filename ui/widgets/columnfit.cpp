// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/columnfit.h"

#include <algorithm>
#include <cstdint>
#include <numeric>

namespace portreeve {

namespace {

int sumOf(const std::vector<int>& widths)
{
    return std::accumulate(widths.begin(), widths.end(), 0);
}

/// Between @p narrow and @p wide, each column by the same share of its difference, in all @p room.
std::vector<int> between(
    const std::vector<int>& narrow, const std::vector<int>& wide, std::int64_t room)
{
    const std::int64_t from = sumOf(narrow);
    const std::int64_t way = sumOf(wide) - from;
    std::vector<int> widths = narrow;
    if (way > 0 && room > from) {
        for (std::size_t i = 0; i < widths.size(); ++i) {
            widths[i] += static_cast<int>((wide[i] - narrow[i]) * (room - from) / way);
        }
    }
    return widths;
}

} // namespace

std::vector<int> fitColumns(const std::vector<ColumnWish>& wishes, int room)
{
    std::vector<int> least;
    std::vector<int> content;
    std::vector<int> usual;
    for (const ColumnWish& wish : wishes) {
        least.push_back(wish.least);
        content.push_back(std::max(wish.least, wish.content));
        usual.push_back(std::max(content.back(), wish.usual));
    }
    if (sumOf(content) > room) {
        return between(least, content, room);
    }
    if (sumOf(usual) > room) {
        return between(content, usual, room);
    }
    const auto taker = std::find_if(
        wishes.rbegin(), wishes.rend(), [](const ColumnWish& wish) { return wish.takesSpare; });
    if (taker != wishes.rend()) {
        const auto place = static_cast<std::size_t>(wishes.rend() - taker) - 1;
        usual[place] += room - sumOf(usual);
    }
    return usual;
}

} // namespace portreeve
