// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/store/records.h"

#include <vector>

namespace portreeve {

class Database;

/// The applied changes of runs, packed: a sorted dictionary of the objects a run touched, and its
/// changes by number, a few bytes a membership. Callers hold a transaction.
class RunJournal
{
public:
    explicit RunJournal(Database& database);

    Result<void> write(std::int64_t run, const ChangeSet& applied);
    Result<std::vector<RunChange>> read(std::int64_t run, std::int64_t offset, std::int64_t limit);

    /// Those that touched one user or group, in the order they were applied.
    Result<std::vector<RunChange>> touching(std::int64_t run, ObjectKind kind, const QString& id);

private:
    Database& m_database;
};

} // namespace portreeve
