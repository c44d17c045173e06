// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/connectors/connector.h"
#include "core/settings/connection.h"
#include "core/settings/secretstore.h"
#include "core/store/store.h"
#include "core/sync/guard.h"
#include "core/sync/syncplan.h"

#include <functional>
#include <memory>
#include <stop_token>

namespace portreeve {

/// Makes the HttpClient of one run, on the run's thread.
using HttpClientFactory = std::function<std::unique_ptr<HttpClient>(const HttpSettings&)>;

/// Options and secrets as typed into a form that is not saved yet, or as stored.
struct ConnectionDraft
{
    Connection connection {};
    QHash<QString, QString> typedSecrets {}; ///< by field; others are read from the secret store
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
    };

    explicit SyncRunner(Services services);

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
    Services m_services;
};

} // namespace portreeve
