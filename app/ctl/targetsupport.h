// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/ctl/command.h"
#include "core/proxy/delivery/delivery.h"

namespace portreeve::ctl {

/// @return NotFound naming the nearest target
Result<ProxyTarget> targetNamed(Session& session, const QString& name);

/// Deliveries of dead processes are ended first, as the window and serve do at their start.
Result<Delivery> delivery(Session& session);

/// Cancels on SIGINT and SIGTERM, shows progress, names the command line as the trigger.
DeliveryControl deliveryControl(Session& session);

} // namespace portreeve::ctl
