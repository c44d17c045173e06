// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/devices/devicereader.h"

#include <stop_token>
#include <vector>

namespace portreeve {

class Clock;
class Store;

namespace devices {

/// Why a record that looks unused is not deleted.
enum class KeptReason {
    Unreadable, ///< another record cannot be read, and may be the one that needs it
    Recent, ///< its registration may still go on
    NoLink, ///< not made here, so nobody here knows its end
    ForAPerson, ///< part of a device that is not whole: to be revoked, not tidied away
};

QString keptReasonName(KeptReason reason); ///< "for_a_person"

struct KeptRecord
{
    QString type {}; ///< of the record
    QString id {};
    KeptReason reason = KeptReason::Unreadable;
};

/// Records that serve nobody any more. Credentials without an enrollment are not among them: they
/// still open doors.
struct Housekeeping
{
    std::vector<QString> expiredEnrollments {}; ///< of links that are over and were never used
    std::vector<QString> abandonedOwners {}; ///< left by refused enrollments, an hour old or more
    std::vector<KeptRecord> kept {}; ///< what looks like one of them and stays

    bool isEmpty() const { return expiredEnrollments.empty() && abandonedOwners.empty(); }
};

/// What keepHouse() would delete.
Housekeeping housekeepingOf(
    const LoadedDevices& devices, const std::vector<DeviceLink>& links, UtcTime now);

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
