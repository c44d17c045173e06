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

/// The writing half: without it nothing but List and Get can be called.
class ConfigServiceEditor final : public ConfigEditor
{
public:
    explicit ConfigServiceEditor(ConfigServiceClient& client);

    ConfigServiceClient& client() override { return m_client; }

    Result<PolicyEntity> create(const PolicyEntity& policy, const std::stop_token& stop) override;
    Result<RouteEntity> create(const RouteEntity& route, const std::stop_token& stop) override;

    /// By a mask: without names the server would replace the whole entity.
    Result<PolicyEntity> update(const PolicyEntity& policy, const QStringList& fields,
        const std::stop_token& stop) override;
    Result<RouteEntity> update(
        const RouteEntity& route, const QStringList& fields, const std::stop_token& stop) override;

    Result<void> remove(EntityKind kind, const QString& id, const std::stop_token& stop) override;

    Result<ServiceAccount> createServiceAccount(
        const QString& userId, UtcTime expiresAt, const std::stop_token& stop);
    Result<void> removeServiceAccount(const QString& id, const std::stop_token& stop);

private:
    Result<QJsonObject> write(const ConfigServiceClient::Call& call, const std::stop_token& stop);

    ConfigServiceClient& m_client;
};

} // namespace portreeve::configservice
