// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/databrokerlease.h"

namespace portreeve {

DatabrokerLease::DatabrokerLease(const DatabrokerClient& client, const Clock& clock, QString name)
    : m_client(client)
    , m_clock(clock)
    , m_name(std::move(name))
{
}

DatabrokerLease::~DatabrokerLease()
{
    if (!m_id.isEmpty()) {
        // Unanswered, it ends by itself within a minute.
        (void)m_client.releaseLease(m_name, m_id, {});
    }
}

Result<void> DatabrokerLease::take(const std::stop_token& stop)
{
    if (!m_id.isEmpty()) {
        auto renewed = m_client.renewLease(m_name, m_id, kDuration, stop);
        if (renewed || renewed.error().code != ErrorCode::Held) {
            m_renewedAt = m_clock.monotonic();
            return renewed;
        }
        m_id.clear();
    }
    auto id = m_client.acquireLease(m_name, kDuration, stop);
    if (!id) {
        return id.error();
    }
    m_id = std::move(*id);
    m_renewedAt = m_clock.monotonic();
    return {};
}

Result<void> DatabrokerLease::keep(const std::stop_token& stop)
{
    const auto now = m_clock.monotonic();
    if (now - m_renewedAt < kRenewAfter) {
        return {};
    }
    auto renewed = m_client.renewLease(m_name, m_id, kDuration, stop);
    if (renewed) {
        m_renewedAt = now;
        return {};
    }
    if (renewed.error().code != ErrorCode::Held) {
        return renewed;
    }
    m_id.clear();
    auto lost = renewed.error().wrappedIn(message(
        QT_TRANSLATE_NOOP("Message",
            "The right to write to %1 was lost in the middle of the push: another writer may have "
            "taken over."),
        m_client.endpoint().address()));
    lost.code = ErrorCode::Stale;
    return lost;
}

} // namespace portreeve
