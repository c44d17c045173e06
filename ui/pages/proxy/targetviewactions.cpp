// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/targetoptions.h"
#include "ui/models/capabilitiesmodel.h"
#include "ui/models/targetboard.h"
#include "ui/pages/proxy/blockdialog.h"
#include "ui/pages/proxy/targetview.h"
#include "ui/widgets/confirmdialog.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/tableview.h"
#include "ui/widgets/testpanel.h"

using namespace Qt::StringLiterals;

namespace portreeve {

void TargetView::test()
{
    if (!checkForm()) {
        return;
    }
    m_report->clear();
    const TargetEdit now = edit();
    m_context.deliveries.test({ .target = now.target, .typedSecrets = now.secrets.typed });
}

QWidget* TargetView::buildCapabilities()
{
    auto* table = new TableView(u"capabilities"_s, this);
    table->setObjectName(u"capabilities"_s);
    table->setAccessibleName(tr("What the proxy can do"));
    table->setRowsModel(m_capabilities);
    table->wrapTexts();
    return table;
}

void TargetView::refreshCapabilities()
{
    const auto options = readTargetOptions(m_target);
    m_capabilities->setCapabilities(
        options ? targetCapabilities(*options, m_measured) : std::vector<CapabilityRow>());
}

void TargetView::plan(DeliveryChoices::Foreign foreign)
{
    m_report->clear();
    m_message->dismiss(); // of the delivery before
    m_context.targets.requestPlan(m_target.id, { .foreign = foreign });
}

void TargetView::toggleEnabled()
{
    const bool isEnabled = m_target.state == TargetState::Disabled;
    setTargetEnabled(m_context, m_target.id, isEnabled)
        .then(this, [this, isEnabled](const Result<void>& done) {
            if (!done) {
                m_message->showError(done.error());
                return;
            }
            m_message->showMessage(MessageBar::Kind::Info,
                isEnabled ? tr("Enabled.") : tr("Disabled. What the proxy holds stays as it is."),
                { { .text = tr("&Undo"), .trigger = [this] { toggleEnabled(); } } });
            m_context.targets.refresh();
        });
}

void TargetView::askRemoval()
{
    ConfirmDialog::confirm(this,
        { .title = tr("Remove proxy"),
            .text = tr("Remove the proxy “%1”?").arg(m_target.name),
            .details
            = tr("What the proxy holds stays there. The history of deliveries stays here. "
                 "Its secrets are removed from the secret store, and links made for it can "
                 "no longer be shown."),
            .verb = tr("&Remove proxy"),
            .typedName = m_target.name },
        [this, target = m_target] {
            m_context.deliveries.cancel(target.id);
            removeTarget(m_context, target).then(this, [this](const Result<void>& done) {
                if (!done) {
                    m_message->showError(done.error());
                }
                fillForm();
                m_context.targets.refresh();
                emit removed();
            });
        });
}

void TargetView::discard()
{
    fillForm();
    if (m_isNew) {
        emit left();
    }
}

void TargetView::openBlocking()
{
    auto* dialog = new BlockDialog(m_context, m_target.id, this);
    dialog->open();
}

void TargetView::showJoin(const Result<JoinReport>& report)
{
    if (!report) {
        return; // shown with the other errors of its tasks
    }
    std::vector<TestStep> steps;
    steps.push_back({ .title = report->summary(), .ok = report->missing.empty() });
    for (const JoinMismatch& missing : report->missing) {
        const QString who = missing.email.isEmpty()
            ? missing.userId
            : tr("%1 (%2)").arg(missing.email, missing.userId);
        steps.push_back({ .title = Message::verbatim(who), .ok = false, .what = missing.reason });
    }
    for (const Message& warning : report->warnings) {
        steps.push_back({ .title = warning, .ok = false });
    }
    m_report->setSteps(steps, {}, std::nullopt);
}

} // namespace portreeve
