// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/syncservice.h"

#include "core/base/logging.h"
#include "core/store/storedsettings.h"
#include "core/store/storeworker.h"
#include "core/sync/runqueue.h"
#include "core/sync/scheduler.h"

#include <QHash>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr std::size_t kRunsAtOnce = 2;
constexpr std::chrono::milliseconds kProgressEvery { 100 };
constexpr std::chrono::milliseconds kDeferFailedStart = std::chrono::seconds(30);

Error neverStarted()
{
    return { .code = ErrorCode::Cancelled,
        .what = message(QT_TRANSLATE_NOOP("Message", "The run was cancelled before it began.")) };
}

/// What one look at the store found.
struct Look
{
    std::int64_t version = 0;
    std::vector<Connection> connections {};
};

/// Gives polled connections without a next attempt their first one, and mends times a clock that
/// went back made senseless (T7).
Result<void> settleAttempt(Store& store, const Connection& seen, UtcTime now)
{
    if (const auto moved = rescheduledAfterClockChange(seen, now)) {
        return store.connections().reschedule(seen, *moved);
    }
    const bool first = isPolled(seen.state) && !seen.nextAttemptAt;
    return first ? store.connections().reschedule(seen, firstAttempt(seen, now)) : Result<void>();
}

Result<Look> look(Store& store, UtcTime now)
{
    auto connections = store.connections().list();
    if (!connections) {
        return connections.error();
    }
    for (const Connection& connection : *connections) {
        if (const auto settled = settleAttempt(store, connection, now); !settled) {
            return settled.error();
        }
    }
    auto settled = store.connections().list();
    const auto version = store.dataVersion();
    if (!settled || !version) {
        return settled ? version.error() : settled.error();
    }
    return Look { .version = *version, .connections = *std::move(settled) };
}

} // namespace

struct SyncService::Private
{
    /// What a run thread has at hand.
    struct RunTools
    {
        Store& store;
        SyncRunner& runner;
        const RunControl& control;
    };

    /// One request: what to do on the run thread, and how to answer on the owner's.
    struct Request
    {
        QString connectionId {};
        Task task = Task::Sync;
        bool merges = false; ///< asked twice, it needs doing once
        RunTrigger trigger = RunTrigger::Manual;
        std::function<RunQueue::Delivery(RunTools&)> work {};
        std::function<void(const Error&)> refuse {};
    };

    Private(SyncService& owner, Services given)
        : q(owner)
        , services(std::move(given))
        , worker(services.store, services.clock)
        , queue(owner, kRunsAtOnce)
    {
    }

    SyncRunner runnerOn(Store& store) const
    {
        return SyncRunner({ .store = store,
            .secrets = services.secrets,
            .clock = services.clock,
            .makeHttp = services.makeHttp,
            .findConnector = services.findConnector,
            .evaluateAccess = services.evaluateAccess });
    }

    void add(const Request& request);
    RunQueue::Delivery run(const Request& request, const std::stop_token& stop);
    ProgressSink progressSink(const QString& connectionId);
    void sync(const QString& connectionId, RunTrigger trigger);
    void lookNow();
    void take(const Look& found, std::int64_t seenEnded);
    void startDue(const std::vector<Connection>& connections);
    void noteEnd(const QString& connectionId, RunTrigger trigger, bool succeeded);

    SyncService& q;
    Services services;
    StoreWorker worker;
    RunQueue queue;
    QTimer timer;
    QHash<QString, std::chrono::milliseconds> deferred; // by connection: not before, monotonic
    std::int64_t version = -1;
    std::int64_t ended = 0; // runs; a look from before the last end may show it as still due
    bool looking = false;
    bool paused = false;
};

void SyncService::Private::add(const Request& request)
{
    queue.add({ .key = request.connectionId,
        .kind = static_cast<int>(request.task),
        .merges = request.merges,
        .work = [this, request](const std::stop_token& stop) { return run(request, stop); },
        .started = [this, request] { emit q.runStarted(request.connectionId, request.task); },
        .cancelled = [request] { request.refuse(neverStarted()); } });
}

/// On the run's own thread, with a store of its own.
RunQueue::Delivery SyncService::Private::run(const Request& request, const std::stop_token& stop)
{
    auto store = Store::open(services.store, services.clock);
    if (!store) {
        return [this, request, error = store.error()] {
            noteEnd(request.connectionId, request.trigger, false);
            request.refuse(error);
        };
    }
    SyncRunner runner = runnerOn(**store);
    const RunControl control { .stop = stop,
        .progress = progressSink(request.connectionId),
        .trigger = request.trigger,
        .actor = request.trigger == RunTrigger::Schedule ? u"system"_s : currentActor(**store) };
    RunTools tools { .store = **store, .runner = runner, .control = control };
    return request.work(tools);
}

ProgressSink SyncService::Private::progressSink(const QString& connectionId)
{
    struct Last
    {
        std::chrono::steady_clock::time_point told {};
        RunProgress progress {};
    };

    // Shared by copies of the sink; all on one run thread.
    return [this, connectionId, last = std::make_shared<Last>()](const RunProgress& progress) {
        const auto now = std::chrono::steady_clock::now();
        const bool news = progress.phase != last->progress.phase
            || progress.waitingFor != last->progress.waitingFor;
        if (!news && now - last->told < kProgressEvery) {
            return;
        }
        *last = { .told = now, .progress = progress };
        QMetaObject::invokeMethod(
            &q, [this, connectionId, progress] { emit q.runProgressed(connectionId, progress); },
            Qt::QueuedConnection);
    };
}

void SyncService::Private::noteEnd(const QString& connectionId, RunTrigger trigger, bool succeeded)
{
    ++ended;
    if (trigger == RunTrigger::Schedule && !succeeded) {
        // Its own next attempt may not have been stored: another process has it, or the disk is
        // full.
        deferred.insert(connectionId, services.clock.monotonic() + kDeferFailedStart);
    }
    // After the answer, which is delivered first.
    QMetaObject::invokeMethod(
        &q,
        [this] {
            emit q.storeChanged();
            lookNow();
        },
        Qt::QueuedConnection);
}

void SyncService::Private::sync(const QString& connectionId, RunTrigger trigger)
{
    add({ .connectionId = connectionId,
        .task = Task::Sync,
        .merges = true,
        .trigger = trigger,
        .work = [this, connectionId, trigger](RunTools& tools) -> RunQueue::Delivery {
            return [this, connectionId, trigger,
                       outcome = tools.runner.sync(connectionId, tools.control)] {
                noteEnd(connectionId, trigger, outcome.hasValue());
                emit q.syncFinished(connectionId, outcome);
            };
        },
        .refuse
        = [this, connectionId](const Error& error) { emit q.syncFinished(connectionId, error); } });
}

void SyncService::Private::lookNow()
{
    if (looking) {
        return;
    }
    looking = true;
    worker.run([now = services.clock.nowUtc()](Store& store) { return look(store, now); })
        .then(&q, [this, seen = ended](const Result<Look>& found) {
            looking = false;
            if (found) {
                take(*found, seen);
            } else {
                qCWarning(lcSync).noquote() << found.error().toText();
            }
        });
}

void SyncService::Private::take(const Look& found, std::int64_t seenEnded)
{
    const bool changed = version >= 0 && found.version != version;
    version = found.version;
    if (changed) {
        emit q.storeChanged();
    }
    if (!paused && seenEnded == ended) {
        startDue(found.connections);
    }
}

void SyncService::Private::startDue(const std::vector<Connection>& connections)
{
    const UtcTime now = services.clock.nowUtc();
    const auto monotonic = services.clock.monotonic();
    for (const Connection& connection : connections) {
        const auto notBefore = deferred.constFind(connection.id);
        const bool waits = notBefore != deferred.cend() && monotonic < *notBefore;
        if (isDue(connection, now) && !waits && !queue.isBusy(connection.id)) {
            deferred.remove(connection.id);
            sync(connection.id, RunTrigger::Schedule);
        }
    }
}

SyncService::SyncService(Services services, QObject* parent)
    : QObject(parent)
    , d(std::make_unique<Private>(*this, std::move(services)))
{
    connect(&d->timer, &QTimer::timeout, this, [this] { d->lookNow(); });
}

SyncService::~SyncService() = default;

void SyncService::start()
{
    d->timer.start(d->services.lookEvery);
    d->worker.run([runs = d.get()](Store& store) { return runs->runnerOn(store).recover(); })
        .then(this, [this](const Result<int>& recovered) {
            if (!recovered) {
                qCWarning(lcSync).noquote() << recovered.error().toText();
            }
            d->lookNow();
        });
}

void SyncService::setPaused(bool paused)
{
    d->paused = paused;
    if (!paused) {
        d->lookNow();
    }
}

bool SyncService::isPaused() const
{
    return d->paused;
}

void SyncService::test(const ConnectionDraft& draft)
{
    const QString id = draft.connection.id;
    d->add({ .connectionId = id,
        .task = Task::Test,
        .work = [this, draft](Private::RunTools& tools) -> RunQueue::Delivery {
            return
                [this, id = draft.connection.id, report = tools.runner.test(draft, tools.control)] {
                    d->noteEnd(id, RunTrigger::Manual, report.hasValue());
                    emit testFinished(id, report);
                };
        },
        .refuse = [this, id](const Error& error) { emit testFinished(id, error); } });
}

void SyncService::plan(const QString& connectionId)
{
    d->add({ .connectionId = connectionId,
        .task = Task::Plan,
        .merges = true,
        .work = [this, connectionId](Private::RunTools& tools) -> RunQueue::Delivery {
            return [this, connectionId, plan = tools.runner.plan(connectionId, tools.control)] {
                emit planFinished(connectionId, plan);
            };
        },
        .refuse
        = [this, connectionId](const Error& error) { emit planFinished(connectionId, error); } });
}

void SyncService::sync(const QString& connectionId)
{
    d->sync(connectionId, RunTrigger::Manual);
}

void SyncService::applyPlan(const SyncPlan& plan, const std::optional<Approval>& approval)
{
    const QString id = plan.connectionId;
    const RunTrigger unapproved = plan.revertsRun ? RunTrigger::Revert : RunTrigger::Manual;
    const RunTrigger trigger = approval ? RunTrigger::Approval : unapproved;
    d->add({ .connectionId = id,
        .task = Task::Apply,
        .trigger = trigger,
        .work = [this, plan, approval, trigger](Private::RunTools& tools) -> RunQueue::Delivery {
            return [this, id = plan.connectionId, trigger,
                       outcome = tools.runner.applyPlan(plan, approval, tools.control)] {
                d->noteEnd(id, trigger, outcome.hasValue());
                emit syncFinished(id, outcome);
            };
        },
        .refuse = [this, id](const Error& error) { emit syncFinished(id, error); } });
}

void SyncService::planRevert(std::int64_t runId)
{
    d->worker.run([runId](Store& store) { return store.runs().byId(runId); })
        .then(this, [this, runId](const Result<RunRecord>& run) {
            if (!run) {
                emit planFinished({}, run.error());
                return;
            }
            const QString id = run->connectionId;
            d->add({ .connectionId = id,
                .task = Task::Plan,
                .trigger = RunTrigger::Revert,
                .work = [this, id, runId](Private::RunTools& tools) -> RunQueue::Delivery {
                    return [this, id, plan = tools.runner.planRevert(runId)] {
                        emit planFinished(id, plan);
                    };
                },
                .refuse = [this, id](const Error& error) { emit planFinished(id, error); } });
        });
}

void SyncService::cancel(const QString& connectionId)
{
    d->queue.cancel(connectionId);
}

void SyncService::cancelAll()
{
    d->queue.cancelAll();
}

bool SyncService::isRunning(const QString& connectionId) const
{
    return d->queue.isBusy(connectionId);
}

int SyncService::runningCount() const
{
    return static_cast<int>(d->queue.runningCount());
}

} // namespace portreeve
