// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/delivery/delivery.h"
#include "core/proxy/delivery/deliverysource.h"
#include "core/proxy/delivery/plandraft.h"
#include "core/proxy/delivery/targetlink.h"

namespace portreeve {

/// What the channels of one delivery share. Everything is borrowed and outlives them.
struct DeliveryJob
{
    TargetLink& link;
    const DeliverySource& source;
    const DeliveryChoices& choices;
    const DeliveryControl& control;
    Store& store;
    Clock& clock;
    const BundlePublisher& publishBundle;
};

/// What was really done, also by a delivery that failed half-way.
struct AppliedDelivery
{
    PushCounts counts {}; ///< put and deleted only
    bool wrote = false;
    bool confirmed = false;
    bool withheld = false; ///< it failed by content that is left out; all else is delivered
    std::vector<Message> notes {};
    RecordPositions positions {}; ///< of each type of record that was read or written
};

/// One way into a target, from looking to writing: plan() once, then apply() at most once.
class ChannelDelivery
{
public:
    ChannelDelivery() = default;
    ChannelDelivery(const ChannelDelivery&) = delete;
    ChannelDelivery& operator=(const ChannelDelivery&) = delete;
    virtual ~ChannelDelivery() = default;

    /// Reads the target and adds what would be done. Writes nothing.
    virtual Result<void> plan(PlanDraft& draft) = 0;

    /// @param approved  whether a person let a held plan through
    virtual Result<void> apply(bool approved, AppliedDelivery& done) = 0;
};

/// The channels a target's options name, in the order of sending: people and groups, then policies
/// that ask for them.
std::vector<std::unique_ptr<ChannelDelivery>> channelsOf(const DeliveryJob& job);

} // namespace portreeve
