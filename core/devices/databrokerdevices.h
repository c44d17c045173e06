// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/devices/deviceservice.h"
#include "core/proxy/databroker/databrokeraccess.h"

namespace portreeve::devices {

class LinkIssuer;

/// The devices of a proxy, as records of its databroker.
class DatabrokerDevices final : public DeviceService
{
public:
    DatabrokerDevices(Services services, ProxyTarget target, DatabrokerAccess access);

    DeviceKeeper keeper() const override { return DeviceKeeper::Proxy; }

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
    LinkIssuer issuer() const;
    DeviceAdmin admin() const;

    Services m_services;
    ProxyTarget m_target;
    DatabrokerAccess m_access;
};

} // namespace portreeve::devices
