// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/pages/page.h"

#include <functional>
#include <vector>

namespace portreeve {

struct AppContext;

/// A page as the navigation shows it.
struct PageEntry
{
    QString id {}; ///< "directory", as in Page::navigationRequested
    QString title {};
    QString icon {}; ///< name for theme::icon()
    std::function<Page*(const AppContext& context, QWidget* parent)> make {};
};

/// All pages in the order of the navigation.
std::vector<PageEntry> pageList();

} // namespace portreeve
