// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/store/directorystore.h"

namespace portreeve {

/// The row key of a connection. @return NotFound
Result<std::int64_t> connectionKey(Database& database, const QString& connectionId);

/// DirectoryView::unprefixed, as the commits decided it.
Result<std::optional<QString>> unprefixedConnection(Database& database);

/// DirectoryStore::commit().
Result<RunRecord> commitDirectory(
    Database& database, const Clock& clock, const DirectoryCommit& commit);

} // namespace portreeve
