// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/delivery/channeldelivery.h"

namespace portreeve {

/// Channels A, G and H: policies and routes in a file.
std::unique_ptr<ChannelDelivery> policyFileDelivery(const DeliveryJob& job);

/// What the target's file is made from: the operator's own file, empty where there is none.
/// @return NotFound or Storage naming the file
Result<QByteArray> operatorFile(const TargetOptions& options);

} // namespace portreeve
