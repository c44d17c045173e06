// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/deliveryfixture.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::DeliveryFixture;
using test::Listing;

/// What is told of a delivery is what it did, and what it left out.
class TstDeliveryTruth : public QObject
{
    Q_OBJECT

private slots:
    void previewLeavesOutWhatIsNotSent();
    void previewSaysWhoGainsAndLosesByPolicyAndRoute();
    void recordTooLargeIsSaidByEveryPush();
    void recordTooLargeLeavesTheOthersOurs();
    void routeInConflictIsSaidByEveryPush();
    void policyRefusedIsSaidByEveryPush();
    void onlyRoutesThatWereSentAreTried();
    void eachChangedRouteIsTried();
    void oneDeafRouteOfTwoIsNoSuccess();
    void blockIsDoneWhenWhoGotInIsRefused();
    void blockOfSomebodyRefusedBeforeIsNotConfirmed();
    void liftingOneBlockTriesSomebodyStillBlocked();
    void blockDuringADeliveryStays();
};

namespace {

/// The record of eve, with all her groups, is over 1 MiB.
Listing staffWithALargeRecord()
{
    Listing listing = DeliveryFixture::staff();
    for (int i = 0; i < 300; ++i) {
        const QString group = QString(4'000, u'g') + QString::number(i);
        listing.group(group).members(group, { u"eve"_s });
    }
    return listing;
}

QByteArray hostOf(const HttpRequest& request)
{
    for (const auto& header : request.headers) {
        if (header.name == "Host") {
            return header.value;
        }
    }
    return {};
}

/// Whether a push says that only other content would help.
bool isWithheldBy(DeliveryFixture& fixture, const QString& targetId)
{
    auto control = fixture.control();
    PushEnd end;
    control.ended = [&end](const PushEnd& told) { end = told; };
    const auto outcome = fixture.delivery().push({ .targetId = targetId }, control);
    return !outcome && end.isWithheld;
}

} // namespace

void TstDeliveryTruth::previewLeavesOutWhatIsNotSent()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target = fixture.addFullTarget();
    QVERIFY(fixture.push(target.id));
    fixture.proxy.putRoute({ { u"id"_s, u"theirs"_s }, { u"name"_s, u"theirs"_s },
        { u"from"_s, u"https://shop.example.com"_s }, { u"originatorId"_s, u"terraform"_s } });

    // One stays at the proxy as it is, one is in conflict, one is sent.
    fixture.refusePolicy(u"wiki policy"_s);
    fixture.addRoute(u"shop"_s, u"engineering"_s);
    fixture.addRoute(u"blog"_s, u"devops"_s);
    const auto plan = fixture.plan(target.id);

    QVERIFY(plan && plan->accessKnown);
    QCOMPARE(plan->access.size(), std::size_t { 1 });
    QVERIFY(plan->access.front().gained);
    QCOMPARE(plan->access.front().userId, u"john"_s);
    QCOMPARE(plan->access.front().route, u"blog"_s);
}

void TstDeliveryTruth::previewSaysWhoGainsAndLosesByPolicyAndRoute()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target = fixture.addFullTarget();
    QVERIFY(fixture.push(target.id));
    auto& policies = fixture.sync.store->policies();
    auto policy = policies.policy(u"wiki policy"_s).value();
    policy.text = u"- allow:\n    or:\n      - groups:\n          has: \"devops\"\n"_s;
    QVERIFY(policies.save(policy));
    auto wiki = policies.route(u"wiki"_s).value();
    wiki.name = u"handbook"_s; // another name is no loss
    QVERIFY(policies.save(wiki));
    fixture.addRoute(u"build"_s, u"devops"_s);

    const auto plan = fixture.plan(target.id);

    QVERIFY(plan->accessKnown);
    QStringList access;
    for (const auto& change : plan->access) {
        access.append((change.gained ? u"+ "_s : u"- "_s) + change.userId + u' ' + change.route);
    }
    QCOMPARE(access, QStringList({ u"- alice handbook"_s, u"+ john build"_s }));
}

void TstDeliveryTruth::recordTooLargeIsSaidByEveryPush()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    QVERIFY(fixture.push(target.id));
    Listing listing = staffWithALargeRecord();
    fixture.commit(listing);

    for (int i = 0; i < 2; ++i) {
        const auto outcome = fixture.push(target.id);

        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::LimitExceeded);
        QCOMPARE(fixture.target(target.id).state, TargetState::NeedsAttention);
    }
    QVERIFY(!fixture.groupsAt(u"eve"_s).has_value());
    QVERIFY(isWithheldBy(fixture, target.id));
}

void TstDeliveryTruth::recordTooLargeLeavesTheOthersOurs()
{
    DeliveryFixture fixture;
    Listing listing = staffWithALargeRecord();
    fixture.commit(listing);
    const auto first = fixture.addRecordsTarget();
    QVERIFY(!fixture.push(first.id));
    // Another installation at the same proxy, which finds everything there but the large one.
    const auto second = fixture.addTarget({ { u"policy_channel"_s, u"none"_s } }, u"Again"_s);
    QVERIFY(!fixture.push(second.id));

    fixture.commit(listing.removeUser(u"bob"_s));
    QVERIFY(!fixture.push(second.id));

    QVERIFY(fixture.groupsAt(u"alice"_s).has_value());
    QVERIFY(!fixture.groupsAt(u"bob"_s).has_value());
}

void TstDeliveryTruth::routeInConflictIsSaidByEveryPush()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    fixture.addRoute(u"blog"_s, u"engineering"_s);
    fixture.proxy.putRoute({ { u"id"_s, u"theirs"_s }, { u"name"_s, u"theirs"_s },
        { u"from"_s, u"https://wiki.example.com"_s }, { u"originatorId"_s, u"terraform"_s } });
    const auto target = fixture.addFullTarget();

    for (int i = 0; i < 2; ++i) {
        const auto outcome = fixture.push(target.id);

        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::InvalidInput);
        QVERIFY(!outcome.error().remedy.isEmpty());
        QCOMPARE(fixture.target(target.id).state, TargetState::NeedsAttention);
        QCOMPARE(fixture.proxy.routes().size(), 2); // the other one was delivered
    }
}

void TstDeliveryTruth::policyRefusedIsSaidByEveryPush()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target = fixture.addFullTarget();
    QVERIFY(fixture.push(target.id));
    fixture.refusePolicy(u"wiki policy"_s);

    const auto outcome = fixture.push(target.id);

    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::InvalidInput);
    QCOMPARE(fixture.target(target.id).state, TargetState::NeedsAttention);
    QCOMPARE(fixture.proxy.routes().size(), 1);

    QVERIFY(isWithheldBy(fixture, target.id));
    fixture.broker.goAway();
    QVERIFY(!isWithheldBy(fixture, target.id)); // worth another try
}

void TstDeliveryTruth::onlyRoutesThatWereSentAreTried()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"app"_s, u"engineering"_s);
    fixture.addRoute(u"blog"_s, u"engineering"_s);
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    fixture.refusePolicy(u"app policy"_s);
    auto& policies = fixture.sync.store->policies();
    auto pattern = policies.route(u"blog"_s).value();
    pattern.regex = u"/a.*"_s;
    QVERIFY(policies.save(pattern));
    const auto target
        = fixture.addTarget({ { u"probe_url"_s, DeliveryFixture::kListener.toString() } });
    QByteArrayList asked;
    fixture.listener = [&asked](const HttpRequest& request) {
        asked.append(hostOf(request));
        return test::FakeReply { .status = 403 };
    };

    QVERIFY(!fixture.push(target.id)); // because of the one refused

    QCOMPARE(asked, QByteArrayList { "wiki.example.com" });
}

void TstDeliveryTruth::eachChangedRouteIsTried() // proxy.md 6.3
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"blog"_s, u"engineering"_s);
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target
        = fixture.addTarget({ { u"probe_url"_s, DeliveryFixture::kListener.toString() } });
    QByteArrayList asked;
    fixture.listener = [&asked](const HttpRequest& request) {
        asked.append(hostOf(request));
        return test::FakeReply { .status = 403 };
    };

    const auto both = fixture.push(target.id);
    const QByteArrayList first = std::exchange(asked, {});
    fixture.addRoute(u"shop"_s, u"engineering"_s);
    const auto one = fixture.push(target.id);
    const QByteArrayList second = std::exchange(asked, {});
    auto& policies = fixture.sync.store->policies();
    auto policy = policies.policy(u"wiki policy"_s).value();
    policy.text = u"- allow:\n    or:\n      - groups:\n          has: \"devops\"\n"_s;
    QVERIFY(policies.save(policy));
    const auto none = fixture.push(target.id);

    QVERIFY(both && both->confirmed && one && one->confirmed && none && none->confirmed);
    QCOMPARE(first, QByteArrayList({ "blog.example.com", "wiki.example.com" }));
    QCOMPARE(second, QByteArrayList { "shop.example.com" });
    QCOMPARE(asked.size(), 1); // some route: that the proxy still acts at all
}

void TstDeliveryTruth::oneDeafRouteOfTwoIsNoSuccess()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"blog"_s, u"engineering"_s);
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target
        = fixture.addTarget({ { u"probe_url"_s, DeliveryFixture::kListener.toString() } });
    fixture.listener = [](const HttpRequest& request) {
        return test::FakeReply { .status = hostOf(request) == "wiki.example.com" ? 404 : 403 };
    };

    const auto outcome = fixture.push(target.id);

    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::BadResponse);
    QVERIFY(outcome.error().detail.contains(u"wiki.example.com"));
    QCOMPARE(fixture.target(target.id).state, TargetState::NeedsAttention);
}

void TstDeliveryTruth::blockIsDoneWhenWhoGotInIsRefused()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target
        = fixture.addTarget({ { u"probe_url"_s, DeliveryFixture::kListener.toString() } });
    fixture.listener = [&](const HttpRequest&) {
        constexpr int withTheBlock = 2;
        return test::FakeReply { .status
            = fixture.proxy.policies().size() == withTheBlock ? 403 : 200 };
    };
    QVERIFY(fixture.push(target.id));

    const auto report = fixture.delivery().setBlocked(
        { .targetId = target.id, .userId = u"john"_s }, fixture.control());

    QVERIFY2(report, qPrintable(report ? QString() : report.error().toText()));
    QCOMPARE(report->state, BlockReport::State::Done);
    QCOMPARE(report->probedRoute, u"wiki"_s);
    QVERIFY(fixture.proxy.serviceAccounts().isEmpty());
}

void TstDeliveryTruth::blockOfSomebodyRefusedBeforeIsNotConfirmed()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target
        = fixture.addTarget({ { u"probe_url"_s, DeliveryFixture::kListener.toString() } });
    fixture.listener = [](const HttpRequest&) { return test::FakeReply { .status = 200 }; };
    QVERIFY(fixture.push(target.id));
    fixture.listener = [](const HttpRequest&) { return test::FakeReply { .status = 403 }; };

    const auto report = fixture.delivery().setBlocked(
        { .targetId = target.id, .userId = u"bob"_s }, fixture.control());

    QVERIFY2(report, qPrintable(report ? QString() : report.error().toText()));
    QCOMPARE(report->state, BlockReport::State::NotConfirmed);
    QVERIFY(report->error->what.english().contains(u"bob was refused before it"));
    QCOMPARE(report->routes, std::vector { u"wiki"_s });
}

void TstDeliveryTruth::liftingOneBlockTriesSomebodyStillBlocked()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target
        = fixture.addTarget({ { u"probe_url"_s, DeliveryFixture::kListener.toString() } });
    fixture.listener = [](const HttpRequest&) { return test::FakeReply { .status = 403 }; };
    auto delivery = fixture.delivery();
    for (const auto& id : { u"john"_s, u"bob"_s }) {
        QVERIFY(delivery.setBlocked({ .targetId = target.id, .userId = id }, fixture.control()));
    }
    QVERIFY(fixture.push(target.id));
    fixture.proxy.forgetCalls();

    const auto report = delivery.setBlocked(
        { .targetId = target.id, .userId = u"john"_s, .blocked = false }, fixture.control());

    QVERIFY2(report, qPrintable(report ? QString() : report.error().toText()));
    QCOMPARE(report->state, BlockReport::State::Done);
    QStringList tried;
    for (const auto& call : fixture.proxy.calls()) {
        if (call.method == u"CreateServiceAccount") {
            tried.append(call.body[u"serviceAccount"][u"userId"].toString());
        }
    }
    QCOMPARE(tried, QStringList { u"bob"_s });
}

void TstDeliveryTruth::blockDuringADeliveryStays()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target = fixture.addFullTarget();
    QVERIFY(fixture.push(target.id));
    bool isBlocked = false;
    fixture.proxy.faults.beforeCall = [&](const QString&) {
        if (std::exchange(isBlocked, true)) {
            return;
        }
        auto store = Store::open(fixture.sync.storeOptions(), fixture.sync.clock).value();
        Delivery other({ .store = *store,
            .secrets = fixture.sync.secrets,
            .clock = fixture.sync.clock,
            .makeHttp = fixture.http() });
        QVERIFY(other.setBlocked({ .targetId = target.id, .userId = u"john"_s }, {}));
    };

    const auto outcome = fixture.push(target.id);

    QVERIFY(isBlocked);
    QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().toText()));
    QCOMPARE(outcome->plan.verdict, Verdict::Nothing);
    QCOMPARE(fixture.proxy.policies().size(), 2);
}

static const bool kDeliveryTruthRegistered
    = test::registerTestClass<TstDeliveryTruth>("deliverytruth");

} // namespace portreeve

#include "tst_deliverytruth.moc"
