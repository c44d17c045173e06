// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/deliveryservice.h"

#include "core/base/logging.h"
#include "core/proxy/databroker/databrokerclient.h"
#include "core/proxy/delivery/deliveryruns.h"
#include "core/proxy/delivery/deliverysource.h"
#include "core/proxy/delivery/duetargets.h"
#include "core/proxy/delivery/reach.h"
#include "core/proxy/delivery/recordplan.h"
#include "core/proxy/delivery/targetwatch.h"
#include "core/store/storeworker.h"

#include <QThreadPool>
#include <QTimer>

#include <algorithm>
#include <map>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// Another writer, another process at the same target and a proxy that is away.
bool mayPassByItself(const Error& error)
{
    return isTransient(error.code) || error.code == ErrorCode::LimitExceeded
        || error.code == ErrorCode::Held || error.code == ErrorCode::Stale;
}

} // namespace

struct DeliveryService::Private
{
    using Tools = DeliveryRuns::Tools;

    Private(DeliveryService& owner, Services given)
        : q(owner)
        , services(std::move(given))
        , due({ .firstRetry = services.firstRetry,
              .longestRetry = services.longestRetry,
              .retryOfHopeless = services.retryOfHopeless,
              .compareEvery = services.compareEvery })
        , worker(services.store, services.clock)
        , runs(owner, services, [this](const QString& targetId, Task task) {
            if (task == Task::Push) {
                stopWatching(targetId);
            }
        })
    {
    }

    /// A task that answers by one signal, whether it ran or not.
    template <typename Answer>
    void ask(const QString& targetId, Task task, const std::function<Answer(Tools&)>& work,
        const std::function<void(const Answer&)>& tell)
    {
        runs.add({ .targetId = targetId,
            .task = task,
            .work = [work, tell](Tools& tools) -> RunQueue::Delivery {
                return [tell, answer = work(tools)] { tell(answer); };
            },
            .refuse = [tell](const Error& error) { tell(error); } });
    }

    void push(const PushRequest& request, PushTrigger trigger);
    RunQueue::Delivery pushNow(Tools& tools, const PushRequest& request, PushTrigger trigger,
        const std::optional<Message>& cause);
    void pushed(const QString& targetId, PushTrigger trigger,
        const Result<DeliveryOutcome>& outcome, DueTargets::End end);

    void lookNow();
    void forgetOthers();
    void startDue();
    void watch(const QString& targetId, const RecordPositions& from,
        std::unique_ptr<DatabrokerClient> client);
    void onWatchEvent(const QString& targetId, const WatchEvent& event);
    void onForeignWrite(const QString& targetId, const DriftReport& drift);
    void onLost(const QString& targetId, const DriftReport& drift);
    void stopWatching(const QString& targetId);
    void noteReach(const QString& targetId, const Reach& reach);
    void told(const QString& targetId);

    DeliveryService& q;
    Services services;
    DueTargets due;
    std::map<QString, std::shared_ptr<TargetWatch>> watches;
    std::map<QString, RecordPositions> positions; // where watching goes on after a failed push
    std::map<QString, std::int64_t> lastPushes; // ids of those made here
    std::map<QString, Message> drifts; // by target, until the delivery that mends them
    StoreWorker worker;
    QTimer timer;
    bool isStarted = false;
    bool isLooking = false;
    bool looksAgain = false;
    bool isPaused = false;
    std::int64_t version = -1;
    std::optional<UtcTime> changesAt; // by the time alone
    QThreadPool retiring; // watches end here, off the owner's thread
    DeliveryRuns runs; // last: its threads end before what they use
};

void DeliveryService::Private::push(const PushRequest& request, PushTrigger trigger)
{
    const QString id = request.targetId;
    std::optional<Message> cause;
    if (const auto drift = drifts.find(id); drift != drifts.end()) {
        cause = drift->second;
        drifts.erase(drift);
    }
    runs.add({ .targetId = id,
        .merges = DeliveryRuns::isByItself(trigger),
        .trigger = trigger,
        .work = [this, request, trigger, cause](
                    Tools& tools) { return pushNow(tools, request, trigger, cause); },
        .refuse = [this, id](const Error& error) { emit q.pushFinished(id, error); } });
}

RunQueue::Delivery DeliveryService::Private::pushNow(Tools& tools, const PushRequest& request,
    PushTrigger trigger, const std::optional<Message>& cause)
{
    const QString id = request.targetId;
    // Before the push: a change that comes in meanwhile makes the target due again.
    const auto target = tools.store.targets().byId(id);
    const auto fingerprint = target
        ? deliveryFingerprint(tools.store, *target, services.clock.nowUtc())
        : Result<QByteArray>(target.error());
    PushEnd end;
    DeliveryControl control = tools.control;
    control.ended = [&end](const PushEnd& told) { end = told; };
    control.cause = cause;
    const auto outcome = tools.delivery.push(request, control);
    auto client = tools.delivery.openDatabroker(id);
    // Shared, since what runs on the owner's thread has to be copyable.
    auto shared = std::make_shared<std::unique_ptr<DatabrokerClient>>(
        client ? *std::move(client) : nullptr);
    return [this, id, trigger, cause, outcome, end, fingerprint = fingerprint.valueOr({}), shared] {
        if (!outcome && cause) {
            drifts.try_emplace(id, *cause); // for the delivery that succeeds
        }
        RecordPositions& from = positions[id];
        if (outcome && !end.positions.empty()) {
            from.clear(); // types that are no longer delivered
        }
        for (const auto& [type, position] : end.positions) {
            from.insert_or_assign(type, position);
        }
        if (end.pushId != 0) {
            lastPushes.insert_or_assign(id, end.pushId);
        }
        if (*shared && !from.empty() && isStarted) {
            watch(id, from, std::move(*shared));
        }
        pushed(id, trigger, outcome,
            { .fingerprint = fingerprint,
                .isWithheld = end.isWithheld,
                .isWatched = watches.contains(id) });
    };
}

void DeliveryService::Private::pushed(const QString& targetId, PushTrigger trigger,
    const Result<DeliveryOutcome>& outcome, DueTargets::End end)
{
    end.failed = !outcome;
    end.isHopeless = !outcome && !mayPassByItself(outcome.error());
    end.now = services.clock.monotonic();
    due.noteEnd(targetId, end);
    if (!outcome) {
        qCWarning(lcProxy).noquote() << pushTriggerName(trigger) << outcome.error().toText();
    }
    emit q.pushFinished(targetId, outcome);
    told(targetId);
}

/// After the answer, which is delivered first.
void DeliveryService::Private::told(const QString& targetId)
{
    QMetaObject::invokeMethod(
        &q,
        [this, targetId] {
            emit q.targetChanged(targetId);
            lookNow();
        },
        Qt::QueuedConnection);
}

void DeliveryService::Private::lookNow()
{
    if (isLooking) {
        looksAgain = true;
        return;
    }
    isLooking = true;
    const auto now = services.clock.nowUtc();
    const std::int64_t seen = changesAt && *changesAt <= now ? -1 : version;
    worker.run([seen, now](Store& store) { return lookAtTargets(store, seen, now); })
        .then(&q, [this, seen](const Result<TargetsLook>& found) {
            isLooking = false;
            if (!found) {
                qCWarning(lcProxy).noquote() << found.error().toText();
                return;
            }
            const bool isNews = found->version != seen;
            const bool isFirst = version < 0;
            version = found->version;
            if (isNews) {
                changesAt = found->changesAt;
                due.take(found->targets);
                forgetOthers();
            }
            if (isNews && !isFirst) {
                emit q.targetChanged({});
            }
            startDue();
            if (std::exchange(looksAgain, false)) {
                lookNow();
            }
        });
}

/// Targets that were removed, disabled or are no longer automatic.
void DeliveryService::Private::forgetOthers()
{
    std::vector<QString> gone;
    for (const auto& [id, watch] : watches) {
        if (!due.isKept(id)) {
            gone.push_back(id);
        }
    }
    for (const QString& id : gone) {
        stopWatching(id);
    }
    const auto isForgotten = [this](const auto& entry) { return !due.isKept(entry.first); };
    std::erase_if(positions, isForgotten);
    std::erase_if(drifts, isForgotten);
}

void DeliveryService::Private::startDue()
{
    if (!isStarted || isPaused) {
        return;
    }
    for (const auto& [targetId, trigger] : due.at(services.clock.monotonic())) {
        if (!runs.isBusy(targetId)) {
            due.noteStart(targetId);
            push({ .targetId = targetId }, trigger);
        }
    }
}

void DeliveryService::Private::watch(
    const QString& targetId, const RecordPositions& from, std::unique_ptr<DatabrokerClient> client)
{
    if (!due.isKept(targetId)) {
        return;
    }
    auto made = std::make_shared<TargetWatch>(std::move(client), services.clock, q,
        [this, targetId](const WatchEvent& event) { onWatchEvent(targetId, event); });
    made->start(from);
    watches.insert_or_assign(targetId, std::move(made));
}

/// What we write ourselves is no drift.
void DeliveryService::Private::stopWatching(const QString& targetId)
{
    const auto found = watches.find(targetId);
    if (found == watches.end()) {
        return;
    }
    found->second->mute();
    retiring.start([watch = std::move(found->second)]() mutable { watch.reset(); });
    watches.erase(found);
}

void DeliveryService::Private::onWatchEvent(const QString& targetId, const WatchEvent& event)
{
    switch (event.kind) {
    case WatchEventKind::Drift:
        if (!event.recordKind) {
            // Perhaps of others, or a block of ours: the comparison tells.
            due.noteDrift(targetId, services.clock.monotonic());
            break;
        }
        onForeignWrite(targetId,
            { .changes = event.changes,
                .kind = deliveredKind(*event.recordKind),
                .id = event.recordId,
                .isDeleted = event.isDeleted,
                .isMended = !isPaused });
        return;
    case WatchEventKind::Restarted:
    case WatchEventKind::Lost:
        positions.erase(targetId);
        due.noteRestart(targetId);
        onLost(targetId,
            { .isRestart = event.kind == WatchEventKind::Restarted, .isMended = !isPaused });
        return;
    case WatchEventKind::Refused:
        // Nobody watches any more, so only a delivery finds out that it has passed.
        due.noteEnd(
            targetId, { .failed = true, .isHopeless = true, .now = services.clock.monotonic() });
        noteReach(targetId, { .state = TargetState::NeedsAttention, .error = event.error });
        break;
    case WatchEventKind::Unreachable:
        noteReach(targetId, { .state = TargetState::Unreachable, .error = event.error });
        break;
    case WatchEventKind::Reachable:
        due.noteRestart(targetId);
        break;
    }
    startDue();
}

/// Somebody else wrote; or another process of ours did, which is no drift.
void DeliveryService::Private::onForeignWrite(const QString& targetId, const DriftReport& drift)
{
    const auto own = lastPushes.find(targetId);
    const std::int64_t ownId = own == lastPushes.end() ? 0 : own->second;
    worker
        .run([targetId, ownId, now = services.clock.nowUtc()](
                 Store& store) { return isAnotherDelivery(store, targetId, ownId, now); })
        .then(&q, [this, targetId, drift](const Result<bool>& isOurs) {
            if (isOurs && *isOurs) {
                due.noteElsewhere(targetId);
                startDue();
                return;
            }
            emit q.driftSeen(targetId, drift);
            due.noteDrift(targetId, services.clock.monotonic());
            drifts.insert_or_assign(targetId, whatHappened(drift));
            startDue();
            noteReach(targetId, { .reason = whatHappened(drift) });
        });
}

/// Everything is given again, so nothing needs to be known of what was.
void DeliveryService::Private::onLost(const QString& targetId, const DriftReport& drift)
{
    emit q.driftSeen(targetId, drift);
    drifts.insert_or_assign(targetId, whatHappened(drift));
    startDue();
    noteReach(targetId, { .reason = whatHappened(drift) }); // only while paused
}

void DeliveryService::Private::noteReach(const QString& targetId, const Reach& reach)
{
    if (runs.isBusy(targetId)) {
        return; // its end says more
    }
    worker.run([targetId, reach](Store& store) { return storeReach(store, targetId, reach); })
        .then(&q, [this, targetId](const Result<void>& stored) {
            if (!stored) {
                qCWarning(lcProxy).noquote() << stored.error().toText();
            }
            emit q.targetChanged(targetId);
        });
}

DeliveryService::DeliveryService(Services services, QObject* parent)
    : QObject(parent)
    , d(std::make_unique<Private>(*this, std::move(services)))
{
    connect(&d->timer, &QTimer::timeout, this, [this] { d->lookNow(); });
}

DeliveryService::~DeliveryService() = default;

void DeliveryService::start()
{
    d->isStarted = true;
    d->timer.start(d->services.lookEvery);
    d->worker.run([](Store& store) { return store.pushes().recover(); })
        .then(this, [this](const Result<int>& recovered) {
            if (!recovered) {
                qCWarning(lcProxy).noquote() << recovered.error().toText();
            }
            d->lookNow();
        });
}

void DeliveryService::setPaused(bool paused)
{
    d->isPaused = paused;
    if (!paused) {
        look();
    }
}

bool DeliveryService::isPaused() const
{
    return d->isPaused;
}

void DeliveryService::look()
{
    if (d->isStarted) {
        d->lookNow();
    }
}

void DeliveryService::test(const TargetDraft& draft)
{
    d->ask<Result<TargetReport>>(
        draft.target.id, Task::Test,
        [draft](Private::Tools& tools) { return tools.delivery.test(draft, tools.control); },
        [this, id = draft.target.id](const auto& report) { emit testFinished(id, report); });
}

void DeliveryService::plan(const QString& targetId, const DeliveryChoices& choices)
{
    d->ask<Result<DeliveryPlan>>(
        targetId, Task::Plan,
        [targetId, choices](Private::Tools& tools) {
            return tools.delivery.plan(targetId, choices, tools.control);
        },
        [this, targetId](const auto& plan) { emit planFinished(targetId, plan); });
}

void DeliveryService::push(const PushRequest& request)
{
    d->push(request, PushTrigger::Manual);
}

void DeliveryService::setBlocked(const BlockRequest& request)
{
    d->ask<Result<BlockReport>>(
        request.targetId, Task::Block,
        [request](
            Private::Tools& tools) { return tools.delivery.setBlocked(request, tools.control); },
        [this, id = request.targetId](const auto& report) {
            emit blockFinished(id, report);
            d->told(id);
        });
}

void DeliveryService::checkJoin(const QString& targetId)
{
    d->ask<Result<JoinReport>>(
        targetId, Task::Join,
        [targetId](
            Private::Tools& tools) { return tools.delivery.checkJoin(targetId, tools.control); },
        [this, targetId](const auto& report) { emit joinFinished(targetId, report); });
}

void DeliveryService::listRoutes(const QString& targetId)
{
    d->ask<Result<std::vector<ForeignRoute>>>(
        targetId, Task::Routes,
        [targetId](Private::Tools& tools) {
            return tools.delivery.routesOfOthers(targetId, tools.control);
        },
        [this, targetId](const auto& routes) { emit routesListed(targetId, routes); });
}

void DeliveryService::setAttached(const AttachRequest& request)
{
    d->ask<Result<AttachedPolicy>>(
        request.targetId, Task::Attach,
        [request](
            Private::Tools& tools) { return tools.delivery.setAttached(request, tools.control); },
        [this, id = request.targetId](const auto& attachment) {
            emit attachFinished(id, attachment);
            d->told(id);
        });
}

void DeliveryService::cancel(const QString& targetId)
{
    d->runs.cancel(targetId);
}

void DeliveryService::cancelAll()
{
    d->runs.cancelAll();
}

bool DeliveryService::isRunning(const QString& targetId) const
{
    return d->runs.isBusy(targetId);
}

int DeliveryService::runningCount() const
{
    return d->runs.runningCount();
}

} // namespace portreeve
