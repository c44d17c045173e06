// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/net/qthttpclient.h"
#include "tests/support/configfixture.h"
#include "tests/support/configserviceserver.h"
#include "tests/support/databrokerdouble.h"
#include "tests/support/loopbackserver.h"
#include "tests/support/testregistry.h"

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

using namespace configservice;
using test::ConfigFixture;
using test::LoopbackServer;

/// Channel C on the wire (proxy.md 6). Numbers are those of proxy.md 6.4.
class TstConfigServiceClient : public QObject
{
    Q_OBJECT

private slots:
    void case01TheSourceTextIsKeptByteForByte();
    void case06TheMethodDecidesNotTheVersion();
    void case10AWrongSecretIsToldByItsText_data();
    void case10AWrongSecretIsToldByItsText();
    void case12AnEmptyServerIsEmpty();
    void case12LimitZeroCountsOnly();
    void case13AMaskIsOneString();
    void case14FieldsOutsideTheMaskSurvive();
    void case21ListsAreOrderedByName();
    void case22SpacingAndKeyOrderDoNotMatter();
    void aCutListIsNoList();
    void slowNetworksAreNoRefusals();
    void aClockTenMinutesOffIsNamed();
    void otherAnswersAreNamed_data();
    void otherAnswersAreNamed();
    void everyCallHasATokenOfItsOwn();
    void noErrorHoldsTheTokenOrTheSecret();
    void idsWithSlashesAndEmojiArriveAsTheyAre();
    void realSocketsWork();
    void tlsMismatches_data();
    void tlsMismatches();
};

void TstConfigServiceClient::case01TheSourceTextIsKeptByteForByte()
{
    ConfigFixture on;
    const PolicyEntity policy { .id = u"p-1"_s,
        .originatorId = u"directory-console"_s,
        .name = u"Größe 🚪"_s,
        .sourcePpl
        = u"- allow:\n    and:\n      - groups:\n          has: \"g-\\u0001 é 🚪\"\n"_s };

    const auto made = on.editor().create(policy, {});
    const auto read = on.client().policy(u"p-1"_s, {});

    QCOMPARE(made->sourcePpl, policy.sourcePpl);
    QCOMPARE(**read, policy);
    QVERIFY(!on.client().policy(u"p-2"_s, {})->has_value());
}

void TstConfigServiceClient::case06TheMethodDecidesNotTheVersion()
{
    ConfigFixture on;
    on.proxy.faults.version = u"v0.0.0"_s;
    on.clientSecret = "unused"; // no token is needed

    const auto info = on.client().serverInfo({});

    QVERIFY(info->has_value());
    QCOMPARE((*info)->kind, u"core"_s);
    QCOMPARE((*info)->version, u"v0.0.0"_s);
    on.proxy.faults.hasService = false;
    QVERIFY(!on.client().serverInfo({})->has_value());
    const auto list = on.client().policies({});
    QCOMPARE(list.error().code, ErrorCode::NotFound);
    QVERIFY(list.error().remedy.english().contains(u"0.33"));
}

void TstConfigServiceClient::case10AWrongSecretIsToldByItsText_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("text");
    for (const int status : { 500, 401, 403, 502 }) {
        QTest::addRow("wrong, %d", status) << status << QByteArray("invalid JWT");
        QTest::addRow("none, %d", status) << status << QByteArray("unauthenticated");
    }
}

void TstConfigServiceClient::case10AWrongSecretIsToldByItsText()
{
    QFETCH(int, status);
    QFETCH(QByteArray, text);
    ConfigFixture on;
    on.http.on(u"POST /pomerium.config.ConfigService/ListPolicies"_s,
        { { .status = status,
            .body = R"({ "message" : "rpc error: code = Unauthenticated desc = )" + text
                + R"(","code":"unknown"})" } });

    const auto error = on.client().policies({}).error();

    QCOMPARE(error.code, ErrorCode::Auth);
    QVERIFY(error.toText().contains(u"shared secret"));
    QVERIFY(error.detail.contains(QString::fromLatin1(text)));
}

void TstConfigServiceClient::case12AnEmptyServerIsEmpty()
{
    ConfigFixture on;

    QVERIFY(on.client().policies({})->empty());
    QVERIFY(on.client().routes({})->empty());
    QCOMPARE(*on.client().count(EntityKind::Route, {}), 0);
}

void TstConfigServiceClient::case12LimitZeroCountsOnly()
{
    ConfigFixture on;
    on.proxy.putPolicy({ { u"id"_s, u"a"_s } });
    on.proxy.putPolicy({ { u"id"_s, u"b"_s } });

    QCOMPARE(*on.client().count(EntityKind::Policy, {}), 2);

    QCOMPARE(on.proxy.calls().back().body.value(u"limit"), QJsonValue(0));
}

void TstConfigServiceClient::case13AMaskIsOneString()
{
    ConfigFixture on;
    on.proxy.putRoute({ { u"id"_s, u"r"_s }, { u"to"_s, QJsonArray { u"http://a"_s } },
        { u"from"_s, u"https://a"_s } });

    const auto changed = on.editor().update(
        RouteEntity { .id = u"r"_s, .name = u"New"_s, .policyIds = { u"p"_s } },
        { u"policyIds"_s, u"name"_s }, {});

    QCOMPARE(changed->name, u"New"_s);
    QCOMPARE(on.proxy.calls().back().body.value(u"updateMask"), QJsonValue(u"policyIds,name"_s));
    for (const auto& wrong : { u"policy_ids"_s, u"source_ppl"_s, u"nosuch"_s }) {
        const auto refused = on.editor().update(RouteEntity { .id = u"r"_s }, { wrong }, {});
        QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
        QVERIFY(refused.error().what.english().contains(wrong));
    }
    for (const auto& field : routeFields()) { // every name we can send is one the server takes
        QVERIFY(on.editor()
                .update(
                    RouteEntity { .id = u"r"_s, .from = u"https://a"_s, .to = { u"http://a"_s } },
                    { field.name }, {})
                .hasValue());
    }
}

void TstConfigServiceClient::case14FieldsOutsideTheMaskSurvive()
{
    ConfigFixture on;
    on.proxy.putPolicy({ { u"id"_s, u"p"_s }, { u"originatorId"_s, u"me"_s },
        { u"name"_s, u"old"_s }, { u"allowedUsers"_s, QJsonArray { u"ann"_s } } });

    const auto changed
        = on.editor().update(PolicyEntity { .id = u"p"_s, .name = u"new"_s }, { u"name"_s }, {});
    const auto none = on.editor().update(PolicyEntity { .id = u"p"_s }, {}, {});

    QCOMPARE(changed->originatorId, u"me"_s);
    QVERIFY(on.proxy.policies().value(u"p"_s).contains(u"allowedUsers"));
    QCOMPARE(none.error().code, ErrorCode::Internal);
    QCOMPARE(on.proxy.writes().size(), 1); // an update without a mask never leaves the house
}

void TstConfigServiceClient::case21ListsAreOrderedByName()
{
    ConfigFixture on;
    on.proxy.putPolicy({ { u"id"_s, u"1"_s }, { u"name"_s, u"b"_s } });
    on.proxy.putPolicy({ { u"id"_s, u"2"_s }, { u"name"_s, u"a"_s } });

    const auto policies = on.client().policies({});

    QCOMPARE(policies->front().name, u"a"_s);
    QCOMPARE(on.proxy.calls().back().body, (QJsonObject { { u"orderBy"_s, u"name"_s } }));
    const auto sent = on.http.requests().back();
    for (const auto* refused : { "createdAt", "name asc" }) { // by the double, as by the proxy
        auto request = sent;
        request.body = QByteArray(R"({"orderBy":")") + refused + R"("})";
        QCOMPARE(on.proxy.answer(request).status, 400);
    }
    QCOMPARE(on.proxy.answer(sent).status, 200);
}

void TstConfigServiceClient::case22SpacingAndKeyOrderDoNotMatter()
{
    ConfigFixture on;
    const RouteEntity route { .id = u"r/🚪"_s,
        .originatorId = u"o"_s,
        .name = u"a \"quoted\" name"_s,
        .from = u"https://a"_s,
        .to = { u"http://a"_s, u"http://b"_s },
        .policyIds = { u"p"_s },
        .showErrorDetails = true };
    QVERIFY(on.editor().create(route, {}).hasValue());
    const auto plainly = on.client().routes({});

    on.proxy.faults.rearrangesJson = true;

    QCOMPARE(*on.client().routes({}), *plainly);
    QCOMPARE(plainly->front(), route);
    QCOMPARE(*on.client().count(EntityKind::Route, {}), 1);
    on.clientSecret = QByteArray(32, 'w');
    QCOMPARE(on.client().routes({}).error().code, ErrorCode::Auth);
}

void TstConfigServiceClient::aCutListIsNoList()
{
    ConfigFixture on;
    on.proxy.putPolicy({ { u"id"_s, u"a"_s } });
    on.proxy.putPolicy({ { u"id"_s, u"b"_s } });
    on.proxy.faults.cutsLists = true;

    const auto policies = on.client().policies({});

    QCOMPARE(policies.error().code, ErrorCode::BadResponse);
    QVERIFY(policies.error().what.english().contains(u"1 of 2"));
}

void TstConfigServiceClient::slowNetworksAreNoRefusals()
{
    ConfigFixture on;
    on.proxy.faults.isSlow = true;

    const auto error = on.client().routes({}).error();

    QCOMPARE(error.code, ErrorCode::Timeout);
    QVERIFY(error.what.english().contains(u"too slow"));
}

void TstConfigServiceClient::aClockTenMinutesOffIsNamed()
{
    ConfigFixture on;
    on.proxy.faults.clockAhead = 10min;

    const auto info = on.client().serverInfo({});
    const auto error = on.client().policies({}).error();

    QVERIFY(on.client().clockAhead() == 10min);
    QCOMPARE(error.code, ErrorCode::ClockSkew);
    QVERIFY(error.what.english().contains(u"10 minutes"));
    on.proxy.faults.clockAhead = -10min; // our clock is fast: the token just lives longer
    QVERIFY(on.client().policies({}).hasValue());
}

void TstConfigServiceClient::otherAnswersAreNamed_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("code");
    QTest::addRow("a page in its place")
        << 200 << QByteArray("<html>sign in</html>") << int(ErrorCode::BadResponse);
    QTest::addRow("a list") << 200 << QByteArray("[]") << int(ErrorCode::BadResponse);
    QTest::addRow("server fault") << 503 << QByteArray("upstream") << int(ErrorCode::BadResponse);
    QTest::addRow("another service")
        << 404 << QByteArray("404 page not found\n") << int(ErrorCode::NotFound);
    QTest::addRow("invalid") << 400
                             << QByteArray(R"({"code":"invalid_argument","message":"because"})")
                             << int(ErrorCode::InvalidInput);
}

void TstConfigServiceClient::otherAnswersAreNamed()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(int, code);
    ConfigFixture on;
    on.http.on(u"POST /pomerium.config.ConfigService/ListRoutes"_s,
        { { .status = status, .body = body } });

    const auto error = on.client().routes({}).error();

    QCOMPARE(int(error.code), code);
    QVERIFY(error.what.english().contains(u"Edge"));
    QVERIFY(!error.remedy.isEmpty());
}

void TstConfigServiceClient::everyCallHasATokenOfItsOwn()
{
    ConfigFixture on;
    QVERIFY(on.client().policies({}).hasValue());
    on.clock.advance(10min);
    QVERIFY(on.client().policies({}).hasValue());

    const auto token = [](const HttpRequest& request) {
        for (const auto& header : request.headers) {
            if (header.name == "jwt") {
                return header.value;
            }
        }
        return QByteArray();
    };
    const auto& requests = on.http.requests();
    QVERIFY(!token(requests[0]).isEmpty());
    QVERIFY(token(requests[0]) != token(requests[1]));
    QVERIFY(!requests[0].isRepeatable);
}

void TstConfigServiceClient::noErrorHoldsTheTokenOrTheSecret()
{
    ConfigFixture on;
    on.http.on(u"POST /pomerium.config.ConfigService/ListRoutes"_s, { { .status = 500 } });
    QVERIFY(!on.client().routes({}).hasValue());
    const auto token = on.http.requests().back().headers.back().value;
    on.http.on(u"POST /pomerium.config.ConfigService/ListRoutes"_s,
        { { .status = 500, .body = R"({"code":"unknown","message":"bad )" + token + R"("})" } });

    const auto text = on.client().routes({}).error().toText();

    QVERIFY(text.contains(u"bad"));
    QVERIFY(!text.contains(QString::fromLatin1(token)));
    QVERIFY(!text.contains(QString::fromLatin1(on.secret.toBase64())));
}

void TstConfigServiceClient::idsWithSlashesAndEmojiArriveAsTheyAre()
{
    ConfigFixture on;
    const auto id = u"team/a b/🦊?#%41"_s;

    QVERIFY(on.editor().create(PolicyEntity { .id = id, .name = u"n"_s }, {}).hasValue());

    QCOMPARE((*on.client().policy(id, {}))->id, id);
    QVERIFY(on.editor().remove(EntityKind::Policy, id, {}).hasValue());
    QVERIFY(on.proxy.policies().isEmpty());
}

void TstConfigServiceClient::realSocketsWork()
{
    ConfigFixture on;
    on.proxy.putPolicy({ { u"id"_s, u"p"_s }, { u"name"_s, QString(100'000, u'ä') } });
    const test::ConfigServiceServer server(on.proxy);
    QtHttpClient http({}, on.clock);
    ConfigServiceClient client(http, { .targetName = u"Edge"_s, .url = server.url(), .mint = [&] {
                                          return test::ConfigServiceDouble::token(
                                              on.secret, { { u"exp"_s, 4'000'000'000.0 } });
                                      } });

    QVERIFY((*client.serverInfo({})).has_value());
    QCOMPARE(client.policies({})->front().name.size(), 100'000);
    on.proxy.faults.writesUntilBreak = 0;
    ConfigServiceEditor editor(client);
    QCOMPARE(editor.remove(EntityKind::Policy, u"p"_s, {}).error().code, ErrorCode::Network);
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(client.policies(stop.get_token()).error().code, ErrorCode::Cancelled);
}

/// The databroker, served at the same address, says the same: databrokerclient.tlsMismatches.
void TstConfigServiceClient::tlsMismatches_data()
{
    QTest::addColumn<QString>("scheme");
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("trusted"); // "its own", "another", or empty: the system's
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("says");
    QTest::addColumn<QString>("field");
    const auto https = u"https"_s;
    const auto loopback = u"127.0.0.1"_s;
    QTest::addRow("system's authorities") << https << loopback << QString() << ErrorCode::Tls
                                          << u"not trusted here"_s << u"ca_file"_s;
    QTest::addRow("wrong authority") << https << loopback << u"another"_s << ErrorCode::Tls
                                     << u"not trusted here"_s << u"ca_file"_s;
    QTest::addRow("another name") << https << u"localhost"_s << u"its own"_s << ErrorCode::Tls
                                  << u"for another name"_s << u"address"_s;
    QTest::addRow("it speaks TLS, we do not")
        << u"http"_s << loopback << QString() << ErrorCode::Network << u"switch TLS on"_s
        << QString();
    QTest::addRow("we speak TLS, it does not") << https << u"plain"_s << QString() << ErrorCode::Tls
                                               << u"does not speak TLS"_s << u"tls"_s;
    QTest::addRow("pinned") << https << loopback << u"its own"_s << ErrorCode::Internal << QString()
                            << QString();
}

void TstConfigServiceClient::tlsMismatches()
{
    QFETCH(const QString, scheme);
    QFETCH(const QString, host);
    QFETCH(const QString, trusted);
    QFETCH(const ErrorCode, code);
    QFETCH(const QString, says);
    QFETCH(const QString, field);
    ConfigFixture on;
    const LoopbackServer server(
        LoopbackServer::always(LoopbackServer::answer(200, R"({"version":"v0.33.0"})")),
        LoopbackServer::Transport::Tls);
    const test::Certificate other(u"another"_s);
    if (!other.isValid()) {
        QSKIP("the openssl tool is not installed");
    }
    const test::DatabrokerDouble plain;
    auto url = server.url({});
    url.setScheme(scheme);
    if (host == u"plain") {
        url.setPort(plain.endpoint().port);
    } else {
        url.setHost(host);
    }
    QtHttpClient http({ .caFile = trusted.isEmpty()   ? QString()
                              : trusted == u"another" ? other.certificateFile()
                                                      : server.authorityFile() },
        on.clock);
    ConfigServiceClient client(
        http, { .targetName = u"Edge"_s, .url = url, .mint = [] { return QByteArray(); } });

    const auto info = client.serverInfo({});

    QCOMPARE(info.hasValue(), says.isEmpty());
    if (!info) {
        QVERIFY2(info.error().code == code, qPrintable(info.error().toText()));
        QVERIFY2(info.error().toText().contains(says), qPrintable(info.error().toText()));
        QVERIFY(info.error().what.english().contains(url.authority()));
        QVERIFY(!info.error().toText().contains(u"Extra CA"));
        QCOMPARE(info.error().field, field);
    }
}

static const bool kConfigServiceClientRegistered
    = test::registerTestClass<TstConfigServiceClient>("configserviceclient");

} // namespace portreeve

#include "tst_configserviceclient.moc"
