// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"

#include <QString>

#include <vector>

namespace portreeve {

class Database;

/// One step of the schema. Statements run one by one, in one transaction.
struct Migration
{
    int version = 0;
    std::vector<QString> statements {};
};

/// Append only: a shipped entry is never edited.
const std::vector<Migration>& migrations();

/// Version of the last migration.
int schemaVersion();

/// Brings the file up to date, after a backup beside it when it holds data. Each step is one
/// transaction; a failed one leaves the version before it.
Result<void> migrate(Database& database, const std::vector<Migration>& steps, const Clock& clock);

} // namespace portreeve
