// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/fields.h"

#include <QWidget>

#include <functional>
#include <vector>

class QToolButton;
class QVBoxLayout;

namespace portreeve {

class FieldRow;
class TextLabel;

/// A form made from field descriptions: in field order, advanced fields behind one disclosure,
/// fields shown by condition, each checked when it is left.
class OptionsForm final : public QWidget
{
    Q_OBJECT

public:
    using Check = std::function<std::vector<FieldProblem>(
        const OptionValues& values, const std::vector<QString>& presentSecrets)>;

    /// @param check  what says which fields are wrong; validate() when empty
    OptionsForm(std::vector<FieldDescriptor> fields, Check check, QWidget* parent = nullptr);
    ~OptionsForm() override;

    /// Values as stored; keys of no field are kept and listed as not used by this version.
    void setValues(const OptionValues& stored, const std::vector<QString>& storedSecrets);

    /// What to store: fields in their default are left out, unknown keys are kept.
    OptionValues values() const;

    QHash<QString, QString> typedSecrets() const; ///< by field, only what was typed anew
    std::vector<QString> removedSecrets() const; ///< sorted
    std::vector<QString> presentSecrets() const; ///< stored or typed, and not removed; sorted

    bool isDirty() const;

    /// Checks everything and shows the messages. @return whether all is right
    bool check();
    QWidget* firstInvalid() const; ///< null when no message is shown

    /// Shows a message that came from elsewhere. False when the field is not in this form.
    bool showProblem(const QString& key, const QString& text);

    int labelWidth() const;
    void setLabelWidth(int width); ///< so that several forms of a page line up

signals:
    void edited();

private:
    void addRow(const FieldDescriptor& field);
    void refreshVisibility();
    void checkRow(const FieldRow* row);
    std::vector<FieldProblem> problems() const;
    OptionValues editedValues() const; // with what hidden fields hold

    std::vector<FieldDescriptor> m_fields;
    Check m_check;
    OptionValues m_unknown;
    std::vector<FieldRow*> m_rows;
    QVBoxLayout* m_usual;
    QVBoxLayout* m_advanced;
    QWidget* m_advancedBox;
    QToolButton* m_disclosure;
    TextLabel* m_unknownText;
};

} // namespace portreeve
