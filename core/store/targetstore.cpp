// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/targetstore.h"

#include "core/store/adminchange.h"
#include "core/store/database.h"
#include "core/store/jsoncolumns.h"
#include "core/store/namekey.h"
#include "core/store/processidentity.h"
#include "core/store/runclaim.h"
#include "core/store/uniquename.h"

#include <QUuid>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

const QString kSelectTarget = uR"(SELECT id, name, options, stored_secrets, state, state_reason,
  last_push_at, last_success_at, last_error, server_kind, server_version, record_version,
  generation, created_at, listener_process, listener_address, listener_error
FROM target )"_s;

const QString kKeyOf = u"(SELECT key FROM target WHERE id = ?)"_s;

/// Of a process that is gone nobody listens, whatever it said.
std::optional<BundleListener> readListener(const Statement& row, int process)
{
    if (row.isNull(process) || !isProcessAlive(row.text(process))) {
        return std::nullopt;
    }
    return BundleListener { .address = row.text(process + 1),
        .error = errorFromJson(row.text(process + 2)) };
}

bool isFaultOfListener(const ProxyTarget& target, const std::optional<Error>& fault)
{
    return fault && target.state == TargetState::NeedsAttention && target.lastError
        && target.lastError->what.english() == fault->what.english();
}

void endFaultOfListener(ProxyTarget& target)
{
    target.state = target.generation > 0 ? TargetState::InStep : TargetState::New;
    target.lastError.reset();
    target.stateReason = {};
}

ProxyTarget readTarget(const Statement& row)
{
    constexpr int listener = 14;
    ProxyTarget target { .id = row.text(0),
        .name = row.text(1),
        .options = optionsFromJson(row.text(2)),
        .storedSecrets = stringsFromJson(row.text(3)),
        .state = targetStateFromName(row.text(4)).value_or(TargetState::New),
        .stateReason = Message::verbatim(row.text(5)),
        .lastPushAt = row.optionalTime(6),
        .lastSuccessAt = row.optionalTime(7),
        .lastError = errorFromJson(row.text(8)),
        .serverKind = row.text(9),
        .serverVersion = row.text(10),
        .recordVersion = row.text(11).toULongLong(),
        .generation = row.integer(12),
        .createdAt = row.time(13),
        .listener = readListener(row, listener) };
    if (!target.listener && isFaultOfListener(target, errorFromJson(row.text(listener + 2)))) {
        endFaultOfListener(target); // with its process
    }
    return target;
}

Error unknownTarget(const QString& nameOrId)
{
    return { .code = ErrorCode::NotFound,
        .what = message(QT_TRANSLATE_NOOP("Message", "There is no target %1."), nameOrId),
        .remedy = message(QT_TRANSLATE_NOOP("Message", "List the targets and pick one of them.")) };
}

FieldChanges settingsChanges(const ProxyTarget& before, const ProxyTarget& after)
{
    FieldChanges changes;
    changes.add(u"name"_s, before.name, after.name.trimmed());
    changes.addMembers(u"options"_s, optionsToJson(before.options), optionsToJson(after.options));
    changes.add(u"secrets"_s, before.storedSecrets, after.storedSecrets);
    return changes;
}

} // namespace

TargetStore::TargetStore(Database& database, const Clock& clock)
    : m_database(database)
    , m_clock(clock)
{
}

Result<std::vector<ProxyTarget>> TargetStore::list()
{
    return m_database.all(kSelectTarget + u"ORDER BY name_key"_s, readTarget);
}

Result<ProxyTarget> TargetStore::byId(const QString& id)
{
    const auto found = m_database.all(kSelectTarget + u"WHERE id = ?"_s, readTarget, id);
    if (!found) {
        return found.error();
    }
    return found->empty() ? Result<ProxyTarget>(unknownTarget(id)) : found->front();
}

Result<ProxyTarget> TargetStore::byName(const QString& name)
{
    const auto targets = list();
    if (!targets) {
        return targets.error();
    }
    const QString key = nameKey(name);
    std::vector<QString> names;
    for (const ProxyTarget& target : *targets) {
        if (nameKey(target.name) == key) {
            return target;
        }
        names.push_back(target.name);
    }
    Error error = unknownTarget(name);
    if (const QString nearest = nearestName(name, names); !nearest.isEmpty()) {
        error.remedy = message(QT_TRANSLATE_NOOP("Message", "Did you mean %1?"), nearest);
    }
    return error;
}

Result<ProxyTarget> TargetStore::add(ProxyTarget target)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction) {
        return transaction.error();
    }
    target.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    target.name = target.name.trimmed();
    target.createdAt = m_clock.nowUtc();
    if (const auto checked = checkUniqueName(m_database, u"target"_s, target.name, target.id);
        !checked) {
        return checked.error();
    }
    const auto added = m_database.execute(uR"(INSERT INTO target (id, name, name_key, options,
  stored_secrets, state, state_reason, server_kind, server_version, record_version, generation,
  created_at) VALUES (?, ?, ?, ?, ?, ?, '', '', '', '0', 0, ?))"_s,
        target.id, target.name, nameKey(target.name), optionsToJson(target.options),
        stringsToJson(target.storedSecrets), targetStateName(target.state), target.createdAt);
    if (!added) {
        return added.error();
    }
    if (const auto state = writeState(target); !state) {
        return state.error();
    }
    const auto logged = logAdminChange(m_database, m_clock,
        { .event = u"target_added"_s,
            .subject = target.id,
            .name = target.name,
            .changes = settingsChanges({}, target) });
    const auto committed = logged ? transaction->commit() : logged;
    return committed ? Result<ProxyTarget>(std::move(target)) : committed.error();
}

Result<void> TargetStore::updateSettings(
    const ProxyTarget& target, const std::vector<QString>& replacedSecrets)
{
    auto transaction = Transaction::begin(m_database);
    const auto before = transaction ? byId(target.id) : transaction.error();
    if (!before) {
        return before.error();
    }
    if (const auto checked = checkUniqueName(m_database, u"target"_s, target.name, target.id);
        !checked) {
        return checked.error();
    }
    const auto updated = m_database.query(
        u"UPDATE target SET name = ?, name_key = ?, options = ?, stored_secrets = ? WHERE id = ?"_s,
        target.name.trimmed(), nameKey(target.name), optionsToJson(target.options),
        stringsToJson(target.storedSecrets), target.id);
    if (!updated) {
        return updated.error();
    }
    AdminChange change { .event = u"target_edited"_s,
        .subject = target.id,
        .name = target.name.trimmed(),
        .changes = settingsChanges(*before, target) };
    change.changes.add(u"replaced_secrets"_s, {}, replacedSecrets);
    const auto logged
        = change.changes.isEmpty() ? Result<void>() : logAdminChange(m_database, m_clock, change);
    return logged ? transaction->commit() : logged;
}

Result<void> TargetStore::updateState(const ProxyTarget& target)
{
    auto transaction = Transaction::begin(m_database);
    const auto before = transaction ? byId(target.id) : transaction.error();
    if (!before) {
        return before.error();
    }
    ProxyTarget after = target;
    if (before->state == TargetState::Disabled) {
        after.state = before->state;
        after.stateReason = before->stateReason;
    }
    const auto written = writeState(after);
    return written ? transaction->commit() : written;
}

Result<void> TargetStore::setEnabled(const QString& id, bool isEnabled)
{
    auto transaction = Transaction::begin(m_database);
    const auto before = transaction ? byId(id) : transaction.error();
    if (!before) {
        return before.error();
    }
    if (isEnabled == (before->state != TargetState::Disabled)) {
        return {};
    }
    ProxyTarget after = *before;
    after.state = !isEnabled  ? TargetState::Disabled
        : after.lastSuccessAt ? TargetState::Behind
                              : TargetState::New;
    after.stateReason = isEnabled
        ? Message()
        : message(QT_TRANSLATE_NOOP("Message", "Disabled by an administrator."));
    AdminChange change { .event = isEnabled ? u"target_enabled"_s : u"target_disabled"_s,
        .subject = before->id,
        .name = before->name };
    change.changes.add(u"state"_s, targetStateName(before->state), targetStateName(after.state));
    const auto written = writeState(after);
    const auto logged = written ? logAdminChange(m_database, m_clock, change) : written;
    return logged ? transaction->commit() : logged;
}

Result<void> TargetStore::writeState(const ProxyTarget& target)
{
    return m_database.execute(uR"(UPDATE target SET state = ?, state_reason = ?,
  last_push_at = ?, last_success_at = ?, last_error = ?, server_kind = ?, server_version = ?,
  record_version = ?, generation = ? WHERE id = ?)"_s,
        targetStateName(target.state), target.stateReason.english(), target.lastPushAt,
        target.lastSuccessAt, errorToJson(target.lastError), target.serverKind,
        target.serverVersion, QString::number(target.recordVersion), target.generation, target.id);
}

Result<void> TargetStore::setListener(
    const QString& id, const std::optional<BundleListener>& listener)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction) {
        return transaction.error();
    }

    struct Before
    {
        QString process {};
        std::optional<Error> error {};
    };

    auto target = byId(id);
    const auto before = m_database.all(
        u"SELECT listener_process, listener_error FROM target WHERE id = ?"_s,
        [](const Statement& row) {
            return Before { .process = row.text(0), .error = errorFromJson(row.text(1)) };
        },
        id);
    if (!target || !before) {
        return target ? before.error() : target.error();
    }
    // Of two processes that serve, the one that has the port is right.
    const bool isOpenElsewhere = target->listener && !target->listener->error
        && before->front().process != currentProcess();
    if (isOpenElsewhere && (!listener || listener->error)) {
        return {};
    }
    auto written = m_database.execute(
        u"UPDATE target SET listener_process = ?, listener_address = ?, listener_error = ? "
        "WHERE id = ?"_s,
        listener ? std::optional(currentProcess()) : std::nullopt,
        listener ? listener->address : QString(),
        errorToJson(listener ? listener->error : std::nullopt), id);
    if (!written) {
        return written;
    }
    const bool isItsFault = isFaultOfListener(*target, before->front().error);
    if (target->state == TargetState::Disabled) {
        return transaction->commit();
    }
    // A delivery that failed or is held needs its own reason seen.
    const bool isAtRest
        = target->state == TargetState::New || target->state == TargetState::InStep || isItsFault;
    if (listener && listener->error && isAtRest) {
        target->state = TargetState::NeedsAttention;
        target->lastError = listener->error;
        target->stateReason = listener->error->what;
    } else if (isItsFault && !(listener && listener->error)) {
        endFaultOfListener(*target);
    }
    const auto updated = updateState(*target);
    return updated ? transaction->commit() : updated;
}

Result<UtcTime> TargetStore::noteBundle(const QString& id, const QByteArray& etag)
{
    const auto known = m_database.all(
        u"SELECT bundle_modified_at FROM target WHERE id = ? AND bundle_tag = ?"_s,
        [](const Statement& row) { return row.time(0); }, id, etag);
    if (!known || !known->empty()) {
        return known ? Result<UtcTime>(known->front()) : known.error();
    }
    const UtcTime now = m_clock.nowUtc();
    const auto written = m_database.execute(
        u"UPDATE target SET bundle_tag = ?, bundle_modified_at = ? WHERE id = ?"_s, etag, now, id);
    return written ? Result<UtcTime>(now) : written.error();
}

Result<void> TargetStore::remove(const QString& id)
{
    auto transaction = Transaction::begin(m_database);
    const auto target = transaction ? byId(id) : transaction.error();
    if (!target) {
        return target.error();
    }
    const auto removed = m_database.execute(u"DELETE FROM target WHERE id = ?"_s, id);
    const auto logged = removed
        ? logAdminChange(m_database, m_clock,
              { .event = u"target_removed"_s, .subject = id, .name = target->name })
        : removed;
    return logged ? transaction->commit() : logged;
}

Result<bool> TargetStore::claimPush(const QString& id)
{
    const auto claimed = claimRow(m_database, u"target"_s, id);
    if (!claimed) {
        return claimed.error();
    }
    return *claimed ? Result<bool>(**claimed) : unknownTarget(id);
}

Result<void> TargetStore::releasePush(const QString& id)
{
    return releaseRow(m_database, u"target"_s, id);
}

Result<RecordOwnership> TargetStore::ownership(const QString& targetId, DeliveredKind kind)
{
    const auto ids = [&](const QString& owner) {
        return m_database.all(
            u"SELECT id FROM delivered WHERE target = "_s + kKeyOf
                + u" AND kind = ? AND owner = ?"_s,
            [](const Statement& row) { return row.text(0); }, targetId, deliveredKindName(kind),
            owner);
    };
    auto ours = ids(u"ours"_s);
    auto kept = ids(u"kept"_s);
    if (!ours || !kept) {
        return ours ? kept.error() : ours.error();
    }
    std::sort(ours->begin(), ours->end());
    std::sort(kept->begin(), kept->end());
    return RecordOwnership { .ours = std::move(*ours), .kept = std::move(*kept) };
}

Result<void> TargetStore::setOurs(
    const QString& targetId, DeliveredKind kind, const std::vector<QString>& ids)
{
    return setOwner(targetId, kind, ids, u"ours"_s);
}

Result<void> TargetStore::setKept(
    const QString& targetId, DeliveredKind kind, const std::vector<QString>& ids)
{
    return setOwner(targetId, kind, ids, u"kept"_s);
}

Result<void> TargetStore::setOwner(const QString& targetId, DeliveredKind kind,
    const std::vector<QString>& ids, const QString& owner)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction) {
        return transaction.error();
    }
    auto insert = m_database.prepare(u"INSERT INTO delivered VALUES ("_s + kKeyOf
        + u", ?, ?, ?) ON CONFLICT (target, kind, id) DO UPDATE SET owner = excluded.owner"_s);
    if (!insert) {
        return insert.error();
    }
    const QString kindName = deliveredKindName(kind);
    for (const QString& id : ids) {
        if (const auto done = insert->execute(targetId, kindName, id, owner); !done) {
            return done;
        }
    }
    return transaction->commit();
}

Result<void> TargetStore::forget(
    const QString& targetId, DeliveredKind kind, const std::vector<QString>& ids)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction) {
        return transaction.error();
    }
    auto remove = m_database.prepare(
        u"DELETE FROM delivered WHERE target = "_s + kKeyOf + u" AND kind = ? AND id = ?"_s);
    if (!remove) {
        return remove.error();
    }
    const QString kindName = deliveredKindName(kind);
    for (const QString& id : ids) {
        if (const auto done = remove->execute(targetId, kindName, id); !done) {
            return done;
        }
    }
    return transaction->commit();
}

Result<std::vector<BlockedUser>> TargetStore::blockedUsers(const QString& targetId)
{
    return m_database.all(
        u"SELECT user_id, blocked_at, actor, exported, absent_since FROM blocked_user "
        "WHERE target = "_s
            + kKeyOf + u" ORDER BY user_id"_s,
        [](const Statement& row) {
            return BlockedUser { .userId = row.text(0),
                .blockedAt = row.time(1),
                .actor = row.text(2),
                .exported = row.flag(3),
                .absentSince = row.optionalTime(4) };
        },
        targetId);
}

Result<void> TargetStore::block(
    const QString& targetId, const QString& userId, const QString& actor)
{
    // Blocked again is meant anew, so what was seen before is no reason to lift it.
    return m_database.execute(
        uR"(INSERT INTO blocked_user (target, user_id, blocked_at, actor, exported)
SELECT key, ?, ?, ?, EXISTS (SELECT 1 FROM delivered
  WHERE delivered.target = key AND kind = 'user' AND delivered.id = ? AND owner = 'ours')
FROM target WHERE target.id = ?
ON CONFLICT (target, user_id) DO UPDATE SET absent_since = NULL)"_s,
        userId, m_clock.nowUtc(), actor, userId, targetId);
}

Result<void> TargetStore::unblock(const QString& targetId, const QString& userId)
{
    return m_database.execute(
        u"DELETE FROM blocked_user WHERE target = "_s + kKeyOf + u" AND user_id = ?"_s, targetId,
        userId);
}

Result<void> TargetStore::noteExported(
    const QString& targetId, const QString& userId, bool isExported)
{
    const QString which = u" WHERE target = "_s + kKeyOf + u" AND user_id = ?"_s;
    return isExported
        ? m_database.execute(u"UPDATE blocked_user SET exported = 1, absent_since = NULL"_s + which,
              targetId, userId)
        : m_database.execute(
              u"UPDATE blocked_user SET absent_since = COALESCE(absent_since, ?)"_s + which,
              m_clock.nowUtc(), targetId, userId);
}

Result<bool> TargetStore::lift(const QString& targetId, const BlockedUser& user)
{
    const auto removed = m_database.query(u"DELETE FROM blocked_user WHERE target = "_s + kKeyOf
            + u" AND user_id = ? AND absent_since = ?"_s,
        targetId, user.userId, user.absentSince);
    return removed ? Result<bool>(removed->affectedRows() == 1) : removed.error();
}

} // namespace portreeve
