// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/rowsmodel.h"

#include <numeric>

namespace portreeve {

RowsModel::RowsModel(std::vector<Column> columns, QObject* parent)
    : QAbstractTableModel(parent)
    , m_columns(std::move(columns))
{
}

int RowsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_order.size());
}

int RowsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant RowsModel::data(const QModelIndex& index, int role) const
{
    Q_ASSERT(checkIndex(index, CheckIndexOption::IndexIsValid));
    const Row row = rowOf(index);
    if (role == Qt::TextAlignmentRole) {
        const auto own = cell(row, index.column(), role);
        return own.isValid()
            ? own
            : m_columns[static_cast<std::size_t>(index.column())].alignment.toInt();
    }
    if (role == kKeyRole) {
        return rowKey(row);
    }
    return cell(row, index.column(), role);
}

QVariant RowsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) {
        return {};
    }
    const Column& column = m_columns[static_cast<std::size_t>(section)];
    if (role == Qt::DisplayRole) {
        return column.title;
    }
    if (role == Qt::ToolTipRole && !column.hint.isEmpty()) {
        return column.hint;
    }
    if (role == Qt::TextAlignmentRole) {
        return column.alignment.toInt();
    }
    return {};
}

std::optional<int> RowsModel::findLine(const QString& key) const
{
    for (std::size_t line = 0; line < m_order.size(); ++line) {
        if (rowKey(m_order[line]) == key) {
            return static_cast<int>(line);
        }
    }
    return std::nullopt;
}

void RowsModel::swapRows(std::vector<Row> order, const std::function<void()>& setRows)
{
    beginResetModel();
    if (setRows) {
        setRows();
    }
    m_order = std::move(order);
    endResetModel();
}

std::vector<Row> RowsModel::naturalOrder(std::size_t count)
{
    std::vector<Row> order(count);
    std::iota(order.begin(), order.end(), Row { 0 });
    return order;
}

} // namespace portreeve
