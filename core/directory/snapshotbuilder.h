// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/directory/idtable.h"
#include "core/directory/snapshot.h"

#include <array>
#include <optional>

namespace portreeve {

/// Collects what a connector reads, in any order, into a Snapshot. Ids are opaque and kept as they
/// are; all other text is trimmed and brought to NFC. One thread.
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
    void markUsersComplete() { m_completeness.users = true; }

    void markGroupsComplete() { m_completeness.groups = true; }

    void markMembershipsComplete() { m_completeness.memberships = true; }

    /// This group's members could not all be read: its stored members stay (sync-lifecycle.md 2.6).
    void markMembersIncomplete(const QString& groupId, const QString& reason);

    void quarantine(ObjectKind kind, const QString& id, const QString& reason);
    void note(const QString& sentence);

    std::size_t userCount() const { return m_users.numbers.size(); }

    std::size_t groupCount() const { return m_groups.numbers.size(); }

    /// Edges added so far, doubles included.
    std::size_t memberCount() const;

    /// Sorts, resolves and freezes; the builder is empty afterwards.
    /// @return BadResponse naming both records when two differ under one id
    Result<SnapshotPtr> build();

private:
    static constexpr std::size_t kTexts = 3; // besides the id: name, email, login

    /// Records of one kind in order of arrival.
    struct Records
    {
        std::vector<std::uint32_t> numbers {}; ///< of the id in m_ids
        std::vector<std::uint32_t> byNumber {}; ///< record of an id, kNoRow without one
        std::array<TextColumn, kTexts> texts {};
        std::vector<std::uint8_t> flags {}; ///< UserState or GroupKind
    };

    struct Edge
    {
        std::uint32_t group = 0; // number in m_ids
        std::uint32_t member = 0;
    };

    using Texts = std::array<QByteArray, kTexts>;

    static constexpr std::size_t index(MemberKind kind) { return static_cast<std::size_t>(kind); }

    void addRecord(ObjectKind kind, const QString& id, const Texts& texts, std::uint8_t flag);
    std::vector<Row> sortRows(const Records& records, std::vector<std::uint32_t>& order) const;
    void freezeRecords(const Records& records, const std::vector<std::uint32_t>& order,
        TextColumn& ids, std::array<TextColumn*, kTexts> texts) const;
    MemberLists freezeMembers(MemberKind kind, const std::vector<Row>& memberRows,
        const std::vector<Row>& groupRows, std::size_t& dangling) const;
    void settleUnknownKinds();
    SnapshotColumns freeze();

    IdTable m_ids;
    Records m_users;
    Records m_groups;
    std::array<std::vector<Edge>, 3> m_edges; // by MemberKind
    QString m_lastGroupId; // providers list a group's members in a row
    std::uint32_t m_lastGroup = 0;
    std::vector<std::uint32_t> m_incompleteGroups;
    std::vector<Quarantined> m_quarantine;
    std::vector<QString> m_notes;
    std::optional<Error> m_collision;
    Completeness m_completeness;
};

} // namespace portreeve
