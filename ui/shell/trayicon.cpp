// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/shell/trayicon.h"

#include "ui/models/connectionwatch.h"
#include "ui/models/settingswatch.h"
#include "ui/shell/actionregistry.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/theme.h"
#include "ui/widgets/statusbadge.h"
#include "ui/widgets/timetext.h"

#include <QMenu>
#include <QSystemTrayIcon>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

QString titleOf(const StateNotice& notice)
{
    switch (notice.kind) {
    case StateNotice::Kind::Held:
        return TrayIcon::tr("“%1” is held").arg(notice.connectionName);
    case StateNotice::Kind::Failing:
        return TrayIcon::tr("“%1” does not sync").arg(notice.connectionName);
    case StateNotice::Kind::Recovered:
        return TrayIcon::tr("“%1” is up to date again").arg(notice.connectionName);
    }
    return {};
}

} // namespace

TrayIcon::TrayIcon(const AppContext& context, MainWindow& window, QObject* parent)
    : QObject(parent)
    , m_context(context)
    , m_window(window)
    , m_menu(std::make_unique<QMenu>())
    , m_icon(new QSystemTrayIcon(this))
{
    m_icon->setObjectName(u"trayIcon"_s);
    buildMenu();
    refresh();
    m_icon->show();
    window.setKeepsRunning([this] {
        return m_icon->isVisible() && QSystemTrayIcon::isSystemTrayAvailable()
            && m_context.settings.flag(Setting::KeepInTray);
    });
    connect(&context.connections, &ConnectionWatch::connectionsChanged, this, &TrayIcon::refresh);
    connect(m_icon, &QSystemTrayIcon::activated, this,
        [this](QSystemTrayIcon::ActivationReason reason) {
            if (reason == QSystemTrayIcon::Trigger) {
                showWindow();
            }
        });
    connect(m_icon, &QSystemTrayIcon::messageClicked, this, [this] {
        const bool isHeld = m_lastTold.kind == StateNotice::Kind::Held;
        showWindow(isHeld ? u"changes"_s : u"providers"_s,
            (isHeld ? u"hold:"_s : u"connection:"_s) + m_lastTold.connectionId);
    });
}

TrayIcon::~TrayIcon()
{
    m_window.setKeepsRunning({});
}

void TrayIcon::buildMenu()
{
    connect(m_menu->addAction(tr("&Open Portreeve")), &QAction::triggered, this,
        [this] { showWindow(); });
    m_menu->addSeparator();
    for (const QString& name : { u"syncAll"_s, u"pausePolling"_s }) {
        m_menu->addAction(m_window.actions().find(name));
    }
    m_menu->addSeparator();
    m_menu->addAction(m_window.actions().find(u"quit"_s));
    m_icon->setContextMenu(m_menu.get());
}

void TrayIcon::refresh()
{
    const auto& connections = m_context.connections.connections();
    const auto worst = m_context.connections.worstState();
    const bool isWell = !worst || *worst == ConnectionState::Idle;
    m_icon->setIcon(isWell ? theme::icon(u"portreeve"_s) : connectionStateIcon(*worst));
    QStringList lines { worst ? connectionStateText(*worst) : tr("No connections yet") };
    const UtcTime now = m_context.clock.nowUtc();
    std::optional<UtcTime> last;
    std::optional<UtcTime> next;
    for (const Connection& connection : connections) {
        last = std::max(last, connection.lastSuccessAt);
        if (connection.nextAttemptAt && (!next || *connection.nextAttemptAt < *next)) {
            next = connection.nextAttemptAt;
        }
    }
    if (last) {
        lines.append(tr("Last sync %1").arg(relativeTime(*last, now)));
    }
    if (next && !m_context.sync.isPaused()) {
        lines.append(tr("Next sync %1").arg(relativeTime(*next, now)));
    }
    m_icon->setToolTip(lines.join(u'\n'));
    if (!m_context.connections.isLoaded()) {
        return;
    }
    if (std::exchange(m_hasLooked, true)) {
        for (const StateNotice& notice : stateNotices(m_seen, connections)) {
            tell(notice);
        }
    }
    m_seen = connections;
}

void TrayIcon::showWindow(const QString& page, const QString& target)
{
    m_window.setWindowState(m_window.windowState() & ~Qt::WindowMinimized);
    m_window.show();
    m_window.raise();
    m_window.activateWindow();
    if (!page.isEmpty()) {
        m_window.showPage(page, target);
    }
}

void TrayIcon::tell(const StateNotice& notice)
{
    const Setting allowed = notice.kind == StateNotice::Kind::Held ? Setting::NotifyAboutHolds
                                                                   : Setting::NotifyAboutFailures;
    if (!m_context.settings.flag(allowed)) {
        return;
    }
    m_lastTold = notice;
    m_icon->showMessage(titleOf(notice), notice.cause.translated(),
        notice.kind == StateNotice::Kind::Recovered ? QSystemTrayIcon::Information
                                                    : QSystemTrayIcon::Warning);
    emit told(notice);
}

} // namespace portreeve
