// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/directory/records.h"

#include <QAbstractTableModel>

#include <functional>
#include <optional>
#include <vector>

namespace portreeve {

/// A table over an immutable, shared row set: the subclass holds the rows, this base holds the
/// order in which they are shown. Sorting and filtering make a new order off the GUI thread and
/// swap it in by one reset; nothing is inserted, removed or changed in place.
class RowsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    struct Column
    {
        QString id {}; ///< stable name, under which a view remembers width and visibility
        QString title {};
        QString hint {}; ///< what the title leaves open
        Qt::Alignment alignment = Qt::AlignLeading | Qt::AlignVCenter;
        int widthChars = 20; ///< first width in average characters
        bool hiddenAtFirst = false;
        bool sortable = true;
        bool elidesMiddle = false; ///< for names and addresses, whose ends tell them apart
    };

    /// The cell's raw value: number, ISO time, full text. For export, copying and tests.
    static constexpr int kRawRole = Qt::UserRole;
    /// rowKey() of the row.
    static constexpr int kKeyRole = Qt::UserRole + 1;

    int rowCount(const QModelIndex& parent = {}) const final;
    int columnCount(const QModelIndex& parent = {}) const final;
    QVariant data(const QModelIndex& index, int role) const final;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const final;

    const std::vector<Column>& columns() const { return m_columns; }

    /// The subclass's row behind a line of the table.
    Row rowAt(int line) const { return m_order[static_cast<std::size_t>(line)]; }

    Row rowOf(const QModelIndex& index) const { return rowAt(index.row()); }

    const std::vector<Row>& order() const { return m_order; }

    /// The line that shows the row with @p key, or nothing. O(rows).
    std::optional<int> findLine(const QString& key) const;

    /// Which object a row is, the same before and after a refresh.
    virtual QString rowKey(Row row) const = 0;

protected:
    RowsModel(std::vector<Column> columns, QObject* parent);

    /// Cell of @p row for @p role; a `switch` over the column. Asked for Qt::DisplayRole, kRawRole
    /// and whatever decoration, font, colour or alignment roles the subclass wants. Tooltips of
    /// elided text are the view's business.
    virtual QVariant cell(Row row, int column, int role) const = 0;

    /// One reset: @p setRows stores the new row set (may be empty when only the order changes).
    void swapRows(std::vector<Row> order, const std::function<void()>& setRows = {});

    /// 0, 1, 2 ... @p count - 1
    static std::vector<Row> naturalOrder(std::size_t count);

private:
    std::vector<Column> m_columns;
    std::vector<Row> m_order;
};

} // namespace portreeve
