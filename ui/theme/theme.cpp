// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/theme/theme.h"

#include <QApplication>
#include <QFontMetrics>

namespace portreeve::theme {

bool isDark(const QPalette& palette)
{
    return palette.color(QPalette::Window).lightness()
        < palette.color(QPalette::WindowText).lightness();
}

QColor color(Role role, const QPalette& palette)
{
    const bool dark = isDark(palette);
    switch (role) {
    case Role::Added:
    case Role::Success:
        return dark ? QColor(0x6c, 0xd0, 0x8c) : QColor(0x15, 0x6f, 0x37);
    case Role::Removed:
    case Role::Error:
        return dark ? QColor(0xff, 0x9a, 0x94) : QColor(0xb3, 0x1d, 0x28);
    case Role::Changed:
    case Role::Accent:
        return dark ? QColor(0x8a, 0xb8, 0xff) : QColor(0x1f, 0x5f, 0xb8);
    case Role::Held:
    case Role::Warning:
        return dark ? QColor(0xf5, 0xc0, 0x62) : QColor(0x8a, 0x53, 0x00);
    case Role::Muted:
        return dark ? QColor(0xa9, 0xad, 0xb3) : QColor(0x5b, 0x61, 0x68);
    }
    return palette.color(QPalette::WindowText);
}

QIcon icon(const QString& name)
{
    return QIcon::fromTheme(
        name, QIcon(QStringLiteral(":/icons/") + name + QStringLiteral(".svg")));
}

int spacing(int steps)
{
    constexpr int pixelsPerStep = 4;
    constexpr int usualHeight = 16; // of the default font at 96 dpi
    return steps * pixelsPerStep * QFontMetrics(QApplication::font()).height() / usualHeight;
}

} // namespace portreeve::theme
