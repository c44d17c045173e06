// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/delivery/deliveryservice.h"
#include "core/sync/runqueue.h"

namespace portreeve {

/// The threads of a DeliveryService: each request on one of its own, with a store of its own. Used
/// on the service's thread.
class DeliveryRuns
{
public:
    using Task = DeliveryService::Task;

    /// What a request has at hand on its thread.
    struct Tools
    {
        Store& store;
        Delivery& delivery;
        const DeliveryControl& control;
    };

    struct Request
    {
        QString targetId {};
        Task task = Task::Push;
        bool merges = false; ///< asked twice, it needs doing once
        PushTrigger trigger = PushTrigger::Manual;
        std::function<RunQueue::Delivery(Tools&)> work {};
        std::function<void(const Error&)> refuse {};
    };

    /// @param services  borrowed
    /// @param starting  called just before a request's events can come in
    DeliveryRuns(DeliveryService& owner, const DeliveryService::Services& services,
        std::function<void(const QString& targetId, Task task)> starting);

    /// Whether nobody asked for it.
    static bool isByItself(PushTrigger trigger);

    void add(const Request& request);
    void cancel(const QString& targetId);
    void cancelAll();
    bool isBusy(const QString& targetId) const;
    int runningCount() const;

private:
    RunQueue::Delivery run(const Request& request, const std::stop_token& stop);
    std::function<void(const DeliveryProgress&)> progressSink(const QString& targetId);
    BundlePublisher publisher();

    DeliveryService& m_owner;
    const DeliveryService::Services& m_services;
    std::function<void(const QString&, Task)> m_starting;
    int m_requests = 0;
    RunQueue m_queue;
};

} // namespace portreeve
