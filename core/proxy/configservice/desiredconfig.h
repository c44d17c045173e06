// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/configexport.h"
#include "core/proxy/configservice/entities.h"

#include <QSet>
#include <QUuid>

#include <vector>

namespace portreeve::configservice {

/// Which entities of a proxy are ours, and under which ids. Ids follow from the target and our own
/// objects alone, so a lost data file cannot make duplicates.
struct Ownership
{
    QString originatorId {};
    QUuid idSpace {}; ///< of the target
    QString namespaceId {}; ///< Enterprise; empty on Core

    QString policyId(const QString& storedId) const;
    QString routeId(const QString& storedId) const;
    QString blockPolicyId() const; ///< of "Block now"
};

/// What the proxy shall hold of us.
struct DesiredConfig
{
    std::vector<PolicyEntity> policies {}; ///< by name; also those no route uses
    std::vector<RouteEntity> routes {}; ///< most specific first
    std::vector<ExportRefusal> refusals {};
    QSet<QString> withheld {}; ///< ids of what was refused here: on the proxy it stays as it is
    std::vector<StoredRoute> fileRoutes {}; ///< of the proxy's own file, where it is known
};

/// Routes with their own policies, then enforced ones, then the block on everybody in @p blocked
/// (not on public routes, where it would send all visitors to the sign-in page).
/// @param source  its base routes are those of the proxy's own file
DesiredConfig desiredConfig(const ExportSource& source, const Ownership& ownership,
    const std::vector<QString>& blocked = {});

/// The managed deny policy of "Block now", for at least one user.
/// @return InvalidInput for an id no policy can hold
Result<PolicyEntity> blockPolicy(const Ownership& ownership, const std::vector<QString>& userIds);

/// Whether the policies let somebody in who has not signed in.
bool isPublic(const std::vector<policy::Policy>& policies);

} // namespace portreeve::configservice
