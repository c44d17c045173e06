// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/access/accessimpact.h"
#include "core/base/result.h"

namespace portreeve {

class Store;

namespace access {

/// Everything as it is stored now.
/// @return Storage when it cannot be read
Result<AccessMoment> storedMoment(Store& store);

/// What SyncRunner::Services::evaluateAccess is set to: the stored routes and policies decide.
/// @return Storage when they cannot be read
Result<AccessImpact> storedAccessImpact(
    Store& store, const Connection& connection, const ChangeSet& changes);

} // namespace access

} // namespace portreeve
