// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/readingorder.h"

#include <QAbstractSpinBox>
#include <QComboBox>
#include <QGridLayout>
#include <QScrollArea>
#include <QSplitter>
#include <QTabBar>
#include <QTabWidget>

#include <algorithm>
#include <utility>
#include <vector>

namespace portreeve {

namespace {

/// The places of a window in reading order: whatever takes Tab now, and the widget that has the
/// focus wherever it is.
class Places
{
public:
    Places(QWidget& window, const QWidget* focused)
        : m_focused(focused)
    {
        addParts(window);
    }

    const std::vector<QWidget*>& all() const { return m_places; }

    static bool takesTab(const QWidget& widget)
    {
        return (widget.focusPolicy() & Qt::TabFocus) != 0 && widget.focusProxy() == nullptr
            && widget.isVisible() && widget.isEnabled();
    }

private:
    void add(QWidget* widget)
    {
        if (widget == nullptr || widget->isWindow()) {
            return;
        }
        const bool hasFocus = widget == m_focused || widget->isAncestorOf(m_focused);
        if (!widget->isVisible() && !hasFocus) { // what is being hidden hands the focus on
            return;
        }
        if (widget == m_focused || takesTab(*widget)) {
            m_places.push_back(widget);
        }
        addParts(*widget);
    }

    void addParts(QWidget& widget)
    {
        if (qobject_cast<QComboBox*>(&widget) != nullptr
            || qobject_cast<QAbstractSpinBox*>(&widget) != nullptr) {
            return; // their parts take the focus through them
        }
        if (auto* tabs = qobject_cast<QTabWidget*>(&widget)) {
            add(tabs->tabBar());
            add(tabs->cornerWidget());
            for (int i = 0; i < tabs->count(); ++i) {
                add(tabs->widget(i));
            }
        } else if (auto* splitter = qobject_cast<QSplitter*>(&widget)) {
            for (int i = 0; i < splitter->count(); ++i) {
                add(splitter->widget(i));
            }
        } else if (auto* area = qobject_cast<QScrollArea*>(&widget)) {
            add(area->widget());
        } else if (widget.layout() != nullptr) {
            addLayout(*widget.layout());
        }
    }

    void addLayout(QLayout& layout)
    {
        std::vector<QLayoutItem*> items;
        items.reserve(static_cast<std::size_t>(layout.count()));
        for (int i = 0; i < layout.count(); ++i) {
            items.push_back(layout.itemAt(i));
        }
        if (const auto* grid = qobject_cast<const QGridLayout*>(&layout)) {
            sortByCell(*grid, items);
        }
        for (auto* item : items) {
            if (auto* inner = item->layout()) {
                addLayout(*inner);
            } else {
                add(item->widget());
            }
        }
    }

    // A grid lists its cells as they were filled.
    static void sortByCell(const QGridLayout& grid, std::vector<QLayoutItem*>& items)
    {
        const auto cellOf = [&grid](QLayoutItem* item) {
            int row = 0;
            int column = 0;
            int rows = 0;
            int columns = 0;
            grid.getItemPosition(grid.indexOf(item), &row, &column, &rows, &columns);
            return std::pair(row, column);
        };
        std::stable_sort(items.begin(), items.end(),
            [&](QLayoutItem* a, QLayoutItem* b) { return cellOf(a) < cellOf(b); });
    }

    const QWidget* m_focused;
    std::vector<QWidget*> m_places;
};

void scrollIntoSight(QWidget& widget)
{
    for (auto* at = widget.parentWidget(); at != nullptr; at = at->parentWidget()) {
        auto* area = qobject_cast<QScrollArea*>(at);
        if (area != nullptr && area->widget() != nullptr && area->widget()->isAncestorOf(&widget)) {
            area->ensureWidgetVisible(&widget);
        }
    }
}

} // namespace

bool moveFocusInReadingOrder(QWidget& window, bool isForward)
{
    QWidget* focused = window.focusWidget();
    const Places places(window, focused);
    const auto& all = places.all();
    const auto count = static_cast<std::ptrdiff_t>(all.size());
    auto found = all.end();
    for (const QWidget* from = focused; found == all.end() && from != nullptr;
        from = from->parentWidget()) {
        found = std::find(all.begin(), all.end(), from); // the editor of a cell is its table's
    }
    const auto outside = isForward ? std::ptrdiff_t { -1 } : count;
    auto at = found == all.end() ? outside : found - all.begin();
    for (std::ptrdiff_t tried = 0; tried < count; ++tried) {
        at = (at + (isForward ? 1 : -1) + count) % count;
        QWidget* next = all[static_cast<std::size_t>(at)];
        if (next != focused && Places::takesTab(*next)) {
            next->setFocus(isForward ? Qt::TabFocusReason : Qt::BacktabFocusReason);
            scrollIntoSight(*next);
            return true;
        }
    }
    return false;
}

} // namespace portreeve
