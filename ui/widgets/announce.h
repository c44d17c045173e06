// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

class QString;
class QWidget;

namespace portreeve {

/// Tells a screen reader that @p widget now says @p text, without moving the focus.
void announce(QWidget* widget, const QString& text);

} // namespace portreeve
