// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/theme/outlinedstyle.h"

#include "ui/theme/theme.h"

#include <QPainter>
#include <QStyleOption>

namespace portreeve::theme {

OutlinedStyle::OutlinedStyle()
    : QProxyStyle(QStringLiteral("Fusion"))
{
}

void OutlinedStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option,
    QPainter* painter, const QWidget* widget) const
{
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    const bool isBox = element == PE_IndicatorCheckBox || element == PE_IndicatorItemViewItemCheck;
    const bool isEdged = isBox || element == PE_IndicatorRadioButton || element == PE_FrameLineEdit;
    if (!isEdged || !isDark(option->palette)) {
        return;
    }
    if (element == PE_FrameLineEdit && (option->state & State_HasFocus) != 0) {
        return; // has the highlight colour around it
    }
    constexpr qreal halfPixel = 0.5;
    constexpr qreal radius = 2;
    const QRectF edge = QRectF(option->rect).adjusted(halfPixel, halfPixel, -halfPixel, -halfPixel);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(fieldEdge(option->palette));
    painter->setBrush(Qt::NoBrush);
    if (element == PE_IndicatorRadioButton) {
        painter->drawEllipse(edge);
    } else {
        painter->drawRoundedRect(edge, radius, radius);
    }
    painter->restore();
}

} // namespace portreeve::theme
