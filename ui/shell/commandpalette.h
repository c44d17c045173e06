// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/widgets/readingorder.h"

#include <QDialog>
#include <QIcon>

#include <functional>
#include <vector>

class QListWidget;

namespace portreeve {

class SearchEdit;

/// Ctrl+K: type a few letters of a page, an action or a connection, press Enter.
class CommandPalette final : public InReadingOrder<QDialog>
{
    Q_OBJECT

public:
    struct Command
    {
        QString text {};
        QString note {}; ///< kind or shortcut, shown dimmer and searched too
        QIcon icon {};
        std::function<void()> run {};
    };

    CommandPalette(std::vector<Command> commands, QWidget* parent);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void filter(const QString& text);
    void runCurrent();

    std::vector<Command> m_commands;
    SearchEdit* m_search;
    QListWidget* m_list;
};

} // namespace portreeve
