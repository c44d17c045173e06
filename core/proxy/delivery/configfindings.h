// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/configservice/configplan.h"
#include "core/proxy/delivery/adoptioncheck.h"
#include "core/proxy/delivery/channeldelivery.h"

namespace portreeve {

// What the channels share that compare policies and routes one by one.

DeliveryChange deliveryChange(const configservice::ConfigChange& change);
QByteArray contentOf(const configservice::Entity& entity); ///< for the plan's hash

/// Refusals, conflicts, warnings, what stays as it is, and the guard; the changes are there
/// already.
/// @param current  as the target holds it
void addConfigFindings(const DeliveryJob& job, const configservice::ConfigPlan& plan,
    const configservice::ConfigState& current, PlanDraft& draft);

/// What was left as it is although it shall be otherwise: the target is not in step then, however
/// well all the rest went.
Result<void> nothingWithheld(const configservice::ConfigPlan& plan, AppliedDelivery& done);

/// Routes of ours as the proxy has them now.
SentRoutes sentRoutes(const configservice::ConfigPlan& plan,
    const configservice::ConfigState& after, const QString& originatorId);

} // namespace portreeve
