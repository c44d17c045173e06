// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/configservice/desiredconfig.h"
#include "core/proxy/delivery/channeldelivery.h"

namespace portreeve {

/// Channels C, D and F: policies and routes as objects at the proxy, through its configuration
/// service, as records of its databroker or at Enterprise's own console.
std::unique_ptr<ChannelDelivery> configDelivery(const DeliveryJob& job);

/// What is ours at the target, and under which ids.
configservice::Ownership configOwnership(const ProxyTarget& target, const TargetOptions& options);

} // namespace portreeve
