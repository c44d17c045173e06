// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/daemon.h"
#include "app/ctl/json.h"
#include "app/ctl/targetjson.h"
#include "app/ctl/targetsupport.h"
#include "core/proxy/delivery/metrics.h"
#include "core/proxy/targetoptions.h"
#include "core/sync/scheduler.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
/// Every automatic target, once; the worst answer.
CommandResult pushOnce(Session& session, Store& store)
{
    const auto targets = store.targets().list();
    if (!targets) {
        return targets.error();
    }
    ExitCode code = ExitCode::Done;
    for (const ProxyTarget& target : *targets) {
        if (!isDeliveredByItself(target) || session.stopToken().stop_requested()) {
            continue;
        }
        auto deliveries = delivery(session);
        if (!deliveries) {
            return deliveries.error();
        }
        DeliveryControl control = deliveryControl(session);
        control.trigger = PushTrigger::Commit;
        control.actor = u"system"_s;
        const auto outcome = deliveries->push({ .targetId = target.id }, control);
        logPush(session, target.id, outcome);
        if (!outcome) {
            code = exitCodeFor(outcome.error().code);
        } else if (outcome->plan.verdict == Verdict::Held && code == ExitCode::Done) {
            code = ExitCode::Held;
        }
    }
    return code;
}

CommandResult serveOnce(Session& session, const ServeOptions& options)
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
        control.actor = u"system"_s;
        const auto outcome = runner->sync(connection.id, control);
        logSync(session, connection.id, outcome);
        if (!outcome) {
            code = exitCodeFor(outcome.error().code);
        } else if (outcome->plan.verdict == Verdict::Held && code == ExitCode::Done) {
            code = ExitCode::Held;
        }
    }
    const auto pushed = pushOnce(session, **store);
    if (!pushed) {
        return pushed.error();
    }
    if (!options.metricsFile.isEmpty()) {
        const auto text = metricsText(**store, {});
        const auto written
            = text ? writeMetricsFile(options.metricsFile, *text) : Result<void>(text.error());
        if (!written) {
            return written.error();
        }
    }
    if (session.stopToken().stop_requested()) {
        return ExitCode::Cancelled;
    }
    return code == ExitCode::Done ? *pushed : code;
}

CommandResult serve(Session& session, const Arguments& arguments)
{
    const auto options = readServeOptions(arguments);
    if (!options) {
        return options.error();
    }
    if (arguments.has(u"once"_s)) {
        return serveOnce(session, *options);
    }
    const auto secrets = session.secrets();
    if (!secrets) {
        return secrets.error();
    }
    // Opened once here so that a database that cannot be used ends the program at once.
    if (const auto store = session.store(); !store) {
        return store.error();
    }
    Daemon daemon(session, **secrets, *options);
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
    if (const auto started = daemon.start(); !started) {
        return started.error();
    }
    QCoreApplication::exec();
    logEvent(session, u"stopped"_s, {});
    return ExitCode::Done;
}

/// What status tells, connections first.
struct Standing
{
    bool isStale = false;
    QJsonArray connections {};
    QJsonArray targets {};
    std::vector<QStringList> rows {};
};

QStringList rowOf(const QString& name, const QString& state, bool isOld,
    const std::optional<UtcTime>& success, const std::optional<Error>& error)
{
    return { name, state, isOld ? u"stale"_s : u"fresh"_s,
        success ? toRfc3339(*success) : u"never"_s, error ? error->what.english() : QString() };
}

void addConnection(Standing& standing, const Connection& connection, UtcTime oldest)
{
    const bool polled = connection.state != ConnectionState::Disabled
        && connection.state != ConnectionState::Draft;
    const bool old = polled && connection.lastSuccessAt.value_or(connection.createdAt) < oldest;
    standing.isStale = standing.isStale || old;
    QJsonObject object = toJson(connection);
    object.insert(u"stale"_s, old);
    standing.connections.append(object);
    standing.rows.push_back(rowOf(connection.name, connectionStateName(shownState(connection)), old,
        connection.lastSuccessAt, connection.lastError));
}

/// A target in step has nothing to be delivered and does not age.
void countTarget(
    Standing& standing, const ProxyTarget& target, UtcTime oldest, std::int64_t generation)
{
    const bool isInStep = target.state == TargetState::InStep && target.generation == generation;
    const bool old = isDeliveredByItself(target) && !isInStep
        && target.lastSuccessAt.value_or(target.createdAt) < oldest;
    standing.isStale = standing.isStale || old;
    QJsonObject object = toJson(target);
    object.insert(u"stale"_s, old);
    object.insert(u"behind"_s, target.generation != generation);
    standing.targets.append(object);
    standing.rows.push_back(rowOf(
        target.name, targetStateName(target.state), old, target.lastSuccessAt, target.lastError));
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
    Standing standing;
    const UtcTime now = session.clock().nowUtc();
    for (const auto& connection : *connections) {
        addConnection(standing, connection, now - *allowed);
    }
    const auto targets = (*store)->targets().list();
    const auto generation = (*store)->directory().generation();
    if (!targets || !generation) {
        return targets ? generation.error() : targets.error();
    }
    for (const auto& target : *targets) {
        countTarget(standing, target, now - *allowed, *generation);
    }
    if (session.out().isJson()) {
        session.out().document(
            { { u"connections"_s, standing.connections }, { u"targets"_s, standing.targets } });
    } else {
        session.out().table(
            { u"NAME"_s, u"STATE"_s, u"DATA"_s, u"LAST SUCCESS"_s, u"LAST ERROR"_s },
            standing.rows);
    }
    return standing.isStale ? ExitCode::Stale : ExitCode::Done;
}
} // namespace

std::vector<Command> serviceCommands()
{
    return {
        { .noun = u"serve"_s,
            .summary
            = u"Poll connections and deliver to targets until stopped; --once does what is due and ends."_s,
            .example = u"serve --json"_s,
            .options = { QCommandLineOption(u"once"_s, u"Run what is due and end."_s),
                QCommandLineOption(u"metrics"_s,
                    u"Serve Prometheus metrics there; an address of this computer."_s,
                    u"ADDRESS:PORT"_s),
                QCommandLineOption(u"metrics-file"_s,
                    u"Keep Prometheus metrics in this file, for a textfile collector."_s,
                    u"PATH"_s) },
            .run = serve },
        { .noun = u"status"_s,
            .summary
            = u"State of every connection and target. Exit 6: one has had no success for too long."_s,
            .example = u"status --max-age 12h"_s,
            .options = { QCommandLineOption(u"max-age"_s,
                u"How long without success is too long (default 24h)."_s, u"DURATION"_s) },
            .run = status },
    };
}

} // namespace portreeve::ctl
