// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/devices/devicetable.h"

#include <stop_token>
#include <vector>

namespace portreeve {

class DatabrokerClient;

namespace devices {

/// Where to follow the changes of one record type from.
struct FollowedType
{
    QString type {};
    DatabrokerPosition position {};
};

struct LoadedDevices
{
    DeviceTable table {};
    std::vector<FollowedType>
        followed {}; ///< for DatabrokerClient::sync() and DeviceTable::apply()
    std::vector<Error> damaged {}; ///< records that could not be read; the others are there
};

/// A snapshot of everything the device list shows. Blocks; errors are those of DatabrokerClient.
/// Of sessions only ids and device tags are kept.
Result<LoadedDevices> loadDevices(const DatabrokerClient& client, const std::stop_token& stop);

/// Enrollments alone, by id; damaged ones are left out.
using Enrollments = QHash<QString, EnrollmentData>;
Result<Enrollments> loadEnrollments(const DatabrokerClient& client, const std::stop_token& stop);

} // namespace devices

} // namespace portreeve
