// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/providers/connectionlist.h"

#include "ui/models/connectionwatch.h"
#include "ui/shell/appcontext.h"
#include "ui/theme/theme.h"
#include "ui/widgets/statusbadge.h"
#include "ui/widgets/timetext.h"

#include <QPainter>
#include <QStyledItemDelegate>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr int kIdRole = Qt::UserRole;
constexpr int kNoteRole = Qt::UserRole + 1;

/// State mark, name, and a dimmer second line.
class ConnectionDelegate final : public QStyledItemDelegate
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

ConnectionList::ConnectionList(const AppContext& context, QWidget* parent)
    : QListWidget(parent)
    , m_context(context)
{
    setObjectName(u"connectionList"_s);
    setAccessibleName(tr("Identity providers"));
    setFrameShape(QFrame::NoFrame);
    setItemDelegate(new ConnectionDelegate(this));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(
        &context.connections, &ConnectionWatch::connectionsChanged, this, &ConnectionList::refresh);
    connect(&context.connections, &ConnectionWatch::runChanged, this, &ConnectionList::refresh);
    refresh();
}

void ConnectionList::refresh()
{
    const auto& connections = m_context.connections.connections();
    const auto now = m_context.clock.nowUtc();
    const QString current = currentId();
    {
        const QSignalBlocker quiet(this);
        while (count() > static_cast<int>(connections.size())) {
            delete takeItem(count() - 1);
        }
        for (std::size_t row = 0; row < connections.size(); ++row) {
            const Connection& connection = connections[row];
            const ConnectionState state = m_context.connections.shownState(connection);
            auto* entry = item(static_cast<int>(row));
            if (entry == nullptr) {
                entry = new QListWidgetItem(this);
            }
            const QString note = scheduleText(connection, now, m_context.sync.isPaused());
            entry->setText(connection.name);
            entry->setIcon(connectionStateIcon(state));
            entry->setData(kIdRole, connection.id);
            entry->setData(kNoteRole, tr("%1 · %2").arg(connectionStateText(state), note));
            entry->setData(Qt::AccessibleTextRole,
                tr("%1, %2, %3").arg(connection.name, connectionStateText(state), note));
            entry->setToolTip(note);
        }
        if (!current.isEmpty()) {
            setCurrentId(current);
        }
    }
    if (currentId() != current) {
        emit currentRowChanged(currentRow());
    }
}

QString ConnectionList::currentId() const
{
    return currentItem() != nullptr ? currentItem()->data(kIdRole).toString() : QString();
}

void ConnectionList::setCurrentId(const QString& connectionId)
{
    for (int row = 0; row < count(); ++row) {
        if (item(row)->data(kIdRole) == connectionId) {
            setCurrentRow(row);
            return;
        }
    }
}

} // namespace portreeve
