// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/accesslines.h"
#include "app/ctl/json.h"
#include "app/ctl/targetjson.h"
#include "app/ctl/targetsupport.h"
#include "app/ctl/teststeps.h"

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
void printRows(Output& out, const QString& word, const std::vector<DeliveryRow>& rows)
{
    for (const auto& row : rows) {
        out.text(word + u": "_s + deliveredKindName(row.kind) + u' ' + row.name + u": "_s
            + row.what.english() + u' ' + row.remedy.english());
    }
}

void printCounts(Output& out, const PushCounts& counts)
{
    const auto row = [](const QString& name, const DeliveryCounts& kind) {
        return QStringList { name, QString::number(kind.put), QString::number(kind.deleted),
            QString::number(kind.unchanged) };
    };
    out.table({ u"KIND"_s, u"PUT"_s, u"DELETED"_s, u"UNCHANGED"_s },
        { row(u"groups"_s, counts.groups), row(u"users"_s, counts.users),
            row(u"policies"_s, counts.policies), row(u"routes"_s, counts.routes) });
}

void printChanges(Output& out, const DeliveryPlan& plan)
{
    for (const auto& change : plan.changes) {
        QStringList fields;
        for (const auto& field : change.fields) {
            fields.append(field.name);
        }
        out.text(changeActionName(change.action).leftJustified(8)
            + deliveredKindName(change.kind).leftJustified(8) + change.id + u"  "_s + change.name
            + (fields.isEmpty() ? QString() : u"  ("_s + fields.join(u", "_s) + u')')
            + (change.isForeign ? u"  put by somebody else"_s : QString()));
    }
    for (const auto& file : plan.files) {
        out.text((file.differs ? u"write   "_s : u"same    "_s) + file.path);
    }
}

void printPlan(Output& out, const DeliveryPlan& plan)
{
    printChanges(out, plan);
    printRows(out, u"foreign"_s, plan.foreign);
    printRows(out, u"refused"_s, plan.refusals);
    printRows(out, u"conflict"_s, plan.conflicts);
    printRows(out, u"warning"_s, plan.warnings);
    for (const auto& error : plan.blocked) {
        out.text(u"not delivered: "_s + error.what.english() + u' ' + error.remedy.english());
    }
    printAccess(out, plan.access);
    for (const auto& note : plan.notes) {
        out.text(u"note: "_s + note.english());
    }
    for (const auto& reason : plan.heldReasons) {
        out.text(u"held: "_s + reason.english());
    }
}

Result<DeliveryChoices> choicesOf(const Arguments& arguments)
{
    DeliveryChoices choices;
    const QString text = arguments.value(u"foreign"_s, u"leave_alone"_s);
    const auto foreign = foreignChoiceFromName(text);
    if (!foreign) {
        return usageError(message(QT_TRANSLATE_NOOP("Message", "--foreign cannot be “%1”."), text),
            message(QT_TRANSLATE_NOOP("Message", "Give leave_alone, adopt, delete or keep.")));
    }
    choices.foreign = *foreign;
    for (const auto& id : arguments.values(u"adopt"_s)) {
        choices.adopt.insert(id);
    }
    return choices;
}

CommandResult dryRun(Session& session, const ProxyTarget& target, const DeliveryChoices& choices)
{
    auto deliveries = delivery(session);
    if (!deliveries) {
        return deliveries.error();
    }
    const auto plan = deliveries->plan(target.id, choices, deliveryControl(session));
    session.out().endProgress();
    if (!plan) {
        return plan.error();
    }
    if (session.out().isJson()) {
        session.out().document(plan->toJson());
    } else {
        printPlan(session.out(), *plan);
        printCounts(session.out(), plan->counts);
        session.out().text(
            u"verdict "_s + verdictName(plan->verdict) + u", plan "_s + plan->planHash);
    }
    switch (plan->verdict) {
    case Verdict::Nothing:
        return plan->blocked.empty() ? CommandResult(ExitCode::Done) : plan->blocked.front();
    case Verdict::Go:
        return ExitCode::HasChanges;
    case Verdict::Held:
        return ExitCode::Held;
    }
    return ExitCode::Failed;
}

void printOutcome(Output& out, const DeliveryOutcome& outcome)
{
    if (outcome.plan.verdict == Verdict::Nothing) {
        out.text(outcome.plan.targetName + u": nothing has changed."_s);
    } else {
        printCounts(out, outcome.push ? outcome.push->counts : outcome.plan.counts);
    }
    printRows(out, u"foreign"_s, outcome.plan.foreign);
    printRows(out, u"refused"_s, outcome.plan.refusals);
    printRows(out, u"conflict"_s, outcome.plan.conflicts);
    for (const auto& note : outcome.notes) {
        out.text(u"note: "_s + note.english());
    }
}

CommandResult report(Session& session, const DeliveryOutcome& outcome)
{
    const bool isHeld = outcome.push && outcome.push->outcome == PushOutcome::Held;
    if (session.out().isJson()) {
        session.out().document(toJson(outcome));
    } else if (isHeld) {
        printPlan(session.out(), outcome.plan);
    } else {
        printOutcome(session.out(), outcome);
    }
    if (!isHeld) {
        return ExitCode::Done;
    }
    session.out().message(u"Nothing was delivered. Look at it: portreevectl push %1 --dry-run. "
                          "Let it through: portreevectl push %1 --allow-held %2"_s.arg(
                              outcome.plan.targetName, outcome.plan.planHash));
    return ExitCode::Held;
}

CommandResult push(Session& session, const Arguments& arguments)
{
    const auto target = targetNamed(session, arguments.at(0));
    if (!target) {
        return target.error();
    }
    const auto choices = choicesOf(arguments);
    if (!choices) {
        return choices.error();
    }
    if (arguments.has(u"dry-run"_s)) {
        return dryRun(session, *target, *choices);
    }
    auto deliveries = delivery(session);
    if (!deliveries) {
        return deliveries.error();
    }
    const auto outcome = deliveries->push({ .targetId = target->id,
                                              .planHash = arguments.value(u"plan"_s),
                                              .allowHeld = arguments.value(u"allow-held"_s),
                                              .choices = *choices },
        deliveryControl(session));
    session.out().endProgress();
    return outcome ? report(session, *outcome) : outcome.error();
}

CommandResult testTarget(Session& session, const Arguments& arguments)
{
    const auto target = targetNamed(session, arguments.at(0));
    if (!target) {
        return target.error();
    }
    auto deliveries = delivery(session);
    if (!deliveries) {
        return deliveries.error();
    }
    const auto tested = deliveries->test({ .target = *target }, deliveryControl(session));
    session.out().endProgress();
    if (!tested) {
        return tested.error();
    }
    if (session.out().isJson()) {
        session.out().document(toJson(*tested));
    } else {
        printSteps(session.out(), tested->steps);
    }
    return tested->failure ? CommandResult(*tested->failure) : CommandResult(ExitCode::Done);
}

CommandResult checkJoin(Session& session, const Arguments& arguments)
{
    const auto target = targetNamed(session, arguments.at(0));
    if (!target) {
        return target.error();
    }
    auto deliveries = delivery(session);
    if (!deliveries) {
        return deliveries.error();
    }
    const auto joined = deliveries->checkJoin(target->id, deliveryControl(session));
    if (!joined) {
        return joined.error();
    }
    if (session.out().isJson()) {
        session.out().document(toJson(*joined));
        return ExitCode::Done;
    }
    session.out().text(joined->summary().english());
    for (const auto& row : joined->missing) {
        session.out().text(row.userId + u"  "_s + row.email + u"  "_s + row.reason.english());
    }
    for (const auto& warning : joined->warnings) {
        session.out().text(u"warning: "_s + warning.english());
    }
    return ExitCode::Done;
}

CommandResult listPushes(Session& session, const Arguments& arguments)
{
    const auto limit = arguments.integer(u"limit"_s, 50, 1, 100'000);
    if (!limit) {
        return limit.error();
    }
    const auto target = targetNamed(session, arguments.at(0));
    if (!target) {
        return target.error();
    }
    const auto pushes = (*session.store())->pushes().list(target->id, static_cast<int>(*limit));
    if (!pushes) {
        return pushes.error();
    }
    std::vector<QStringList> rows;
    for (const auto& push : *pushes) {
        if (session.out().isJson()) {
            session.out().line(toJson(push));
        }
        rows.push_back({ QString::number(push.id), toRfc3339(push.startedAt),
            pushTriggerName(push.trigger), pushOutcomeName(push.outcome),
            push.error ? push.error->what.english() : QString() });
    }
    if (!session.out().isJson()) {
        session.out().table(
            { u"PUSH"_s, u"STARTED"_s, u"TRIGGER"_s, u"OUTCOME"_s, u"ERROR"_s }, rows);
    }
    return ExitCode::Done;
}

CommandResult setBlocked(Session& session, const Arguments& arguments, bool isBlocked)
{
    const auto target = targetNamed(session, arguments.at(0));
    if (!target) {
        return target.error();
    }
    auto deliveries = delivery(session);
    if (!deliveries) {
        return deliveries.error();
    }
    const auto done = deliveries->setBlocked(
        { .targetId = target->id, .userId = arguments.at(1), .blocked = isBlocked },
        deliveryControl(session));
    if (!done) {
        return done.error();
    }
    if (session.out().isJson()) {
        session.out().document(toJson(*done));
    } else {
        session.out().text(blockReportStateName(done->state) + u": "_s
            + QStringList(done->routes.begin(), done->routes.end()).join(u", "_s));
    }
    if (done->isUnknown) {
        session.out().message(
            u"Nobody was delivered to %1 under the id %2. Is it the id of the person's record?"_s
                .arg(target->name, arguments.at(1)));
    }
    if (isBlocked && done->routes.empty()) {
        return Error { .code = ErrorCode::NotFound,
            .what = message(
                QT_TRANSLATE_NOOP("Message", "No route of “%1” carries the block: nobody is out."),
                target->name),
            .remedy = message(QT_TRANSLATE_NOOP("Message",
                "Deliver a route that is not open to everybody; the block is remembered and goes "
                "with it.")) };
    }
    switch (done->state) {
    case BlockReport::State::Done:
        return ExitCode::Done;
    case BlockReport::State::NotConfirmed:
        if (done->error) {
            session.out().message(done->error->toText());
        }
        return ExitCode::Done;
    case BlockReport::State::StillLetIn:
        return done->error ? CommandResult(*done->error) : CommandResult(ExitCode::Failed);
    }
    return ExitCode::Failed;
}

CommandResult blockUser(Session& session, const Arguments& arguments)
{
    return setBlocked(session, arguments, true);
}

CommandResult unblockUser(Session& session, const Arguments& arguments)
{
    return setBlocked(session, arguments, false);
}

Command verbOfTarget(const QString& verb, const QString& summary,
    const std::function<CommandResult(Session&, const Arguments&)>& run)
{
    return { .noun = u"target"_s,
        .verb = verb,
        .arguments = u"TARGET"_s,
        .summary = summary,
        .example = u"target "_s + verb + u" Office"_s,
        .minimumArguments = 1,
        .maximumArguments = 1,
        .run = run };
}

Command verbOfUser(const QString& verb, const QString& summary,
    const std::function<CommandResult(Session&, const Arguments&)>& run)
{
    Command command = verbOfTarget(verb, summary, run);
    command.arguments = u"TARGET USER"_s;
    command.example += u" 4f1c0d2e"_s;
    command.minimumArguments = 2;
    command.maximumArguments = 2;
    return command;
}
} // namespace

std::vector<Command> pushCommands()
{
    Command pushes
        = verbOfTarget(u"pushes"_s, u"What was delivered to a target, newest first."_s, listPushes);
    pushes.options = { QCommandLineOption(u"limit"_s, u"At most so many (default 50)."_s, u"N"_s) };
    return {
        verbOfTarget(u"test"_s, u"Reach, sign in, what is there, clocks, files; step by step."_s,
            testTarget),
        verbOfTarget(
            u"join"_s, u"Whether the people who sign in are those of the directory."_s, checkJoin),
        pushes,
        verbOfUser(u"block"_s, u"Lock a person out of our routes at once."_s, blockUser),
        verbOfUser(u"unblock"_s, u"Let a blocked person in again."_s, unblockUser),
        { .noun = u"push"_s,
            .arguments = u"TARGET [--dry-run]"_s,
            .summary
            = u"Deliver people, groups, policies and routes to a proxy. Exit 2 with --dry-run: there are changes."_s,
            .example = u"push Office --dry-run"_s,
            .minimumArguments = 1,
            .maximumArguments = 1,
            .options = { QCommandLineOption(u"dry-run"_s, u"Compare, and write nothing."_s),
                QCommandLineOption(
                    u"plan"_s, u"Deliver exactly this plan, or refuse."_s, u"HASH"_s),
                QCommandLineOption(
                    u"allow-held"_s, u"Let the held plan of this hash through."_s, u"HASH"_s),
                QCommandLineOption(u"foreign"_s,
                    u"Records of somebody else: leave_alone, adopt, delete or keep."_s,
                    u"CHOICE"_s),
                QCommandLineOption(u"adopt"_s,
                    u"A policy or route at the proxy that becomes ours; may be repeated."_s,
                    u"ID"_s) },
            .run = push },
    };
}

} // namespace portreeve::ctl
