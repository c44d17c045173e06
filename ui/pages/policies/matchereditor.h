// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/pages/policies/criterioneditor.h"

class QComboBox;
class QLineEdit;
class QToolButton;
class QVBoxLayout;

namespace portreeve {

/// Rows of "operator, value" that must all hold: the string matcher of policy.md 4.1, or the list
/// matcher of 4.2.
class MatcherEditor final : public CriterionEditor
{
    Q_OBJECT

public:
    struct Choice
    {
        QString key {}; ///< "starts_with"
        QString title {};
        bool isList = false; ///< the value is a list, typed with commas
    };

    MatcherEditor(std::vector<Choice> choices, QString placeholder, QWidget* parent);

    static std::vector<Choice> stringChoices();
    static std::vector<Choice> listChoices();

    void setData(const policy::Value& data) override;
    policy::Value data() const override;

private:
    struct Line
    {
        QWidget* widget = nullptr;
        QComboBox* op = nullptr;
        QLineEdit* value = nullptr;
        policy::Value original {}; // kept while its text is not changed: a number stays a number
        QString originalText {};
    };

    void addLine(const QString& op, const policy::Value& value);
    void addChoice();
    void removeLine(const QWidget* widget);
    policy::Value lineValue(const Line& line) const;
    bool isList(const QString& key) const;
    void updateButtons();

    std::vector<Choice> m_choices;
    QString m_placeholder;
    std::vector<Line> m_lines;
    QVBoxLayout* m_layout = nullptr;
    QToolButton* m_add = nullptr;
};

} // namespace portreeve
