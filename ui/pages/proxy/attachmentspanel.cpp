// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/proxy/attachmentspanel.h"

#include "ui/models/attachmentsmodel.h"
#include "ui/pages/proxy/attachdialog.h"
#include "ui/theme/theme.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/tableview.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace portreeve {

AttachmentsPanel::AttachmentsPanel(const AppContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_model(new AttachmentsModel(this))
    , m_message(new MessageBar(this))
    , m_stack(new QStackedWidget(this))
    , m_table(new TableView(u"attachments"_s, this))
    , m_empty(new EmptyState(this))
    , m_attach(new QPushButton(theme::icon(u"add"_s), tr("Attach po&licy…"), this))
    , m_detach(new QPushButton(theme::icon(u"remove"_s), tr("Ta&ke off"), this))
{
    m_table->setObjectName(u"attachments"_s);
    m_table->setAccessibleName(tr("Policies on routes of others"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setRowsModel(m_model);
    m_attach->setObjectName(u"attachPolicy"_s);
    m_detach->setObjectName(u"detachPolicy"_s);
    m_detach->setToolTip(tr("Take the policy off that route again"));
    m_empty->setContent({ .icon = u"policies"_s,
        .title = tr("No policy on a route of others"),
        .text = tr("A policy of yours can also apply to a route that somebody else keeps at this "
                   "proxy. Nothing else of that route is touched.") });
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_table);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(theme::spacing(2));
    buttons->addWidget(m_attach);
    buttons->addWidget(m_detach);
    buttons->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, theme::spacing(3), 0, theme::spacing(3));
    layout->setSpacing(theme::spacing(3));
    layout->addWidget(m_message);
    layout->addWidget(m_stack, 1);
    layout->addLayout(buttons);
    connect(m_attach, &QPushButton::clicked, this, &AttachmentsPanel::askWhatToAttach);
    connect(m_detach, &QPushButton::clicked, this, &AttachmentsPanel::detach);
    connect(m_table, &TableView::currentRowChanged, this, &AttachmentsPanel::refreshButtons);
    connect(&m_context.deliveries, &DeliveryService::attachFinished, this,
        [this](const QString& id, const Result<AttachedPolicy>& answer) {
            if (id == m_targetId) {
                showAnswer(answer);
            }
        });
    refreshButtons();
}

void AttachmentsPanel::showTarget(const QString& targetId)
{
    m_targetId = targetId;
    m_message->dismiss();
    m_model->setAttachments({}, m_context.clock.nowUtc());
    refresh();
}

void AttachmentsPanel::setAttachingEnabled(bool isEnabled)
{
    m_canAttach = isEnabled;
    refreshButtons();
}

void AttachmentsPanel::refresh()
{
    if (m_targetId.isEmpty()) {
        m_stack->setCurrentWidget(m_empty);
        refreshButtons();
        return;
    }
    m_context.store.run([id = m_targetId](Store& store) { return store.attachments().list(id); })
        .then(this, [this, request = ++m_request](const Result<std::vector<AttachedPolicy>>& all) {
            if (request != m_request) {
                return;
            }
            if (!all) {
                m_message->showError(all.error());
                return;
            }
            m_model->setAttachments(*all, m_context.clock.nowUtc());
            m_stack->setCurrentWidget(
                all->empty() ? static_cast<QWidget*>(m_empty) : static_cast<QWidget*>(m_table));
            refreshButtons();
        });
}

void AttachmentsPanel::askWhatToAttach()
{
    auto* dialog = new AttachDialog(m_context, m_targetId, this);
    dialog->open();
}

void AttachmentsPanel::detach()
{
    const auto row = m_table->currentRow();
    if (!row) {
        return;
    }
    const AttachedPolicy& attachment = m_model->attachment(*row);
    m_context.deliveries.setAttached({ .targetId = m_targetId,
        .routeId = attachment.routeId,
        .policy = attachment.policyId,
        .attached = false });
}

void AttachmentsPanel::showAnswer(const Result<AttachedPolicy>& answer)
{
    refresh();
    if (!answer) {
        m_message->showError(answer.error());
        return;
    }
    const AttachRequest undo { .targetId = m_targetId,
        .routeId = answer->routeId,
        .policy = answer->policyId,
        .attached = !answer->wanted };
    m_message->showMessage(MessageBar::Kind::Success,
        (answer->wanted ? tr("“%1” goes to the route “%2” with the next delivery.")
                        : tr("“%1” leaves the route “%2” with the next delivery."))
            .arg(answer->policyName, answer->routeName),
        { { .text = tr("&Undo"),
            .trigger = [this, undo] { m_context.deliveries.setAttached(undo); } } });
}

void AttachmentsPanel::refreshButtons()
{
    const auto row = m_table->currentRow();
    m_attach->setEnabled(m_canAttach && !m_targetId.isEmpty());
    m_detach->setEnabled(row && m_model->attachment(*row).wanted);
}

} // namespace portreeve
