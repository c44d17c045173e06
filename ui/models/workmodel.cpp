// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/workmodel.h"

#include "ui/models/changetext.h"
#include "ui/widgets/statusbadge.h"

using namespace Qt::StringLiterals;

namespace portreeve {

WorkModel::WorkModel(const ChangesBoard& board, QObject* parent)
    : RowsModel(
          { { .id = u"name"_s, .title = tr("Connection"), .widthChars = 16, .sortable = false },
              { .id = u"state"_s, .title = tr("Waiting"), .widthChars = 20, .sortable = false } },
          parent)
    , m_board(board)
{
}

void WorkModel::refresh()
{
    swapRows(naturalOrder(m_board.order().size()), [this] { m_ids = m_board.order(); });
}

void WorkModel::refreshRow(const QString& connectionId)
{
    if (const auto line = findLine(connectionId)) {
        emit dataChanged(index(*line, 0), index(*line, columnCount() - 1));
    }
}

QString WorkModel::rowKey(Row row) const
{
    return m_ids[row];
}

QString WorkModel::stateText(const ConnectionWork& work) const
{
    if (work.running) {
        return tr("Running…");
    }
    if (work.error) {
        return tr("Failed");
    }
    if (work.hasHeld()) {
        return tr("Held, needs you");
    }
    if (work.plan && work.outdated) {
        return tr("Preview outdated");
    }
    if (work.plan && work.plan->verdict == Verdict::Nothing) {
        return tr("Nothing to change");
    }
    return work.plan ? tr("Preview ready") : connectionStateText(work.connection.state);
}

QIcon WorkModel::stateIcon(const ConnectionWork& work) const
{
    if (work.running) {
        return theme::icon(u"sync"_s, theme::Role::Accent);
    }
    if (work.error) {
        return theme::icon(u"error"_s, theme::Role::Error);
    }
    if (work.hasHeld()) {
        return theme::icon(u"held"_s, theme::Role::Held);
    }
    if (work.plan) {
        return theme::icon(u"changes"_s, theme::Role::Accent);
    }
    return connectionStateIcon(work.connection.state);
}

QVariant WorkModel::cell(Row row, int column, int role) const
{
    const ConnectionWork* work = m_board.work(m_ids[row]);
    if (work == nullptr) {
        return {};
    }
    if (role == Qt::DecorationRole && column == State) {
        return stateIcon(*work);
    }
    if (role != Qt::DisplayRole && role != kRawRole) {
        return {};
    }
    return column == Name ? work->connection.name : stateText(*work);
}

} // namespace portreeve
