// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/configservice/routeprobe.h"
#include "tests/support/configfixture.h"
#include "tests/support/testregistry.h"

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

using namespace configservice;
using test::ConfigFixture;
using test::storedPolicy;
using test::storedRoute;

namespace {

/// A route for signed-in people and one for everybody, both delivered.
void deliver(ConfigFixture& on)
{
    on.source.policies
        = { storedPolicy(u"all"_s, u"{allow: {and: [{authenticated_user: true}]}}"_s),
              storedPolicy(u"open"_s, u"{allow: {or: [{accept: true}]}}"_s) };
    on.source.routes = { storedRoute(u"app"_s, u"https://app.corp.test"_s, { u"all"_s }),
        storedRoute(u"site"_s, u"https://site.corp.test"_s, { u"open"_s }) };
    on.push();
    on.proxy.forgetCalls();
}

bool isBlocked(const ConfigFixture& on, const QString& route)
{
    return on.proxy.routes()
        .value(on.routeId(route))
        .value(u"policyIds")
        .toArray()
        .contains(on.ownership.blockPolicyId());
}

QString blockText(const ConfigFixture& on)
{
    return on.proxy.policies().value(on.ownership.blockPolicyId()).value(u"sourcePpl").toString();
}

/// A proxy that obeys: everybody gets in on the routes in @p open, but for those the block names.
AccessProbe obeying(const ConfigFixture& on, const QStringList& open = { u"app"_s })
{
    return [&on, open](const RouteEntity& route, const QString& userId, const std::stop_token&) {
        const QString named = u'"' + userId + u'"';
        const bool isOut = isBlocked(on, route.name) && blockText(on).contains(named);
        return Result<ProbeAnswer>(
            open.contains(route.name) && !isOut ? ProbeAnswer::LetIn : ProbeAnswer::Refused);
    };
}

/// One that says the same whatever is written.
AccessProbe answering(ProbeAnswer answer)
{
    return [answer](const RouteEntity&, const QString&, const std::stop_token&) {
        return Result<ProbeAnswer>(answer);
    };
}

/// The last of the users is the one just added.
Result<BlockOutcome> block(
    ConfigFixture& on, const std::vector<QString>& users, const AccessProbe& probe)
{
    return blockNow(on.editor(), on.clock,
        { .ownership = on.ownership,
            .userIds = users,
            .probedUser = users.empty() ? QString() : users.back() },
        probe, on.stop.get_token());
}

} // namespace

/// "Block now" (proxy.md 5.5). Numbers are those of proxy.md 6.4.
class TstBlockNow : public QObject
{
    Q_OBJECT

private slots:
    void theBlockIsOnEveryManagedRouteThatAsksWhoYouAre();
    void pendingChangesStayPending();
    void anotherPersonJoinsTheBlock();
    void liftingTakesItOffAgain();
    void anOrdinaryPushKeepsIt();
    void liftingOneOfThemLeavesTheOthersOut();
    void whoWasRefusedBeforeProvesNothing();
    void blockingTwiceProvesNothingTheSecondTime();
    void theRouteTriedIsOneThatLetThemIn();
    void noMoreThanFiveRoutesAreAsked();
    void aRouteWithoutAPageIsPassedOver();
    void askingEndsInTime();
    void withoutAProbeItIsWrittenNotConfirmed();
    void aProbeThatFailsIsWrittenNotConfirmed();
    void aProbeThatFailsAfterwardsIsWrittenNotConfirmed();
    void case17AFrozenProxyIsARedError();
    void aSlowProxyHasTwoSeconds();
    void routesOfOthersAreLeftAlone();
    void withoutARouteThereIsNothingToBlockOn();
    void anIdThatNoPolicyCanHoldIsRefused();
    void aBlockThatIsOverwrittenIsReported();
    void case08AForgottenAccountIsMadeAgain();
    void probesTellYesNoOrNeither_data();
    void probesTellYesNoOrNeither();
    void accountsAreRemovedAfterwards();
};

void TstBlockNow::theBlockIsOnEveryManagedRouteThatAsksWhoYouAre()
{
    ConfigFixture on;
    deliver(on);

    const auto outcome = block(on, { u"bob/🦊"_s }, obeying(on));

    QCOMPARE(outcome->state, BlockState::Done);
    QVERIFY(!outcome->error);
    QCOMPARE(outcome->routes, std::vector { u"app"_s });
    QCOMPARE(outcome->publicRoutes, std::vector { u"site"_s });
    QCOMPARE(outcome->probedRoute, u"app"_s);
    QVERIFY(isBlocked(on, u"app"_s));
    QVERIFY(!isBlocked(on, u"site"_s));
    QCOMPARE(blockText(on), u"- deny:\n    or:\n      - user:\n          is: \"bob/🦊\"\n"_s);
    QCOMPARE(on.proxy.writes(), QStringList({ u"CreatePolicy"_s, u"UpdateRoute"_s }));
}

void TstBlockNow::pendingChangesStayPending()
{
    ConfigFixture on;
    deliver(on);
    on.source.policies.front().text = u"[]"_s;

    QVERIFY(block(on, { u"bob"_s }, {}).hasValue());

    QVERIFY(on.proxy.policies()
            .value(on.policyId(u"all"_s))
            .value(u"sourcePpl")
            .toString()
            .contains(u"authenticated_user"));
}

void TstBlockNow::anotherPersonJoinsTheBlock()
{
    ConfigFixture on;
    deliver(on);
    QVERIFY(block(on, { u"bob"_s }, {}).hasValue());
    on.proxy.forgetCalls();

    const auto outcome = block(on, { u"bob"_s, u"ann"_s }, obeying(on));

    QCOMPARE(outcome->state, BlockState::Done);
    QCOMPARE(on.proxy.writes(), QStringList(u"UpdatePolicy"_s));
    QVERIFY(blockText(on).contains(u"\"ann\"") && blockText(on).contains(u"\"bob\""));
}

void TstBlockNow::liftingTakesItOffAgain()
{
    ConfigFixture on;
    deliver(on);
    const auto before = on.proxy.policies().keys();
    QVERIFY(block(on, { u"bob"_s }, {}).hasValue());
    on.proxy.forgetCalls();

    const auto outcome = block(on, {}, answering(ProbeAnswer::LetIn));

    QCOMPARE(outcome->state, BlockState::Done);
    QVERIFY(!isBlocked(on, u"app"_s));
    QCOMPARE(on.proxy.policies().keys(), before);
    QCOMPARE(on.proxy.writes(), QStringList({ u"UpdateRoute"_s, u"DeletePolicy"_s }));
    QCOMPARE(block(on, {}, {})->state, BlockState::Done); // lifting twice does no harm
}

void TstBlockNow::anOrdinaryPushKeepsIt()
{
    ConfigFixture on;
    deliver(on);
    QVERIFY(block(on, { u"bob"_s }, {}).hasValue());
    on.blocked = { u"bob"_s }; // what is remembered

    QVERIFY(on.plan().isEmpty());
    on.source.routes.push_back(storedRoute(u"new"_s, u"https://new.corp.test"_s, { u"all"_s }));
    on.push();

    QVERIFY(isBlocked(on, u"new"_s));
}

void TstBlockNow::liftingOneOfThemLeavesTheOthersOut()
{
    ConfigFixture on;
    deliver(on);
    QVERIFY(block(on, { u"ann"_s, u"bob"_s }, {}).hasValue());
    const BlockChange lift {
        .ownership = on.ownership, .userIds = { u"bob"_s }, .probedUser = u"bob"_s, .isNew = false
    };

    QCOMPARE(blockNow(on.editor(), on.clock, lift, obeying(on), {})->state, BlockState::Done);
    QVERIFY(!blockText(on).contains(u"ann"));
    QCOMPARE(blockNow(on.editor(), on.clock, lift, {}, {})->state, BlockState::Done);
    QCOMPARE(blockNow(on.editor(), on.clock, lift, answering(ProbeAnswer::LetIn), {})->state,
        BlockState::StillLetIn);
}

/// No route for them, a group they are not in, an id that nobody has: refused all the same.
void TstBlockNow::whoWasRefusedBeforeProvesNothing()
{
    ConfigFixture on;
    deliver(on);

    const auto outcome = block(on, { u"bob"_s }, answering(ProbeAnswer::Refused));

    QCOMPARE(outcome->state, BlockState::WrittenNotConfirmed);
    QVERIFY2(outcome->error->what.english().contains(u"bob was refused before it too"),
        qPrintable(outcome->error->toText()));
    QVERIFY(outcome->error->remedy.english().contains(u"check the id"));
    QVERIFY(outcome->probedRoute.isEmpty());
    QCOMPARE(outcome->routes, std::vector { u"app"_s });
    QVERIFY(isBlocked(on, u"app"_s));
}

void TstBlockNow::blockingTwiceProvesNothingTheSecondTime()
{
    ConfigFixture on;
    deliver(on);
    QCOMPARE(block(on, { u"bob"_s }, obeying(on))->state, BlockState::Done);

    const auto again = block(on, { u"bob"_s }, obeying(on));

    QCOMPARE(again->state, BlockState::WrittenNotConfirmed);
    QVERIFY(isBlocked(on, u"app"_s));
}

void TstBlockNow::theRouteTriedIsOneThatLetThemIn()
{
    ConfigFixture on;
    deliver(on);
    for (const auto& name : { u"b"_s, u"c"_s }) {
        on.source.routes.push_back(
            storedRoute(name, u"https://%1.corp.test"_s.arg(name), { u"all"_s }));
    }
    on.push();
    QStringList asked;
    const auto proxy = obeying(on, { u"c"_s, u"site"_s });

    const auto outcome = block(on, { u"bob"_s },
        [&](const RouteEntity& route, const QString& userId, const std::stop_token& stop) {
            asked.append(route.name);
            return proxy(route, userId, stop);
        });

    QCOMPARE(outcome->state, BlockState::Done);
    QCOMPARE(outcome->probedRoute, u"c"_s);
    QVERIFY(!asked.contains(u"site"_s)); // open to everybody, so never blocked
    QCOMPARE(asked.back(), u"c"_s);
}

void TstBlockNow::noMoreThanFiveRoutesAreAsked()
{
    ConfigFixture on;
    deliver(on);
    for (int i = 0; i < 9; ++i) {
        on.source.routes.push_back(
            storedRoute(u"r%1"_s.arg(i), u"https://r%1.corp.test"_s.arg(i), { u"all"_s }));
    }
    on.push();
    int asked = 0;

    const auto outcome = block(on, { u"bob"_s },
        [&](const RouteEntity&, const QString&, const std::stop_token&) -> Result<ProbeAnswer> {
            ++asked;
            return ProbeAnswer::Refused;
        });

    QCOMPARE(asked, kMostRoutesAsked);
    QCOMPARE(outcome->state, BlockState::WrittenNotConfirmed);
    QVERIFY(outcome->error->what.english().contains(u"routes: 5"));
}

void TstBlockNow::aRouteWithoutAPageIsPassedOver()
{
    ConfigFixture on;
    deliver(on);
    on.source.routes.push_back(storedRoute(u"a regex"_s, u"https://a.corp.test"_s, { u"all"_s }));
    on.push();
    const auto probe = [](ProbeAnswer answer) -> AccessProbe {
        return [answer](const RouteEntity& route, const QString&, const std::stop_token&) {
            return route.name == u"app" ? Result<ProbeAnswer>(answer)
                                        : Error { .code = ErrorCode::InvalidInput };
        };
    };

    const auto refused = block(on, { u"bob"_s }, probe(ProbeAnswer::Refused));
    const auto letIn = block(on, { u"bob"_s }, probe(ProbeAnswer::LetIn));

    QVERIFY(refused->error->what.english().contains(u"routes: 1"));
    QCOMPARE(letIn->probedRoute, u"app"_s);
}

/// Somebody waits for the block, so a proxy that hardly answers does not keep it from being
/// written.
void TstBlockNow::askingEndsInTime()
{
    ConfigFixture on;
    deliver(on);
    for (int i = 0; i < 3; ++i) {
        on.source.routes.push_back(
            storedRoute(u"r%1"_s.arg(i), u"https://r%1.corp.test"_s.arg(i), { u"all"_s }));
    }
    on.push();
    int asked = 0;

    const auto outcome = block(on, { u"bob"_s },
        [&](const RouteEntity&, const QString&, const std::stop_token&) -> Result<ProbeAnswer> {
            ++asked;
            on.clock.advance(1'500ms);
            return ProbeAnswer::Refused;
        });

    QCOMPARE(asked, 2);
    QCOMPARE(outcome->state, BlockState::WrittenNotConfirmed);
    QVERIFY(isBlocked(on, u"r2"_s));
}

void TstBlockNow::withoutAProbeItIsWrittenNotConfirmed()
{
    ConfigFixture on;
    deliver(on);

    const auto outcome = block(on, { u"bob"_s }, {});

    QCOMPARE(outcome->state, BlockState::WrittenNotConfirmed);
    QVERIFY(outcome->error && !outcome->error->remedy.isEmpty());
}

void TstBlockNow::aProbeThatFailsIsWrittenNotConfirmed()
{
    ConfigFixture on;
    deliver(on);

    int asked = 0;
    const auto outcome = block(on, { u"bob"_s },
        [&](const RouteEntity&, const QString&, const std::stop_token&) -> Result<ProbeAnswer> {
            ++asked;
            return Error { .code = ErrorCode::Network };
        });

    QCOMPARE(outcome->state, BlockState::WrittenNotConfirmed);
    QCOMPARE(outcome->error->code, ErrorCode::Network);
    QCOMPARE(asked, 1);
    QVERIFY(isBlocked(on, u"app"_s));
}

void TstBlockNow::aProbeThatFailsAfterwardsIsWrittenNotConfirmed()
{
    ConfigFixture on;
    deliver(on);

    const auto outcome = block(
        on, { u"bob"_s }, [&](const RouteEntity& route, const QString&, const std::stop_token&) {
            return isBlocked(on, route.name)
                ? Result<ProbeAnswer>(Error { .code = ErrorCode::BadResponse })
                : ProbeAnswer::LetIn;
        });

    QCOMPARE(outcome->state, BlockState::WrittenNotConfirmed);
    QCOMPARE(outcome->error->code, ErrorCode::BadResponse);
    QCOMPARE(outcome->probedRoute, u"app"_s);
}

/// The other half of the case, that such a file is not made by us, is tst_configexport's.
void TstBlockNow::case17AFrozenProxyIsARedError()
{
    ConfigFixture on;
    deliver(on);
    const auto start = on.clock.monotonic();

    const auto outcome = block(on, { u"bob"_s }, answering(ProbeAnswer::LetIn));

    QCOMPARE(outcome->state, BlockState::StillLetIn);
    QVERIFY(on.clock.monotonic() - start == 2s);
    QVERIFY(outcome->error->what.english().contains(u"still lets bob in on \"app\""));
    QVERIFY(outcome->error->remedy.english().contains(u"configuration file"));
    QVERIFY(isBlocked(on, u"app"_s));
}

void TstBlockNow::aSlowProxyHasTwoSeconds()
{
    ConfigFixture on;
    deliver(on);
    int asked = 0;

    const auto outcome = block(on, { u"bob"_s },
        [&](const RouteEntity&, const QString&, const std::stop_token&) -> Result<ProbeAnswer> {
            return ++asked < 30 ? ProbeAnswer::LetIn : ProbeAnswer::Refused;
        });

    QCOMPARE(outcome->state, BlockState::Done);
    QCOMPARE(asked, 30);
}

void TstBlockNow::routesOfOthersAreLeftAlone()
{
    ConfigFixture on;
    deliver(on);
    const QJsonObject theirs { { u"id"_s, u"t"_s }, { u"name"_s, u"t"_s },
        { u"originatorId"_s, u"terraform"_s }, { u"from"_s, u"https://t"_s },
        { u"to"_s, QJsonArray { u"http://t"_s } } };
    on.proxy.putRoute(theirs);

    QVERIFY(block(on, { u"bob"_s }, {}).hasValue());

    QCOMPARE(on.proxy.routes().value(u"t"_s), theirs);
    on.proxy.putPolicy({ { u"id"_s, on.ownership.blockPolicyId() }, { u"name"_s, u"theirs"_s },
        { u"originatorId"_s, u"terraform"_s } });
    QCOMPARE(block(on, { u"bob"_s }, {}).error().code, ErrorCode::Stale);
}

void TstBlockNow::withoutARouteThereIsNothingToBlockOn()
{
    ConfigFixture on;

    const auto outcome = block(on, { u"bob"_s }, answering(ProbeAnswer::Refused));

    QCOMPARE(outcome->state, BlockState::WrittenNotConfirmed);
    QVERIFY(outcome->error->what.english().contains(u"nothing to block on"));
}

void TstBlockNow::anIdThatNoPolicyCanHoldIsRefused()
{
    ConfigFixture on;
    deliver(on);

    const auto outcome = block(on, { QString(QChar(7)) }, {});

    QCOMPARE(outcome.error().code, ErrorCode::InvalidInput);
    QVERIFY(on.proxy.writes().isEmpty());
}

void TstBlockNow::aBlockThatIsOverwrittenIsReported()
{
    ConfigFixture on;
    deliver(on);
    const auto id = on.ownership.blockPolicyId();
    on.proxy.faults.beforeCall = [&](const QString& method) {
        if (method == u"ListPolicies" && on.proxy.policies().contains(id)) {
            on.proxy.removePolicy(id);
        }
    };

    const auto outcome = block(on, { u"bob"_s }, obeying(on));

    QCOMPARE(outcome.error().code, ErrorCode::Stale);
}

namespace {

const RouteEntity kApp {
    .name = u"app"_s, .from = u"https://app.corp.test:8443"_s, .prefix = u"/x"_s
};

/// A proxy whose routes answer with the status @p judge gives for a token.
void serveRoutes(ConfigFixture& on, std::function<int(const HttpRequest&)> judge)
{
    on.http.setServer([&on, judge = std::move(judge)](const HttpRequest& request) {
        return request.url.port() == 8000
            ? std::optional(test::FakeReply { .status = judge(request) })
            : std::optional(on.proxy.answer(request));
    });
}

} // namespace

void TstBlockNow::case08AForgottenAccountIsMadeAgain()
{
    ConfigFixture on;
    serveRoutes(
        on, [&](const HttpRequest&) { return on.proxy.serviceAccounts().isEmpty() ? 401 : 200; });
    AccountProbe probe(on.http, on.editor(), on.clock, QUrl(u"http://127.0.0.1:8000"_s));
    QCOMPARE(*probe.ask(kApp, u"bob"_s, {}), ProbeAnswer::LetIn);
    QCOMPARE(*probe.ask(kApp, u"bob"_s, {}), ProbeAnswer::LetIn);
    QCOMPARE(on.proxy.writes(), QStringList(u"CreateServiceAccount"_s));

    on.proxy.restart();

    QCOMPARE(*probe.ask(kApp, u"bob"_s, {}), ProbeAnswer::LetIn);
    QCOMPARE(on.proxy.serviceAccounts().size(), 1);
    const auto account = on.proxy.serviceAccounts().first();
    QCOMPARE(account.value(u"userId"), QJsonValue(u"bob"_s));
    QVERIFY(*fromRfc3339(account.value(u"expiresAt").toString()) == on.clock.nowUtc() + 10min);
    const auto& request = on.http.requests().back();
    QCOMPARE(request.url, QUrl(u"http://127.0.0.1:8000/x"_s));
    QCOMPARE(request.headers.back().value, QByteArray("app.corp.test:8443"));
}

void TstBlockNow::probesTellYesNoOrNeither_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("answer");
    QTest::addRow("200") << 200 << u"in"_s;
    QTest::addRow("403") << 403 << u"refused"_s;
    QTest::addRow("450") << 450 << u"refused"_s;
    QTest::addRow("to the sign-in") << 302 << QString();
    QTest::addRow("unknown account") << 401 << QString();
    QTest::addRow("no such route") << 404 << QString();
    QTest::addRow("application down") << 503 << QString();
}

void TstBlockNow::probesTellYesNoOrNeither()
{
    QFETCH(int, status);
    QFETCH(QString, answer);
    ConfigFixture on;
    serveRoutes(on, [status](const HttpRequest&) { return status; });
    AccountProbe probe(on.http, on.editor(), on.clock, QUrl(u"http://127.0.0.1:8000"_s));

    const auto result = probe.ask(kApp, u"bob"_s, {});

    QCOMPARE(result.hasValue(), !answer.isEmpty());
    if (result) {
        QCOMPARE(*result == ProbeAnswer::LetIn, answer == u"in");
    } else {
        QVERIFY(result.error().what.english().contains(QString::number(status)));
    }
    auto regex = kApp;
    regex.regex = u"^/a"_s;
    QCOMPARE(probe.ask(regex, u"bob"_s, {}).error().code, ErrorCode::InvalidInput);
}

void TstBlockNow::accountsAreRemovedAfterwards()
{
    ConfigFixture on;
    serveRoutes(on, [](const HttpRequest&) { return 200; });
    AccountProbe probe(on.http, on.editor(), on.clock, QUrl(u"http://127.0.0.1:8000"_s));
    QVERIFY(probe.ask(kApp, u"bob"_s, {}).hasValue());
    QVERIFY(probe.ask(kApp, u"ann"_s, {}).hasValue());

    QVERIFY(probe.finish({}).hasValue());

    QVERIFY(on.proxy.serviceAccounts().isEmpty());
}

static const bool kBlockNowRegistered = test::registerTestClass<TstBlockNow>("blocknow");

} // namespace portreeve

#include "tst_blocknow.moc"
