// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/sync/syncrunner.h"
#include "tests/support/fakekeycloak.h"
#include "tests/support/syncfixture.h"

namespace portreeve::test {

/// A second connection of the fixture, to a realm of Keycloak with the example's people.
class Realm
{
public:
    using Server = std::function<std::optional<FakeReply>(const HttpRequest&)>;

    explicit Realm(SyncFixture& fixture)
        : m_fixture(fixture)
        , m_id(fixture.store->connections()
                  .add({ .name = QStringLiteral("Realm"),
                      .provider = QStringLiteral("keycloak"),
                      .options
                      = { { QStringLiteral("url"), QStringLiteral("https://id.example.org") },
                          { QStringLiteral("realm"), QStringLiteral("company") },
                          { QStringLiteral("client_id"), QStringLiteral("directory-sync") } },
                      .storedSecrets = { QStringLiteral("client_secret") } })
                  .value()
                  .id)
    {
        const auto written = fixture.secrets.write(
            { .connectionId = m_id, .field = QStringLiteral("client_secret") },
            QStringLiteral("planted-secret"));
        Q_ASSERT(written.hasValue());
    }

    Result<SyncOutcome> sync(const ProgressSink& progress = [](const RunProgress&) { })
    {
        const auto makeHttp = [this](const HttpSettings&) -> std::unique_ptr<HttpClient> {
            auto http = std::make_unique<FakeHttpClient>(m_fixture.clock);
            http->setServer([this](const HttpRequest& request) {
                const auto first = instead ? instead(request) : std::nullopt;
                return first ? first : keycloak.answer(request);
            });
            return http;
        };
        SyncRunner runner({ .store = *m_fixture.store,
            .secrets = m_fixture.secrets,
            .clock = m_fixture.clock,
            .makeHttp = makeHttp });
        return runner.sync(m_id, { .progress = progress, .trigger = RunTrigger::Schedule });
    }

    Connection connection() { return m_fixture.store->connections().byId(m_id).value(); }

    SnapshotPtr live() { return m_fixture.store->directory().load(m_id).value().snapshot; }

    std::vector<RunRecord> runs()
    {
        return m_fixture.store->runs().list({ .connectionId = m_id }).value();
    }

    FakeKeycloak keycloak = FakeKeycloak::withNestedGroups();
    Server instead {}; ///< asked before the realm

private:
    SyncFixture& m_fixture;
    QString m_id;
};

/// Whether a request is about that path of the realm.
inline bool isAbout(const HttpRequest& request, const QString& what)
{
    return request.url.path().startsWith(QLatin1StringView(FakeKeycloak::kRealmPath) + what);
}

} // namespace portreeve::test
