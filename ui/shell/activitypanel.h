// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/shell/activitylog.h"

#include <QWidget>

class QListView;
class QPushButton;

namespace portreeve {

struct AppContext;

/// Running and recent tasks with Stop, Run again and Open.
class ActivityPanel final : public QWidget
{
    Q_OBJECT

public:
    ActivityPanel(const AppContext& context, ActivityLog& log, QWidget* parent = nullptr);

signals:
    void connectionRequested(const QString& connectionId);
    void targetRequested(const QString& targetId);

private:
    void refreshButtons();
    void stop();
    void runAgain();
    void open();
    const ActivityLog::Entry* current() const; ///< null when none is

    const AppContext& m_context;
    ActivityLog& m_log;
    QListView* m_list;
    QPushButton* m_stop;
    QPushButton* m_again;
    QPushButton* m_open;
};

} // namespace portreeve
