// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/access/exportedids.h"
#include "core/policy/lint.h"
#include "core/proxy/fragment.h"

#include <span>

namespace portreeve {

/// Why a row is not exported, shown beside it.
struct ExportRefusal
{
    QString routeName {}; ///< empty when a policy no route has is at fault
    QString policyName {}; ///< empty when the route itself is at fault
    Message reason {};
    Message fix {};
};

struct ExportSource
{
    std::vector<StoredRoute> routes {};
    std::vector<StoredPolicy> policies {}; ///< all of them; enforced ones go to every route
    policy::Target target {};
    access::ExportedGroups groups {};
    std::vector<StoredRoute> baseRoutes {}; ///< of the operator's own file, matched before ours
    std::vector<StoredRoute> laterRoutes {}; ///< of the same file, behind ours
    bool everyPolicy = false; ///< also those no route has, where policies travel as objects
};

/// A policy as an object of its own.
struct ExportedPolicy
{
    StoredPolicy stored {};
    policy::Policy rules {}; ///< what its text says, orphans closed
};

struct PreparedExport
{
    std::vector<ExportedRoute> routes {}; ///< those without a refusal, most specific first
    std::vector<ExportedPolicy> policies {}; ///< those without a refusal, by name
    std::vector<ExportRefusal> refusals {}; ///< by route; write nothing while there are any

    /// The first refusal as an error for callers that show no rows.
    Result<void> outcome() const;
};

/// Routes with their policies, checked for everything the proxy would refuse, or would accept and
/// then stumble over (proxy.md 2.2). Orphans are closed by the negation guard.
PreparedExport prepareExport(const ExportSource& source);

/// Whether the proxy could serve the route at all: address, destinations, path.
/// @return InvalidInput
Result<void> checkRoute(const StoredRoute& route);

/// What this target cannot be given of a policy: type errors, other editions' criteria, and what
/// config.yaml cannot carry.
std::vector<policy::Diagnostic> exportProblems(
    const policy::Policy& policy, const policy::Target& target);

} // namespace portreeve
