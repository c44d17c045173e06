// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/membership/groupclosure.h"
#include "core/policy/model.h"

#include <QString>

#include <cstdint>
#include <functional>
#include <vector>

namespace portreeve::access {

/// What the directory alone can say about a person and a route.
enum class Reach : std::uint8_t {
    No,
    Depends, ///< on the request: address, path, device, claims, ...
    Yes,
};

/// A route with the policies that apply to it; no policy = nobody.
struct RouteRules
{
    QString name {};
    std::vector<policy::Policy> policies {};
};

/// How the provider's ids read in policies: as they are, or with a prefix when several connections
/// export.
using IdNaming = std::function<QString(const QString& providerId)>;

/// Evaluates policies for everybody of one directory at once, as if each had signed in (policy.md
/// 5), deciding group, user, email and domain criteria and leaving the rest open. Suspended people
/// reach nothing.
class DirectoryAccess
{
public:
    DirectoryAccess(const GroupClosure& closure, IdNaming naming);

    /// One entry per user row.
    std::vector<Reach> reach(const RouteRules& route) const;

private:
    std::vector<Reach> action(const RouteRules& route, policy::Action action) const;
    std::vector<Reach> list(const policy::OperatorList& list) const;
    std::vector<Reach> criterion(const policy::Criterion& criterion) const;
    std::vector<Reach> groupCriterion(const policy::Value& data) const;
    std::vector<Reach> textCriterion(const policy::Criterion& criterion) const;
    std::vector<Reach> membersOf(const policy::Value& groupId) const;
    QString subject(const QString& criterion, Row user) const;

    const GroupClosure& m_closure;
    IdNaming m_naming;
    Row m_users;
};

/// A person who gains or loses a route between two states.
struct ReachChange
{
    QString userId {}; ///< the provider's
    QString userName {};
    QString route {};
    bool gained = false;
};

struct ReachDiff
{
    std::vector<ReachChange> changes {}; ///< by user id, then route
    std::int64_t hadAny = 0; ///< people with at least one route before
    std::int64_t lostAll = 0; ///< of those, how many have none after
};

/// Who gains or loses which route. Gained: from No to Yes or Depends; lost: the other way.
ReachDiff compareReach(const GroupClosure& before, const GroupClosure& after,
    const std::vector<RouteRules>& routes, const IdNaming& naming);

} // namespace portreeve::access
