// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/statenotices.h"

#include <algorithm>
#include <optional>

namespace portreeve {

namespace {

enum class Trouble { None, Held, Failing };

/// Whether transient faults have gone on for three times the min delay, an hour at most.
bool failsForLong(const Connection& connection)
{
    if (!connection.firstFailedAt || !connection.lastAttemptAt) {
        return false;
    }
    const auto patience = std::min<std::chrono::milliseconds>(
        3 * connection.schedule.minDelay, std::chrono::hours(1));
    return *connection.lastAttemptAt - *connection.firstFailedAt >= patience;
}

/// Nothing while the state says neither: a run goes on, or somebody switched the connection off.
std::optional<Trouble> troubleOf(const Connection& connection)
{
    switch (connection.state) {
    case ConnectionState::Held:
        return Trouble::Held;
    case ConnectionState::NeedsAttention:
    case ConnectionState::Stale:
        return Trouble::Failing;
    case ConnectionState::BackingOff:
        return failsForLong(connection) ? Trouble::Failing : Trouble::None;
    case ConnectionState::Idle:
    case ConnectionState::Draft:
    case ConnectionState::Verified:
        return Trouble::None;
    case ConnectionState::Verifying:
    case ConnectionState::Syncing:
    case ConnectionState::Paused:
    case ConnectionState::Disabled:
        return std::nullopt;
    }
    return std::nullopt;
}

Message causeOf(const Connection& connection, Trouble trouble)
{
    if (trouble == Trouble::Held) {
        return message(QT_TRANSLATE_NOOP("Message", "Removals wait for your decision."));
    }
    return connection.lastError
        ? connection.lastError->what
        : message(QT_TRANSLATE_NOOP("Message", "There has been no successful sync for long."));
}

} // namespace

std::vector<StateNotice> stateNotices(
    const std::vector<Connection>& before, const std::vector<Connection>& after)
{
    std::vector<StateNotice> notices;
    for (const Connection& now : after) {
        const auto known = std::find_if(before.begin(), before.end(),
            [&now](const Connection& connection) { return connection.id == now.id; });
        const auto then = known == before.end() ? Trouble::None : troubleOf(*known);
        const auto trouble = troubleOf(now);
        if (!then || !trouble || *then == *trouble) {
            continue;
        }
        StateNotice notice { .connectionId = now.id, .connectionName = now.name };
        if (*trouble == Trouble::None) {
            notice.kind = StateNotice::Kind::Recovered;
        } else {
            notice.kind
                = *trouble == Trouble::Held ? StateNotice::Kind::Held : StateNotice::Kind::Failing;
            notice.cause = causeOf(now, *trouble);
        }
        notices.push_back(notice);
    }
    return notices;
}

} // namespace portreeve
