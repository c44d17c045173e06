// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/access/directoryaccess.h"
#include "core/store/records.h"

#include <QSet>

namespace portreeve::access {

/// Routes with their own policies, then the enforced ones, as the proxy will get them: negated
/// references to groups that are gone are guarded. A policy whose text no longer parses allows
/// nobody.
/// @param liveGroupIds  as policies name them
std::vector<RouteRules> routeRules(const std::vector<StoredPolicy>& policies,
    const std::vector<StoredRoute>& routes, const QSet<QString>& liveGroupIds);

/// Ids of a directory's groups as policies name them.
QSet<QString> groupIds(const Snapshot& snapshot, const IdNaming& naming);

} // namespace portreeve::access
