// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/settings/secretstore.h"
#include "core/store/storeworker.h"
#include "core/sync/syncservice.h"

#include <functional>

namespace portreeve {

class ConnectionWatch;
class DeliveryService;
class SecretWatch;
class SettingsWatch;
class TargetBoard;

/// What the composition root hands to pages: references that outlive the window. Not for core
/// classes.
struct AppContext
{
    StoreWorker& store;
    SyncService& sync;
    DeliveryService& deliveries;
    StoreWorker& proxyStore; ///< for store calls between which a proxy is asked
    SecretStore& secrets; ///< call it on a worker thread only: runTask(pool, ...)
    QThreadPool& workers; ///< for anything slow that is no store call
    Clock& clock;
    ConnectionWatch& connections; ///< what the store holds and what runs, for every page alike
    SecretWatch& secretHealth;
    SettingsWatch& settings;
    TargetBoard& targets; ///< the proxies, and what goes on at each
    /// Closes everything, puts a backup in the database's place and opens again; may be empty.
    std::function<void(const QString& backup)> restore {};
    QString dataDirectory {}; ///< for people: where the database is
};

} // namespace portreeve
