// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/forms/optionsform.h"

#include "ui/forms/fieldeditor.h"
#include "ui/forms/fieldrow.h"
#include "ui/forms/secretedit.h"
#include "ui/theme/theme.h"
#include "ui/widgets/textlabel.h"

#include <QStringList>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

OptionsForm::OptionsForm(std::vector<FieldDescriptor> fields, Check check, QWidget* parent)
    : QWidget(parent)
    , m_fields(std::move(fields))
    , m_check(std::move(check))
    , m_usual(new QVBoxLayout)
    , m_advanced(new QVBoxLayout)
    , m_advancedBox(new QWidget(this))
    , m_disclosure(new QToolButton(this))
    , m_unknownText(makeMutedLabel({}, this))
{
    setObjectName(u"optionsForm"_s);
    m_disclosure->setObjectName(u"advancedDisclosure"_s);
    m_disclosure->setText(tr("Advanced settings"));
    m_disclosure->setCheckable(true);
    m_disclosure->setAutoRaise(true);
    m_disclosure->setFocusPolicy(Qt::StrongFocus);
    m_disclosure->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_disclosure->setIcon(theme::icon(u"chevron-right"_s));
    m_advancedBox->setLayout(m_advanced);
    m_advanced->setContentsMargins(0, 0, 0, 0);
    m_unknownText->setObjectName(u"unknownOptions"_s);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    for (auto* column : { m_usual, m_advanced, layout }) {
        column->setSpacing(theme::spacing(3));
    }
    layout->addLayout(m_usual);
    layout->addWidget(m_disclosure, 0, Qt::AlignLeading);
    layout->addWidget(m_advancedBox);
    layout->addWidget(m_unknownText);
    for (const auto& field : m_fields) {
        addRow(field);
    }
    const bool hasAdvanced = std::any_of(
        m_fields.begin(), m_fields.end(), [](const auto& field) { return field.advanced; });
    m_disclosure->setVisible(hasAdvanced);
    m_advancedBox->hide();
    connect(m_disclosure, &QToolButton::toggled, this, [this](bool open) {
        m_advancedBox->setVisible(open);
        m_disclosure->setIcon(theme::icon(open ? u"chevron-down"_s : u"chevron-right"_s));
    });
    setLabelWidth(labelWidth());
    setValues({}, {});
}

// The focus leaves a field while its form is torn down: nobody may ask the rows about it then.
OptionsForm::~OptionsForm()
{
    for (auto* row : m_rows) {
        disconnect(row, nullptr, this, nullptr);
    }
}

void OptionsForm::setValues(const OptionValues& stored, const std::vector<QString>& storedSecrets)
{
    m_unknown = stored;
    for (auto* row : m_rows) {
        const QString& key = row->field().key;
        row->setProblem({});
        m_unknown.remove(key);
        if (row->field().kind == FieldKind::Secret) {
            row->setSecretStored(
                std::find(storedSecrets.begin(), storedSecrets.end(), key) != storedSecrets.end());
        } else {
            row->setStored(stored.value(key));
        }
    }
    QStringList unknown = m_unknown.keys();
    unknown.sort();
    m_unknownText->setText(
        tr("Stored, but not used by this version: %1").arg(unknown.join(u", "_s)));
    m_unknownText->setVisible(!unknown.isEmpty());
    refreshVisibility();
}

OptionValues OptionsForm::values() const
{
    OptionValues values = m_unknown;
    values.insert(editedValues());
    return values;
}

QHash<QString, QString> OptionsForm::typedSecrets() const
{
    QHash<QString, QString> typed;
    for (const auto* row : m_rows) {
        const auto* secret = row->editor()->secret();
        if (secret != nullptr && !secret->typed().isEmpty()) {
            typed.insert(row->field().key, secret->typed());
        }
    }
    return typed;
}

std::vector<QString> OptionsForm::removedSecrets() const
{
    std::vector<QString> removed;
    for (const auto* row : m_rows) {
        const auto* secret = row->editor()->secret();
        if (secret != nullptr && secret->isRemovalWanted()) {
            removed.push_back(row->field().key);
        }
    }
    std::sort(removed.begin(), removed.end());
    return removed;
}

std::vector<QString> OptionsForm::presentSecrets() const
{
    std::vector<QString> present;
    for (const auto* row : m_rows) {
        const auto* secret = row->editor()->secret();
        if (secret != nullptr && !secret->isRemovalWanted()
            && (secret->isStored() || !secret->typed().isEmpty())) {
            present.push_back(row->field().key);
        }
    }
    std::sort(present.begin(), present.end());
    return present;
}

bool OptionsForm::isDirty() const
{
    return std::any_of(
        m_rows.begin(), m_rows.end(), [](const FieldRow* row) { return row->isEdited(); });
}

bool OptionsForm::check()
{
    const auto wrong = problems();
    for (auto* row : m_rows) {
        row->setProblem({});
    }
    for (const auto& problem : wrong) {
        showProblem(problem.key, problem.what.translated() + u' ' + problem.remedy.translated());
    }
    return wrong.empty();
}

QWidget* OptionsForm::firstInvalid() const
{
    const auto found = std::find_if(
        m_rows.begin(), m_rows.end(), [](const FieldRow* row) { return row->hasProblem(); });
    return found == m_rows.end() ? nullptr : (*found)->editor()->input();
}

bool OptionsForm::showProblem(const QString& key, const QString& text)
{
    const auto found = std::find_if(m_rows.begin(), m_rows.end(),
        [&key](const FieldRow* row) { return row->field().key == key; });
    if (found == m_rows.end()) {
        return false;
    }
    (*found)->setProblem(text.trimmed());
    if ((*found)->field().advanced) {
        m_disclosure->setChecked(true);
    }
    return true;
}

int OptionsForm::labelWidth() const
{
    int width = 0;
    for (const auto* row : m_rows) {
        width = std::max(width, row->labelWidth());
    }
    return width;
}

void OptionsForm::setLabelWidth(int width)
{
    for (auto* row : m_rows) {
        row->setLabelWidth(width);
    }
}

void OptionsForm::addRow(const FieldDescriptor& field)
{
    auto* row = new FieldRow(field, field.advanced ? m_advancedBox : this);
    (field.advanced ? m_advanced : m_usual)->addWidget(row);
    m_rows.push_back(row);
    connect(row, &FieldRow::edited, this, [this] {
        refreshVisibility();
        emit edited();
    });
    connect(row, &FieldRow::left, this, [this, row] { checkRow(row); });
}

void OptionsForm::refreshVisibility()
{
    const OptionValues values = editedValues();
    for (auto* row : m_rows) {
        row->setVisible(portreeve::isVisible(row->field(), m_fields, values));
    }
}

void OptionsForm::checkRow(const FieldRow* row)
{
    const auto wrong = problems();
    const auto found = std::find_if(wrong.begin(), wrong.end(),
        [row](const FieldProblem& problem) { return problem.key == row->field().key; });
    showProblem(row->field().key,
        found == wrong.end() ? QString()
                             : found->what.translated() + u' ' + found->remedy.translated());
}

std::vector<FieldProblem> OptionsForm::problems() const
{
    return m_check ? m_check(values(), presentSecrets())
                   : validate(m_fields, values(), presentSecrets());
}

OptionValues OptionsForm::editedValues() const
{
    OptionValues values;
    for (const auto* row : m_rows) {
        const QString value = row->valueToStore();
        if (row->field().kind != FieldKind::Secret && !value.isEmpty()) {
            values.insert(row->field().key, value);
        }
    }
    return values;
}

} // namespace portreeve
