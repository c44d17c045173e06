// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/databroker/databrokerclient.h"
#include "core/proxy/databroker/devicerecords.h"

#include <memory>
#include <vector>

namespace portreeve {

/// What an enrollment at Enterprise's console is made from.
struct ConsoleEnrollmentOrder
{
    QString userId {};
    QString typeId {};
    QString routeUrl {}; ///< "https://wiki.example.org"
    QString redirectUrl {};
};

struct ConsoleEnrollment
{
    EnrollmentData enrollment {}; ///< as it is kept now; approved where the console approves it
    QString url {}; ///< confidential
};

/// Devices and enrollments that Enterprise's console keeps (devices.md 4, "Enterprise targets").
/// Every call blocks; errors are those of ConsoleCalls besides the ones named. That a console
/// behaves as its public protos say is (unverified here).
class ConsoleDeviceClient final
{
public:
    /// Connects with the first call, not here.
    /// @param mint  gives the token of a service account
    /// @return InvalidInput naming the field for an unusable address or certificate file
    static Result<std::unique_ptr<ConsoleDeviceClient>> open(
        const DatabrokerEndpoint& endpoint, DatabrokerClient::TokenMint mint, const Clock& clock);

    ~ConsoleDeviceClient();
    ConsoleDeviceClient(const ConsoleDeviceClient&) = delete;
    ConsoleDeviceClient& operator=(const ConsoleDeviceClient&) = delete;

    /// Everybody's enrollments and credentials, with the people and the types they name, as the
    /// records a proxy would keep of them. Who approved is told by name where the console knows it.
    Result<std::vector<DatabrokerRecord>> records(const std::stop_token& stop) const;

    /// The types the console keeps, its own of every proxy among them or not.
    Result<std::vector<DeviceTypeData>> types(const std::stop_token& stop) const;

    /// Hosts of the routes the console keeps, as "https://wiki.example.org".
    Result<std::vector<QString>> routeAddresses(const std::stop_token& stop) const;

    /// @return BadResponse when the answer is no enrollment of that person and type with a link
    Result<ConsoleEnrollment> enroll(
        const ConsoleEnrollmentOrder& order, const std::stop_token& stop) const;

    /// @return NotFound
    Result<void> approve(const QString& enrollmentId, const std::stop_token& stop) const;

    /// @return NotFound
    Result<void> removeEnrollment(const QString& id, const std::stop_token& stop) const;
    Result<void> removeCredential(const QString& id, const std::stop_token& stop) const;

private:
    struct Private;
    explicit ConsoleDeviceClient(std::unique_ptr<Private> d);

    std::unique_ptr<Private> m_d;
};

} // namespace portreeve
