// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/proxy/delivery/deliveryservice.h"
#include "core/settings/memorysecretstore.h"
#include "tests/support/fakehttpclient.h"
#include "ui/models/connectionwatch.h"
#include "ui/models/secretwatch.h"
#include "ui/models/settingswatch.h"
#include "ui/models/targetboard.h"
#include "ui/shell/mainwindow.h"

#include <QTemporaryDir>

#include <memory>

namespace portreeve::test {

/// The real window over a database in a temporary folder, with secrets in memory and no network
/// but what setServer() plays.
class WindowFixture
{
public:
    WindowFixture();
    ~WindowFixture();

    MainWindow& window() { return *m_window; }

    StoreWorker& store() { return m_store; }

    SyncService& sync() { return m_sync; }

    SecretStore& secrets() { return m_secrets; }

    ConnectionWatch& connections() { return *m_connections; }

    SettingsWatch& settings() { return *m_settings; }

    AppContext context();

    /// Answers what deliveries ask over HTTP. To be set before there is a target.
    void setServer(FakeHttpClient::Server server) { m_server = std::move(server); }

    /// Shows the window and waits until the connections are read.
    bool show();

    /// Adds a made-up directory and waits until it is read and shown. @return its connection's id
    QString addSample(int users);

    /// Waits for the answer of a store call.
    template <typename Work> auto ask(Work work) { return m_store.run(std::move(work)).result(); }

private:
    QTemporaryDir m_folder;
    SystemClock m_clock;
    MemorySecretStore m_secrets;
    FakeHttpClient::Server m_server;
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
};

} // namespace portreeve::test
