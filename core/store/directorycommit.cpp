// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/directorycommit.h"

#include "core/store/auditlog.h"
#include "core/store/database.h"
#include "core/store/directorywriter.h"
#include "core/store/jsoncolumns.h"
#include "core/store/removalkey.h"
#include "core/store/runhistory.h"
#include "core/store/runjournal.h"

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

const QString kUnprefixedSetting = u"export.unprefixed_connection"_s;

/// The steps of one commit; commitDirectory() joins them into a transaction.
class Commit
{
public:
    Commit(Database& database, const Clock& clock, const DirectoryCommit& commit)
        : m_database(database)
        , m_clock(clock)
        , m_commit(commit)
        , m_applied(appliedPart(*commit.changes))
        , m_run(commit.run)
    {
    }

    Result<RunRecord> run()
    {
        using Step = Result<void> (Commit::*)();
        for (const Step step : { &Commit::checkBase, &Commit::keepExportedIds, &Commit::startRun,
                 &Commit::writeDirectory, &Commit::writeState, &Commit::writeHold,
                 &Commit::releasePins, &Commit::endRun, &Commit::auditApproval, &Commit::audit }) {
            if (const auto done = (this->*step)(); !done) {
                return done.error();
            }
        }
        return m_run;
    }

private:
    Result<void> checkBase();
    Result<void> keepExportedIds();
    Result<void> startRun();
    Result<void> writeDirectory();
    Result<void> writeState();
    Result<void> writeHold();
    Result<void> releasePins();
    Result<void> endRun();
    Result<void> auditApproval();
    Result<void> audit();
    QString actor() const;

    Database& m_database;
    const Clock& m_clock;
    const DirectoryCommit& m_commit;
    ChangeSet m_applied;
    RunRecord m_run;
    std::int64_t m_connection = 0;
    std::int64_t m_generation = 0;
};

Result<void> Commit::checkBase()
{
    auto row = m_database.query(u"SELECT c.key, c.name, ifnull(d.generation, 0) FROM connection c "
                                "LEFT JOIN directory d ON d.connection = c.key WHERE c.id = ?"_s,
        m_commit.connectionId);
    const auto found = row ? row->next() : Result<bool>(row.error());
    if (!found) {
        return found.error();
    }
    if (!*found) {
        return connectionKey(m_database, m_commit.connectionId).error();
    }
    m_connection = row->integer(0);
    m_run.connectionId = m_commit.connectionId;
    m_run.connectionName = row->text(1);
    m_generation = row->integer(2);
    if (m_generation != m_commit.baseGeneration) {
        return Error { .code = ErrorCode::Stale,
            .what = message(QT_TRANSLATE_NOOP(
                                "Message", "The directory of %1 changed after this plan was made."),
                m_run.connectionName),
            .remedy = message(QT_TRANSLATE_NOOP("Message", "Make the plan again and look at it.")),
            .detail = u"plan made on generation %1, stored is %2"_s.arg(m_commit.baseGeneration)
                .arg(m_generation) };
    }
    return {};
}

// Decided by the first directory of all, and anew when there is none any more. A database of before
// that rule may hold one already, whose ids are out there as they are, or several, whose ids all
// have their connection in front.
Result<void> Commit::keepExportedIds()
{
    return m_database.execute(uR"(INSERT INTO setting SELECT ?,
  CASE count(*) WHEN 0 THEN ? WHEN 1 THEN min(c.id) ELSE '' END
FROM connection c JOIN directory d ON d.connection = c.key WHERE d.generation > 0
ON CONFLICT (key) DO UPDATE SET value = excluded.value
WHERE NOT EXISTS (SELECT 1 FROM directory WHERE generation > 0))"_s,
        kUnprefixedSetting, m_commit.connectionId);
}

// Tombstones and the hold name the run, so its row comes first.
Result<void> Commit::startRun()
{
    auto started = RunHistory(m_database, m_clock).record(m_run);
    if (!started) {
        return started.error();
    }
    m_run = std::move(*started);
    // A directory committed for the first time counts as new even when it is empty.
    if (m_applied.isEmpty() && m_generation > 0) {
        return {};
    }
    const auto last = m_database.number(
        u"UPDATE store_state SET generation = generation + 1 RETURNING generation"_s);
    if (!last) {
        return last.error();
    }
    m_generation = *last;
    m_run.generation = m_generation;
    return {};
}

Result<void> Commit::writeDirectory()
{
    const auto made = m_database.execute(
        u"INSERT OR IGNORE INTO directory VALUES (?, 0, x'', '', 0, 0, 0, 0, 0)"_s, m_connection);
    if (!made) {
        return made.error();
    }
    if (m_applied.isEmpty()) {
        return {};
    }
    DirectoryWriter writer(m_database, m_applied,
        { .connection = m_connection, .run = m_run.id, .at = m_clock.nowUtc() });
    if (const auto written = writer.write(); !written) {
        return written.error();
    }
    m_run.notes.insert(m_run.notes.end(), writer.notes().begin(), writer.notes().end());
    return RunJournal(m_database).write(m_run.id, m_applied);
}

Result<void> Commit::writeState()
{
    m_run.counts = countChanges(m_applied);
    const ChangeCounts held = countChanges(*m_commit.changes);
    m_run.counts.users.held = held.users.held;
    m_run.counts.groups.held = held.groups.held;
    m_run.counts.memberships.held = held.memberships.held;
    const ChangeCounts& counts = m_run.counts;
    auto written = m_database.execute(uR"(UPDATE directory SET generation = ?,
  source_state = ?, fingerprint = ?, user_count = user_count + ?, group_count = group_count + ?,
  membership_count = membership_count + ? WHERE connection = ?)"_s,
        m_generation, m_commit.sourceState, m_commit.fingerprint,
        counts.users.added - counts.users.removed, counts.groups.added - counts.groups.removed,
        counts.memberships.added - counts.memberships.removed, m_connection);
    if (!written || m_commit.tenantId.isEmpty()) {
        return written;
    }
    return m_database.execute(
        u"UPDATE connection SET tenant_id = ? WHERE key = ?"_s, m_commit.tenantId, m_connection);
}

Result<void> Commit::writeHold()
{
    if (!m_commit.hold) {
        return m_database.execute(u"DELETE FROM hold WHERE connection = ?"_s, m_connection);
    }
    const Hold& hold = *m_commit.hold;
    return m_database.execute(u"INSERT OR REPLACE INTO hold VALUES (?, ?, ?, ?, ?, ?)"_s,
        m_connection, hold.planHash, hold.baseGeneration,
        hold.openedAt == UtcTime() ? m_clock.nowUtc() : hold.openedAt, m_run.id, hold.planJson);
}

// A revert shows what was stored once, not what the provider lists.
Result<void> Commit::releasePins()
{
    if (m_run.revertsRun) {
        return {};
    }
    const auto pins = m_database.all(
        u"SELECT removal_key FROM pin WHERE connection = ?"_s,
        [](const Statement& row) { return row.text(0); }, m_connection);
    if (!pins) {
        return pins.error();
    }
    for (const QString& pin : *pins) {
        if (!isSeen(pin, *m_commit.changes->after)) {
            continue;
        }
        const auto released = m_database.execute(
            u"DELETE FROM pin WHERE connection = ? AND removal_key = ?"_s, m_connection, pin);
        if (!released) {
            return released.error();
        }
    }
    return {};
}

Result<void> Commit::endRun()
{
    if (!m_run.finishedAt) {
        m_run.finishedAt = m_clock.nowUtc();
    }
    const auto ended = RunHistory(m_database, m_clock).record(m_run);
    return ended ? Result<void>() : ended.error();
}

QString Commit::actor() const
{
    return m_commit.actor.isEmpty() ? u"system"_s : m_commit.actor;
}

Result<void> Commit::auditApproval()
{
    if (!m_commit.approval) {
        return {};
    }
    const QJsonObject details { { u"plan_hash"_s, m_commit.approval->planHash },
        { u"rows"_s, qint64 { m_commit.approval->rows } }, { u"run"_s, qint64 { m_run.id } } };
    return AuditLog(m_database, m_clock)
        .append({ .actor = actor(),
            .event = u"hold_approved"_s,
            .subject = m_commit.connectionId,
            .details = auditDetails(details),
            .generation = m_generation });
}

Result<void> Commit::audit()
{
    return AuditLog(m_database, m_clock)
        .append({ .actor = actor(),
            .event = m_commit.hold ? u"run_held"_s : u"run_applied"_s,
            .subject = m_run.connectionName,
            .details
            = u"{\"run\":%1,\"counts\":%2}"_s.arg(m_run.id).arg(countsToJson(m_run.counts)),
            .generation = m_generation });
}

} // namespace

Result<std::optional<QString>> unprefixedConnection(Database& database)
{
    const auto values = database.all(
        u"SELECT value FROM setting WHERE key = ?"_s,
        [](const Statement& row) { return row.text(0); }, kUnprefixedSetting);
    if (!values) {
        return values.error();
    }
    return values->empty() ? std::optional<QString>() : std::optional(values->front());
}

Result<std::int64_t> connectionKey(Database& database, const QString& connectionId)
{
    auto key = database.number(u"SELECT key FROM connection WHERE id = ?"_s, connectionId);
    if (key && *key == 0) {
        return Error { .code = ErrorCode::NotFound,
            .what
            = message(QT_TRANSLATE_NOOP("Message", "There is no connection %1."), connectionId),
            .remedy
            = message(QT_TRANSLATE_NOOP("Message", "List the connections and pick one of them.")) };
    }
    return key;
}

Result<RunRecord> commitDirectory(
    Database& database, const Clock& clock, const DirectoryCommit& commit)
{
    Q_ASSERT(commit.changes != nullptr);
    auto transaction = Transaction::begin(database);
    if (!transaction) {
        return transaction.error();
    }
    auto run = Commit(database, clock, commit).run();
    if (!run) {
        return run.error();
    }
    const auto committed = transaction->commit();
    return committed ? std::move(run) : Result<RunRecord>(committed.error());
}

} // namespace portreeve
