// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/targetboard.h"

#include <algorithm>

namespace portreeve {

namespace {

template <typename Value> std::optional<Error> errorOf(const Result<Value>& result)
{
    return result ? std::nullopt : std::optional(result.error());
}

} // namespace

TargetBoard::TargetBoard(StoreWorker& store, DeliveryService& deliveries, QObject* parent)
    : QObject(parent)
    , m_store(store)
    , m_deliveries(deliveries)
{
    using Service = DeliveryService;
    connect(&deliveries, &Service::targetChanged, this, &TargetBoard::refresh);
    connect(&deliveries, &Service::taskStarted, this, [this](const QString& id, auto task) {
        m_errors.erase(id);
        m_work[id] = { .task = task };
        emit workChanged(id);
    });
    connect(
        &deliveries, &Service::pushProgressed, this, [this](const QString& id, const auto& now) {
            m_work[id].progress = now;
            emit workChanged(id);
        });
    connect(&deliveries, &Service::testFinished, this,
        [this](const QString& id, const auto&) { end(id, std::nullopt); });
    connect(&deliveries, &Service::blockFinished, this,
        [this](const QString& id, const auto& report) { end(id, errorOf(report)); });
    connect(&deliveries, &Service::joinFinished, this,
        [this](const QString& id, const auto& report) { end(id, errorOf(report)); });
    connect(&deliveries, &Service::routesListed, this,
        [this](const QString& id, const auto& routes) { end(id, errorOf(routes)); });
    connect(&deliveries, &Service::attachFinished, this,
        [this](const QString& id, const auto& attachment) {
            // A comparison made before says nothing about it.
            m_plans.erase(id);
            emit planChanged(id);
            end(id, errorOf(attachment));
        });
    connect(&deliveries, &Service::planFinished, this, [this](const QString& id, const auto& plan) {
        if (plan) {
            takePlan(id, *plan);
        }
        end(id, errorOf(plan));
    });
    connect(&deliveries, &Service::pushFinished, this,
        [this](const QString& id, const Result<DeliveryOutcome>& outcome) {
            if (outcome && outcome->plan.verdict == Verdict::Held) {
                takePlan(id, outcome->plan);
            } else {
                // Part of it may be there by now, even where it failed.
                m_plans.erase(id);
                emit planChanged(id);
            }
            end(id, errorOf(outcome));
        });
    refresh();
}

const ProxyTarget* TargetBoard::find(const QString& id) const
{
    const auto found = std::find_if(m_targets.begin(), m_targets.end(),
        [&id](const ProxyTarget& target) { return target.id == id; });
    return found == m_targets.end() ? nullptr : &*found;
}

std::optional<TargetBoard::Work> TargetBoard::work(const QString& targetId) const
{
    const auto found = m_work.find(targetId);
    return found == m_work.end() ? std::nullopt : std::optional(found->second);
}

DeliveryPlanPtr TargetBoard::plan(const QString& targetId) const
{
    const auto found = m_plans.find(targetId);
    return found == m_plans.end() ? nullptr : found->second;
}

std::optional<Error> TargetBoard::error(const QString& targetId) const
{
    const auto found = m_errors.find(targetId);
    return found == m_errors.end() ? std::nullopt : std::optional(found->second);
}

void TargetBoard::requestPlan(const QString& targetId, const DeliveryChoices& choices)
{
    m_deliveries.plan(targetId, choices);
}

void TargetBoard::refresh()
{
    m_store.run([](Store& store) { return store.targets().list(); })
        .then(this, [this, request = ++m_request](const Result<std::vector<ProxyTarget>>& targets) {
            if (request != m_request) {
                return;
            }
            m_loaded = true;
            if (targets) {
                m_targets = *targets;
            }
            emit targetsChanged();
        });
}

void TargetBoard::end(const QString& targetId, const std::optional<Error>& error)
{
    m_work.erase(targetId);
    if (error) {
        m_errors[targetId] = *error;
    }
    emit workChanged(targetId);
    refresh();
}

void TargetBoard::takePlan(const QString& targetId, const DeliveryPlan& plan)
{
    m_plans[targetId] = std::make_shared<const DeliveryPlan>(plan);
    emit planChanged(targetId);
}

} // namespace portreeve
