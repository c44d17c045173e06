// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/ctl/output.h"
#include "core/sync/syncplan.h"

#include <vector>

namespace portreeve::ctl {

/// Who gains or loses which route, a line each.
void printAccess(Output& out, const std::vector<AccessChange>& access);

} // namespace portreeve::ctl
