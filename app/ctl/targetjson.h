// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/databroker/joincheck.h"
#include "core/proxy/delivery/delivery.h"

#include <QJsonObject>

namespace portreeve::ctl {

// The keys below are a contract with scripts: adding is free, renaming is a breaking change.

QJsonObject toJson(const ProxyTarget& target);
QJsonObject toJson(const CapabilityRow& capability);
QJsonObject toJson(const TargetReport& report);
QJsonObject toJson(const PushRecord& push);
QJsonObject toJson(const BlockReport& report);
QJsonObject toJson(const BlockedUser& user);
QJsonObject toJson(const JoinReport& report);
QJsonObject toJson(const ForeignRoute& route);
QJsonObject toJson(const AttachedPolicy& attachment);

/// What was done, with the keys of a plan; counts are those of the record where there is one.
QJsonObject toJson(const DeliveryOutcome& outcome);

} // namespace portreeve::ctl
