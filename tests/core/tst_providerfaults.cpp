// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/export/bundle.h"
#include "tests/support/keptstate.h"
#include "tests/support/keycloakrealm.h"
#include "tests/support/testregistry.h"
#include "tests/support/zipfile.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::FakeHttpClient;
using test::FakeKeycloak;
using test::FakeReply;
using test::isAbout;
using test::KeptState;
using test::Realm;
using test::SyncFixture;

namespace {

constexpr auto kGroupEntry = "pomerium.io/DirectoryGroup.json"_L1;
constexpr auto kUserEntry = "pomerium.io/DirectoryUser.json"_L1;

QByteArray zipped(const QByteArray& groups, const QByteArray& users)
{
    return test::zip({ { kGroupEntry, groups }, { kUserEntry, users } });
}

/// A connection of the fixture to a bundle in the web.
class PostedBundle
{
public:
    explicit PostedBundle(SyncFixture& fixture)
        : m_fixture(fixture)
        , m_id(fixture.store->connections()
                  .add({ .name = u"Bundle"_s,
                      .provider = u"blob"_s,
                      .options = { { u"source"_s, u"https://files.example.org/bundle.zip"_s } } })
                  .value()
                  .id)
    {
    }

    Result<SyncOutcome> sync()
    {
        const auto makeHttp = [this](const HttpSettings&) -> std::unique_ptr<HttpClient> {
            auto http = std::make_unique<FakeHttpClient>(m_fixture.clock);
            http->setServer([this](const HttpRequest&) { return FakeReply { .body = bytes }; });
            return http;
        };
        SyncRunner runner({ .store = *m_fixture.store,
            .secrets = m_fixture.secrets,
            .clock = m_fixture.clock,
            .makeHttp = makeHttp });
        return runner.sync(m_id, { .trigger = RunTrigger::Schedule });
    }

    SnapshotPtr live() { return m_fixture.store->directory().load(m_id).value().snapshot; }

    QByteArray bytes = zipped(R"([{"id":"dev","name":"Developers"}])",
        R"([{"id":"bob","group_ids":["dev"]},{"id":"eve","email":"eve@example.org"}])");

private:
    SyncFixture& m_fixture;
    QString m_id;
};

/// An archive whose directory states fewer bytes than there are.
QByteArray lyingBomb()
{
    constexpr qsizetype sizePlace = 24;
    auto bytes = zipped("[" + QByteArray(4 * 1024 * 1024, ' ') + "]", "[]");
    bytes.replace(bytes.indexOf("PK\x01\x02") + sizePlace, 4, QByteArray("\x05\0\0\0", 4));
    return bytes;
}

} // namespace

/// Points 1 and 2 of sync-lifecycle.md 8 for what real providers answer: whatever is wrong with it
/// (connectors.md 17.5), the stored records stay as they were.
class TstProviderFaults : public QObject
{
    Q_OBJECT

private slots:
    void point1AFaultOfKeycloakLeavesEverythingAsItWas_data();
    void point1AFaultOfKeycloakLeavesEverythingAsItWas();
    void point1AFaultOfABundleLeavesEverythingAsItWas_data();
    void point1AFaultOfABundleLeavesEverythingAsItWas();
    void point2AnEmptyBundleIsHeldAndRemovesNothing_data();
    void point2AnEmptyBundleIsHeldAndRemovesNothing();
};

void TstProviderFaults::point1AFaultOfKeycloakLeavesEverythingAsItWas_data()
{
    QTest::addColumn<QString>("path"); // where it begins below the realm, or ends
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addRow("users refused") << u"users"_s << 403 << QByteArray();
    QTest::addRow("groups refused") << u"groups"_s << 403 << QByteArray();
    QTest::addRow("token refused for ever") << u"users"_s << 401 << QByteArray();
    QTest::addRow("server fails for ever") << u"groups"_s << 500 << QByteArray();
    QTest::addRow("cut off") << u"users"_s << 200 << QByteArray("[{\"id\":\"al");
    QTest::addRow("a sign-in page") << u"users"_s << 200 << QByteArray("<!DOCTYPE html><html>");
    QTest::addRow("users no list") << u"users"_s << 200 << QByteArray("{}");
    QTest::addRow("a user without id") << u"users"_s << 200 << QByteArray(R"([{"username":"x"}])");
    QTest::addRow("a count of users in words") << u"users/count"_s << 200 << QByteArray("\"five\"");
    QTest::addRow("a count of groups in words")
        << u"groups/count"_s << 200 << QByteArray(R"({"count":"four"})");
    QTest::addRow("no count of groups") << u"groups/count"_s << 200 << QByteArray("{}");
    QTest::addRow("members no list") << u"members"_s << 200 << QByteArray("{}");
    QTest::addRow("a member without id")
        << u"members"_s << 200 << QByteArray(R"([{"username":"x"}])");
    QTest::addRow("children no list") << u"children"_s << 200 << QByteArray("{}");
    QTest::addRow("a child without id")
        << u"children"_s << 200 << QByteArray(R"([{"name":"Support"}])");
}

void TstProviderFaults::point1AFaultOfKeycloakLeavesEverythingAsItWas()
{
    QFETCH(QString, path);
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    SyncFixture fixture;
    Realm realm(fixture);
    if (path == u"children") {
        realm.keycloak.listing = FakeKeycloak::Listing::ChildrenOnly;
    }
    QVERIFY(realm.sync().hasValue());
    const KeptState before(fixture);
    const auto stored = realm.live();
    QVERIFY(stored->userCount() > 0);
    realm.keycloak.addUser(u"new"_s);
    realm.instead = [&](const HttpRequest& request) {
        const bool isMeant
            = isAbout(request, path) || request.url.path().endsWith(QString(u'/' + path));
        return isMeant ? std::optional(FakeReply { .status = status, .body = body }) : std::nullopt;
    };

    const auto outcome = realm.sync();

    QVERIFY(!outcome.hasValue());
    const Error error = outcome.error();
    QVERIFY2(error.what.english().contains(u"Realm"), qPrintable(error.toText()));
    QVERIFY2(!error.remedy.isEmpty(), qPrintable(error.toText()));
    QVERIFY(!error.toText().contains(u"planted"));
    QVERIFY(KeptState(fixture) == before);
    QCOMPARE(realm.live()->userCount(), stored->userCount());
    QCOMPARE(realm.runs().front().outcome, RunOutcome::Failed);
}

void TstProviderFaults::point1AFaultOfABundleLeavesEverythingAsItWas_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addRow("no zip") << QByteArray("<!DOCTYPE html><html>");
    QTest::addRow("nothing") << QByteArray();
    QTest::addRow("users missing") << test::zip({ { kGroupEntry, "[]" } });
    QTest::addRow("a bomb") << zipped("[" + QByteArray(4 * 1024 * 1024, ' ') + "]", "[]");
    QTest::addRow("a bomb that lies") << lyingBomb();
    QTest::addRow("one id twice") << zipped("[]", R"([{"id":"ann"},{"id":"ann"}])");
    QTest::addRow("a user without id") << zipped("[]", R"([{"email":"ann@example.org"}])");
    QTest::addRow("a list cut off") << zipped(R"([{"id":"dev"}])", R"([{"id":"bob"})");
    QTest::addRow("no list") << zipped("[]", "{}");
}

void TstProviderFaults::point1AFaultOfABundleLeavesEverythingAsItWas()
{
    QFETCH(QByteArray, bytes);
    SyncFixture fixture;
    PostedBundle source(fixture);
    QVERIFY(source.sync().hasValue());
    QCOMPARE(source.live()->userCount(), 2U);
    const KeptState before(fixture);
    source.bytes = bytes;

    const auto outcome = source.sync();

    QVERIFY(!outcome.hasValue());
    const Error error = outcome.error();
    QVERIFY2(error.what.english().contains(u"Bundle"), qPrintable(error.toText()));
    QVERIFY2(!error.remedy.isEmpty(), qPrintable(error.toText()));
    QVERIFY(KeptState(fixture) == before);
    QCOMPARE(source.live()->userCount(), 2U);
}

void TstProviderFaults::point2AnEmptyBundleIsHeldAndRemovesNothing_data()
{
    QTest::addColumn<QByteArray>("groups");
    QTest::addColumn<QByteArray>("users");
    QTest::addRow("both empty") << QByteArray("[]") << QByteArray("[]");
    QTest::addRow("both null") << QByteArray("null") << QByteArray("null");
    QTest::addRow("users null") << QByteArray(R"([{"id":"dev","name":"Developers"}])")
                                << QByteArray("null");
}

void TstProviderFaults::point2AnEmptyBundleIsHeldAndRemovesNothing()
{
    QFETCH(QByteArray, groups);
    QFETCH(QByteArray, users);
    SyncFixture fixture;
    PostedBundle source(fixture);
    QVERIFY(source.sync().hasValue());
    const KeptState before(fixture);
    source.bytes = zipped(groups, users);

    const auto outcome = source.sync();

    QVERIFY(outcome.hasValue());
    QCOMPARE(outcome->plan.verdict, Verdict::Held);
    QCOMPARE(source.live()->userCount(), 2U);
    QCOMPARE(source.live()->groupCount(), 1U);
    QCOMPARE(KeptState(fixture).bundle, before.bundle);
}

static const bool kProviderFaultsRegistered
    = test::registerTestClass<TstProviderFaults>("providerfaults");

} // namespace portreeve

#include "tst_providerfaults.moc"
