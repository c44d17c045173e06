// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/testdatabase.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {

// Remove keeps a row of `before`, everything else a row of `after`.
template <typename Same>
void compareObjects(
    ObjectKind kind, const ChangeSet& changes, std::vector<ObjectChange>& out, Same same)
{
    const bool isGroup = kind == ObjectKind::Group;
    const Snapshot& before = *changes.before;
    const Snapshot& after = *changes.after;
    for (Row row = 0; row < (isGroup ? after.groupCount() : after.userCount()); ++row) {
        const Row old
            = isGroup ? before.findGroup(after.groupId(row)) : before.findUser(after.userId(row));
        if (old == kNoRow) {
            out.push_back({ .kind = kind, .action = ChangeAction::Add, .after = row });
        } else if (!same(old, row)) {
            out.push_back(
                { .kind = kind, .action = ChangeAction::Update, .before = old, .after = row });
        }
    }
    for (Row row = 0; row < (isGroup ? before.groupCount() : before.userCount()); ++row) {
        const Row kept
            = isGroup ? after.findGroup(before.groupId(row)) : after.findUser(before.userId(row));
        if (kept == kNoRow) {
            out.push_back({ .kind = kind, .action = ChangeAction::Remove, .before = row });
        }
    }
}

bool hasEdge(
    const Snapshot& snapshot, const QString& groupId, const QString& memberId, bool isGroup)
{
    const Row group = snapshot.findGroup(groupId);
    const Row member = isGroup ? snapshot.findGroup(memberId) : snapshot.findUser(memberId);
    if (group == kNoRow || member == kNoRow) {
        return false;
    }
    const auto members = isGroup ? snapshot.memberGroups(group) : snapshot.memberUsers(group);
    return std::binary_search(members.begin(), members.end(), member);
}

void compareEdges(ChangeSet& changes, bool removed)
{
    const Snapshot& from = removed ? *changes.before : *changes.after;
    const Snapshot& other = removed ? *changes.after : *changes.before;
    for (Row group = 0; group < from.groupCount(); ++group) {
        for (const bool isGroup : { false, true }) {
            for (const Row member : isGroup ? from.memberGroups(group) : from.memberUsers(group)) {
                const QString id = isGroup ? from.groupId(member) : from.userId(member);
                if (!hasEdge(other, from.groupId(group), id, isGroup)) {
                    changes.memberships.push_back({ .group = group,
                        .member = member,
                        .memberIsGroup = isGroup,
                        .removed = removed });
                }
            }
        }
    }
}

} // namespace

TestDatabase::TestDatabase()
{
    auto opened = open();
    Q_ASSERT(opened);
    m_store = std::move(*opened);
}

Result<std::unique_ptr<Store>> TestDatabase::open()
{
    return Store::open({ .path = path() }, m_clock);
}

void TestDatabase::close()
{
    m_store.reset();
}

Connection TestDatabase::addConnection(const QString& name)
{
    const auto added = m_store->connections().add({ .name = name, .provider = u"sample"_s });
    return added.valueOr({});
}

ChangeSet differences(const SnapshotPtr& before, const SnapshotPtr& after)
{
    ChangeSet changes { .before = before, .after = after };
    compareObjects(ObjectKind::Group, changes, changes.groups,
        [&](Row old, Row row) { return before->group(old) == after->group(row); });
    compareObjects(ObjectKind::User, changes, changes.users,
        [&](Row old, Row row) { return before->user(old) == after->user(row); });
    compareEdges(changes, false);
    compareEdges(changes, true);
    return changes;
}

} // namespace portreeve::test
