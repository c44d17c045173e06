// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/appcontext.h"
#include "ui/pages/pagelist.h"
#include "ui/shell/commandpalette.h"
#include "ui/theme/theme.h"
#include "ui/widgets/readingorder.h"

#include <QMainWindow>

#include <map>

class QDockWidget;
class QStackedWidget;

namespace portreeve {

class ActionRegistry;
class ActivityLog;
class MessageBar;
class NavigationList;
class TableView;
struct DriftReport;

/// The window: pages at the left, the current page, the activity panel and the status line.
class MainWindow final : public InReadingOrder<QMainWindow>
{
    Q_OBJECT

public:
    MainWindow(
        const AppContext& context, const std::vector<PageEntry>& pages, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Shows a page, and @p target in it when not empty, after the question about unsaved changes.
    void showPage(const QString& pageId, const QString& target = {});

    QString currentPageId() const;
    Page* page(const QString& pageId) const; ///< null when there is none

    const ActionRegistry& actions() const { return *m_actions; }

    /// Asked when the window is closed: with true it is hidden and the program goes on. Quitting is
    /// not closing. May be empty.
    void setKeepsRunning(std::function<bool()> keepsRunning);

signals:
    /// Every question is answered; a hidden window has nobody else to end the program.
    void quitConfirmed();

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    struct Place
    {
        QString id;
        Page* page;
    };

    void addPage(const PageEntry& entry);
    void buildLayout();
    void buildActions();
    void buildFileMenu();
    void buildGoMenu();
    void buildSyncMenu();
    void buildViewMenu();
    void buildHelpMenu();
    void buildActivity();
    void refreshTitle();
    void tellDrift(const QString& targetId, const DriftReport& drift);
    void reveal(int index, const QString& target);
    void leaveCurrentPage(const std::function<void()>& proceed);
    void askUnsaved(Page* page, const std::function<void()>& proceed);
    int runningCount() const; ///< of syncs and of tasks at proxies
    void stopAll();
    void askRunning();
    void quitNow();
    void quitWhenIdle();
    void quitIfIdle();
    void quit();
    void exportList();
    TableView* listInUse() const; ///< null where a page shows none
    void openPalette();
    std::vector<CommandPalette::Command> commands();
    void showShortcuts();
    void showAbout();
    void restoreWindow();
    void saveWindow() const;
    int indexOf(const QString& pageId) const;
    Page* currentPage() const;

    AppContext m_context;
    std::vector<Place> m_pages;
    ActionRegistry* m_actions;
    ActivityLog* m_log;
    NavigationList* m_navigation;
    QStackedWidget* m_stack;
    MessageBar* m_messages;
    QDockWidget* m_activity = nullptr;
    std::function<bool()> m_keepsRunning;
    bool m_maySafelyClose = false;
    bool m_quits = false; // closing was asked for by Quit
};

} // namespace portreeve
