// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/pages/policies/criterioneditor.h"

class QComboBox;
class QLineEdit;
class QToolButton;

namespace portreeve {

class TextLabel;

/// One group of the synced directory, by name and id, with its effective member count. The id may
/// be typed too: not every group of a policy has been synced yet.
class GroupEditor final : public CriterionEditor
{
    Q_OBJECT

public:
    GroupEditor(PolicyEnvironment environment, QWidget* parent);

    void setData(const policy::Value& data) override;
    policy::Value data() const override;

    /// Opens the list of groups.
    void pick();

private:
    void showGroup();
    void choose(const QString& id);

    PolicyEnvironment m_environment;
    QComboBox* m_op = nullptr;
    QLineEdit* m_id = nullptr;
    QToolButton* m_pick = nullptr;
    TextLabel* m_name = nullptr;
    policy::Value m_original;
    QString m_originalText;
};

/// Whether an editor of one group can show this matcher; several conditions need MatcherEditor.
bool fitsGroupEditor(const policy::Value& data);

} // namespace portreeve
