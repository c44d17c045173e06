// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/access/exportedids.h"
#include "core/policy/model.h"
#include "core/store/records.h"

#include <QSet>

#include <vector>

namespace portreeve::access {

/// A route with the policies that apply to it; no policy = nobody.
struct RouteRules
{
    QString name {};
    std::vector<policy::Policy> policies {};
};

/// The policies of a route: its own in order, then enforced ones it does not name itself. Ids of
/// policies that are gone are skipped.
std::vector<const StoredPolicy*> policiesOf(
    const StoredRoute& route, const std::vector<StoredPolicy>& policies);

/// Routes with their policies as the proxy will get them: negated references to groups that are
/// gone are guarded. A policy whose text no longer parses allows nobody.
/// @param liveGroupIds  as policies name them
std::vector<RouteRules> routeRules(const std::vector<StoredPolicy>& policies,
    const std::vector<StoredRoute>& routes, const QSet<QString>& liveGroupIds);

/// Ids of a directory's groups as policies name them.
QSet<QString> groupIds(const Snapshot& snapshot, const IdNaming& naming);

} // namespace portreeve::access
