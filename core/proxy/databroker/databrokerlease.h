// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/databroker/databrokerclient.h"

namespace portreeve {

/// Lets one writer at a time at a databroker's directory records. Lost without renewal after a
/// minute, so a killed console never locks others out for longer.
class DatabrokerLease
{
public:
    static constexpr std::chrono::seconds kDuration { 60 };
    static constexpr std::chrono::seconds kRenewAfter { 20 };

    DatabrokerLease(const DatabrokerClient& client, const Clock& clock, QString name);
    ~DatabrokerLease(); ///< gives it back, without waiting long for an answer
    DatabrokerLease(const DatabrokerLease&) = delete;
    DatabrokerLease& operator=(const DatabrokerLease&) = delete;

    /// Takes it, or makes sure that it is still ours. @return Held while another writer has it
    Result<void> take(const std::stop_token& stop);

    /// Renews it when twenty seconds went by since; call before each step that writes.
    /// @return Stale when it was lost meanwhile: what was read may have changed
    Result<void> keep(const std::stop_token& stop);

private:
    const DatabrokerClient& m_client;
    const Clock& m_clock;
    QString m_name;
    QString m_id;
    std::chrono::milliseconds m_renewedAt { 0 };
};

} // namespace portreeve
