// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"

#include <QString>

#include <optional>

namespace portreeve {

class Database;

// One run at a time on a row that has claim_process and claim_thread, over all threads and
// processes. The table's name is one of ours, never input.

/// @return false when another live process or thread has the row; claims of dead ones are taken
/// over. NotFound is for the caller to say: nothing when there is no such row.
Result<std::optional<bool>> claimRow(Database& database, const QString& table, const QString& id);

Result<void> releaseRow(Database& database, const QString& table, const QString& id);

} // namespace portreeve
