// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/directory/snapshot.h"

#include <QByteArray>

#include <algorithm>
#include <functional>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

Row findId(const TextColumn& ids, QStringView id)
{
    const QByteArray wanted = id.toUtf8();
    std::size_t low = 0;
    std::size_t high = ids.size();
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (ids.at(middle) < wanted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const bool found = low < ids.size() && ids.at(low) == QByteArrayView(wanted);
    return found ? static_cast<Row>(low) : kNoRow;
}

bool isStrictlySorted(const TextColumn& ids)
{
    for (std::size_t row = 1; row < ids.size(); ++row) {
        if (!(ids.at(row - 1) < ids.at(row))) {
            return false;
        }
    }
    return ids.size() == 0 || !ids.at(0).isEmpty();
}

bool isStrictlySorted(std::span<const Row> rows, std::size_t limit)
{
    const auto notRising = std::adjacent_find(rows.begin(), rows.end(), std::greater_equal());
    return notRising == rows.end() && (rows.empty() || rows.back() < limit);
}

bool areSound(const MemberLists& lists, std::size_t groups, std::size_t members)
{
    const auto& offsets = lists.offsets;
    if (offsets.size() != groups + 1 || offsets.front() != 0 || offsets.back() != lists.rows.size()
        || !std::is_sorted(offsets.begin(), offsets.end())) {
        return false;
    }
    for (std::size_t group = 0; group < groups; ++group) {
        if (!isStrictlySorted(lists.of(static_cast<Row>(group)), members)) {
            return false;
        }
    }
    return true;
}

/// The first column that contradicts the others; empty when all fit together.
QString findFault(const SnapshotColumns& columns)
{
    const std::size_t users = columns.userIds.size();
    const std::size_t groups = columns.groupIds.size();
    if (columns.userNames.size() != users || columns.userEmails.size() != users
        || columns.userLogins.size() != users || columns.userStates.size() != users) {
        return u"user columns of different lengths"_s;
    }
    if (columns.groupNames.size() != groups || columns.groupEmails.size() != groups
        || columns.groupKinds.size() != groups) {
        return u"group columns of different lengths"_s;
    }
    if (users >= kNoRow || groups >= kNoRow) {
        return u"too many rows"_s;
    }
    if (!isStrictlySorted(columns.userIds)) {
        return u"user ids not sorted"_s;
    }
    if (!isStrictlySorted(columns.groupIds)) {
        return u"group ids not sorted"_s;
    }
    if (!areSound(columns.memberUsers, groups, users)) {
        return u"user memberships out of order"_s;
    }
    if (!areSound(columns.memberGroups, groups, groups)) {
        return u"group memberships out of order"_s;
    }
    return isStrictlySorted(columns.completeness.incompleteGroups, groups)
        ? QString()
        : u"incomplete groups out of order"_s;
}

} // namespace

Snapshot::Snapshot(SnapshotColumns columns)
    : m_columns(std::move(columns))
{
}

Result<SnapshotPtr> Snapshot::fromColumns(SnapshotColumns columns)
{
    if (const QString fault = findFault(columns); !fault.isEmpty()) {
        return Error { .code = ErrorCode::Storage,
            .what = message(QT_TRANSLATE_NOOP("Message", "The stored directory is damaged.")),
            .remedy = message(QT_TRANSLATE_NOOP(
                "Message", "Restore the latest backup, or run a full sync into a new data file.")),
            .detail = fault };
    }
    return SnapshotPtr(new Snapshot(std::move(columns)));
}

UserRecord Snapshot::user(Row user) const
{
    return { .id = m_columns.userIds.text(user),
        .displayName = m_columns.userNames.text(user),
        .email = m_columns.userEmails.text(user),
        .login = m_columns.userLogins.text(user),
        .state = m_columns.userStates[user] };
}

GroupRecord Snapshot::group(Row group) const
{
    return { .id = m_columns.groupIds.text(group),
        .name = m_columns.groupNames.text(group),
        .email = m_columns.groupEmails.text(group),
        .kind = m_columns.groupKinds[group] };
}

Row Snapshot::findUser(QStringView id) const
{
    return findId(m_columns.userIds, id);
}

Row Snapshot::findGroup(QStringView id) const
{
    return findId(m_columns.groupIds, id);
}

bool Snapshot::membersComplete(Row group) const
{
    const Completeness& proved = m_columns.completeness;
    return proved.memberships
        && !std::binary_search(
            proved.incompleteGroups.begin(), proved.incompleteGroups.end(), group);
}

std::size_t Snapshot::memoryBytes() const
{
    const SnapshotColumns& c = m_columns;
    std::size_t bytes = sizeof(*this);
    for (const TextColumn* column : { &c.userIds, &c.userNames, &c.userEmails, &c.userLogins,
             &c.groupIds, &c.groupNames, &c.groupEmails }) {
        bytes += column->memoryBytes();
    }
    for (const MemberLists* lists : { &c.memberUsers, &c.memberGroups }) {
        bytes += lists->offsets.capacity() * sizeof(std::uint64_t)
            + lists->rows.capacity() * sizeof(Row);
    }
    return bytes + c.userStates.capacity() + c.groupKinds.capacity();
}

} // namespace portreeve
