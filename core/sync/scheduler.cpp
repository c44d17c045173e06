// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/scheduler.h"

#include <QCryptographicHash>
#include <QtEndian>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kDay = std::chrono::hours(24);
constexpr milliseconds kDisableAfter = 28 * kDay;
const QString kMinDelayKey = u"polling_min_delay"_s;
const QString kMaxDelayKey = u"polling_max_delay"_s;
constexpr milliseconds kSecondLook = std::chrono::seconds(60);

/// Only a person can mend these: credentials, rights, a tenant or root that is not there.
bool isCredentialFault(ErrorCode code)
{
    return code == ErrorCode::Auth || code == ErrorCode::Permission || code == ErrorCode::NotFound;
}

milliseconds backoff(const Connection& connection, double random)
{
    const auto& schedule = connection.schedule;
    const int doublings = std::clamp(connection.failureCount - 1, 0, 40);
    const double raw = std::ldexp(static_cast<double>(schedule.minDelay.count()), doublings);
    const double capped = std::min(raw, static_cast<double>(schedule.maxDelay.count()));
    constexpr double kLowest = 0.8;
    constexpr double kSpan = 0.4;
    return milliseconds(std::llround(capped * (kLowest + kSpan * random)));
}

UtcTime healthyNext(const Connection& connection, UtcTime now)
{
    const milliseconds minDelay = connection.schedule.minDelay;
    const milliseconds pause = std::max<milliseconds>(std::chrono::minutes(1), minDelay / 10);
    const UtcTime earliest = now + pause;
    if (!connection.lastAttemptAt || *connection.lastAttemptAt > now) {
        return now + minDelay;
    }
    return std::max(*connection.lastAttemptAt + minDelay, earliest);
}

bool isAdministrative(ConnectionState state)
{
    return state == ConnectionState::Disabled || state == ConnectionState::Paused;
}

std::optional<FieldProblem> outOfBounds(
    const QString& key, milliseconds delay, milliseconds least, milliseconds most)
{
    if (delay >= least && delay <= most) {
        return std::nullopt;
    }
    return FieldProblem { .key = key,
        .what = key == kMinDelayKey
            ? message(QT_TRANSLATE_NOOP("Message", "The polling min delay cannot be %1."),
                  formatDuration(delay))
            : message(QT_TRANSLATE_NOOP("Message", "The polling max delay cannot be %1."),
                  formatDuration(delay)),
        .remedy = message(QT_TRANSLATE_NOOP("Message", "Enter a time from %1 to %2."),
            formatDuration(least), formatDuration(most)) };
}

} // namespace

milliseconds leastDelay(const ConnectorCapabilities& capabilities)
{
    return capabilities.local ? std::chrono::minutes(1) : std::chrono::minutes(5);
}

std::vector<FieldProblem> checkDelays(
    const Schedule& schedule, const ConnectorCapabilities& capabilities)
{
    const milliseconds least = leastDelay(capabilities);
    const milliseconds floorOfMost = std::max(least, std::min(schedule.minDelay, kMostMinDelay));
    std::vector<FieldProblem> problems;
    for (auto& problem : { outOfBounds(kMinDelayKey, schedule.minDelay, least, kMostMinDelay),
             outOfBounds(kMaxDelayKey, schedule.maxDelay, floorOfMost, kMostMaxDelay) }) {
        if (problem) {
            problems.push_back(*problem);
        }
    }
    return problems;
}

bool isPolled(ConnectionState state)
{
    switch (state) {
    case ConnectionState::Idle:
    case ConnectionState::BackingOff:
    case ConnectionState::Held:
    case ConnectionState::NeedsAttention:
    case ConnectionState::Stale:
        return true;
    case ConnectionState::Draft:
    case ConnectionState::Verifying:
    case ConnectionState::Verified:
    case ConnectionState::Syncing:
    case ConnectionState::Paused:
    case ConnectionState::Disabled:
        return false;
    }
    return false;
}

std::optional<UtcTime> nextAttempt(const Connection& connection, UtcTime now, double random,
    std::optional<milliseconds> throttledFor)
{
    if (!isPolled(connection.state)) {
        return std::nullopt;
    }
    if (connection.state == ConnectionState::NeedsAttention) {
        return now + kDay;
    }
    if (throttledFor) {
        return now + std::max(*throttledFor, connection.schedule.minDelay);
    }
    if (connection.state == ConnectionState::Stale) {
        return now + connection.schedule.maxDelay;
    }
    if (connection.state == ConnectionState::BackingOff && connection.failureCount > 0) {
        return now + backoff(connection, random);
    }
    return healthyNext(connection, now);
}

UtcTime firstAttempt(const Connection& connection, UtcTime now)
{
    const QByteArray digest
        = QCryptographicHash::hash(connection.id.toUtf8(), QCryptographicHash::Sha256);
    const auto number = qFromBigEndian<quint32>(digest.constData());
    const auto span = std::max<std::int64_t>(connection.schedule.minDelay.count(), 1);
    return now + milliseconds(std::int64_t { number } % span);
}

bool isDue(const Connection& connection, UtcTime now)
{
    return isPolled(connection.state) && connection.nextAttemptAt
        && *connection.nextAttemptAt <= now;
}

std::optional<UtcTime> rescheduledAfterClockChange(const Connection& connection, UtcTime now)
{
    if (!isPolled(connection.state) || !connection.nextAttemptAt || !connection.lastAttemptAt
        || *connection.lastAttemptAt <= now) {
        return std::nullopt;
    }
    const UtcTime soon = now + connection.schedule.minDelay;
    return *connection.nextAttemptAt > soon ? std::optional(soon) : std::nullopt;
}

ConnectionState stateAfterFailure(const Connection& connection, const Error& error, UtcTime now)
{
    if (isAdministrative(connection.state)) {
        return connection.state;
    }
    const auto elapsed
        = connection.firstFailedAt ? now - *connection.firstFailedAt : milliseconds(0);
    if (connection.state == ConnectionState::NeedsAttention) {
        return elapsed >= kDisableAfter ? ConnectionState::Disabled
                                        : ConnectionState::NeedsAttention;
    }
    if (error.code == ErrorCode::InvalidInput) {
        return ConnectionState::NeedsAttention;
    }
    const bool repeated = connection.lastError && isCredentialFault(connection.lastError->code)
        && connection.lastAttemptAt && now - *connection.lastAttemptAt >= kSecondLook;
    if (isCredentialFault(error.code) && repeated) {
        return ConnectionState::NeedsAttention;
    }
    return elapsed >= kDay ? ConnectionState::Stale : ConnectionState::BackingOff;
}

Connection afterFailure(
    Connection connection, const Error& error, UtcTime startedAt, UtcTime now, double random)
{
    if (error.code == ErrorCode::Cancelled) {
        // Not due again at once, or cancelling a scheduled run would start it anew.
        if (connection.nextAttemptAt && *connection.nextAttemptAt <= now) {
            connection.nextAttemptAt = now + connection.schedule.minDelay;
        }
        return connection;
    }
    const ConnectionState before = connection.state;
    connection.state = stateAfterFailure(connection, error, now);
    const bool throttled = error.code == ErrorCode::RateLimited;
    connection.failureCount += throttled ? 0 : 1;
    // The 28 days of needs_attention count from its own beginning.
    const bool entersAttention = connection.state == ConnectionState::NeedsAttention
        && before != ConnectionState::NeedsAttention;
    if (!connection.firstFailedAt || entersAttention) {
        connection.firstFailedAt = now;
    }
    connection.lastAttemptAt = startedAt;
    connection.lastError = error;
    connection.stateReason = error.what;
    connection.nextAttemptAt = nextAttempt(
        connection, now, random, throttled ? std::optional(error.retryAfter) : std::nullopt);
    return connection;
}

Connection afterSuccess(
    Connection connection, bool held, UtcTime startedAt, UtcTime now, double random)
{
    connection.lastAttemptAt = startedAt;
    connection.lastSuccessAt = now;
    connection.firstFailedAt.reset();
    connection.failureCount = 0;
    connection.lastError.reset();
    if (!isAdministrative(connection.state)) {
        connection.state = held ? ConnectionState::Held : ConnectionState::Idle;
        connection.stateReason = {};
    }
    connection.nextAttemptAt = nextAttempt(connection, now, random);
    return connection;
}

ConnectionState restingState(const Connection& connection, bool hasHold)
{
    const bool midRun = connection.state == ConnectionState::Syncing
        || connection.state == ConnectionState::Verifying;
    if (!midRun) {
        return connection.state;
    }
    if (hasHold) {
        return ConnectionState::Held;
    }
    if (connection.firstFailedAt) {
        return ConnectionState::BackingOff;
    }
    return connection.generation > 0 ? ConnectionState::Idle : ConnectionState::Draft;
}

} // namespace portreeve
