// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/devices/devicetable.h"

#include <stop_token>
#include <vector>

namespace portreeve {

class Clock;
class DatabrokerClient;
class Store;

namespace devices {

/// Records that serve nobody any more. Credentials without an enrollment are not among them: they
/// still open doors, so each is for a person to revoke.
struct Housekeeping
{
    std::vector<QString> expiredEnrollments {}; ///< of links that are over and were never used
    std::vector<QString> abandonedOwners {}; ///< left by refused enrollments, an hour old or more

    bool isEmpty() const { return expiredEnrollments.empty() && abandonedOwners.empty(); }
};

/// What can go. Enrollments without a link of ours stay: nobody here knows their end.
Housekeeping housekeepingOf(
    const DeviceTable& table, const std::vector<DeviceLink>& links, UtcTime now);

struct HousekeepingServices
{
    const DatabrokerClient& client;
    Store& store;
    const Clock& clock;
    QString targetId {};
    QString actor {};
};

/// Deletes what @p agreed names, as far as a second look still finds it of no use. Blocks.
/// @return what was deleted; BadResponse naming a record that cannot be read, as nobody knows what
/// that one still needs; other errors as DatabrokerClient and Storage
Result<Housekeeping> keepHouse(
    const HousekeepingServices& services, const Housekeeping& agreed, const std::stop_token& stop);

} // namespace devices

} // namespace portreeve
