// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/columnfit.h"
#include "ui/widgets/tableview.h"

#include <QHeaderView>
#include <QScopedValueRollback>
#include <QSettings>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

void TableView::restoreColumns()
{
    const QScopedValueRollback fitting(m_isFitting, true);
    const QSettings settings;
    const QString group = u"tables/"_s + m_stateName + u'/';
    const auto& columns = m_model->columns();
    for (int column = 0; column < m_model->columnCount(); ++column) {
        const auto& info = columns[static_cast<std::size_t>(column)];
        const QString key = group + info.id;
        const int usual = fontMetrics().averageCharWidth() * info.widthChars;
        m_hasOwnWidths |= settings.contains(key + u"/width"_s);
        setColumnWidth(column, std::max(settings.value(key + u"/width"_s, usual).toInt(), 1));
        setColumnHidden(column, settings.value(key + u"/hidden"_s, info.hiddenAtFirst).toBool());
    }
    const QStringList shown = settings.value(group + u"order"_s).toStringList();
    int place = 0;
    for (const QString& id : shown) {
        const auto found = std::find_if(
            columns.begin(), columns.end(), [&id](const auto& info) { return info.id == id; });
        if (found != columns.end()) {
            const auto column = static_cast<int>(found - columns.begin());
            horizontalHeader()->moveSection(horizontalHeader()->visualIndex(column), place++);
        }
    }
}

void TableView::saveColumns() const
{
    QSettings settings;
    const QString group = u"tables/"_s + m_stateName + u'/';
    QStringList shown;
    for (int place = 0; place < horizontalHeader()->count(); ++place) {
        const int column = horizontalHeader()->logicalIndex(place);
        const QString& id = m_model->columns()[static_cast<std::size_t>(column)].id;
        shown << id;
        const bool isHidden = isColumnHidden(column);
        settings.setValue(group + id + u"/hidden"_s, isHidden && !m_leftOut.contains(column));
        if (m_hasOwnWidths && !isHidden && place != horizontalHeader()->count() - 1) {
            settings.setValue(group + id + u"/width"_s, columnWidth(column));
        }
    }
    settings.setValue(group + u"order"_s, shown);
}

void TableView::setColumnShown(int column, bool isShown)
{
    const QScopedValueRollback fitting(m_isFitting, true); // a header hides by a width of nothing
    setColumnHidden(column, !isShown);
    m_leftOut.remove(column);
    fitToRoom();
}

void TableView::setColumnNeeded(int column, bool isNeeded)
{
    if (isNeeded && m_leftOut.contains(column)) {
        setColumnShown(column, true);
    } else if (!isNeeded && !isColumnHidden(column)) {
        setColumnShown(column, false);
        m_leftOut.insert(column);
    }
}

void TableView::fitColumnsAgain()
{
    QSettings settings;
    for (const auto& column : m_model->columns()) {
        settings.remove(u"tables/"_s + m_stateName + u'/' + column.id + u"/width"_s);
    }
    m_hasOwnWidths = false;
    m_contentWidths.clear();
    measureColumns();
    fitRows();
}

void TableView::expectOtherRows()
{
    m_isMeasured = false;
    m_contentWidths.clear();
}

void TableView::measureColumns()
{
    constexpr int measuredLines = 100;
    constexpr int mostChars = 48; // one long text must not push the other columns out of view
    if (m_model == nullptr || m_hasOwnWidths) {
        return;
    }
    const int unit = fontMetrics().averageCharWidth();
    const int lines = std::min(m_model->rowCount(), measuredLines);
    m_contentWidths.resize(static_cast<std::size_t>(m_model->columnCount()), 0);
    for (int column = 0; column < m_model->columnCount(); ++column) {
        const auto place = static_cast<std::size_t>(column);
        int& width = m_contentWidths[place];
        for (int line = 0; line < lines; ++line) {
            width = std::max(width, sizeHintForIndex(m_model->index(line, column)).width());
        }
        width = std::min(width, unit * std::max(mostChars, m_model->columns()[place].widthChars));
    }
    m_isMeasured = lines > 0;
    fitToRoom();
}

void TableView::fitToRoom()
{
    if (m_model == nullptr || m_hasOwnWidths || m_contentWidths.empty()) {
        return;
    }
    constexpr int leastChars = 12; // of a text
    constexpr int wordChars = 24; // a state with its icon: as little as this is never cut
    const QScopedValueRollback fitting(m_isFitting, true);
    const auto* header = horizontalHeader();
    const int unit = fontMetrics().averageCharWidth();
    std::vector<int> shown; // columns from the leading to the trailing edge
    std::vector<ColumnWish> wishes;
    for (int place = 0; place < header->count(); ++place) {
        const int column = header->logicalIndex(place);
        if (isColumnHidden(column)) {
            continue;
        }
        const auto& info = m_model->columns()[static_cast<std::size_t>(column)];
        const int title = header->sectionSizeHint(column);
        const int usual = unit * info.widthChars;
        const int content = m_contentWidths[static_cast<std::size_t>(column)];
        const bool isText = info.alignment.testFlag(Qt::AlignLeading);
        // A number cut short is another number; a text still says what it is about.
        const bool isWhole = !isText || content <= unit * wordChars;
        const int least = isWhole ? content : std::min({ content, usual, unit * leastChars });
        shown.push_back(column);
        wishes.push_back({ .least = std::max(title, least),
            .content = std::max(title, content),
            .usual = usual,
            .takesSpare = isText });
    }
    const std::vector<int> widths = fitColumns(wishes, viewport()->width());
    for (std::size_t i = 0; i < shown.size(); ++i) {
        setColumnWidth(shown[i], widths[i]);
    }
}

// The last column is stretched whenever the others change; only those are sized by a person.
void TableView::noteResize(int column)
{
    const auto* header = horizontalHeader();
    int last = header->count() - 1;
    while (last > 0 && isColumnHidden(header->logicalIndex(last))) {
        --last;
    }
    if (!m_isFitting && !isColumnHidden(column) && header->visualIndex(column) != last) {
        m_hasOwnWidths = true;
        fitRows();
    }
}

} // namespace portreeve
