// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/configrecords.h"
#include "tests/support/deliveryfixture.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::DeliveryFixture;

namespace {

ProxyTarget addConfigTarget(DeliveryFixture& fixture, const QString& probeUrl = {})
{
    QHash<QString, QString> options { { u"policy_channel"_s, u"config_records"_s } };
    if (!probeUrl.isEmpty()) {
        options.insert(u"probe_url"_s, probeUrl);
    }
    return fixture.addTarget(options);
}

std::vector<configservice::RouteEntity> routesAt(const DeliveryFixture& fixture)
{
    std::vector<configservice::RouteEntity> out;
    for (const auto& record : fixture.broker.records(recordtype::kConfigRoute)) {
        out.push_back(routeEntity(record).value());
    }
    return out;
}

std::size_t policyCount(const DeliveryFixture& fixture)
{
    return fixture.broker.records(recordtype::kConfigPolicy).size();
}

} // namespace

/// Channel D as a target has it: policies and routes delivered as databroker records.
class TstRecordsDelivery : public QObject
{
    Q_OBJECT

private slots:
    void policiesTravelAsRecordsAndOnce();
    void previewSaysWhoGainsWhat();
    void aReadOnlyTargetIsOnlyLookedAt();
    void anIdOfOursKeptByAnotherWaitsForItsAdoption();
    void deletionsAreGuarded();
    void anOldProxyIsRefused();
    void aBlockWithoutAServiceIsNotConfirmed();
    void aBlockIsTriedWhereTheServiceGivesAccounts();
    void aBlockOfNobodyWeKnowIsSaidToBeOne();
};

void TstRecordsDelivery::policiesTravelAsRecordsAndOnce()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target = addConfigTarget(fixture);

    const auto first = fixture.push(target.id);
    const int puts = fixture.putCount();
    const auto second = fixture.push(target.id);

    QVERIFY2(first, qPrintable(first ? QString() : first.error().toText()));
    QCOMPARE(first->push->counts.policies.put, std::int64_t { 1 });
    QCOMPARE(first->push->counts.routes.put, std::int64_t { 1 });
    QVERIFY(second);
    QCOMPARE(second->plan.verdict, Verdict::Nothing);
    QCOMPARE(fixture.putCount(), puts);
    const auto routes = routesAt(fixture);
    QCOMPARE(routes.size(), std::size_t { 1 });
    QCOMPARE(routes.front().from, u"https://wiki.example.com"_s);
    QCOMPARE(routes.front().policyIds.size(), std::size_t { 1 });
    QVERIFY(fixture.proxy.methods().isEmpty());
}

void TstRecordsDelivery::previewSaysWhoGainsWhat()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target = addConfigTarget(fixture);
    QVERIFY(fixture.push(target.id));
    const int puts = fixture.putCount();
    fixture.addRoute(u"blog"_s, u"devops"_s);

    const auto plan = fixture.plan(target.id);

    QVERIFY(plan && plan->accessKnown);
    QCOMPARE(plan->access.size(), std::size_t { 1 });
    QCOMPARE(plan->access.front().userId, u"john"_s);
    QCOMPARE(plan->access.front().route, u"blog"_s);
    QCOMPARE(fixture.putCount(), puts);
}

void TstRecordsDelivery::aReadOnlyTargetIsOnlyLookedAt()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target = addConfigTarget(fixture);
    fixture.setOption(target.id, u"read_only"_s, u"true"_s);

    const auto plan = fixture.plan(target.id);
    const auto pushed = fixture.push(target.id);
    const auto blocked = fixture.delivery().setBlocked(
        { .targetId = target.id, .userId = u"john"_s }, fixture.control());

    QVERIFY(plan && !plan->changes.empty());
    QVERIFY(!pushed);
    QCOMPARE(blocked.error().code, ErrorCode::InvalidInput);
    QCOMPARE(fixture.putCount(), 0);
}

void TstRecordsDelivery::anIdOfOursKeptByAnotherWaitsForItsAdoption()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target = addConfigTarget(fixture);
    QVERIFY(fixture.push(target.id));
    auto theirs = routesAt(fixture).front();
    theirs.originatorId = u"terraform"_s;
    theirs.prefix = u"/theirs"_s;
    fixture.broker.write({ toRecord(theirs) });

    const auto withheld = fixture.push(target.id);
    const auto kept = routesAt(fixture).front();
    PushRequest adopting;
    adopting.choices.adopt = { theirs.id };
    const auto adopted = fixture.push(target.id, adopting);

    QCOMPARE(withheld.error().code, ErrorCode::InvalidInput);
    QCOMPARE(kept, theirs);
    QVERIFY2(adopted, qPrintable(adopted ? QString() : adopted.error().toText()));
    QVERIFY(routesAt(fixture).front().originatorId.startsWith(u"portreeve-"));
    QVERIFY(routesAt(fixture).front().prefix.isEmpty());
}

void TstRecordsDelivery::deletionsAreGuarded()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target = addConfigTarget(fixture);
    QVERIFY(fixture.push(target.id));
    auto& policies = fixture.sync.store->policies();
    QVERIFY(policies.removeRoute(policies.routes()->front().id));
    QVERIFY(policies.removePolicy(policies.policies()->front().id));

    const auto plan = fixture.plan(target.id);

    QCOMPARE(plan->verdict, Verdict::Held);
    QCOMPARE(routesAt(fixture).size(), std::size_t { 1 });
}

void TstRecordsDelivery::anOldProxyIsRefused()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = addConfigTarget(fixture);
    fixture.setOption(target.id, u"core_version"_s, u"0.32.9"_s);

    const auto plan = fixture.plan(target.id);

    QCOMPARE(plan.error().code, ErrorCode::InvalidInput);
    QCOMPARE(plan.error().field, u"policy_channel"_s);
    QVERIFY(plan.error().what.english().contains(u"do nothing with them"));
}

void TstRecordsDelivery::aBlockWithoutAServiceIsNotConfirmed()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    fixture.proxy.faults.hasService = false;
    fixture.listener = [](const HttpRequest&) { return test::FakeReply { .status = 403 }; };
    const auto target = addConfigTarget(fixture, DeliveryFixture::kListener.toString());
    const auto pushed = fixture.push(target.id);
    QVERIFY2(pushed, qPrintable(pushed ? QString() : pushed.error().toText()));

    const auto blocked = fixture.delivery().setBlocked(
        { .targetId = target.id, .userId = u"john"_s }, fixture.control());

    QVERIFY2(blocked, qPrintable(blocked ? QString() : blocked.error().toText()));
    QCOMPARE(blocked->state, BlockReport::State::NotConfirmed);
    QCOMPARE(blocked->error->code, ErrorCode::NotFound);
    QCOMPARE(blocked->routes, std::vector<QString> { u"wiki"_s });
    QCOMPARE(routesAt(fixture).front().policyIds.size(), std::size_t { 2 });
    QCOMPARE(policyCount(fixture), std::size_t { 2 });
    QCOMPARE(fixture.plan(target.id)->verdict, Verdict::Nothing);

    QVERIFY(fixture.delivery().setBlocked(
        { .targetId = target.id, .userId = u"john"_s, .blocked = false }, fixture.control()));
    QCOMPARE(policyCount(fixture), std::size_t { 1 });
    QCOMPARE(routesAt(fixture).front().policyIds.size(), std::size_t { 1 });
}

void TstRecordsDelivery::aBlockIsTriedWhereTheServiceGivesAccounts()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    fixture.listener = [&fixture](const HttpRequest&) {
        return test::FakeReply { .status = policyCount(fixture) > 1 ? 403 : 200 };
    };
    const auto target = addConfigTarget(fixture, DeliveryFixture::kListener.toString());
    const auto pushed = fixture.push(target.id);
    QVERIFY2(pushed, qPrintable(pushed ? QString() : pushed.error().toText()));

    const auto blocked = fixture.delivery().setBlocked(
        { .targetId = target.id, .userId = u"john"_s }, fixture.control());

    QVERIFY2(blocked, qPrintable(blocked ? QString() : blocked.error().toText()));
    QCOMPARE(blocked->state, BlockReport::State::Done);
    QCOMPARE(blocked->probedRoute, u"wiki"_s);
    QVERIFY(fixture.proxy.serviceAccounts().isEmpty());
}

void TstRecordsDelivery::aBlockOfNobodyWeKnowIsSaidToBeOne()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target = addConfigTarget(fixture);
    const auto pushed = fixture.push(target.id);
    QVERIFY2(pushed, qPrintable(pushed ? QString() : pushed.error().toText()));
    const auto block = [&](const QString& id) {
        return fixture.delivery().setBlocked(
            { .targetId = target.id, .userId = id }, fixture.control());
    };

    const auto known = block(u"john"_s);
    const auto mistyped = block(u"jhon"_s);

    QVERIFY(known && mistyped);
    QVERIFY(!known->isUnknown);
    QVERIFY(mistyped->isUnknown);
}

static const bool kRecordsDeliveryRegistered
    = test::registerTestClass<TstRecordsDelivery>("recordsdelivery");

} // namespace portreeve

#include "tst_recordsdelivery.moc"
