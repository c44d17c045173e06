// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/configservice/configplan.h"

#include "core/proxy/configservice/planissues.h"

#include <QHash>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::configservice {

namespace {

template <typename Value> bool contains(const std::vector<Value>& values, const Value& value)
{
    return std::find(values.begin(), values.end(), value) != values.end();
}

QString address(const QString& from)
{
    auto out = from.toLower();
    while (out.endsWith(u'/')) {
        out.chop(1);
    }
    return out;
}

/// Whether both take the same requests.
bool isSameMatch(const RouteEntity& a, const RouteEntity& b)
{
    const auto prefix
        = [](const RouteEntity& route) { return route.prefix == u"/" ? QString() : route.prefix; };
    return address(a.from) == address(b.from) && prefix(a) == prefix(b) && a.path == b.path
        && a.regex == b.regex;
}

class Planning
{
public:
    Planning(const DesiredConfig& desired, const ConfigState& current, const Ownership& ownership,
        const PlanChoices& choices)
        : m_desired(desired)
        , m_current(current)
        , m_ownership(ownership)
        , m_choices(choices)
    {
        for (const auto& policy : m_current.policies) {
            m_policies.insert(policy.id, &policy);
        }
        for (const auto& route : m_current.routes) {
            m_routes.insert(route.id, &route);
        }
    }

    ConfigPlan run()
    {
        m_plan.refusals = m_desired.refusals;
        for (const auto& policy : m_desired.policies) {
            planPolicy(policy);
        }
        for (const auto& route : m_desired.routes) {
            planRoute(route);
        }
        planAttachments();
        findDeletions();
        detach();
        deleteRoutes();
        deletePolicies();
        warn();
        return std::move(m_plan);
    }

private:
    template <typename Value> bool isOurs(const Value& entity) const
    {
        return entity.originatorId == m_ownership.originatorId;
    }

    template <typename Value> bool mayWrite(const Value& entity) const
    {
        return isOurs(entity) || m_choices.adopt.contains(entity.id);
    }

    std::size_t add(ConfigChange change)
    {
        m_plan.changes.push_back(std::move(change));
        return m_plan.changes.size() - 1;
    }

    void planPolicy(const PolicyEntity& policy)
    {
        m_wantedPolicies.insert(policy.id);
        const auto* existing = m_policies.value(policy.id);
        if (existing == nullptr) {
            m_written.insert(policy.id,
                add({ .step = ConfigStep::Create,
                    .entity = policy,
                    .fields = differences(PolicyEntity { .id = policy.id }, policy) }));
            return;
        }
        if (!mayWrite(*existing)) {
            m_plan.conflicts.push_back(foreignId(*existing));
            m_unavailable.insert(policy.id);
            return;
        }
        auto fields = differences(*existing, policy);
        if (!fields.empty()) {
            m_written.insert(policy.id,
                add({ .step = ConfigStep::Update,
                    .entity = policy,
                    .before = *existing,
                    .fields = std::move(fields) }));
        }
    }

    /// Why the route must not be sent.
    std::optional<ConfigIssue> obstacle(const RouteEntity& route) const
    {
        const auto& files = m_desired.fileRoutes;
        const auto file = std::find_if(files.begin(), files.end(),
            [&](const StoredRoute& other) { return address(other.from) == address(route.from); });
        if (file != files.end()) {
            return fileRoute(route, file->name);
        }
        for (const auto& other : m_current.routes) {
            if (other.id != route.id && !isOurs(other) && isSameMatch(other, route)) {
                return foreignRoute(route, other);
            }
        }
        for (const auto& id : route.policyIds) {
            if (m_unavailable.contains(id)) {
                return needsForeignPolicy(route, *m_policies.value(id));
            }
        }
        const auto* existing = m_routes.value(route.id);
        return existing != nullptr && !mayWrite(*existing) ? std::optional(foreignId(*existing))
                                                           : std::nullopt;
    }

    void planRoute(const RouteEntity& route)
    {
        if (auto issue = obstacle(route)) {
            m_plan.conflicts.push_back(std::move(*issue));
            m_untouched.insert(route.id);
            return;
        }
        m_wantedRoutes.insert(route.id);
        const auto* existing = m_routes.value(route.id);
        const auto fields
            = differences(existing == nullptr ? RouteEntity { .id = route.id } : *existing, route);
        if (existing == nullptr || !fields.empty()) {
            m_changedRoutes.insert(route.id,
                add({ .step = existing == nullptr ? ConfigStep::Create : ConfigStep::Update,
                    .entity = route,
                    .before = existing == nullptr ? std::optional<Entity>()
                                                  : std::optional<Entity>(*existing),
                    .fields = fields,
                    .needs = writtenAmong(route.policyIds) }));
        }
    }

    std::vector<std::size_t> writtenAmong(const std::vector<QString>& policyIds) const
    {
        std::vector<std::size_t> out;
        for (const auto& id : policyIds) {
            if (const auto found = m_written.constFind(id); found != m_written.constEnd()) {
                out.push_back(*found);
            }
        }
        return out;
    }

    void planAttachments()
    {
        QHash<QString, std::vector<QString>> wanted;
        for (const auto& attachment : m_choices.attach) {
            const auto policyId = m_ownership.policyId(attachment.policyId);
            const auto* route = m_routes.value(attachment.routeId);
            if (route == nullptr) {
                m_plan.warnings.push_back(routeGone(attachment.routeId));
            } else if (!isOurs(*route) && m_wantedPolicies.contains(policyId)
                && !m_unavailable.contains(policyId)) {
                wanted[route->id].push_back(policyId);
            }
        }
        for (const auto& route : m_current.routes) {
            auto after = route;
            for (const auto& id : wanted.value(route.id)) {
                if (!contains(after.policyIds, id)) {
                    after.policyIds.push_back(id);
                }
            }
            if (after != route) {
                changeForeign(ConfigStep::Attach, route, after);
            }
        }
    }

    std::size_t changeForeign(ConfigStep step, const RouteEntity& before, const RouteEntity& after)
    {
        return add({ .step = step,
            .entity = after,
            .before = before,
            .fields = differences(before, after),
            .needs = writtenAmong(after.policyIds) });
    }

    void findDeletions()
    {
        for (const auto& policy : m_current.policies) {
            const bool isWanted = m_wantedPolicies.contains(policy.id);
            if (isOurs(policy) && !isWanted && !m_desired.withheld.contains(policy.id)) {
                m_deletedPolicies.insert(policy.id);
            }
        }
        for (const auto& route : m_current.routes) {
            const bool isKept = m_wantedRoutes.contains(route.id) || m_untouched.contains(route.id)
                || m_desired.withheld.contains(route.id);
            if (isOurs(route) && !isKept) {
                m_deletedRoutes.insert(route.id);
            }
        }
    }

    bool isAttachedByUs(const QString& routeId, const QString& policyId) const
    {
        const auto matches = [&](const PolicyAttachment& attachment) {
            return attachment.routeId == routeId
                && m_ownership.policyId(attachment.policyId) == policyId;
        };
        return std::any_of(m_choices.attach.begin(), m_choices.attach.end(), matches)
            || std::any_of(m_choices.detach.begin(), m_choices.detach.end(), matches);
    }

    bool isToDetach(const QString& routeId, const QString& policyId) const
    {
        const bool isUnwanted = std::any_of(m_choices.detach.begin(), m_choices.detach.end(),
            [&](const PolicyAttachment& attachment) {
                return attachment.routeId == routeId
                    && m_ownership.policyId(attachment.policyId) == policyId;
            });
        return isUnwanted
            || (m_deletedPolicies.contains(policyId) && isAttachedByUs(routeId, policyId));
    }

    /// From routes of others, as they are after what was planned for them so far.
    void detach()
    {
        for (const auto& route : m_current.routes) {
            if (isOurs(route)) {
                continue;
            }
            auto before = route;
            for (const auto& change : m_plan.changes) {
                if (change.step == ConfigStep::Attach && idOf(change.entity) == route.id) {
                    before = *std::get_if<RouteEntity>(&change.entity);
                }
            }
            auto after = before;
            std::erase_if(
                after.policyIds, [&](const QString& id) { return isToDetach(route.id, id); });
            if (after != before) {
                m_detached.insert(route.id, changeForeign(ConfigStep::Detach, before, after));
            }
        }
    }

    void deleteRoutes()
    {
        for (const auto& route : m_current.routes) {
            if (m_deletedRoutes.contains(route.id)) {
                m_changedRoutes.insert(route.id,
                    add({ .step = ConfigStep::Delete, .entity = route, .before = route }));
            }
        }
    }

    void deletePolicies()
    {
        for (const auto& policy : m_current.policies) {
            if (m_deletedPolicies.contains(policy.id)) {
                deletePolicy(policy);
            }
        }
    }

    /// Only behind the changes that take it out of the routes which name it: a route that names a
    /// missing policy simply loses it, a deny rule too.
    void deletePolicy(const PolicyEntity& policy)
    {
        ConfigChange change { .step = ConfigStep::Delete, .entity = policy, .before = policy };
        std::vector<ConfigIssue> issues;
        for (const auto& route : m_current.routes) {
            if (!contains(route.policyIds, policy.id)) {
                continue;
            }
            if (const auto own = m_changedRoutes.constFind(route.id);
                own != m_changedRoutes.constEnd()) {
                change.needs.push_back(*own);
            } else if (isOurs(route)) {
                m_plan.warnings.push_back(keptPolicy(policy, route));
                return;
            } else if (isToDetach(route.id, policy.id)) {
                change.needs.push_back(m_detached.value(route.id));
            } else {
                issues.push_back(lostDeny(route, policy.name, true));
            }
        }
        std::move(issues.begin(), issues.end(), std::back_inserter(m_plan.warnings));
        add(std::move(change));
    }

    void warn()
    {
        for (const auto& route : m_current.routes) {
            if (route.inlinePolicies > 0) {
                m_plan.warnings.push_back(notEvaluated(route));
            }
            if (m_changedRoutes.contains(route.id)) {
                continue;
            }
            for (const auto& id : route.policyIds) {
                if (!m_policies.contains(id) && !m_written.contains(id)) {
                    m_plan.warnings.push_back(lostDeny(route, id, false));
                }
            }
        }
    }

    const DesiredConfig& m_desired;
    const ConfigState& m_current;
    const Ownership& m_ownership;
    const PlanChoices& m_choices;
    QHash<QString, const PolicyEntity*> m_policies; // on the proxy, by id
    QHash<QString, const RouteEntity*> m_routes;
    QSet<QString> m_wantedPolicies;
    QSet<QString> m_wantedRoutes;
    QSet<QString> m_unavailable; // policies in conflict
    QSet<QString> m_untouched; // routes in conflict
    QSet<QString> m_deletedPolicies;
    QSet<QString> m_deletedRoutes;
    QHash<QString, std::size_t> m_written; // policy id -> its change
    QHash<QString, std::size_t> m_changedRoutes; // own route id -> its change
    QHash<QString, std::size_t> m_detached; // foreign route id -> its change
    ConfigPlan m_plan;
};

} // namespace

bool ConfigPlan::needsPerson() const
{
    return std::any_of(warnings.begin(), warnings.end(),
        [](const ConfigIssue& issue) { return issue.needsPerson; });
}

ConfigPlan planConfig(const DesiredConfig& desired, const ConfigState& current,
    const Ownership& ownership, const PlanChoices& choices)
{
    return Planning(desired, current, ownership, choices).run();
}

} // namespace portreeve::configservice
