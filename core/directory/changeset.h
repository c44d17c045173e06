// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/directory/snapshot.h"

#include <cstdint>
#include <vector>

namespace portreeve {

enum class ChangeAction : std::uint8_t { Add, Update, Suspend, Resume, Remove };

/// "add", "update", "suspend", "resume", "remove".
QString changeActionName(ChangeAction action);

/// A user or group that differs between two snapshots. Rows, not ids: ChangeSet knows the
/// snapshots.
struct ObjectChange
{
    ObjectKind kind = ObjectKind::User; ///< User or Group
    ChangeAction action = ChangeAction::Add;
    Row before = kNoRow; ///< row in ChangeSet::before; kNoRow for Add
    Row after = kNoRow; ///< row in ChangeSet::after; kNoRow for Remove
    bool explicitSignal = false; ///< the provider said so, rather than by absence
    bool held = false; ///< a guard holds it back
};

/// Gone from what was read, without the provider saying that it was deleted.
inline bool isAbsenceRemoval(const ObjectChange& change)
{
    return change.action == ChangeAction::Remove && !change.explicitSignal;
}

/// One direct edge gained or lost. Add: rows of `after`; Remove: rows of `before`.
struct MembershipChange
{
    Row group = kNoRow;
    Row member = kNoRow;
    bool memberIsGroup = false;
    bool removed = false;
    bool held = false;
};

struct AttributeChange
{
    QString name {}; ///< display_name, email, login, state, name, kind
    QString before {};
    QString after {};
};

/// Everything that differs, ordered: groups, users, memberships; within each by id, removals last.
/// Immutable snapshots are shared, so copies are cheap.
struct ChangeSet
{
    SnapshotPtr before {}; ///< never null; empty snapshot on a first run
    SnapshotPtr after {}; ///< what the provider holds, after scope rules
    std::vector<ObjectChange> groups {};
    std::vector<ObjectChange> users {};
    std::vector<MembershipChange> memberships {};

    bool isEmpty() const { return groups.empty() && users.empty() && memberships.empty(); }

    QString objectId(const ObjectChange& change) const;

    /// The newest display name; for a nameless object the login, email or id, so never empty.
    QString objectName(const ObjectChange& change) const;
    QString groupId(const MembershipChange& change) const;
    QString memberId(const MembershipChange& change) const;

    /// Which fields of an Update, Suspend or Resume differ, in a fixed order; empty for the others.
    std::vector<AttributeChange> attributes(const ObjectChange& change) const;
};

struct KindCounts
{
    std::int64_t added = 0;
    std::int64_t updated = 0; ///< with suspended and resumed
    std::int64_t removed = 0;
    std::int64_t suspended = 0; ///< part of updated
    std::int64_t held = 0; ///< part of removed (and of updated for held suspensions)
};

struct ChangeCounts
{
    KindCounts users {};
    KindCounts groups {};
    KindCounts memberships {};
};

ChangeCounts countChanges(const ChangeSet& changes);

} // namespace portreeve
