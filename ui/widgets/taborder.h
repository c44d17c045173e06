// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

class QWidget;

namespace portreeve {

/// Makes Tab go through everything in @p root as its layouts show it: line by line, a tab's page
/// after the tabs, buttons in the order the desktop gives them. By itself Qt takes the order in
/// which widgets were made, so whoever makes some later calls this again.
void followLayout(QWidget& root);

} // namespace portreeve
