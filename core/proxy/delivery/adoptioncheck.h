// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/delivery/channeldelivery.h"

namespace portreeve {

/// Routes of ours that a proxy should have by now.
struct SentRoutes
{
    std::vector<StoredRoute> changed {}; ///< by this delivery
    std::vector<StoredRoute> others {};
};

/// Watches whether the proxy takes over what was written, as far as the target's options give
/// something to look at; notes what could not be seen. Tries each changed route that can be asked
/// for, up to a limit, and one of the others where there is none.
/// @param healthConfirms  as AdoptionCheck::healthConfirms
/// @return BadResponse when the proxy refuses it
Result<void> confirmAdoption(
    const DeliveryJob& job, const SentRoutes& sent, bool healthConfirms, AppliedDelivery& done);

} // namespace portreeve
