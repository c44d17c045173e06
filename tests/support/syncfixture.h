// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/settings/memorysecretstore.h"
#include "core/sync/syncrunner.h"
#include "tests/support/fakeclock.h"
#include "tests/support/scripteddirectory.h"

#include <QTemporaryDir>

namespace portreeve::test {

/// A database, a clock, secrets and one scripted connection to sync.
class SyncFixture
{
public:
    SyncFixture();

    QTemporaryDir folder;
    FakeClock clock;
    MemorySecretStore secrets;
    ScriptedDirectory directory;
    std::unique_ptr<Store> store;
    AccessEvaluation access;
    QString id; ///< of the connection "Staff"

    static constexpr QLatin1StringView kToken { "s3cret-Token/42" };

    QString databasePath() const;

    StoreOptions storeOptions() const { return { .path = databasePath() }; }

    /// Another connection to the same provider. @return its id
    QString addConnection(const QString& name);

    SyncRunner runner();
    Result<SyncOutcome> sync(RunTrigger trigger = RunTrigger::Manual);
    Result<SyncPlan> plan();

    Connection connection();
    void update(const std::function<void(Connection&)>& edit); ///< settings
    void updateState(const std::function<void(Connection&)>& edit);
    StoredDirectory stored();

    SnapshotPtr live() { return stored().snapshot; }

    std::optional<Hold> hold();
    std::vector<RunRecord> runs(); ///< newest first

    /// Everything users can see of the directory: ids, states, names, members, sorted.
    QStringList visible();
};

} // namespace portreeve::test
