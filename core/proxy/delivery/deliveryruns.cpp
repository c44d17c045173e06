// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/deliveryruns.h"

#include "core/export/bundle.h"
#include "core/store/storedsettings.h"

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr std::size_t kDeliveriesAtOnce = 2;
constexpr std::chrono::milliseconds kProgressEvery { 100 };

Error neverStarted()
{
    return { .code = ErrorCode::Cancelled,
        .what
        = message(QT_TRANSLATE_NOOP("Message", "The delivery was cancelled before it began.")) };
}

} // namespace

DeliveryRuns::DeliveryRuns(DeliveryService& owner, const DeliveryService::Services& services,
    std::function<void(const QString& targetId, Task task)> starting)
    : m_owner(owner)
    , m_services(services)
    , m_starting(std::move(starting))
    , m_queue(owner, kDeliveriesAtOnce)
{
}

bool DeliveryRuns::isByItself(PushTrigger trigger)
{
    return trigger == PushTrigger::Commit || trigger == PushTrigger::Drift
        || trigger == PushTrigger::Restart;
}

void DeliveryRuns::add(const Request& request)
{
    // The queue takes waiting jobs of one kind for one: only those that merge may share theirs.
    constexpr int kindsOfTasks = 100;
    const int kind = request.merges ? static_cast<int>(request.task) : kindsOfTasks + ++m_requests;
    m_queue.add({ .key = request.targetId,
        .kind = kind,
        .merges = request.merges,
        .work = [this, request](const std::stop_token& stop) { return run(request, stop); },
        .started =
            [this, request] {
                m_starting(request.targetId, request.task);
                emit m_owner.taskStarted(request.targetId, request.task);
                if (request.task == Task::Push) {
                    emit m_owner.pushStarted(request.targetId);
                }
            },
        .cancelled = [request] { request.refuse(neverStarted()); } });
}

RunQueue::Delivery DeliveryRuns::run(const Request& request, const std::stop_token& stop)
{
    auto store = Store::open(m_services.store, m_services.clock);
    if (!store) {
        return [request, error = store.error()] { request.refuse(error); };
    }
    Delivery delivery({ .store = **store,
        .secrets = m_services.secrets,
        .clock = m_services.clock,
        .makeHttp = m_services.makeHttp,
        .publishBundle = publisher() });
    const bool byItself = isByItself(request.trigger);
    // By itself it has its own pauses between tries, during which others get their turn.
    const DeliveryControl control { .stop = stop,
        .progress = progressSink(request.targetId),
        .trigger = request.trigger,
        .actor = byItself ? u"system"_s : currentActor(**store),
        .attempts = byItself ? 1 : DeliveryControl().attempts };
    Tools tools { .store = **store, .delivery = delivery, .control = control };
    return request.work(tools);
}

std::function<void(const DeliveryProgress&)> DeliveryRuns::progressSink(const QString& targetId)
{
    struct Last
    {
        std::chrono::steady_clock::time_point told {};
        DeliveryProgress::Phase phase = DeliveryProgress::Phase::Reading;
    };

    // Shared by copies of the sink; all on one run thread.
    return [&owner = m_owner, targetId, last = std::make_shared<Last>()](
               const DeliveryProgress& progress) {
        const auto now = std::chrono::steady_clock::now();
        if (progress.phase == last->phase && now - last->told < kProgressEvery) {
            return;
        }
        *last = { .told = now, .phase = progress.phase };
        QMetaObject::invokeMethod(
            &owner, [&owner, targetId, progress] { emit owner.pushProgressed(targetId, progress); },
            Qt::QueuedConnection);
    };
}

/// Onto the owner's thread, where listeners live.
BundlePublisher DeliveryRuns::publisher()
{
    if (!m_services.publishBundle) {
        return {};
    }
    return [&owner = m_owner, publish = m_services.publishBundle](
               const QString& targetId, const BundleFile& bundle) {
        QMetaObject::invokeMethod(
            &owner, [publish, targetId, bundle] { publish(targetId, bundle); },
            Qt::QueuedConnection);
    };
}

void DeliveryRuns::cancel(const QString& targetId)
{
    m_queue.cancel(targetId);
}

void DeliveryRuns::cancelAll()
{
    m_queue.cancelAll();
}

bool DeliveryRuns::isBusy(const QString& targetId) const
{
    return m_queue.isBusy(targetId);
}

int DeliveryRuns::runningCount() const
{
    return static_cast<int>(m_queue.runningCount());
}

} // namespace portreeve
