// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/keycloakapi.h"

#include <QSet>

#include <map>

namespace portreeve {

/// Reads the users, groups and memberships of one realm in pages and proves them complete by the
/// server's own counts. One use.
class KeycloakReader
{
public:
    struct Sample
    {
        std::vector<UserRecord> users {};
        std::int64_t total = 0;
    };

    KeycloakReader(KeycloakApi& api, const ConnectorOptions& options, RunContext& run);

    /// Up to five users and how many there are. @return Permission for an empty page where there
    /// are users
    Result<Sample> sampleUsers();

    /// One page of groups. @return how many there are
    Result<std::int64_t> checkGroups();

    /// @return the state for the next run
    Result<QByteArray> readAll(SnapshotBuilder& out);

private:
    struct Listed
    {
        GroupRecord group {};
        QString parentId {};
    };

    struct GroupList
    {
        std::vector<Listed> rows {};
        QSet<QString> ids {};
        bool isCountRight = false;
        bool hasVanished = false; ///< a group went while its children were read
    };

    struct MemberPage
    {
        QString groupId {};
        qsizetype first = 0;
    };

    KeycloakCall pageCall(const QString& path, qsizetype first) const;

    bool isShort(const QJsonArray& page) const { return page.size() < m_pageSize; }

    Result<void> readUsers(SnapshotBuilder& out);
    Result<bool> readUsersOnce(SnapshotBuilder& out);
    Result<UserRecord> toUser(const QJsonValue& row) const;

    Result<GroupList> readGroups();
    Result<GroupList> listFlat();
    Result<GroupList> listByWalk();
    Result<GroupList> counted(Result<GroupList> list);
    Result<void> addGroup(const QJsonObject& row, const QString& parentId, GroupList& list) const;
    Result<void> addTree(const QJsonArray& rows, const QString& parentId, GroupList& list,
        std::vector<QString>& withChildren) const;
    Result<void> readChildren(std::vector<QString> parents, GroupList& list);

    Result<void> readMembers(std::vector<QString> groupIds, SnapshotBuilder& out);
    Result<void> addMembers(const QString& groupId, const QJsonArray& page, SnapshotBuilder& out);
    Result<void> noteUnread(
        const std::vector<MemberPage>& pages, const std::vector<Result<QJsonArray>>& answers);
    Result<GroupList> settleVanished(const GroupList& groups, SnapshotBuilder& out);

    KeycloakApi& m_api;
    RunContext& m_run;
    qsizetype m_pageSize;
    bool m_useGroupPath;
    bool m_trustEveryEmail;
    bool m_useUsername;
    bool m_walk = false; ///< the flat listing is known to be incomplete here
    QSet<QString> m_userIds;
    QSet<QString> m_vanished; ///< groups whose members answered 404
    std::map<QString, Error> m_unread; ///< groups whose members could not be read; plans list them
    bool m_readsMembers = false; ///< of some group at least
    QSet<QString> m_serviceAccounts;
    std::int64_t m_membersRead = 0;
};

} // namespace portreeve
