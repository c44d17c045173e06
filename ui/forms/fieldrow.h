// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/fields.h"

#include <QWidget>

class QLabel;
class QToolButton;

namespace portreeve {

class FieldEditor;
class TextLabel;

/// One field of a form: label, editor, its state with Reset, help, and the message when it is
/// wrong.
class FieldRow final : public QWidget
{
    Q_OBJECT

public:
    FieldRow(const FieldDescriptor& field, QWidget* parent);

    const FieldDescriptor& field() const { return m_field; }

    FieldEditor* editor() const { return m_editor; }

    /// The stored value; empty = none, the default is in force. Secrets: see setSecretStored().
    void setStored(const QString& value);
    void setSecretStored(bool stored);

    /// What to store: empty while the default is in force.
    QString valueToStore() const;
    bool isEdited() const;

    void setProblem(const QString& text); ///< empty = none
    bool hasProblem() const;

    int labelWidth() const;
    void setLabelWidth(int width);

signals:
    void edited();
    void left();

private:
    void refreshState();
    void reset();

    FieldDescriptor m_field;
    QString m_stored;
    QLabel* m_label;
    FieldEditor* m_editor;
    TextLabel* m_state;
    QToolButton* m_reset;
    TextLabel* m_help;
    TextLabel* m_problem;
};

} // namespace portreeve
