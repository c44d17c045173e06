// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/settings/connection.h"
#include "ui/models/appcontext.h"
#include "ui/models/statenotices.h"

#include <QObject>

#include <memory>

class QMenu;
class QSystemTrayIcon;

namespace portreeve {

class MainWindow;

/// The desktop's tray: the worst state, the next sync, what can be done at once, and notices of
/// what needs a person. With KeepInTray, closing the window leaves the program running there. Does
/// nothing that is seen where the desktop has no tray.
class TrayIcon final : public QObject
{
    Q_OBJECT

public:
    TrayIcon(const AppContext& context, MainWindow& window, QObject* parent = nullptr);
    ~TrayIcon() override;

signals:
    /// A notice the settings allow went out.
    void told(const portreeve::StateNotice& notice);

private:
    void buildMenu();
    void refresh();
    void showWindow(const QString& page = {}, const QString& target = {});
    void tell(const StateNotice& notice);

    AppContext m_context;
    MainWindow& m_window;
    std::unique_ptr<QMenu> m_menu;
    QSystemTrayIcon* m_icon;
    std::vector<Connection> m_seen;
    bool m_hasLooked = false; // what was so at the start is no news
    StateNotice m_lastTold;
};

} // namespace portreeve
