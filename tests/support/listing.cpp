// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/listing.h"

#include <algorithm>
#include <random>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {

template <typename Record> auto findById(std::vector<Record>& records, const QString& id)
{
    return std::find_if(
        records.begin(), records.end(), [&](const Record& record) { return record.id == id; });
}

} // namespace

Listing& Listing::user(const QString& id)
{
    users.push_back({ .id = id, .displayName = id, .email = id + u"@example.com"_s, .login = id });
    return *this;
}

Listing& Listing::group(const QString& id, GroupKind kind)
{
    groups.push_back({ .id = id, .name = id, .email = {}, .kind = kind });
    return *this;
}

Listing& Listing::members(const QString& group, const std::vector<QString>& ids)
{
    if (findById(groups, group) == groups.end()) {
        this->group(group);
    }
    for (const QString& id : ids) {
        const bool isGroup = findById(groups, id) != groups.end();
        if (!isGroup && findById(users, id) == users.end()) {
            user(id);
        }
        edges.push_back({ .group = group,
            .member = id,
            .kind = isGroup ? MemberKind::Group : MemberKind::User });
    }
    return *this;
}

Listing& Listing::removeUser(const QString& id)
{
    std::erase_if(users, [&](const UserRecord& record) { return record.id == id; });
    std::erase_if(edges,
        [&](const Edge& edge) { return edge.member == id && edge.kind == MemberKind::User; });
    return *this;
}

Listing& Listing::removeGroup(const QString& id)
{
    std::erase_if(groups, [&](const GroupRecord& record) { return record.id == id; });
    std::erase_if(edges, [&](const Edge& edge) {
        return edge.group == id || (edge.member == id && edge.kind == MemberKind::Group);
    });
    return *this;
}

Listing& Listing::removeMember(const QString& group, const QString& member)
{
    std::erase_if(
        edges, [&](const Edge& edge) { return edge.group == group && edge.member == member; });
    return *this;
}

UserRecord& Listing::userOf(const QString& id)
{
    const auto found = findById(users, id);
    Q_ASSERT(found != users.end());
    return *found;
}

GroupRecord& Listing::groupOf(const QString& id)
{
    const auto found = findById(groups, id);
    Q_ASSERT(found != groups.end());
    return *found;
}

Listing Listing::shuffled(unsigned seed) const
{
    Listing out = *this;
    std::mt19937 random(seed);
    std::shuffle(out.users.begin(), out.users.end(), random);
    std::shuffle(out.groups.begin(), out.groups.end(), random);
    std::shuffle(out.edges.begin(), out.edges.end(), random);
    std::shuffle(out.notes.begin(), out.notes.end(), random);
    return out;
}

void Listing::feed(SnapshotBuilder& out) const
{
    for (const UserRecord& record : users) {
        out.addUser(record);
    }
    for (const GroupRecord& record : groups) {
        out.addGroup(record);
    }
    for (const Edge& edge : edges) {
        out.addMember(edge.group, edge.member, edge.kind);
    }
    for (const QString& id : unreadableGroups) {
        out.markMembersIncomplete(id, u"The members of “%1” could not be read."_s.arg(id));
    }
    for (const Quarantined& entry : quarantine) {
        out.quarantine(entry.kind, entry.id, entry.reason);
    }
    for (const QString& sentence : notes) {
        out.note(sentence);
    }
    if (usersComplete) {
        out.markUsersComplete();
    }
    if (groupsComplete) {
        out.markGroupsComplete();
    }
    if (membershipsComplete) {
        out.markMembershipsComplete();
    }
}

SnapshotPtr Listing::snapshot() const
{
    SnapshotBuilder builder;
    feed(builder);
    return builder.build().value();
}

Listing crowd(int count)
{
    Listing listing;
    std::vector<QString> ids;
    for (int i = 0; i < count; ++i) {
        ids.push_back(u"u%1"_s.arg(i, 3, 10, QLatin1Char('0')));
    }
    listing.members(u"everyone"_s, ids);
    return listing;
}

} // namespace portreeve::test
