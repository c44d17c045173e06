// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/delivery/channeldelivery.h"

namespace portreeve {

/// Channel E: the directory as a zip, in a file or behind our own listener.
std::unique_ptr<ChannelDelivery> bundleDelivery(const DeliveryJob& job);

} // namespace portreeve
