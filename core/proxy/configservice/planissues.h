// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/configservice/configplan.h"

namespace portreeve::configservice {

// The sentences of a plan's conflicts and warnings.
ConfigIssue foreignId(const PolicyEntity& existing);
ConfigIssue foreignId(const RouteEntity& existing);
ConfigIssue fileRoute(const RouteEntity& ours, const QString& fileRouteName);
ConfigIssue foreignRoute(const RouteEntity& ours, const RouteEntity& theirs);
ConfigIssue needsForeignPolicy(const RouteEntity& ours, const PolicyEntity& theirs);
ConfigIssue routeGone(const QString& routeId);
ConfigIssue notEvaluated(const RouteEntity& route);

/// @param byThisPlan  whether the policy is deleted by the plan, or missing already
ConfigIssue lostDeny(const RouteEntity& route, const QString& policyName, bool byThisPlan);
ConfigIssue keptPolicy(const PolicyEntity& policy, const RouteEntity& route);

} // namespace portreeve::configservice
