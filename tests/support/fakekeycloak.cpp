// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/fakekeycloak.h"

#include <QFile>
#include <QJsonDocument>
#include <QUrlQuery>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {
FakeReply json(const QJsonArray& rows)
{
    return { .body = QJsonDocument(rows).toJson(QJsonDocument::Compact) };
}

QJsonArray pageOf(const QJsonArray& rows, const QHash<QString, QString>& query)
{
    const qsizetype first = query.value(u"first"_s, u"0"_s).toLongLong();
    const qsizetype most = query.value(u"max"_s, u"100"_s).toLongLong();
    QJsonArray page;
    for (qsizetype i = first; i < rows.size() && page.size() < most; ++i) {
        page.append(rows.at(i));
    }
    return page;
}

FakeReply notFound(const QString& file)
{
    return { .status = 404, .body = recorded(u"keycloak"_s, file) };
}
} // namespace

QByteArray recorded(const QString& folder, const QString& file)
{
    QFile data(QStringLiteral(PORTREEVE_TEST_DATA) + u'/' + folder + u'/' + file);
    if (!data.open(QIODevice::ReadOnly)) {
        qFatal("no recorded reply %s", qUtf8Printable(data.fileName()));
    }
    return data.readAll();
}

FakeKeycloak::FakeKeycloak() = default;

FakeKeycloak FakeKeycloak::withNestedGroups()
{
    FakeKeycloak keycloak;
    for (const auto& name : { u"alice"_s, u"bob"_s, u"john"_s, u"patrick"_s, u"steve"_s }) {
        keycloak.addUser(name);
    }
    keycloak.addGroup(u"everyone"_s, {}, { u"steve"_s });
    keycloak.addGroup(u"support"_s, u"everyone"_s, { u"patrick"_s });
    keycloak.addGroup(u"engineering"_s, u"everyone"_s, { u"bob"_s, u"alice"_s });
    keycloak.addGroup(u"devops"_s, u"engineering"_s, { u"john"_s });
    return keycloak;
}

void FakeKeycloak::addUser(const QString& id, const QJsonObject& more)
{
    auto user = QJsonDocument::fromJson(recorded(u"keycloak"_s, u"user.json"_s)).object();
    user.insert(u"id"_s, id);
    user.insert(u"username"_s, id);
    user.insert(u"email"_s, QString(id + u"@example.org"_s));
    for (auto it = more.begin(); it != more.end(); ++it) {
        user.insert(it.key(), it.value());
    }
    users.push_back(user);
}

void FakeKeycloak::addGroup(const QString& id, const QString& parentId, const QStringList& members)
{
    groups.push_back({ .id = id, .name = id, .parentId = parentId, .members = members });
}

std::optional<FakeReply> FakeKeycloak::answer(const HttpRequest& request)
{
    const QString path = request.url.path();
    if (path == u"/realms/company/.well-known/openid-configuration") {
        const QJsonObject description { { u"issuer"_s, issuer } };
        return FakeReply { .body = QJsonDocument(description).toJson() };
    }
    if (path == u"/realms/company/protocol/openid-connect/token") {
        return token();
    }
    const QString realm = QString::fromLatin1(kRealmPath);
    if (!path.startsWith(realm)) {
        return std::nullopt;
    }
    QHash<QString, QString> query;
    const auto items = QUrlQuery(request.url).queryItems(QUrl::FullyDecoded);
    for (const auto& [key, value] : items) {
        query.insert(key, value);
    }
    return admin(path.mid(realm.size()), query);
}

FakeReply FakeKeycloak::token()
{
    QJsonObject payload { { u"iss"_s, issuer } };
    if (hasResourceAccess) {
        const QJsonObject client { { u"roles"_s, QJsonArray::fromStringList(roles) } };
        payload.insert(u"resource_access"_s, QJsonObject { { u"realm-management"_s, client } });
    }
    const QByteArray body = QJsonDocument(payload).toJson().toBase64(
        QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    const QString value
        = u"head."_s + QString::fromLatin1(body) + u".sign"_s + QString::number(++tokensGiven);
    const QJsonObject answer { { u"access_token"_s, value },
        { u"expires_in"_s, qint64 { tokenSeconds } } };
    return { .body = QJsonDocument(answer).toJson() };
}

FakeReply FakeKeycloak::admin(const QString& path, const QHash<QString, QString>& query)
{
    const auto parts = path.split(u'/');
    if (path == u"users/count") {
        return { .body = QByteArray::number(static_cast<qsizetype>(users.size())) };
    }
    if (path == u"users") {
        QJsonArray rows;
        for (const auto& user : users) {
            rows.append(user);
        }
        return json(pageOf(rows, query));
    }
    if (path == u"groups/count") {
        return { .body
            = "{\"count\":" + QByteArray::number(static_cast<qsizetype>(groups.size())) + '}' };
    }
    if (path == u"groups" && query.contains(u"search"_s)) {
        return json(listing == Listing::Flat ? pageOf(flatRows(), query) : QJsonArray());
    }
    if (path == u"groups") {
        return json(pageOf(groupRows({}), query));
    }
    if (find(parts.value(1)) == nullptr) {
        return notFound(u"group-not-found.json"_s);
    }
    return json(pageOf(
        parts.last() == u"children" ? groupRows(parts.at(1)) : memberRows(parts.at(1)), query));
}

QString FakeKeycloak::pathOf(const Group& group) const
{
    const auto* parent = find(group.parentId);
    return (parent == nullptr ? QString() : pathOf(*parent)) + u'/' + group.name;
}

QJsonObject FakeKeycloak::groupRow(const Group& group) const
{
    QJsonObject row { { u"id"_s, group.id }, { u"name"_s, group.name },
        { u"path"_s, pathOf(group) }, { u"subGroups"_s, QJsonArray() } };
    if (!group.parentId.isEmpty()) {
        row.insert(u"parentId"_s, group.parentId);
    }
    const auto children = groupRows(group.id);
    if (listing == Listing::EmbeddedTree) {
        row.insert(u"subGroups"_s, children);
    } else {
        row.insert(u"subGroupCount"_s, children.size());
    }
    return row;
}

QJsonArray FakeKeycloak::groupRows(const QString& parentId) const
{
    QJsonArray rows;
    for (const auto& group : groups) {
        if (group.parentId == parentId) {
            rows.append(groupRow(group));
        }
    }
    return rows;
}

QJsonArray FakeKeycloak::flatRows() const
{
    QJsonArray rows;
    for (const auto& group : groups) {
        rows.append(groupRow(group));
    }
    return rows;
}

QJsonArray FakeKeycloak::memberRows(const QString& groupId) const
{
    QJsonArray rows;
    const auto& members = find(groupId)->members;
    for (const auto& id : members) {
        const QString username
            = hiddenMembers.contains(id) ? QString(u"service-account-"_s + id) : id;
        rows.append(QJsonObject { { u"id"_s, id }, { u"username"_s, username } });
    }
    return rows;
}

const FakeKeycloak::Group* FakeKeycloak::find(const QString& id) const
{
    for (const auto& group : groups) {
        if (group.id == id) {
            return &group;
        }
    }
    return nullptr;
}

} // namespace portreeve::test
