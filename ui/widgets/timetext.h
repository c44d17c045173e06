// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/time.h"
#include "core/settings/connection.h"

#include <QString>

namespace portreeve {

/// "just now", "5 minutes ago", "in 2 hours", "yesterday 14:30", else the date. Pair it with
/// exactTime() as the tooltip.
QString relativeTime(UtcTime when, UtcTime now);

/// Local date and time to the second with the zone: "21 Nov 2026 14:30:05 CET".
QString exactTime(UtcTime when);

/// "14:30" today, else date and time, local.
QString shortTime(UtcTime when, UtcTime now);

/// In words: "10 minutes", "1 hour 30 minutes", "41 seconds".
QString durationText(std::chrono::milliseconds duration);

/// "every 10 minutes, next 14:30", "paused", "not scheduled": what polling will do, in words.
QString scheduleText(const Connection& connection, UtcTime now, bool allPaused);

/// Grouped by the locale: "100 000".
QString countText(std::int64_t count);

} // namespace portreeve
