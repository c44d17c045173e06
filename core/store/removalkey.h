// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/directory/snapshot.h"

namespace portreeve {

/// removalKey() of an edge by its ids.
QString membershipRemovalKey(const QString& groupId, const QString& memberId, bool memberIsGroup);

/// Whether the object or edge that a removalKey() names is in @p snapshot.
bool isSeen(const QString& removalKey, const Snapshot& snapshot);

} // namespace portreeve
