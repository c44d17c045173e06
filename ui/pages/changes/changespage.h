// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/appcontext.h"
#include "ui/models/changesboard.h"
#include "ui/pages/page.h"

class QPushButton;
class QStackedWidget;
class QTabWidget;

namespace portreeve {

class EmptyState;
class ErrorPanel;
class HeldView;
class MessageBar;
class PlanView;
class ProgressStrip;
class TableView;
class TextLabel;
class WorkModel;

/// What would change: a preview per connection, applied only after it was looked at, and the
/// removals that wait for an answer.
class ChangesPage final : public Page
{
    Q_OBJECT

public:
    explicit ChangesPage(const AppContext& context, QWidget* parent = nullptr);

    void activate() override;

    /// "plan:<connection id>", "hold:<connection id>" or "connection:<connection id>"
    void open(const QString& target) override;
    QWidget* searchField() const override;

    ChangesBoard& board() { return m_board; }

private:
    QWidget* makeSide();
    QWidget* makeMain();
    QWidget* makeHead();
    void makeTabs();
    void connectBoard();
    void select(const QString& connectionId);
    void refresh(const QString& connectionId);
    void showWork(const ConnectionWork& work);
    void showBanner(const ConnectionWork& work);
    void showContent(const ConnectionWork& work);
    void showNotes(const ConnectionWork& work);
    void showProgress(const ConnectionWork& work);
    void askToApply();

    AppContext m_context;
    ChangesBoard m_board;
    QString m_current;
    QString m_wanted;
    bool m_wantsHeld = false;
    WorkModel* m_workModel = nullptr;
    TableView* m_works = nullptr;
    EmptyState* m_noConnections = nullptr;
    QStackedWidget* m_sideStack = nullptr;
    QWidget* m_main = nullptr;
    TextLabel* m_name = nullptr;
    TextLabel* m_hash = nullptr;
    QPushButton* m_preview = nullptr;
    QPushButton* m_apply = nullptr;
    ProgressStrip* m_progress = nullptr;
    MessageBar* m_message = nullptr;
    TextLabel* m_trips = nullptr;
    TextLabel* m_outdated = nullptr;
    ErrorPanel* m_error = nullptr;
    QStackedWidget* m_stack = nullptr;
    EmptyState* m_empty = nullptr;
    QTabWidget* m_tabs = nullptr;
    PlanView* m_planView = nullptr;
    AccessChangesModel* m_accessModel = nullptr;
    TableView* m_access = nullptr;
    EmptyState* m_noAccess = nullptr;
    HeldView* m_held = nullptr;
    TextLabel* m_notes = nullptr;
};

} // namespace portreeve
