// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/devicereader.h"

#include "core/proxy/databroker/databrokerclient.h"

namespace portreeve::devices {

Result<LoadedDevices> loadDevices(const DatabrokerClient& client, const std::stop_token& stop)
{
    LoadedDevices loaded;
    for (const auto& type : DeviceTable::recordTypes()) {
        const auto read = client.syncLatest(
            type,
            [&loaded](DatabrokerRecord&& record) {
                if (const auto applied = loaded.table.apply(record); !applied) {
                    loaded.damaged.push_back(applied.error());
                }
            },
            stop);
        if (!read) {
            return read.error();
        }
        loaded.followed.push_back({ .type = type, .position = read->position });
    }
    return loaded;
}

Result<Enrollments> loadEnrollments(const DatabrokerClient& client, const std::stop_token& stop)
{
    Enrollments enrollments;
    const auto read = client.syncLatest(
        recordtype::kEnrollment,
        [&enrollments](const DatabrokerRecord& record) {
            if (const auto enrollment = enrollmentData(record)) {
                enrollments.insert(record.id, *enrollment);
            }
        },
        stop);
    return read ? Result<Enrollments>(std::move(enrollments)) : Result<Enrollments>(read.error());
}

} // namespace portreeve::devices
