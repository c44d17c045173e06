// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/gui/session.h"

#include "core/access/storedaccess.h"
#include "core/net/qthttpclient.h"
#include "core/settings/datadirectory.h"
#include "ui/models/connectionwatch.h"
#include "ui/models/secretwatch.h"
#include "ui/models/settingswatch.h"
#include "ui/models/targetboard.h"
#include "ui/pages/firstrun/firstrunpanel.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/trayicon.h"

#include <QApplication>

using namespace Qt::StringLiterals;

namespace portreeve {

Session::Session(const GuiOptions& options, SecretStore& secrets,
    std::function<void()> keepUntilQuit, std::function<void(const QString&)> restore)
    : m_options(options)
    , m_store({ .path = databasePath(options.dataDirectory) }, m_clock)
    , m_proxyStore({ .path = databasePath(options.dataDirectory) }, m_clock)
    , m_sync({ .store = { .path = databasePath(options.dataDirectory) },
          .secrets = secrets,
          .clock = m_clock,
          .makeHttp = [this](const HttpSettings& settings) -> std::unique_ptr<HttpClient> {
              return std::make_unique<QtHttpClient>(settings, m_clock);
          },
          .evaluateAccess = access::storedAccessImpact })
    , m_deliveries({ .store = { .path = databasePath(options.dataDirectory) },
          .secrets = secrets,
          .clock = m_clock,
          .makeHttp = [this](const HttpSettings& settings) -> std::unique_ptr<HttpClient> {
              return std::make_unique<QtHttpClient>(settings, m_clock);
          } })
    , m_connections(std::make_unique<ConnectionWatch>(m_store, m_sync))
    , m_secretHealth(std::make_unique<SecretWatch>(secrets, m_workers, std::move(keepUntilQuit)))
    , m_settings(std::make_unique<SettingsWatch>(m_store))
    , m_targets(std::make_unique<TargetBoard>(m_store, m_deliveries))
{
    const AppContext context { .store = m_store,
        .sync = m_sync,
        .deliveries = m_deliveries,
        .proxyStore = m_proxyStore,
        .secrets = secrets,
        .workers = m_workers,
        .clock = m_clock,
        .connections = *m_connections,
        .secretHealth = *m_secretHealth,
        .settings = *m_settings,
        .targets = *m_targets,
        .restore = std::move(restore),
        .dataDirectory = options.dataDirectory };
    m_window = std::make_unique<MainWindow>(context, pageList());
    m_tray = std::make_unique<TrayIcon>(context, *m_window);
    QObject::connect(m_window.get(), &MainWindow::quitConfirmed, qApp, &QApplication::quit);
    QObject::connect(m_settings.get(), &SettingsWatch::loaded, m_window.get(), [this] {
        const bool isPaused = !m_settings->flag(Setting::SyncInBackground);
        m_sync.setPaused(isPaused);
        m_sync.start();
        m_deliveries.setPaused(isPaused);
        m_deliveries.start();
    });
    QObject::connect(&m_sync, &SyncService::storeChanged, &m_deliveries, &DeliveryService::look);
}

Session::~Session()
{
    m_tray.reset();
    m_window.reset();
    m_sync.cancelAll();
    m_deliveries.cancelAll();
    m_workers.waitForDone();
}

void Session::show()
{
    m_settings->load();
    m_window->show();
    if (!m_options.page.isEmpty()) {
        m_window->showPage(m_options.page);
    }
    if (m_options.sampleUsers) {
        addSample(*m_options.sampleUsers);
    }
}

void Session::raise(const QString& page)
{
    m_window->setWindowState(m_window->windowState() & ~Qt::WindowMinimized);
    m_window->show();
    m_window->raise();
    m_window->activateWindow();
    if (!page.isEmpty()) {
        m_window->showPage(page);
    }
}

void Session::addSample(int users)
{
    QObject::connect(
        m_connections.get(), &ConnectionWatch::connectionsChanged, m_window.get(),
        [this, users] {
            auto* panel = m_window->findChild<FirstRunPanel*>();
            if (m_connections->isLoaded() && m_connections->connections().empty()
                && panel != nullptr) {
                panel->addSample(users);
            }
        },
        Qt::SingleShotConnection);
}

} // namespace portreeve
