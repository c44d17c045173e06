// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/store/pushrecords.h"

#include <vector>

namespace portreeve {

class Database;

/// Every delivery to every target.
class PushHistory
{
public:
    PushHistory(Database& database, const Clock& clock);

    /// Stores the delivery as begun by this process. @return with id and startedAt
    Result<PushRecord> begin(PushRecord push);

    /// Outcome, counts, generation, error, notes; sets finishedAt where it is empty.
    Result<void> finish(const PushRecord& push);

    /// Forgets a begun delivery that had nothing to do.
    Result<void> discard(std::int64_t id);

    /// Marks deliveries of dead processes as interrupted. @return how many
    Result<int> recover();

    /// Newest first; of all targets when @p targetId is empty.
    Result<std::vector<PushRecord>> list(const QString& targetId, int limit);
    Result<PushRecord> byId(std::int64_t id); ///< NotFound

private:
    Database& m_database;
    const Clock& m_clock;
};

} // namespace portreeve
