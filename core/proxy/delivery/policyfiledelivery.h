// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/delivery/channeldelivery.h"

namespace portreeve {

/// Channels A, G and H: policies and routes in a file.
std::unique_ptr<ChannelDelivery> policyFileDelivery(const DeliveryJob& job);

/// The operator's own file: what the target's is made from, or what the proxy has beside ours.
/// Empty where there is none.
/// @return NotFound or Storage naming the file
Result<QByteArray> operatorFile(const TargetOptions& options);

} // namespace portreeve
