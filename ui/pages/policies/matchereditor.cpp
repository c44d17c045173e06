// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/policies/matchereditor.h"

#include "ui/models/policysentences.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

using policy::Value;

MatcherEditor::MatcherEditor(std::vector<Choice> choices, QString placeholder, QWidget* parent)
    : CriterionEditor(parent)
    , m_choices(std::move(choices))
    , m_placeholder(std::move(placeholder))
{
    m_layout = new QVBoxLayout(this);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(theme::spacing(1));
    m_add = new QToolButton(this);
    m_add->setObjectName(u"addCondition"_s);
    m_add->setText(tr("And also…"));
    m_add->setToolTip(tr("Adds a second comparison that must hold for the same value"));
    m_add->setAutoRaise(true);
    connect(m_add, &QToolButton::clicked, this, &MatcherEditor::addChoice);
    m_layout->addWidget(m_add, 0, Qt::AlignLeft);
}

std::vector<MatcherEditor::Choice> MatcherEditor::stringChoices()
{
    return {
        { u"is"_s, tr("is") },
        { u"not"_s, tr("is not") },
        { u"in"_s, tr("is one of"), true },
        { u"not_in"_s, tr("is none of"), true },
        { u"starts_with"_s, tr("starts with") },
        { u"ends_with"_s, tr("ends with") },
        { u"contains"_s, tr("contains") },
    };
}

std::vector<MatcherEditor::Choice> MatcherEditor::listChoices()
{
    return {
        { u"has"_s, tr("holds") },
        { u"is"_s, tr("is exactly") },
        { u"exclude"_s, tr("does not hold") },
    };
}

bool MatcherEditor::isList(const QString& key) const
{
    return std::any_of(m_choices.begin(), m_choices.end(),
        [&](const Choice& choice) { return choice.key == key && choice.isList; });
}

void MatcherEditor::setData(const Value& data)
{
    for (const Line& line : m_lines) {
        line.widget->deleteLater();
        line.widget->hide();
    }
    m_lines.clear();
    if (const Value::Object* members = data.asObject()) {
        for (const auto& [op, value] : *members) {
            addLine(op, value);
        }
    } else {
        addLine(m_choices.front().key, data);
    }
    updateButtons();
}

Value MatcherEditor::data() const
{
    Value::Object members;
    for (const Line& line : m_lines) {
        members.emplace_back(line.op->currentData().toString(), lineValue(line));
    }
    return Value(std::move(members));
}

Value MatcherEditor::lineValue(const Line& line) const
{
    const QString text = line.value->text();
    const bool wantsList = isList(line.op->currentData().toString());
    const bool hasList = line.original.asArray() != nullptr;
    if (text == line.originalText && wantsList == hasList) {
        return line.original;
    }
    if (!wantsList) {
        return Value(text);
    }
    Value::Array items;
    for (const QString& part : text.split(u',', Qt::SkipEmptyParts)) {
        items.emplace_back(part.trimmed());
    }
    return Value(std::move(items));
}

void MatcherEditor::addLine(const QString& op, const Value& value)
{
    Line line;
    line.widget = new QWidget(this);
    auto* row = new QHBoxLayout(line.widget);
    row->setContentsMargins(0, 0, 0, 0);
    line.op = new QComboBox(line.widget);
    line.op->setObjectName(u"operator"_s);
    line.op->setAccessibleName(tr("Comparison"));
    for (const Choice& choice : m_choices) {
        line.op->addItem(choice.title, choice.key);
    }
    line.op->setCurrentIndex(line.op->findData(op));
    line.value = new QLineEdit(line.widget);
    line.value->setObjectName(u"value"_s);
    line.value->setAccessibleName(tr("Value"));
    line.value->setMinimumWidth(fontMetrics().averageCharWidth() * 16);
    line.original = value;
    if (const Value::Array* items = value.asArray()) {
        QStringList parts;
        std::transform(items->begin(), items->end(), std::back_inserter(parts), valueText);
        line.originalText = parts.join(u", "_s);
    } else {
        line.originalText = valueText(value);
    }
    line.value->setText(line.originalText);
    auto* remove = new QToolButton(line.widget);
    remove->setObjectName(u"removeCondition"_s);
    remove->setText(u"×"_s);
    remove->setAutoRaise(true);
    remove->setToolTip(tr("Remove this comparison"));
    remove->setAccessibleName(tr("Remove this comparison"));
    row->addWidget(line.op);
    row->addWidget(line.value, 1);
    row->addWidget(remove);
    connect(line.op, &QComboBox::currentIndexChanged, this, [this] {
        updateButtons();
        emit edited();
    });
    connect(line.value, &QLineEdit::textChanged, this, &CriterionEditor::edited);
    connect(
        remove, &QToolButton::clicked, this, [this, widget = line.widget] { removeLine(widget); });
    m_layout->insertWidget(static_cast<int>(m_lines.size()), line.widget);
    m_lines.push_back(std::move(line));
}

void MatcherEditor::addChoice()
{
    const auto unused = std::find_if(m_choices.begin(), m_choices.end(), [this](const Choice& c) {
        return std::none_of(m_lines.begin(), m_lines.end(),
            [&](const Line& line) { return line.op->currentData().toString() == c.key; });
    });
    if (unused == m_choices.end()) {
        return;
    }
    addLine(unused->key, unused->isList ? Value(Value::Array {}) : Value(QString()));
    updateButtons();
    m_lines.back().value->setFocus();
    emit edited();
}

void MatcherEditor::removeLine(const QWidget* widget)
{
    const auto found = std::find_if(
        m_lines.begin(), m_lines.end(), [&](const Line& line) { return line.widget == widget; });
    found->widget->hide();
    found->widget->deleteLater();
    m_lines.erase(found);
    updateButtons();
    m_lines.front().value->setFocus();
    emit edited();
}

void MatcherEditor::updateButtons()
{
    m_add->setVisible(m_lines.size() < m_choices.size());
    for (const Line& line : m_lines) {
        line.widget->findChild<QToolButton*>()->setVisible(m_lines.size() > 1);
        const bool list = isList(line.op->currentData().toString());
        line.value->setPlaceholderText(
            list ? tr("Several values, parted by commas") : m_placeholder);
        // The proxy takes each operator once; a second line may not choose one that is in use.
        for (int i = 0; i < line.op->count(); ++i) {
            const QString key = line.op->itemData(i).toString();
            const bool taken = std::any_of(m_lines.begin(), m_lines.end(), [&](const Line& other) {
                return other.widget != line.widget && other.op->currentData().toString() == key;
            });
            line.op->setItemData(i, taken ? QVariant(0) : QVariant(), Qt::UserRole - 1);
        }
    }
}

} // namespace portreeve
