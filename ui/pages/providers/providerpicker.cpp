// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/providers/providerpicker.h"

#include "core/connectors/registry.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QPainter>
#include <QStyledItemDelegate>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr int kSummaryRole = Qt::UserRole + 1;

/// Name over its summary, roomy enough to read down the list.
class PickerDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& /*index*/) const override
    {
        return { option.fontMetrics.averageCharWidth() * 60,
            option.fontMetrics.height() * 2 + theme::spacing(6) };
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
        const QModelIndex& index) const override
    {
        painter->save();
        const bool isCurrent = option.state.testFlag(QStyle::State_Selected);
        if (isCurrent) {
            painter->fillRect(option.rect, option.palette.color(QPalette::Highlight));
        }
        const int margin = theme::spacing(4);
        const int line = option.fontMetrics.height();
        const QRect name(option.rect.left() + margin, option.rect.top() + theme::spacing(2) + 2,
            option.rect.width() - 2 * margin, line);
        const QRect summary = name.translated(0, line + theme::spacing(1));
        constexpr int flags = Qt::AlignVCenter | Qt::AlignLeading | Qt::TextSingleLine;
        const QColor ink
            = option.palette.color(isCurrent ? QPalette::HighlightedText : QPalette::Text);
        QFont bold = option.font;
        bold.setWeight(QFont::DemiBold);
        painter->setPen(ink);
        painter->setFont(bold);
        painter->drawText(name, flags, index.data().toString());
        painter->setFont(option.font);
        painter->setPen(isCurrent ? ink : theme::color(theme::Role::Muted, option.palette));
        painter->drawText(summary, flags,
            option.fontMetrics.elidedText(
                index.data(kSummaryRole).toString(), Qt::ElideRight, summary.width()));
        painter->restore();
    }
};

} // namespace

ProviderPicker::ProviderPicker(QWidget* parent)
    : QListWidget(parent)
{
    setObjectName(u"providerPicker"_s);
    setAccessibleName(tr("Kinds of identity provider"));
    setAlternatingRowColors(true);
    setItemDelegate(new PickerDelegate(this));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    for (const auto& connector : connectorRegistry()) {
        const QString summary = QCoreApplication::translate("Connector", connector.summary);
        auto* item
            = new QListWidgetItem(QCoreApplication::translate("Connector", connector.name), this);
        item->setData(Qt::UserRole, connector.id);
        item->setData(kSummaryRole, summary);
        item->setToolTip(summary);
        item->setData(Qt::AccessibleDescriptionRole, summary);
    }
    setCurrentRow(0);
}

const ConnectorDescriptor* ProviderPicker::current() const
{
    return currentItem() != nullptr ? findConnector(currentItem()->data(Qt::UserRole).toString())
                                    : nullptr;
}

} // namespace portreeve
