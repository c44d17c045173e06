// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/sync/syncrunner.h"

namespace portreeve {

/// One run of one connection from its claim to its record: whichever way it ends, history, state
/// and claim are settled.
class SyncRunner::ActiveRun
{
public:
    /// @return LimitExceeded when another run of the connection is going on, InvalidInput for a
    /// disabled one
    static Result<std::unique_ptr<ActiveRun>> start(
        const Services& services, const QString& connectionId, const RunControl& control);
    ~ActiveRun();
    ActiveRun(const ActiveRun&) = delete;
    ActiveRun& operator=(const ActiveRun&) = delete;

    const Connection& connection() const { return m_connection; }

    const RunControl& control() const { return m_control; }

    /// The record so far, ended now.
    RunRecord record(RunOutcome outcome) const;

    /// Records the failure in history and state. @return @p error
    Error fail(const Error& error);

    /// Records success in the connection's state.
    Result<void> succeed(bool held, const QString& tenantId);

    /// History of a run that read its source and committed nothing.
    Result<RunRecord> recordUncommitted(const RunRecord& run);

    /// Nothing happened: the source says so itself.
    Result<void> discard();

private:
    ActiveRun(const Services& services, Connection connection, const RunControl& control);

    const Services& m_services;
    const RunControl& m_control;
    Connection m_connection; // as it was before the run
    RunRecord m_run;
    UtcTime m_startedAt;
};

} // namespace portreeve
