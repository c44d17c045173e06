// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/directory/snapshot.h"

#include <QHash>

namespace portreeve {

/// Collects what a connector reads, in any order, into a Snapshot. One thread.
class SnapshotBuilder
{
public:
    /// A user without an id is quarantined. The same record twice (overlapping pages) is one
    /// record; one id with two different contents fails build().
    void addUser(const UserRecord& user);
    void addGroup(const GroupRecord& group);

    /// A direct edge, by provider ids. Unknown kinds are resolved in build(): a user id first, then
    /// a group id. Edges to ids that are neither are dropped and counted.
    void addMember(const QString& groupId, const QString& memberId, MemberKind kind);

    /// From here on a missing object of that kind may count as deleted.
    void markUsersComplete();
    void markGroupsComplete();
    void markMembershipsComplete();

    /// This group's members could not all be read: its stored members stay (sync-lifecycle.md 2.6).
    void markMembersIncomplete(const QString& groupId, const QString& reason);

    void quarantine(ObjectKind kind, const QString& id, const QString& reason);
    void note(const QString& sentence);

    std::size_t userCount() const { return m_users.size(); }

    std::size_t groupCount() const { return m_groups.size(); }

    std::size_t memberCount() const { return m_edges.size(); }

    /// Sorts, resolves and freezes. @return BadResponse naming both records when two differ under
    /// one id
    Result<SnapshotPtr> build();

private:
    struct Edge
    {
        std::uint32_t group = 0; // index into m_names
        std::uint32_t member = 0;
        MemberKind kind = MemberKind::Unknown;
    };

    std::uint32_t intern(const QString& id);

    QHash<QString, std::uint32_t> m_nameIndex;
    std::vector<QString> m_names;
    std::vector<UserRecord> m_users;
    std::vector<GroupRecord> m_groups;
    std::vector<Edge> m_edges;
    QHash<QString, std::uint32_t> m_userIndex;
    QHash<QString, std::uint32_t> m_groupIndex;
    std::vector<QString> m_incompleteGroups;
    std::vector<Quarantined> m_quarantine;
    std::vector<QString> m_notes;
    std::optional<Error> m_collision;
    Completeness m_completeness;
};

} // namespace portreeve
