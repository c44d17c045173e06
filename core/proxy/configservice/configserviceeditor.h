// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/configservice/configserviceclient.h"

namespace portreeve::configservice {

/// An account of the proxy that acts as a user, made to try a route out.
struct ServiceAccount
{
    QString id {};
    QString userId {};
    QByteArray token {}; ///< a secret
};

/// The writing half. A read-only target never makes one, so that nothing but List and Get can be
/// called for it. Errors as ConfigServiceClient's; Stale where the entity exists already, or is
/// gone.
class ConfigServiceEditor
{
public:
    explicit ConfigServiceEditor(ConfigServiceClient& client);

    ConfigServiceClient& client() { return m_client; }

    Result<PolicyEntity> create(const PolicyEntity& policy, const std::stop_token& stop);
    Result<RouteEntity> create(const RouteEntity& route, const std::stop_token& stop);

    /// Changes only the named fields, so that what we do not know survives; a field left empty is
    /// cleared. Without names nothing is sent: the server would replace the whole entity.
    Result<PolicyEntity> update(
        const PolicyEntity& policy, const QStringList& fields, const std::stop_token& stop);
    Result<RouteEntity> update(
        const RouteEntity& route, const QStringList& fields, const std::stop_token& stop);

    /// Also succeeds when there is none of that id. Routes that name a policy keep naming it.
    Result<void> remove(EntityKind kind, const QString& id, const std::stop_token& stop);

    Result<ServiceAccount> createServiceAccount(
        const QString& userId, UtcTime expiresAt, const std::stop_token& stop);
    Result<void> removeServiceAccount(const QString& id, const std::stop_token& stop);

private:
    Result<QJsonObject> write(const ConfigServiceClient::Call& call, const std::stop_token& stop);

    ConfigServiceClient& m_client;
};

} // namespace portreeve::configservice
