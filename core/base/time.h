// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"

#include <QString>

#include <chrono>
#include <optional>

namespace portreeve {

/// A point in time, UTC, to the millisecond. Stored as INTEGER milliseconds, printed as RFC 3339.
using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// "2026-11-21T09:30:00.250Z"; the fraction is left out when it is zero.
QString toRfc3339(UtcTime time);
std::optional<UtcTime> fromRfc3339(const QString& text);

/// "90s", "10m", "1h30m", "2d", "250ms" or plain seconds ("600").
/// @return InvalidInput naming the accepted forms for anything else, zero included where it has no
/// unit
Result<std::chrono::milliseconds> parseDuration(const QString& text);

/// The shortest form parseDuration reads back to the same value: "10m", "1h30m", "0s".
QString formatDuration(std::chrono::milliseconds duration);

} // namespace portreeve
