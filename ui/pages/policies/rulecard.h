// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/policyedits.h"
#include "ui/pages/policies/criterioneditor.h"

#include <QFrame>

#include <optional>

class QComboBox;
class QHBoxLayout;
class QVBoxLayout;

namespace portreeve {

class CriterionRow;
class TextLabel;

/// One allow or deny block with its sections and conditions, and what it means in words.
class RuleCard final : public QFrame
{
    Q_OBJECT

public:
    RuleCard(PolicyEdits& edits, std::size_t rule, PolicyEnvironment environment, QWidget* parent);

    /// After an edit that left the structure as it is.
    void refreshSentence();

    /// nullptr when there is no such condition.
    CriterionRow* row(std::size_t list, std::size_t criterion) const;

    QWidget* firstFocus() const;

signals:
    /// The structure changed: show everything anew, then focus @p path where one is given.
    void structureChanged(std::optional<portreeve::CriterionPath> path);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const policy::Rule& rule() const;
    void buildHeader(QVBoxLayout* layout);
    void addRuleButtons(QHBoxLayout* header);
    void buildTrapNote(QVBoxLayout* layout);
    QWidget* buildList(std::size_t list);
    QComboBox* makeOperatorBox(std::size_t list);
    QWidget* makeAddCriterion(std::size_t list);
    QWidget* makeAddList();
    CriterionRow* makeRow(const CriterionPath& path);

    PolicyEdits& m_edits;
    std::size_t m_rule;
    PolicyEnvironment m_environment;
    QComboBox* m_action = nullptr;
    TextLabel* m_sentence = nullptr;
    std::vector<std::vector<CriterionRow*>> m_rows;
};

} // namespace portreeve
