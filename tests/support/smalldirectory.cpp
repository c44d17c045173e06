// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/smalldirectory.h"

#include "core/directory/snapshotbuilder.h"

using namespace Qt::StringLiterals;

namespace portreeve::test {

SnapshotPtr SmallDirectory::snapshot() const
{
    SnapshotBuilder builder;
    for (const auto& user : users) {
        builder.addUser(user);
    }
    for (const auto& record : groups) {
        builder.addGroup(record);
    }
    for (const auto& [groupId, memberId] : members) {
        builder.addMember(groupId, memberId, MemberKind::Unknown);
    }
    builder.markUsersComplete();
    builder.markGroupsComplete();
    builder.markMembershipsComplete();
    return builder.build().value();
}

ClosurePtr SmallDirectory::closure() const
{
    return std::make_shared<const GroupClosure>(snapshot());
}

ConnectionDirectory SmallDirectory::connection(const QString& id) const
{
    const auto content = snapshot();
    return { .connectionId = id,
        .connectionName = id,
        .provider = u"sample"_s,
        .snapshot = content,
        .closure = std::make_shared<const GroupClosure>(content),
        .generation = 1 };
}

UserRecord person(const QString& id, const QString& email)
{
    return { .id = id, .displayName = id.toUpper(), .email = email, .login = id };
}

GroupRecord group(const QString& id, const QString& name)
{
    return { .id = id, .name = name };
}

SmallDirectory staffDirectory()
{
    auto cid = person(u"u-cid"_s, u"cid@corp.test"_s);
    cid.state = UserState::Suspended;
    return { .users = { person(u"u-ann"_s, u"ann@corp.test"_s),
                 person(u"u-bob"_s, u"bob@other.test"_s), cid, person(u"u-dee"_s) },
        .groups = { group(u"g-eng"_s, u"Engineering"_s), group(u"g-staff"_s, u"Staff"_s) },
        .members = { { u"g-eng"_s, u"u-ann"_s }, { u"g-eng"_s, u"u-cid"_s },
            { u"g-staff"_s, u"g-eng"_s }, { u"g-staff"_s, u"u-bob"_s } } };
}

} // namespace portreeve::test
