// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/parser.h"
#include "core/proxy/configservice/configplan.h"

#include <QHash>

#include <algorithm>
#include <functional>

using namespace Qt::StringLiterals;

namespace portreeve::configservice {

namespace {

using PoliciesById = QHash<QString, policy::Policy>;

PoliciesById parsedPolicies(const std::vector<PolicyEntity>& entities)
{
    PoliciesById out;
    for (const auto& entity : entities) {
        auto parsed = policy::parsePolicy(entity.sourcePpl.toUtf8());
        if (parsed.policy && !parsed.hasErrors()) {
            out.insert(entity.id, *parsed.policy);
        }
    }
    return out;
}

/// What the route's own switch amounts to.
policy::Policy openToEverybody()
{
    return { .rules = { { .action = policy::Action::Allow,
                 .lists = { { .op = policy::Operator::Or,
                     .criteria = { { .name = u"accept"_s, .data = policy::Value(true) } } } } } } };
}

access::RouteRules rulesOf(
    const RouteEntity& route, const QString& name, const PoliciesById& policies)
{
    access::RouteRules out { .name = name };
    if (route.isPublic) {
        out.policies.push_back(openToEverybody());
    }
    for (const auto& id : route.policyIds) {
        if (const auto found = policies.constFind(id); found != policies.constEnd()) {
            out.policies.push_back(*found);
        }
    }
    return out;
}

/// Names of the routes to compare, by id.
using RouteNames = QHash<QString, QString>;

void addNames(RouteNames& names, const std::vector<RouteEntity>& routes,
    const std::function<bool(const RouteEntity&)>& isCompared)
{
    QSet<QString> taken(names.begin(), names.end());
    for (const auto& route : routes) {
        if (!isCompared(route) || names.contains(route.id)) {
            continue;
        }
        auto name = route.name;
        if (taken.contains(name)) {
            name = u"%1 (%2)"_s.arg(route.name, route.id);
        }
        taken.insert(name);
        names.insert(route.id, name);
    }
}

std::vector<access::RouteRules> rulesOf(const ConfigState& state, const RouteNames& names)
{
    const auto policies = parsedPolicies(state.policies);
    std::vector<access::RouteRules> out;
    for (const auto& route : state.routes) {
        if (const auto name = names.constFind(route.id); name != names.constEnd()) {
            out.push_back(rulesOf(route, *name, policies));
        }
    }
    return out;
}

/// At the place of the one with its id, or behind all others.
template <typename Value>
void replaceById(std::vector<Value>& values, const Value& value, bool isDeleted)
{
    const auto found = std::find_if(values.begin(), values.end(),
        [&value](const Value& other) { return other.id == value.id; });
    if (isDeleted && found != values.end()) {
        values.erase(found);
    } else if (!isDeleted && found != values.end()) {
        *found = value;
    } else if (!isDeleted) {
        values.push_back(value);
    }
}

} // namespace

Error staleEntity(const char* what, const QString& targetName, const QString& detail)
{
    return { .code = ErrorCode::Stale,
        .what = message(what, targetName),
        .remedy = message(QT_TRANSLATE_NOOP("Message", "Compare again, then push the new plan.")),
        .detail = detail };
}

Error unsendableText()
{
    return { .code = ErrorCode::InvalidInput,
        .what = message(QT_TRANSLATE_NOOP(
            "Message", "The policy was not sent: its text is none the proxy could load.")),
        .remedy = message(QT_TRANSLATE_NOOP("Message", "Mend the text, then push again.")) };
}

Error nothingNamed(const QString& id)
{
    return { .code = ErrorCode::Internal,
        .what = message(
            QT_TRANSLATE_NOOP("Message", "An update of \"%1\" names no field to change."), id),
        .remedy = message(QT_TRANSLATE_NOOP("Message", "Report this as a fault of Portreeve.")) };
}

Result<ConfigState> readConfig(ConfigClient& client, const std::stop_token& stop)
{
    auto policies = client.policies(stop);
    if (!policies) {
        return policies.error();
    }
    auto routes = client.routes(stop);
    if (!routes) {
        return routes.error();
    }
    return ConfigState { .policies = std::move(*policies), .routes = std::move(*routes) };
}

EntityKind kindOf(const Entity& entity)
{
    return std::holds_alternative<PolicyEntity>(entity) ? EntityKind::Policy : EntityKind::Route;
}

const QString& idOf(const Entity& entity)
{
    return std::visit([](const auto& value) -> const QString& { return value.id; }, entity);
}

const QString& nameOf(const Entity& entity)
{
    return std::visit([](const auto& value) -> const QString& { return value.name; }, entity);
}

std::vector<FieldDifference> differences(const Entity& before, const Entity& after)
{
    const auto* oldPolicy = std::get_if<PolicyEntity>(&before);
    const auto* newPolicy = std::get_if<PolicyEntity>(&after);
    if (oldPolicy != nullptr && newPolicy != nullptr) {
        return differences(*oldPolicy, *newPolicy);
    }
    const auto* oldRoute = std::get_if<RouteEntity>(&before);
    const auto* newRoute = std::get_if<RouteEntity>(&after);
    Q_ASSERT(oldRoute != nullptr && newRoute != nullptr);
    return differences(*oldRoute, *newRoute);
}

ConfigState afterChanges(ConfigState state, const ConfigPlan& plan)
{
    for (const auto& change : plan.changes) {
        const bool isDeleted = change.step == ConfigStep::Delete;
        if (const auto* policy = std::get_if<PolicyEntity>(&change.entity)) {
            replaceById(state.policies, *policy, isDeleted);
        } else if (const auto* route = std::get_if<RouteEntity>(&change.entity)) {
            replaceById(state.routes, *route, isDeleted);
        }
    }
    return state;
}

ComparedRoutes comparedRoutes(const ConfigState& before, const ConfigState& after,
    const ConfigPlan& plan, const Ownership& ownership)
{
    QSet<QString> changed;
    for (const auto& change : plan.changes) {
        if (kindOf(change.entity) == EntityKind::Route) {
            changed.insert(idOf(change.entity));
        }
    }
    const auto isCompared = [&](const RouteEntity& route) {
        return route.originatorId == ownership.originatorId || changed.contains(route.id);
    };
    RouteNames names;
    addNames(names, after.routes, isCompared);
    addNames(names, before.routes, isCompared);
    return { .before = rulesOf(before, names), .after = rulesOf(after, names) };
}

} // namespace portreeve::configservice
