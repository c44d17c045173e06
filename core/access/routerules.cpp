// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/access/routerules.h"

#include "core/access/groupreferences.h"
#include "core/policy/parser.h"

#include <algorithm>
#include <ranges>

namespace portreeve::access {

std::vector<RouteRules> routeRules(const std::vector<StoredPolicy>& policies,
    const std::vector<StoredRoute>& routes, const QSet<QString>& liveGroupIds)
{
    std::vector<RouteRules> rules;
    for (const auto& route : routes) {
        RouteRules& entry = rules.emplace_back();
        entry.name = route.name;
        const auto attach = [&](const StoredPolicy& stored) {
            const auto parsed = policy::parsePolicy(stored.text.toUtf8());
            if (parsed.policy && !parsed.hasErrors()) {
                entry.policies.push_back(withNegationGuard(*parsed.policy, liveGroupIds));
            }
        };
        for (const auto& id : route.policyIds) {
            const auto own = std::ranges::find(policies, id, &StoredPolicy::id);
            if (own != policies.end() && !own->enforced) {
                attach(*own);
            }
        }
        std::ranges::for_each(policies | std::views::filter(&StoredPolicy::enforced), attach);
    }
    return rules;
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
