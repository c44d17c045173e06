// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/pushhistory.h"

#include "core/store/database.h"
#include "core/store/jsoncolumns.h"
#include "core/store/processidentity.h"

#include <array>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

const QString kSelectPush = uR"(SELECT id, target_id, target_name, trigger, actor, started_at,
  finished_at, outcome, counts, generation, error, notes FROM push )"_s;

PushTrigger pushTriggerFromName(const QString& name)
{
    constexpr std::array all { PushTrigger::Commit, PushTrigger::Manual, PushTrigger::CommandLine,
        PushTrigger::Drift, PushTrigger::Restart };
    for (const auto trigger : all) {
        if (pushTriggerName(trigger) == name) {
            return trigger;
        }
    }
    return PushTrigger::Manual;
}

PushOutcome pushOutcomeFromName(const QString& name)
{
    constexpr std::array all { PushOutcome::Succeeded, PushOutcome::Unchanged, PushOutcome::Held,
        PushOutcome::Failed, PushOutcome::Cancelled };
    for (const auto outcome : all) {
        if (pushOutcomeName(outcome) == name) {
            return outcome;
        }
    }
    return PushOutcome::Interrupted;
}

PushRecord readPush(const Statement& row)
{
    return { .id = row.integer(0),
        .targetId = row.text(1),
        .targetName = row.text(2),
        .trigger = pushTriggerFromName(row.text(3)),
        .actor = row.text(4),
        .startedAt = row.time(5),
        .finishedAt = row.optionalTime(6),
        .outcome = pushOutcomeFromName(row.text(7)),
        .counts = pushCountsFromJson(row.text(8)),
        .generation = row.integer(9),
        .error = errorFromJson(row.text(10)),
        .notes = stringsFromJson(row.text(11)) };
}

} // namespace

PushHistory::PushHistory(Database& database, const Clock& clock)
    : m_database(database)
    , m_clock(clock)
{
}

Result<PushRecord> PushHistory::begin(PushRecord push)
{
    push.startedAt = m_clock.nowUtc();
    const auto added = m_database.query(uR"(INSERT INTO push (target_id, target_name, trigger,
  actor, started_at, counts, generation, notes, process)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?))"_s,
        push.targetId, push.targetName, pushTriggerName(push.trigger), push.actor, push.startedAt,
        pushCountsToJson(push.counts), push.generation, stringsToJson(push.notes),
        currentProcess());
    if (!added) {
        return added.error();
    }
    push.id = added->insertedKey();
    return push;
}

Result<void> PushHistory::finish(const PushRecord& push)
{
    return m_database.execute(uR"(UPDATE push SET finished_at = ?, outcome = ?, counts = ?,
  generation = ?, error = ?, notes = ? WHERE id = ?)"_s,
        push.finishedAt.value_or(m_clock.nowUtc()), pushOutcomeName(push.outcome),
        pushCountsToJson(push.counts), push.generation, errorToJson(push.error),
        stringsToJson(push.notes), push.id);
}

Result<void> PushHistory::discard(std::int64_t id)
{
    return m_database.execute(u"DELETE FROM push WHERE id = ? AND finished_at IS NULL"_s, id);
}

Result<int> PushHistory::recover()
{
    struct Open
    {
        std::int64_t id = 0;
        QString process {};
    };

    const auto open = m_database.all(u"SELECT id, process FROM push WHERE finished_at IS NULL"_s,
        [](const Statement& row) { return Open { .id = row.integer(0), .process = row.text(1) }; });
    if (!open) {
        return open.error();
    }
    int recovered = 0;
    for (const Open& push : *open) {
        if (isProcessAlive(push.process)) {
            continue;
        }
        const auto marked = m_database.execute(
            u"UPDATE push SET finished_at = ?, outcome = ? WHERE id = ? AND finished_at IS NULL"_s,
            m_clock.nowUtc(), pushOutcomeName(PushOutcome::Interrupted), push.id);
        if (!marked) {
            return marked.error();
        }
        ++recovered;
    }
    return recovered;
}

Result<std::vector<PushRecord>> PushHistory::list(const QString& targetId, int limit)
{
    return m_database.all(kSelectPush + u"WHERE ? = '' OR target_id = ? ORDER BY id DESC LIMIT ?"_s,
        readPush, targetId, targetId, limit);
}

Result<PushRecord> PushHistory::byId(std::int64_t id)
{
    const auto found = m_database.all(kSelectPush + u"WHERE id = ?"_s, readPush, id);
    if (!found) {
        return found.error();
    }
    if (found->empty()) {
        return Error { .code = ErrorCode::NotFound,
            .what = message(
                QT_TRANSLATE_NOOP("Message", "There is no delivery %1."), QString::number(id)),
            .remedy
            = message(QT_TRANSLATE_NOOP("Message", "List the deliveries and pick one of them.")) };
    }
    return found->front();
}

} // namespace portreeve
