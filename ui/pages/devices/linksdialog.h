// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/devices/linkorder.h"

#include <QDialog>
#include <QTimer>

class QListWidget;
class QPlainTextEdit;
class QPushButton;
class QThreadPool;

namespace portreeve {

class Clock;
class MessageBar;
class QrView;
class TextLabel;

/// "Enrollment created": the links, to be copied, shown as a code, mailed or saved. They are kept
/// nowhere else, so closing with links nobody took asks once.
class LinksDialog final : public QDialog
{
    Q_OBJECT

public:
    LinksDialog(const devices::IssuedLinks& issued, const Clock& clock, QThreadPool& workers,
        QWidget* parent);

    void reject() override;

private:
    QWidget* buildButtons();
    const devices::IssuedLink& current() const;
    void showCurrent();
    void refreshNote();
    void copy(const QString& text, const QString& done);
    void saveAs();
    QString heading() const;

    devices::IssuedLinks m_issued;
    const Clock& m_clock;
    QThreadPool& m_workers;
    MessageBar* m_message;
    QListWidget* m_people;
    QPlainTextEdit* m_url;
    TextLabel* m_note;
    QrView* m_code;
    QPushButton* m_copyAll;
    QPushButton* m_mail;
    QTimer m_tick;
    bool m_isTaken = false;
};

} // namespace portreeve
