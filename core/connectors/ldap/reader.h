// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/ldap/mapping.h"
#include "core/connectors/ldap/paging.h"

#include <QHash>
#include <QSet>

namespace portreeve::ldap {

/// Reads a whole directory into a SnapshotBuilder as the pages come in. Only DNs and ids stay in
/// memory, for joining members, which LDAP names by DN.
class Reader
{
public:
    Reader(Session& session, const Settings& settings, const RunContext& run, SnapshotBuilder& out);

    /// @param paging  whether the server can answer page by page
    Result<void> readAll(bool paging);

private:
    using DnNumber = std::uint32_t;

    /// What a DN stands for; without an id it has not been met as a user or group.
    struct Object
    {
        QString id {};
        MemberKind kind = MemberKind::Unknown;
    };

    struct Edge
    {
        DnNumber group = 0;
        DnNumber member = 0;
    };

    struct LongGroup
    {
        QByteArray dn {};
        DnNumber group = 0;
        QByteArray attribute {};
        int next = 0;
    };

    /// A group without members, of a class that has some.
    struct EmptyGroup
    {
        DnNumber group = 0;
        QByteArray objectClass {};
        QByteArray attribute {};
    };

    Result<void> readOrgUnits();
    Result<void> readDisabled();
    Result<void> readUsers();
    Result<void> readGroups();
    Result<void> readLongGroups();
    Result<void> judgeEmptyGroups();
    Result<void> readLongGroup(const LongGroup& group);
    void addOrgUnit(const Entry& entry);
    void addUser(const Entry& entry);
    void addGroup(const Entry& entry);
    void addPrimaryGroup(const Entry& entry, DnNumber user);
    void addGroupsOf(const Entry& entry, DnNumber member);
    void addToOrgUnit(const QByteArray& normalized, DnNumber member);
    void addDnMembers(const Entry& entry, DnNumber group, const QByteArray& attribute);
    void addLoginMembers(const Entry& entry, const GroupRecord& group);
    void noteEmpty(const Entry& entry, DnNumber group);
    void addEdge(DnNumber group, DnNumber member);
    void settleEdges();
    void finish();

    Result<Totals> searchAll(const Search& search, const EntrySink& sink);
    DnNumber numberOf(const QByteArray& normalized);
    QByteArray normalizedOr(const QByteArray& dn) const;
    QString idOrDn(DnNumber number) const;
    void quarantine(ObjectKind kind, const Entry& entry, const QByteArray& attribute);

    Session& m_session;
    const Settings& m_settings;
    const RunContext& m_run;
    SnapshotBuilder& m_out;
    int m_pageSize = 0;
    QHash<QByteArray, DnNumber> m_numbers;
    std::vector<QByteArray> m_dns; // shares the hash's bytes
    std::vector<Object> m_objects;
    std::vector<Edge> m_waiting; // edges with an end not met yet
    QSet<QByteArray> m_disabled;
    QHash<QByteArray, QString> m_idsByLogin;
    QHash<QByteArray, std::vector<DnNumber>> m_usersByPrimaryGroup; // key: the group's SID
    QHash<QByteArray, DnNumber> m_orgUnits;
    std::vector<LongGroup> m_longGroups;
    std::vector<EmptyGroup> m_emptyGroups;
    std::vector<QString> m_references;
    std::int64_t m_users = 0;
    std::int64_t m_groups = 0;
    std::int64_t m_usersWithoutId = 0;
    std::int64_t m_groupsWithoutId = 0;
};

/// The values of one group's attribute from @p first on, in as many reads as the server wants.
/// @param step  values asked for at once; 0 leaves it to the server
Result<std::vector<QByteArray>> readRange(
    Session& session, const QByteArray& groupDn, const QByteArray& attribute, int first, int step);

/// DNs of all users in a group, nested ones included, by Active Directory's own rule. Costly for
/// the server: for checking, not for reading.
Result<std::vector<QByteArray>> usersInChain(
    Session& session, const Settings& settings, const RunContext& run, const QByteArray& groupDn);

} // namespace portreeve::ldap
