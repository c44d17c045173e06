// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/theme/outlinedstyle.h"

#include "ui/theme/theme.h"

#include <QAbstractScrollArea>
#include <QPainter>
#include <QStyleOption>
#include <QTableView>

#include <algorithm>

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
    const bool isInset
        = element == PE_Frame && qobject_cast<const QAbstractScrollArea*>(widget) != nullptr;
    const bool isIndicator = isBox || element == PE_IndicatorRadioButton;
    const bool isField = isInset || element == PE_FrameLineEdit;
    if (!isIndicator && !(isField && isDark(option->palette))) {
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

void OutlinedStyle::drawControl(ControlElement element, const QStyleOption* option,
    QPainter* painter, const QWidget* widget) const
{
    const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option);
    const State chosen = State_Selected | State_Enabled;
    if (element == CE_MenuItem && item != nullptr && !item->icon.isNull()
        && (item->state & chosen) == chosen) {
        QStyleOptionMenuItem marked = *item;
        const int extent = proxy()->pixelMetric(PM_SmallIconSize, option, widget);
        marked.icon = QIcon(item->icon.pixmap(
            QSize(extent, extent), painter->device()->devicePixelRatio(), QIcon::Selected));
        QProxyStyle::drawControl(element, &marked, painter, widget);
        return;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
    if (element != CE_TabBarTabShape || (option->state & State_Selected) == 0) {
        return;
    }
    constexpr int thickness = 2;
    const QRect& tab = option->rect;
    painter->fillRect(QRect(tab.left() + 1, tab.top(), tab.width() - 2, thickness),
        option->palette.color(QPalette::Highlight));
}

QSize OutlinedStyle::sizeFromContents(ContentsType type, const QStyleOption* option,
    const QSize& contents, const QWidget* widget) const
{
    QSize size = QProxyStyle::sizeFromContents(type, option, contents, widget);
    const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
    // A text wider than the least width of a button would touch the edges; an icon brings room.
    if (type == CT_PushButton && button != nullptr && !button->text.isEmpty()
        && button->icon.isNull()) {
        size.setWidth(std::max(size.width(), contents.width() + spacing(6)));
    }
    return size;
}

int OutlinedStyle::pixelMetric(
    PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    // A number at the trailing edge would touch the text of the next column.
    if (metric == PM_HeaderMargin) {
        return spacing(1);
    }
    if (metric == PM_FocusFrameHMargin && qobject_cast<const QTableView*>(widget) != nullptr) {
        return spacing(1); // and one that a cell adds
    }
    if (metric == PM_TabBarTabHSpace) {
        return spacing(4); // five tabs with their counts fit into a side panel
    }
    return QProxyStyle::pixelMetric(metric, option, widget);
}

int OutlinedStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
    QStyleHintReturn* answer) const
{
    if (hint == SH_DialogButtonBox_ButtonsHaveIcons) {
        return 0;
    }
    return QProxyStyle::styleHint(hint, option, widget, answer);
}

} // namespace portreeve::theme
