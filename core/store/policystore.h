// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/store/records.h"

#include <vector>

namespace portreeve {

class Database;

/// Policies and routes. Each change goes to the audit log in the same transaction.
class PolicyStore
{
public:
    PolicyStore(Database& database, const Clock& clock);

    Result<std::vector<StoredPolicy>> policies(); ///< by name
    Result<StoredPolicy> policy(const QString& idOrName); ///< NotFound
    Result<StoredPolicy> save(StoredPolicy policy); ///< assigns an id to a new one; name unique
    Result<void> removePolicy(const QString& id); ///< InvalidInput naming the routes that use it

    Result<std::vector<StoredRoute>> routes(); ///< by name
    Result<StoredRoute> route(const QString& idOrName);
    Result<StoredRoute> save(StoredRoute route);
    Result<void> removeRoute(const QString& id);

private:
    Result<void> savePoliciesOf(const StoredRoute& route);

    Database& m_database;
    const Clock& m_clock;
};

} // namespace portreeve
