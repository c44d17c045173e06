// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/command.h"
#include "app/ctl/json.h"
#include "core/access/storedaccess.h"
#include "core/settings/datadirectory.h"
#include "core/sync/scheduler.h"
#include "core/sync/syncservice.h"

#include <QCoreApplication>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
void logEvent(Session& session, const QString& event, const QJsonObject& details)
{
    QJsonObject line { { u"at"_s, toRfc3339(session.clock().nowUtc()) }, { u"event"_s, event } };
    for (auto detail = details.constBegin(); detail != details.constEnd(); ++detail) {
        line.insert(detail.key(), detail.value());
    }
    if (session.out().isJson()) {
        session.out().line(line);
        return;
    }
    QStringList words { line.value(u"at"_s).toString(), event };
    for (auto detail = details.constBegin(); detail != details.constEnd(); ++detail) {
        words.append(detail.key() + u'=' + detail->toVariant().toString());
    }
    session.out().text(words.join(u' '));
}

void logOutcome(Session& session, const QString& connectionId, const Result<SyncOutcome>& outcome)
{
    if (!outcome) {
        logEvent(session, u"sync_failed"_s,
            { { u"connection_id"_s, connectionId },
                { u"code"_s, errorCodeName(outcome.error().code) },
                { u"what"_s, outcome.error().what.english() } });
        return;
    }
    QJsonObject details { { u"connection"_s, outcome->plan.connectionName },
        { u"verdict"_s, verdictName(outcome->plan.verdict) } };
    if (outcome->run) {
        details.insert(u"run_id"_s, QString::number(outcome->run->id));
        details.insert(u"generation"_s, qint64(outcome->run->generation));
    }
    logEvent(session, u"sync_finished"_s, details);
}

CommandResult serveOnce(Session& session)
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
        if (!isDue(connection, session.clock().nowUtc()) || session.stopToken().stop_requested()) {
            continue;
        }
        RunControl control = session.control();
        control.trigger = RunTrigger::Schedule;
        const auto outcome = runner->sync(connection.id, control);
        logOutcome(session, connection.id, outcome);
        if (!outcome) {
            code = exitCodeFor(outcome.error().code);
        } else if (outcome->plan.verdict == Verdict::Held && code == ExitCode::Done) {
            code = ExitCode::Held;
        }
    }
    return session.stopToken().stop_requested() ? ExitCode::Cancelled : code;
}

CommandResult serve(Session& session, const Arguments& arguments)
{
    if (arguments.has(u"once"_s)) {
        return serveOnce(session);
    }
    const auto secrets = session.secrets();
    if (!secrets) {
        return secrets.error();
    }
    // Opened once here so that a database that cannot be used ends the program at once.
    if (const auto store = session.store(); !store) {
        return store.error();
    }
    SyncService service({ .store = { .path = databasePath(session.options().dataDirectory) },
        .secrets = **secrets,
        .clock = session.clock(),
        .makeHttp = session.httpFactory(),
        .evaluateAccess = access::storedAccessImpact });
    QObject::connect(&service, &SyncService::syncFinished, &service,
        [&session](const QString& id, const Result<SyncOutcome>& outcome) {
            logOutcome(session, id, outcome);
        });
    QObject::connect(&service, &SyncService::runStarted, &service, [&session](const QString& id) {
        logEvent(session, u"run_started"_s, { { u"connection_id"_s, id } });
    });
    // The stop request arrives on another thread; quit() is a queued call from there.
    const std::stop_callback quit(session.stopToken(), [] {
        QMetaObject::invokeMethod(
            QCoreApplication::instance(), &QCoreApplication::quit, Qt::QueuedConnection);
    });
    if (session.stopToken().stop_requested()) {
        return ExitCode::Cancelled;
    }
    logEvent(session, u"started"_s,
        { { u"data_dir"_s, session.options().dataDirectory },
            { u"secrets"_s, (*secrets)->displayName() } });
    service.start();
    QCoreApplication::exec();
    logEvent(session, u"stopped"_s, {});
    return ExitCode::Done;
}

CommandResult status(Session& session, const Arguments& arguments)
{
    const auto allowed = parseDuration(arguments.value(u"max-age"_s, u"24h"_s));
    if (!allowed) {
        return allowed.error();
    }
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    const auto connections = (*store)->connections().list();
    if (!connections) {
        return connections.error();
    }
    bool stale = false;
    QJsonArray all;
    std::vector<QStringList> rows;
    const UtcTime now = session.clock().nowUtc();
    for (const auto& connection : *connections) {
        const bool polled = connection.state != ConnectionState::Disabled
            && connection.state != ConnectionState::Draft;
        const UtcTime since = connection.lastSuccessAt.value_or(connection.createdAt);
        const bool old = polled && now - since > *allowed;
        stale = stale || old;
        QJsonObject object = toJson(connection);
        object.insert(u"stale"_s, old);
        all.append(object);
        rows.push_back(
            { connection.name, connectionStateName(connection.state), old ? u"stale"_s : u"fresh"_s,
                connection.lastSuccessAt ? toRfc3339(*connection.lastSuccessAt) : u"never"_s,
                connection.lastError ? connection.lastError->what.english() : QString() });
    }
    if (session.out().isJson()) {
        session.out().document({ { u"connections"_s, all }, { u"targets"_s, QJsonArray() } });
    } else {
        session.out().table(
            { u"NAME"_s, u"STATE"_s, u"DATA"_s, u"LAST SUCCESS"_s, u"LAST ERROR"_s }, rows);
    }
    return stale ? ExitCode::Stale : ExitCode::Done;
}
} // namespace

std::vector<Command> serviceCommands()
{
    return {
        { .noun = u"serve"_s,
            .summary
            = u"Poll every connection on its delays until stopped; --once runs what is due and ends."_s,
            .example = u"serve --json"_s,
            .options = { QCommandLineOption(u"once"_s, u"Run what is due and end."_s) },
            .run = serve },
        { .noun = u"status"_s,
            .summary = u"State of every connection. Exit 6: one has had no success for too long."_s,
            .example = u"status --max-age 12h"_s,
            .options = { QCommandLineOption(u"max-age"_s,
                u"How long without success is too long (default 24h)."_s, u"DURATION"_s) },
            .run = status },
    };
}

} // namespace portreeve::ctl
