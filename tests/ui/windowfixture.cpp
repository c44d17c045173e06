// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/ui/windowfixture.h"

#include "core/access/storedaccess.h"
#include "tests/support/patience.h"
#include "ui/pages/firstrun/firstrunpanel.h"

#include <QSettings>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {

StoreOptions databaseIn(const QTemporaryDir& folder)
{
    return { .path = folder.filePath(u"portreeve.db"_s) };
}

/// No test reaches the network: whoever asks for it gets an error.
class NoNetwork final : public HttpClient
{
public:
    Result<HttpResponse> send(
        const HttpRequest& /*request*/, const std::stop_token& /*stop*/) override
    {
        return Error { .code = ErrorCode::Network,
            .what = Message::verbatim(u"No network here."_s) };
    }

    std::vector<Result<HttpResponse>> sendAll(const std::vector<HttpRequest>& requests,
        int /*maxInFlight*/, const std::stop_token& stop) override
    {
        std::vector<Result<HttpResponse>> answers;
        for (const auto& request : requests) {
            answers.push_back(send(request, stop));
        }
        return answers;
    }
};

} // namespace

WindowFixture::WindowFixture()
    : m_store(databaseIn(m_folder), m_clock)
    , m_proxyStore(databaseIn(m_folder), m_clock)
    , m_sync({ .store = databaseIn(m_folder),
          .secrets = m_secrets,
          .clock = m_clock,
          .makeHttp = [](const HttpSettings&) -> std::unique_ptr<HttpClient> {
              return std::make_unique<NoNetwork>();
          },
          .evaluateAccess = access::storedAccessImpact })
    , m_deliveries({ .store = databaseIn(m_folder),
          .secrets = m_secrets,
          .clock = m_clock,
          .makeHttp = [this](const HttpSettings&) -> std::unique_ptr<HttpClient> {
              if (!m_server) {
                  return std::make_unique<NoNetwork>();
              }
              auto client = std::make_unique<FakeHttpClient>(m_clock);
              client->setServer(m_server);
              return client;
          } })
    , m_connections(std::make_unique<ConnectionWatch>(m_store, m_sync))
    , m_secretHealth(std::make_unique<SecretWatch>(m_secrets, m_workers, [] {}))
    , m_settings(std::make_unique<SettingsWatch>(m_store))
    , m_targets(std::make_unique<TargetBoard>(m_store, m_deliveries))
{
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
    m_window = std::make_unique<MainWindow>(context(), pageList());
    m_window->resize(1280, 800); // the screen of the tests is smaller than anybody's
    m_settings->load();
    m_sync.start();
}

WindowFixture::~WindowFixture()
{
    m_window.reset();
    m_sync.cancelAll();
    m_workers.waitForDone();
}

AppContext WindowFixture::context()
{
    return { .store = m_store,
        .sync = m_sync,
        .deliveries = m_deliveries,
        .proxyStore = m_proxyStore,
        .secrets = m_secrets,
        .workers = m_workers,
        .clock = m_clock,
        .connections = *m_connections,
        .secretHealth = *m_secretHealth,
        .settings = *m_settings,
        .targets = *m_targets,
        .dataDirectory = m_folder.path() };
}

bool WindowFixture::show()
{
    m_window->show();
    return QTest::qWaitFor([this] { return m_connections->isLoaded(); }, kPatienceMs);
}

QString WindowFixture::addSample(int users)
{
    auto* panel = m_window->findChild<FirstRunPanel*>();
    panel->addSample(users);
    const bool isRead = QTest::qWaitFor(
        [this] {
            const auto& all = m_connections->connections();
            return !all.empty() && all.front().generation > 0 && m_sync.runningCount() == 0
                && m_connections->counts(all.front().id).has_value();
        },
        kPatienceMs);
    return isRead ? m_connections->connections().front().id : QString();
}

} // namespace portreeve::test
