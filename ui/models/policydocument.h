// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/policy/model.h"
#include "core/policy/targetlint.h"
#include "ui/models/groupcatalog.h"

#include <QObject>
#include <QString>

#include <optional>
#include <vector>

namespace portreeve {

/// One policy under edit, as text and as a model that follow each other. Text that does not parse
/// is kept as typed while the model stays at its last valid state.
class PolicyDocument final : public QObject
{
    Q_OBJECT

public:
    explicit PolicyDocument(QObject* parent = nullptr);

    /// Starts over with @p text as the saved state; forgets undo.
    void load(const QString& text);

    QString text() const { return m_text; }

    /// The last readable state of the text, with empty blocks the builder still holds.
    const policy::Policy& policy() const { return m_policy; }

    /// Whether the text is valid: a proxy of some edition takes it and the builder may rewrite it.
    bool isInStep() const { return m_inStep; }

    /// Whether policy() shows the text although every proxy would refuse it, e.g. for a criterion
    /// that does not exist.
    bool isReadable() const { return m_readable; }

    /// Of the text as it is now; lints too.
    const std::vector<policy::Diagnostic>& diagnostics() const { return m_diagnostics; }

    /// The groups the lint knows; findings are made anew.
    void setGroups(GroupCatalogPtr groups);

    /// The targets the lint is about; findings are made anew.
    void setTargets(std::vector<policy::NamedTarget> targets);

    bool isModified() const { return m_text != m_savedText; }

    void markSaved();

    /// From the text view, on every change.
    void editText(const QString& text);

    /// From the builder: @p changed becomes the policy and the text is rewritten. Ignored while
    /// the text is invalid, so that nothing typed is lost. @p label names the step for undo.
    void editPolicy(const QString& label, policy::Policy changed);

    bool canUndo() const { return m_inStep && !m_undo.empty(); }

    bool canRedo() const { return m_inStep && !m_redo.empty(); }

    QString undoLabel() const { return m_undo.empty() ? QString() : m_undo.back().label; }

    QString redoLabel() const { return m_redo.empty() ? QString() : m_redo.back().label; }

    void undo();
    void redo();

signals:
    /// The builder, undo or load changed the text: text views take it over.
    void textRewritten();
    /// The text, undo or load changed the policy: builders show it anew.
    void policyReplaced();
    /// Validity, diagnostics, modified state or undo steps changed.
    void stateChanged();

private:
    struct Step
    {
        QString label;
        policy::Policy policy;
        bool fromText = false;
    };

    void take(policy::Policy policy);
    void swap(std::vector<Step>& from, std::vector<Step>& to);
    bool rewriteText();
    std::optional<policy::Policy> parse(); // m_text; sets validity and findings

    QString m_text;
    QString m_savedText;
    policy::Policy m_policy;
    std::vector<policy::Diagnostic> m_diagnostics;
    GroupCatalogPtr m_groups;
    std::vector<policy::NamedTarget> m_targets;
    bool m_inStep = true;
    bool m_readable = true;
    std::vector<Step> m_undo;
    std::vector<Step> m_redo;
};

} // namespace portreeve
