// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/error.h"
#include "core/base/time.h"
#include "core/directory/changeset.h"

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

namespace portreeve {

enum class RunTrigger { Schedule, Manual, CommandLine, Approval, Revert };

enum class RunOutcome {
    Succeeded, ///< applied, or nothing to do
    Held, ///< safe part applied, the rest waits
    Failed,
    Cancelled,
    Interrupted, ///< found unfinished at start-up
};

QString runTriggerName(RunTrigger trigger);
QString runOutcomeName(RunOutcome outcome);

/// One run as history shows it. Times UTC.
struct RunRecord
{
    std::int64_t id = 0;
    QString connectionId {};
    QString connectionName {};
    RunTrigger trigger = RunTrigger::Manual;
    UtcTime startedAt {};
    std::optional<UtcTime> finishedAt {};
    RunOutcome outcome = RunOutcome::Succeeded;
    ChangeCounts counts {}; ///< of what was applied
    std::int64_t generation = 0; ///< made by this run; 0 = none
    QString planHash {};
    std::optional<Error> error {};
    std::optional<std::int64_t> revertsRun {};
    std::int64_t quarantined = 0;
    std::vector<QString> notes {};
};

/// One applied change as kept for ever: ids and texts, independent of snapshots.
struct RunChange
{
    ObjectKind kind = ObjectKind::User;
    ChangeAction action = ChangeAction::Add;
    QString id {}; ///< of the user or group; of the group for memberships
    QString name {};
    QString memberId {}; ///< memberships only
    QString memberName {};
    bool memberIsGroup = false;
    std::vector<AttributeChange> attributes {};
};

/// A removed user or group that can still come back.
struct Tombstone
{
    QString connectionId {};
    ObjectKind kind = ObjectKind::User;
    QString id {};
    QString name {};
    UtcTime removedAt {};
    std::int64_t removedByRun = 0;
};

/// Removals that wait for a person.
struct Hold
{
    QString connectionId {};
    QString planHash {};
    std::int64_t baseGeneration = 0;
    UtcTime openedAt {};
    std::int64_t runId = 0;
    QByteArray planJson {}; ///< the whole plan as SyncPlan::toJson writes it
};

/// A policy as stored: canonical JSON of the policy language, plus what people call it.
struct StoredPolicy
{
    QString id {}; ///< uuid without braces
    QString name {}; ///< unique without regard to case
    QString description {};
    QString text {}; ///< canonical YAML; empty policy is "[]"
    QString explanation {};
    QString remediation {};
    bool enforced = false;
    UtcTime updatedAt {};
};

struct StoredRoute
{
    QString id {};
    QString name {};
    QString from {};
    std::vector<QString> to {};
    QString prefix {};
    QString path {};
    QString regex {};
    std::vector<QString> policyIds {};
    bool passIdentityHeaders = false;
    bool showErrorDetails = false;
    UtcTime updatedAt {};
};

/// One line of the audit log (sync-lifecycle.md 2.9), hash-chained by the store.
struct AuditEntry
{
    std::int64_t id = 0;
    UtcTime at {};
    QString actor {}; ///< admin, connection:<name>, system
    QString event {}; ///< snake_case, e.g. hold_approved
    QString subject {};
    QString details {}; ///< JSON object without secrets
    std::int64_t generation = 0;
    QByteArray hash {}; ///< as stored: over this entry and the hash before it; not for append()
};

} // namespace portreeve
