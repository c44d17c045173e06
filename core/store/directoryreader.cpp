// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/directoryreader.h"

#include "core/store/database.h"
#include "core/store/membershiptable.h"
#include "core/store/packing.h"
#include "core/store/storageerror.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// Row of each key. Keys of one table lie close together, so an array beats a hash.
class RowsByKey
{
public:
    explicit RowsByKey(const std::vector<std::int64_t>& keys)
    {
        if (keys.empty()) {
            return;
        }
        const auto [least, most] = std::minmax_element(keys.begin(), keys.end());
        m_first = *least;
        m_rows.assign(static_cast<std::size_t>(*most - *least) + 1, kNoRow);
        for (std::size_t row = 0; row < keys.size(); ++row) {
            m_rows[static_cast<std::size_t>(keys[row] - m_first)] = static_cast<Row>(row);
        }
    }

    Row of(std::int64_t key) const
    {
        const auto index = static_cast<std::size_t>(key - m_first);
        return key >= m_first && index < m_rows.size() ? m_rows[index] : kNoRow;
    }

private:
    std::int64_t m_first = 0;
    std::vector<Row> m_rows;
};

class DirectoryReader
{
public:
    DirectoryReader(Database& database, std::int64_t connection)
        : m_database(database)
        , m_connection(connection)
    {
    }

    Result<SnapshotPtr> read()
    {
        if (const auto users = readUsers(); !users) {
            return users.error();
        }
        if (const auto groups = readGroups(); !groups) {
            return groups.error();
        }
        if (const auto members = readMembers(); !members) {
            return members.error();
        }
        m_columns.completeness = { .users = true, .groups = true, .memberships = true };
        return Snapshot::fromColumns(std::move(m_columns));
    }

private:
    Result<void> readUsers();
    Result<void> readGroups();
    Result<void> readMembers();
    Result<void> addMembers(MemberLists& lists, const QByteArray& packed,
        std::span<const MemberEdit> edits, const RowsByKey& rows);

    Database& m_database;
    std::int64_t m_connection;
    SnapshotColumns m_columns;
    std::vector<std::int64_t> m_userKeys;
    std::vector<std::int64_t> m_groupKeys;
    std::vector<QByteArray> m_packedUsers; // by group
    std::vector<QByteArray> m_packedGroups;
};

// Text is read as bytes: snapshots keep UTF-8, and SQLite sorts by it.
Result<void> DirectoryReader::readUsers()
{
    auto row = m_database.query(uR"(SELECT key, CAST(id AS BLOB), CAST(display_name AS BLOB),
  CAST(email AS BLOB), CAST(login AS BLOB), suspended FROM directory_user
  WHERE connection = ? AND removed_at IS NULL ORDER BY id)"_s,
        m_connection);
    if (!row) {
        return row.error();
    }
    while (true) {
        const auto found = row->next();
        if (!found) {
            return found.error();
        }
        if (!*found) {
            return {};
        }
        m_userKeys.push_back(row->integer(0));
        m_columns.userIds.append(row->bytes(1));
        m_columns.userNames.append(row->bytes(2));
        m_columns.userEmails.append(row->bytes(3));
        m_columns.userLogins.append(row->bytes(4));
        m_columns.userStates.push_back(row->flag(5) ? UserState::Suspended : UserState::Active);
    }
}

Result<void> DirectoryReader::readGroups()
{
    auto row = m_database.query(uR"(SELECT key, CAST(id AS BLOB), CAST(name AS BLOB),
  CAST(email AS BLOB), kind = 'org_unit', user_keys, group_keys
  FROM directory_group LEFT JOIN group_member ON group_key = key
  WHERE connection = ? AND removed_at IS NULL ORDER BY id)"_s,
        m_connection);
    if (!row) {
        return row.error();
    }
    while (true) {
        const auto found = row->next();
        if (!found) {
            return found.error();
        }
        if (!*found) {
            return {};
        }
        m_groupKeys.push_back(row->integer(0));
        m_columns.groupIds.append(row->bytes(1));
        m_columns.groupNames.append(row->bytes(2));
        m_columns.groupEmails.append(row->bytes(3));
        m_columns.groupKinds.push_back(row->flag(4) ? GroupKind::OrgUnit : GroupKind::Group);
        m_packedUsers.push_back(row->bytes(5));
        m_packedGroups.push_back(row->bytes(6));
    }
}

Result<void> DirectoryReader::readMembers()
{
    const auto pending = MembershipTable(m_database, m_connection).pending();
    if (!pending) {
        return pending.error();
    }
    const RowsByKey userRows(m_userKeys);
    const RowsByKey groupRows(m_groupKeys);
    const auto before = [](const MemberEdit& edit, const std::pair<std::int64_t, bool>& part) {
        return std::pair(edit.group, edit.memberIsGroup) < part;
    };
    const auto editsOf = [&](std::int64_t group, bool memberIsGroup) {
        const auto first = std::lower_bound(
            pending->begin(), pending->end(), std::pair(group, memberIsGroup), before);
        auto last = first;
        while (last != pending->end() && last->group == group
            && last->memberIsGroup == memberIsGroup) {
            ++last;
        }
        return std::span(first, last);
    };
    for (std::size_t group = 0; group < m_groupKeys.size(); ++group) {
        const std::int64_t key = m_groupKeys[group];
        const auto users = addMembers(
            m_columns.memberUsers, m_packedUsers[group], editsOf(key, false), userRows);
        if (!users) {
            return users.error();
        }
        const auto groups = addMembers(
            m_columns.memberGroups, m_packedGroups[group], editsOf(key, true), groupRows);
        if (!groups) {
            return groups.error();
        }
    }
    return {};
}

Result<void> DirectoryReader::addMembers(MemberLists& lists, const QByteArray& packed,
    std::span<const MemberEdit> edits, const RowsByKey& rows)
{
    auto keys = unpackKeys(packed);
    if (!keys) {
        return damagedError(m_database.path(), u"the members of a group do not decode"_s);
    }
    if (!edits.empty()) {
        keys = withEdits(*keys, edits);
    }
    const auto start = static_cast<std::ptrdiff_t>(lists.rows.size());
    for (const std::int64_t key : *keys) {
        const Row row = rows.of(key);
        if (row == kNoRow) {
            return damagedError(m_database.path(), u"a group names a member that is gone"_s);
        }
        lists.rows.push_back(row);
    }
    if (!std::is_sorted(lists.rows.begin() + start, lists.rows.end())) {
        std::sort(lists.rows.begin() + start, lists.rows.end());
    }
    lists.offsets.push_back(lists.rows.size());
    return {};
}

} // namespace

Result<SnapshotPtr> readSnapshot(Database& database, std::int64_t connection)
{
    return DirectoryReader(database, connection).read();
}

} // namespace portreeve
