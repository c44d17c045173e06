// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/store/records.h"

#include <vector>

namespace portreeve {

/// Today's directory with what a run did taken back, complete in everything. Pure.
/// What later runs changed again is left as they made it, and said in the notes; so is a member
/// whose group or record is no longer there.
Result<SnapshotPtr> withoutRun(const Snapshot& today, const std::vector<RunChange>& changes);

/// The directory as it was before these changes, which are those of several runs, the newest run
/// first. Complete in everything. Pure.
/// @return Stale when they are not what made @p today
Result<SnapshotPtr> beforeChanges(const Snapshot& today, const std::vector<RunChange>& changes);

/// The directory with these changes made. Complete in everything. Pure.
/// @return Stale when they do not start from @p today
Result<SnapshotPtr> withChanges(const Snapshot& today, const std::vector<RunChange>& changes);

} // namespace portreeve
