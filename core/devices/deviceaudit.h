// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/store/pushrecords.h"

#include <QJsonObject>

#include <vector>

namespace portreeve {

class Store;

namespace devices {

struct RevokeReport;

/// What is done with devices of one target, told to the audit log in somebody's name; never with
/// the text of a link. Errors are those of Storage.
class DeviceAudit
{
public:
    DeviceAudit(Store& store, QString targetId, QString actor);

    /// @param event  "device_link_created"  @param links  at least one
    Result<void> links(const QString& event, const std::vector<DeviceLink>& links);
    Result<void> approval(const QString& enrollmentId, bool isApproved);

    /// Whether it was revoked, by the report's steps.
    Result<void> revocation(const RevokeReport& report);

private:
    Result<void> append(const QString& event, const QString& subject, QJsonObject details);

    Store& m_store;
    QString m_targetId;
    QString m_actor;
};

} // namespace devices
} // namespace portreeve
