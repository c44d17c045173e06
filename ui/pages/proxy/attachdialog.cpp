// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/proxy/attachdialog.h"

#include "ui/theme/theme.h"
#include "ui/widgets/announce.h"
#include "ui/widgets/textlabel.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace portreeve {

AttachDialog::AttachDialog(const AppContext& context, const QString& targetId, QWidget* parent)
    : InReadingOrder(parent)
    , m_context(context)
    , m_targetId(targetId)
    , m_route(new QComboBox(this))
    , m_policy(new QComboBox(this))
    , m_attach(new QPushButton(tr("&Attach"), this))
    , m_answer(makeTextLabel(tr("Asking the proxy for its routes…"), this))
{
    setObjectName(u"attachDialog"_s);
    setWindowTitle(tr("Attach policy"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_route->setObjectName(u"foreignRoute"_s);
    m_policy->setObjectName(u"attachedPolicy"_s);
    m_attach->setObjectName(u"attachButton"_s);
    m_answer->setObjectName(u"attachAnswer"_s);
    for (auto* choice : { m_route, m_policy }) {
        choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        choice->setMinimumContentsLength(40);
    }
    auto* routeLabel = new QLabel(tr("&Route of somebody else:"), this);
    routeLabel->setBuddy(m_route);
    auto* policyLabel = new QLabel(tr("&Policy:"), this);
    policyLabel->setBuddy(m_policy);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    buttons->addButton(m_attach, QDialogButtonBox::AcceptRole);
    auto* layout = new QGridLayout(this);
    layout->setSpacing(theme::spacing(2));
    layout->addWidget(makeTextLabel(tr("The policy then decides there together with those the "
                                       "route has already. Nothing else of it is touched. The "
                                       "next delivery brings it there."),
                          this),
        0, 0, 1, 2);
    layout->addWidget(routeLabel, 1, 0);
    layout->addWidget(m_route, 1, 1);
    layout->addWidget(policyLabel, 2, 0);
    layout->addWidget(m_policy, 2, 1);
    layout->addWidget(m_answer, 3, 0, 1, 2);
    layout->addWidget(buttons, 4, 0, 1, 2);
    layout->setColumnStretch(1, 1);
    connect(buttons, &QDialogButtonBox::accepted, this, &AttachDialog::attach);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(&m_context.deliveries, &DeliveryService::routesListed, this,
        [this](const QString& id, const Result<std::vector<ForeignRoute>>& routes) {
            if (id == m_targetId) {
                takeRoutes(routes);
            }
        });
    connect(&m_context.deliveries, &DeliveryService::attachFinished, this,
        [this](const QString& id, const Result<AttachedPolicy>& answer) {
            if (id == m_targetId && m_isBusy) {
                takeAnswer(answer);
            }
        });
    refreshButtons();
    loadPolicies();
    m_context.deliveries.listRoutes(m_targetId);
}

void AttachDialog::loadPolicies()
{
    m_context.store.run([](Store& store) { return store.policies().policies(); })
        .then(this, [this](const Result<std::vector<StoredPolicy>>& policies) {
            if (!policies) {
                say(policies.error().what.translated(), true);
                return;
            }
            for (const StoredPolicy& policy : *policies) {
                m_policy->addItem(policy.name, policy.id);
            }
            refreshButtons();
        });
}

void AttachDialog::takeRoutes(const Result<std::vector<ForeignRoute>>& routes)
{
    m_route->clear();
    if (!routes) {
        say(routes.error().what.translated() + u' ' + routes.error().remedy.translated(), true);
        refreshButtons();
        return;
    }
    for (const ForeignRoute& route : *routes) {
        const QString keeper = route.keeper.isEmpty() ? tr("nobody named") : route.keeper;
        m_route->addItem(
            tr("%1 (%2, kept by %3)").arg(route.name, route.address, keeper), route.id);
    }
    say(routes->empty() ? tr("The proxy holds no route of somebody else.") : QString(), false);
    refreshButtons();
}

void AttachDialog::attach()
{
    m_isBusy = true;
    refreshButtons();
    say(tr("Asking the proxy…"), false);
    m_context.deliveries.setAttached({ .targetId = m_targetId,
        .routeId = m_route->currentData().toString(),
        .policy = m_policy->currentData().toString() });
}

void AttachDialog::takeAnswer(const Result<AttachedPolicy>& answer)
{
    m_isBusy = false;
    if (answer) {
        accept();
        return;
    }
    say(answer.error().what.translated() + u' ' + answer.error().remedy.translated(), true);
    refreshButtons();
}

void AttachDialog::say(const QString& text, bool isError)
{
    m_answer->setRole(isError ? std::optional(theme::Role::Error) : std::nullopt);
    m_answer->setText(text);
    announce(m_answer, text);
}

void AttachDialog::refreshButtons()
{
    m_route->setEnabled(!m_isBusy && m_route->count() > 0);
    m_policy->setEnabled(!m_isBusy && m_policy->count() > 0);
    m_attach->setEnabled(m_route->isEnabled() && m_policy->isEnabled());
}

} // namespace portreeve
