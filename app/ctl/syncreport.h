// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/ctl/command.h"

namespace portreeve::ctl {

/// Added, updated, removed and held by kind, as a table.
void printCounts(Output& out, const ChangeCounts& counts);

/// What a sync or an approval did; what is still held, and how to go on, on stderr.
CommandResult report(Session& session, const SyncOutcome& outcome);

} // namespace portreeve::ctl
