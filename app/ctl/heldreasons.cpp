// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/heldreasons.h"

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

QStringList heldReasons(const SyncPlan& plan)
{
    QStringList lines;
    for (const auto& trip : plan.trips) {
        lines.append(guardName(trip.guard) + u" holds: "_s + trip.reason.english());
    }
    return lines;
}

} // namespace portreeve::ctl
