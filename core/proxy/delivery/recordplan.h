// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/databroker/directoryplan.h"
#include "core/proxy/delivery/deliverysource.h"
#include "core/proxy/delivery/plandraft.h"

namespace portreeve {

DeliveredKind deliveredKind(DirectoryRecordKind kind);

/// What the directory channels compare with; limits and ownership as the target has them.
DesiredDirectory desiredDirectory(
    const DeliverySource& source, const TargetOptions& options, DeliveryChoices::Foreign foreign);

/// Adds a comparison of directory records to a delivery plan.
void addRecordPlan(const DirectoryPlan& plan, const DesiredDirectory& desired, PlanDraft& draft);

} // namespace portreeve
