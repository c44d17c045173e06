// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/settings/connection.h"
#include "core/sync/syncplan.h"

#include <optional>
#include <vector>

namespace portreeve {

/// What a change set does to the access of people, as the stored policies decide it (G8).
struct AccessImpact
{
    std::int64_t losingAll = 0; ///< people who reach some route before and none after
    std::int64_t withAccess = 0; ///< people who reach some route before
    std::vector<AccessChange> changes {}; ///< by user id, then route
};

struct GuardInput
{
    GuardLimits limits {};
    bool neverRemove = false; ///< SyncRules::neverRemove
    bool scopeChanged = false; ///< settings moved since the last commit and nobody saw the preview
    std::vector<QString> protectedUsers {}; ///< StoredDirectory::protectedUsers
    std::vector<QString> waiting {}; ///< heldKeys() of the open hold: nothing approves itself
    std::optional<AccessImpact> access {};
};

/// Guards G1-G9 (sync-lifecycle.md 2.7). Flags the removals that must wait in @p changes: those
/// derived from absence; by G5 suspensions; by G7 whatever takes the last protected user away.
/// Additions, updates and explicit signals are never held otherwise. Percentages are of live rows
/// before the run. Edges of a held object are held with it. Pure.
/// @return a trip per guard that holds at least one row, by guard
std::vector<GuardTrip> guardChanges(ChangeSet& changes, const GuardInput& input);

/// Which held removals a person lets through.
struct Approval
{
    QString planHash {}; ///< of the held plan that was looked at
    bool everything = false;
    std::vector<QString> keys {}; ///< removalKey() of each approved row, when not everything
};

/// Lifts the holds named by @p approval; the last active protected user stays held (G7).
void releaseHeld(
    ChangeSet& changes, const Approval& approval, const std::vector<QString>& protectedUsers);

/// Takes rejected removals out of the plan: their objects stay, with their edges to what stays.
/// @param pinned  sorted removalKey()s
void excludePinned(ChangeSet& changes, const std::vector<QString>& pinned);

} // namespace portreeve
