// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/console/consoleconfigclient.h"

namespace portreeve {

/// The writing half. The console replaces whole objects and compares no versions, so each object is
/// read again right before it is written, and what is not ours to say of it is sent back as it was.
/// Stale where it is no longer what the client read; between these two calls another writer can
/// still come in, which the reading back of a push finds.
class ConsoleConfigEditor final : public configservice::ConfigEditor
{
public:
    explicit ConsoleConfigEditor(ConsoleConfigClient& client);

    ConsoleConfigClient& client() override { return m_client; }

    Result<configservice::PolicyEntity> create(
        const configservice::PolicyEntity& policy, const std::stop_token& stop) override;
    Result<configservice::RouteEntity> create(
        const configservice::RouteEntity& route, const std::stop_token& stop) override;
    Result<configservice::PolicyEntity> update(const configservice::PolicyEntity& policy,
        const QStringList& fields, const std::stop_token& stop) override;
    Result<configservice::RouteEntity> update(const configservice::RouteEntity& route,
        const QStringList& fields, const std::stop_token& stop) override;
    Result<void> remove(
        configservice::EntityKind kind, const QString& id, const std::stop_token& stop) override;

private:
    /// The object to write, as it is now; nothing when it is gone. @return Stale when it moved on
    template <typename Wire>
    Result<std::optional<Wire>> unmoved(const QString& id, const std::stop_token& stop);
    template <typename Wire, typename Entity>
    Result<Entity> make(const Entity& entity, const std::stop_token& stop);
    template <typename Wire, typename Entity>
    Result<Entity> change(
        const Entity& entity, const QStringList& fields, const std::stop_token& stop);
    template <typename Wire> Result<void> erase(const QString& id, const std::stop_token& stop);

    /// Under the console's ids of policies. @return Stale for a policy that is not there
    Result<configservice::PolicyEntity> underTheirs(
        const configservice::PolicyEntity& policy, const ConsolePolicy& before) const;
    Result<configservice::RouteEntity> underTheirs(
        const configservice::RouteEntity& route, const ConsoleRoute& before) const;

    ConsoleConfigClient& m_client;
};

} // namespace portreeve
