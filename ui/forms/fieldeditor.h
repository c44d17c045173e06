// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/fields.h"

#include <QWidget>

#include <functional>

class QHBoxLayout;

namespace portreeve {

class SecretEdit;

/// The input of one field, whatever its kind. Made by makeEditor().
class FieldEditor final : public QWidget
{
    Q_OBJECT

public:
    explicit FieldEditor(QWidget* parent);

    QString value() const { return m_read ? m_read() : QString(); }

    void setValue(const QString& value);

    QWidget* input() const; ///< what takes the focus

    SecretEdit* secret() const { return m_secret; } ///< null unless the field is a secret

    bool carriesLabel() const { return m_carriesLabel; } ///< a check box holds its own text

signals:
    void edited();
    void left(); ///< the focus left the input

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    friend FieldEditor* makeEditor(const FieldDescriptor& field, QWidget* parent);

    void makeLine(const FieldDescriptor& field);
    void makeChoice(const FieldDescriptor& field);
    void makeFlag(const FieldDescriptor& field);
    void makeFile(const FieldDescriptor& field);
    void makeSecret(const FieldDescriptor& field);
    void setInput(QWidget* input);

    QHBoxLayout* m_layout;
    QWidget* m_input = nullptr;
    SecretEdit* m_secret = nullptr;
    bool m_carriesLabel = false;
    std::function<QString()> m_read;
    std::function<void(const QString&)> m_write;
};

/// The translated label with its mnemonic, and the texts around it.
QString fieldLabel(const FieldDescriptor& field);
QString fieldHelp(const FieldDescriptor& field);

/// The one place that knows which widget edits which kind of field.
FieldEditor* makeEditor(const FieldDescriptor& field, QWidget* parent);

} // namespace portreeve
