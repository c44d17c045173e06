// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/reach.h"

namespace portreeve {

Result<void> storeReach(Store& store, const QString& targetId, const Reach& reach)
{
    auto target = store.targets().byId(targetId);
    if (!target) {
        return target.error();
    }
    const bool isKept = target->state == TargetState::Disabled
        || (target->state == TargetState::NeedsAttention && reach.state == TargetState::Drifted);
    if (isKept) {
        return {};
    }
    target->state = reach.state;
    target->stateReason = reach.error ? reach.error->what : reach.reason;
    target->lastError = reach.error;
    return store.targets().updateState(*target);
}

Result<bool> isAnotherDelivery(
    Store& store, const QString& targetId, std::int64_t ownId, UtcTime now)
{
    constexpr std::chrono::seconds fresh { 5 };
    const auto last = store.pushes().list(targetId, 1);
    if (!last) {
        return last.error();
    }
    return !last->empty() && last->front().id > ownId
        && (!last->front().finishedAt || now - *last->front().finishedAt < fresh);
}

} // namespace portreeve
