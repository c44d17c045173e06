// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/rowsmodel.h"

#include <QSet>
#include <QTableView>

class QMenu;

namespace portreeve {

/// The one way a table looks and behaves: whole rows, one line high, no grid noise, columns shown,
/// hidden, moved and sized by the administrator and remembered by name, copying as text, CSV and
/// JSON, selection and scroll kept across a reset. Until somebody sizes a column, the columns fit
/// the view and what stands in the first rows.
class TableView final : public QTableView
{
    Q_OBJECT

public:
    /// @param stateName  under which widths, order and visibility are remembered, e.g. "users"
    explicit TableView(const QString& stateName, QWidget* parent = nullptr);
    ~TableView() override;

    /// @p model outlives the view or dies with it.
    void setRowsModel(RowsModel* model);

    RowsModel* rowsModel() const { return m_model; }

    /// Shows the sort mark; asks nobody.
    void setSortMark(int column, Qt::SortOrder order);

    std::vector<Row> selectedRows() const; ///< in shown order
    std::optional<Row> currentRow() const;

    /// Selects and scrolls to the row with that key. False when it is not shown.
    bool selectKey(const QString& key);

    enum class CopyFormat { Text, Csv, Json };
    /// Raw values of the visible columns of @p lines.
    QString textOf(const std::vector<int>& lines, CopyFormat format) const;

    /// Shows or hides a column; the others take or leave the room.
    void setColumnShown(int column, bool isShown);

    /// Leaves out a column that has nothing to say as things are, and brings it back. What the
    /// administrator chose to see is remembered without regard to it.
    void setColumnNeeded(int column, bool isNeeded);

    /// Forgets the widths somebody chose.
    void fitColumnsAgain();

    /// The rows to come are others altogether, not fewer of the same: columns fit them.
    void expectOtherRows();

    /// Texts go on in further lines and rows are as high as they need; for tables of few rows.
    void wrapTexts();

    /// Own entries above Copy in the context menu.
    void addContextAction(QAction* action);

signals:
    /// The administrator clicked a header; sort off the GUI thread and swap the rows.
    void sortRequested(int column, Qt::SortOrder order);
    /// Enter or double click.
    void rowActivated(portreeve::Row row);
    /// The current row changed; nothing when there is none.
    void currentRowChanged(std::optional<portreeve::Row> row);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    struct Place
    {
        QSet<QString> selected;
        QString current;
        QString top;
        int column = 0;
        int scrollX = 0;
    };

    void dress();
    void setLineHeight();
    void savePlace();
    void restorePlace();
    void restoreColumns();
    void measureColumns();
    void fitToRoom();
    void fitRows();
    void noteResize(int column);
    void saveColumns() const;
    void takeSortClick(int column, Qt::SortOrder order);
    void showHeaderMenu(const QPoint& at);
    void copyCell() const;
    void copyRows(CopyFormat format) const;
    void fillCopyMenu(QMenu* menu) const;
    std::vector<int> selectedLines() const;

    QString m_stateName;
    RowsModel* m_model = nullptr;
    Place m_place;
    int m_sortColumn = -1; ///< that of the mark
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
    std::vector<int> m_contentWidths; ///< of titles and first rows, by column
    bool m_isMeasured = false; ///< with rows, not with titles alone
    QSet<int> m_leftOut; ///< columns that would be shown, were they needed
    bool m_isFitting = false;
    bool m_wrapsTexts = false;
    bool m_hasOwnWidths = false; ///< somebody sized a column, now or in an earlier session
    QList<QAction*> m_contextActions;
};

} // namespace portreeve
