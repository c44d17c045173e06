// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/bundleservers.h"

#include "core/base/logging.h"
#include "core/proxy/bundle/bundleendpoint.h"

#include <algorithm>
#include <utility>

namespace portreeve {

BundleServers::BundleServers(Services services, QObject* parent)
    : QObject(parent)
    , m_services(services)
{
    m_retry.setInterval(m_services.retryEvery);
    connect(&m_retry, &QTimer::timeout, this, &BundleServers::openAgain);
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
        wanted.push_back({ .targetId = target.id,
            .options = *options,
            .token = token ? token->value_or(QString()).toUtf8() : QByteArray(),
            .fault = token ? std::nullopt : std::optional(token.error()) });
    }
    return wanted;
}

void BundleServers::refresh()
{
    if (m_isLooking) {
        m_looksAgain = true;
        return;
    }
    m_isLooking = true;
    m_services.store
        .run([&secrets = m_services.secrets](Store& store) { return wantedNow(store, secrets); })
        .then(this, [this](const Result<std::vector<Wanted>>& wanted) {
            m_isLooking = false;
            if (wanted) {
                take(*wanted);
            } else {
                emit failed({}, wanted.error());
            }
            if (std::exchange(m_looksAgain, false)) {
                refresh();
            }
        });
}

void BundleServers::take(const std::vector<Wanted>& wanted)
{
    const auto isWanted = [&wanted](const QString& targetId) {
        return std::ranges::any_of(
            wanted, [&](const Wanted& one) { return one.targetId == targetId; });
    };
    std::vector<QString> gone;
    std::erase_if(m_servers, [&](const auto& entry) {
        const bool isKept = std::ranges::any_of(
            wanted, [&](const Wanted& one) { return one.isSame(entry.second.wanted); });
        if (!isKept && !isWanted(entry.first)) {
            gone.push_back(entry.first);
        }
        return !isKept;
    });
    for (const QString& targetId : gone) {
        store(targetId, std::nullopt);
    }
    for (const Wanted& one : wanted) {
        if (!m_servers.contains(one.targetId)) {
            open(one);
        }
    }
}

void BundleServers::open(const Wanted& wanted)
{
    if (wanted.fault) {
        fail(wanted, *wanted.fault);
        return;
    }
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
    store(wanted.targetId, BundleListener { .address = wanted.options.bundleListen });
}

/// Kept without a listener, so that the same failure is told once and not at every try.
void BundleServers::fail(const Wanted& wanted, const Error& error)
{
    auto& server = m_servers[wanted.targetId];
    server.wanted = wanted;
    m_retry.start();
    const QString reason = error.toText();
    if (std::exchange(server.reason, reason) == reason) {
        return;
    }
    emit failed(wanted.targetId, error);
    store(
        wanted.targetId, BundleListener { .address = wanted.options.bundleListen, .error = error });
}

/// A port may be free by now, a file mended, a secret store unlocked.
void BundleServers::openAgain()
{
    std::vector<Wanted> closed;
    bool needsSecrets = false;
    for (const auto& [id, server] : m_servers) {
        if (!server.endpoint && server.wanted.fault) {
            needsSecrets = true;
        } else if (!server.endpoint) {
            closed.push_back(server.wanted);
        }
    }
    if (closed.empty() && !needsSecrets) {
        m_retry.stop();
    }
    for (const Wanted& one : closed) {
        open(one);
    }
    if (needsSecrets && !m_isLooking) {
        refresh();
    }
}

void BundleServers::store(const QString& targetId, const std::optional<BundleListener>& listener)
{
    m_services.store
        .run([targetId, listener](
                 Store& store) { return store.targets().setListener(targetId, listener); })
        .then(this, [this, targetId](const Result<void>& stored) {
            const bool isGone = !stored && stored.error().code == ErrorCode::NotFound;
            if (!stored && !isGone) {
                qCWarning(lcProxy).noquote() << stored.error().toText();
            }
            emit stateStored(targetId);
        });
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
