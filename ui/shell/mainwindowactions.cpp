// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The menus of MainWindow and what they do; split from mainwindow.cpp by reason to change.

#include "ui/models/connectionwatch.h"
#include "ui/models/settingswatch.h"
#include "ui/models/targetboard.h"
#include "ui/shell/actionregistry.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/shortcutsheet.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/tableexport.h"
#include "ui/widgets/tableview.h"

#include <QActionGroup>
#include <QDockWidget>
#include <QMenuBar>
#include <QMessageBox>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

void MainWindow::buildActions()
{
    buildFileMenu();
    buildGoMenu();
    buildSyncMenu();
    buildViewMenu();
    buildHelpMenu();
}

void MainWindow::buildFileMenu()
{
    auto* menu = menuBar()->addMenu(tr("&File"));
    menu->addAction(m_actions->add({ .name = u"addProvider"_s,
                                       .text = tr("&Add identity provider…"),
                                       .icon = u"add"_s,
                                       .shortcut = QKeySequence::New },
        [this] { showPage(u"providers"_s, u"add"_s); }));
    menu->addAction(m_actions->add(
        { .name = u"backup"_s, .text = tr("&Back up and restore…"), .icon = u"export"_s },
        [this] { showPage(u"settings"_s, u"backup"_s); }));
    menu->addAction(m_actions->add({ .name = u"exportList"_s,
                                       .text = tr("&Export list as shown…"),
                                       .icon = u"export"_s,
                                       .shortcut = QKeySequence(tr("Ctrl+E")) },
        [this] { exportList(); }));
    menu->addSeparator();
    menu->addAction(m_actions->add(
        { .name = u"quit"_s, .text = tr("&Quit"), .shortcut = QKeySequence(tr("Ctrl+Q")) },
        [this] { quit(); }));
}

void MainWindow::buildGoMenu()
{
    auto* menu = menuBar()->addMenu(tr("&Go"));
    for (const auto& place : m_pages) {
        menu->addAction(m_actions->find(place.id + u"Page"_s));
    }
    menu->addSeparator();
    menu->addAction(m_actions->add({ .name = u"commands"_s,
                                       .text = tr("&Commands…"),
                                       .icon = u"commands"_s,
                                       .shortcut = QKeySequence(tr("Ctrl+K")) },
        [this] { openPalette(); }));
    menu->addAction(m_actions->add({ .name = u"find"_s,
                                       .text = tr("&Find on this page"),
                                       .icon = u"search"_s,
                                       .shortcut = QKeySequence::Find },
        [this] {
            if (auto* field = currentPage() != nullptr ? currentPage()->searchField() : nullptr) {
                field->setFocus(Qt::ShortcutFocusReason);
            }
        }));
}

void MainWindow::buildSyncMenu()
{
    auto* menu = menuBar()->addMenu(tr("&Sync"));
    menu->addAction(m_actions->add({ .name = u"syncAll"_s,
                                       .text = tr("Sync &all now"),
                                       .icon = u"sync"_s,
                                       .shortcut = QKeySequence(tr("Ctrl+Shift+S")) },
        [this] {
            for (const auto& connection : m_context.connections.connections()) {
                if (connection.state != ConnectionState::Draft
                    && connection.state != ConnectionState::Disabled) {
                    m_context.sync.sync(connection.id);
                }
            }
        }));
    auto* stop = m_actions->add(
        { .name = u"stopAll"_s, .text = tr("S&top everything"), .icon = u"stop"_s },
        [this] { stopAll(); });
    const auto refreshStop = [this, stop] { stop->setEnabled(runningCount() > 0); };
    connect(&m_context.connections, &ConnectionWatch::runChanged, stop, refreshStop);
    connect(&m_context.targets, &TargetBoard::workChanged, stop, refreshStop);
    refreshStop();
    menu->addAction(stop);
    auto* pause = m_actions->add({ .name = u"pausePolling"_s,
                                     .text = tr("&Pause polling"),
                                     .icon = u"pause"_s,
                                     .checkable = true },
        [this] {
            m_context.sync.setPaused(m_actions->find(u"pausePolling"_s)->isChecked());
            m_context.connections.refresh();
        });
    pause->setChecked(m_context.sync.isPaused());
    menu->addAction(pause);
}

void MainWindow::buildViewMenu()
{
    auto* menu = menuBar()->addMenu(tr("&View"));
    menu->addAction(m_actions->add({ .name = u"refresh"_s,
                                       .text = tr("&Refresh"),
                                       .icon = u"sync"_s,
                                       .shortcut = QKeySequence::Refresh },
        [this] {
            m_context.connections.refresh();
            if (auto* page = currentPage()) {
                page->activate();
            }
        }));
    auto* activity = m_actions->add({ .name = u"activity"_s,
                                        .text = tr("&Activity"),
                                        .icon = u"activity"_s,
                                        .shortcut = QKeySequence(tr("Ctrl+Shift+A")),
                                        .checkable = true },
        [this] { m_activity->setVisible(m_actions->find(u"activity"_s)->isChecked()); });
    connect(m_activity, &QDockWidget::visibilityChanged, activity, &QAction::setChecked);
    menu->addAction(activity);
    menu->addSeparator();

    auto* schemes = new QActionGroup(this);
    const std::pair<theme::Scheme, QString> choices[] {
        { theme::Scheme::FollowDesktop, tr("Colours of the &desktop") },
        { theme::Scheme::Light, tr("&Light colours") },
        { theme::Scheme::Dark, tr("Dar&k colours") },
    };
    for (const auto& [scheme, text] : choices) {
        const QString name = theme::schemeName(scheme);
        auto* action
            = m_actions->add({ .name = name + u"Scheme"_s, .text = text, .checkable = true },
                [this, name] { m_context.settings.set(Setting::ColorScheme, name); });
        const auto refresh = [this, action, name] {
            action->setChecked(m_context.settings.text(Setting::ColorScheme) == name);
        };
        connect(&m_context.settings, &SettingsWatch::changed, action, refresh);
        connect(&m_context.settings, &SettingsWatch::loaded, action, refresh);
        refresh();
        schemes->addAction(action);
        menu->addAction(action);
    }
}

void MainWindow::buildHelpMenu()
{
    auto* menu = menuBar()->addMenu(tr("&Help"));
    menu->addAction(m_actions->add({ .name = u"shortcuts"_s,
                                       .text = tr("&Keyboard shortcuts"),
                                       .icon = u"help"_s,
                                       .shortcut = QKeySequence(tr("Ctrl+?")) },
        [this] { showShortcuts(); }));
    menu->addAction(
        m_actions->add({ .name = u"about"_s, .text = tr("&About Portreeve"), .icon = u"info"_s },
            [this] { showAbout(); }));
}

/// The list with the focus, else the page's first one.
TableView* MainWindow::listInUse() const
{
    for (auto* at = focusWidget(); at != nullptr; at = at->parentWidget()) {
        if (auto* table = qobject_cast<TableView*>(at)) {
            return table;
        }
    }
    const auto tables = currentPage() != nullptr ? currentPage()->findChildren<TableView*>()
                                                 : QList<TableView*>();
    const auto shown
        = std::ranges::find_if(tables, [](const auto* table) { return table->isVisible(); });
    return shown == tables.end() ? nullptr : *shown;
}

void MainWindow::exportList()
{
    const auto* table = listInUse();
    if (table == nullptr || table->rowsModel()->rowCount() == 0) {
        m_messages->showMessage(
            MessageBar::Kind::Info, tr("There is no list here that could be exported."));
        return;
    }
    TableExport::ask(*m_messages, *table->rowsModel(), m_context.workers);
}

void MainWindow::openPalette()
{
    auto* palette = new CommandPalette(commands(), this);
    palette->open();
}

std::vector<CommandPalette::Command> MainWindow::commands()
{
    std::vector<CommandPalette::Command> all;
    for (const auto* action : m_actions->actions()) {
        if (!action->isEnabled() || action->objectName() == u"commands") {
            continue;
        }
        const QString text = action->text().remove(u'&').remove(u'…');
        all.push_back({ .text = text,
            .note = action->shortcut().toString(QKeySequence::NativeText),
            .icon = action->icon(),
            .run = [this, name = action->objectName()] { m_actions->find(name)->trigger(); } });
    }
    for (const auto& connection : m_context.connections.connections()) {
        all.push_back({ .text = tr("Open %1").arg(connection.name),
            .note = tr("identity provider"),
            .icon = theme::icon(u"providers"_s),
            .run
            = [this, id = connection.id] { showPage(u"providers"_s, u"connection:"_s + id); } });
        all.push_back({ .text = tr("Sync %1 now").arg(connection.name),
            .note = tr("identity provider"),
            .icon = theme::icon(u"sync"_s),
            .run = [this, id = connection.id] { m_context.sync.sync(id); } });
    }
    return all;
}

void MainWindow::showShortcuts()
{
    auto* sheet = new ShortcutSheet(*m_actions, this);
    sheet->open();
}

void MainWindow::showAbout()
{
    auto* box = new QMessageBox(this);
    box->setObjectName(u"aboutBox"_s);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(tr("About Portreeve"));
    box->setTextFormat(Qt::PlainText);
    box->setIconPixmap(theme::icon(u"portreeve"_s).pixmap(theme::iconExtent(4)));
    box->setText(tr("Portreeve %1").arg(QStringLiteral(PORTREEVE_VERSION)));
    box->setInformativeText(tr("Keeps an access proxy in step with a company's directory.\n"
                               "Qt %1. GPL 3.0 or later.")
            .arg(QString::fromLatin1(qVersion())));
    box->open();
}

} // namespace portreeve
