// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/overview/targetcard.h"

#include "core/proxy/targetoptions.h"
#include "ui/models/targetboard.h"
#include "ui/models/targettext.h"
#include "ui/widgets/statusbadge.h"
#include "ui/widgets/surface.h"
#include "ui/widgets/textlabel.h"
#include "ui/widgets/timetext.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portreeve {

TargetCard::TargetCard(const AppContext& context, const QString& targetId, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_id(targetId)
    , m_card(new Card(u" "_s, this))
    , m_badge(new StatusBadge(m_card))
    , m_last(new TextLabel({}, m_card))
    , m_next(makeMutedLabel({}, m_card))
    , m_problem(makeTextLabel({}, m_card))
    , m_compare(new QPushButton(theme::icon(u"changes"_s), tr("Compare"), m_card))
    , m_open(new QPushButton(theme::icon(u"proxy"_s), tr("Proxy"), m_card))
{
    setObjectName(u"targetCard"_s);
    m_last->setObjectName(u"lastDelivery"_s);
    m_problem->setObjectName(u"targetProblem"_s);
    m_compare->setObjectName(u"compareTarget"_s);
    m_open->setObjectName(u"openTarget"_s);
    m_card->addHeaderWidget(m_badge);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(theme::spacing(2));
    buttons->addWidget(m_compare);
    buttons->addWidget(m_open);
    buttons->addStretch(1);
    m_card->body()->addWidget(m_last);
    m_card->body()->addWidget(m_next);
    m_card->body()->addWidget(m_problem);
    m_card->body()->addStretch(1);
    m_card->body()->addLayout(buttons);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_card);
    connect(m_compare, &QPushButton::clicked, this, [this] {
        m_context.targets.requestPlan(m_id);
        emit openRequested(m_id);
    });
    connect(m_open, &QPushButton::clicked, this, [this] { emit openRequested(m_id); });
    connect(&context.targets, &TargetBoard::workChanged, this, [this](const QString& id) {
        if (id == m_id) {
            refresh();
        }
    });
    refresh();
}

void TargetCard::refresh()
{
    const ProxyTarget* target = m_context.targets.find(m_id);
    if (target == nullptr) {
        return;
    }
    m_card->setTitle(target->name);
    refreshState(*target);
    refreshFacts(*target);
    m_compare->setAccessibleName(tr("Compare with %1").arg(target->name));
    m_open->setAccessibleName(tr("Open %1").arg(target->name));
}

void TargetCard::refreshState(const ProxyTarget& target)
{
    const auto work = m_context.targets.work(m_id);
    m_badge->setStatus(targetStateIconName(target.state), targetStateRole(target.state),
        work ? deliveryTaskText(work->task) : targetStateText(target.state));
    m_compare->setEnabled(!work && target.state != TargetState::Disabled);
    const bool isHeld = target.state == TargetState::Held;
    QString text;
    if (isHeld) {
        text = target.stateReason.isEmpty() ? tr("Deletions wait for your decision.")
                                            : target.stateReason.translated();
    } else if (target.lastError && targetStateSeverity(target.state) > 1) {
        text = target.lastError->what.translated() + u' ' + target.lastError->remedy.translated();
    }
    m_problem->setText(text.trimmed());
    m_problem->setRole(isHeld ? theme::Role::Held : theme::Role::Error);
    m_problem->setVisible(!m_problem->text().isEmpty());
}

void TargetCard::refreshFacts(const ProxyTarget& target)
{
    const auto options = readTargetOptions(target);
    const bool isAsked = options && (options->usesSecret() || options->usesConsole());
    m_card->setSubtitle(
        isAsked ? tr("Proxy at %1").arg(options->serviceUrl().authority()) : tr("Proxy, by files"));
    if (target.lastSuccessAt) {
        m_last->setText(tr("Last delivery %1")
                .arg(relativeTime(*target.lastSuccessAt, m_context.clock.nowUtc())));
        m_last->setToolTip(exactTime(*target.lastSuccessAt));
    } else {
        m_last->setText(tr("Never delivered to"));
        m_last->setToolTip({});
    }
    QString next;
    if (target.state == TargetState::Disabled) {
        next = tr("Nothing is delivered while disabled");
    } else if (options && options->readOnly) {
        next = tr("Only looked at, never written to");
    } else if (options) {
        next = options->automatic ? tr("Delivered to after each change")
                                  : tr("Delivered to by hand only");
    }
    m_next->setText(next);
}

} // namespace portreeve
