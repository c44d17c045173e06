// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/generateddirectory.h"

#include <QByteArrayView>
#include <QFile>
#include <QHash>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {

constexpr qsizetype kGuidSize = 36;
constexpr QByteArrayView kGroupKey = R"({"group":")";
constexpr QByteArrayView kMemberKey = R"(","member":")";
constexpr QByteArrayView kUserEnd = R"(","type":"user"})";
constexpr QByteArrayView kGroupEnd = R"(","type":"group"})";

struct EdgeLine
{
    QByteArray group {};
    QByteArray member {};
    bool memberIsGroup = false;
};

// Ten million lines: the fixed layout is read several times faster than JSON in general.
std::optional<EdgeLine> parseEdge(QByteArrayView line)
{
    constexpr qsizetype memberAt = kGroupKey.size() + kGuidSize + kMemberKey.size();
    constexpr qsizetype endAt = memberAt + kGuidSize;
    line = line.trimmed();
    if (line.size() <= endAt || !line.startsWith(kGroupKey)
        || line.sliced(kGroupKey.size() + kGuidSize, kMemberKey.size()) != kMemberKey) {
        return std::nullopt;
    }
    const QByteArrayView end = line.sliced(endAt);
    if (end != kUserEnd && end != kGroupEnd) {
        return std::nullopt;
    }
    return EdgeLine { .group = line.sliced(kGroupKey.size(), kGuidSize).toByteArray(),
        .member = line.sliced(memberAt, kGuidSize).toByteArray(),
        .memberIsGroup = end == kGroupEnd };
}

/// Hands every line to @p visit until it says no. @return whether all lines were read
template <typename Visit> bool forEachLine(const QString& path, Visit visit)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return false;
    }
    while (!file.atEnd()) {
        if (!visit(file.readLine())) {
            return false;
        }
    }
    return true;
}

class GeneratedFiles
{
public:
    explicit GeneratedFiles(QString folder)
        : m_folder(std::move(folder))
    {
    }

    std::optional<GeneratedDirectory> read()
    {
        const bool complete = forEachLine(m_folder + u"/users.jsonl"_s,
                                  [this](const QByteArray& line) {
                                      return addUser(QJsonDocument::fromJson(line).object());
                                  })
            && forEachLine(m_folder + u"/groups.jsonl"_s, [this](const QByteArray& line) {
                   return addGroup(QJsonDocument::fromJson(line).object());
               });
        m_out.members.resize(m_out.groups.size());
        m_out.parents.resize(m_out.groups.size());
        return complete
                && forEachLine(m_folder + u"/edges.jsonl"_s,
                    [this](const QByteArray& line) { return addEdge(parseEdge(line)); })
            ? std::optional(std::move(m_out))
            : std::nullopt;
    }

private:
    using Numbers = QHash<QByteArray, std::uint32_t>;

    bool addUser(const QJsonObject& user)
    {
        const QString id = user.value(u"id").toString();
        m_userNumbers.insert(id.toUtf8(), static_cast<std::uint32_t>(m_out.users.size()));
        m_out.users.push_back({ .id = id,
            .displayName = user.value(u"displayName").toString(),
            .email = user.value(u"mail").toString(),
            .login = user.value(u"userPrincipalName").toString() });
        return !id.isEmpty();
    }

    bool addGroup(const QJsonObject& group)
    {
        const QString id = group.value(u"id").toString();
        m_groupNumbers.insert(id.toUtf8(), static_cast<std::uint32_t>(m_out.groups.size()));
        m_out.groups.push_back({ .id = id, .name = group.value(u"displayName").toString() });
        return !id.isEmpty();
    }

    bool addEdge(const std::optional<EdgeLine>& edge)
    {
        const Numbers& members = edge && edge->memberIsGroup ? m_groupNumbers : m_userNumbers;
        const auto group = edge ? m_groupNumbers.constFind(edge->group) : m_groupNumbers.constEnd();
        const auto member = edge ? members.constFind(edge->member) : members.constEnd();
        if (group == m_groupNumbers.constEnd() || member == members.constEnd()) {
            return false;
        }
        if (edge->memberIsGroup) {
            m_out.parents[*member].push_back(*group);
        } else {
            m_out.members[*group].push_back(*member);
        }
        return true;
    }

    QString m_folder;
    GeneratedDirectory m_out;
    Numbers m_userNumbers;
    Numbers m_groupNumbers;
};

} // namespace

void GeneratedDirectory::fill(SnapshotBuilder& builder) const
{
    for (const UserRecord& user : users) {
        builder.addUser(user);
    }
    for (const GroupRecord& group : groups) {
        builder.addGroup(group);
    }
    for (std::size_t group = 0; group < groups.size(); ++group) {
        for (const std::uint32_t user : members[group]) {
            builder.addMember(groups[group].id, users[user].id, MemberKind::User);
        }
        for (const std::uint32_t parent : parents[group]) {
            builder.addMember(groups[parent].id, groups[group].id, MemberKind::Group);
        }
    }
    builder.markUsersComplete();
    builder.markGroupsComplete();
    builder.markMembershipsComplete();
}

SnapshotPtr GeneratedDirectory::snapshot() const
{
    SnapshotBuilder builder;
    fill(builder);
    return builder.build().value();
}

std::optional<GeneratedDirectory> readGenerated(const QString& folder)
{
    return GeneratedFiles(folder).read();
}

} // namespace portreeve::test
