// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/diff.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

namespace portreeve {

namespace {

// Two fetches are alike nearly everywhere, so so many rows are compared at once; of few enough that
// most blocks are alike when one row in a hundred is not.
constexpr std::size_t kBlock = 16;

/// Whether a block of @p a from row @p atA on is that of @p b from @p atB on: one comparison for
/// all its texts.
bool sameTexts(const TextColumn& a, std::size_t atA, const TextColumn& b, std::size_t atB)
{
    const auto startsA = std::span(a.offsets()).subspan(atA, kBlock + 1);
    const auto startsB = std::span(b.offsets()).subspan(atB, kBlock + 1);
    // Without leaving early, so that the compiler can take several at a time.
    std::uint64_t apart = 0;
    for (std::size_t i = 1; i <= kBlock; ++i) {
        apart |= (startsA[i] - startsA[0]) ^ (startsB[i] - startsB[0]);
    }
    const auto size = static_cast<std::size_t>(startsA[kBlock] - startsA[0]);
    return apart == 0
        && std::memcmp(a.bytes().data() + startsA[0], b.bytes().data() + startsB[0], size) == 0;
}

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
        if (b + kBlock <= before.size() && a + kBlock <= after.size()
            && sameTexts(before, b, after, a)) {
            std::iota(map.afterOf.begin() + std::ptrdiff_t(b),
                map.afterOf.begin() + std::ptrdiff_t(b + kBlock), static_cast<Row>(a));
            std::iota(map.beforeOf.begin() + std::ptrdiff_t(a),
                map.beforeOf.begin() + std::ptrdiff_t(a + kBlock), static_cast<Row>(b));
            b += kBlock;
            a += kBlock;
            continue;
        }
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

/// Whether the rows of a block stand side by side in both snapshots.
bool isMatchedBlock(const RowMap& rows, Row after)
{
    if (after + kBlock > rows.beforeOf.size() || rows.beforeOf[after] == kNoRow) {
        return false;
    }
    Row apart = 0;
    for (std::size_t i = 0; i < kBlock; ++i) {
        apart |= rows.beforeOf[after + i] ^ static_cast<Row>(rows.beforeOf[after] + i);
    }
    return apart == 0;
}

/// @param sameBlock  whether kBlock objects from one row before and one row after on are equal
template <typename SameBlock, typename Compare>
ObjectDiff diffObjects(ObjectKind kind, RowMap rows, const std::vector<bool>& quarantined,
    bool complete, const SameBlock& sameBlock, const Compare& compare)
{
    ObjectDiff diff { .rows = std::move(rows),
        .removed = std::vector<bool>(quarantined.size(), false),
        .changes = {} };
    Row blockEnd = 0; // of a block that is not the same, whose rows are looked at one by one
    for (Row after = 0; after < diff.rows.beforeOf.size(); ++after) {
        const Row before = diff.rows.beforeOf[after];
        if (after >= blockEnd) {
            if (isMatchedBlock(diff.rows, after) && sameBlock(before, after)) {
                after += kBlock - 1;
                continue;
            }
            blockEnd = after + kBlock;
        }
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
    const auto sameBlock = [&](Row b, Row a) {
        const auto& states = before.columns().userStates;
        const auto first = states.begin() + static_cast<std::ptrdiff_t>(b);
        return sameTexts(before.userNames(), b, after.userNames(), a)
            && sameTexts(before.userEmails(), b, after.userEmails(), a)
            && sameTexts(before.userLogins(), b, after.userLogins(), a)
            && std::equal(first, first + kBlock,
                after.columns().userStates.begin() + static_cast<std::ptrdiff_t>(a));
    };
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
        quarantinedRows(before, after, ObjectKind::User), after.completeness().users, sameBlock,
        compare);
}

ObjectDiff diffGroups(const Snapshot& before, const Snapshot& after)
{
    const auto sameBlock = [&](Row b, Row a) {
        const auto& kinds = before.columns().groupKinds;
        const auto first = kinds.begin() + static_cast<std::ptrdiff_t>(b);
        return sameTexts(before.groupNames(), b, after.groupNames(), a)
            && sameTexts(before.groupEmails(), b, after.groupEmails(), a)
            && std::equal(first, first + kBlock,
                after.columns().groupKinds.begin() + static_cast<std::ptrdiff_t>(a));
    };
    const auto compare = [&](Row b, Row a) -> std::optional<ChangeAction> {
        const bool same = before.groupNames().at(b) == after.groupNames().at(a)
            && before.groupEmails().at(b) == after.groupEmails().at(a)
            && before.groupKind(b) == after.groupKind(a);
        return same ? std::nullopt : std::optional(ChangeAction::Update);
    };
    return diffObjects(ObjectKind::Group, matchIds(before.groupIds(), after.groupIds()),
        quarantinedRows(before, after, ObjectKind::Group), after.completeness().groups, sameBlock,
        compare);
}

/// The members of one kind of one group that is in both snapshots, in one walk: matched rows rise
/// together.
class MemberWalk
{
public:
    MemberWalk(const ObjectDiff& members, bool isGroup)
        : m_members(members)
        , m_isGroup(isGroup)
    {
    }

    struct Lists
    {
        Row groupBefore = kNoRow; ///< kNoRow: not stored
        Row groupAfter = kNoRow; ///< kNoRow: not read
        std::span<const Row> before {};
        std::span<const Row> after {};
        bool gone = false; ///< the group was removed
        bool provable = false; ///< its list was read to its end
    };

    void compare(const Lists& lists, std::vector<MembershipChange>& added,
        std::vector<MembershipChange>& removed) const
    {
        const std::vector<Row>& afterOf = m_members.rows.afterOf;
        auto read = lists.after.begin();
        auto blockEnd = lists.before.begin(); // of members looked at one by one
        const auto addUpTo = [&](Row limit) {
            for (; read != lists.after.end() && *read < limit; ++read) {
                added.push_back(
                    { .group = lists.groupAfter, .member = *read, .memberIsGroup = m_isGroup });
            }
        };
        for (auto stored = lists.before.begin(); stored != lists.before.end(); ++stored) {
            const std::ptrdiff_t left
                = std::min(lists.before.end() - stored, lists.after.end() - read);
            if (stored >= blockEnd && left >= std::ptrdiff_t(kBlock)) {
                if (isSameBlock(stored, read)) {
                    stored += kBlock - 1;
                    read += kBlock;
                    continue;
                }
                blockEnd = stored + kBlock;
            }
            const Row member = *stored;
            const Row now = afterOf[member];
            if (read != lists.after.end() && *read == now) {
                ++read;
                continue;
            }
            bool missing = true;
            if (now != kNoRow) {
                addUpTo(now);
                missing = read == lists.after.end() || *read != now;
                read += missing ? 0 : 1;
            }
            const bool proved = lists.provable && now != kNoRow;
            if (missing && (lists.gone || m_members.removed[member] || proved)) {
                removed.push_back({ .group = lists.groupBefore,
                    .member = member,
                    .memberIsGroup = m_isGroup,
                    .removed = true });
            }
        }
        addUpTo(kNoRow);
    }

private:
    using Place = std::span<const Row>::iterator;

    bool isSameBlock(Place before, Place after) const
    {
        const std::vector<Row>& afterOf = m_members.rows.afterOf;
        Row apart = 0;
        for (std::size_t i = 0; i < kBlock; ++i) {
            const auto at = static_cast<std::ptrdiff_t>(i);
            apart |= afterOf[before[at]] ^ after[at];
        }
        return apart == 0;
    }

    const ObjectDiff& m_members;
    bool m_isGroup;
};

std::vector<MembershipChange> diffMemberships(const Snapshot& before, const Snapshot& after,
    const ObjectDiff& users, const ObjectDiff& groups)
{
    const MemberWalk userWalk(users, false);
    const MemberWalk groupWalk(groups, true);
    std::vector<MembershipChange> added;
    std::vector<MembershipChange> removed;
    const auto compare = [&](Row b, Row a) {
        MemberWalk::Lists lists { .groupBefore = b, .groupAfter = a };
        lists.gone = b != kNoRow && groups.removed[b];
        lists.provable = b != kNoRow && a != kNoRow && after.membersComplete(a);
        lists.before = b == kNoRow ? std::span<const Row>() : before.memberUsers(b);
        lists.after = a == kNoRow ? std::span<const Row>() : after.memberUsers(a);
        userWalk.compare(lists, added, removed);
        lists.before = b == kNoRow ? std::span<const Row>() : before.memberGroups(b);
        lists.after = a == kNoRow ? std::span<const Row>() : after.memberGroups(a);
        groupWalk.compare(lists, added, removed);
    };
    Row b = 0;
    for (Row a = 0; a < after.groupCount(); ++a) {
        const Row match = groups.rows.beforeOf[a];
        for (; match != kNoRow && b < match; ++b) {
            compare(b, kNoRow);
        }
        compare(match, a);
        b += match == kNoRow ? 0 : 1;
    }
    for (; b < before.groupCount(); ++b) {
        compare(b, kNoRow);
    }
    added.insert(added.end(), removed.begin(), removed.end());
    return added;
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
