// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/pages/desk.h"

#include "tests/support/patience.h"

using namespace Qt::StringLiterals;

namespace portreeve::test {

Desk::Desk()
{
    const StoreOptions options { .path = m_folder.filePath(u"portreeve.db"_s) };
    m_store = std::make_unique<StoreWorker>(options, m_clock);
    m_proxyStore = std::make_unique<StoreWorker>(options, m_clock);
    m_sync = std::make_unique<SyncService>(SyncService::Services { .store = options,
        .secrets = m_secrets,
        .clock = m_clock,
        .makeHttp = noNetwork(),
        .findConnector = [scripted = m_provider.lookup()](QStringView id) {
            const auto* found = scripted(id);
            return found != nullptr ? found : findConnector(id);
        } });
    m_deliveries = std::make_unique<DeliveryService>(DeliveryService::Services { .store = options,
        .secrets = m_secrets,
        .clock = m_clock,
        .makeHttp = [this](const HttpSettings&) -> std::unique_ptr<HttpClient> {
            auto client = std::make_unique<FakeHttpClient>(m_clock);
            client->setServer([this](const HttpRequest& request) {
                return std::optional(m_configService.answer(request));
            });
            return client;
        } });
    m_connections = std::make_unique<ConnectionWatch>(*m_store, *m_sync);
    m_secretWatch = std::make_unique<SecretWatch>(m_secrets, m_workers, std::function<void()>());
    m_settings = std::make_unique<SettingsWatch>(*m_store);
    m_targets = std::make_unique<TargetBoard>(*m_store, *m_deliveries);
}

AppContext Desk::context()
{
    return { .store = *m_store,
        .sync = *m_sync,
        .deliveries = *m_deliveries,
        .proxyStore = *m_proxyStore,
        .secrets = m_secrets,
        .workers = m_workers,
        .clock = m_clock,
        .connections = *m_connections,
        .secretHealth = *m_secretWatch,
        .settings = *m_settings,
        .targets = *m_targets };
}

QString Desk::addConnection(const QString& name)
{
    const auto added = inStore([name](Store& store) {
        Connection connection = ScriptedDirectory::connection(name);
        connection.state = ConnectionState::Idle;
        return store.connections().add(connection);
    });
    if (!added) {
        return {};
    }
    const auto written
        = m_secrets.write({ .connectionId = added->id, .field = u"token"_s }, u"scripted-token"_s);
    return written ? added->id : QString();
}

QString Desk::addTarget(const QString& name, const QHash<QString, QString>& options,
    const QString& secret, const QString& field)
{
    const auto added = inStore([name, options, field](Store& store) {
        return store.targets().add(
            { .name = name, .options = options, .storedSecrets = { field } });
    });
    if (!added) {
        return {};
    }
    if (secret.isEmpty()) {
        return added->id;
    }
    const auto written = m_secrets.write(
        { .connectionId = added->id, .connectionName = name, .field = field }, secret);
    return written ? added->id : QString();
}

bool Desk::push(const QString& targetId)
{
    std::optional<bool> worked;
    QObject receiver;
    QObject::connect(m_deliveries.get(), &DeliveryService::pushFinished, &receiver,
        [&](const QString& id, const Result<DeliveryOutcome>& outcome) {
            if (id == targetId) {
                worked = outcome.hasValue();
            }
        });
    m_deliveries->push({ .targetId = targetId });
    return QTest::qWaitFor([&] { return worked.has_value(); }, kPatienceMs) && *worked;
}

std::chrono::milliseconds Desk::clockAhead() const
{
    const auto system
        = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    return m_clock.nowUtc() - system;
}

bool Desk::sync(const QString& connectionId)
{
    std::optional<bool> worked;
    QObject receiver;
    QObject::connect(m_sync.get(), &SyncService::syncFinished, &receiver,
        [&](const QString& id, const Result<SyncOutcome>& outcome) {
            if (id == connectionId) {
                worked = outcome.hasValue();
            }
        });
    m_sync->sync(connectionId);
    return QTest::qWaitFor([&] { return worked.has_value(); }, kPatienceMs) && *worked;
}

} // namespace portreeve::test
