// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/databroker/devicerecords.h"
#include "core/store/pushrecords.h"

#include <QString>

namespace portreeve::devices {

/// How a link stands (devices.md 3.7).
enum class LinkState {
    Waiting,
    Used,
    Expired, ///< from its end on, and not used: offer to renew
    Revoked, ///< we deleted the enrollment
    Lost, ///< the enrollment went away without us: offer to create it again
};

QString linkStateName(LinkState state); ///< "waiting"

/// @param enrollment  the record of that id as it is at the proxy, null when there is none
LinkState linkState(const DeviceLink& link, const EnrollmentData* enrollment, UtcTime now);

} // namespace portreeve::devices
