// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/pages/policies/criterioneditor.h"
#include "ui/pages/policies/matchereditor.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPlainTextEdit;

namespace portreeve {

class TextLabel;

/// A line of words instead of an editor: criteria without data, and those shown read only.
class NoteEditor final : public CriterionEditor
{
    Q_OBJECT

public:
    NoteEditor(const QString& note, QWidget* parent);

    void setData(const policy::Value& data) override { m_data = data; }

    policy::Value data() const override { return m_data; }

private:
    policy::Value m_data;
};

/// A list of texts, one a line. Lines that @p isValid refuses are named and kept in the editor
/// only.
class LinesEditor final : public CriterionEditor
{
    Q_OBJECT

public:
    struct Words
    {
        QString name {}; ///< accessible name
        QString placeholder {};
        QString problem {}; ///< "%1 is no address or network."
        QString empty {}; ///< what an empty list means
    };

    LinesEditor(Words words, std::function<bool(const QString&)> isValid, QWidget* parent);

    void setData(const policy::Value& data) override;
    policy::Value data() const override;

private:
    void showProblem();
    QStringList lines() const;
    bool isUsable(const QString& line) const;

    Words m_words;
    QStringList m_known; // what the policy held: the proxy took it, whatever our check says
    std::function<bool(const QString&)> m_isValid;
    QPlainTextEdit* m_text = nullptr;
    TextLabel* m_note = nullptr;
};

/// One line of text: the name of a claim.
class TextEditor final : public CriterionEditor
{
    Q_OBJECT

public:
    TextEditor(const QString& name, const QString& placeholder, QWidget* parent);

    void setData(const policy::Value& data) override;
    policy::Value data() const override;

private:
    QLineEdit* m_text = nullptr;
};

/// policy.md 4.3.
class DeviceEditor final : public CriterionEditor
{
    Q_OBJECT

public:
    explicit DeviceEditor(QWidget* parent);

    void setData(const policy::Value& data) override;
    policy::Value data() const override;

private:
    QComboBox* m_type = nullptr;
    QComboBox* m_approved = nullptr;
    QLineEdit* m_id = nullptr;
};

/// policy.md 4.4: hashes as lists, names as string matchers.
class CertificateEditor final : public CriterionEditor
{
    Q_OBJECT

public:
    explicit CertificateEditor(QWidget* parent);

    void setData(const policy::Value& data) override;
    policy::Value data() const override;

private:
    struct Part
    {
        QString key;
        QCheckBox* used = nullptr;
        CriterionEditor* editor = nullptr;
    };

    std::vector<Part> m_parts;
};

/// An address or prefix as policy.md 4.5 takes it.
bool isAddressOrNetwork(const QString& text);

} // namespace portreeve
