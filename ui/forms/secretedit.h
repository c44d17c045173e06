// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QWidget>

class QLineEdit;
class QPushButton;
class QToolButton;

namespace portreeve {

class TextLabel;

/// A write-only secret: it knows stored or not stored, and offers Replace and Remove, never Reveal.
/// Only text typed here can be shown, until forget().
class SecretEdit final : public QWidget
{
    Q_OBJECT

public:
    explicit SecretEdit(QWidget* parent = nullptr);

    void setStored(bool stored); ///< forgets what was typed

    bool isStored() const { return m_stored; }

    QString typed() const; ///< empty: nothing new

    bool isRemovalWanted() const { return m_removing; }

    bool isEdited() const { return m_removing || !typed().isEmpty(); }

    void forget(); ///< what was typed, and a wanted removal

    void setFieldName(const QString& name); ///< for accessible names
    QWidget* input() const; ///< what a label's mnemonic goes to

signals:
    void edited();
    void left();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void refresh();
    void setReplacing(bool replacing);
    void setManyLines(const QString& text);
    void chooseFile();

    bool m_stored = false;
    bool m_replacing = false;
    bool m_removing = false;
    QString m_manyLines; // a key of several lines, which a line edit would join
    TextLabel* m_state;
    QLineEdit* m_line;
    QToolButton* m_reveal;
    QPushButton* m_file;
    QPushButton* m_replace;
    QPushButton* m_remove;
    QPushButton* m_keep;
};

} // namespace portreeve
