// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/connectors/registry.h"
#include "core/settings/connection.h"
#include "core/settings/secretstore.h"
#include "core/store/store.h"
#include "core/sync/guard.h"
#include "core/sync/syncplan.h"

#include <functional>
#include <memory>
#include <stop_token>

namespace portreeve {

/// findConnector(), or another list of connectors in tests. nullptr when there is none of that id.
using ConnectorLookup = std::function<const ConnectorDescriptor*(QStringView)>;

/// Who gains or loses which route by a change set, as core/access computes it from the stored
/// policies; may be empty: then plans say nothing about access and G8 does not judge.
using AccessEvaluation
    = std::function<Result<AccessImpact>(Store&, const Connection&, const ChangeSet&)>;

struct Reading;

/// Options and secrets as typed into a form that is not saved yet, or as stored.
struct ConnectionDraft
{
    Connection connection {};
    QHash<QString, QString> typedSecrets {}; ///< by field; others are read from the secret store
    bool enables = false; ///< a disabled connection is enabled by a test that passes
};

struct RunControl
{
    std::stop_token stop {};
    ProgressSink progress = [](const RunProgress&) { };
    RunTrigger trigger = RunTrigger::Manual;
    QString actor = QStringLiteral("admin");
};

struct SyncOutcome
{
    SyncPlan plan {};
    std::optional<RunRecord> run {}; ///< nothing for an unchanged source
};

/// The five steps of a sync, blocking, on the calling thread. Used by the command line directly and
/// by SyncService on run threads. Single-flight per connection over all processes: LimitExceeded
/// when another run of it is going on.
class SyncRunner
{
public:
    struct Services
    {
        Store& store;
        SecretStore& secrets;
        Clock& clock;
        HttpClientFactory makeHttp;
        ConnectorLookup findConnector = [](QStringView id) { return portreeve::findConnector(id); };
        AccessEvaluation evaluateAccess {};
    };

    explicit SyncRunner(Services services);

    /// Marks runs of dead processes as interrupted and brings their connections back to the state
    /// they were in (sync-lifecycle.md T6). @return how many runs
    Result<int> recover();

    /// Stores nothing but the connection's state when @p draft is a stored connection.
    Result<TestReport> test(const ConnectionDraft& draft, const RunControl& control);

    /// Fetch, diff, guard. Writes nothing at all (sync-lifecycle.md T2).
    Result<SyncPlan> plan(const QString& connectionId, const RunControl& control);

    /// Fetches again, plans again, and applies when the hash is still @p planHash; else Stale.
    /// With @p approval, held removals named there go through too.
    Result<SyncOutcome> apply(const QString& connectionId, const QString& planHash,
        const std::optional<Approval>& approval, const RunControl& control);

    /// Applies a plan made moments ago in this process, when the stored generation has not moved.
    Result<SyncOutcome> applyPlan(
        SyncPlan plan, const std::optional<Approval>& approval, const RunControl& control);

    /// Plan and apply in one go, guards in force; updates the connection's state and next attempt.
    Result<SyncOutcome> sync(const QString& connectionId, const RunControl& control);

    /// The inverse of a run as a plan against today's state.
    Result<SyncPlan> planRevert(std::int64_t runId);

    /// Closes a hold; each removal is pinned until its object is seen again.
    Result<void> rejectHold(
        const QString& connectionId, const QString& planHash, const QString& actor);

private:
    class ActiveRun;

    Result<SyncOutcome> syncOnce(ActiveRun& run);
    Result<SyncOutcome> applyInRun(ActiveRun& run, SyncPlan plan, const StoredDirectory& stored,
        const std::optional<Approval>& approval);
    Result<SyncPlan> makePlan(const Connection& connection, const Reading& reading,
        const StoredDirectory& stored, RunTrigger trigger);
    Result<void> guardPlan(SyncPlan& plan, const Connection& connection,
        const StoredDirectory& stored, bool scopeChanged);
    Result<SyncOutcome> finishUnchanged(
        ActiveRun& run, const StoredDirectory& stored, const QString& tenantId);
    Result<RunRecord> writeRun(ActiveRun& run, const SyncPlan& plan, const StoredDirectory& stored,
        const RunRecord& record, const std::optional<HoldApproval>& approval);
    void purgeTombstones(const Connection& connection);
    Result<void> recordTest(const ConnectionDraft& draft, const TestReport& report);

    Services m_services;
};

} // namespace portreeve
