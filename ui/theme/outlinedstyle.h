// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QProxyStyle>

namespace portreeve::theme {

/// Fusion, which derives the edges of fields and check boxes by darkening: too faint for boxes on
/// any palette, and lost for fields on dark ones. There they are drawn again in a colour 3:1
/// against what is around them. For the same reason the chosen tab has a bar in the highlight
/// colour, and the icon of the menu's chosen line the colour of its text. Buttons of dialogs have
/// words only, as all others of their kind. Cells and titles of tables keep their texts apart.
class OutlinedStyle final : public QProxyStyle
{
    Q_OBJECT

public:
    OutlinedStyle();

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
        const QWidget* widget) const override;
    void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
        const QWidget* widget) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& contents,
        const QWidget* widget) const override;
    int pixelMetric(
        PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override;
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
        QStyleHintReturn* answer) const override;
};

} // namespace portreeve::theme
