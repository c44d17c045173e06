// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/policydocument.h"

#include "core/policy/writer.h"

#include <utility>

namespace portreeve {

namespace {
constexpr std::size_t kMostUndoSteps = 200;
}

PolicyDocument::PolicyDocument(QObject* parent)
    : QObject(parent)
{
}

void PolicyDocument::load(const QString& text)
{
    m_undo.clear();
    m_redo.clear();
    m_policy = {};
    m_text = text;
    m_savedText = text;
    if (auto parsed = parse()) {
        m_policy = std::move(*parsed);
    }
    emit textRewritten();
    emit policyReplaced();
    emit stateChanged();
}

void PolicyDocument::markSaved()
{
    m_savedText = m_text;
    emit stateChanged();
}

void PolicyDocument::editText(const QString& text)
{
    if (text == m_text) {
        return;
    }
    m_text = text;
    auto parsed = parse();
    if (parsed && !(*parsed == m_policy)) {
        // Typing is one step, however many keys it took.
        if (m_undo.empty() || !m_undo.back().fromText) {
            m_undo.push_back({ tr("text edit"), m_policy, true });
        }
        m_redo.clear();
        m_policy = std::move(*parsed);
        emit policyReplaced();
    }
    emit stateChanged();
}

void PolicyDocument::editPolicy(const QString& label, policy::Policy changed)
{
    if (!m_inStep || changed == m_policy) {
        return;
    }
    m_undo.push_back({ label, m_policy, false });
    if (m_undo.size() > kMostUndoSteps) {
        m_undo.erase(m_undo.begin());
    }
    m_redo.clear();
    take(std::move(changed));
    emit stateChanged();
}

void PolicyDocument::undo()
{
    if (canUndo()) {
        swap(m_undo, m_redo);
    }
}

void PolicyDocument::redo()
{
    if (canRedo()) {
        swap(m_redo, m_undo);
    }
}

void PolicyDocument::swap(std::vector<Step>& from, std::vector<Step>& to)
{
    Step step = std::move(from.back());
    from.pop_back();
    to.push_back({ step.label, m_policy, step.fromText });
    take(std::move(step.policy));
    emit policyReplaced();
    emit stateChanged();
}

void PolicyDocument::take(policy::Policy policy)
{
    m_policy = std::move(policy);
    if (rewriteText()) {
        emit textRewritten();
    }
}

bool PolicyDocument::rewriteText()
{
    const auto written = policy::writePolicy(m_policy);
    if (!written) {
        m_diagnostics = policy::checkPolicy(m_policy);
        return false;
    }
    m_text = QString::fromUtf8(*written);
    parse();
    return true;
}

std::optional<policy::Policy> PolicyDocument::parse()
{
    auto checked = policy::checkForTargets(
        m_text.toUtf8(), m_targets, m_groups ? &m_groups->facts() : nullptr);
    m_readable = checked.policy.has_value();
    m_inStep = m_readable && !checked.hasErrors();
    m_diagnostics = std::move(checked.diagnostics);
    return checked.policy;
}

void PolicyDocument::setTargets(std::vector<policy::NamedTarget> targets)
{
    m_targets = std::move(targets);
    parse();
    emit stateChanged();
}

void PolicyDocument::setGroups(GroupCatalogPtr groups)
{
    m_groups = std::move(groups);
    parse();
    emit stateChanged();
}

} // namespace portreeve
