// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/pages/policies/criterioneditor.h"

class QComboBox;
class QLineEdit;
class QStackedWidget;
class QToolButton;

namespace portreeve {

class TextLabel;

/// One group of the synced directory, by name, connection and effective member count, its id in the
/// tooltip. The id may be typed too: not every group of a policy has been synced yet.
class GroupEditor final : public CriterionEditor
{
    Q_OBJECT

public:
    GroupEditor(PolicyEnvironment environment, QWidget* parent);

    void setData(const policy::Value& data) override;
    policy::Value data() const override;

    /// Opens the list of groups.
    void pick();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void makeValue();
    void showGroup();
    void editId();
    void choose(const QString& id);

    PolicyEnvironment m_environment;
    QComboBox* m_op = nullptr;
    QStackedWidget* m_value
        = nullptr; ///< the group's name, or its id while that is typed or unknown
    QToolButton* m_chip = nullptr;
    QLineEdit* m_id = nullptr;
    QToolButton* m_pick = nullptr;
    TextLabel* m_name = nullptr;
    bool m_isEditingId = false; ///< from its focus on: a known id must not turn into a name halfway
    policy::Value m_original;
    QString m_originalText;
};

/// Whether an editor of one group can show this matcher; several conditions need MatcherEditor.
bool fitsGroupEditor(const policy::Value& data);

} // namespace portreeve
