// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/directory/snapshot.h"
#include "core/settings/connection.h"

namespace portreeve {

/// `*` stands for any text, `?` for one character, everything else for itself; without regard to
/// case, over the whole name.
bool matchesGlob(QStringView pattern, QStringView name);

/// What a connection's rules leave of a fetch; the fetch itself when they leave all of it. Pure.
///
/// Groups outside the filter are taken out. With flow-through the people and kept groups below them
/// become members of the kept groups above them, however deep; a kept group above a hidden one that
/// could not be read is incomplete itself. Active users without an email are quarantined where the
/// rules ask for one; suspended users pass, so that a leaver whose address is gone is cut off.
Result<SnapshotPtr> applyRules(const SnapshotPtr& fetched, const SyncRules& rules);

} // namespace portreeve
