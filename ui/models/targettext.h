// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/delivery/deliveryservice.h"
#include "core/settings/proxytarget.h"
#include "ui/theme/theme.h"

namespace portreeve {

/// The state of a target in one or two words, as every list says it.
QString targetStateText(TargetState state);
theme::Role targetStateRole(TargetState state);
QString targetStateIconName(TargetState state);

/// Badness on the scale of connectionStateSeverity(): 0 is healthy, over 1 wants somebody.
int targetStateSeverity(TargetState state);

QString deliveryPhaseText(DeliveryProgress::Phase phase);
QString deliveryTaskText(DeliveryService::Task task);

/// "Person", "Group", "Policy", "Route".
QString deliveredKindText(DeliveredKind kind);

QString pushTriggerText(PushTrigger trigger);
QString pushOutcomeText(PushOutcome outcome);
theme::Role pushOutcomeRole(PushOutcome outcome);
QString pushOutcomeIconName(PushOutcome outcome);

/// "12 put, 3 deleted", or "none".
QString deliveryCountsText(const DeliveryCounts& counts);

} // namespace portreeve
