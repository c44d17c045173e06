// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/linkstate.h"

using namespace Qt::StringLiterals;

namespace portreeve::devices {

QString linkStateName(LinkState state)
{
    switch (state) {
    case LinkState::Waiting:
        return u"waiting"_s;
    case LinkState::Used:
        return u"used"_s;
    case LinkState::Expired:
        return u"expired"_s;
    case LinkState::Revoked:
        return u"revoked"_s;
    case LinkState::Lost:
        return u"lost"_s;
    }
    return {};
}

LinkState linkState(const DeviceLink& link, const EnrollmentData* enrollment, UtcTime now)
{
    if (link.revokedAt) {
        return LinkState::Revoked;
    }
    if (enrollment == nullptr) {
        return LinkState::Lost;
    }
    if (enrollment->enrolledAt) {
        return LinkState::Used;
    }
    return now >= link.expiresAt ? LinkState::Expired : LinkState::Waiting;
}

} // namespace portreeve::devices
