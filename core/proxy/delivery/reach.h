// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/store/store.h"

namespace portreeve {

/// What is seen at a target between two deliveries.
struct Reach
{
    TargetState state = TargetState::Drifted;
    std::optional<Error> error {};
    Message reason {}; ///< without an error
};

/// Into the target's state. What a person has to mend stays in sight, whoever else writes there.
/// @return NotFound, Storage
Result<void> storeReach(Store& store, const QString& targetId, const Reach& reach);

/// Whether what was seen at the target just now is the work of a delivery other than @p ownId.
Result<bool> isAnotherDelivery(
    Store& store, const QString& targetId, std::int64_t ownId, UtcTime now);

} // namespace portreeve
