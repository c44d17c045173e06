// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/removalkey.h"

#include "core/store/directorystore.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

// Only the group's id stands before other parts, so only there a colon has to be told apart.
QString escaped(QString id)
{
    return id.replace(u'%', u"%25"_s).replace(u':', u"%3A"_s);
}

QString unescaped(QString text)
{
    return text.replace(u"%3A"_s, u":"_s).replace(u"%25"_s, u"%"_s);
}

} // namespace

QString removalKey(const ChangeSet& changes, const ObjectChange& change)
{
    return objectKindName(change.kind) + u':' + changes.objectId(change);
}

QString removalKey(const ChangeSet& changes, const MembershipChange& change)
{
    return membershipRemovalKey(
        changes.groupId(change), changes.memberId(change), change.memberIsGroup);
}

QString membershipRemovalKey(const QString& groupId, const QString& memberId, bool memberIsGroup)
{
    return u"member:"_s + escaped(groupId) + u':' + (memberIsGroup ? u"group"_s : u"user"_s) + u':'
        + memberId;
}

bool isSeen(const QString& removalKey, const Snapshot& snapshot)
{
    const QString kind = removalKey.section(u':', 0, 0);
    if (kind == u"user") {
        return snapshot.findUser(removalKey.section(u':', 1)) != kNoRow;
    }
    if (kind == u"group") {
        return snapshot.findGroup(removalKey.section(u':', 1)) != kNoRow;
    }
    const Row group = snapshot.findGroup(unescaped(removalKey.section(u':', 1, 1)));
    const bool memberIsGroup = removalKey.section(u':', 2, 2) == u"group";
    const QString memberId = removalKey.section(u':', 3);
    const Row member = memberIsGroup ? snapshot.findGroup(memberId) : snapshot.findUser(memberId);
    if (group == kNoRow || member == kNoRow) {
        return false;
    }
    const auto members = memberIsGroup ? snapshot.memberGroups(group) : snapshot.memberUsers(group);
    return std::binary_search(members.begin(), members.end(), member);
}

} // namespace portreeve
