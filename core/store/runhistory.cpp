// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/runhistory.h"

#include "core/store/database.h"
#include "core/store/jsoncolumns.h"
#include "core/store/processidentity.h"
#include "core/store/runjournal.h"

#include <algorithm>
#include <iterator>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

const QString kSelectRun = uR"(SELECT id, connection_id, connection_name, trigger, started_at,
  finished_at, outcome, counts, generation, plan_hash, error, reverts_run, quarantined, notes
FROM run )"_s;

RunTrigger runTriggerFromName(const QString& name)
{
    for (const auto trigger : { RunTrigger::Schedule, RunTrigger::Manual, RunTrigger::CommandLine,
             RunTrigger::Approval, RunTrigger::Revert }) {
        if (runTriggerName(trigger) == name) {
            return trigger;
        }
    }
    return RunTrigger::Manual;
}

// A run that is going on has no outcome yet: it shows the one it gets should its process die.
RunOutcome runOutcomeFromName(const QString& name)
{
    for (const auto outcome :
        { RunOutcome::Succeeded, RunOutcome::Held, RunOutcome::Failed, RunOutcome::Cancelled }) {
        if (runOutcomeName(outcome) == name) {
            return outcome;
        }
    }
    return RunOutcome::Interrupted;
}

RunRecord readRun(const Statement& row)
{
    return { .id = row.integer(0),
        .connectionId = row.text(1),
        .connectionName = row.text(2),
        .trigger = runTriggerFromName(row.text(3)),
        .startedAt = row.time(4),
        .finishedAt = row.optionalTime(5),
        .outcome = runOutcomeFromName(row.text(6)),
        .counts = countsFromJson(row.text(7)),
        .generation = row.integer(8),
        .planHash = row.text(9),
        .error = errorFromJson(row.text(10)),
        .revertsRun = row.isNull(11) ? std::nullopt : std::optional(row.integer(11)),
        .quarantined = row.integer(12),
        .notes = stringsFromJson(row.text(13)) };
}

} // namespace

RunHistory::RunHistory(Database& database, const Clock& clock)
    : m_database(database)
    , m_clock(clock)
{
}

Result<std::vector<RunRecord>> RunHistory::list(const RunFilter& filter)
{
    return m_database.all(kSelectRun
            + u"WHERE (? = '' OR connection_id = ?) AND (? IS NULL OR id < ?) "
              "ORDER BY id DESC LIMIT ?"_s,
        readRun, filter.connectionId, filter.connectionId, filter.beforeId, filter.beforeId,
        filter.limit);
}

Result<RunRecord> RunHistory::byId(std::int64_t id)
{
    const auto found = m_database.all(kSelectRun + u"WHERE id = ?"_s, readRun, id);
    if (!found) {
        return found.error();
    }
    if (found->empty()) {
        return Error { .code = ErrorCode::NotFound,
            .what
            = message(QT_TRANSLATE_NOOP("Message", "There is no run %1."), QString::number(id)),
            .remedy
            = message(QT_TRANSLATE_NOOP("Message", "List the runs and pick one of them.")) };
    }
    return found->front();
}

Result<std::vector<RunChange>> RunHistory::changes(
    std::int64_t runId, std::int64_t offset, std::int64_t limit)
{
    auto transaction = Transaction::begin(m_database, Transaction::Kind::Read);
    if (!transaction) {
        return transaction.error();
    }
    return RunJournal(m_database).read(runId, offset, limit);
}

Result<std::vector<RunChange>> RunHistory::allChanges(std::int64_t runId)
{
    constexpr std::int64_t kPage = 50'000;
    std::vector<RunChange> all;
    for (bool more = true; more;) {
        auto page = changes(runId, std::ssize(all), kPage);
        if (!page) {
            return page.error();
        }
        more = std::ssize(*page) == kPage;
        std::ranges::move(*page, std::back_inserter(all));
    }
    return all;
}

Result<std::vector<RunHistory::ObjectEvent>> RunHistory::ofObject(
    const QString& connectionId, ObjectKind kind, const QString& id, int limit)
{
    auto transaction = Transaction::begin(m_database, Transaction::Kind::Read);
    if (!transaction) {
        return transaction.error();
    }
    const auto runs = m_database.all(kSelectRun
            + u"WHERE connection_id = ? AND EXISTS (SELECT 1 FROM run_change_block WHERE run = id) "
              "ORDER BY id DESC"_s,
        readRun, connectionId);
    if (!runs) {
        return runs.error();
    }
    std::vector<ObjectEvent> events;
    RunJournal journal(m_database);
    for (const RunRecord& run : *runs) {
        auto changes = journal.touching(run.id, kind, id);
        if (!changes) {
            return changes.error();
        }
        for (RunChange& change : *changes) {
            if (events.size() == static_cast<std::size_t>(limit)) {
                return events;
            }
            events.push_back({ .runId = run.id,
                .at = run.finishedAt.value_or(run.startedAt),
                .change = std::move(change) });
        }
    }
    return events;
}

Result<RunRecord> RunHistory::record(RunRecord run)
{
    const bool isNew = run.id == 0;
    auto written = isNew
        ? m_database.query(uR"(INSERT INTO run (connection_id, connection_name, trigger,
  started_at, finished_at, outcome, counts, generation, plan_hash, error, reverts_run, quarantined,
  notes, process) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))"_s,
              run.connectionId, run.connectionName, runTriggerName(run.trigger), run.startedAt,
              run.finishedAt,
              run.finishedAt ? std::optional(runOutcomeName(run.outcome)) : std::nullopt,
              countsToJson(run.counts), run.generation, run.planHash, errorToJson(run.error),
              run.revertsRun, run.quarantined, stringsToJson(run.notes), currentProcess())
        : m_database.query(uR"(UPDATE run SET trigger = ?, finished_at = ?, outcome = ?, counts = ?,
  generation = ?, plan_hash = ?, error = ?, reverts_run = ?, quarantined = ?, notes = ?
  WHERE id = ?)"_s,
              runTriggerName(run.trigger), run.finishedAt,
              run.finishedAt ? std::optional(runOutcomeName(run.outcome)) : std::nullopt,
              countsToJson(run.counts), run.generation, run.planHash, errorToJson(run.error),
              run.revertsRun, run.quarantined, stringsToJson(run.notes), run.id);
    if (!written) {
        return written.error();
    }
    if (isNew) {
        run.id = written->insertedKey();
    }
    return run;
}

Result<RunRecord> RunHistory::begin(const QString& connectionId, RunTrigger trigger)
{
    const auto names = m_database.all(
        u"SELECT name FROM connection WHERE id = ?"_s,
        [](const Statement& row) { return row.text(0); }, connectionId);
    if (!names) {
        return names.error();
    }
    return record({ .connectionId = connectionId,
        .connectionName = names->empty() ? QString() : names->front(),
        .trigger = trigger,
        .startedAt = m_clock.nowUtc(),
        .outcome = RunOutcome::Interrupted });
}

Result<void> RunHistory::discard(std::int64_t id)
{
    return m_database.execute(u"DELETE FROM run WHERE id = ? AND finished_at IS NULL"_s, id);
}

Result<std::vector<QString>> RunHistory::recoverInterrupted()
{
    struct Open
    {
        std::int64_t id = 0;
        QString process {};
        QString connectionId {};
    };

    using Connections = std::vector<QString>;

    // Mostly there is none, and a plan must be possible on a file nobody may write.
    const auto count = m_database.number(u"SELECT count(*) FROM run WHERE finished_at IS NULL"_s);
    if (!count || *count == 0) {
        return count ? Result<Connections>(Connections()) : count.error();
    }
    auto transaction = Transaction::begin(m_database);
    if (!transaction) {
        return transaction.error();
    }
    const auto open
        = m_database.all(u"SELECT id, process, connection_id FROM run WHERE finished_at IS NULL"_s,
            [](const Statement& row) {
                return Open {
                    .id = row.integer(0), .process = row.text(1), .connectionId = row.text(2)
                };
            });
    if (!open) {
        return open.error();
    }
    Connections recovered;
    for (const Open& run : *open) {
        if (isProcessAlive(run.process)) {
            continue;
        }
        const auto marked
            = m_database.execute(u"UPDATE run SET finished_at = ?, outcome = ? WHERE id = ?"_s,
                m_clock.nowUtc(), runOutcomeName(RunOutcome::Interrupted), run.id);
        if (!marked) {
            return marked.error();
        }
        recovered.push_back(run.connectionId);
    }
    const auto committed = transaction->commit();
    return committed ? Result<Connections>(std::move(recovered)) : committed.error();
}

} // namespace portreeve
