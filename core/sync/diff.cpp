// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/diff.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

namespace portreeve {

namespace {

/// The same objects in two snapshots. Both sides are sorted by id, so matched rows rise together.
struct RowMap
{
    std::vector<Row> afterOf; ///< by row before; kNoRow where the fetch has no such id
    std::vector<Row> beforeOf; ///< by row after
};

RowMap matchIds(const TextColumn& before, const TextColumn& after)
{
    RowMap map { .afterOf = std::vector<Row>(before.size(), kNoRow),
        .beforeOf = std::vector<Row>(after.size(), kNoRow) };
    std::size_t b = 0;
    std::size_t a = 0;
    while (b < before.size() && a < after.size()) {
        const QByteArrayView left = before.at(b);
        const QByteArrayView right = after.at(a);
        if (left == right) {
            map.afterOf[b] = static_cast<Row>(a);
            map.beforeOf[a] = static_cast<Row>(b);
            ++b;
            ++a;
        } else if (left < right) {
            ++b;
        } else {
            ++a;
        }
    }
    return map;
}

/// Stored rows that the fetch could not read properly: they keep their stored copy.
std::vector<bool> quarantinedRows(const Snapshot& before, const Snapshot& after, ObjectKind kind)
{
    const bool users = kind == ObjectKind::User;
    std::vector<bool> rows(users ? before.userCount() : before.groupCount(), false);
    for (const Quarantined& entry : after.quarantine()) {
        if (entry.kind != kind || entry.id.isEmpty()) {
            continue;
        }
        const Row row = users ? before.findUser(entry.id) : before.findGroup(entry.id);
        if (row != kNoRow) {
            rows[row] = true;
        }
    }
    return rows;
}

/// What became of the objects of one kind.
struct ObjectDiff
{
    RowMap rows;
    std::vector<bool> removed; ///< by row before
    std::vector<ObjectChange> changes;
};

template <typename Compare>
ObjectDiff diffObjects(ObjectKind kind, RowMap rows, const std::vector<bool>& quarantined,
    bool complete, const Compare& compare)
{
    ObjectDiff diff { .rows = std::move(rows),
        .removed = std::vector<bool>(quarantined.size(), false),
        .changes = {} };
    for (Row after = 0; after < diff.rows.beforeOf.size(); ++after) {
        const Row before = diff.rows.beforeOf[after];
        if (before == kNoRow) {
            diff.changes.push_back({ .kind = kind, .action = ChangeAction::Add, .after = after });
            continue;
        }
        if (quarantined[before]) {
            continue;
        }
        if (const auto action = compare(before, after)) {
            const bool stateChanged
                = *action == ChangeAction::Suspend || *action == ChangeAction::Resume;
            diff.changes.push_back({ .kind = kind,
                .action = *action,
                .before = before,
                .after = after,
                .explicitSignal = stateChanged });
        }
    }
    for (Row before = 0; complete && before < diff.rows.afterOf.size(); ++before) {
        if (diff.rows.afterOf[before] == kNoRow && !quarantined[before]) {
            diff.removed[before] = true;
            diff.changes.push_back(
                { .kind = kind, .action = ChangeAction::Remove, .before = before });
        }
    }
    return diff;
}

ObjectDiff diffUsers(const Snapshot& before, const Snapshot& after)
{
    const auto compare = [&](Row b, Row a) -> std::optional<ChangeAction> {
        if (before.userState(b) != after.userState(a)) {
            return after.userState(a) == UserState::Suspended ? ChangeAction::Suspend
                                                              : ChangeAction::Resume;
        }
        const bool same = before.userNames().at(b) == after.userNames().at(a)
            && before.userEmails().at(b) == after.userEmails().at(a)
            && before.userLogins().at(b) == after.userLogins().at(a);
        return same ? std::nullopt : std::optional(ChangeAction::Update);
    };
    return diffObjects(ObjectKind::User, matchIds(before.userIds(), after.userIds()),
        quarantinedRows(before, after, ObjectKind::User), after.completeness().users, compare);
}

ObjectDiff diffGroups(const Snapshot& before, const Snapshot& after)
{
    const auto compare = [&](Row b, Row a) -> std::optional<ChangeAction> {
        const bool same = before.groupNames().at(b) == after.groupNames().at(a)
            && before.groupEmails().at(b) == after.groupEmails().at(a)
            && before.groupKind(b) == after.groupKind(a);
        return same ? std::nullopt : std::optional(ChangeAction::Update);
    };
    return diffObjects(ObjectKind::Group, matchIds(before.groupIds(), after.groupIds()),
        quarantinedRows(before, after, ObjectKind::Group), after.completeness().groups, compare);
}

/// The members of one kind of one group, as stored and as read.
struct MemberPair
{
    std::span<const Row> before;
    std::span<const Row> after; ///< empty when the group was not read
    const ObjectDiff& members;
    bool isGroup = false;
};

/// @param provable  the group's list was read to its end
void addLostMembers(const MemberPair& pair, Row group, bool groupGone, bool provable,
    std::vector<MembershipChange>& out)
{
    auto read = pair.after.begin();
    for (const Row member : pair.before) {
        const Row now = pair.members.rows.afterOf[member];
        bool lost = groupGone || pair.members.removed[member];
        if (!lost && provable && now != kNoRow) {
            read = std::lower_bound(read, pair.after.end(), now);
            lost = read == pair.after.end() || *read != now;
        }
        if (lost) {
            out.push_back({ .group = group,
                .member = member,
                .memberIsGroup = pair.isGroup,
                .removed = true });
        }
    }
}

void addNewMembers(const MemberPair& pair, Row group, std::vector<MembershipChange>& out)
{
    auto stored = pair.before.begin();
    for (const Row member : pair.after) {
        const Row then = pair.members.rows.beforeOf[member];
        bool known = false;
        if (then != kNoRow) {
            while (stored != pair.before.end() && *stored < then) {
                ++stored;
            }
            known = stored != pair.before.end() && *stored == then;
        }
        if (!known) {
            out.push_back({ .group = group, .member = member, .memberIsGroup = pair.isGroup });
        }
    }
}

std::vector<MembershipChange> diffMemberships(const Snapshot& before, const Snapshot& after,
    const ObjectDiff& users, const ObjectDiff& groups)
{
    const auto pairOf = [&](Row b, Row a, bool isGroup) {
        const auto list = [isGroup](const Snapshot& snapshot, Row row) -> std::span<const Row> {
            if (row == kNoRow) {
                return {};
            }
            return isGroup ? snapshot.memberGroups(row) : snapshot.memberUsers(row);
        };
        return MemberPair { .before = list(before, b),
            .after = list(after, a),
            .members = isGroup ? groups : users,
            .isGroup = isGroup };
    };
    std::vector<MembershipChange> out;
    for (Row a = 0; a < after.groupCount(); ++a) {
        const Row b = groups.rows.beforeOf[a];
        addNewMembers(pairOf(b, a, false), a, out);
        addNewMembers(pairOf(b, a, true), a, out);
    }
    for (Row b = 0; b < before.groupCount(); ++b) {
        const Row a = groups.rows.afterOf[b];
        const bool gone = groups.removed[b];
        const bool provable = a != kNoRow && after.membersComplete(a);
        addLostMembers(pairOf(b, a, false), b, gone, provable, out);
        addLostMembers(pairOf(b, a, true), b, gone, provable, out);
    }
    return out;
}

} // namespace

ChangeSet diffSnapshots(SnapshotPtr before, SnapshotPtr after)
{
    const auto orEmpty = [](SnapshotPtr& snapshot) {
        if (!snapshot) {
            snapshot = std::make_shared<const Snapshot>();
        }
    };
    orEmpty(before);
    orEmpty(after);
    ObjectDiff users = diffUsers(*before, *after);
    ObjectDiff groups = diffGroups(*before, *after);
    std::vector<MembershipChange> memberships = diffMemberships(*before, *after, users, groups);
    return { .before = std::move(before),
        .after = std::move(after),
        .groups = std::move(groups.changes),
        .users = std::move(users.changes),
        .memberships = std::move(memberships) };
}

} // namespace portreeve
