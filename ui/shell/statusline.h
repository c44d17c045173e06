// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QStatusBar>

class QToolButton;

namespace portreeve {

struct AppContext;
class ActivityLog;

/// The window's bottom line: messages, the secret store in use, the worst state of the connections
/// and that of the proxies, and what runs. Each part is a button to where it is explained.
class StatusLine final : public QStatusBar
{
    Q_OBJECT

public:
    StatusLine(const AppContext& context, const ActivityLog& log, QWidget* parent);

signals:
    void secretsRequested();
    void connectionsRequested();
    void targetsRequested();
    void activityRequested();

private:
    void refreshSecrets();
    void refreshConnections();
    void refreshTargets();
    void refreshActivity();

    const AppContext& m_context;
    const ActivityLog& m_log;
    QToolButton* m_secrets;
    QToolButton* m_connections;
    QToolButton* m_targets;
    QToolButton* m_activity;
};

} // namespace portreeve
