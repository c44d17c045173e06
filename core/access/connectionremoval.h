// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/access/accessimpact.h"
#include "core/base/result.h"

#include <QString>

#include <vector>

namespace portreeve {

class Store;

namespace access {

/// What would go with a connection (sync-lifecycle.md 6).
struct ConnectionRemoval
{
    std::int64_t users = 0;
    std::int64_t groups = 0;
    std::vector<QString> policies {}; ///< names of those that name one of its groups
    AccessImpact access {}; ///< of all people: a group that is gone closes what denies by it
    std::vector<QString> protectedUsers {}; ///< ids of those no sync may remove (G7)
};

/// @return Storage when it cannot be read
Result<ConnectionRemoval> connectionRemoval(Store& store, const Connection& connection);

} // namespace access

} // namespace portreeve
