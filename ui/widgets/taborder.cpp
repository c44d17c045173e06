// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/taborder.h"

#include <QAbstractSpinBox>
#include <QComboBox>
#include <QGridLayout>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace portreeve {

namespace {

/// Everything that takes Tab, in reading order.
class ReadingOrder
{
public:
    void add(QWidget* widget)
    {
        if (widget == nullptr || widget->isWindow()) {
            return;
        }
        if (takesTab(*widget)) {
            m_inputs.push_back(widget);
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
            addPages(*tabs);
        } else if (auto* stack = qobject_cast<QStackedWidget*>(&widget)) {
            addPages(*stack);
        } else if (auto* splitter = qobject_cast<QSplitter*>(&widget)) {
            addPages(*splitter);
        } else if (auto* area = qobject_cast<QScrollArea*>(&widget)) {
            add(area->widget());
        } else if (widget.layout() != nullptr) {
            addLayout(*widget.layout());
        }
    }

    /// All of them move to where the earliest of them is now.
    void apply(const QWidget& window) const
    {
        QWidget* before = inputBefore(window);
        for (auto* input : m_inputs) {
            if (before != nullptr) {
                QWidget::setTabOrder(before, input);
            }
            before = input;
        }
    }

private:
    static bool takesTab(const QWidget& widget)
    {
        return (widget.focusPolicy() & Qt::TabFocus) != 0 && widget.focusProxy() == nullptr;
    }

    // The last that takes Tab before any of ours; null where ours are the first.
    QWidget* inputBefore(const QWidget& window) const
    {
        const std::set<const QWidget*> ours(m_inputs.begin(), m_inputs.end());
        QWidget* before = nullptr;
        for (auto* at = window.nextInFocusChain(); at != &window; at = at->nextInFocusChain()) {
            if (ours.contains(at)) {
                return before;
            }
            before = takesTab(*at) ? at : before;
        }
        return nullptr;
    }

    template <typename Container> void addPages(Container& container)
    {
        for (int i = 0; i < container.count(); ++i) {
            add(container.widget(i));
        }
    }

    void addLayout(QLayout& layout)
    {
        std::vector<QLayoutItem*> items;
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

    std::vector<QWidget*> m_inputs;
};

} // namespace

void followLayout(QWidget& root)
{
    ReadingOrder order;
    order.addParts(root);
    order.apply(*root.window());
}

} // namespace portreeve
