// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/policylistmodel.h"

#include <QWidget>

class QPushButton;
class QStackedLayout;
class QTabBar;
class QVBoxLayout;

namespace portreeve {

class EmptyState;
class TableView;

enum class PolicyKind { Policy, Route };

/// The lists of policies and of routes with what can be done to one of them.
class PoliciesList final : public QWidget
{
    Q_OBJECT

public:
    explicit PoliciesList(const PolicyLibrary& library, QWidget* parent = nullptr);

    PolicyKind kind() const;
    bool isEmpty() const; ///< of the kind in view
    void setKind(PolicyKind kind);

    /// Of the current row; empty when there is none.
    QString currentId() const;

    /// Emits no openRequested().
    void select(PolicyKind kind, const QString& id);

    /// The library has new content.
    void refresh();

    TableView* table() const { return m_table; }

signals:
    void kindChanged(portreeve::PolicyKind kind);
    void openRequested(portreeve::PolicyKind kind, const QString& id);
    void addRequested(portreeve::PolicyKind kind);
    void duplicateRequested(portreeve::PolicyKind kind, const QString& id);
    void removeRequested(portreeve::PolicyKind kind, const QString& id);

private:
    void buildButtons(QVBoxLayout* layout);
    void showKind();
    void showContent();

    const PolicyLibrary& m_library;
    PolicyListModel* m_policyModel = nullptr;
    RouteListModel* m_routeModel = nullptr;
    QTabBar* m_tabs = nullptr;
    TableView* m_policies = nullptr;
    TableView* m_routes = nullptr;
    TableView* m_table = nullptr; // the shown one of the two
    EmptyState* m_empty = nullptr;
    QStackedLayout* m_stack = nullptr;
    QPushButton* m_add = nullptr;
    QPushButton* m_duplicate = nullptr;
    QPushButton* m_remove = nullptr;
    bool m_quiet = false;
};

} // namespace portreeve
