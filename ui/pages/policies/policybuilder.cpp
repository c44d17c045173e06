// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/policies/policybuilder.h"

#include "ui/pages/policies/criterionrow.h"
#include "ui/pages/policies/rulecard.h"
#include "ui/theme/theme.h"
#include "ui/widgets/textlabel.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTimer>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

// Cards cost about a millisecond each to build; a policy this long was written by a program.
constexpr std::size_t kMostCriteria = 300;

std::size_t criterionCount(const policy::Policy& policy)
{
    std::size_t count = 0;
    for (const policy::Rule& rule : policy.rules) {
        for (const policy::OperatorList& list : rule.lists) {
            count += list.criteria.size();
        }
    }
    return count;
}

} // namespace

PolicyBuilder::PolicyBuilder(
    PolicyDocument& document, PolicyEnvironment environment, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_edits(document)
    , m_environment(std::move(environment))
{
    setObjectName(u"policyBuilder"_s);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_invalid = makeTextLabel({}, this);
    m_invalid->setObjectName(u"invalidNote"_s);
    m_invalid->setRole(theme::Role::Error);
    m_scroll = new QScrollArea(this);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    layout->addWidget(m_invalid);
    layout->addWidget(m_scroll, 1);
    connect(&m_document, &PolicyDocument::policyReplaced, this, [this] { rebuild({}); });
    connect(&m_document, &PolicyDocument::stateChanged, this, &PolicyBuilder::followState);
    rebuild({});
    followState();
}

void PolicyBuilder::refreshGroups()
{
    rebuild({});
}

CriterionRow* PolicyBuilder::row(const CriterionPath& path) const
{
    return path.rule < m_cards.size() ? m_cards[path.rule]->row(path.list, path.criterion)
                                      : nullptr;
}

void PolicyBuilder::followState()
{
    const bool inStep = m_document.isInStep();
    m_invalid->setVisible(!inStep);
    m_invalid->setText(m_document.isReadable()
            ? tr("⚠ The proxy would refuse this policy: see the findings. It can be edited here "
                 "again once the text is mended.")
            : tr("⚠ The text cannot be read as a policy. The builder shows its last valid state "
                 "and waits until the text is mended or the change is undone."));
    m_scroll->widget()->setEnabled(inStep);
    if (m_cards.size() != m_document.policy().rules.size()) {
        return; // a block came or went: the cards are built anew in a moment
    }
    for (RuleCard* card : m_cards) {
        card->refreshSentence();
    }
}

void PolicyBuilder::rebuild(std::optional<CriterionPath> focus)
{
    const int scrolled = m_scroll->verticalScrollBar()->value();
    const bool hadFocus = m_scroll->isAncestorOf(focusWidget()) && focusWidget()->hasFocus();
    m_cards.clear();
    QWidget* cards = makeCards();
    // A card may be the sender of the signal that brought us here.
    if (QWidget* old = m_scroll->takeWidget()) {
        old->hide();
        old->deleteLater();
    }
    m_scroll->setWidget(cards);
    cards->setEnabled(m_document.isInStep());
    m_scroll->verticalScrollBar()->setValue(scrolled);
    CriterionRow* target = focus ? row(*focus) : nullptr;
    if (target != nullptr) {
        target->focusEditor();
        // The layout is not done yet, so the row has no place to scroll to.
        QTimer::singleShot(0, target, [this, target] { m_scroll->ensureWidgetVisible(target); });
    } else if (hadFocus && !m_cards.empty()) {
        m_cards.front()->firstFocus()->setFocus(Qt::OtherFocusReason);
    }
}

QWidget* PolicyBuilder::makeCards()
{
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, theme::spacing(2), 0);
    layout->setSpacing(theme::spacing(3));
    const policy::Policy& policy = m_document.policy();
    if (criterionCount(policy) > kMostCriteria) {
        layout->addWidget(makeMutedLabel(
            tr("This policy has %n condition(s), too many for cards. Edit it as text.", nullptr,
                static_cast<int>(criterionCount(policy))),
            content));
        layout->addStretch();
        return content;
    }
    if (policy.rules.empty()) {
        layout->addWidget(makeMutedLabel(
            tr("This policy has no blocks: it lets no one in. Add an allow block and say whom it "
               "lets in."),
            content));
    }
    for (std::size_t i = 0; i < policy.rules.size(); ++i) {
        auto* card = new RuleCard(m_edits, i, m_environment, content);
        connect(card, &RuleCard::structureChanged, this, &PolicyBuilder::rebuild);
        m_cards.push_back(card);
        layout->addWidget(card);
    }
    layout->addWidget(makeFooter());
    layout->addStretch();
    return content;
}

QWidget* PolicyBuilder::makeFooter()
{
    auto* footer = new QWidget;
    auto* row = new QHBoxLayout(footer);
    row->setContentsMargins(0, 0, 0, 0);
    const auto add = [&](const QString& name, const QString& text, policy::Action action) {
        auto* button = new QPushButton(text, footer);
        button->setObjectName(name);
        connect(button, &QPushButton::clicked, this, [this, action] {
            m_edits.addRule(action);
            rebuild({});
            m_cards.back()->firstFocus()->setFocus(Qt::OtherFocusReason);
        });
        row->addWidget(button);
    };
    add(u"addAllow"_s, tr("Add &allow block"), policy::Action::Allow);
    add(u"addDeny"_s, tr("Add deny bloc&k"), policy::Action::Deny);
    row->addStretch();
    return footer;
}

} // namespace portreeve
