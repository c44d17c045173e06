// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/theme/theme.h"

#include "ui/theme/symbolicicon.h"

#include <QApplication>
#include <QFontMetrics>
#include <QStyle>

using namespace Qt::StringLiterals;

namespace portreeve::theme {

namespace {

struct Shades
{
    QRgb window;
    QRgb base;
    QRgb alternateBase;
    QRgb button;
    QRgb text;
    QRgb disabledText;
    QRgb placeholder;
    QRgb light;
    QRgb midlight;
    QRgb mid;
    QRgb dark;
    QRgb shadow;
    QRgb highlight;
    QRgb highlightedText;
    QRgb link;
    QRgb linkVisited;
    QRgb toolTipBase;
};

QPalette paletteOf(const Shades& shades)
{
    QPalette palette;
    const auto set = [&palette](QPalette::ColorRole role, QRgb rgb) {
        palette.setColor(QPalette::All, role, QColor(rgb));
    };
    set(QPalette::Window, shades.window);
    set(QPalette::Base, shades.base);
    set(QPalette::AlternateBase, shades.alternateBase);
    set(QPalette::Button, shades.button);
    set(QPalette::WindowText, shades.text);
    set(QPalette::Text, shades.text);
    set(QPalette::ButtonText, shades.text);
    set(QPalette::BrightText, shades.highlightedText);
    set(QPalette::PlaceholderText, shades.placeholder);
    set(QPalette::Light, shades.light);
    set(QPalette::Midlight, shades.midlight);
    set(QPalette::Mid, shades.mid);
    set(QPalette::Dark, shades.dark);
    set(QPalette::Shadow, shades.shadow);
    set(QPalette::Highlight, shades.highlight);
    set(QPalette::HighlightedText, shades.highlightedText);
    set(QPalette::Link, shades.link);
    set(QPalette::LinkVisited, shades.linkVisited);
    set(QPalette::ToolTipBase, shades.toolTipBase);
    set(QPalette::ToolTipText, shades.text);
    for (const auto role : { QPalette::WindowText, QPalette::Text, QPalette::ButtonText,
             QPalette::PlaceholderText, QPalette::HighlightedText }) {
        palette.setColor(QPalette::Disabled, role, QColor(shades.disabledText));
    }
    palette.setColor(QPalette::Disabled, QPalette::Highlight, QColor(shades.mid));
    return palette;
}

bool desktopBringsColours()
{
    const QPalette usual = QApplication::style()->standardPalette();
    const QPalette current = QApplication::palette();
    return current.color(QPalette::Window) != usual.color(QPalette::Window)
        || current.color(QPalette::Base) != usual.color(QPalette::Base)
        || current.color(QPalette::WindowText) != usual.color(QPalette::WindowText);
}

QColor mixed(const QColor& over, const QColor& under, double share)
{
    const auto channel = [share](int a, int b) { return qRound(a * share + b * (1.0 - share)); };
    return { channel(over.red(), under.red()), channel(over.green(), under.green()),
        channel(over.blue(), under.blue()) };
}

} // namespace

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

QColor tint(Role role, const QPalette& palette)
{
    constexpr double share = 0.12;
    return mixed(color(role, palette), palette.color(QPalette::Base), share);
}

QColor outline(const QPalette& palette)
{
    constexpr double share = 0.16;
    return mixed(palette.color(QPalette::WindowText), palette.color(QPalette::Window), share);
}

QColor fieldEdge(const QPalette& palette)
{
    constexpr double share = 0.5;
    return mixed(palette.color(QPalette::WindowText), palette.color(QPalette::Window), share);
}

QPalette lightPalette()
{
    return paletteOf({ .window = 0xfff4f5f7,
        .base = 0xffffffff,
        .alternateBase = 0xfff8f9fa,
        .button = 0xfffbfbfc,
        .text = 0xff1c2024,
        .disabledText = 0xff8b9198,
        .placeholder = 0xff687078,
        .light = 0xffffffff,
        .midlight = 0xffe9ebee,
        .mid = 0xffc3c8ce,
        .dark = 0xff9aa1a9,
        .shadow = 0xff5c636b,
        .highlight = 0xff1f5fb8,
        .highlightedText = 0xffffffff,
        .link = 0xff1f5fb8,
        .linkVisited = 0xff6b3fa0,
        .toolTipBase = 0xffffffff });
}

QPalette darkPalette()
{
    return paletteOf({ .window = 0xff202327,
        .base = 0xff17191c,
        .alternateBase = 0xff1c1f22,
        .button = 0xff2c3035,
        .text = 0xffe6e8eb,
        .disabledText = 0xff767c84,
        .placeholder = 0xff9299a1,
        .light = 0xff434950,
        .midlight = 0xff373c42,
        .mid = 0xff3d4349,
        .dark = 0xff121416,
        .shadow = 0xff0b0c0e,
        .highlight = 0xff2f6fcb,
        .highlightedText = 0xffffffff,
        .link = 0xff8ab8ff,
        .linkVisited = 0xffc3a2f0,
        .toolTipBase = 0xff2c3035 });
}

void apply(Scheme scheme)
{
    switch (scheme) {
    case Scheme::FollowDesktop:
        QApplication::setPalette(QPalette());
        if (!desktopBringsColours()) {
            QApplication::setPalette(lightPalette());
        }
        return;
    case Scheme::Light:
        QApplication::setPalette(lightPalette());
        return;
    case Scheme::Dark:
        QApplication::setPalette(darkPalette());
        return;
    }
}

QString schemeName(Scheme scheme)
{
    switch (scheme) {
    case Scheme::FollowDesktop:
        return u"desktop"_s;
    case Scheme::Light:
        return u"light"_s;
    case Scheme::Dark:
        return u"dark"_s;
    }
    return {};
}

Scheme schemeFromName(QStringView name)
{
    if (name == u"light") {
        return Scheme::Light;
    }
    return name == u"dark" ? Scheme::Dark : Scheme::FollowDesktop;
}

QIcon icon(const QString& name)
{
    const QString path = u":/icons/"_s + name + u".svg"_s;
    return hasBundledIcon(path) ? symbolicIcon(path, std::nullopt) : QIcon::fromTheme(name);
}

QIcon icon(const QString& name, Role role)
{
    return symbolicIcon(u":/icons/"_s + name + u".svg"_s, role);
}

int spacing(int steps)
{
    constexpr int pixelsPerStep = 4;
    constexpr int usualHeight = 16; // of the default font at 96 dpi
    return steps * pixelsPerStep * QFontMetrics(QApplication::font()).height() / usualHeight;
}

int formWidth()
{
    constexpr int characters = 160;
    return QFontMetrics(QApplication::font()).averageCharWidth() * characters;
}

int iconExtent(qreal lines)
{
    return qRound(QFontMetrics(QApplication::font()).height() * lines);
}

} // namespace portreeve::theme
