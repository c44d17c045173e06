// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/pages/madeupview.h"

using namespace Qt::StringLiterals;

namespace portreeve::test {

ConnectionDirectory connectionOf(const QString& name, SnapshotPtr snapshot)
{
    return { .connectionId = name.toLower(),
        .connectionName = name,
        .provider = u"sample"_s,
        .snapshot = snapshot,
        .closure = std::make_shared<const GroupClosure>(snapshot),
        .generation = 1 };
}

DirectoryViewPtr viewOf(std::vector<ConnectionDirectory> connections)
{
    return std::make_shared<const DirectoryView>(
        DirectoryView { .connections = std::move(connections) });
}

Listing smallCompany()
{
    Listing listing;
    for (const QString& id : { u"everyone"_s, u"engineering"_s, u"support"_s, u"devops"_s }) {
        listing.group(id);
    }
    listing.groupOf(u"everyone"_s).name = u"Everyone"_s;
    listing.groupOf(u"engineering"_s).name = u"Engineering"_s;
    listing.groupOf(u"support"_s).name = u"Support"_s;
    listing.groupOf(u"devops"_s).name = u"DevOps"_s;
    listing.members(u"everyone"_s, { u"steve"_s, u"support"_s, u"engineering"_s });
    listing.members(u"support"_s, { u"patrick"_s });
    listing.members(u"engineering"_s, { u"bob"_s, u"alice"_s, u"devops"_s });
    listing.members(u"devops"_s, { u"john"_s });
    listing.userOf(u"alice"_s).displayName = u"Alice Müller"_s;
    listing.userOf(u"patrick"_s).state = UserState::Suspended;
    return listing;
}

SnapshotPtr largeCompany(int users)
{
    constexpr int kGroupSize = 50;
    SnapshotBuilder builder;
    for (int i = 0; i < users; ++i) {
        const QString number = QString::number(i);
        builder.addUser({ .id = u"u"_s + number,
            .displayName = u"Person "_s + number,
            .email = u"person"_s + number + u"@example.com"_s,
            .login = u"person"_s + number,
            .state = i % 97 == 0 ? UserState::Suspended : UserState::Active });
        const int group = i / kGroupSize;
        const QString groupId = u"g"_s + QString::number(group);
        if (i % kGroupSize == 0) {
            builder.addGroup({ .id = groupId, .name = u"Team "_s + QString::number(group) });
            if (group % 10 != 0) {
                builder.addMember(
                    u"g"_s + QString::number(group / 10 * 10), groupId, MemberKind::Group);
            }
        }
        builder.addMember(groupId, u"u"_s + number, MemberKind::User);
    }
    auto built = builder.build();
    return built ? *built : SnapshotPtr();
}

} // namespace portreeve::test
