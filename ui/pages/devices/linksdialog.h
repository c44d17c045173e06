// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/devices/linkorder.h"
#include "ui/widgets/readingorder.h"

#include <QDialog>
#include <QTimer>

#include <set>

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
/// nowhere else, so closing while one of them was not taken asks once.
class LinksDialog final : public InReadingOrder<QDialog>
{
    Q_OBJECT

public:
    LinksDialog(const devices::IssuedLinks& issued, const Clock& clock, QThreadPool& workers,
        QWidget* parent);

    void reject() override;

private:
    QWidget* buildButtons();
    std::size_t currentRow() const;
    const devices::IssuedLink& current() const;
    void showCurrent();
    void refreshNote();
    void copy(const QString& text, const QString& done);
    void takeCurrent();
    void takeAll();
    int leftCount() const; ///< links that nobody took
    void saveAs();
    QString heading() const;
    QString nameOf(const devices::IssuedLink& issued) const;

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
    std::set<std::size_t> m_taken; // rows
};

} // namespace portreeve
