// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QColor>
#include <QIcon>
#include <QPalette>

namespace portreeve::theme {

/// What a colour means. Every use also shows a word, sign or shape.
enum class Role { Added, Removed, Changed, Held, Accent, Muted, Warning, Error, Success };

/// The administrator's choice on the Settings page.
enum class Scheme { FollowDesktop, Light, Dark };

/// From the palette's lightness, at least 4.5:1 against its base and window colours.
QColor color(Role role, const QPalette& palette);

/// The same meaning as a faint background for a banner; text on it stays in the text colour.
QColor tint(Role role, const QPalette& palette);

/// Hairlines between regions and around cards.
QColor outline(const QPalette& palette);

/// Edges of what can be written in or checked, 3:1 against the window.
QColor fieldEdge(const QPalette& palette);

bool isDark(const QPalette& palette);

/// Our own colours, all roles set.
QPalette lightPalette();
QPalette darkPalette();

/// Makes @p scheme the application's palette; widgets hear of it by PaletteChange.
/// A desktop that brings no colours of its own gets the light palette.
void apply(Scheme scheme);

QString schemeName(Scheme scheme); ///< "desktop", "light", "dark": as stored
Scheme schemeFromName(QStringView name); ///< FollowDesktop for unknown names

/// Bundled symbolic icon, drawn in the application palette's text colour at the time of painting,
/// so that a change of scheme needs no new icons. Names without a bundled file come from the
/// desktop's theme.
QIcon icon(const QString& name);

/// The same icon in the colour of a role.
QIcon icon(const QString& name, Role role);

/// Steps of 4 logical pixels scaled by the font: spacing(2) between related fields, spacing(4)
/// between groups.
int spacing(int steps);

/// How wide a form may become: lines much longer than this are hard to follow.
int formWidth();

/// The icon size beside a line of text; `lines` text lines high.
int iconExtent(qreal lines = 1.25);

} // namespace portreeve::theme
