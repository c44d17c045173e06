// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/accesslines.h"
#include "app/ctl/command.h"
#include "app/ctl/holds.h"
#include "app/ctl/json.h"
#include "app/ctl/syncreport.h"

#include <QFile>
#include <QJsonDocument>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
ExitCode codeOf(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Nothing:
        return ExitCode::Done;
    case Verdict::Go:
        return ExitCode::HasChanges;
    case Verdict::Held:
        return ExitCode::Held;
    }
    return ExitCode::Failed;
}

void printPlan(Output& out, const SyncPlan& plan)
{
    printCounts(out, plan.counts);
    for (const auto& line : heldReasons(plan)) {
        out.text(line);
    }
    printHeldRows(out, plan);
    printAccess(out, plan.access);
    for (const auto& record : plan.quarantine) {
        out.text(u"left out: "_s + record.id + u": "_s + record.reason);
    }
    for (const auto& note : plan.notes) {
        out.text(u"note: "_s + note);
    }
    out.text(u"verdict "_s + verdictName(plan.verdict) + u", plan "_s + plan.planHash);
}

Result<void> writePlanFile(const QString& path, const SyncPlan& plan)
{
    QSaveFile file(path);
    const QByteArray text = QJsonDocument(plan.toJson()).toJson(QJsonDocument::Indented);
    const bool written = file.open(QIODevice::WriteOnly)
        && file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner)
        && file.write(text) == text.size() && file.commit();
    if (!written) {
        return Error { .code = ErrorCode::Storage,
            .what
            = message(QT_TRANSLATE_NOOP("Message", "The plan could not be written to %1."), path),
            .remedy = message(
                QT_TRANSLATE_NOOP("Message", "Choose a folder you may write to, with room left.")),
            .detail = file.errorString() };
    }
    return {};
}

Result<Connection> connectionNamed(Session& session, const QString& name)
{
    const auto store = session.store();
    return store ? (*store)->connections().byName(name) : store.error();
}

CommandResult makePlan(Session& session, const Arguments& arguments)
{
    const auto connection = connectionNamed(session, arguments.at(0));
    if (!connection) {
        return connection.error();
    }
    auto runner = session.runner();
    if (!runner) {
        return runner.error();
    }
    const auto plan = runner->plan(connection->id, session.control());
    session.out().endProgress();
    if (!plan) {
        return plan.error();
    }
    if (arguments.has(u"out"_s)) {
        if (const auto written = writePlanFile(arguments.value(u"out"_s), *plan); !written) {
            return written.error();
        }
    }
    if (session.out().isJson()) {
        session.out().document(plan->toJson());
    } else {
        printPlan(session.out(), *plan);
    }
    return codeOf(plan->verdict);
}

CommandResult applyPlanFile(Session& session, const Arguments& arguments)
{
    QFile file(arguments.at(0));
    if (!file.open(QIODevice::ReadOnly)) {
        return usageError(message(QT_TRANSLATE_NOOP("Message", "The plan file %1 cannot be read."),
                              file.fileName()),
            message(
                QT_TRANSLATE_NOOP("Message", "Make one with portreevectl plan NAME --out FILE.")));
    }
    QByteArray text = file.readAll();
    const auto plan = readPlanFile(text);
    if (!plan) {
        return plan.error();
    }
    const auto approval = approvalOf(arguments, plan->planHash, [&text] { return text; });
    if (!approval) {
        return approval.error();
    }
    auto runner = session.runner();
    if (!runner) {
        return runner.error();
    }
    const auto outcome
        = runner->apply(plan->connectionId, plan->planHash, *approval, session.control());
    session.out().endProgress();
    return outcome ? report(session, *outcome) : CommandResult(outcome.error());
}

// The worst answer decides: a failure over a hold over success.
ExitCode worse(ExitCode a, ExitCode b)
{
    const auto weight = [](ExitCode code) {
        return code == ExitCode::Done ? 0 : code == ExitCode::Held ? 1 : 2;
    };
    return weight(b) > weight(a) ? b : a;
}

CommandResult syncAll(Session& session)
{
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    const auto connections = (*store)->connections().list();
    if (!connections) {
        return connections.error();
    }
    auto runner = session.runner();
    if (!runner) {
        return runner.error();
    }
    ExitCode code = ExitCode::Done;
    for (const auto& connection : *connections) {
        if (connection.state == ConnectionState::Disabled || session.stopToken().stop_requested()) {
            continue;
        }
        const auto outcome = runner->sync(connection.id, session.control());
        session.out().endProgress();
        if (!outcome) {
            session.out().error(outcome.error());
            code = worse(code, exitCodeFor(outcome.error().code));
            continue;
        }
        const auto shown = report(session, *outcome);
        code = worse(code, shown ? *shown : ExitCode::Failed);
    }
    return session.stopToken().stop_requested() ? ExitCode::Cancelled : code;
}

CommandResult syncConnections(Session& session, const Arguments& arguments)
{
    if (arguments.has(u"all"_s) == (arguments.count() == 1)) {
        return usageError(
            message(QT_TRANSLATE_NOOP("Message", "sync needs either a name or --all.")),
            message(QT_TRANSLATE_NOOP("Message", "Usage: portreevectl %1"), u"sync NAME|--all"_s));
    }
    if (arguments.has(u"all"_s)) {
        return syncAll(session);
    }
    const auto connection = connectionNamed(session, arguments.at(0));
    if (!connection) {
        return connection.error();
    }
    auto runner = session.runner();
    if (!runner) {
        return runner.error();
    }
    const auto outcome = runner->sync(connection->id, session.control());
    session.out().endProgress();
    return outcome ? report(session, *outcome) : CommandResult(outcome.error());
}
} // namespace

std::vector<Command> syncCommands()
{
    return {
        { .noun = u"plan"_s,
            .arguments = u"NAME [--out FILE]"_s,
            .summary
            = u"Show what a sync would change; changes nothing. Exit 2: there are changes, 3: a guard holds some."_s,
            .example = u"plan Staff --out staff.plan.json"_s,
            .minimumArguments = 1,
            .maximumArguments = 1,
            .options = { QCommandLineOption(u"out"_s, u"Write the reviewable plan."_s, u"FILE"_s) },
            .run = makePlan },
        { .noun = u"apply"_s,
            .arguments = u"FILE [--allow-held HASH] [--allow KEY ...]"_s,
            .summary = u"Apply exactly that plan, or refuse because something moved."_s,
            .example = u"apply staff.plan.json"_s,
            .minimumArguments = 1,
            .maximumArguments = 1,
            .options = approvalOptions(),
            .run = applyPlanFile },
        { .noun = u"sync"_s,
            .arguments = u"NAME|--all"_s,
            .summary = u"Plan and apply in one go, guards in force. Exit 3: a guard holds some."_s,
            .example = u"sync --all"_s,
            .maximumArguments = 1,
            .options
            = { QCommandLineOption(u"all"_s, u"Every enabled connection, one after another."_s) },
            .run = syncConnections },
    };
}

} // namespace portreeve::ctl
