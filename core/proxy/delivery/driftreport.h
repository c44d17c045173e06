// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/message.h"
#include "core/store/pushrecords.h"

namespace portreeve {

/// What somebody else did to records of ours.
struct DriftReport
{
    std::int64_t changes = 0; ///< since the last report; 0 = unknown
    DeliveredKind kind = DeliveredKind::User;
    QString id {}; ///< of the last one changed
    bool isDeleted = false; ///< the last one
    bool isRestart = false; ///< the proxy came back without what it was given
    bool isMended = true; ///< a delivery follows by itself; not while paused
};

/// "Somebody else deleted the record of user john."
Message whatHappened(const DriftReport& drift);

/// "What was delivered before is put back by itself."
Message whatFollows(const DriftReport& drift);

} // namespace portreeve
