// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/delivery/channeldelivery.h"

namespace portreeve {

/// Watches whether the proxy takes over what was written, as far as the target's options give
/// something to look at; notes what could not be seen.
/// @param sent  routes the proxy should have by now; one that can be asked for is tried
/// @param healthConfirms  as AdoptionCheck::healthConfirms
/// @return BadResponse when the proxy refuses it
Result<void> confirmAdoption(const DeliveryJob& job, const std::vector<StoredRoute>& sent,
    bool healthConfirms, AppliedDelivery& done);

} // namespace portreeve
