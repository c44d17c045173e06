// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"

#include <QString>

#include <vector>

namespace portreeve {

class Database;

/// A policy of ours on a route of somebody else at a target: only where a person said so.
struct AttachedPolicy
{
    QString routeId {}; ///< as the proxy knows it
    QString routeName {}; ///< for people; as it was when the policy was attached
    QString policyId {}; ///< of our store, which need not have it any more
    QString policyName {};
    bool wanted = true; ///< false: to be taken off by the next delivery
    UtcTime since {};
    QString actor {};

    friend bool operator==(const AttachedPolicy&, const AttachedPolicy&) = default;
};

/// Which policies were attached to routes of others, by target. An attachment is remembered until
/// it was seen to be gone from the proxy: otherwise nobody would take it off.
class AttachmentStore
{
public:
    AttachmentStore(Database& database, const Clock& clock);

    Result<std::vector<AttachedPolicy>> list(const QString& targetId); ///< by route, then policy

    /// Also wants one again that was to be taken off.
    Result<void> attach(const QString& targetId, const AttachedPolicy& attachment);

    /// To be taken off by the next delivery. @return NotFound where it is not attached
    Result<void> detach(const QString& targetId, const QString& routeId, const QString& policyId);

    /// Those that are gone from the proxy, unless they are wanted again by now.
    Result<void> forget(const QString& targetId, const std::vector<AttachedPolicy>& gone);

private:
    Database& m_database;
    const Clock& m_clock;
};

} // namespace portreeve
