// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/delivery/channeldelivery.h"

namespace portreeve {

/// Channel B: directory records of a databroker.
std::unique_ptr<ChannelDelivery> recordsDelivery(const DeliveryJob& job);

} // namespace portreeve
