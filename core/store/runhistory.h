// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/store/records.h"

#include <vector>

namespace portreeve {

class Database;

struct RunFilter
{
    QString connectionId {}; ///< empty = all
    int limit = 500;
    std::optional<std::int64_t> beforeId {};
};

class RunHistory
{
public:
    RunHistory(Database& database, const Clock& clock);

    Result<std::vector<RunRecord>> list(const RunFilter& filter); ///< newest first
    Result<RunRecord> byId(std::int64_t id); ///< NotFound

    /// Applied changes of a run in the order they were applied; rows from @p offset on.
    Result<std::vector<RunChange>> changes(
        std::int64_t runId, std::int64_t offset, std::int64_t limit);

    /// The same, all of them at once.
    Result<std::vector<RunChange>> allChanges(std::int64_t runId);

    /// All changes that touched one user or group, newest first, with the run's id.
    struct ObjectEvent
    {
        std::int64_t runId = 0;
        UtcTime at {};
        RunChange change {};
    };

    Result<std::vector<ObjectEvent>> ofObject(
        const QString& connectionId, ObjectKind kind, const QString& id, int limit);

    /// A run that committed nothing: failed, cancelled, or with no changes. With an id, ends the
    /// run that begin() stored. @return with its id
    Result<RunRecord> record(RunRecord run);

    /// Stores the start; found again as Interrupted when the process dies. Until it is finished it
    /// has no finishedAt.
    Result<RunRecord> begin(const QString& connectionId, RunTrigger trigger);

    /// Forgets a begun run that turned out to have nothing to do.
    Result<void> discard(std::int64_t id);

    /// Marks runs of dead processes as Interrupted. @return the connections of each
    Result<std::vector<QString>> recoverInterrupted();

private:
    Database& m_database;
    const Clock& m_clock;
};

} // namespace portreeve
