// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/connectionstore.h"

#include "core/store/adminchange.h"
#include "core/store/auditlog.h"
#include "core/store/database.h"
#include "core/store/directorystore.h"
#include "core/store/jsoncolumns.h"
#include "core/store/namekey.h"
#include "core/store/processidentity.h"
#include "core/store/runclaim.h"
#include "core/store/uniquename.h"

#include <QStringList>
#include <QUuid>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

const QString kSelectConnection = uR"(SELECT c.id, c.name, c.provider, c.options, c.stored_secrets,
  c.schedule, c.limits, c.rules, c.state, c.state_reason, c.last_attempt_at, c.last_success_at,
  c.next_attempt_at, c.first_failed_at, c.failure_count, c.last_error, c.tenant_id,
  ifnull(d.generation, 0), c.created_at, c.claim_process
FROM connection c LEFT JOIN directory d ON d.connection = c.key )"_s;

Connection readConnection(const Statement& row)
{
    return { .id = row.text(0),
        .name = row.text(1),
        .provider = row.text(2),
        .options = optionsFromJson(row.text(3)),
        .storedSecrets = stringsFromJson(row.text(4)),
        .schedule = scheduleFromJson(row.text(5)),
        .limits = limitsFromJson(row.text(6)),
        .rules = rulesFromJson(row.text(7)),
        .state = connectionStateFromName(row.text(8)).value_or(ConnectionState::Draft),
        .stateReason = Message::verbatim(row.text(9)),
        .lastAttemptAt = row.optionalTime(10),
        .lastSuccessAt = row.optionalTime(11),
        .nextAttemptAt = row.optionalTime(12),
        .firstFailedAt = row.optionalTime(13),
        .failureCount = static_cast<int>(row.integer(14)),
        .lastError = errorFromJson(row.text(15)),
        .tenantId = row.text(16),
        .generation = row.integer(17),
        .createdAt = row.time(18),
        .isRunning = !row.isNull(19) && isProcessAlive(row.text(19)) };
}

Error unknownConnection(const QString& nameOrId)
{
    return { .code = ErrorCode::NotFound,
        .what = message(QT_TRANSLATE_NOOP("Message", "There is no connection %1."), nameOrId),
        .remedy
        = message(QT_TRANSLATE_NOOP("Message", "List the connections and pick one of them.")) };
}

Error protectedUsersStay(const QString& connection, const std::vector<QString>& users)
{
    return { .code = ErrorCode::Held,
        .what = message(QT_TRANSLATE_NOOP("Message",
                            "Removing “%1” would take users who are protected from removal: %2."),
            connection, QStringList(users.begin(), users.end()).join(u", "_s)),
        .remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Lift their protection first, or confirm the removal of each by its id.")) };
}

FieldChanges settingsChanges(const Connection& before, const Connection& after)
{
    FieldChanges changes;
    changes.add(u"name"_s, before.name, after.name.trimmed());
    changes.addMembers(u"options"_s, optionsToJson(before.options), optionsToJson(after.options));
    changes.add(u"secrets"_s, before.storedSecrets, after.storedSecrets);
    changes.addMembers(
        u"schedule"_s, scheduleToJson(before.schedule), scheduleToJson(after.schedule));
    changes.addMembers(u"limits"_s, limitsToJson(before.limits), limitsToJson(after.limits));
    changes.addMembers(u"rules"_s, rulesToJson(before.rules), rulesToJson(after.rules));
    return changes;
}

} // namespace

ConnectionStore::ConnectionStore(Database& database, const Clock& clock)
    : m_database(database)
    , m_clock(clock)
{
}

Result<std::vector<Connection>> ConnectionStore::list()
{
    return m_database.all(kSelectConnection + u"ORDER BY c.name_key"_s, readConnection);
}

Result<Connection> ConnectionStore::byId(const QString& id)
{
    const auto found = m_database.all(kSelectConnection + u"WHERE c.id = ?"_s, readConnection, id);
    if (!found) {
        return found.error();
    }
    return found->empty() ? Result<Connection>(unknownConnection(id)) : found->front();
}

Result<Connection> ConnectionStore::byName(const QString& name)
{
    const auto connections = list();
    if (!connections) {
        return connections.error();
    }
    const QString key = nameKey(name);
    std::vector<QString> names;
    for (const Connection& connection : *connections) {
        if (nameKey(connection.name) == key) {
            return connection;
        }
        names.push_back(connection.name);
    }
    Error error = unknownConnection(name);
    if (const QString nearest = nearestName(name, names); !nearest.isEmpty()) {
        error.remedy = message(QT_TRANSLATE_NOOP("Message", "Did you mean %1?"), nearest);
    }
    return error;
}

Result<Connection> ConnectionStore::add(Connection connection)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction) {
        return transaction.error();
    }
    connection.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    connection.name = connection.name.trimmed();
    connection.createdAt = m_clock.nowUtc();
    if (const auto checked
        = checkUniqueName(m_database, u"connection"_s, connection.name, connection.id);
        !checked) {
        return checked.error();
    }
    const auto added = m_database.execute(uR"(INSERT INTO connection (id, name, name_key, provider,
  options, stored_secrets, schedule, limits, rules, state, state_reason, failure_count, tenant_id,
  created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, ?, ?))"_s,
        connection.id, connection.name, nameKey(connection.name), connection.provider,
        optionsToJson(connection.options), stringsToJson(connection.storedSecrets),
        scheduleToJson(connection.schedule), limitsToJson(connection.limits),
        rulesToJson(connection.rules), connectionStateName(connection.state), connection.tenantId,
        connection.createdAt);
    if (!added) {
        return added.error();
    }
    if (const auto state = writeState(connection); !state) {
        return state.error();
    }
    AdminChange change { .event = u"connection_added"_s,
        .subject = connection.id,
        .name = connection.name,
        .changes = settingsChanges({}, connection) };
    change.changes.add(u"provider"_s, {}, connection.provider);
    if (const auto logged = logAdminChange(m_database, m_clock, change); !logged) {
        return logged.error();
    }
    if (const auto committed = transaction->commit(); !committed) {
        return committed.error();
    }
    return connection;
}

Result<void> ConnectionStore::updateSettings(
    const Connection& connection, const std::vector<QString>& replacedSecrets)
{
    auto transaction = Transaction::begin(m_database);
    const auto before = transaction ? byId(connection.id) : transaction.error();
    if (!before) {
        return before.error();
    }
    if (const auto checked
        = checkUniqueName(m_database, u"connection"_s, connection.name, connection.id);
        !checked) {
        return checked.error();
    }
    const auto updated = m_database.query(uR"(UPDATE connection SET name = ?, name_key = ?,
  options = ?, stored_secrets = ?, schedule = ?, limits = ?, rules = ? WHERE id = ?)"_s,
        connection.name.trimmed(), nameKey(connection.name), optionsToJson(connection.options),
        stringsToJson(connection.storedSecrets), scheduleToJson(connection.schedule),
        limitsToJson(connection.limits), rulesToJson(connection.rules), connection.id);
    if (!updated) {
        return updated.error();
    }
    AdminChange change { .event = u"connection_edited"_s,
        .subject = connection.id,
        .name = connection.name.trimmed(),
        .changes = settingsChanges(*before, connection) };
    change.changes.add(u"replaced_secrets"_s, {}, replacedSecrets);
    const auto logged
        = change.changes.isEmpty() ? Result<void>() : logAdminChange(m_database, m_clock, change);
    return logged ? transaction->commit() : logged;
}

Result<void> ConnectionStore::updateState(const Connection& connection)
{
    auto transaction = Transaction::begin(m_database);
    const auto before = transaction ? byId(connection.id) : transaction.error();
    if (!before) {
        return before.error();
    }
    Connection after = connection;
    if (before->state == ConnectionState::Disabled) {
        after.state = before->state;
        after.stateReason = before->stateReason;
        after.nextAttemptAt.reset();
    }
    const auto written = writeState(after);
    // Whoever started the run: what it leads to is decided here.
    const auto logged = written ? logEnabling(*before, after, u"system"_s) : written;
    return logged ? transaction->commit() : logged;
}

Result<void> ConnectionStore::reschedule(const Connection& seen, UtcTime next)
{
    auto transaction = Transaction::begin(m_database);
    const auto stored = transaction ? byId(seen.id) : Result<Connection>(transaction.error());
    if (!stored) {
        const bool isGone = stored.error().code == ErrorCode::NotFound;
        return isGone ? Result<void>() : stored.error();
    }
    if (stored->isRunning || stored->state != seen.state
        || stored->nextAttemptAt != seen.nextAttemptAt) {
        return {};
    }
    const auto moved = m_database.execute(
        u"UPDATE connection SET next_attempt_at = ? WHERE id = ?"_s, next, seen.id);
    return moved ? transaction->commit() : moved;
}

Result<void> ConnectionStore::enable(const Connection& connection)
{
    auto transaction = Transaction::begin(m_database);
    const auto before = transaction ? byId(connection.id) : transaction.error();
    if (!before) {
        return before.error();
    }
    const auto written = writeState(connection);
    const auto logged = written ? logEnabling(*before, connection, {}) : written;
    return logged ? transaction->commit() : logged;
}

Result<void> ConnectionStore::disable(const QString& id)
{
    auto transaction = Transaction::begin(m_database);
    const auto before = transaction ? byId(id) : transaction.error();
    if (!before) {
        return before.error();
    }
    Connection after = *before;
    after.state = ConnectionState::Disabled;
    after.stateReason = message(QT_TRANSLATE_NOOP("Message", "Disabled by an administrator."));
    after.nextAttemptAt.reset();
    const auto written = writeState(after);
    const auto logged = written ? logEnabling(*before, after, {}) : written;
    return logged ? transaction->commit() : logged;
}

Result<void> ConnectionStore::writeState(const Connection& connection)
{
    return m_database.execute(uR"(UPDATE connection SET state = ?, state_reason = ?,
  last_attempt_at = ?, last_success_at = ?, next_attempt_at = ?, first_failed_at = ?,
  failure_count = ?, last_error = ?, tenant_id = ? WHERE id = ?)"_s,
        connectionStateName(connection.state), connection.stateReason.english(),
        connection.lastAttemptAt, connection.lastSuccessAt, connection.nextAttemptAt,
        connection.firstFailedAt, connection.failureCount, errorToJson(connection.lastError),
        connection.tenantId, connection.id);
}

Result<void> ConnectionStore::logEnabling(
    const Connection& before, const Connection& after, const QString& actor)
{
    const bool isDisabled = after.state == ConnectionState::Disabled;
    if (isDisabled == (before.state == ConnectionState::Disabled)) {
        return {};
    }
    AdminChange change { .event = isDisabled ? u"connection_disabled"_s : u"connection_enabled"_s,
        .subject = before.id,
        .name = before.name,
        .actor = actor };
    change.changes.add(
        u"state"_s, connectionStateName(before.state), connectionStateName(after.state));
    return logAdminChange(m_database, m_clock, change);
}

Result<bool> ConnectionStore::claimRun(const QString& id)
{
    const auto claimed = claimRow(m_database, u"connection"_s, id);
    if (!claimed) {
        return claimed.error();
    }
    return *claimed ? Result<bool>(**claimed) : unknownConnection(id);
}

Result<void> ConnectionStore::releaseRun(const QString& id)
{
    return releaseRow(m_database, u"connection"_s, id);
}

Result<void> ConnectionStore::remove(const QString& id, const RemovalConsent& consent)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction) {
        return transaction.error();
    }
    const auto connection = byId(id);
    if (!connection) {
        return connection.error();
    }
    const auto users = DirectoryStore(m_database, m_clock).protectedUsers(id);
    if (!users) {
        return users.error();
    }
    const auto isUnnamed = [&consent](const QString& user) {
        return std::ranges::find(consent.protectedUsers, user) == consent.protectedUsers.end();
    };
    if (std::ranges::any_of(*users, isUnnamed)) {
        return protectedUsersStay(connection->name, *users);
    }
    const auto told = logAdminChange(m_database, m_clock,
        { .event = u"connection_removed"_s,
            .subject = id,
            .name = connection->name,
            .actor = consent.actor });
    if (!told) {
        return told.error();
    }
    for (const QString& user : *users) {
        const auto logged = AuditLog(m_database, m_clock)
                                .append({ .actor = consent.actor,
                                    .event = u"protected_user_removed"_s,
                                    .subject = user,
                                    .details = u"{}"_s });
        if (!logged) {
            return logged.error();
        }
    }
    // Its tombstones go with it: what comes back is matched by connection and external id
    // (sync-lifecycle.md 2.3 R1), and a connection added later has another id, even of the same
    // provider. Nobody of a removed connection can come back.
    const auto removed = m_database.query(u"DELETE FROM connection WHERE id = ?"_s, id);
    return removed ? transaction->commit() : Result<void>(removed.error());
}

} // namespace portreeve
