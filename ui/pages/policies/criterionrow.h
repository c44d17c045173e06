// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/policy/model.h"
#include "ui/pages/policies/criterioneditor.h"

#include <QWidget>

class QHBoxLayout;
class QLineEdit;
class QToolButton;
class QVBoxLayout;

namespace portreeve {

/// One condition of a section: its name, its editor, its warning, and buttons to move or remove
/// it. Alt+Up and Alt+Down move it, Ctrl+Delete removes it.
class CriterionRow final : public QWidget
{
    Q_OBJECT

public:
    CriterionRow(
        policy::Criterion criterion, const PolicyEnvironment& environment, QWidget* parent);

    void setMovable(bool up, bool down);
    void focusEditor();

signals:
    void edited(const policy::Criterion& criterion);
    void moveRequested(int by);
    void removeRequested();

private:
    void buildEditor(QVBoxLayout* column, const PolicyEnvironment& environment);
    void buildButtons(QHBoxLayout* row);
    void addBadges(QVBoxLayout* column);
    void takeEdit();

    policy::Criterion m_criterion;
    QLineEdit* m_claimPath = nullptr;
    CriterionEditor* m_editor = nullptr;
    QToolButton* m_up = nullptr;
    QToolButton* m_down = nullptr;
};

} // namespace portreeve
