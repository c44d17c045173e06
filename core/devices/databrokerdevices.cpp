// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/databrokerdevices.h"

#include "core/devices/knownhosts.h"
#include "core/devices/linkissuer.h"
#include "core/proxy/databroker/databrokerclient.h"
#include "core/store/store.h"

namespace portreeve::devices {

DatabrokerDevices::DatabrokerDevices(Services services, ProxyTarget target, DatabrokerAccess access)
    : m_services(std::move(services))
    , m_target(std::move(target))
    , m_access(std::move(access))
{
}

LinkIssuer DatabrokerDevices::issuer() const
{
    return LinkIssuer({ .client = *m_access.client,
        .store = m_services.store,
        .secret = m_access.secret,
        .clock = m_services.clock,
        .targetId = m_target.id });
}

DeviceAdmin DatabrokerDevices::admin() const
{
    return DeviceAdmin({ .client = *m_access.client,
        .store = m_services.store,
        .clock = m_services.clock,
        .targetId = m_target.id,
        .actor = m_services.actor });
}

Result<LoadedDevices> DatabrokerDevices::load(const std::stop_token& stop) const
{
    return loadDevices(*m_access.client, stop);
}

Result<Enrollments> DatabrokerDevices::enrollments(const std::stop_token& stop) const
{
    return loadEnrollments(*m_access.client, stop);
}

Result<std::vector<DeviceLink>> DatabrokerDevices::links() const
{
    return m_services.store.deviceLinks().list(m_target.id);
}

std::unique_ptr<DeviceFollower> DatabrokerDevices::follow(const std::vector<FollowedType>& types,
    Clock& clock, DeviceFollower::RecordSink onRecord, DeviceFollower::EventSink onEvent) const
{
    auto follower = std::make_unique<DeviceFollower>(
        *m_access.client, clock, std::move(onRecord), std::move(onEvent));
    follower->start(types);
    return follower;
}

Result<std::vector<QString>> DatabrokerDevices::hosts(const std::stop_token& stop) const
{
    return knownHosts(*m_access.client, m_services.store, m_target, stop);
}

Result<IssuedLinks> DatabrokerDevices::create(LinkOrder order, const std::stop_token& stop)
{
    order.targetId = m_target.id;
    order.creator = m_services.actor;
    return issuer().create(order, stop);
}

Result<IssuedLink> DatabrokerDevices::renew(
    const QString& enrollmentId, std::chrono::milliseconds validity, const std::stop_token& stop)
{
    return issuer().renew(enrollmentId, validity, m_services.actor, stop);
}

Result<IssuedLink> DatabrokerDevices::recreate(
    const QString& enrollmentId, std::chrono::milliseconds validity, const std::stop_token& stop)
{
    return issuer().recreate(enrollmentId, validity, m_services.actor, stop);
}

Result<IssuedLink> DatabrokerDevices::linkAgain(const QString& enrollmentId, LinkForm form) const
{
    const auto link = m_services.store.deviceLinks().byEnrollment(enrollmentId);
    if (!link) {
        return link.error();
    }
    const auto url = form == LinkForm::Short ? issuer().shortUrl(*link) : issuer().url(*link);
    if (!url) {
        return url.error();
    }
    return IssuedLink { .link = *link, .url = *url, .expiresAt = link->expiresAt };
}

Result<ApprovalReport> DatabrokerDevices::approve(
    const std::vector<QString>& enrollmentIds, const std::stop_token& stop)
{
    return admin().approve(enrollmentIds, stop);
}

Result<ApprovalReport> DatabrokerDevices::undoApproval(
    const std::vector<QString>& enrollmentIds, const std::stop_token& stop)
{
    return admin().undoApproval(enrollmentIds, stop);
}

Result<DeviceKey> DatabrokerDevices::find(const QString& id, const std::stop_token& stop) const
{
    return admin().find(id, stop);
}

Result<QJsonArray> DatabrokerDevices::records(
    const DeviceKey& device, const std::stop_token& stop) const
{
    return admin().records(device, stop);
}

Result<RevokeReport> DatabrokerDevices::revoke(const DeviceKey& device, const std::stop_token& stop)
{
    return admin().revoke(device, stop);
}

Result<Housekeeping> DatabrokerDevices::keepHouse(
    const Housekeeping& agreed, const std::stop_token& stop)
{
    return devices::keepHouse({ .client = *m_access.client,
                                  .store = m_services.store,
                                  .clock = m_services.clock,
                                  .targetId = m_target.id,
                                  .actor = m_services.actor },
        agreed, stop);
}

} // namespace portreeve::devices
