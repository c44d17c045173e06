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

} // namespace portreeve
