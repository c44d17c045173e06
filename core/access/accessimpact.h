// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/access/directoryaccess.h"
#include "core/settings/connection.h"
#include "core/sync/guard.h"

#include <vector>

namespace portreeve::access {

/// One side of a comparison.
struct AccessState
{
    const GroupClosure* closure = nullptr; ///< borrowed, never null
    std::vector<RouteRules> routes {};
    IdNaming naming {};
    SyncRules rules {};
    QSet<QString> sharedIds {}; ///< see sharedRecordIds()
};

/// Who gains or loses which route between two states, people matched by id and routes by name.
/// Gained: from No to Yes or Depends; lost: the other way. A state without any user before lists no
/// gains: a first import grants everything it grants.
AccessImpact compareAccess(const AccessState& before, const AccessState& after);

/// One person's answer at one route, where two states differ.
struct ReachChange
{
    QString connectionName {};
    QString userId {};
    QString userName {};
    QString route {};
    Reach before = Reach::No;
    Reach after = Reach::No;
    std::vector<Message> because {}; ///< of the answer after; never empty
};

struct StoredRules
{
    std::vector<StoredRoute> routes {};
    std::vector<StoredPolicy> policies {};
};

/// The same for the changes of one connection, with the given routes and policies.
/// @param view  all connections as last committed
AccessImpact accessImpact(const ChangeSet& changes, const Connection& connection,
    const DirectoryView& view, const StoredRules& rules);

/// All connections and what decides about their people, at one moment.
struct AccessMoment
{
    DirectoryView view {};
    StoredRules rules {};
};

/// compareAccess() for the people of all connections, one after another.
AccessImpact compareAccess(const AccessMoment& before, const AccessMoment& after,
    const std::vector<Connection>& connections);

/// Every answer that differs between two moments, first imports included: by connection, then user
/// id, then route. Connections are matched by id.
/// @param connections  say whose nested members are not exported
std::vector<ReachChange> compareReach(const AccessMoment& before, const AccessMoment& after,
    const std::vector<Connection>& connections);

} // namespace portreeve::access
