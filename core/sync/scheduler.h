// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/settings/connection.h"

#include <optional>

namespace portreeve {

/// When to try next (sync-lifecycle.md 1.4). Pure; @p random in [0, 1).
/// @return nothing while the connection's state is not polled
std::optional<UtcTime> nextAttempt(const Connection& connection, UtcTime now, double random,
    std::optional<std::chrono::milliseconds> throttledFor = std::nullopt);

/// Spreads first attempts of several connections over their min delay.
UtcTime firstAttempt(const Connection& connection, UtcTime now);

/// Whether polling may start a run now.
bool isDue(const Connection& connection, UtcTime now);

/// The state after a failed run: BackingOff, NeedsAttention or Stale (24 h), by error and history.
ConnectionState stateAfterFailure(const Connection& connection, const Error& error, UtcTime now);

} // namespace portreeve
