// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QColor>
#include <QIcon>
#include <QPalette>

namespace portreeve::theme {

/// What a colour means. Every use also shows a word, sign or shape.
enum class Role { Added, Removed, Changed, Held, Accent, Muted, Warning, Error, Success };

/// From the palette's lightness, at least 4.5:1 against its base.
QColor color(Role role, const QPalette& palette);

bool isDark(const QPalette& palette);

/// Symbolic icon in the palette's text colour, from the desktop's theme first, else the bundled
/// one.
QIcon icon(const QString& name);

/// Steps of 4 logical pixels scaled by the font: spacing(2) between related fields, spacing(4)
/// between groups.
int spacing(int steps);

} // namespace portreeve::theme
