// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/consoledouble.h"

#include <QByteArray>
#include <QStringList>

#include <consoledevices.pb.h>
#include <grpcpp/support/status.h>

#include <mutex>
#include <vector>

namespace portreeve::test {

/// Enrollments and devices of a ConsoleDouble, with the rules of the public protos: the console
/// makes the links and approves what is enrolled with them, and deletes a device whole. Safe from
/// any thread.
class ConsoleDeviceStore
{
public:
    void list(pomerium::dashboard::ListDevicesResponse& out) const;
    void listTypes(pomerium::dashboard::ListDeviceTypesResponse& out) const;
    grpc::Status create(const pomerium::dashboard::CreateDeviceEnrollmentRequest& request,
        const ConsoleFaults& faults, pomerium::dashboard::CreateDeviceEnrollmentResponse& out);
    grpc::Status approve(const pomerium::dashboard::ApproveDeviceRequest& request);
    grpc::Status remove(
        const pomerium::dashboard::DeleteDeviceRequest& request, bool keepsEnrollment);

    void addType(const QString& id, const QString& name);
    void namePerson(const QString& id, const QString& name); ///< as in the console's directory

    /// A device that its person enrolled without a link, so that nobody approved it.
    void addDevice(const QString& enrollmentId, const QString& credentialId, const QString& userId);

    void use(
        const QString& enrollmentId, const QString& credentialId); ///< somebody followed a link
    void dropEnrollment(const QString& id); ///< leaves the credential, as other programs may
    void dropCredential(const QString& enrollmentId); ///< and the other way round
    QStringList enrollmentIds() const;
    bool isApproved(const QString& enrollmentId) const;

private:
    using Device = pomerium::dashboard::ListDevicesResponse::Device;

    template <typename Request> std::vector<Device>::iterator find(const Request& request);
    Device* byEnrollment(const QString& id);
    void enroll(Device& device, const QString& credentialId);

    mutable std::mutex m_mutex;
    std::vector<Device> m_devices;
    std::vector<pomerium::dashboard::DeviceType> m_types;
    std::map<std::string, std::string> m_names;
    int m_created = 0;
};

} // namespace portreeve::test
