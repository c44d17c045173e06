// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/directory/records.h"
#include "core/directory/textcolumn.h"

#include <QString>

#include <memory>
#include <span>
#include <vector>

namespace portreeve {

/// What of a fetch is proved complete (sync-lifecycle.md 2.6). Only absence from a complete
/// collection may remove anything.
struct Completeness
{
    bool users = false;
    bool groups = false;
    bool memberships = false; ///< of every group but those in incompleteGroups
    std::vector<Row>
        incompleteGroups {}; ///< sorted rows whose member list could not be read to its end

    friend bool operator==(const Completeness&, const Completeness&) = default;
};

/// A record that was left out, or kept in its old form, and why. For ObjectKind::Membership the id
/// is that of the group whose members could not all be read.
struct Quarantined
{
    ObjectKind kind = ObjectKind::User;
    QString id {};
    QString reason {}; ///< English sentence; may hold ids, never secrets

    friend bool operator==(const Quarantined&, const Quarantined&) = default;
};

/// One row per group: the offsets into `rows` have one entry more than there are groups.
struct MemberLists
{
    std::vector<std::uint64_t> offsets { 0 };
    std::vector<Row> rows {}; ///< per group sorted and unique

    std::span<const Row> of(Row group) const
    {
        return std::span(rows).subspan(offsets[group], offsets[group + 1] - offsets[group]);
    }

    friend bool operator==(const MemberLists&, const MemberLists&) = default;
};

/// The content of a Snapshot. Ids are unique and sorted by their bytes.
struct SnapshotColumns
{
    TextColumn userIds {};
    TextColumn userNames {};
    TextColumn userEmails {};
    TextColumn userLogins {};
    std::vector<UserState> userStates {};
    TextColumn groupIds {};
    TextColumn groupNames {};
    TextColumn groupEmails {};
    std::vector<GroupKind> groupKinds {};
    MemberLists memberUsers {};
    MemberLists memberGroups {};
    Completeness completeness {};
    std::vector<Quarantined> quarantine {}; ///< sorted
    std::size_t danglingMembers = 0;
    std::vector<QString> notes {};

    friend bool operator==(const SnapshotColumns&, const SnapshotColumns&) = default;
};

/// All users, groups and direct memberships of one fetch or of one stored generation: columns,
/// immutable, shared between threads. Rows are sorted by id bytes, member lists by row, so equal
/// content is equal data whatever order the pages came in.
class Snapshot
{
public:
    /// An empty directory of which nothing is proved complete.
    Snapshot() = default;

    /// For readers of stored columns; connectors use SnapshotBuilder. O(content).
    /// @return Storage when the columns contradict each other
    static Result<std::shared_ptr<const Snapshot>> fromColumns(SnapshotColumns columns);

    Row userCount() const { return static_cast<Row>(m_columns.userStates.size()); }

    Row groupCount() const { return static_cast<Row>(m_columns.groupKinds.size()); }

    QString userId(Row user) const { return m_columns.userIds.text(user); }

    QString groupId(Row group) const { return m_columns.groupIds.text(group); }

    UserRecord user(Row user) const;
    GroupRecord group(Row group) const;

    UserState userState(Row user) const { return m_columns.userStates[user]; }

    GroupKind groupKind(Row group) const { return m_columns.groupKinds[group]; }

    const TextColumn& userIds() const { return m_columns.userIds; }

    const TextColumn& userNames() const { return m_columns.userNames; }

    const TextColumn& userEmails() const { return m_columns.userEmails; }

    const TextColumn& userLogins() const { return m_columns.userLogins; }

    const TextColumn& groupIds() const { return m_columns.groupIds; }

    const TextColumn& groupNames() const { return m_columns.groupNames; }

    const TextColumn& groupEmails() const { return m_columns.groupEmails; }

    /// kNoRow when absent. O(log n).
    Row findUser(QStringView id) const;
    Row findGroup(QStringView id) const;

    /// Direct members of a group, sorted rows.
    std::span<const Row> memberUsers(Row group) const { return m_columns.memberUsers.of(group); }

    std::span<const Row> memberGroups(Row group) const { return m_columns.memberGroups.of(group); }

    std::size_t userMembershipCount() const { return m_columns.memberUsers.rows.size(); }

    std::size_t groupMembershipCount() const { return m_columns.memberGroups.rows.size(); }

    const Completeness& completeness() const { return m_columns.completeness; }

    bool membersComplete(Row group) const;

    const std::vector<Quarantined>& quarantine() const { return m_columns.quarantine; }

    /// Edges to ids that are no record.
    std::size_t danglingMembers() const { return m_columns.danglingMembers; }

    /// English sentences for the run's report.
    const std::vector<QString>& notes() const { return m_columns.notes; }

    /// To be copied and edited into the columns of a next generation.
    const SnapshotColumns& columns() const { return m_columns; }

    /// Bytes held, without the allocator's overhead.
    std::size_t memoryBytes() const;

    friend bool operator==(const Snapshot&, const Snapshot&) = default;

private:
    friend class SnapshotBuilder;

    explicit Snapshot(SnapshotColumns columns);

    SnapshotColumns m_columns;
};

using SnapshotPtr = std::shared_ptr<const Snapshot>;

} // namespace portreeve
