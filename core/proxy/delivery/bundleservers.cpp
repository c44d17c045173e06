// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/bundleservers.h"

#include "core/proxy/bundle/bundleendpoint.h"

#include <algorithm>

namespace portreeve {

BundleServers::BundleServers(StoreWorker& store, SecretStore& secrets, QObject* parent)
    : QObject(parent)
    , m_store(store)
    , m_secrets(secrets)
{
}

BundleServers::~BundleServers() = default;

Result<std::vector<BundleServers::Wanted>> BundleServers::wantedNow(
    Store& store, SecretStore& secrets)
{
    const auto targets = store.targets().list();
    if (!targets) {
        return targets.error();
    }
    std::vector<Wanted> wanted;
    for (const ProxyTarget& target : *targets) {
        const auto options = readTargetOptions(target);
        if (!options || options->directoryChannel != DirectoryChannel::BundleEndpoint
            || target.state == TargetState::Disabled) {
            continue;
        }
        const auto token = secrets.read({ .connectionId = target.id,
            .connectionName = target.name,
            .field = kBundleTokenField.toString() });
        if (!token) {
            return token.error();
        }
        wanted.push_back({ .targetId = target.id,
            .options = *options,
            .token = token->value_or(QString()).toUtf8() });
    }
    return wanted;
}

void BundleServers::refresh()
{
    m_store.run([&secrets = m_secrets](Store& store) { return wantedNow(store, secrets); })
        .then(this, [this](const Result<std::vector<Wanted>>& wanted) {
            if (wanted) {
                take(*wanted);
            } else {
                emit failed({}, wanted.error());
            }
        });
}

void BundleServers::take(const std::vector<Wanted>& wanted)
{
    std::erase_if(m_servers, [&](const auto& entry) {
        return std::none_of(wanted.begin(), wanted.end(),
            [&](const Wanted& one) { return one.isSame(entry.second.wanted); });
    });
    for (const Wanted& one : wanted) {
        if (!m_servers.contains(one.targetId)) {
            open(one);
        }
    }
}

void BundleServers::open(const Wanted& wanted)
{
    auto settings = bundleEndpointSettings(wanted.options);
    if (!settings) {
        fail(wanted, settings.error());
        return;
    }
    Server server { .wanted = wanted,
        .endpoint = std::make_unique<BundleEndpoint>(*std::move(settings)) };
    if (const auto opened = server.endpoint->start(wanted.token); !opened) {
        fail(wanted, opened.error());
        return;
    }
    if (const auto bundle = m_bundles.find(wanted.targetId); bundle != m_bundles.end()) {
        server.endpoint->setBundle(bundle->second);
    }
    const quint16 port = server.endpoint->port();
    m_servers.insert_or_assign(wanted.targetId, std::move(server));
    emit started(wanted.targetId, port);
}

/// Kept without a listener, so that the same failure is told once and not at every look.
void BundleServers::fail(const Wanted& wanted, const Error& error)
{
    m_servers.insert_or_assign(wanted.targetId, Server { .wanted = wanted });
    emit failed(wanted.targetId, error);
}

void BundleServers::publish(const QString& targetId, const BundleFile& bundle)
{
    m_bundles.insert_or_assign(targetId, bundle);
    const auto server = m_servers.find(targetId);
    if (server != m_servers.end() && server->second.endpoint) {
        server->second.endpoint->setBundle(bundle);
    }
}

} // namespace portreeve
