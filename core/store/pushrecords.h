// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/error.h"
#include "core/base/time.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

namespace portreeve {

/// What a delivery did to one kind of thing at a target.
struct DeliveryCounts
{
    std::int64_t put = 0;
    std::int64_t deleted = 0;
    std::int64_t unchanged = 0;

    friend bool operator==(const DeliveryCounts&, const DeliveryCounts&) = default;
};

struct PushCounts
{
    DeliveryCounts users {};
    DeliveryCounts groups {};
    DeliveryCounts policies {};
    DeliveryCounts routes {};

    friend bool operator==(const PushCounts&, const PushCounts&) = default;
};

enum class PushTrigger { Commit, Manual, CommandLine, Drift, Restart };
enum class PushOutcome { Succeeded, Unchanged, Held, Failed, Cancelled, Interrupted };

QString pushTriggerName(PushTrigger trigger); ///< "command_line"
QString pushOutcomeName(PushOutcome outcome);

/// One delivery as history shows it.
struct PushRecord
{
    std::int64_t id = 0;
    QString targetId {};
    QString targetName {};
    PushTrigger trigger = PushTrigger::Manual;
    QString actor {};
    UtcTime startedAt {};
    std::optional<UtcTime> finishedAt {};
    PushOutcome outcome = PushOutcome::Succeeded;
    PushCounts counts {};
    std::int64_t generation = 0; ///< of the directory that was delivered
    std::optional<Error> error {};
    std::vector<QString> notes {}; ///< English; ids and names, never attribute values
};

/// What lies at a target under a type or name we write.
enum class DeliveredKind { User, Group, Policy, Route };

QString deliveredKindName(DeliveredKind kind); ///< "user"

/// A person locked out of a target's managed routes, until an administrator lets them in again or
/// the directory has been without them for long enough.
struct BlockedUser
{
    QString userId {}; ///< as the proxy knows them
    UtcTime blockedAt {};
    QString actor {};
    bool exported = false; ///< was among the records delivered to the target since, or then
    std::optional<UtcTime> absentSince {}; ///< when a delivery without them was seen to arrive

    friend bool operator==(const BlockedUser&, const BlockedUser&) = default;
};

/// An enrollment link as we keep it: everything but the link itself, which follows from these and
/// the target's secret.
struct DeviceLink
{
    QString enrollmentId {}; ///< uuid without braces, of the Enrollment record
    QString targetId {};
    QString userId {}; ///< as the proxy knows them
    QString userName {}; ///< for people; as it was when the link was made
    QString type {}; ///< "any", "enclave_only" or the id of a Type record
    QString host {}; ///< with the port where it is not 443
    QString redirect {}; ///< absolute URL
    UtcTime issuedAt {};
    UtcTime expiresAt {};
    QString creator {};
    bool approved = false; ///< approved already when the device enrolls
    QString notes {};
    std::optional<UtcTime> revokedAt {};
};

} // namespace portreeve
