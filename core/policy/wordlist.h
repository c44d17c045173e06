// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QStringView>

#include <algorithm>
#include <array>

namespace portreeve::policy {

template <std::size_t Count>
bool isOneOf(QStringView text, const std::array<QStringView, Count>& words)
{
    return std::find(words.begin(), words.end(), text) != words.end();
}

} // namespace portreeve::policy
