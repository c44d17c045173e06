// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/delivery/deliveryservice.h"
#include "core/store/storeworker.h"

#include <QObject>

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace portreeve {

using DeliveryPlanPtr = std::shared_ptr<const DeliveryPlan>;

/// The targets as last read from the store, with what goes on at each right now and what was last
/// found out about it. One for the whole window.
class TargetBoard final : public QObject
{
    Q_OBJECT

public:
    struct Work
    {
        DeliveryService::Task task = DeliveryService::Task::Plan;
        DeliveryProgress progress {};
    };

    TargetBoard(StoreWorker& store, DeliveryService& deliveries, QObject* parent = nullptr);

    const std::vector<ProxyTarget>& targets() const { return m_targets; } ///< by name

    const ProxyTarget* find(const QString& id) const; ///< valid until targetsChanged()

    bool isLoaded() const { return m_loaded; }

    std::optional<Work> work(const QString& targetId) const;

    /// The newest comparison, until something is delivered; null without one.
    DeliveryPlanPtr plan(const QString& targetId) const;

    /// Why the last task on it failed, until the next one starts.
    std::optional<Error> error(const QString& targetId) const;

    /// Asks the service; the answer comes by planChanged().
    void requestPlan(const QString& targetId, const DeliveryChoices& choices = {});

    void refresh();

signals:
    void targetsChanged();
    void workChanged(const QString& targetId);
    void planChanged(const QString& targetId);

private:
    void end(const QString& targetId, const std::optional<Error>& error);
    void takePlan(const QString& targetId, const DeliveryPlan& plan);

    StoreWorker& m_store;
    DeliveryService& m_deliveries;
    std::vector<ProxyTarget> m_targets;
    std::map<QString, Work> m_work;
    std::map<QString, DeliveryPlanPtr> m_plans;
    std::map<QString, Error> m_errors;
    int m_request = 0;
    bool m_loaded = false;
};

} // namespace portreeve
