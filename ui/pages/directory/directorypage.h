// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/appcontext.h"
#include "ui/models/directoryindex.h"
#include "ui/models/directorymodels.h"
#include "ui/pages/page.h"

#include <optional>

class QPushButton;
class QStackedWidget;
class QTabBar;

namespace portreeve {

class DirectorySearcher;
class EmptyState;
class FacetPanel;
class GroupPanel;
class MessageBar;
class SearchEdit;
class TableView;
class TextLabel;
class UserPanel;

/// Everybody and every group of all connections: search, facets, and one object in detail.
class DirectoryPage final : public Page
{
    Q_OBJECT

public:
    explicit DirectoryPage(const AppContext& context, QWidget* parent = nullptr);

    void activate() override;

    /// "user:<connection id>:<id>" or "group:<connection id>:<id>"
    void open(const QString& target) override;
    QWidget* searchField() const override;

    /// Shows this state of the directory, as after a load.
    void setIndex(DirectoryIndexPtr index);

private:
    enum class Tab { Users, Groups, OrgUnits, Removed };

    QWidget* makeBar();
    QWidget* makeList();
    QWidget* makeDetail();
    void loadView();
    void loadRemoved();
    Tab tab() const;
    void ask();
    void take(const DirectoryAnswer& answer);
    void showFacets(const DirectoryAnswer& answer);
    void showCount(std::int64_t shown, std::int64_t total);
    void showState(std::int64_t shown, std::int64_t total);
    void showRemoved();
    void showCurrent();
    void openObject(bool isGroup, const QString& key);
    void finishOpen();
    void exportShown();

    AppContext m_context;
    DirectoryIndexPtr m_index;
    DirectorySearcher* m_searcher = nullptr;
    UsersModel* m_usersModel = nullptr;
    GroupsModel* m_groupsModel = nullptr;
    TombstonesModel* m_removedModel = nullptr;
    QTabBar* m_tabs = nullptr;
    SearchEdit* m_search = nullptr;
    QPushButton* m_export = nullptr;
    MessageBar* m_message = nullptr;
    QWidget* m_facetSide = nullptr;
    FacetPanel* m_facets = nullptr;
    TextLabel* m_count = nullptr;
    TableView* m_users = nullptr;
    TableView* m_groups = nullptr;
    TableView* m_removed = nullptr;
    EmptyState* m_empty = nullptr;
    QStackedWidget* m_lists = nullptr;
    QStackedWidget* m_detail = nullptr;
    UserPanel* m_userPanel = nullptr;
    GroupPanel* m_groupPanel = nullptr;
    std::array<std::pair<int, Qt::SortOrder>, 3> m_sort {}; // by DirectoryList
    QString m_link; // to open once the directory is there
    QString m_wanted; // key to select once its list is shown
    bool m_hasSeveral = true; ///< connections; with one its column only repeats itself
    bool m_failed = false;
    int m_request = 0;
};

} // namespace portreeve
