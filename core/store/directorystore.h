// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/directory/changeset.h"
#include "core/membership/groupclosure.h"
#include "core/settings/connection.h"
#include "core/store/records.h"

#include <memory>
#include <vector>

namespace portreeve {

class Database;

/// Live objects of one connection as last committed.
struct StoredDirectory
{
    SnapshotPtr snapshot {}; ///< never null
    std::int64_t generation = 0; ///< 0: nothing committed yet
    QByteArray sourceState {}; ///< FetchOutcome::nextState of the last commit
    QString fingerprint {}; ///< settingsFingerprint() of the last commit
    std::vector<QString> protectedUsers {}; ///< ids of administrators who must stay (G7), sorted
    std::vector<QString> pinned {}; ///< keys of rejected removals, sorted; see removalKey()
};

/// One connection's part of a DirectoryView.
struct ConnectionDirectory
{
    QString connectionId {};
    QString connectionName {};
    QString provider {};
    SnapshotPtr snapshot {};
    ClosurePtr closure {};
    std::int64_t generation = 0;
    std::vector<QString> protectedUsers {}; ///< as in StoredDirectory
    SyncRules rules {};
};

/// All connections at one moment; immutable, shared between threads.
struct DirectoryView
{
    std::vector<ConnectionDirectory> connections {}; ///< by name

    /// The connection whose group ids leave us as the provider gives them: the first that delivered
    /// a directory, even after its removal, so that no further connection renames what policies at
    /// proxies already name. Nothing = not decided yet; empty = none.
    std::optional<QString> unprefixed {};
};

using DirectoryViewPtr = std::shared_ptr<const DirectoryView>;

/// Held rows that a person let through with a commit.
struct HoldApproval
{
    QString planHash {}; ///< of the plan that was looked at
    std::int64_t rows = 0;
};

/// What one transaction writes.
struct DirectoryCommit
{
    QString connectionId {};
    std::int64_t baseGeneration = 0;
    const ChangeSet* changes = nullptr; ///< entries with `held` are not applied
    QByteArray sourceState {};
    QString fingerprint {};
    QString tenantId {};
    RunRecord run {}; ///< id, generation and counts are filled in by the store
    std::optional<HoldApproval> approval {};
    std::optional<Hold> hold {}; ///< opened with this commit; without it an open hold is closed
    QString actor {};
};

/// "user:<id>", "group:<id>", "member:<group id>:<user|group>:<member id>": names a removal in
/// holds and pins.
QString removalKey(const ChangeSet& changes, const ObjectChange& change);
QString removalKey(const ChangeSet& changes, const MembershipChange& change);

class DirectoryStore
{
public:
    DirectoryStore(Database& database, const Clock& clock);

    Result<StoredDirectory> load(const QString& connectionId);

    /// One BEGIN IMMEDIATE transaction: objects, packed members, change log, tombstones, run, run
    /// changes, hold, audit, generation. @return the run as stored; Stale when baseGeneration moved
    Result<RunRecord> commit(const DirectoryCommit& commit);

    /// Users and groups of every connection with their closures.
    Result<DirectoryViewPtr> loadView();

    Result<std::vector<Tombstone>> tombstones(const QString& connectionId);

    /// Purges tombstones removed before @p before. @return how many
    Result<std::int64_t> purgeTombstones(const QString& connectionId, UtcTime before);

    Result<std::optional<Hold>> hold(const QString& connectionId);
    Result<std::vector<Hold>> holds();

    /// Rejected removals stay until the object is seen again.
    Result<void> pin(
        const QString& connectionId, const std::vector<QString>& removalKeys, const QString& actor);

    /// Closes the hold without applying it.
    Result<void> closeHold(const QString& connectionId, const QString& actor);

    /// Ids of administrators who must stay (G7), sorted.
    Result<std::vector<QString>> protectedUsers(const QString& connectionId);
    Result<void> setProtected(
        const QString& connectionId, const QString& userId, bool isProtected, const QString& actor);

    /// Highest generation over all connections.
    Result<std::int64_t> generation();

private:
    Database& m_database;
    const Clock& m_clock;
};

} // namespace portreeve
