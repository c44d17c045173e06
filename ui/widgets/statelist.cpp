// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/statelist.h"

#include "ui/theme/theme.h"

#include <QPainter>
#include <QStyledItemDelegate>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr int kIdRole = Qt::UserRole;
constexpr int kNoteRole = Qt::UserRole + 1;

/// State mark, name, and a dimmer second line.
class StateDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& /*index*/) const override
    {
        return { option.fontMetrics.averageCharWidth() * 30,
            option.fontMetrics.height() * 2 + theme::spacing(5) };
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
        const QModelIndex& index) const override
    {
        painter->save();
        const bool isCurrent = option.state.testFlag(QStyle::State_Selected);
        if (isCurrent) {
            painter->fillRect(option.rect, option.palette.color(QPalette::Highlight));
        }
        const int margin = theme::spacing(3);
        const int extent = theme::iconExtent(1.0);
        const QRect box = option.rect.adjusted(margin, theme::spacing(2), -margin, 0);
        const auto placed = [&](const QRect& rect) {
            return QStyle::visualRect(option.direction, option.rect, rect);
        };
        const int line = option.fontMetrics.height();
        index.data(Qt::DecorationRole)
            .value<QIcon>()
            .paint(painter, placed({ box.left(), box.top(), extent, extent }), Qt::AlignCenter,
                isCurrent ? QIcon::Selected : QIcon::Normal);
        const int left = box.left() + extent + theme::spacing(2);
        const QRect nameRect(left, box.top(), box.right() - left, line);
        const QRect noteRect = nameRect.translated(0, line + theme::spacing(1));
        constexpr int flags = Qt::AlignVCenter | Qt::AlignLeading | Qt::TextSingleLine;
        const QColor ink
            = option.palette.color(isCurrent ? QPalette::HighlightedText : QPalette::WindowText);
        QFont bold = option.font;
        bold.setWeight(QFont::DemiBold);
        painter->setFont(bold);
        painter->setPen(ink);
        painter->drawText(placed(nameRect), flags,
            QFontMetrics(bold).elidedText(
                index.data().toString(), Qt::ElideRight, nameRect.width()));
        painter->setFont(option.font);
        painter->setPen(isCurrent ? ink : theme::color(theme::Role::Muted, option.palette));
        painter->drawText(placed(noteRect), flags,
            option.fontMetrics.elidedText(
                index.data(kNoteRole).toString(), Qt::ElideRight, noteRect.width()));
        painter->restore();
    }
};

} // namespace

StateList::StateList(QWidget* parent)
    : QListWidget(parent)
{
    setFrameShape(QFrame::NoFrame);
    setItemDelegate(new StateDelegate(this));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
}

void StateList::setEntries(const std::vector<Entry>& entries)
{
    const QString current = currentId();
    {
        const QSignalBlocker quiet(this);
        while (count() > static_cast<int>(entries.size())) {
            delete takeItem(count() - 1);
        }
        for (std::size_t row = 0; row < entries.size(); ++row) {
            const Entry& entry = entries[row];
            auto* line = item(static_cast<int>(row));
            if (line == nullptr) {
                line = new QListWidgetItem(this);
            }
            line->setText(entry.name);
            line->setIcon(entry.icon);
            line->setData(kIdRole, entry.id);
            line->setData(kNoteRole,
                entry.note.isEmpty() ? entry.state : tr("%1 · %2").arg(entry.state, entry.note));
            line->setData(
                Qt::AccessibleTextRole, tr("%1, %2, %3").arg(entry.name, entry.state, entry.note));
            line->setToolTip(entry.note);
        }
        if (!current.isEmpty()) {
            setCurrentId(current);
        }
    }
    if (currentId() != current) {
        emit currentRowChanged(currentRow());
    }
}

QString StateList::currentId() const
{
    return currentItem() != nullptr ? currentItem()->data(kIdRole).toString() : QString();
}

void StateList::setCurrentId(const QString& id)
{
    for (int row = 0; row < count(); ++row) {
        if (item(row)->data(kIdRole) == id) {
            setCurrentRow(row);
            return;
        }
    }
}

} // namespace portreeve
