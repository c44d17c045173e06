// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/devices/deviceservice.h"

namespace portreeve {

class ConsoleDeviceClient;

namespace devices {

/// The devices that Enterprise's own console keeps (devices.md 4, "Enterprise targets"). Nothing of
/// its links is stored here: the console lists them, and their texts cannot be made again.
class ConsoleDevices final : public DeviceService
{
public:
    ConsoleDevices(
        Services services, ProxyTarget target, std::unique_ptr<ConsoleDeviceClient> client);
    ~ConsoleDevices() override;

    DeviceKeeper keeper() const override { return DeviceKeeper::Console; }

    Result<LoadedDevices> load(const std::stop_token& stop) const override;
    Result<Enrollments> enrollments(const std::stop_token& stop) const override;
    Result<std::vector<DeviceLink>> links() const override;
    std::unique_ptr<DeviceFollower> follow(const std::vector<FollowedType>& types, Clock& clock,
        DeviceFollower::RecordSink onRecord, DeviceFollower::EventSink onEvent) const override;
    Result<std::vector<QString>> hosts(const std::stop_token& stop) const override;
    Result<IssuedLinks> create(LinkOrder order, const std::stop_token& stop) override;
    Result<IssuedLink> renew(const QString& enrollmentId, std::chrono::milliseconds validity,
        const std::stop_token& stop) override;
    Result<IssuedLink> recreate(const QString& enrollmentId, std::chrono::milliseconds validity,
        const std::stop_token& stop) override;
    Result<IssuedLink> linkAgain(const QString& enrollmentId, LinkForm form) const override;
    Result<ApprovalReport> approve(
        const std::vector<QString>& enrollmentIds, const std::stop_token& stop) override;
    Result<ApprovalReport> undoApproval(
        const std::vector<QString>& enrollmentIds, const std::stop_token& stop) override;
    Result<DeviceKey> find(const QString& id, const std::stop_token& stop) const override;
    Result<QJsonArray> records(const DeviceKey& device, const std::stop_token& stop) const override;
    Result<RevokeReport> revoke(const DeviceKey& device, const std::stop_token& stop) override;
    Result<Housekeeping> keepHouse(
        const Housekeeping& agreed, const std::stop_token& stop) override;

private:
    Result<void> checkType(const QString& id, const std::stop_token& stop) const;
    Result<IssuedLink> enroll(const LinkOrder& order, const LinkUser& user,
        const CheckedOrder& checked, const std::stop_token& stop);
    Error withdraw(const std::vector<IssuedLink>& made, const Error& failure);
    Result<void> remove(const DeviceKey& device, const std::stop_token& stop);
    Result<std::vector<DatabrokerRecord>> recordsOf(
        const DeviceKey& device, const std::stop_token& stop) const;
    DeviceAudit audit() const;

    Services m_services;
    ProxyTarget m_target;
    std::unique_ptr<ConsoleDeviceClient> m_client;
};

} // namespace devices
} // namespace portreeve
