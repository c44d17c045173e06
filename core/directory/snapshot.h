// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/directory/records.h"
#include "core/directory/textcolumn.h"

#include <QString>

#include <memory>
#include <optional>
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
};

/// A record that was left out, or kept in its old form, and why.
struct Quarantined
{
    ObjectKind kind = ObjectKind::User;
    QString id {};
    QString reason {}; ///< English sentence; may hold ids, never secrets
};

/// All users, groups and direct memberships of one fetch or of one stored generation: columns,
/// immutable, shared between threads. Rows are sorted by id bytes, member lists by row, so equal
/// content is equal data whatever order the pages came in.
class Snapshot
{
public:
    Row userCount() const;
    Row groupCount() const;

    QString userId(Row user) const;
    QString groupId(Row group) const;
    UserRecord user(Row user) const;
    GroupRecord group(Row group) const;

    UserState userState(Row user) const { return m_userStates[user]; }

    GroupKind groupKind(Row group) const { return m_groupKinds[group]; }

    const TextColumn& userIds() const { return m_userIds; }

    const TextColumn& userNames() const { return m_userNames; }

    const TextColumn& userEmails() const { return m_userEmails; }

    const TextColumn& userLogins() const { return m_userLogins; }

    const TextColumn& groupIds() const { return m_groupIds; }

    const TextColumn& groupNames() const { return m_groupNames; }

    const TextColumn& groupEmails() const { return m_groupEmails; }

    /// kNoRow when absent. O(log n).
    Row findUser(QStringView id) const;
    Row findGroup(QStringView id) const;

    /// Direct members of a group, sorted rows.
    std::span<const Row> memberUsers(Row group) const;
    std::span<const Row> memberGroups(Row group) const;

    std::size_t userMembershipCount() const { return m_memberUsers.size(); }

    std::size_t groupMembershipCount() const { return m_memberGroups.size(); }

    const Completeness& completeness() const { return m_completeness; }

    bool membersComplete(Row group) const;

    const std::vector<Quarantined>& quarantine() const { return m_quarantine; }

    std::size_t danglingMembers() const
    {
        return m_danglingMembers;
    } ///< edges to ids that are no record

    const std::vector<QString>& notes() const
    {
        return m_notes;
    } ///< English sentences for the run's report

    /// Bytes held, without the allocator's overhead.
    std::size_t memoryBytes() const;

private:
    friend class SnapshotBuilder;

    TextColumn m_userIds;
    TextColumn m_userNames;
    TextColumn m_userEmails;
    TextColumn m_userLogins;
    std::vector<UserState> m_userStates;
    TextColumn m_groupIds;
    TextColumn m_groupNames;
    TextColumn m_groupEmails;
    std::vector<GroupKind> m_groupKinds;
    std::vector<std::uint64_t> m_memberUserOffsets; // groups + 1 entries into m_memberUsers
    std::vector<Row> m_memberUsers;
    std::vector<std::uint64_t> m_memberGroupOffsets;
    std::vector<Row> m_memberGroups;
    Completeness m_completeness;
    std::vector<Quarantined> m_quarantine;
    std::size_t m_danglingMembers = 0;
    std::vector<QString> m_notes;
};

using SnapshotPtr = std::shared_ptr<const Snapshot>;

} // namespace portreeve
