// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/forms/fieldeditor.h"

#include "ui/forms/secretedit.h"
#include "ui/theme/theme.h"
#include "ui/widgets/textlabel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCoreApplication>
#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

QString translated(const char* source)
{
    return *source == '\0' ? QString() : QCoreApplication::translate("Connector", source);
}

} // namespace

QString fieldLabel(const FieldDescriptor& field)
{
    return translated(field.label);
}

QString fieldHelp(const FieldDescriptor& field)
{
    return translated(field.help);
}

FieldEditor::FieldEditor(QWidget* parent)
    : QWidget(parent)
    , m_layout(new QHBoxLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(theme::spacing(2));
}

void FieldEditor::setValue(const QString& value)
{
    if (m_write) {
        m_write(value);
    }
}

QWidget* FieldEditor::input() const
{
    return m_secret != nullptr ? m_secret->input() : m_input;
}

bool FieldEditor::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::FocusOut) {
        emit left();
    }
    return QWidget::eventFilter(watched, event);
}

void FieldEditor::makeLine(const FieldDescriptor& field)
{
    auto* line = new QLineEdit(this);
    line->setPlaceholderText(field.placeholder.isEmpty() ? field.example : field.placeholder);
    m_read = [line] { return line->text().trimmed(); };
    m_write = [line](const QString& value) {
        line->setText(value);
        line->setCursorPosition(0);
    };
    connect(line, &QLineEdit::textEdited, this, &FieldEditor::edited);
    setInput(line);
    const bool isShort = field.kind == FieldKind::Integer || field.kind == FieldKind::Duration;
    if (isShort) {
        line->setMaximumWidth(fontMetrics().averageCharWidth() * 20);
    }
    if (const QString unit = translated(field.unit); !unit.isEmpty()) {
        m_layout->addWidget(new TextLabel(unit, this));
    }
    if (isShort) {
        m_layout->addStretch(1);
    }
}

void FieldEditor::makeChoice(const FieldDescriptor& field)
{
    auto* box = new QComboBox(this);
    for (const auto& choice : field.choices) {
        box->addItem(translated(choice.label), choice.value);
    }
    m_read = [box] { return box->currentData().toString(); };
    m_write = [box](const QString& value) {
        if (box->findData(value) < 0) {
            box->addItem(value, value); // kept as stored; validation says what is wrong with it
        }
        box->setCurrentIndex(box->findData(value));
    };
    connect(box, &QComboBox::activated, this, &FieldEditor::edited);
    setInput(box);
    m_layout->addStretch(1);
}

void FieldEditor::makeFlag(const FieldDescriptor& field)
{
    auto* box = new QCheckBox(fieldLabel(field), this);
    m_carriesLabel = true;
    m_read = [box] { return box->isChecked() ? u"true"_s : u"false"_s; };
    m_write = [box](const QString& value) { box->setChecked(value == u"true"); };
    connect(box, &QCheckBox::clicked, this, &FieldEditor::edited);
    setInput(box);
    m_layout->addStretch(1);
}

void FieldEditor::makeFile(const FieldDescriptor& field)
{
    makeLine(field);
    auto* line = static_cast<QLineEdit*>(m_input);
    auto* browse = new QPushButton(tr("Browse…"), this);
    browse->setAccessibleName(tr("Browse for %1").arg(fieldName(field)));
    m_layout->addWidget(browse);
    connect(browse, &QPushButton::clicked, this, [this, line] {
        auto* dialog = new QFileDialog(this, tr("Choose a file"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, this, [this, line](const QString& path) {
            line->setText(path);
            emit edited();
            emit left();
        });
        dialog->open();
    });
}

void FieldEditor::makeSecret(const FieldDescriptor& field)
{
    m_secret = new SecretEdit(this);
    m_secret->setFieldName(fieldName(field));
    m_layout->addWidget(m_secret, 1);
    connect(m_secret, &SecretEdit::edited, this, &FieldEditor::edited);
    connect(m_secret, &SecretEdit::left, this, &FieldEditor::left);
}

void FieldEditor::setInput(QWidget* input)
{
    m_input = input;
    input->installEventFilter(this);
    setFocusProxy(input);
    m_layout->addWidget(input, 1);
}

FieldEditor* makeEditor(const FieldDescriptor& field, QWidget* parent)
{
    auto* editor = new FieldEditor(parent);
    switch (field.kind) {
    case FieldKind::Text:
    case FieldKind::Url:
    case FieldKind::Integer:
    case FieldKind::Duration:
        editor->makeLine(field);
        break;
    case FieldKind::Choice:
        editor->makeChoice(field);
        break;
    case FieldKind::Flag:
        editor->makeFlag(field);
        break;
    case FieldKind::File:
        editor->makeFile(field);
        break;
    case FieldKind::Secret:
        editor->makeSecret(field);
        break;
    }
    if (QWidget* input = editor->m_input) {
        input->setObjectName(field.key);
        input->setAccessibleName(fieldLabel(field).remove(u'&'));
        input->setAccessibleDescription(fieldHelp(field));
    }
    return editor;
}

} // namespace portreeve
