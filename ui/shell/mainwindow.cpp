// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/shell/mainwindow.h"

#include "ui/models/connectionwatch.h"
#include "ui/models/secretwatch.h"
#include "ui/models/settingswatch.h"
#include "ui/models/targetboard.h"
#include "ui/shell/actionregistry.h"
#include "ui/shell/activitylog.h"
#include "ui/shell/activitypanel.h"
#include "ui/shell/navigationlist.h"
#include "ui/shell/statusline.h"
#include "ui/widgets/confirmdialog.h"
#include "ui/widgets/messagebar.h"

#include <QCloseEvent>
#include <QDir>
#include <QDockWidget>
#include <QHBoxLayout>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

MainWindow::MainWindow(
    const AppContext& context, const std::vector<PageEntry>& pages, QWidget* parent)
    : InReadingOrder(parent)
    , m_context(context)
    , m_actions(new ActionRegistry(this))
    , m_log(new ActivityLog(context, this))
    , m_navigation(new NavigationList(this))
    , m_stack(new QStackedWidget(this))
    , m_messages(new MessageBar(this))
{
    setObjectName(u"mainWindow"_s);
    buildLayout();
    for (const auto& entry : pages) {
        addPage(entry);
    }
    buildActivity();
    buildActions();
    restoreWindow();
    refreshTitle();
    connect(&context.connections, &ConnectionWatch::connectionsChanged, this,
        &MainWindow::refreshTitle);
    const auto applyScheme = [this] {
        theme::apply(theme::schemeFromName(m_context.settings.text(Setting::ColorScheme)));
    };
    connect(&context.settings, &SettingsWatch::loaded, this, applyScheme);
    connect(&context.settings, &SettingsWatch::changed, this, applyScheme);
    connect(&context.settings, &SettingsWatch::failed, this,
        [this](const Error& error) { m_messages->showError(error); });
    connect(&context.deliveries, &DeliveryService::driftSeen, this, &MainWindow::tellDrift);
    connect(m_navigation, &QListWidget::currentRowChanged, this, [this](int row) {
        if (row >= 0 && row != m_stack->currentIndex()) {
            showPage(m_pages[static_cast<std::size_t>(row)].id);
        }
    });
    context.connections.refresh();
    context.secretHealth.probe();
}

MainWindow::~MainWindow() = default;

void MainWindow::showPage(const QString& pageId, const QString& target)
{
    const int index = indexOf(pageId);
    if (index < 0) {
        return;
    }
    if (index == m_stack->currentIndex()) {
        reveal(index, target);
        return;
    }
    m_navigation->setCurrentRow(m_stack->currentIndex()); // back, should the answer be Cancel
    leaveCurrentPage([this, index, target] { reveal(index, target); });
}

QString MainWindow::currentPageId() const
{
    const int index = m_stack->currentIndex();
    return index < 0 ? QString() : m_pages[static_cast<std::size_t>(index)].id;
}

Page* MainWindow::page(const QString& pageId) const
{
    const int index = indexOf(pageId);
    return index < 0 ? nullptr : m_pages[static_cast<std::size_t>(index)].page;
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (m_maySafelyClose) {
        saveWindow();
        event->accept();
        return;
    }
    event->ignore();
    const bool quits = std::exchange(m_quits, false);
    if (!quits && m_keepsRunning && m_keepsRunning()) {
        leaveCurrentPage([this] { hide(); });
        return;
    }
    leaveCurrentPage([this] { askRunning(); });
}

void MainWindow::setKeepsRunning(std::function<bool()> keepsRunning)
{
    m_keepsRunning = std::move(keepsRunning);
}

void MainWindow::quit()
{
    m_quits = true;
    close();
}

void MainWindow::addPage(const PageEntry& entry)
{
    Page* page = entry.make(m_context, m_stack);
    page->setObjectName(entry.id + u"Page"_s);
    m_pages.push_back({ entry.id, page });
    m_stack->addWidget(page);
    constexpr std::size_t mostShortcuts = 9;
    const QString key
        = m_pages.size() <= mostShortcuts ? tr("Ctrl+%1").arg(m_pages.size()) : QString();
    m_navigation->addPage(entry.title, entry.icon, key);
    connect(page, &Page::navigationRequested, this, &MainWindow::showPage);
    connect(page, &Page::statusMessage, this, [this](const QString& text) {
        constexpr int shownMs = 10'000;
        statusBar()->showMessage(text, shownMs);
    });
    m_actions->add({ .name = entry.id + u"Page"_s,
                       .text = entry.title,
                       .icon = entry.icon,
                       .shortcut = QKeySequence(key) },
        [this, id = entry.id] { showPage(id); });
}

void MainWindow::buildLayout()
{
    auto* column = new QVBoxLayout;
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_messages);
    column->addWidget(m_stack, 1);
    auto* line = new QFrame(this);
    line->setFrameShape(QFrame::VLine);
    line->setFrameShadow(QFrame::Plain);
    line->setForegroundRole(QPalette::Mid);
    auto* centre = new QWidget(this);
    auto* layout = new QHBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_navigation);
    layout->addWidget(line);
    layout->addLayout(column, 1);
    setCentralWidget(centre);

    auto* status = new StatusLine(m_context, *m_log, this);
    setStatusBar(status);
    connect(status, &StatusLine::secretsRequested, this,
        [this] { showPage(u"settings"_s, u"secrets"_s); });
    connect(status, &StatusLine::connectionsRequested, this, [this] { showPage(u"providers"_s); });
    connect(status, &StatusLine::targetsRequested, this, [this] { showPage(u"proxy"_s); });
    connect(status, &StatusLine::activityRequested, this,
        [this] { m_activity->setVisible(m_activity->isHidden()); });
}

void MainWindow::buildActivity()
{
    auto* panel = new ActivityPanel(m_context, *m_log, this);
    m_activity = new QDockWidget(tr("Activity"), this);
    m_activity->setObjectName(u"activityDock"_s);
    m_activity->setFeatures(QDockWidget::DockWidgetClosable);
    m_activity->setWidget(panel);
    addDockWidget(Qt::BottomDockWidgetArea, m_activity);
    m_activity->hide();
    connect(panel, &ActivityPanel::connectionRequested, this,
        [this](const QString& id) { showPage(u"providers"_s, u"connection:"_s + id); });
    connect(panel, &ActivityPanel::targetRequested, this,
        [this](const QString& id) { showPage(u"proxy"_s, u"target:"_s + id); });
}

void MainWindow::tellDrift(const QString& targetId, const DriftReport& drift)
{
    const auto* target = m_context.targets.find(targetId);
    const QString name = target == nullptr ? targetId : target->name;
    const QString text = whatHappened(drift).translated() + u' ' + whatFollows(drift).translated();
    m_log->addNotice(tr("Proxy %1").arg(name), text);
    m_messages->showMessage(MessageBar::Kind::Warning, tr("%1: %2").arg(name, text),
        { { .text = tr("Show &proxy"),
            .trigger = [this, targetId] { showPage(u"proxy"_s, u"target:"_s + targetId); } } });
}

void MainWindow::refreshTitle()
{
    const auto& all = m_context.connections.connections();
    const bool onlySample = !all.empty()
        && std::all_of(all.begin(), all.end(),
            [](const Connection& connection) { return connection.provider == u"sample"; });
    const QString folder = QDir::toNativeSeparators(m_context.dataDirectory);
    // The desktop puts the program's name behind it.
    setWindowTitle(onlySample ? tr("Sample directory — %1").arg(folder) : folder);
}

void MainWindow::reveal(int index, const QString& target)
{
    Page* page = m_pages[static_cast<std::size_t>(index)].page;
    const bool isNew = m_stack->currentIndex() != index || !page->isVisible();
    m_stack->setCurrentIndex(index);
    m_navigation->setCurrentRow(index);
    if (isNew) {
        page->activate();
    }
    if (!target.isEmpty()) {
        page->open(target);
    }
}

void MainWindow::leaveCurrentPage(const std::function<void()>& proceed)
{
    Page* page = currentPage();
    if (page == nullptr || !page->hasUnsavedChanges()) {
        proceed();
        return;
    }
    askUnsaved(page, proceed);
}

void MainWindow::askUnsaved(Page* page, const std::function<void()>& proceed)
{
    const QString name = page->unsavedName();
    ConfirmDialog::ask(this,
        { .title = tr("Unsaved changes"),
            .text = name.isEmpty() ? tr("This page has unsaved changes.")
                                   : tr("%1 has unsaved changes.").arg(name),
            .details = tr("Discarded changes cannot be brought back."),
            .verb = tr("&Save"),
            .alternative = tr("&Discard") },
        [page, proceed](ConfirmDialog::Answer answer) {
            const auto proceedIf = [proceed](bool saved) {
                if (saved) {
                    proceed();
                }
            };
            switch (answer) {
            case ConfirmDialog::Answer::Cancel:
                return;
            case ConfirmDialog::Answer::Confirmed:
                page->saveChanges(proceedIf);
                return;
            case ConfirmDialog::Answer::Alternative:
                page->discardChanges();
                proceed();
                return;
            }
        });
}

void MainWindow::quitNow()
{
    m_maySafelyClose = true;
    close();
    emit quitConfirmed();
}

void MainWindow::quitWhenIdle()
{
    m_context.sync.setPaused(true);
    m_context.deliveries.setPaused(true);
    m_messages->showMessage(
        MessageBar::Kind::Info, tr("Portreeve quits when the running tasks have ended."));
    // Queued: what waited for the one that ended has begun by then.
    connect(&m_context.connections, &ConnectionWatch::runChanged, this, &MainWindow::quitIfIdle,
        Qt::QueuedConnection);
    connect(&m_context.targets, &TargetBoard::workChanged, this, &MainWindow::quitIfIdle,
        Qt::QueuedConnection);
    quitIfIdle();
}

void MainWindow::quitIfIdle()
{
    if (runningCount() == 0 && !m_maySafelyClose) {
        quitNow();
    }
}

int MainWindow::runningCount() const
{
    return m_context.sync.runningCount() + m_context.deliveries.runningCount();
}

void MainWindow::stopAll()
{
    m_context.sync.cancelAll();
    m_context.deliveries.cancelAll();
}

void MainWindow::askRunning()
{
    const int running = runningCount();
    if (running == 0) {
        quitNow();
        return;
    }
    ConfirmDialog::ask(this,
        { .title = tr("Quit"),
            .text = tr("%n task(s) are still running.", nullptr, running),
            .details = tr("What was saved or delivered so far stays. A stopped run changes "
                          "nothing more and starts anew next time."),
            .verb = tr("&Stop and quit"),
            .alternative = tr("&Finish, then quit") },
        [this](ConfirmDialog::Answer answer) {
            switch (answer) {
            case ConfirmDialog::Answer::Cancel:
                return;
            case ConfirmDialog::Answer::Confirmed:
                stopAll();
                quitNow();
                return;
            case ConfirmDialog::Answer::Alternative:
                quitWhenIdle();
                return;
            }
        });
}

void MainWindow::restoreWindow()
{
    const QSettings settings;
    resize(fontMetrics().averageCharWidth() * 190, fontMetrics().height() * 46);
    restoreGeometry(settings.value(u"window/geometry"_s).toByteArray());
    resize(size().boundedTo(screen()->availableSize()));
    restoreState(settings.value(u"window/state"_s).toByteArray());
    const QString last = settings.value(u"window/page"_s).toString();
    const int index = std::max(indexOf(last), 0);
    if (!m_pages.empty()) {
        reveal(index, {});
    }
}

void MainWindow::saveWindow() const
{
    QSettings settings;
    settings.setValue(u"window/geometry"_s, saveGeometry());
    settings.setValue(u"window/state"_s, saveState());
    settings.setValue(u"window/page"_s, currentPageId());
}

int MainWindow::indexOf(const QString& pageId) const
{
    const auto found = std::find_if(m_pages.begin(), m_pages.end(),
        [&pageId](const Place& place) { return place.id == pageId; });
    return found == m_pages.end() ? -1 : static_cast<int>(found - m_pages.begin());
}

Page* MainWindow::currentPage() const
{
    const int index = m_stack->currentIndex();
    return index < 0 ? nullptr : m_pages[static_cast<std::size_t>(index)].page;
}

} // namespace portreeve
