// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/adoption.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakehttpclient.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::FakeReply;

namespace {

const QUrl kHealth(u"http://127.0.0.1:28080/healthz"_s);
const QUrl kRoute(u"https://app.corp.test/"_s);

/// One member of the health answer.
QByteArray entry(const QByteArray& name, const QByteArray& status, const QByteArray& error = {})
{
    const QByteArray tail
        = error.isEmpty() ? QByteArray() : QByteArray(", \"error\": \"" + error + '"');
    return '"' + name + "\": {\"status\": \"" + status + '"' + tail + '}';
}

const QByteArray kSound = "{\n  " + entry("config.databroker.build", "RUNNING") + ",\n  "
    + entry("xds.route-configuration", "RUNNING") + ",\n  "
    + entry("xds.other", "UNAVAILABLE", "expected ':xds.other' to have been reported on") + "}";
const QByteArray kBadRegex
    = '{' + entry("xds.route-configuration", "RUNNING", "missing ]: [") + '}';
const QByteArray kBadBuild
    = '{' + entry("config.databroker.build", "RUNNING", "error building policies") + '}';

FakeReply failure(ErrorCode code)
{
    return { .failure = Error { .code = code,
                 .what = Message::verbatim(u"why"_s),
                 .remedy = Message::verbatim(u"what helps"_s) } };
}

RouteProbe probe(ProbeExpectation expectation, const QByteArray& token = "service-account")
{
    return { .url = kRoute, .token = token, .expectation = expectation };
}

/// A proxy under watch.
struct Proxy
{
    test::FakeClock clock;
    test::FakeHttpClient http { clock };
    std::stop_source stop;

    void health(std::vector<FakeReply> replies) { http.on(u"GET /healthz"_s, std::move(replies)); }

    void route(std::vector<FakeReply> replies) { http.on(u"GET /"_s, std::move(replies)); }

    Adoption watch(const AdoptionCheck& check)
    {
        return *checkAdoption(check, http, clock, stop.get_token());
    }
};

} // namespace

class TstAdoption : public QObject
{
    Q_OBJECT

private slots:
    void theChecksCountNotTheStatus();
    void whatIsNoHealthAnswerIsRefused_data();
    void whatIsNoHealthAnswerIsRefused();
    void aMissingHealthPageNamesTheDefault();
    void withoutAnythingToAskNothingIsConfirmed();
    void aSoundHealthPageConfirmsTheInterfaceOnly();
    void anUnreachableHealthPageLeavesItOpen();
    void anErrorThatStaysIsARefusal_data();
    void anErrorThatStaysIsARefusal();
    void anErrorOfBeforeTheWriteIsWaitedOut();
    void aProbeShowsWhatTheRouteDoes_data();
    void aProbeShowsWhatTheRouteDoes();
    void aProbeWaitsForTheChange();
    void theProbeSpeaksAsItsServiceAccount();
    void cancellingEndsTheWatch();
};

void TstAdoption::theChecksCountNotTheStatus()
{
    QVERIFY(parseHealth(kSound)->configurationError() == nullptr);
    QCOMPARE(parseHealth(kSound)->checks.size(), std::size_t { 3 });
    QCOMPARE(parseHealth(kBadRegex)->configurationError()->error, u"missing ]: ["_s);
    QCOMPARE(parseHealth(kBadBuild)->configurationError()->name, u"config.databroker.build"_s);
    const QByteArray elsewhere = '{' + entry("storage.backend", "RUNNING", "slow") + '}';
    QVERIFY(parseHealth(elsewhere)->configurationError() == nullptr);
}

void TstAdoption::whatIsNoHealthAnswerIsRefused_data()
{
    QTest::addColumn<QByteArray>("body");
    for (const auto* body : { "", "ok", "[]", "{}", "{\"a\": 1}", "{\"a\": {}, \"b\": [" }) {
        QTest::addRow("%s", body) << QByteArray(body);
    }
}

void TstAdoption::whatIsNoHealthAnswerIsRefused()
{
    QFETCH(QByteArray, body);

    const auto report = parseHealth(body);

    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::BadResponse);
    QVERIFY(report.error().remedy.english().contains(u"28080/healthz"));
}

void TstAdoption::aMissingHealthPageNamesTheDefault()
{
    Proxy proxy;
    proxy.health({ { .status = 404, .body = "404 page not found" } });

    const auto report = readHealth(proxy.http, kHealth, {});

    QCOMPARE(report.error().code, ErrorCode::NotFound);
    QVERIFY(report.error().what.english().contains(u"http://127.0.0.1:28080/healthz"));
}

void TstAdoption::withoutAnythingToAskNothingIsConfirmed()
{
    Proxy proxy;

    const auto adoption = proxy.watch({ .healthConfirms = true });

    QCOMPARE(adoption.state, AdoptionState::NotConfirmed);
    QVERIFY(!adoption.remedy.isEmpty());
    QVERIFY(adoption.outcome().hasValue());
    QVERIFY(proxy.clock.sleeps().empty());
}

void TstAdoption::aSoundHealthPageConfirmsTheInterfaceOnly()
{
    Proxy proxy;
    proxy.health({ { .body = kSound } });

    QCOMPARE(proxy.watch({ .healthUrl = kHealth, .healthConfirms = true }).state,
        AdoptionState::Confirmed);
    QVERIFY(proxy.clock.monotonic() >= std::chrono::milliseconds(368));
    QCOMPARE(proxy.watch({ .healthUrl = kHealth }).state, AdoptionState::NotConfirmed);
}

void TstAdoption::anUnreachableHealthPageLeavesItOpen()
{
    Proxy proxy;
    proxy.health({ failure(ErrorCode::Network) });

    const auto adoption = proxy.watch({ .healthUrl = kHealth, .healthConfirms = true });

    QCOMPARE(adoption.state, AdoptionState::NotConfirmed);
    QCOMPARE(adoption.detail, u"why"_s);
}

void TstAdoption::anErrorThatStaysIsARefusal_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("words");
    QTest::addRow("routing table") << kBadRegex << 200 << u"missing ]: ["_s;
    QTest::addRow("policies") << kBadBuild << 503 << u"error building policies"_s;
}

void TstAdoption::anErrorThatStaysIsARefusal()
{
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    QFETCH(QString, words);
    Proxy proxy;
    proxy.health({ { .body = kSound }, { .status = status, .body = body } });
    proxy.route({ { .status = 404 } });

    const auto adoption
        = proxy.watch({ .healthUrl = kHealth, .probe = probe(ProbeExpectation::Known) });

    QCOMPARE(adoption.state, AdoptionState::Refused);
    QVERIFY(adoption.detail.contains(words));
    QCOMPARE(adoption.outcome().error().code, ErrorCode::BadResponse);
    QVERIFY(!adoption.outcome().error().remedy.isEmpty());
    QVERIFY(!adoption.reason.english().contains(words));
}

void TstAdoption::anErrorOfBeforeTheWriteIsWaitedOut()
{
    Proxy proxy;
    proxy.health({ { .body = kBadRegex }, { .body = kBadRegex }, { .body = kSound } });

    const auto adoption = proxy.watch({ .healthUrl = kHealth, .healthConfirms = true });

    QCOMPARE(adoption.state, AdoptionState::Confirmed);
}

void TstAdoption::aProbeShowsWhatTheRouteDoes_data()
{
    QTest::addColumn<ProbeExpectation>("expectation");
    QTest::addColumn<FakeReply>("answer");
    QTest::addColumn<AdoptionState>("state");
    const auto add = [](const char* name, ProbeExpectation expectation, FakeReply answer,
                         AdoptionState state) {
        QTest::addRow("%s", name) << expectation << std::move(answer) << state;
    };
    using enum ProbeExpectation;
    const auto signIn = failure(ErrorCode::BadResponse);
    add("there, refused", Known, { .status = 403 }, AdoptionState::Confirmed);
    add("there, sign in", Known, signIn, AdoptionState::Confirmed);
    add("not there", Known, { .status = 404 }, AdoptionState::Refused);
    add("admitted", Admitted, { .status = 200 }, AdoptionState::Confirmed);
    add("application's own error", Admitted, { .status = 500 }, AdoptionState::Confirmed);
    add("not admitted", Admitted, { .status = 403 }, AdoptionState::Refused);
    add("device asked for", Admitted, { .status = 450 }, AdoptionState::Refused);
    add("blocked", ProbeExpectation::Refused, { .status = 403 }, AdoptionState::Confirmed);
    add("still let in", ProbeExpectation::Refused, { .status = 200 }, AdoptionState::Refused);
    add("gone, not blocked", ProbeExpectation::Refused, { .status = 404 }, AdoptionState::Refused);
    add("sign in is no block", ProbeExpectation::Refused, signIn, AdoptionState::NotConfirmed);
    add("account unknown", Admitted, { .status = 401 }, AdoptionState::NotConfirmed);
    add("proxy away", Known, failure(ErrorCode::Network), AdoptionState::NotConfirmed);
}

void TstAdoption::aProbeShowsWhatTheRouteDoes()
{
    QFETCH(ProbeExpectation, expectation);
    QFETCH(FakeReply, answer);
    QFETCH(AdoptionState, state);
    Proxy proxy;
    proxy.route({ answer });

    const auto adoption = proxy.watch({ .probe = probe(expectation) });

    QCOMPARE(adoption.state, state);
    QCOMPARE(adoption.reason.isEmpty(), state == AdoptionState::Confirmed);
    QCOMPARE(adoption.remedy.isEmpty(), state == AdoptionState::Confirmed);
}

void TstAdoption::aProbeWaitsForTheChange()
{
    Proxy proxy;
    proxy.route({ { .status = 200 }, { .status = 200 }, { .status = 403 } });

    const auto adoption = proxy.watch({ .probe = probe(ProbeExpectation::Refused) });

    QCOMPARE(adoption.state, AdoptionState::Confirmed);
    QCOMPARE(proxy.http.count(u"GET /"_s), 3);
}

void TstAdoption::theProbeSpeaksAsItsServiceAccount() // proxy.md 13.2 step 3
{
    Proxy proxy;
    proxy.route({ { .status = 403 } });
    auto asked = probe(ProbeExpectation::Admitted, "eyJ.token");
    asked.host = "app.corp.test";

    const auto adoption = proxy.watch({ .probe = asked });

    HttpResponse sent { .headers = proxy.http.requests().front().headers };
    QCOMPARE(sent.header("Authorization"), QByteArray("Pomerium eyJ.token"));
    QCOMPARE(sent.header("Host"), QByteArray("app.corp.test"));
    QVERIFY(!adoption.outcome().error().toText().contains(u"eyJ"));
}

void TstAdoption::cancellingEndsTheWatch()
{
    Proxy proxy;
    proxy.route({ { .status = 404 } });
    proxy.stop.request_stop();

    const auto adoption = checkAdoption({ .probe = probe(ProbeExpectation::Known) }, proxy.http,
        proxy.clock, proxy.stop.get_token());

    QCOMPARE(adoption.error().code, ErrorCode::Cancelled);
}

static const bool kAdoptionRegistered = test::registerTestClass<TstAdoption>("adoption");

} // namespace portreeve

#include "tst_adoption.moc"
