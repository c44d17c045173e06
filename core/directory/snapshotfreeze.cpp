// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/directory/snapshotbuilder.h"

#include <QtEndian>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <tuple>

namespace portreeve {

namespace {

/// The first bytes of an id as a number that orders like them: most comparisons end here.
std::uint64_t sortPrefix(QByteArrayView id)
{
    std::array<char, sizeof(std::uint64_t)> head {};
    std::memcpy(head.data(), id.data(), std::min<std::size_t>(head.size(), std::size_t(id.size())));
    return qFromBigEndian<std::uint64_t>(head.data());
}

/// Sorts every list, drops doubles and closes the gaps they leave.
void sortLists(MemberLists& lists)
{
    auto write = lists.rows.begin();
    std::uint64_t begin = 0;
    for (std::size_t group = 0; group + 1 < lists.offsets.size(); ++group) {
        const std::uint64_t end = lists.offsets[group + 1];
        const auto first = lists.rows.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto last = lists.rows.begin() + static_cast<std::ptrdiff_t>(end);
        if (!std::is_sorted(first, last)) {
            std::sort(first, last);
        }
        const auto unique = std::unique(first, last);
        write = write == first ? unique : std::move(first, unique, write);
        begin = end;
        lists.offsets[group + 1] = static_cast<std::uint64_t>(write - lists.rows.begin());
    }
    lists.rows.erase(write, lists.rows.end());
}

} // namespace

SnapshotColumns SnapshotBuilder::freeze()
{
    SnapshotColumns out;
    std::vector<std::uint32_t> order;
    const std::vector<Row> userRows = sortRows(m_users, order);
    freezeRecords(
        m_users, order, out.userIds, { &out.userNames, &out.userEmails, &out.userLogins });
    out.userStates.reserve(order.size());
    for (const std::uint32_t record : order) {
        out.userStates.push_back(static_cast<UserState>(m_users.flags[record]));
    }

    const std::vector<Row> groupRows = sortRows(m_groups, order);
    TextColumn noLogins;
    freezeRecords(m_groups, order, out.groupIds, { &out.groupNames, &out.groupEmails, &noLogins });
    out.groupKinds.reserve(order.size());
    for (const std::uint32_t record : order) {
        out.groupKinds.push_back(static_cast<GroupKind>(m_groups.flags[record]));
    }

    settleUnknownKinds();
    out.memberUsers = freezeMembers(MemberKind::User, userRows, groupRows, out.danglingMembers);
    out.memberGroups = freezeMembers(MemberKind::Group, groupRows, groupRows, out.danglingMembers);

    out.completeness = m_completeness;
    auto& incomplete = out.completeness.incompleteGroups;
    for (const std::uint32_t number : m_incompleteGroups) {
        if (groupRows[number] != kNoRow) {
            incomplete.push_back(groupRows[number]);
        }
    }
    std::sort(incomplete.begin(), incomplete.end());
    incomplete.erase(std::unique(incomplete.begin(), incomplete.end()), incomplete.end());

    std::sort(
        m_quarantine.begin(), m_quarantine.end(), [](const Quarantined& a, const Quarantined& b) {
            return std::tie(a.kind, a.id, a.reason) < std::tie(b.kind, b.id, b.reason);
        });
    out.quarantine = std::move(m_quarantine);
    out.notes = std::move(m_notes);
    return out;
}

/// @param order  receives the records in the order of their rows
/// @return the row of every id, kNoRow where it is no record of this kind
std::vector<Row> SnapshotBuilder::sortRows(
    const Records& records, std::vector<std::uint32_t>& order) const
{
    struct Key
    {
        std::uint64_t prefix = 0;
        std::uint32_t record = 0;
    };

    std::vector<Key> keys(records.numbers.size());
    for (std::uint32_t record = 0; record < keys.size(); ++record) {
        keys[record]
            = { .prefix = sortPrefix(m_ids.id(records.numbers[record])), .record = record };
    }
    std::sort(keys.begin(), keys.end(), [&](const Key& a, const Key& b) {
        return a.prefix != b.prefix
            ? a.prefix < b.prefix
            : m_ids.id(records.numbers[a.record]) < m_ids.id(records.numbers[b.record]);
    });

    order.resize(keys.size());
    std::vector<Row> rows(m_ids.size(), kNoRow);
    for (Row row = 0; row < keys.size(); ++row) {
        order[row] = keys[row].record;
        rows[records.numbers[keys[row].record]] = row;
    }
    return rows;
}

void SnapshotBuilder::freezeRecords(const Records& records, const std::vector<std::uint32_t>& order,
    TextColumn& ids, std::array<TextColumn*, kTexts> texts) const
{
    std::size_t idBytes = 0;
    for (const std::uint32_t number : records.numbers) {
        idBytes += static_cast<std::size_t>(m_ids.id(number).size());
    }
    ids.reserve(order.size(), idBytes);
    for (const std::uint32_t record : order) {
        ids.append(m_ids.id(records.numbers[record]));
    }
    for (std::size_t i = 0; i < kTexts; ++i) {
        texts[i]->reserve(order.size(), records.texts[i].bytes().size());
        for (const std::uint32_t record : order) {
            texts[i]->append(records.texts[i].at(record));
        }
    }
}

void SnapshotBuilder::settleUnknownKinds()
{
    for (const Edge& edge : m_edges[index(MemberKind::Unknown)]) {
        const bool isUser
            = edge.member < m_users.byNumber.size() && m_users.byNumber[edge.member] != kNoRow;
        m_edges[index(isUser ? MemberKind::User : MemberKind::Group)].push_back(edge);
    }
    m_edges[index(MemberKind::Unknown)] = {};
}

/// Counting sort by group row, then each list by itself.
MemberLists SnapshotBuilder::freezeMembers(MemberKind kind, const std::vector<Row>& memberRows,
    const std::vector<Row>& groupRows, std::size_t& dangling) const
{
    const std::vector<Edge>& edges = m_edges[index(kind)];
    const auto isDangling = [&](const Edge& edge) {
        return groupRows[edge.group] == kNoRow || memberRows[edge.member] == kNoRow;
    };
    MemberLists lists;
    lists.offsets.assign(m_groups.numbers.size() + 1, 0);
    std::size_t kept = 0;
    for (const Edge& edge : edges) {
        if (!isDangling(edge)) {
            ++lists.offsets[groupRows[edge.group] + 1];
            ++kept;
        }
    }
    dangling += edges.size() - kept;
    std::partial_sum(lists.offsets.begin(), lists.offsets.end(), lists.offsets.begin());

    std::vector<std::uint64_t> next(lists.offsets.begin(), lists.offsets.end() - 1);
    lists.rows.resize(kept);
    for (const Edge& edge : edges) {
        if (!isDangling(edge)) {
            lists.rows[next[groupRows[edge.group]]++] = memberRows[edge.member];
        }
    }
    sortLists(lists);
    return lists;
}

} // namespace portreeve
