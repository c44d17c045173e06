// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/appcontext.h"
#include "ui/models/directoryindex.h"

#include <QWidget>

class QListWidget;
class QTabWidget;

namespace portreeve {

class MemberList;
class ObjectHeader;
class ObjectHistoryList;
class PathView;
class TextLabel;

/// One group: attributes, people in it and why, nesting both ways, policies, history.
class GroupPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit GroupPanel(const AppContext& context, QWidget* parent = nullptr);

    void show(DirectoryIndexPtr index, Row group);

    MemberList* people() const { return m_people; }

    PathView* paths() const { return m_paths; }

signals:
    void openRequested(bool isGroup, const QString& key);
    void runRequested(std::int64_t runId);
    void policyRequested(const QString& policyId);
    void statusMessage(const QString& text);

private:
    void makeTabs();
    void setCount(int tab, const QString& title, std::int64_t count);
    QWidget* makePolicies();
    void explain(std::optional<Row> user);
    void showNesting();
    void loadPolicies(const QString& groupId);

    AppContext m_context;
    DirectoryIndexPtr m_index;
    DirectoryIndex::Place m_place;
    ObjectHeader* m_header = nullptr;
    TextLabel* m_nesting = nullptr;
    QTabWidget* m_tabs = nullptr;
    MemberList* m_people = nullptr;
    MemberList* m_below = nullptr;
    MemberList* m_above = nullptr;
    PathView* m_paths = nullptr;
    QListWidget* m_policies = nullptr;
    TextLabel* m_noPolicies = nullptr;
    ObjectHistoryList* m_history = nullptr;
    int m_request = 0;
    int m_nestingRequest = 0;
};

} // namespace portreeve
