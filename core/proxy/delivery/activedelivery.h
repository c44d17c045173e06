// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/delivery/channeldelivery.h"

#include <QJsonArray>

namespace portreeve {

/// One delivery to one target from its claim to its record: whichever way it ends, history, audit
/// log, state and claim are settled.
class ActiveDelivery
{
public:
    /// @return LimitExceeded while another delivery to the target is going on
    static Result<std::unique_ptr<ActiveDelivery>> start(Store& store, const Clock& clock,
        const ProxyTarget& target, const DeliveryControl& control);
    ~ActiveDelivery();
    ActiveDelivery(const ActiveDelivery&) = delete;
    ActiveDelivery& operator=(const ActiveDelivery&) = delete;

    std::int64_t id() const { return m_begun.id; }

    /// Remembers what is delivered, for the record.
    void setPlan(const DeliveryPlan& plan);

    /// Records how it ended. @param done  what was really written, over all attempts
    /// @return the record, or nothing where there was nothing to tell
    Result<std::optional<PushRecord>> succeed(const AppliedDelivery& done);
    Result<std::optional<PushRecord>> hold(const Message& reason);

    /// @return @p error
    Error fail(const Error& error, const AppliedDelivery& done);

private:
    ActiveDelivery(
        Store& store, const Clock& clock, QString targetId, const DeliveryControl& control);

    Result<std::optional<PushRecord>> settle(PushRecord record);
    Result<void> writeState(const PushRecord& record);
    Result<bool> isWorthKeeping(const PushRecord& record);
    Result<void> writeAudit(const PushRecord& record);

    Store& m_store;
    const Clock& m_clock;
    const DeliveryControl& m_control;
    QString m_targetId;
    PushRecord m_begun;
    PushCounts m_planned;
    std::uint64_t m_serverVersion = 0;
    QJsonArray m_ids; // of what the plan changes
    std::int64_t m_idsLeftOut = 0;
};

/// The target as a delivery left it. Pure.
ProxyTarget afterDelivery(ProxyTarget target, const PushRecord& record, UtcTime now);

} // namespace portreeve
