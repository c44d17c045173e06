// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/policy/model.h"
#include "core/store/records.h"

#include <QSet>
#include <QString>

#include <vector>

namespace portreeve::access {

/// One place where a policy names a group.
struct GroupReference
{
    QString groupId {}; ///< as the proxy will compare it
    bool negated = false; ///< under not or nor, behind exclude, or in a deny rule: "no members"
                          ///< would widen access
    policy::Position at {};
};

/// Every group a policy names, in the order of the text.
std::vector<GroupReference> groupReferences(const policy::Policy& policy);

/// The ids of those groups, sorted, each once.
std::vector<QString> referencedGroupIds(const policy::Policy& policy);

/// Those of @p policies that name any of these groups, in their order.
std::vector<StoredPolicy> policiesNaming(
    const std::vector<StoredPolicy>& policies, const QSet<QString>& groupIds);

/// References to groups that are not in the directory any more; such a policy is orphaned: kept and
/// visible, and the group counts as empty (sync-lifecycle.md 2.4).
std::vector<GroupReference> orphans(
    const policy::Policy& policy, const QSet<QString>& liveGroupIds);

/// What may be given to the proxy while groups are missing: an allow rule that relies on a missing
/// group's absence never allows, a deny rule that names a missing group denies everybody. Policies
/// without negated orphans come back as they are.
policy::Policy withNegationGuard(const policy::Policy& policy, const QSet<QString>& liveGroupIds);

} // namespace portreeve::access
