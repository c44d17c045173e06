// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/error.h"

namespace portreeve::ctl {

/// A contract with scripts: see the manual page. Never renumbered.
enum class ExitCode {
    Done = 0,
    Failed = 1,
    HasChanges = 2, ///< plan and diff verbs only
    Held = 3,
    Usage = 4,
    Credentials = 5,
    Stale = 6, ///< `status`: a connection has had no success for longer than allowed
    Cancelled = 130,
};

ExitCode exitCodeFor(ErrorCode code);

} // namespace portreeve::ctl
