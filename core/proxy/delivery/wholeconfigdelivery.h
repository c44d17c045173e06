// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/delivery/channeldelivery.h"

namespace portreeve {

/// Policies compiled into one record of the databroker (proxy.md 7), which every release of Core
/// takes over. Compared policy by policy and route by route like what the configuration service
/// keeps, and written whole.
std::unique_ptr<ChannelDelivery> wholeConfigDelivery(const DeliveryJob& job);

} // namespace portreeve
