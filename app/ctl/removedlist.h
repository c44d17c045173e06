// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/ctl/command.h"

namespace portreeve::ctl {

/// People or groups that were removed and can still come back, as user list --removed shows them.
/// @return InvalidInput as chosenConnection()
CommandResult listRemoved(Session& session, const Arguments& arguments, ObjectKind kind);

} // namespace portreeve::ctl
