// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/directoryindex.h"

#include <QCollator>

#include <algorithm>
#include <functional>

namespace portreeve {

namespace {

using ColumnOf = std::function<const TextColumn&(const Snapshot&)>;

// One column over all connections. A single connection, the usual case, is not copied.
class JoinedColumn
{
public:
    JoinedColumn(const DirectoryView& view, const ColumnOf& columnOf)
    {
        if (view.connections.size() == 1) {
            m_column = &columnOf(*view.connections.front().snapshot);
            return;
        }
        for (const ConnectionDirectory& connection : view.connections) {
            const TextColumn& column = columnOf(*connection.snapshot);
            for (std::size_t row = 0; row < column.size(); ++row) {
                m_own.append(column.at(row));
            }
        }
        m_column = &m_own;
    }

    JoinedColumn(const JoinedColumn&) = delete;
    JoinedColumn& operator=(const JoinedColumn&) = delete;
    ~JoinedColumn() = default;

    const TextColumn& get() const { return *m_column; }

private:
    TextColumn m_own;
    const TextColumn* m_column = nullptr;
};

RowOrder orderByText(const DirectoryView& view, const ColumnOf& columnOf)
{
    QCollator collator;
    collator.setCaseSensitivity(Qt::CaseInsensitive);
    const JoinedColumn column(view, columnOf);
    return RowOrder::byText(column.get(), collator);
}

} // namespace

DirectoryIndex::DirectoryIndex(DirectoryViewPtr view)
    : m_view(std::move(view))
{
    for (const ConnectionDirectory& connection : m_view->connections) {
        m_userStarts.push_back(m_userStarts.back() + connection.snapshot->userCount());
        m_groupStarts.push_back(m_groupStarts.back() + connection.snapshot->groupCount());
        const auto counts = connection.closure->effectiveUserCounts();
        m_peopleOfGroup.insert(m_peopleOfGroup.end(), counts.begin(), counts.end());
    }
    const JoinedColumn names(*m_view, &Snapshot::userNames);
    const JoinedColumn emails(*m_view, &Snapshot::userEmails);
    const JoinedColumn logins(*m_view, &Snapshot::userLogins);
    const JoinedColumn ids(*m_view, &Snapshot::userIds);
    m_userSearch = TextSearch(std::array<const TextColumn*, 4> {
        &names.get(), &emails.get(), &logins.get(), &ids.get() });
    const JoinedColumn groupNames(*m_view, &Snapshot::groupNames);
    const JoinedColumn groupEmails(*m_view, &Snapshot::groupEmails);
    const JoinedColumn groupIds(*m_view, &Snapshot::groupIds);
    m_groupSearch = TextSearch(std::array<const TextColumn*, 3> {
        &groupNames.get(), &groupEmails.get(), &groupIds.get() });
}

DirectoryIndex::Place DirectoryIndex::place(const Starts& starts, Row row)
{
    const auto next = std::upper_bound(starts.begin(), starts.end(), row);
    const auto connection = static_cast<std::size_t>(next - starts.begin() - 1);
    return { connection, row - starts[connection] };
}

std::vector<Row> DirectoryIndex::within(
    const Starts& starts, std::size_t connection, const std::vector<Row>& hits)
{
    const auto first = std::lower_bound(hits.begin(), hits.end(), starts[connection]);
    const auto last = std::lower_bound(first, hits.end(), starts[connection + 1]);
    std::vector<Row> rows(first, last);
    for (Row& row : rows) {
        row -= starts[connection];
    }
    return rows;
}

std::vector<Row> DirectoryIndex::findUsers(std::size_t connection, const QString& text) const
{
    return within(m_userStarts, connection, m_userSearch.find(text));
}

std::vector<Row> DirectoryIndex::findGroups(std::size_t connection, const QString& text) const
{
    return within(m_groupStarts, connection, m_groupSearch.find(text));
}

bool DirectoryIndex::isListed(DirectoryList list, const Place& place) const
{
    if (list == DirectoryList::Users) {
        return true;
    }
    const GroupKind kind = connection(place.connection).snapshot->groupKind(place.row);
    return (kind == GroupKind::OrgUnit) == (list == DirectoryList::OrgUnits);
}

DirectoryAnswer DirectoryIndex::find(const DirectoryQuery& query) const
{
    const bool users = query.list == DirectoryList::Users;
    const Starts& starts = users ? m_userStarts : m_groupStarts;
    DirectoryAnswer answer { .query = query };
    answer.perConnection.resize(m_view->connections.size());
    const std::vector<Row> hits = (users ? m_userSearch : m_groupSearch).find(query.text);
    std::vector<Row> kept;
    kept.reserve(hits.size());
    for (const Row hit : hits) {
        const Place at = place(starts, hit);
        if (!isListed(query.list, at)) {
            continue;
        }
        const ConnectionDirectory& source = connection(at.connection);
        const bool ofConnection
            = query.connections.isEmpty() || query.connections.contains(source.connectionId);
        const UserState state = users ? source.snapshot->userState(at.row) : UserState::Active;
        const bool ofState = !users || query.states.isEmpty() || query.states.contains(state);
        answer.perConnection[at.connection] += ofState ? 1 : 0;
        answer.perState[static_cast<std::size_t>(state)] += ofConnection ? 1 : 0;
        if (ofConnection && ofState) {
            kept.push_back(hit);
        }
    }
    answer.rows = order(query.list, query.sortColumn).arranged(kept, query.order);
    if (users) {
        answer.total = userCount();
        return answer;
    }
    for (Row row = 0; row < groupCount(); ++row) {
        answer.total += isListed(query.list, groupPlace(row)) ? 1 : 0;
    }
    return answer;
}

const RowOrder& DirectoryIndex::order(DirectoryList list, int column) const
{
    const std::lock_guard lock(m_mutex);
    const auto index = static_cast<std::size_t>(column);
    if (list == DirectoryList::Users) {
        if (!m_userOrders[index]) {
            m_userOrders[index] = userOrder(static_cast<UserColumn>(column));
        }
        return *m_userOrders[index];
    }
    if (!m_groupOrders[index]) {
        m_groupOrders[index] = groupOrder(static_cast<GroupColumn>(column));
    }
    return *m_groupOrders[index];
}

RowOrder DirectoryIndex::userOrder(UserColumn column) const
{
    std::vector<std::int64_t> numbers(userCount());
    const auto byNumber = [&](const auto& numberOf) {
        for (Row row = 0; row < userCount(); ++row) {
            const Place at = userPlace(row);
            numbers[row] = static_cast<std::int64_t>(numberOf(at));
        }
        return RowOrder::byNumber(numbers);
    };
    switch (column) {
    case UserColumn::Name:
        return orderByText(*m_view, &Snapshot::userNames);
    case UserColumn::Email:
        return orderByText(*m_view, &Snapshot::userEmails);
    case UserColumn::Login:
        return orderByText(*m_view, &Snapshot::userLogins);
    case UserColumn::Id:
        return orderByText(*m_view, &Snapshot::userIds);
    case UserColumn::State:
        return byNumber([this](const Place& at) {
            return connection(at.connection).snapshot->userState(at.row);
        });
    case UserColumn::Groups:
        return byNumber([this](const Place& at) {
            return connection(at.connection).closure->directGroupCount(at.row);
        });
    case UserColumn::Connection:
        return byNumber([](const Place& at) { return at.connection; });
    }
    return {};
}

RowOrder DirectoryIndex::groupOrder(GroupColumn column) const
{
    std::vector<std::int64_t> numbers(groupCount());
    const auto byNumber = [&](const auto& numberOf) {
        for (Row row = 0; row < groupCount(); ++row) {
            numbers[row] = static_cast<std::int64_t>(numberOf(row));
        }
        return RowOrder::byNumber(numbers);
    };
    switch (column) {
    case GroupColumn::Name:
        return orderByText(*m_view, &Snapshot::groupNames);
    case GroupColumn::Email:
        return orderByText(*m_view, &Snapshot::groupEmails);
    case GroupColumn::Id:
        return orderByText(*m_view, &Snapshot::groupIds);
    case GroupColumn::Members:
        return byNumber([this](Row row) {
            const Place at = groupPlace(row);
            const Snapshot& snapshot = *connection(at.connection).snapshot;
            return snapshot.memberUsers(at.row).size() + snapshot.memberGroups(at.row).size();
        });
    case GroupColumn::People:
        return byNumber([this](Row row) { return m_peopleOfGroup[row]; });
    case GroupColumn::Connection:
        return byNumber([this](Row row) { return groupPlace(row).connection; });
    }
    return {};
}

} // namespace portreeve
