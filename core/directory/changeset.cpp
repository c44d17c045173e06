// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/directory/changeset.h"

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

QString firstFilled(std::initializer_list<QString> texts)
{
    for (const QString& text : texts) {
        if (!text.isEmpty()) {
            return text;
        }
    }
    return {};
}

void addDifference(std::vector<AttributeChange>& out, const QString& name, const QString& before,
    const QString& after)
{
    if (before != after) {
        out.push_back({ .name = name, .before = before, .after = after });
    }
}

std::vector<AttributeChange> userDifferences(const UserRecord& before, const UserRecord& after)
{
    std::vector<AttributeChange> out;
    addDifference(out, u"display_name"_s, before.displayName, after.displayName);
    addDifference(out, u"email"_s, before.email, after.email);
    addDifference(out, u"login"_s, before.login, after.login);
    addDifference(out, u"state"_s, userStateName(before.state), userStateName(after.state));
    return out;
}

std::vector<AttributeChange> groupDifferences(const GroupRecord& before, const GroupRecord& after)
{
    std::vector<AttributeChange> out;
    addDifference(out, u"name"_s, before.name, after.name);
    addDifference(out, u"email"_s, before.email, after.email);
    addDifference(out, u"kind"_s, groupKindName(before.kind), groupKindName(after.kind));
    return out;
}

KindCounts countObjects(const std::vector<ObjectChange>& changes)
{
    KindCounts counts;
    for (const ObjectChange& change : changes) {
        switch (change.action) {
        case ChangeAction::Add:
            ++counts.added;
            break;
        case ChangeAction::Suspend:
            ++counts.suspended;
            ++counts.updated;
            break;
        case ChangeAction::Update:
        case ChangeAction::Resume:
            ++counts.updated;
            break;
        case ChangeAction::Remove:
            ++counts.removed;
            break;
        }
        counts.held += change.held ? 1 : 0;
    }
    return counts;
}

} // namespace

QString changeActionName(ChangeAction action)
{
    switch (action) {
    case ChangeAction::Add:
        return u"add"_s;
    case ChangeAction::Update:
        return u"update"_s;
    case ChangeAction::Suspend:
        return u"suspend"_s;
    case ChangeAction::Resume:
        return u"resume"_s;
    case ChangeAction::Remove:
        return u"remove"_s;
    }
    return {};
}

QString ChangeSet::objectId(const ObjectChange& change) const
{
    const bool gone = change.after == kNoRow;
    const Snapshot& snapshot = gone ? *before : *after;
    const Row row = gone ? change.before : change.after;
    return change.kind == ObjectKind::Group ? snapshot.groupId(row) : snapshot.userId(row);
}

QString ChangeSet::objectName(const ObjectChange& change) const
{
    const bool gone = change.after == kNoRow;
    const Snapshot& snapshot = gone ? *before : *after;
    const Row row = gone ? change.before : change.after;
    if (change.kind == ObjectKind::Group) {
        const GroupRecord group = snapshot.group(row);
        return firstFilled({ group.name, group.email, group.id });
    }
    const UserRecord user = snapshot.user(row);
    return firstFilled({ user.displayName, user.login, user.email, user.id });
}

QString ChangeSet::groupId(const MembershipChange& change) const
{
    return (change.removed ? before : after)->groupId(change.group);
}

QString ChangeSet::memberId(const MembershipChange& change) const
{
    const Snapshot& snapshot = change.removed ? *before : *after;
    return change.memberIsGroup ? snapshot.groupId(change.member) : snapshot.userId(change.member);
}

std::vector<AttributeChange> ChangeSet::attributes(const ObjectChange& change) const
{
    if (change.before == kNoRow || change.after == kNoRow) {
        return {};
    }
    return change.kind == ObjectKind::Group
        ? groupDifferences(before->group(change.before), after->group(change.after))
        : userDifferences(before->user(change.before), after->user(change.after));
}

ChangeCounts countChanges(const ChangeSet& changes)
{
    ChangeCounts counts { .users = countObjects(changes.users),
        .groups = countObjects(changes.groups) };
    for (const MembershipChange& change : changes.memberships) {
        ++(change.removed ? counts.memberships.removed : counts.memberships.added);
        counts.memberships.held += change.held ? 1 : 0;
    }
    return counts;
}

} // namespace portreeve
