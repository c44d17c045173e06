// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/shell/shortcutsheet.h"

#include "ui/shell/actionregistry.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QTreeWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portreeve {

ShortcutSheet::ShortcutSheet(const ActionRegistry& actions, QWidget* parent)
    : InReadingOrder(parent)
{
    setObjectName(u"shortcutSheet"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Keyboard shortcuts"));
    auto* list = new QTreeWidget(this);
    list->setAccessibleName(windowTitle());
    list->setColumnCount(2);
    list->setHeaderLabels({ tr("Action"), tr("Keys") });
    list->setRootIsDecorated(false);
    list->setUniformRowHeights(true);
    for (const auto* action : actions.actions()) {
        if (!action->shortcut().isEmpty()) {
            new QTreeWidgetItem(list,
                { action->text().remove(u'&').remove(u'…'),
                    action->shortcut().toString(QKeySequence::NativeText) });
        }
    }
    list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(list);
    layout->addWidget(buttons);
    resize(fontMetrics().averageCharWidth() * 70, fontMetrics().height() * 26);
}

} // namespace portreeve
