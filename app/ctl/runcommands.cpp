// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/command.h"
#include "app/ctl/directorylookup.h"
#include "app/ctl/holds.h"
#include "app/ctl/json.h"
#include "app/ctl/syncreport.h"

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
Result<std::int64_t> runId(const QString& text)
{
    bool ok = false;
    const qint64 id = text.toLongLong(&ok);
    if (!ok || id < 1) {
        return usageError(message(QT_TRANSLATE_NOOP("Message", "“%1” is no run id."), text),
            message(QT_TRANSLATE_NOOP("Message", "See portreevectl run list.")));
    }
    return id;
}

CommandResult listRuns(Session& session, const Arguments& arguments)
{
    const auto limit = arguments.integer(u"limit"_s, 50, 1, 100'000);
    if (!limit) {
        return limit.error();
    }
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    RunFilter filter { .limit = static_cast<int>(*limit) };
    if (arguments.has(u"connection"_s)) {
        const auto connection = chosenConnection(**store, arguments);
        if (!connection) {
            return connection.error();
        }
        filter.connectionId = connection->id;
    }
    const auto runs = (*store)->runs().list(filter);
    if (!runs) {
        return runs.error();
    }
    std::vector<QStringList> rows;
    for (const auto& run : *runs) {
        if (session.out().isJson()) {
            session.out().line(toJson(run));
        }
        rows.push_back({ QString::number(run.id), run.connectionName, runTriggerName(run.trigger),
            toRfc3339(run.startedAt), runOutcomeName(run.outcome),
            QString::number(run.generation) });
    }
    if (!session.out().isJson()) {
        session.out().table({ u"RUN"_s, u"CONNECTION"_s, u"TRIGGER"_s, u"STARTED"_s, u"OUTCOME"_s,
                                u"GENERATION"_s },
            rows);
    }
    return ExitCode::Done;
}

QString describe(const QJsonObject& change)
{
    const QString member = change.value(u"member_id"_s).toString();
    QString text = change.value(u"action"_s).toString().leftJustified(8)
        + change.value(u"kind"_s).toString() + u' ' + change.value(u"id"_s).toString() + u' '
        + change.value(u"name"_s).toString();
    if (!member.isEmpty()) {
        text += u" <- "_s + member + u' ' + change.value(u"member_name"_s).toString();
    }
    for (const auto& value : change.value(u"attributes"_s).toArray()) {
        const auto attribute = value.toObject();
        text += u" %1: “%2” -> “%3”"_s.arg(attribute.value(u"name"_s).toString(),
            attribute.value(u"before"_s).toString(), attribute.value(u"after"_s).toString());
    }
    return text;
}

CommandResult showRun(Session& session, const Arguments& arguments)
{
    const auto id = runId(arguments.at(0));
    if (!id) {
        return id.error();
    }
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    const auto run = (*store)->runs().byId(*id);
    if (!run) {
        return run.error();
    }
    if (session.out().isJson()) {
        session.out().line(toJson(*run));
    } else {
        session.out().text(u"Run %1 of %2, %3, %4"_s.arg(QString::number(run->id),
            run->connectionName, toRfc3339(run->startedAt), runOutcomeName(run->outcome)));
        if (run->error) {
            session.out().text(run->error->toText());
        }
    }
    constexpr std::int64_t page = 5000;
    for (std::int64_t offset = 0;; offset += page) {
        const auto changes = (*store)->runs().changes(*id, offset, page);
        if (!changes) {
            return changes.error();
        }
        for (const auto& change : *changes) {
            const QJsonObject object = toJson(change);
            if (session.out().isJson()) {
                session.out().line(object);
            } else {
                session.out().text(describe(object));
            }
        }
        if (std::ssize(*changes) < page) {
            return ExitCode::Done;
        }
    }
}

CommandResult showRevert(Session& session, std::int64_t id, const SyncPlan& plan)
{
    auto& out = session.out();
    if (out.isJson()) {
        out.document(plan.toJson());
    } else {
        out.text(u"Reverting run %1 adds %2, updates %3 and removes %4 users and groups."_s.arg(id)
                .arg(plan.counts.users.added + plan.counts.groups.added)
                .arg(plan.counts.users.updated + plan.counts.groups.updated)
                .arg(plan.counts.users.removed + plan.counts.groups.removed));
    }
    switch (plan.verdict) {
    case Verdict::Nothing:
        return ExitCode::Done;
    case Verdict::Go:
        out.message(u"Add --yes to do it."_s);
        return ExitCode::HasChanges;
    case Verdict::Held:
        for (const auto& line : heldReasons(plan)) {
            out.message(line);
        }
        out.message(
            u"Let it through: portreevectl run revert %1 --yes --allow-held %2"_s.arg(id).arg(
                plan.planHash));
        return ExitCode::Held;
    }
    return ExitCode::Failed;
}

CommandResult reportRevert(Session& session, std::int64_t id, const SyncOutcome& outcome)
{
    auto& out = session.out();
    const bool isHeld = outcome.plan.verdict == Verdict::Held && outcome.run
        && outcome.run->outcome == RunOutcome::Held;
    if (out.isJson()) {
        QJsonObject object
            = outcome.run ? toJson(*outcome.run) : QJsonObject { { u"run_id"_s, QJsonValue() } };
        object.insert(u"connection"_s, outcome.plan.connectionName);
        object.insert(u"verdict"_s, verdictName(outcome.plan.verdict));
        object.insert(u"plan_hash"_s, outcome.plan.planHash);
        out.document(object);
    } else if (isHeld) {
        out.text(u"Run %1 is not reverted: removals are held."_s.arg(id));
    } else if (outcome.run) {
        out.text(u"Reverted as run %1."_s.arg(outcome.run->id));
    } else {
        out.text(u"There is nothing to revert."_s);
    }
    if (!isHeld) {
        return ExitCode::Done;
    }
    for (const auto& line : heldReasons(outcome.plan)) {
        out.message(line);
    }
    out.message(
        u"Look at what is left and how to let it through: portreevectl run revert %1"_s.arg(id));
    return ExitCode::Held;
}

CommandResult revertRun(Session& session, const Arguments& arguments)
{
    const auto id = runId(arguments.at(0));
    if (!id) {
        return id.error();
    }
    auto runner = session.runner();
    if (!runner) {
        return runner.error();
    }
    auto plan = runner->planRevert(*id);
    if (!plan) {
        return plan.error();
    }
    if (!arguments.has(u"yes"_s)) {
        return showRevert(session, *id, *plan);
    }
    const auto approval
        = approvalOf(arguments, plan->planHash, [&plan] { return plan->toJsonText(); });
    if (!approval) {
        return approval.error();
    }
    RunControl control = session.control();
    control.trigger = RunTrigger::Revert;
    const auto outcome = runner->applyPlan(std::move(*plan), *approval, control);
    session.out().endProgress();
    return outcome ? reportRevert(session, *id, *outcome) : CommandResult(outcome.error());
}

Error holdsNothing(const QString& connection)
{
    return usageError(
        message(
            QT_TRANSLATE_NOOP("Message", "No removal of “%1” waits for a decision."), connection),
        message(QT_TRANSLATE_NOOP("Message", "See what is held: portreevectl status.")));
}

/// A connection and what of it waits for a decision.
struct Waiting
{
    Connection connection {};
    Hold hold {};
};

Result<Waiting> waitingOf(Session& session, const QString& name)
{
    const auto store = session.store();
    auto connection = store ? (*store)->connections().byName(name) : store.error();
    if (!connection) {
        return connection.error();
    }
    auto hold = (*store)->directory().hold(connection->id);
    if (!hold) {
        return hold.error();
    }
    if (!*hold) {
        return holdsNothing(connection->name);
    }
    return Waiting { .connection = *std::move(connection), .hold = **std::move(hold) };
}

CommandResult approveHeld(Session& session, const Arguments& arguments)
{
    const auto waiting = waitingOf(session, arguments.at(0));
    if (!waiting) {
        return waiting.error();
    }
    const QString hash = arguments.at(1);
    Approval approval { .planHash = hash, .everything = !arguments.has(u"allow"_s) };
    // Of another hash the runner says that it is out of date, whatever its keys are.
    if (waiting->hold.planHash == hash) {
        auto keys = allowedKeys(arguments, waiting->hold.planJson);
        if (!keys) {
            return keys.error();
        }
        approval.keys = *std::move(keys);
    }
    auto runner = session.runner();
    if (!runner) {
        return runner.error();
    }
    RunControl control = session.control();
    control.trigger = RunTrigger::Approval;
    const auto outcome = runner->apply(waiting->connection.id, hash, approval, control);
    session.out().endProgress();
    return outcome ? report(session, *outcome) : CommandResult(outcome.error());
}

CommandResult rejectHeld(Session& session, const Arguments& arguments)
{
    const auto waiting = waitingOf(session, arguments.at(0));
    if (!waiting) {
        return waiting.error();
    }
    const Connection& connection = waiting->connection;
    const auto kept = std::ssize(heldKeys(waiting->hold.planJson));
    auto runner = session.runner();
    if (!runner) {
        return runner.error();
    }
    const QString hash = arguments.at(1);
    const auto rejected = runner->rejectHold(connection.id, hash, session.control().actor);
    if (!rejected) {
        return rejected.error();
    }
    if (session.out().isJson()) {
        session.out().document({ { u"connection"_s, connection.name }, { u"plan_hash"_s, hash },
            { u"rejected"_s, qint64 { kept } } });
    } else {
        session.out().text(
            u"%1 held rows of %2 stay until the provider lists them again."_s.arg(kept).arg(
                connection.name));
    }
    return ExitCode::Done;
}
} // namespace

std::vector<Command> runCommands()
{
    return {
        { .noun = u"run"_s,
            .verb = u"list"_s,
            .summary = u"List past runs, newest first."_s,
            .example = u"run list --connection Staff"_s,
            .options
            = { QCommandLineOption(u"connection"_s, u"Of this connection only."_s, u"NAME"_s),
                QCommandLineOption(u"limit"_s, u"At most that many (default 50)."_s, u"N"_s) },
            .run = listRuns },
        { .noun = u"run"_s,
            .verb = u"show"_s,
            .arguments = u"ID"_s,
            .summary = u"Show a run and each change it applied."_s,
            .example = u"run show 12"_s,
            .minimumArguments = 1,
            .maximumArguments = 1,
            .run = showRun },
        { .noun = u"run"_s,
            .verb = u"revert"_s,
            .arguments = u"ID [--yes] [--allow-held HASH] [--allow KEY ...]"_s,
            .summary = u"Show, or with --yes apply, the inverse of a run as a new run."_s,
            .example = u"run revert 12 --yes"_s,
            .minimumArguments = 1,
            .maximumArguments = 1,
            .options = approvalOptions() + QList { QCommandLineOption(u"yes"_s, u"Apply it."_s) },
            .run = revertRun },
        { .noun = u"run"_s,
            .verb = u"approve"_s,
            .arguments = u"NAME HASH [--allow KEY ...]"_s,
            .summary = u"Let the held rows of a connection through, all of them or those named."_s,
            .example = u"run approve Staff 5f2c... --allow user:4711"_s,
            .minimumArguments = 2,
            .maximumArguments = 2,
            .options = { allowOption() },
            .run = approveHeld },
        { .noun = u"run"_s,
            .verb = u"reject"_s,
            .arguments = u"NAME HASH"_s,
            .summary = u"Keep what the held run of a connection would remove, until the provider "
                       "lists it again."_s,
            .example = u"run reject Staff 5f2c..."_s,
            .minimumArguments = 2,
            .maximumArguments = 2,
            .run = rejectHeld },
    };
}

} // namespace portreeve::ctl
