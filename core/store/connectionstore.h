// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/settings/connection.h"

#include <vector>

namespace portreeve {

class Database;

/// That protected users may go with their connection: each by name, never all of them at once.
struct RemovalConsent
{
    std::vector<QString> protectedUsers {}; ///< ids
    QString actor {};
};

/// Connections and their run state. What an administrator changes goes to the audit log in the same
/// transaction. Names are unique without regard to case (InvalidInput, field "name").
class ConnectionStore
{
public:
    ConnectionStore(Database& database, const Clock& clock);

    Result<std::vector<Connection>> list(); ///< by name
    Result<Connection> byId(const QString& id); ///< NotFound
    Result<Connection> byName(const QString& name); ///< NotFound, naming the nearest name

    /// Assigns id and createdAt. @return the stored connection
    Result<Connection> add(Connection connection);

    /// Name, options, schedule, limits, rules, storedSecrets; not the run state.
    /// @param replacedSecrets  keys of secrets that got another value, for the audit log
    Result<void> updateSettings(
        const Connection& connection, const std::vector<QString>& replacedSecrets = {});

    /// State, reason, times, failure count, error, tenant, as a run, a test or the service found
    /// them; not the settings. A connection that was disabled meanwhile stays so.
    Result<void> updateState(const Connection& connection);

    /// Moves the next attempt, unless a run goes on, which will do that itself, or the connection
    /// is no longer as @p seen. Takes no claim, so that no run is turned away meanwhile.
    Result<void> reschedule(const Connection& seen, UtcTime next);

    /// An administrator's decisions. Disabled, it is not polled and has no next attempt.
    Result<void> enable(const Connection& connection); ///< with a state as in updateState()
    Result<void> disable(const QString& id);

    /// Marks a run of this connection as going on, for this process. False when another live
    /// process or thread has one. Claims of dead processes are taken over.
    Result<bool> claimRun(const QString& id);
    Result<void> releaseRun(const QString& id);

    /// With its users, groups, memberships, holds; runs and audit stay.
    /// @return Held, naming them, while @p consent leaves out a protected user (G7)
    Result<void> remove(const QString& id, const RemovalConsent& consent = {});

private:
    Result<void> writeState(const Connection& connection);
    Result<void> logEnabling(
        const Connection& before, const Connection& after, const QString& actor);

    Database& m_database;
    const Clock& m_clock;
};

} // namespace portreeve
