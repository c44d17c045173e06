// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/configservice/configclient.h"
#include "core/proxy/console/consoleentities.h"

#include <QHash>
#include <QSet>

namespace portreeve {

/// Policies and routes of Enterprise's own console: the reading half (proxy.md 9). Objects made
/// from here bear our ids, all others the console's. Remembers what it read, against which a write
/// tells whether somebody else came in between. Errors as ConsoleClient's; NotFound or InvalidInput
/// naming console_namespace where the namespace of new objects is not to be told.
class ConsoleConfigClient final : public configservice::ConfigClient
{
public:
    /// @param namespaceText  id or name of the namespace of new objects; empty = "Global"
    ConsoleConfigClient(
        QString targetName, QString namespaceText, std::unique_ptr<ConsoleClient> console);

    const QString& targetName() const override { return m_targetName; }

    /// Where new objects go. Asked for once.
    Result<ConsoleNamespace> home(const std::stop_token& stop);

    Result<std::vector<configservice::PolicyEntity>> policies(const std::stop_token& stop) override;
    Result<std::vector<configservice::RouteEntity>> routes(const std::stop_token& stop) override;
    Result<std::optional<configservice::PolicyEntity>> policy(
        const QString& id, const std::stop_token& stop) override;
    Result<std::optional<configservice::RouteEntity>> route(
        const QString& id, const std::stop_token& stop) override;
    Result<std::int64_t> count(
        configservice::EntityKind kind, const std::stop_token& stop) override;

private:
    friend class ConsoleConfigEditor;

    template <typename Wire> using Known = QHash<QString, Wire>; // by our id, else the console's

    Known<ConsolePolicy>& known(const ConsolePolicy*) { return m_policies; }

    Known<ConsoleRoute>& known(const ConsoleRoute*) { return m_routes; }

    template <typename Wire> Result<void> list(const std::stop_token& stop);
    template <typename Wire>
    Result<std::optional<Wire>> current(const QString& id, const std::stop_token& stop);

    void learn(const QString& id, const ConsolePolicy& wire);
    void learn(const QString& id, const ConsoleRoute& wire);

    configservice::PolicyEntity entityOf(const QString& id, const ConsolePolicy& wire) const;
    configservice::RouteEntity entityOf(const QString& id, const ConsoleRoute& wire) const;

    QString m_targetName;
    QString m_namespaceText;
    std::unique_ptr<ConsoleClient> m_console;
    std::optional<ConsoleNamespace> m_home;
    Known<ConsolePolicy> m_policies;
    Known<ConsoleRoute> m_routes;
    QHash<QString, QString> m_policyIds; // the console's -> ours
    QSet<QString> m_copies; // the console's ids of what bears an id of ours a second
                            // time; kept, or a copy would become the original that is deleted
    bool m_hasPolicies = false; // read at least once
};

} // namespace portreeve
