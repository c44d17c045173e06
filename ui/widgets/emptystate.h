// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace portreeve {

class IconLabel;

/// What a list shows while it has no rows: what will be here, and the one button that starts it.
/// "No match" and "nothing yet" are different contents.
class EmptyState final : public QWidget
{
    Q_OBJECT

public:
    struct Content
    {
        QString icon {}; ///< name for theme::icon()
        QString title {};
        QString text {};
        QString buttonText {}; ///< without text there is no button
    };

    explicit EmptyState(QWidget* parent = nullptr);

    void setContent(const Content& content);

signals:
    void actionRequested();

private:
    IconLabel* m_icon;
    QLabel* m_title;
    QLabel* m_text;
    QPushButton* m_button;
};

} // namespace portreeve
