// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/store/records.h"
#include "ui/models/policydocument.h"
#include "ui/pages/policies/criterioneditor.h"

#include <QWidget>

class QAction;
class QCheckBox;
class QLineEdit;
class QSplitter;
class QToolButton;

namespace portreeve {

class DiagnosticsModel;
class PolicyBuilder;
class PolicyTextView;
class TableView;
class TextLabel;

/// One policy: name and description, builder beside text, findings below.
class PolicyEditor final : public QWidget
{
    Q_OBJECT

public:
    explicit PolicyEditor(PolicyEnvironment environment, QWidget* parent = nullptr);

    /// @p stored  becomes the saved state; a policy without an id is new
    void setPolicy(const StoredPolicy& stored);

    /// What is shown was saved as @p stored: clean from here on, undo and place are kept.
    void acceptSaved(const StoredPolicy& stored);

    /// As edited. The text is the document's, valid or not.
    StoredPolicy policy() const;

    bool isModified() const;

    /// Why it cannot be saved; empty when it can.
    QString problem() const;

    /// The groups of the environment changed.
    void refreshGroups();

    /// The targets of the environment changed.
    void refreshTargets();

    PolicyDocument& document() { return m_document; }

    PolicyBuilder* builder() const { return m_builder; }

    PolicyTextView* textView() const { return m_text; }

    void focusName();

signals:
    void edited();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeHead();
    QWidget* makeToolRow();
    void makeViews();
    void followDocument();
    void showFindings();

    PolicyEnvironment m_environment;
    PolicyDocument m_document;
    StoredPolicy m_saved;
    QLineEdit* m_name = nullptr;
    QLineEdit* m_description = nullptr;
    QLineEdit* m_refusal = nullptr;
    QLineEdit* m_remedy = nullptr;
    QCheckBox* m_enforced = nullptr;
    QAction* m_undo = nullptr;
    QAction* m_redo = nullptr;
    QToolButton* m_showText = nullptr;
    TextLabel* m_findingSummary = nullptr;
    PolicyBuilder* m_builder = nullptr;
    PolicyTextView* m_text = nullptr;
    DiagnosticsModel* m_findings = nullptr;
    TableView* m_findingTable = nullptr;
    QSplitter* m_split = nullptr;
};

} // namespace portreeve
