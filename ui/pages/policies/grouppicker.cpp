// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/policies/grouppicker.h"

#include "ui/models/grouppickmodel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/searchedit.h"
#include "ui/widgets/tableview.h"

#include <QDialogButtonBox>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portreeve {

GroupPicker::GroupPicker(GroupCatalogPtr groups, QWidget* parent)
    : InReadingOrder(parent)
    , m_groups(groups ? std::move(groups) : std::make_shared<const GroupCatalog>())
{
    setObjectName(u"groupPicker"_s);
    setWindowTitle(tr("Choose a group"));
    m_search = new SearchEdit(tr("Search groups by name or id"), this);
    m_search->setObjectName(u"search"_s);
    m_model = new GroupPickModel(m_groups, this);
    m_table = new TableView(u"groupPicker"_s, this);
    m_table->setObjectName(u"groups"_s);
    m_table->setAccessibleName(tr("Groups"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setRowsModel(m_model);
    m_empty = new EmptyState(this);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    m_ok = buttons->button(QDialogButtonBox::Ok);
    m_ok->setText(tr("Use this group"));
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(theme::spacing(2));
    layout->addWidget(m_search);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_empty, 1);
    layout->addWidget(buttons);
    connect(m_search, &QLineEdit::textChanged, this, &GroupPicker::search);
    connect(m_search, &QLineEdit::returnPressed, this, &GroupPicker::accept);
    connect(m_search, &SearchEdit::listRequested, m_table,
        [this] { m_table->setFocus(Qt::OtherFocusReason); });
    connect(m_table, &TableView::rowActivated, this, &GroupPicker::accept);
    connect(buttons, &QDialogButtonBox::accepted, this, &GroupPicker::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    search({});
    const QFontMetrics metrics = fontMetrics();
    resize(metrics.averageCharWidth() * 100, metrics.height() * 26);
}

void GroupPicker::search(const QString& text)
{
    m_model->show(m_groups->search(text));
    const bool any = m_model->rowCount() > 0;
    m_table->setVisible(any);
    m_empty->setVisible(!any);
    if (m_groups->entries().empty()) {
        m_empty->setContent({ .icon = u"group"_s,
            .title = tr("No groups yet"),
            .text = tr("Groups appear here after the first sync. You can also type an id.") });
    } else {
        m_empty->setContent({ .icon = u"search"_s,
            .title = tr("No match"),
            .text = tr("No group has “%1” in its name or id.").arg(text) });
    }
    if (any) {
        m_table->selectRow(0);
    }
    m_ok->setEnabled(any);
}

void GroupPicker::accept()
{
    const std::optional<Row> row = m_table->currentRow();
    if (!row) {
        return;
    }
    emit groupChosen(m_model->entry(*row).id);
    InReadingOrder::accept();
}

} // namespace portreeve
