// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/shell/navigationlist.h"

#include "ui/theme/theme.h"

#include <QEvent>
#include <QPainter>
#include <QStyledItemDelegate>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// Roomier lines than a list has, with a rounded box for the current page.
class NavigationDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const QSize usual = QStyledItemDelegate::sizeHint(option, index);
        return { usual.width() + theme::spacing(8),
            option.fontMetrics.height() + theme::spacing(5) };
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
        const QModelIndex& index) const override
    {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const QRect box = option.rect.adjusted(
            theme::spacing(1), theme::spacing(1) / 2, -theme::spacing(1), -theme::spacing(1) / 2);
        const bool isCurrent = option.state.testFlag(QStyle::State_Selected);
        const bool isHovered = option.state.testFlag(QStyle::State_MouseOver);
        const bool hasFocus = option.state.testFlag(QStyle::State_HasFocus);
        const qreal radius = theme::spacing(1);
        if (isCurrent || isHovered) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(isCurrent ? option.palette.color(QPalette::Highlight)
                                        : theme::outline(option.palette));
            painter->drawRoundedRect(box, radius, radius);
        }
        if (hasFocus) {
            painter->setBrush(Qt::NoBrush);
            painter->setPen(QPen(option.palette.color(QPalette::WindowText), 1, Qt::DotLine));
            painter->drawRoundedRect(QRectF(box).adjusted(2.5, 2.5, -2.5, -2.5), radius, radius);
        }
        const int extent = theme::iconExtent();
        const int margin = theme::spacing(2);
        const QRect iconRect(box.left() + margin, box.center().y() - extent / 2, extent, extent);
        const QRect textRect = box.adjusted(2 * margin + extent, 0, -margin, 0);
        const auto placed = [&option, &box](const QRect& rect) {
            return QStyle::visualRect(option.direction, box, rect);
        };
        index.data(Qt::DecorationRole)
            .value<QIcon>()
            .paint(painter, placed(iconRect), Qt::AlignCenter,
                isCurrent ? QIcon::Selected : QIcon::Normal);
        painter->setPen(
            option.palette.color(isCurrent ? QPalette::HighlightedText : QPalette::WindowText));
        painter->drawText(placed(textRect),
            static_cast<int>(Qt::AlignVCenter | Qt::AlignLeading | Qt::TextSingleLine),
            index.data().toString());
        painter->restore();
    }
};

} // namespace

NavigationList::NavigationList(QWidget* parent)
    : QListWidget(parent)
{
    setObjectName(u"navigation"_s);
    setAccessibleName(tr("Pages"));
    setFrameShape(QFrame::NoFrame);
    setItemDelegate(new NavigationDelegate(this));
    setSelectionMode(QAbstractItemView::SingleSelection);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    setMouseTracking(true);
    viewport()->setAutoFillBackground(false);
    recolour();
}

void NavigationList::addPage(const QString& title, const QString& iconName, const QString& shortcut)
{
    auto* item = new QListWidgetItem(theme::icon(iconName), title, this);
    item->setToolTip(shortcut.isEmpty() ? title : tr("%1 (%2)").arg(title, shortcut));
    updateGeometry();
}

QSize NavigationList::sizeHint() const
{
    return { std::max(sizeHintForColumn(0), fontMetrics().averageCharWidth() * 22),
        QListWidget::sizeHint().height() };
}

QSize NavigationList::minimumSizeHint() const
{
    return { sizeHint().width(), fontMetrics().height() * 8 };
}

void NavigationList::changeEvent(QEvent* event)
{
    QListWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange
        || event->type() == QEvent::ApplicationPaletteChange) {
        recolour();
    }
}

void NavigationList::recolour()
{
    if (m_recolouring) {
        return;
    }
    m_recolouring = true; // setPalette() comes back as PaletteChange
    QPalette own;
    own.setColor(QPalette::Base, QPalette().color(QPalette::Window));
    setPalette(own);
    m_recolouring = false;
}

} // namespace portreeve
