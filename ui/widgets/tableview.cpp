// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/tableview.h"

#include "ui/theme/theme.h"
#include "ui/widgets/tabletext.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QHelpEvent>
#include <QMenu>
#include <QScrollBar>
#include <QStyledItemDelegate>
#include <QToolTip>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

class CellDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    /// With room between rows of several lines, as those of one line have.
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        return QStyledItemDelegate::sizeHint(option, index) + QSize(0, theme::spacing(2));
    }

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        const auto* model = qobject_cast<const RowsModel*>(index.model());
        if (model != nullptr
            && model->columns()[static_cast<std::size_t>(index.column())].elidesMiddle) {
            option->textElideMode = Qt::ElideMiddle;
        }
    }
};

} // namespace

TableView::TableView(const QString& stateName, QWidget* parent)
    : QTableView(parent)
    , m_stateName(stateName)
{
    dress();
    connect(this, &QTableView::activated, this,
        [this](const QModelIndex& index) { emit rowActivated(m_model->rowOf(index)); });
    connect(horizontalHeader(), &QHeaderView::customContextMenuRequested, this,
        &TableView::showHeaderMenu);
    connect(
        horizontalHeader(), &QHeaderView::sortIndicatorChanged, this, &TableView::takeSortClick);
    connect(horizontalHeader(), &QHeaderView::sectionResized, this, &TableView::noteResize);
}

TableView::~TableView()
{
    if (m_model != nullptr) {
        saveColumns();
    }
}

void TableView::setRowsModel(RowsModel* model)
{
    Q_ASSERT(m_model == nullptr);
    m_model = model;
    const auto& columns = model->columns();
    const bool sorts = std::any_of(
        columns.begin(), columns.end(), [](const auto& column) { return column.sortable; });
    horizontalHeader()->setSortIndicatorShown(sorts);
    horizontalHeader()->setSectionsClickable(sorts);
    connect(model, &QAbstractItemModel::modelAboutToBeReset, this, &TableView::savePlace);
    setModel(model);
    // After setModel(): the view's own reset must have run before the place is restored.
    connect(model, &QAbstractItemModel::modelReset, this, [this] {
        restorePlace();
        // Once only: columns must not jump while somebody types in a filter.
        if (!m_isMeasured) {
            measureColumns();
        }
        fitRows();
    });
    // Rows that are read by the page say something only once their page came.
    connect(model, &QAbstractItemModel::dataChanged, this, [this](const QModelIndex& first) {
        if (first.row() == 0) {
            measureColumns();
        }
    });
    connect(model, &QObject::destroyed, this, [this] { m_model = nullptr; });
    restoreColumns();
}

void TableView::setSortMark(int column, Qt::SortOrder order)
{
    m_sortColumn = column;
    m_sortOrder = order;
    const QSignalBlocker quiet(horizontalHeader());
    horizontalHeader()->setSortIndicator(column, order);
}

/// The header has moved its mark already, also onto a column that has no order of its own.
void TableView::takeSortClick(int column, Qt::SortOrder order)
{
    if (column < 0 || !m_model->columns()[static_cast<std::size_t>(column)].sortable) {
        setSortMark(m_sortColumn, m_sortOrder);
        return;
    }
    m_sortColumn = column;
    m_sortOrder = order;
    emit sortRequested(column, order);
}

std::vector<int> TableView::selectedLines() const
{
    std::vector<int> lines;
    const auto indexes = selectionModel()->selectedRows();
    lines.reserve(static_cast<std::size_t>(indexes.size()));
    for (const auto& index : indexes) {
        lines.push_back(index.row());
    }
    std::sort(lines.begin(), lines.end());
    return lines;
}

std::vector<Row> TableView::selectedRows() const
{
    std::vector<Row> rows;
    for (const int line : selectedLines()) {
        rows.push_back(m_model->rowAt(line));
    }
    return rows;
}

std::optional<Row> TableView::currentRow() const
{
    const QModelIndex index = currentIndex();
    return index.isValid() ? std::optional(m_model->rowOf(index)) : std::nullopt;
}

bool TableView::selectKey(const QString& key)
{
    const auto line = m_model->findLine(key);
    if (!line) {
        return false;
    }
    const QModelIndex index = m_model->index(*line, 0);
    selectionModel()->setCurrentIndex(
        index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    scrollTo(index, QAbstractItemView::PositionAtCenter);
    return true;
}

QString TableView::textOf(const std::vector<int>& lines, CopyFormat format) const
{
    std::vector<int> columns;
    for (int place = 0; place < horizontalHeader()->count(); ++place) {
        const int column = horizontalHeader()->logicalIndex(place);
        if (!isColumnHidden(column)) {
            columns.push_back(column);
        }
    }
    switch (format) {
    case CopyFormat::Text:
        return tabletext::tabbed(*m_model, lines, columns);
    case CopyFormat::Csv:
        return tabletext::csv(*m_model, lines, columns);
    case CopyFormat::Json:
        return tabletext::json(*m_model, lines, columns);
    }
    return {};
}

void TableView::addContextAction(QAction* action)
{
    m_contextActions.append(action);
}

void TableView::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy)) {
        copyRows(CopyFormat::Text);
        return;
    }
    QTableView::keyPressEvent(event);
}

void TableView::contextMenuEvent(QContextMenuEvent* event)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions(m_contextActions);
    if (!m_contextActions.isEmpty()) {
        menu->addSeparator();
    }
    fillCopyMenu(menu);
    menu->popup(event->globalPos());
}

bool TableView::viewportEvent(QEvent* event)
{
    if (event->type() != QEvent::ToolTip) {
        return QTableView::viewportEvent(event);
    }
    const QPoint place = static_cast<QHelpEvent*>(event)->pos();
    const QModelIndex index = indexAt(place);
    if (!index.isValid()) {
        return QTableView::viewportEvent(event);
    }
    QString tip = index.data(Qt::ToolTipRole).toString();
    const QString text = index.data(Qt::DisplayRole).toString();
    const int room = columnWidth(index.column()) - theme::spacing(3);
    if (tip.isEmpty() && fontMetrics().horizontalAdvance(text) > room) {
        tip = text;
    }
    QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), tip, viewport());
    return true;
}

void TableView::changeEvent(QEvent* event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        setLineHeight();
        m_contentWidths.clear();
        measureColumns();
    }
}

void TableView::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    fitToRoom();
    fitRows();
}

void TableView::showEvent(QShowEvent* event)
{
    m_contentWidths.clear();
    measureColumns();
    QTableView::showEvent(event);
    fitRows();
}

/// The view makes a row current without selecting it, and actions go by the selection. A click
/// selects for itself, and a window that comes back leaves things as they were.
void TableView::focusInEvent(QFocusEvent* event)
{
    QTableView::focusInEvent(event);
    const auto reason = event->reason();
    const bool isEntered = reason != Qt::MouseFocusReason && reason != Qt::ActiveWindowFocusReason
        && reason != Qt::PopupFocusReason;
    if (isEntered && currentIndex().isValid() && !selectionModel()->hasSelection()) {
        selectionModel()->select(
            currentIndex(), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    }
}

void TableView::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTableView::currentChanged(current, previous);
    if (current.row() != previous.row() || current.isValid() != previous.isValid()) {
        emit currentRowChanged(currentRow());
    }
}

void TableView::dress()
{
    setObjectName(m_stateName + u"Table"_s);
    setFrameShape(QFrame::NoFrame);
    setShowGrid(false);
    setAlternatingRowColors(true);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setWordWrap(false);
    setTextElideMode(Qt::ElideRight);
    setItemDelegate(new CellDelegate(this));
    setTabKeyNavigation(false);
    setCornerButtonEnabled(false);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setSortingEnabled(false);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    auto* header = horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionsMovable(true);
    header->setSortIndicator(-1, Qt::AscendingOrder);
    header->setStretchLastSection(true);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    header->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    setLineHeight();
}

void TableView::wrapTexts()
{
    m_wrapsTexts = true;
    setWordWrap(true);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    fitRows();
}

void TableView::fitRows()
{
    if (m_wrapsTexts) {
        resizeRowsToContents();
    }
}

void TableView::setLineHeight()
{
    const int height = fontMetrics().height() + theme::spacing(3);
    verticalHeader()->setMinimumSectionSize(height);
    verticalHeader()->setDefaultSectionSize(height);
}

void TableView::savePlace()
{
    constexpr qsizetype mostSelected = 10'000; // beyond that a selection means "all of these"
    m_place = {};
    if (selectionModel() == nullptr) {
        return;
    }
    const auto lines = selectedLines();
    if (static_cast<qsizetype>(lines.size()) <= mostSelected) {
        for (const int line : lines) {
            m_place.selected.insert(m_model->rowKey(m_model->rowAt(line)));
        }
    }
    if (const QModelIndex current = currentIndex(); current.isValid()) {
        m_place.current = m_model->rowKey(m_model->rowOf(current));
        m_place.column = current.column();
    }
    if (const int top = rowAt(0); top > 0) {
        m_place.top = m_model->rowKey(m_model->rowAt(top));
    }
    m_place.scrollX = horizontalScrollBar()->value();
}

void TableView::restorePlace()
{
    if (m_place.selected.isEmpty() && m_place.current.isEmpty() && m_place.top.isEmpty()) {
        return;
    }
    QItemSelection selection;
    QModelIndex current;
    int top = -1;
    for (int line = 0; line < m_model->rowCount(); ++line) {
        const QString key = m_model->rowKey(m_model->rowAt(line));
        const QModelIndex index = m_model->index(line, m_place.column);
        if (m_place.selected.contains(key)) {
            selection.select(index, index);
        }
        if (key == m_place.current) {
            current = index;
        }
        if (key == m_place.top) {
            top = line;
        }
    }
    if (current.isValid()) {
        selectionModel()->setCurrentIndex(current, QItemSelectionModel::NoUpdate);
    } else if (!m_place.current.isEmpty()) {
        emit currentRowChanged(std::nullopt);
    }
    selectionModel()->select(
        selection, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    if (top >= 0) {
        verticalScrollBar()->setValue(top);
    }
    horizontalScrollBar()->setValue(m_place.scrollX);
}

void TableView::showHeaderMenu(const QPoint& at)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const int visible = horizontalHeader()->count() - horizontalHeader()->hiddenSectionCount();
    for (int column = 0; column < m_model->columnCount(); ++column) {
        auto* action = menu->addAction(m_model->columns()[static_cast<std::size_t>(column)].title);
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(column));
        action->setEnabled(isColumnHidden(column) || visible > 1);
        connect(action, &QAction::toggled, this,
            [this, column](bool isShown) { setColumnShown(column, isShown); });
    }
    menu->addSeparator();
    auto* fit = menu->addAction(tr("&Fit columns to the view"));
    fit->setEnabled(m_hasOwnWidths);
    connect(fit, &QAction::triggered, this, &TableView::fitColumnsAgain);
    menu->popup(horizontalHeader()->mapToGlobal(at));
}

void TableView::copyCell() const
{
    QGuiApplication::clipboard()->setText(currentIndex().data(RowsModel::kRawRole).toString());
}

void TableView::copyRows(CopyFormat format) const
{
    QGuiApplication::clipboard()->setText(textOf(selectedLines(), format));
}

void TableView::fillCopyMenu(QMenu* menu) const
{
    const bool hasRows = selectionModel()->hasSelection();
    const auto add = [this, menu](const QString& text, bool enabled, auto copy) {
        auto* action = menu->addAction(text);
        action->setEnabled(enabled);
        connect(action, &QAction::triggered, this, copy);
        return action;
    };
    add(tr("Copy c&ell"), currentIndex().isValid(), [this] { copyCell(); });
    auto* rows = add(tr("&Copy rows"), hasRows, [this] { copyRows(CopyFormat::Text); });
    rows->setShortcut(QKeySequence::Copy);
    add(tr("Copy rows as C&SV"), hasRows, [this] { copyRows(CopyFormat::Csv); });
    add(tr("Copy rows as &JSON"), hasRows, [this] { copyRows(CopyFormat::Json); });
}

} // namespace portreeve
