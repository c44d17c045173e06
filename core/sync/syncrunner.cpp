// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/syncrunner.h"

#include "core/base/logging.h"
#include "core/store/removalkey.h"
#include "core/sync/activerun.h"
#include "core/sync/diff.h"
#include "core/sync/scheduler.h"
#include "core/sync/sourcereader.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr std::chrono::milliseconds kShortestRetention = std::chrono::hours(24 * 30);
constexpr std::chrono::milliseconds kFullReconcileEvery = std::chrono::hours(24);

Error moved(const QString& connection)
{
    return { .code = ErrorCode::Stale,
        .what = message(QT_TRANSLATE_NOOP("Message",
                            "The plan for “%1” is out of date: its source, its settings or the "
                            "stored directory moved since it was made."),
            connection),
        .remedy = message(
            QT_TRANSLATE_NOOP("Message", "Nothing was changed. Make a new plan and review it.")) };
}

Error cancelledBetweenLooks(const QString& connection)
{
    return { .code = ErrorCode::Cancelled,
        .what
        = message(QT_TRANSLATE_NOOP("Message", "The sync of “%1” was cancelled."), connection) };
}

/// Whether the plan asks for a decision that is not waiting already.
bool opensNewHold(const SyncPlan& plan, const std::optional<Hold>& hold)
{
    return plan.verdict == Verdict::Held && (!hold || hold->planHash != heldPart(plan).planHash);
}

bool appliesAnything(const SyncPlan& plan)
{
    const auto isApplied = [](const auto& change) { return !change.held; };
    const auto any = [&](const auto& changes) {
        return std::any_of(changes.begin(), changes.end(), isApplied);
    };
    return any(plan.changes.groups) || any(plan.changes.users) || any(plan.changes.memberships);
}

/// Whether the source's word that nothing changed is enough: not under new settings, and not when
/// it was last read in full long ago.
Result<bool> mayBelieve(
    Store& store, UtcTime now, const Connection& connection, const StoredDirectory& stored)
{
    if (stored.generation == 0 || stored.fingerprint != settingsFingerprint(connection)) {
        return false;
    }
    // A run that finds its source unchanged is not kept, so each good one has read everything.
    const auto runs = store.runs().list({ .connectionId = connection.id });
    if (!runs) {
        return runs.error();
    }
    const auto last = std::find_if(runs->begin(), runs->end(), [](const RunRecord& run) {
        return !run.revertsRun && run.finishedAt
            && (run.outcome == RunOutcome::Succeeded || run.outcome == RunOutcome::Held);
    });
    return last != runs->end() && now - *last->finishedAt < kFullReconcileEvery;
}

std::int64_t heldRows(const ChangeCounts& counts)
{
    return counts.users.held + counts.groups.held + counts.memberships.held;
}

/// The hold a commit of this plan leaves open.
std::optional<Hold> holdOf(const SyncPlan& plan, const std::optional<Hold>& open, UtcTime now)
{
    if (plan.revertsRun) {
        return open; // a revert decides nothing about what the provider's removals wait for
    }
    if (plan.verdict != Verdict::Held) {
        return std::nullopt;
    }
    const SyncPlan waiting = heldPart(plan);
    if (open && open->planHash == waiting.planHash) {
        return open;
    }
    return Hold { .connectionId = plan.connectionId,
        .planHash = waiting.planHash,
        .baseGeneration = plan.baseGeneration,
        .openedAt = now,
        .planJson = waiting.toJsonText() };
}

} // namespace

SyncRunner::SyncRunner(Services services)
    : m_services(std::move(services))
{
}

Result<int> SyncRunner::recover()
{
    auto& connections = m_services.store.connections();
    const auto interrupted = m_services.store.runs().recoverInterrupted();
    const auto all = connections.list();
    if (!interrupted || !all) {
        return interrupted ? all.error() : interrupted.error();
    }
    for (Connection connection : *all) {
        const auto hold = m_services.store.directory().hold(connection.id);
        if (!hold) {
            return hold.error();
        }
        const ConnectionState resting = restingState(connection, hold->has_value());
        if (resting == connection.state && !std::ranges::count(*interrupted, connection.id)) {
            continue;
        }
        const auto claimed = connections.claimRun(connection.id);
        if (!claimed || !*claimed) {
            continue; // a living process is at it
        }
        if (resting != connection.state || connection.stateReason.isEmpty()) { // a hold says more
            connection.stateReason = message(
                QT_TRANSLATE_NOOP("Message", "The last run was interrupted; nothing was changed."));
        }
        connection.state = resting;
        const auto updated = connections.updateState(connection);
        const auto released = connections.releaseRun(connection.id);
        if (!updated || !released) {
            return updated ? released.error() : updated.error();
        }
    }
    return static_cast<int>(interrupted->size());
}

Result<void> SyncRunner::guardPlan(
    SyncPlan& plan, const Connection& connection, const StoredDirectory& stored, bool scopeChanged)
{
    GuardInput input { .limits = connection.limits,
        .neverRemove = connection.rules.neverRemove,
        .scopeChanged = scopeChanged,
        .protectedUsers = stored.protectedUsers };
    if (!plan.revertsRun) {
        const auto hold = m_services.store.directory().hold(connection.id);
        if (!hold) {
            return hold.error();
        }
        input.waiting = *hold ? heldKeys((*hold)->planJson) : std::vector<QString>();
    }
    if (m_services.evaluateAccess) {
        auto impact = m_services.evaluateAccess(m_services.store, connection, plan.changes);
        if (!impact) {
            return impact.error();
        }
        plan.access = impact->changes;
        input.access = *std::move(impact);
    }
    plan.trips = guardChanges(plan.changes, input);
    sealPlan(plan);
    return {};
}

Result<SyncPlan> SyncRunner::makePlan(const Connection& connection, const Reading& reading,
    const StoredDirectory& stored, RunTrigger trigger)
{
    SyncPlan plan { .connectionId = connection.id,
        .connectionName = connection.name,
        .baseGeneration = stored.generation,
        .fingerprint = settingsFingerprint(connection),
        .firstRun = stored.generation == 0,
        .changes = diffSnapshots(stored.snapshot, reading.snapshot),
        .quarantine = reading.quarantine,
        .notes = reading.notes,
        .danglingMembers = reading.snapshot->danglingMembers(),
        .sourceState = reading.nextState,
        .tenantId = reading.tenantId };
    excludePinned(plan.changes, stored.pinned);
    const bool unseen = trigger == RunTrigger::Schedule && !plan.firstRun
        && stored.fingerprint != plan.fingerprint;
    if (const auto guarded = guardPlan(plan, connection, stored, unseen); !guarded) {
        return guarded.error();
    }
    return plan;
}

Result<SyncPlan> SyncRunner::plan(const QString& connectionId, const RunControl& control)
{
    const auto connection = m_services.store.connections().byId(connectionId);
    if (!connection) {
        return connection.error();
    }
    const auto stored = m_services.store.directory().load(connectionId);
    if (!stored) {
        return stored.error();
    }
    const auto reading = SourceReader(m_services, control).read(*connection, {});
    if (!reading) {
        return reading.error();
    }
    control.progress({ .phase = RunProgress::Phase::Plan });
    auto plan = makePlan(*connection, *reading, *stored, control.trigger);
    // Comparing takes seconds in a large directory, and nobody reads the plan of a cancelled run.
    return control.stop.stop_requested() ? cancelledBetweenLooks(connection->name)
                                         : std::move(plan);
}

Result<SyncOutcome> SyncRunner::sync(const QString& connectionId, const RunControl& control)
{
    const auto run = ActiveRun::start(m_services, connectionId, control);
    if (!run) {
        return run.error();
    }
    auto outcome = syncOnce(**run);
    if (!outcome) {
        return (*run)->fail(outcome.error());
    }
    return outcome;
}

Result<SyncOutcome> SyncRunner::syncOnce(ActiveRun& run)
{
    const Connection& connection = run.connection();
    const RunControl& control = run.control();
    const auto stored = m_services.store.directory().load(connection.id);
    const auto hold = m_services.store.directory().hold(connection.id);
    if (!stored || !hold) {
        return stored ? hold.error() : stored.error();
    }
    const auto believes = hold->has_value()
        ? Result<bool>(false)
        : mayBelieve(m_services.store, m_services.clock.nowUtc(), connection, *stored);
    if (!believes) {
        return believes.error();
    }
    SourceReader reader(m_services, control);
    auto reading = reader.read(connection, *believes ? stored->sourceState : QByteArray());
    if (!reading) {
        return reading.error();
    }
    if (reading->unchanged) {
        return finishUnchanged(run, *stored, reading->tenantId);
    }
    control.progress({ .phase = RunProgress::Phase::Plan });
    auto plan = makePlan(connection, *reading, *stored, control.trigger);
    if (plan && control.trigger == RunTrigger::Schedule && opensNewHold(*plan, *hold)) {
        // Providers have bad minutes: look twice before asking a person.
        const auto pause = connection.schedule.recheckDelay;
        control.progress({ .phase = RunProgress::Phase::Plan,
            .waitingFor = u"second look in %1"_s.arg(formatDuration(pause)) });
        if (!m_services.clock.sleep(pause, control.stop)) {
            return cancelledBetweenLooks(connection.name);
        }
        reading = reader.read(connection, {});
        if (!reading) {
            return reading.error();
        }
        plan = makePlan(connection, *reading, *stored, control.trigger);
    }
    if (!plan) {
        return plan.error();
    }
    return applyInRun(run, *std::move(plan), *stored, std::nullopt);
}

Result<SyncOutcome> SyncRunner::finishUnchanged(
    ActiveRun& run, const StoredDirectory& stored, const QString& tenantId)
{
    const auto discarded = run.discard();
    const auto settled = run.succeed(false, tenantId);
    if (!discarded || !settled) {
        return discarded ? settled.error() : discarded.error();
    }
    return SyncOutcome { .plan = { .connectionId = run.connection().id,
                             .connectionName = run.connection().name,
                             .baseGeneration = stored.generation,
                             .fingerprint = stored.fingerprint } };
}

Result<SyncOutcome> SyncRunner::applyInRun(ActiveRun& run, SyncPlan plan,
    const StoredDirectory& stored, const std::optional<Approval>& approval)
{
    const auto today = m_services.store.connections().byId(plan.connectionId);
    if (!today) {
        return today.error();
    }
    if (settingsFingerprint(*today) != plan.fingerprint) {
        return moved(plan.connectionName);
    }
    const QString reviewedHash = plan.planHash;
    std::optional<HoldApproval> approved;
    if (approval) {
        const std::int64_t waited = heldRows(plan.counts);
        releaseHeld(plan.changes, *approval, stored.protectedUsers);
        sealPlan(plan);
        if (const auto rows = waited - heldRows(plan.counts); rows > 0) {
            approved = HoldApproval { .planHash = reviewedHash, .rows = rows };
        }
    }
    if (run.control().stop.stop_requested()) {
        return cancelledBetweenLooks(plan.connectionName);
    }
    const bool held = plan.verdict == Verdict::Held;
    RunRecord record = run.record(held ? RunOutcome::Held : RunOutcome::Succeeded);
    record.planHash = reviewedHash;
    record.revertsRun = plan.revertsRun;
    record.quarantined = static_cast<std::int64_t>(plan.quarantine.size());
    record.notes = plan.notes;
    auto written = writeRun(run, plan, stored, record, approved);
    if (!written) {
        return written.error();
    }
    purgeTombstones(*today);
    qCInfo(lcSync).noquote() << "run of" << plan.connectionName << runOutcomeName(written->outcome)
                             << "at generation" << written->generation;
    return SyncOutcome { .plan = std::move(plan), .run = *std::move(written) };
}

Result<RunRecord> SyncRunner::writeRun(ActiveRun& run, const SyncPlan& plan,
    const StoredDirectory& stored, const RunRecord& record,
    const std::optional<HoldApproval>& approval)
{
    auto& directory = m_services.store.directory();
    const auto open = directory.hold(plan.connectionId);
    if (!open) {
        return open.error();
    }
    const auto hold = holdOf(plan, *open, m_services.clock.nowUtc());
    const bool sameHold
        = hold.has_value() == open->has_value() && (!hold || hold->planHash == (*open)->planHash);
    const bool sameSource = stored.generation > 0 && stored.sourceState == plan.sourceState
        && stored.fingerprint == plan.fingerprint
        && (plan.tenantId.isEmpty() || run.connection().tenantId == plan.tenantId);
    // A commit also lets go of rejected removals whose objects the provider lists again.
    const bool unpins = !plan.revertsRun
        && std::any_of(stored.pinned.begin(), stored.pinned.end(),
            [&](const QString& key) { return isSeen(key, *plan.changes.after); });
    const bool commits = appliesAnything(plan) || !sameHold || !sameSource || unpins;
    if (commits) {
        run.control().progress({ .phase = RunProgress::Phase::Apply });
    }
    auto written = commits ? directory.commit({ .connectionId = plan.connectionId,
                                 .baseGeneration = plan.baseGeneration,
                                 .changes = &plan.changes,
                                 .sourceState = plan.sourceState,
                                 .fingerprint = plan.fingerprint,
                                 .tenantId = plan.tenantId,
                                 .run = record,
                                 .approval = approval,
                                 .hold = hold,
                                 .actor = run.control().actor })
                           : run.recordUncommitted(record);
    if (!written) {
        return written;
    }
    if (const auto settled = run.succeed(hold.has_value(), plan.tenantId); !settled) {
        return settled.error();
    }
    return written;
}

void SyncRunner::purgeTombstones(const Connection& connection)
{
    const auto retention = std::max(connection.rules.tombstoneRetention, kShortestRetention);
    const auto purged = m_services.store.directory().purgeTombstones(
        connection.id, m_services.clock.nowUtc() - retention);
    if (!purged) {
        qCWarning(lcSync).noquote() << purged.error().toText();
    }
}

Result<SyncOutcome> SyncRunner::apply(const QString& connectionId, const QString& planHash,
    const std::optional<Approval>& approval, const RunControl& control)
{
    const auto run = ActiveRun::start(m_services, connectionId, control);
    if (!run) {
        return run.error();
    }
    const auto attempt = [&]() -> Result<SyncOutcome> {
        const Connection& connection = (*run)->connection();
        const auto stored = m_services.store.directory().load(connectionId);
        if (!stored) {
            return stored.error();
        }
        const auto reading = SourceReader(m_services, control).read(connection, {});
        if (!reading) {
            return reading.error();
        }
        control.progress({ .phase = RunProgress::Phase::Plan });
        auto plan = makePlan(connection, *reading, *stored, control.trigger);
        if (!plan) {
            return plan.error();
        }
        if (plan->planHash != planHash || (approval && approval->planHash != planHash)) {
            return moved(connection.name);
        }
        return applyInRun(**run, *std::move(plan), *stored, approval);
    };
    auto outcome = attempt();
    if (!outcome) {
        return (*run)->fail(outcome.error());
    }
    return outcome;
}

Result<SyncOutcome> SyncRunner::applyPlan(
    SyncPlan plan, const std::optional<Approval>& approval, const RunControl& control)
{
    const auto run = ActiveRun::start(m_services, plan.connectionId, control);
    if (!run) {
        return run.error();
    }
    const auto attempt = [&]() -> Result<SyncOutcome> {
        const auto stored = m_services.store.directory().load(plan.connectionId);
        if (!stored) {
            return stored.error();
        }
        const bool fits = stored->generation == plan.baseGeneration
            && (!approval || approval->planHash == plan.planHash);
        if (!fits) {
            return moved(plan.connectionName);
        }
        return applyInRun(**run, std::move(plan), *stored, approval);
    };
    auto outcome = attempt();
    if (!outcome) {
        return (*run)->fail(outcome.error());
    }
    return outcome;
}

Result<void> SyncRunner::rejectHold(
    const QString& connectionId, const QString& planHash, const QString& actor)
{
    auto& store = m_services.store;
    auto connection = store.connections().byId(connectionId);
    const auto hold = store.directory().hold(connectionId);
    if (!connection || !hold) {
        return connection ? hold.error() : connection.error();
    }
    if (!*hold || (*hold)->planHash != planHash) {
        return moved(connection->name);
    }
    auto pinned = store.directory().pin(connectionId, heldKeys((*hold)->planJson), actor);
    if (!pinned) {
        return pinned;
    }
    if (const auto closed = store.directory().closeHold(connectionId, actor); !closed) {
        return closed;
    }
    if (connection->state != ConnectionState::Held) {
        return {};
    }
    connection->state = ConnectionState::Idle;
    connection->stateReason = {};
    return store.connections().updateState(*connection);
}

} // namespace portreeve
