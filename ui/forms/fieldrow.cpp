// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/forms/fieldrow.h"

#include "ui/forms/fieldeditor.h"
#include "ui/forms/secretedit.h"
#include "ui/theme/theme.h"
#include "ui/widgets/announce.h"
#include "ui/widgets/textlabel.h"

#include <QGridLayout>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace portreeve {

FieldRow::FieldRow(const FieldDescriptor& field, QWidget* parent)
    : QWidget(parent)
    , m_field(field)
    , m_label(new QLabel(this))
    , m_editor(makeEditor(field, this))
    , m_state(new TextLabel({}, this))
    , m_reset(new QToolButton(this))
    , m_help(makeMutedLabel(fieldHelp(field), this))
    , m_problem(new TextLabel({}, this))
{
    setObjectName(field.key + u"Row"_s);
    const QString label = fieldLabel(field);
    m_label->setText(m_editor->carriesLabel() ? QString() : label);
    m_label->setBuddy(m_editor->secret() != nullptr ? static_cast<QWidget*>(m_editor->secret())
                                                    : m_editor->input());
    m_label->setAlignment(Qt::AlignTrailing | Qt::AlignVCenter);
    m_state->setRole(theme::Role::Muted);
    m_reset->setIcon(theme::icon(u"undo"_s));
    m_reset->setAutoRaise(true);
    m_reset->setFocusPolicy(Qt::TabFocus);
    m_problem->setObjectName(field.key + u"Problem"_s);
    m_problem->setRole(theme::Role::Error);
    m_problem->setWordWrap(true);
    m_problem->hide();
    m_help->setVisible(!m_help->text().isEmpty());

    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setHorizontalSpacing(theme::spacing(3));
    layout->setVerticalSpacing(theme::spacing(1));
    layout->addWidget(m_label, 0, 0);
    layout->addWidget(m_editor, 0, 1);
    layout->addWidget(m_reset, 0, 2);
    layout->addWidget(m_state, 0, 3);
    layout->addWidget(m_problem, 1, 1);
    layout->addWidget(m_help, 2, 1);
    layout->setColumnStretch(1, 1);
    layout->setColumnMinimumWidth(3, fontMetrics().horizontalAdvance(tr("Default")) * 5 / 4);
    QSizePolicy kept = m_reset->sizePolicy();
    kept.setRetainSizeWhenHidden(true); // or every edit would move the editor's right edge
    m_reset->setSizePolicy(kept);

    connect(m_reset, &QToolButton::clicked, this, &FieldRow::reset);
    connect(m_editor, &FieldEditor::left, this, &FieldRow::left);
    connect(m_editor, &FieldEditor::edited, this, [this] {
        refreshState();
        emit edited();
    });
    setStored({});
}

void FieldRow::setStored(const QString& value)
{
    m_stored = value == m_field.defaultValue ? QString() : value;
    m_editor->setValue(m_stored.isEmpty() ? m_field.defaultValue : m_stored);
    refreshState();
}

void FieldRow::setSecretStored(bool stored)
{
    m_editor->secret()->setStored(stored);
    refreshState();
}

QString FieldRow::valueToStore() const
{
    const QString value = m_editor->value();
    return value == m_field.defaultValue ? QString() : value;
}

bool FieldRow::isEdited() const
{
    return m_editor->secret() != nullptr ? m_editor->secret()->isEdited()
                                         : valueToStore() != m_stored;
}

void FieldRow::setProblem(const QString& text)
{
    // Many a problem ends with the help as its remedy, which stands below in any case.
    QString shown = text;
    if (const QString help = m_help->text(); !help.isEmpty()) {
        shown = shown.remove(help).trimmed();
    }
    const bool isNew = !shown.isEmpty() && shown != m_problem->text();
    m_problem->setText(shown);
    m_problem->setVisible(!shown.isEmpty());
    if (isNew) {
        announce(m_problem, text);
    }
}

bool FieldRow::hasProblem() const
{
    return !m_problem->text().isEmpty();
}

int FieldRow::labelWidth() const
{
    return m_label->sizeHint().width();
}

void FieldRow::setLabelWidth(int width)
{
    m_label->setMinimumWidth(width);
}

void FieldRow::refreshState()
{
    const QString name = fieldName(m_field);
    const bool isSecret = m_editor->secret() != nullptr;
    const bool isDefault = valueToStore().isEmpty() && !m_field.defaultValue.isEmpty();
    const bool canReset
        = !isSecret && (isEdited() || (!m_stored.isEmpty() && !m_field.defaultValue.isEmpty()));
    m_reset->setVisible(canReset);
    const QString what
        = isEdited() ? tr("Reset %1 to the stored value") : tr("Reset %1 to its default");
    m_reset->setToolTip(what.arg(name));
    m_reset->setAccessibleName(m_reset->toolTip());
    if (isEdited()) {
        m_state->setText(tr("Edited"));
    } else {
        m_state->setText(isDefault && !isSecret ? tr("Default") : QString());
    }
}

void FieldRow::reset()
{
    if (isEdited()) {
        m_editor->setValue(m_stored.isEmpty() ? m_field.defaultValue : m_stored);
    } else {
        m_editor->setValue(m_field.defaultValue);
    }
    m_editor->input()->setFocus();
    refreshState();
    emit edited();
}

} // namespace portreeve
