// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/activerun.h"

#include "core/base/logging.h"
#include "core/sync/scheduler.h"

#include <QRandomGenerator>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

double jitter()
{
    return QRandomGenerator::global()->generateDouble();
}

Result<void> refuseRestingStates(const Connection& connection)
{
    if (connection.state == ConnectionState::Disabled) {
        return Error { .code = ErrorCode::InvalidInput,
            .what = message(QT_TRANSLATE_NOOP("Message", "“%1” is disabled."), connection.name),
            .remedy = message(QT_TRANSLATE_NOOP(
                "Message", "Enable the connection first; that tests it again.")) };
    }
    return {};
}

Error alreadyRunning(const Connection& connection)
{
    return { .code = ErrorCode::LimitExceeded,
        .what = message(
            QT_TRANSLATE_NOOP("Message", "A sync of “%1” is going on already."), connection.name),
        .remedy
        = message(QT_TRANSLATE_NOOP("Message", "Wait until it has ended, then try again.")) };
}

} // namespace

SyncRunner::ActiveRun::ActiveRun(
    const Services& services, Connection connection, const RunControl& control)
    : m_services(services)
    , m_control(control)
    , m_connection(std::move(connection))
    , m_startedAt(services.clock.nowUtc())
{
}

Result<std::unique_ptr<SyncRunner::ActiveRun>> SyncRunner::ActiveRun::start(
    const Services& services, const QString& connectionId, const RunControl& control)
{
    auto connection = services.store.connections().byId(connectionId);
    if (!connection) {
        return connection.error();
    }
    if (const auto allowed = refuseRestingStates(*connection); !allowed) {
        return allowed.error();
    }
    const auto claimed = services.store.connections().claimRun(connectionId);
    if (!claimed) {
        return claimed.error();
    }
    if (!*claimed) {
        return alreadyRunning(*connection);
    }
    std::unique_ptr<ActiveRun> run(new ActiveRun(services, *std::move(connection), control));
    auto record = services.store.runs().begin(connectionId, control.trigger);
    if (!record) {
        return record.error();
    }
    run->m_run = *std::move(record);
    return run;
}

SyncRunner::ActiveRun::~ActiveRun()
{
    const auto released = m_services.store.connections().releaseRun(m_connection.id);
    if (!released) {
        qCWarning(lcSync).noquote() << released.error().toText();
    }
}

RunRecord SyncRunner::ActiveRun::record(RunOutcome outcome) const
{
    RunRecord run = m_run;
    run.connectionId = m_connection.id;
    run.connectionName = m_connection.name;
    run.trigger = m_control.trigger;
    run.startedAt = m_startedAt;
    run.finishedAt = m_services.clock.nowUtc();
    run.outcome = outcome;
    return run;
}

Error SyncRunner::ActiveRun::fail(const Error& error)
{
    const bool cancelled = error.code == ErrorCode::Cancelled;
    RunRecord run = record(cancelled ? RunOutcome::Cancelled : RunOutcome::Failed);
    run.error = error;
    qCInfo(lcSync).noquote() << "run of" << m_connection.name << runOutcomeName(run.outcome) << ':'
                             << errorCodeName(error.code);
    if (const auto stored = m_services.store.runs().record(run); !stored) {
        qCWarning(lcSync).noquote() << stored.error().toText();
    }
    // A plan that no longer fits says nothing about the provider.
    if (error.code == ErrorCode::Stale) {
        return error;
    }
    auto now = m_services.store.connections().byId(m_connection.id);
    if (!now) {
        return error;
    }
    const Connection failed
        = afterFailure(*std::move(now), error, m_startedAt, m_services.clock.nowUtc(), jitter());
    const auto stored = m_services.store.connections().updateState(failed);
    if (!stored) {
        qCWarning(lcSync).noquote() << stored.error().toText();
    }
    return error;
}

Result<void> SyncRunner::ActiveRun::succeed(bool held, const QString& tenantId)
{
    // Read again: an administrator may have disabled it, or the commit moved its generation.
    auto now = m_services.store.connections().byId(m_connection.id);
    if (!now) {
        return now.error();
    }
    Connection updated
        = afterSuccess(*std::move(now), held, m_startedAt, m_services.clock.nowUtc(), jitter());
    if (!tenantId.isEmpty()) {
        updated.tenantId = tenantId;
    }
    return m_services.store.connections().updateState(updated);
}

Result<RunRecord> SyncRunner::ActiveRun::recordUncommitted(const RunRecord& run)
{
    return m_services.store.runs().record(run);
}

Result<void> SyncRunner::ActiveRun::discard()
{
    return m_services.store.runs().discard(m_run.id);
}

} // namespace portreeve
