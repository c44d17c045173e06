// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/delivery/deliverysource.h"

#include <QSet>

#include <chrono>

namespace portreeve {

/// The proxy keeps what it knows of a person for up to a minute, so a block outlives by two the
/// delivery that took them out of the records (proxy.md 5.5).
inline constexpr std::chrono::minutes kBlockOutlivesRecord { 2 };

/// When a block is lifted by itself. Nothing for somebody who is in the records still, or never was
/// in them: only a person lets those in again.
std::optional<UtcTime> liftsAt(const BlockedUser& user);

/// The blocked people of a target, as a delivery is to leave them.
struct BlockSplit
{
    std::vector<QString> kept {}; ///< ids, sorted
    std::vector<BlockedUser> lifted {}; ///< gone from @p records, and delivered without long enough
};

/// @param records  as the target is to have them now; null where it gets none
BlockSplit splitBlocks(
    const std::vector<BlockedUser>& blocked, const DirectoryRecords* records, UtcTime now);

/// "The block on %1 is lifted: ...", for plan and history.
Message liftNote(const BlockedUser& user);

/// After a delivery of records that was seen to have arrived: who of the blocked is in them, and
/// who is gone from now on. A person of whom somebody else keeps a record there is not gone.
Result<void> noteBlockedPeople(Store& store, const QString& targetId, const DeliverySource& source,
    const QSet<QString>& foreignUsers);

/// Forgets blocks that are off the proxy, with an audit entry each.
Result<void> liftBlocks(
    Store& store, const QString& targetId, const std::vector<BlockedUser>& lifted);

} // namespace portreeve
