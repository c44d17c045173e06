// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/policyedits.h"
#include "ui/pages/policies/criterioneditor.h"

#include <QWidget>

#include <optional>

class QScrollArea;

namespace portreeve {

class CriterionRow;
class EmptyState;
class RuleCard;
class TextLabel;

/// The policy as cards. Follows its document; stands still, disabled, while the text is invalid.
class PolicyBuilder final : public QWidget
{
    Q_OBJECT

public:
    PolicyBuilder(PolicyDocument& document, PolicyEnvironment environment, QWidget* parent);

    /// The synced groups changed.
    void refreshGroups();

    /// nullptr when there is no such condition, or the policy is too large for cards.
    CriterionRow* row(const CriterionPath& path) const;

private:
    void rebuild(std::optional<CriterionPath> focus);
    void followState();
    QWidget* makeCards();
    QWidget* makeFooter();

    PolicyDocument& m_document;
    PolicyEdits m_edits;
    PolicyEnvironment m_environment;
    TextLabel* m_invalid = nullptr;
    QScrollArea* m_scroll = nullptr;
    std::vector<RuleCard*> m_cards;
};

} // namespace portreeve
