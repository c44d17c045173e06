// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/providers/providerspage.h"

#include "ui/models/connectionwatch.h"
#include "ui/pages/providers/connectionlist.h"
#include "ui/pages/providers/connectionview.h"
#include "ui/pages/providers/setupwizard.h"
#include "ui/theme/theme.h"
#include "ui/widgets/confirmdialog.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/textlabel.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace portreeve {

ProvidersPage::ProvidersPage(const AppContext& context, QWidget* parent)
    : Page(parent)
    , m_context(context)
    , m_stack(new QStackedWidget(this))
    , m_empty(new EmptyState(this))
    , m_splitter(new QSplitter(this))
    , m_list(new StateList(this))
    , m_view(new ConnectionView(m_context, this))
    , m_wizard(new SetUpWizard(m_context, this))
{
    m_list->setObjectName(u"connectionList"_s);
    m_list->setAccessibleName(tr("Identity providers"));
    m_empty->setContent({ .icon = u"providers"_s,
        .title = tr("No identity provider yet"),
        .text = tr("Connect the directory that knows your people and groups. Portreeve reads it "
                   "and never writes to it."),
        .buttonText = tr("&Add identity provider") });
    m_splitter->addWidget(buildList());
    m_splitter->addWidget(m_view);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(1);
    // At first as wide as a state with its schedule.
    const int unit = fontMetrics().averageCharWidth();
    m_splitter->setSizes({ unit * 46, unit * 120 });
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_splitter);
    m_stack->addWidget(m_wizard);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    connectParts();
    refresh();
}

QWidget* ProvidersPage::buildList()
{
    auto* side = new QWidget(this);
    auto* add = new QPushButton(theme::icon(u"add"_s), tr("&Add…"), side);
    add->setObjectName(u"addConnection"_s);
    add->setToolTip(tr("Add identity provider (Ctrl+N)"));
    connect(add, &QPushButton::clicked, this, [this] { open(u"add"_s); });
    auto* header = new QHBoxLayout;
    header->setContentsMargins(
        theme::spacing(4), theme::spacing(4), theme::spacing(3), theme::spacing(3));
    header->addWidget(makeHeading(tr("Identity providers"), side), 1);
    header->addWidget(add);
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(header);
    layout->addWidget(m_list, 1);
    side->setMinimumWidth(fontMetrics().averageCharWidth() * 32);
    return side;
}

void ProvidersPage::connectParts()
{
    connect(m_empty, &EmptyState::actionRequested, this, &ProvidersPage::startWizard);
    connect(m_list, &QListWidget::currentRowChanged, this, [this] { select(m_list->currentId()); });
    connect(m_view, &ConnectionView::setUpRequested, this, &ProvidersPage::resumeWizard);
    connect(m_view, &ConnectionView::planRequested, this,
        [this](const QString& id) { emit navigationRequested(u"changes"_s, u"plan:"_s + id); });
    connect(m_wizard, &SetUpWizard::left, this, [this] {
        m_inWizard = false;
        refresh();
    });
    connect(m_wizard, &SetUpWizard::finished, this, [this](const QString& id) {
        m_inWizard = false;
        m_wanted = id;
        refresh();
    });
    connect(&m_context.connections, &ConnectionWatch::connectionsChanged, this,
        &ProvidersPage::refresh);
    connect(
        &m_context.connections, &ConnectionWatch::runChanged, this, &ProvidersPage::refreshList);
}

void ProvidersPage::refreshList()
{
    m_list->setEntries(connectionEntries(m_context));
}

void ProvidersPage::activate()
{
    m_context.connections.refresh();
}

void ProvidersPage::open(const QString& target)
{
    if (target == u"add") {
        startWizard();
        return;
    }
    if (target.startsWith(u"connection:")) {
        m_wanted = target.mid(target.indexOf(u':') + 1);
        m_inWizard = false;
        refresh();
    }
}

bool ProvidersPage::hasUnsavedChanges() const
{
    return m_inWizard ? m_wizard->hasUnsavedChanges() : m_view->hasUnsavedChanges();
}

QString ProvidersPage::unsavedName() const
{
    const Connection* connection = m_context.connections.find(m_view->connectionId());
    return m_inWizard || connection == nullptr ? tr("The new connection")
                                               : tr("“%1”").arg(connection->name);
}

void ProvidersPage::saveChanges(const std::function<void(bool)>& done)
{
    if (m_inWizard) {
        m_wizard->saveDraft(done);
    } else {
        m_view->save(done);
    }
}

void ProvidersPage::discardChanges()
{
    if (m_inWizard) {
        m_wizard->startNew();
        m_inWizard = false;
        refresh();
    } else {
        m_view->discard();
    }
}

void ProvidersPage::refresh()
{
    refreshList();
    const bool isEmpty = m_context.connections.connections().empty();
    m_stack->setCurrentWidget(m_inWizard ? static_cast<QWidget*>(m_wizard)
            : isEmpty                    ? static_cast<QWidget*>(m_empty)
                                         : m_splitter);
    if (isEmpty) {
        return;
    }
    if (!m_wanted.isEmpty() && m_context.connections.find(m_wanted) != nullptr) {
        m_list->setCurrentId(std::exchange(m_wanted, {}));
    }
    if (m_list->currentId().isEmpty()) {
        m_list->setCurrentRow(0);
    }
    select(m_list->currentId());
}

void ProvidersPage::select(const QString& connectionId)
{
    if (connectionId.isEmpty() || connectionId == m_view->connectionId()) {
        return;
    }
    const bool isGone = m_context.connections.find(m_view->connectionId()) == nullptr;
    if (isGone || !m_view->hasUnsavedChanges()) {
        m_view->showConnection(connectionId);
        return;
    }
    m_list->setCurrentId(m_view->connectionId());
    ConfirmDialog::ask(this,
        { .title = tr("Unsaved changes"),
            .text = tr("%1 has unsaved changes.").arg(unsavedName()),
            .verb = tr("&Save"),
            .alternative = tr("&Discard") },
        [this, connectionId](ConfirmDialog::Answer answer) {
            const auto proceed = [this, connectionId](bool mayLeave) {
                if (mayLeave) {
                    m_list->setCurrentId(connectionId);
                }
            };
            if (answer == ConfirmDialog::Answer::Confirmed) {
                m_view->save(proceed);
            } else if (answer == ConfirmDialog::Answer::Alternative) {
                m_view->discard();
                proceed(true);
            }
        });
}

void ProvidersPage::startWizard()
{
    m_inWizard = true;
    m_stack->setCurrentWidget(m_wizard);
    m_wizard->startNew();
}

void ProvidersPage::resumeWizard(const QString& connectionId)
{
    if (const Connection* connection = m_context.connections.find(connectionId)) {
        m_inWizard = true;
        m_stack->setCurrentWidget(m_wizard);
        m_wizard->resume(*connection);
    }
}

} // namespace portreeve
