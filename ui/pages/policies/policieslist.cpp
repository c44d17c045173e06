// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/policies/policieslist.h"

#include "ui/theme/theme.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/tableview.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QStackedLayout>
#include <QTabBar>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portreeve {

PoliciesList::PoliciesList(const PolicyLibrary& library, QWidget* parent)
    : QWidget(parent)
    , m_library(library)
{
    m_policyModel = new PolicyListModel(library, this);
    m_routeModel = new RouteListModel(library, this);
    m_tabs = new QTabBar(this);
    m_tabs->setObjectName(u"kind"_s);
    m_tabs->setAccessibleName(tr("Policies or routes"));
    m_tabs->addTab(tr("Policies"));
    m_tabs->addTab(tr("Routes"));
    m_tabs->setExpanding(false);
    m_tabs->setDrawBase(false);
    const auto makeTable = [this](const QString& name, const QString& title, RowsModel* model) {
        auto* table = new TableView(name, this);
        table->setObjectName(name);
        table->setAccessibleName(title);
        table->setSelectionMode(QAbstractItemView::SingleSelection);
        table->setRowsModel(model);
        connect(table, &TableView::currentRowChanged, this, [this, model](std::optional<Row> row) {
            if (!m_quiet && row) {
                emit openRequested(kind(), model->rowKey(*row));
            }
        });
        return table;
    };
    m_policies = makeTable(u"policyList"_s, tr("Policies"), m_policyModel);
    m_routes = makeTable(u"routeList"_s, tr("Routes"), m_routeModel);
    m_empty = new EmptyState(this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme::spacing(2));
    layout->addWidget(m_tabs);
    m_stack = new QStackedLayout;
    m_stack->addWidget(m_policies);
    m_stack->addWidget(m_routes);
    m_stack->addWidget(m_empty);
    layout->addLayout(m_stack, 1);
    buildButtons(layout);
    connect(m_tabs, &QTabBar::currentChanged, this, &PoliciesList::showKind);
    connect(m_empty, &EmptyState::actionRequested, this, [this] { emit addRequested(kind()); });
    m_table = m_policies;
    showContent();
}

void PoliciesList::buildButtons(QVBoxLayout* layout)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(theme::spacing(2));
    const auto make = [&](const QString& name, const QString& text) {
        auto* button = new QPushButton(text, this);
        button->setObjectName(name);
        row->addWidget(button);
        return button;
    };
    m_add = make(u"add"_s, tr("Ne&w"));
    m_duplicate = make(u"duplicate"_s, tr("D&uplicate"));
    m_remove = make(u"removeEntry"_s, tr("Delete…"));
    row->addStretch();
    layout->addLayout(row);
    connect(m_add, &QPushButton::clicked, this, [this] { emit addRequested(kind()); });
    connect(m_duplicate, &QPushButton::clicked, this,
        [this] { emit duplicateRequested(kind(), currentId()); });
    connect(m_remove, &QPushButton::clicked, this,
        [this] { emit removeRequested(kind(), currentId()); });
}

PolicyKind PoliciesList::kind() const
{
    return m_tabs->currentIndex() == 0 ? PolicyKind::Policy : PolicyKind::Route;
}

bool PoliciesList::isEmpty() const
{
    return m_table->rowsModel()->rowCount() == 0;
}

void PoliciesList::setKind(PolicyKind kind)
{
    m_tabs->setCurrentIndex(kind == PolicyKind::Policy ? 0 : 1);
}

QString PoliciesList::currentId() const
{
    const std::optional<Row> row = m_table->currentRow();
    return row ? m_table->rowsModel()->rowKey(*row) : QString();
}

void PoliciesList::select(PolicyKind kind, const QString& id)
{
    const QScopedValueRollback quiet(m_quiet, true);
    setKind(kind);
    if (id.isEmpty()) {
        m_table->clearSelection();
        m_table->setCurrentIndex({});
    } else {
        m_table->selectKey(id);
    }
    showContent();
}

void PoliciesList::refresh()
{
    const QScopedValueRollback quiet(m_quiet, true);
    m_policyModel->refresh();
    m_routeModel->refresh();
    showContent();
}

void PoliciesList::showKind()
{
    m_table = kind() == PolicyKind::Policy ? m_policies : m_routes;
    showContent();
    emit kindChanged(kind());
}

void PoliciesList::showContent()
{
    const bool any = !isEmpty();
    setFocusProxy(any ? static_cast<QWidget*>(m_table) : m_add);
    m_stack->setCurrentWidget(any ? static_cast<QWidget*>(m_table) : m_empty);
    if (kind() == PolicyKind::Policy) {
        m_empty->setContent({ .icon = u"policies"_s,
            .title = tr("No policies yet"),
            .text = tr("A policy says who gets in, by group, e-mail, device and more."),
            .buttonText = tr("Write the first policy") });
    } else {
        m_empty->setContent({ .icon = u"access"_s,
            .title = tr("No routes yet"),
            .text = tr("A route leads from a public address to a service, guarded by policies."),
            .buttonText = tr("Add the first route") });
    }
    m_duplicate->setEnabled(!currentId().isEmpty());
    m_remove->setEnabled(!currentId().isEmpty());
}

} // namespace portreeve
