// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/directory/roworder.h"
#include "core/directory/textsearch.h"
#include "core/store/directorystore.h"

#include <QSet>
#include <QString>

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace portreeve {

enum class DirectoryList { Users, Groups, OrgUnits };

enum class UserColumn { Name, Email, Login, State, Groups, Connection, Id };
inline constexpr int kUserColumnCount = 7;

enum class GroupColumn { Name, Members, People, Email, Connection, Id };
inline constexpr int kGroupColumnCount = 6;

/// What a list is to show.
struct DirectoryQuery
{
    DirectoryList list = DirectoryList::Users;
    QString text {};
    QSet<QString> connections {}; ///< ids; empty = all
    QSet<UserState> states {}; ///< empty = all; users only
    int sortColumn = 0; ///< UserColumn or GroupColumn
    Qt::SortOrder order = Qt::AscendingOrder;
};

/// Rows in order, with what each facet would give: a facet counts hits of the text and of the
/// other facets, so that its numbers tell what choosing it brings.
struct DirectoryAnswer
{
    DirectoryQuery query {};
    std::vector<Row> rows {};
    std::vector<std::int64_t> perConnection {}; ///< in the view's order
    std::array<std::int64_t, 2> perState {}; ///< by UserState
    std::int64_t total = 0; ///< objects of that list without any filter
};

/// Users and groups of every connection as two tables with one row number each, ready to be
/// searched and sorted. Immutable but for sort orders made at first use; shared between threads.
class DirectoryIndex
{
public:
    /// Takes its time at 100,000 rows: for a worker thread.
    explicit DirectoryIndex(DirectoryViewPtr view);

    const DirectoryView& view() const { return *m_view; }

    /// Which row of which connection.
    struct Place
    {
        std::size_t connection = 0;
        Row row = 0;
    };

    Place userPlace(Row row) const { return place(m_userStarts, row); }

    Place groupPlace(Row row) const { return place(m_groupStarts, row); }

    Row userRow(const Place& at) const { return m_userStarts[at.connection] + at.row; }

    Row groupRow(const Place& at) const { return m_groupStarts[at.connection] + at.row; }

    const ConnectionDirectory& connection(std::size_t index) const
    {
        return m_view->connections[index];
    }

    Row userCount() const { return m_userStarts.back(); }

    Row groupCount() const { return m_groupStarts.back(); }

    std::uint32_t peopleOfGroup(Row row) const { return m_peopleOfGroup[row]; }

    /// One pass over the text, then into order. Any thread.
    DirectoryAnswer find(const DirectoryQuery& query) const;

    /// Rows of one connection's users (or groups) whose text holds @p text, ascending.
    std::vector<Row> findUsers(std::size_t connection, const QString& text) const;
    std::vector<Row> findGroups(std::size_t connection, const QString& text) const;

private:
    using Starts = std::vector<Row>; // first row of each connection, then the count

    static Place place(const Starts& starts, Row row);
    static std::vector<Row> within(
        const Starts& starts, std::size_t connection, const std::vector<Row>& hits);
    const RowOrder& order(DirectoryList list, int column) const;
    RowOrder userOrder(UserColumn column) const;
    RowOrder groupOrder(GroupColumn column) const;
    bool isListed(DirectoryList list, const Place& place) const;

    DirectoryViewPtr m_view;
    Starts m_userStarts { 0 };
    Starts m_groupStarts { 0 };
    TextSearch m_userSearch;
    TextSearch m_groupSearch;
    std::vector<std::uint32_t> m_peopleOfGroup;
    mutable std::mutex m_mutex; // guards the orders while one is made
    mutable std::array<std::optional<RowOrder>, kUserColumnCount> m_userOrders;
    mutable std::array<std::optional<RowOrder>, kGroupColumnCount> m_groupOrders;
};

using DirectoryIndexPtr = std::shared_ptr<const DirectoryIndex>;

} // namespace portreeve
