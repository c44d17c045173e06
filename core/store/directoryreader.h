// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/directory/snapshot.h"

#include <cstdint>

namespace portreeve {

class Database;

/// The live objects of one connection as a snapshot of which everything is complete. Callers hold a
/// transaction. @return Storage when a blob does not decode or names a row that is gone
Result<SnapshotPtr> readSnapshot(Database& database, std::int64_t connection);

} // namespace portreeve
