// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/deviceaudit.h"

#include "core/devices/deviceadmin.h"
#include "core/store/store.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace portreeve::devices {

DeviceAudit::DeviceAudit(Store& store, QString targetId, QString actor)
    : m_store(store)
    , m_targetId(std::move(targetId))
    , m_actor(std::move(actor))
{
}

Result<void> DeviceAudit::append(const QString& event, const QString& subject, QJsonObject details)
{
    details.insert(u"target"_s, m_targetId);
    return m_store.audit().append(
        { .actor = m_actor, .event = event, .subject = subject, .details = auditDetails(details) });
}

Result<void> DeviceAudit::links(const QString& event, const std::vector<DeviceLink>& links)
{
    QJsonArray all;
    for (const auto& link : links) {
        QJsonObject one { { u"enrollment_id"_s, link.enrollmentId }, { u"user"_s, link.userId },
            { u"host"_s, link.host }, { u"type"_s, link.type }, { u"approved"_s, link.approved } };
        if (link.expiresAt > link.issuedAt) { // else nobody knows
            one.insert(u"expires_at"_s, toRfc3339(link.expiresAt));
        }
        all.append(one);
    }
    return append(event,
        links.size() == 1 ? links.front().userId : QString::number(links.size()) + u" users"_s,
        { { u"links"_s, all } });
}

Result<void> DeviceAudit::approval(const QString& enrollmentId, bool isApproved)
{
    return append(
        isApproved ? u"device_approved"_s : u"device_approval_undone"_s, enrollmentId, {});
}

Result<void> DeviceAudit::revocation(const RevokeReport& report)
{
    QJsonObject steps;
    for (const auto& step : report.steps) {
        steps.insert(revokeStepName(step.step), stepStateName(step.state));
    }
    const auto& device = report.device;
    return append(report.isComplete() ? u"device_revoked"_s : u"device_revoke_failed"_s,
        device.enrollmentId.isEmpty() ? device.credentialId : device.enrollmentId,
        { { u"enrollment_id"_s, device.enrollmentId }, { u"credential_id"_s, device.credentialId },
            { u"steps"_s, steps } });
}

} // namespace portreeve::devices
