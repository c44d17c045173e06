// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/access/routerules.h"

#include "core/access/groupreferences.h"
#include "core/policy/parser.h"

#include <QHash>

#include <algorithm>

namespace portreeve::access {

std::vector<const StoredPolicy*> policiesOf(
    const StoredRoute& route, const std::vector<StoredPolicy>& policies)
{
    std::vector<const StoredPolicy*> out;
    const auto& own = route.policyIds;
    for (const auto& id : own) {
        const auto found = std::find_if(policies.begin(), policies.end(),
            [&id](const StoredPolicy& policy) { return policy.id == id; });
        if (found != policies.end()) {
            out.push_back(&*found);
        }
    }
    for (const auto& policy : policies) {
        if (policy.enforced && std::find(own.begin(), own.end(), policy.id) == own.end()) {
            out.push_back(&policy);
        }
    }
    return out;
}

std::vector<RouteRules> routeRules(const std::vector<StoredPolicy>& policies,
    const std::vector<StoredRoute>& routes, const QSet<QString>& liveGroupIds)
{
    QHash<QString, policy::Policy> guarded;
    for (const auto& stored : policies) {
        const auto parsed = policy::parsePolicy(stored.text.toUtf8());
        if (parsed.policy && !parsed.hasErrors()) {
            guarded.insert(stored.id, withNegationGuard(*parsed.policy, liveGroupIds));
        }
    }
    std::vector<RouteRules> out;
    out.reserve(routes.size());
    for (const auto& route : routes) {
        RouteRules rules { .name = route.name };
        for (const auto* stored : policiesOf(route, policies)) {
            if (guarded.contains(stored->id)) {
                rules.policies.push_back(guarded.value(stored->id));
            }
        }
        out.push_back(std::move(rules));
    }
    return out;
}

QSet<QString> groupIds(const Snapshot& snapshot, const IdNaming& naming)
{
    QSet<QString> ids;
    for (Row group = 0; group < snapshot.groupCount(); ++group) {
        ids.insert(naming(snapshot.groupId(group)));
    }
    return ids;
}

} // namespace portreeve::access
