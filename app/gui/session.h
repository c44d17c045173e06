// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/gui/options.h"
#include "core/base/clock.h"
#include "core/proxy/delivery/deliveryservice.h"
#include "core/settings/secretstore.h"
#include "core/store/storeworker.h"
#include "core/sync/syncservice.h"

#include <QThreadPool>

#include <functional>
#include <memory>

namespace portreeve {

class ConnectionWatch;
class MainWindow;
class SecretWatch;
class SettingsWatch;
class TargetBoard;
class TrayIcon;

/// Everything that lives as long as one opened database: built once, torn down whole, so that a
/// restored backup gets a fresh one.
class Session
{
public:
    /// @param secrets  borrowed; survives a restore so that session secrets do
    Session(const GuiOptions& options, SecretStore& secrets, std::function<void()> keepUntilQuit,
        std::function<void(const QString& backup)> restore);
    ~Session();

    void show();
    void raise(const QString& page);

private:
    void addSample(int users);

    GuiOptions m_options;
    SystemClock m_clock;
    QThreadPool m_workers;
    StoreWorker m_store;
    StoreWorker m_proxyStore;
    SyncService m_sync;
    DeliveryService m_deliveries;
    std::unique_ptr<ConnectionWatch> m_connections;
    std::unique_ptr<SecretWatch> m_secretHealth;
    std::unique_ptr<SettingsWatch> m_settings;
    std::unique_ptr<TargetBoard> m_targets;
    std::unique_ptr<MainWindow> m_window;
    std::unique_ptr<TrayIcon> m_tray;
};

} // namespace portreeve
