// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QWidget>

class QListView;
class QPushButton;

namespace portreeve {

class ActivityLog;
class SyncService;

/// Running and recent tasks with Stop, Run again and Open connection.
class ActivityPanel final : public QWidget
{
    Q_OBJECT

public:
    ActivityPanel(ActivityLog& log, SyncService& sync, QWidget* parent = nullptr);

signals:
    void connectionRequested(const QString& connectionId);

private:
    void refreshButtons();
    QString currentConnection() const;

    ActivityLog& m_log;
    SyncService& m_sync;
    QListView* m_list;
    QPushButton* m_stop;
    QPushButton* m_again;
    QPushButton* m_open;
};

} // namespace portreeve
