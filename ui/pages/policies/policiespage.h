// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/appcontext.h"
#include "ui/models/policylibrary.h"
#include "ui/pages/page.h"
#include "ui/pages/policies/policieslist.h"

#include <functional>

class QStackedWidget;

namespace portreeve {

class CommitBar;
class EmptyState;
class MessageBar;
class PolicyEditor;
class RouteEditor;

/// Policies and routes: list, builder and text, saved through a bar that stays in view.
class PoliciesPage final : public Page
{
    Q_OBJECT

public:
    explicit PoliciesPage(const AppContext& context, QWidget* parent = nullptr);

    void activate() override;

    /// "policy:<id>" or "route:<id>"
    void open(const QString& target) override;
    bool hasUnsavedChanges() const override;

    PolicyEditor* policyEditor() const { return m_policyEditor; }

    RouteEditor* routeEditor() const { return m_routeEditor; }

    PolicyLibrary& library() { return m_library; }

private:
    void buildList();
    void buildEditors();
    void connectLibrary();
    void add(PolicyKind kind);
    void duplicate(PolicyKind kind, const QString& id);
    void askToRemove(PolicyKind kind, const QString& id);
    void showEntry(PolicyKind kind, const QString& id);
    void showNothing();
    void showPolicy(const StoredPolicy& policy);
    void showRoute(const StoredRoute& route);
    void whenClean(std::function<void()> next); // asks about unsaved changes first
    void save();
    void discard();
    void afterSave();
    void takeLibrary();
    void refreshBar();
    QString problem() const;

    AppContext m_context;
    PolicyLibrary m_library;
    PoliciesList* m_list = nullptr;
    QWidget* m_editor = nullptr; ///< right of the list
    QStackedWidget* m_stack = nullptr;
    EmptyState* m_empty = nullptr;
    PolicyEditor* m_policyEditor = nullptr;
    RouteEditor* m_routeEditor = nullptr;
    MessageBar* m_message = nullptr;
    CommitBar* m_bar = nullptr;
    PolicyKind m_shownKind = PolicyKind::Policy;
    QString m_shownId;
    QString m_wanted; // target of open() before the first load
    std::function<void()> m_afterSave;
};

} // namespace portreeve
