// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/directorystore.h"

#include "core/store/auditlog.h"
#include "core/store/database.h"
#include "core/store/directorycommit.h"
#include "core/store/directoryreader.h"
#include "core/store/jsoncolumns.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

const QString kSelectHold = u"SELECT c.id, h.plan_hash, h.base_generation, h.opened_at, h.run, "
                            "h.plan FROM hold h JOIN connection c ON c.key = h.connection "_s;

Hold readHold(const Statement& row)
{
    return { .connectionId = row.text(0),
        .planHash = row.text(1),
        .baseGeneration = row.integer(2),
        .openedAt = row.time(3),
        .runId = row.integer(4),
        .planJson = row.bytes(5) };
}

QString firstColumn(const Statement& row)
{
    return row.text(0);
}

} // namespace

DirectoryStore::DirectoryStore(Database& database, const Clock& clock)
    : m_database(database)
    , m_clock(clock)
{
}

Result<StoredDirectory> DirectoryStore::load(const QString& connectionId)
{
    auto transaction = Transaction::begin(m_database, Transaction::Kind::Read);
    if (!transaction) {
        return transaction.error();
    }
    const auto key = connectionKey(m_database, connectionId);
    if (!key) {
        return key.error();
    }
    StoredDirectory stored;
    auto row = m_database.query(
        u"SELECT generation, source_state, fingerprint FROM directory WHERE connection = ?"_s,
        *key);
    if (!row) {
        return row.error();
    }
    const auto found = row->next();
    if (!found) {
        return found.error();
    }
    if (*found) {
        stored.generation = row->integer(0);
        stored.sourceState = row->bytes(1);
        stored.fingerprint = row->text(2);
    }
    auto snapshot = readSnapshot(m_database, *key);
    if (!snapshot) {
        return snapshot.error();
    }
    stored.snapshot = std::move(*snapshot);
    auto guarded = protectedUsers(connectionId);
    if (!guarded) {
        return guarded.error();
    }
    stored.protectedUsers = std::move(*guarded);
    auto pinned
        = m_database.all(u"SELECT removal_key FROM pin WHERE connection = ?"_s, firstColumn, *key);
    if (!pinned) {
        return pinned.error();
    }
    stored.pinned = std::move(*pinned);
    std::sort(stored.pinned.begin(), stored.pinned.end());
    return stored;
}

Result<RunRecord> DirectoryStore::commit(const DirectoryCommit& commit)
{
    return commitDirectory(m_database, m_clock, commit);
}

Result<DirectoryViewPtr> DirectoryStore::loadView()
{
    struct Head
    {
        std::int64_t key = 0;
        ConnectionDirectory directory {};
    };

    auto transaction = Transaction::begin(m_database, Transaction::Kind::Read);
    if (!transaction) {
        return transaction.error();
    }
    auto heads = m_database.all(
        u"SELECT c.key, c.id, c.name, c.provider, ifnull(d.generation, 0), c.rules "
        "FROM connection c "
        "LEFT JOIN directory d ON d.connection = c.key ORDER BY c.name_key"_s,
        [](const Statement& row) {
            return Head { .key = row.integer(0),
                .directory = { .connectionId = row.text(1),
                    .connectionName = row.text(2),
                    .provider = row.text(3),
                    .snapshot = {},
                    .closure = {},
                    .generation = row.integer(4),
                    .rules = rulesFromJson(row.text(5)) } };
        });
    if (!heads) {
        return heads.error();
    }
    auto view = std::make_shared<DirectoryView>();
    auto unprefixed = unprefixedConnection(m_database);
    if (!unprefixed) {
        return unprefixed.error();
    }
    view->unprefixed = std::move(*unprefixed);
    for (Head& head : *heads) {
        auto snapshot = readSnapshot(m_database, head.key);
        if (!snapshot) {
            return snapshot.error();
        }
        head.directory.snapshot = std::move(*snapshot);
        head.directory.closure = std::make_shared<const GroupClosure>(head.directory.snapshot);
        view->connections.push_back(std::move(head.directory));
    }
    return DirectoryViewPtr(std::move(view));
}

Result<std::vector<Tombstone>> DirectoryStore::tombstones(const QString& connectionId)
{
    return m_database.all(
        uR"(SELECT kind, id, name, removed_at, removed_by_run FROM (
  SELECT 0 AS kind, id, ifnull(nullif(display_name, ''), ifnull(nullif(login, ''),
      ifnull(nullif(email, ''), id))) AS name, removed_at, removed_by_run, connection
    FROM directory_user WHERE removed_at IS NOT NULL
  UNION ALL
  SELECT 1, id, ifnull(nullif(name, ''), id), removed_at, removed_by_run, connection
    FROM directory_group WHERE removed_at IS NOT NULL)
WHERE connection = (SELECT key FROM connection WHERE id = ?)
ORDER BY removed_at DESC, kind, id)"_s,
        [&connectionId](const Statement& row) {
            return Tombstone { .connectionId = connectionId,
                .kind = row.integer(0) == 0 ? ObjectKind::User : ObjectKind::Group,
                .id = row.text(1),
                .name = row.text(2),
                .removedAt = row.time(3),
                .removedByRun = row.integer(4) };
        },
        connectionId);
}

Result<std::int64_t> DirectoryStore::purgeTombstones(const QString& connectionId, UtcTime before)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction) {
        return transaction.error();
    }
    const auto key = connectionKey(m_database, connectionId);
    if (!key) {
        return key.error();
    }
    std::int64_t purged = 0;
    for (const QString& table : { u"directory_user"_s, u"directory_group"_s }) {
        const auto deleted = m_database.query(
            u"DELETE FROM %1 WHERE connection = ? AND removed_at < ?"_s.arg(table), *key, before);
        if (!deleted) {
            return deleted.error();
        }
        purged += deleted->affectedRows();
    }
    if (purged > 0) {
        const auto logged = AuditLog(m_database, m_clock)
                                .append({ .actor = u"system"_s,
                                    .event = u"tombstones_purged"_s,
                                    .subject = connectionId,
                                    .details = u"{\"count\":%1}"_s.arg(purged) });
        if (!logged) {
            return logged.error();
        }
    }
    const auto committed = transaction->commit();
    return committed ? Result<std::int64_t>(purged) : committed.error();
}

Result<std::optional<Hold>> DirectoryStore::hold(const QString& connectionId)
{
    const auto found = m_database.all(kSelectHold + u"WHERE c.id = ?"_s, readHold, connectionId);
    if (!found) {
        return found.error();
    }
    return found->empty() ? std::optional<Hold>() : std::optional(found->front());
}

Result<std::vector<Hold>> DirectoryStore::holds()
{
    return m_database.all(kSelectHold + u"ORDER BY h.opened_at"_s, readHold);
}

Result<void> DirectoryStore::pin(
    const QString& connectionId, const std::vector<QString>& removalKeys, const QString& actor)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction) {
        return transaction.error();
    }
    const auto key = connectionKey(m_database, connectionId);
    if (!key) {
        return key.error();
    }
    for (const QString& removal : removalKeys) {
        const auto pinned = m_database.execute(u"INSERT OR IGNORE INTO pin VALUES (?, ?, ?, ?)"_s,
            *key, removal, m_clock.nowUtc(), actor);
        if (!pinned) {
            return pinned.error();
        }
    }
    const auto logged = AuditLog(m_database, m_clock)
                            .append({ .actor = actor,
                                .event = u"removals_pinned"_s,
                                .subject = connectionId,
                                .details = u"{\"count\":%1}"_s.arg(removalKeys.size()) });
    return logged ? transaction->commit() : logged;
}

Result<void> DirectoryStore::closeHold(const QString& connectionId, const QString& actor)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction) {
        return transaction.error();
    }
    const auto key = connectionKey(m_database, connectionId);
    if (!key) {
        return key.error();
    }
    const auto closed = m_database.all(
        u"DELETE FROM hold WHERE connection = ? RETURNING plan_hash"_s,
        [](const Statement& row) { return row.text(0); }, *key);
    if (!closed) {
        return closed.error();
    }
    for (const QString& planHash : *closed) {
        const auto logged = AuditLog(m_database, m_clock)
                                .append({ .actor = actor,
                                    .event = u"hold_rejected"_s,
                                    .subject = connectionId,
                                    .details = auditDetails({ { u"plan_hash"_s, planHash } }) });
        if (!logged) {
            return logged.error();
        }
    }
    return transaction->commit();
}

Result<std::vector<QString>> DirectoryStore::protectedUsers(const QString& connectionId)
{
    auto users = m_database.all(u"SELECT user_id FROM protected_user "
                                "WHERE connection = (SELECT key FROM connection WHERE id = ?)"_s,
        firstColumn, connectionId);
    if (users) {
        std::sort(users->begin(), users->end());
    }
    return users;
}

Result<void> DirectoryStore::setProtected(
    const QString& connectionId, const QString& userId, bool isProtected, const QString& actor)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction) {
        return transaction.error();
    }
    const auto key = connectionKey(m_database, connectionId);
    if (!key) {
        return key.error();
    }
    const auto changed = isProtected
        ? m_database.query(u"INSERT OR IGNORE INTO protected_user VALUES (?, ?, ?, ?)"_s, *key,
              userId, m_clock.nowUtc(), actor)
        : m_database.query(
              u"DELETE FROM protected_user WHERE connection = ? AND user_id = ?"_s, *key, userId);
    if (!changed) {
        return changed.error();
    }
    if (changed->affectedRows() > 0) {
        const auto logged
            = AuditLog(m_database, m_clock)
                  .append({ .actor = actor,
                      .event = isProtected ? u"user_protected"_s : u"user_unprotected"_s,
                      .subject = userId,
                      .details = u"{}"_s });
        if (!logged) {
            return logged.error();
        }
    }
    return transaction->commit();
}

Result<std::int64_t> DirectoryStore::generation()
{
    return m_database.number(u"SELECT generation FROM store_state"_s);
}

} // namespace portreeve
