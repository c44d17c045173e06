// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/connector.h"
#include "core/settings/connection.h"

#include <optional>

namespace portreeve {

/// Bounds of Schedule::minDelay and maxDelay (sync-lifecycle.md 1.4, connectors.md 1.3); the least
/// also bounds the max delay.
std::chrono::milliseconds leastDelay(const ConnectorCapabilities& capabilities);
inline constexpr std::chrono::milliseconds kMostMinDelay = std::chrono::hours(24);
inline constexpr std::chrono::milliseconds kMostMaxDelay = std::chrono::hours(24 * 7);

/// One problem per delay that is out of bounds, under the keys polling_min_delay and
/// polling_max_delay.
std::vector<FieldProblem> checkDelays(
    const Schedule& schedule, const ConnectorCapabilities& capabilities);

/// Whether connections in this state are polled at all.
bool isPolled(ConnectionState state);

/// When to try next (sync-lifecycle.md 1.4). Pure; @p random in [0, 1).
/// @param throttledFor  how long the provider asked to be left alone; zero when it did not say
/// @return nothing while the connection's state is not polled
std::optional<UtcTime> nextAttempt(const Connection& connection, UtcTime now, double random,
    std::optional<std::chrono::milliseconds> throttledFor = std::nullopt);

/// Spreads first attempts of several connections over their min delay.
UtcTime firstAttempt(const Connection& connection, UtcTime now);

/// Whether polling may start a run now.
bool isDue(const Connection& connection, UtcTime now);

/// The clock went back behind the last attempt (T7): the next one moves to the min delay from now.
/// @return nothing while the stored times make sense
std::optional<UtcTime> rescheduledAfterClockChange(const Connection& connection, UtcTime now);

/// The state after a failed run: BackingOff, NeedsAttention, Stale (24 h) or Disabled (28 days of
/// NeedsAttention), by error and history. @p connection as it was before that run.
ConnectionState stateAfterFailure(const Connection& connection, const Error& error, UtcTime now);

/// @p connection with the failure recorded: state, counts, times, error. Throttling does not count
/// as a failure; cancelling only puts a due attempt off.
Connection afterFailure(
    Connection connection, const Error& error, UtcTime startedAt, UtcTime now, double random);

/// @p connection after a run that did its work: counters reset (T4). An administrator's Disabled,
/// Paused or Removing stays.
Connection afterSuccess(
    Connection connection, bool held, UtcTime startedAt, UtcTime now, double random);

/// Where a connection found in the middle of a run goes back to (T6).
ConnectionState restingState(const Connection& connection, bool hasHold);

} // namespace portreeve
