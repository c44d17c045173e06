// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/fakehttpclient.h"

#include <QJsonArray>
#include <QJsonObject>

#include <map>

namespace portreeve::test {

/// A realm as Keycloak 26 answers for it, with pages, counts and the differences of older servers.
/// Shape and texts of the answers: tests/data/keycloak, recorded from 26.7.3.
class FakeKeycloak
{
public:
    enum class Listing { Flat, ChildrenOnly, EmbeddedTree }; ///< 26, 23, 22

    struct Group
    {
        QString id {};
        QString name {};
        QString parentId {};
        QStringList members {};
    };

    FakeKeycloak();

    /// steve, patrick, bob, alice, john in Everyone > {Support, Engineering > DevOps}.
    static FakeKeycloak withNestedGroups();

    void addUser(const QString& id, const QJsonObject& more = {});
    void addGroup(const QString& id, const QString& parentId, const QStringList& members);

    std::optional<FakeReply> answer(const HttpRequest& request);

    QStringList roles { QStringLiteral("view-users") };
    bool hasResourceAccess = true;
    Listing listing = Listing::Flat;
    QString issuer = QStringLiteral("https://id.example.org/realms/company");
    std::int64_t tokenSeconds = 300;
    int tokensGiven = 0;
    QStringList hiddenMembers {}; ///< members the user list leaves out: service accounts
    std::vector<QJsonObject> users {};
    std::vector<Group> groups {};

    static constexpr char kRealmPath[] = "/admin/realms/company/";

private:
    FakeReply token();
    FakeReply admin(const QString& path, const QHash<QString, QString>& query);
    QJsonArray groupRows(const QString& parentId) const;
    QJsonArray flatRows() const;
    QJsonObject groupRow(const Group& group) const;
    QString pathOf(const Group& group) const;
    QJsonArray memberRows(const QString& groupId) const;
    const Group* find(const QString& id) const;
};

/// The file of tests/data/<folder>.
QByteArray recorded(const QString& folder, const QString& file);

} // namespace portreeve::test
