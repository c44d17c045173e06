// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/ctl/command.h"

namespace portreeve::ctl {

/// `access diff`: who gains or loses which route between two states.
Command accessDiffCommand();

} // namespace portreeve::ctl
