// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/devicerecords.h"
#include "core/proxy/databroker/directorycodec.h"
#include "core/proxy/delivery/deliveryservice.h"
#include "tests/support/deliveryfixture.h"
#include "tests/support/testregistry.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

using test::DeliveryFixture;

namespace {

constexpr int kPatienceMs = 20'000;

/// A service over a fixture, and everything it says. Real time: watchers wait for the network.
struct Listener
{
    explicit Listener(DeliveryFixture& fixture)
        : service({ .store = fixture.sync.storeOptions(),
              .secrets = fixture.sync.secrets,
              .clock = clock,
              .makeHttp = fixture.http(),
              .lookEvery = 50ms,
              .firstRetry = 50ms,
              .longestRetry = 200ms,
              .retryOfHopeless = 2s,
              .compareEvery = 200ms })
    {
        QObject::connect(&service, &DeliveryService::pushFinished, &service,
            [this](const QString&, const Result<DeliveryOutcome>& outcome) {
                pushed.push_back(outcome);
            });
        QObject::connect(&service, &DeliveryService::planFinished, &service,
            [this](const QString&, const Result<DeliveryPlan>& plan) { plans.push_back(plan); });
        QObject::connect(&service, &DeliveryService::testFinished, &service,
            [this](
                const QString&, const Result<TargetReport>& report) { tests.push_back(report); });
        QObject::connect(&service, &DeliveryService::driftSeen, &service,
            [this](const QString&, const DriftReport& report) { drifts.push_back(report); });
        QObject::connect(&service, &DeliveryService::pushStarted, &service, [this] { ++started; });
    }

    int succeeded() const
    {
        return static_cast<int>(std::count_if(
            pushed.begin(), pushed.end(), [](const auto& outcome) { return outcome.hasValue(); }));
    }

    SystemClock clock;
    std::vector<Result<DeliveryOutcome>> pushed;
    std::vector<Result<DeliveryPlan>> plans;
    std::vector<Result<TargetReport>> tests;
    std::vector<DriftReport> drifts;
    int started = 0;
    DeliveryService service;
};

DatabrokerRecord foreignChange(const QString& id)
{
    return { .type = recordtype::kDirectoryUser,
        .id = id,
        .typeUrl = kStructTypeUrl,
        .data = encodeDirectoryRecord(DirectoryUserRecord { .id = id }) };
}

} // namespace

/// Deliveries by themselves, over a real connection to a databroker in this process.
class TstDeliveryService : public QObject
{
    Q_OBJECT

private slots:
    void automaticTargetIsDeliveredToAfterACommit();
    void manualTargetWaitsAndIsMarkedBehind();
    void restartWithEmptyMemoryIsMendedWithinFiveSeconds();
    void restartBringsPoliciesBackUnderTheirIds();
    void restartOfAProxyWithPolicyRecordsAloneIsMended_data();
    void restartOfAProxyWithPolicyRecordsAloneIsMended();
    void policyRecordDeletedByOthersIsPutBack();
    void proxyThatTellsNothingIsComparedNowAndThen();
    void foreignChangeIsReportedAndMended();
    void foreignChangeWhilePausedStaysInSight();
    void ownPushesAreNoDrift();
    void deliveriesOfAnotherProcessAreNoDrift();
    void targetThatIsAwayIsTriedAgain();
    void refusedWatchIsTriedAgain();
    void halfDonePushIsNoDrift();
    void pausedServiceDeliversOnlyWhatIsAskedFor();
    void answersArriveBySignals();
    void correctedSecretIsTriedAtOnce();
    void blockIsLiftedThoughNobodyWritesAnything();
    void cancelEndsWithinASecond();
};

void TstDeliveryService::automaticTargetIsDeliveredToAfterACommit()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    Listener listener(fixture);

    listener.service.start();
    QTRY_COMPARE_WITH_TIMEOUT(listener.succeeded(), 1, kPatienceMs);
    QVERIFY(fixture.groupsAt(u"john"_s).has_value());
    fixture.commit(DeliveryFixture::staff().user(u"eve"_s));

    QTRY_VERIFY_WITH_TIMEOUT(fixture.groupsAt(u"eve"_s).has_value(), kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.target(target.id).state, TargetState::InStep, kPatienceMs);
    QCOMPARE(fixture.pushes(target.id).front().trigger, PushTrigger::Commit);
    QCOMPARE(fixture.pushes(target.id).front().actor, u"system"_s);
}

void TstDeliveryService::manualTargetWaitsAndIsMarkedBehind()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    fixture.setOption(target.id, u"automatic"_s, u"false"_s);
    QVERIFY(fixture.push(target.id));
    Listener listener(fixture);
    listener.service.start();

    fixture.commit(DeliveryFixture::staff().user(u"eve"_s));

    QTRY_COMPARE_WITH_TIMEOUT(fixture.target(target.id).state, TargetState::Behind, kPatienceMs);
    QCOMPARE(listener.started, 0);
    QVERIFY(!fixture.groupsAt(u"eve"_s).has_value());
}

void TstDeliveryService::restartWithEmptyMemoryIsMendedWithinFiveSeconds()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRecordsTarget();
    Listener listener(fixture);
    listener.service.start();
    QTRY_COMPARE_WITH_TIMEOUT(listener.succeeded(), 1, kPatienceMs);

    fixture.broker.goAway();
    QTRY_VERIFY_WITH_TIMEOUT(
        fixture.sync.store->targets().list()->front().state == TargetState::Unreachable,
        kPatienceMs);
    fixture.broker.comeBack(true);
    QElapsedTimer since;
    since.start();

    QTRY_VERIFY_WITH_TIMEOUT(fixture.groupsAt(u"john"_s).has_value(), kPatienceMs);
    QVERIFY2(since.elapsed() < 5'000, qPrintable(QString::number(since.elapsed())));
    QVERIFY(std::any_of(listener.drifts.begin(), listener.drifts.end(),
        [](const DriftReport& drift) { return drift.isRestart; }));
}

void TstDeliveryService::restartBringsPoliciesBackUnderTheirIds() // proxy.md 6.4 case 8
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target = fixture.addFullTarget();
    Listener listener(fixture);
    listener.service.start();
    QTRY_COMPARE_WITH_TIMEOUT(listener.succeeded(), 1, kPatienceMs);
    const auto policies = fixture.proxy.policies().keys();
    const auto routes = fixture.proxy.routes().keys();
    QCOMPARE(routes.size(), 1);

    fixture.broker.goAway();
    QTRY_COMPARE_WITH_TIMEOUT(
        fixture.target(target.id).state, TargetState::Unreachable, kPatienceMs);
    fixture.proxy.restart();
    QVERIFY(fixture.proxy.routes().isEmpty());
    fixture.broker.comeBack(true);

    QTRY_COMPARE_WITH_TIMEOUT(fixture.target(target.id).state, TargetState::InStep, kPatienceMs);
    QCOMPARE(fixture.proxy.policies().keys(), policies);
    QCOMPARE(fixture.proxy.routes().keys(), routes);
    QVERIFY(fixture.groupsAt(u"john"_s).has_value());
    QCOMPARE(fixture.pushes(target.id).front().trigger, PushTrigger::Restart);
}

void TstDeliveryService::restartOfAProxyWithPolicyRecordsAloneIsMended_data()
{
    QTest::addColumn<QString>("channel");
    QTest::addColumn<QString>("type");
    QTest::addRow("a record each") << u"config_records"_s << QString(recordtype::kConfigRoute);
    QTest::addRow("one record") << u"whole_config"_s << QString(recordtype::kConfig);
}

void TstDeliveryService::restartOfAProxyWithPolicyRecordsAloneIsMended()
{
    QFETCH(const QString, channel);
    QFETCH(const QString, type);
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addSignedInRoute(u"wiki"_s);
    const auto target = fixture.addTarget(
        { { u"policy_channel"_s, channel }, { u"directory_channel"_s, u"none"_s } });
    Listener listener(fixture);
    listener.service.start();
    QTRY_COMPARE_WITH_TIMEOUT(listener.succeeded(), 1, kPatienceMs);
    const auto before = fixture.broker.records(type);
    QCOMPARE(before.size(), std::size_t { 1 });

    fixture.broker.restart();

    QTRY_COMPARE_WITH_TIMEOUT(fixture.broker.records(type).size(), std::size_t { 1 }, kPatienceMs);
    QCOMPARE(fixture.broker.records(type).front().id, before.front().id);
    QTRY_COMPARE_WITH_TIMEOUT(
        fixture.pushes(target.id).front().trigger, PushTrigger::Restart, kPatienceMs);
    QVERIFY(listener.drifts.front().isRestart);
}

void TstDeliveryService::policyRecordDeletedByOthersIsPutBack()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target = fixture.addTarget({ { u"policy_channel"_s, u"config_records"_s } });
    Listener listener(fixture);
    listener.service.start();
    QTRY_COMPARE_WITH_TIMEOUT(listener.succeeded(), 1, kPatienceMs);
    const auto ours = fixture.broker.records(recordtype::kConfigPolicy);
    QCOMPARE(ours.size(), std::size_t { 1 });

    fixture.broker.write({ tombstone(recordtype::kConfigPolicy, ours.front().id) });

    QTRY_VERIFY_WITH_TIMEOUT(
        fixture.pushes(target.id).front().trigger == PushTrigger::Drift, kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(
        fixture.broker.records(recordtype::kConfigPolicy).size(), std::size_t { 1 }, kPatienceMs);
    QCOMPARE(fixture.broker.records(recordtype::kConfigPolicy).front().id, ours.front().id);
}

void TstDeliveryService::proxyThatTellsNothingIsComparedNowAndThen()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addSignedInRoute(u"wiki"_s);
    const auto target = fixture.addTarget({ { u"directory_channel"_s, u"none"_s } });
    Listener listener(fixture);
    listener.service.start();
    QTRY_VERIFY_WITH_TIMEOUT(listener.succeeded() >= 1, kPatienceMs);
    const auto routes = fixture.proxy.routes().keys();
    QCOMPARE(routes.size(), 1);

    fixture.proxy.restart();

    QTRY_COMPARE_WITH_TIMEOUT(fixture.proxy.routes().keys(), routes, kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(
        fixture.pushes(target.id).front().outcome, PushOutcome::Succeeded, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(listener.succeeded() >= 4, kPatienceMs);
    QCOMPARE(fixture.pushes(target.id).size(), std::size_t { 2 }); // what wrote nothing is not kept
}

void TstDeliveryService::foreignChangeIsReportedAndMended()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    Listener listener(fixture);
    listener.service.start();
    QTRY_COMPARE_WITH_TIMEOUT(listener.succeeded(), 1, kPatienceMs);

    fixture.broker.write({ foreignChange(u"john"_s) });

    QTRY_VERIFY_WITH_TIMEOUT(!listener.drifts.empty(), kPatienceMs);
    QCOMPARE(listener.drifts.front().id, u"john"_s);
    QTRY_COMPARE_WITH_TIMEOUT(
        fixture.groupsAt(u"john"_s), QStringList({ u"devops"_s, u"engineering"_s }), kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(
        fixture.pushes(target.id).front().trigger, PushTrigger::Drift, kPatienceMs);
    QCOMPARE(fixture.pushes(target.id).front().notes.front(),
        u"Somebody else changed the record of user john."_s);
    QVERIFY(listener.drifts.front().isMended);
}

void TstDeliveryService::foreignChangeWhilePausedStaysInSight()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    Listener listener(fixture);
    listener.service.start();
    QTRY_COMPARE_WITH_TIMEOUT(listener.succeeded(), 1, kPatienceMs);
    listener.service.setPaused(true);
    auto deletion = foreignChange(u"john"_s);
    deletion.isDeleted = true;

    fixture.broker.write({ deletion });

    QTRY_COMPARE_WITH_TIMEOUT(fixture.target(target.id).state, TargetState::Drifted, kPatienceMs);
    QCOMPARE(fixture.target(target.id).stateReason.english(),
        u"Somebody else deleted the record of user john."_s);
    QVERIFY(!listener.drifts.front().isMended);
    QVERIFY(!fixture.groupsAt(u"john"_s));
}

void TstDeliveryService::ownPushesAreNoDrift()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRecordsTarget();
    Listener listener(fixture);
    listener.service.start();
    QTRY_COMPARE_WITH_TIMEOUT(listener.succeeded(), 1, kPatienceMs);

    fixture.commit(DeliveryFixture::staff().user(u"eve"_s));
    QTRY_COMPARE_WITH_TIMEOUT(listener.succeeded(), 2, kPatienceMs);
    // What would be told arrives before the next foreign change does.
    fixture.broker.write({ foreignChange(u"john"_s) });
    QTRY_VERIFY_WITH_TIMEOUT(!listener.drifts.empty(), kPatienceMs);

    QCOMPARE(listener.drifts.front().id, u"john"_s);
    QCOMPARE(listener.drifts.front().changes, 1);
}

void TstDeliveryService::deliveriesOfAnotherProcessAreNoDrift()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    Listener listener(fixture);
    listener.service.start();
    QTRY_COMPARE_WITH_TIMEOUT(listener.succeeded(), 1, kPatienceMs);

    listener.service.setPaused(true);
    fixture.commit(DeliveryFixture::staff().user(u"eve"_s));
    QVERIFY(fixture.push(target.id));
    listener.service.setPaused(false);
    QTRY_VERIFY_WITH_TIMEOUT(listener.succeeded() >= 2, kPatienceMs);

    QVERIFY(listener.drifts.empty());
}

void TstDeliveryService::targetThatIsAwayIsTriedAgain()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    fixture.broker.goAway();
    Listener listener(fixture);
    listener.service.start();
    QTRY_COMPARE_WITH_TIMEOUT(
        fixture.target(target.id).state, TargetState::Unreachable, kPatienceMs);

    fixture.broker.comeBack(true);

    QTRY_COMPARE_WITH_TIMEOUT(fixture.target(target.id).state, TargetState::InStep, kPatienceMs);
    QVERIFY(fixture.groupsAt(u"john"_s).has_value());
}

void TstDeliveryService::refusedWatchIsTriedAgain()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    Listener listener(fixture);
    listener.service.start();
    QTRY_COMPARE_WITH_TIMEOUT(listener.succeeded(), 1, kPatienceMs);

    // A clock that is wrong for a while, then a proxy that has forgotten everything.
    fixture.broker.setClockAhead(2h);
    fixture.broker.goAway();
    fixture.broker.comeBack(false);
    QTRY_COMPARE_WITH_TIMEOUT(
        fixture.target(target.id).state, TargetState::NeedsAttention, kPatienceMs);
    fixture.broker.setClockAhead(0ms);
    fixture.broker.restart();

    QTRY_VERIFY_WITH_TIMEOUT(fixture.groupsAt(u"john"_s).has_value(), kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.target(target.id).state, TargetState::InStep, kPatienceMs);
}

void TstDeliveryService::halfDonePushIsNoDrift()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target = fixture.addFullTarget();
    Listener listener(fixture);
    listener.service.start();
    QTRY_COMPARE_WITH_TIMEOUT(listener.succeeded(), 1, kPatienceMs);

    fixture.refusePolicy(u"wiki policy"_s);
    fixture.commit(DeliveryFixture::staff().user(u"eve"_s));
    QTRY_VERIFY_WITH_TIMEOUT(fixture.groupsAt(u"eve"_s).has_value(), kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(
        fixture.target(target.id).state, TargetState::NeedsAttention, kPatienceMs);
    // A second failure writes nothing: what is reported after it was written by the first.
    listener.service.push({ .targetId = target.id });
    QTRY_VERIFY_WITH_TIMEOUT(
        listener.pushed.size() >= 3 && !listener.service.isRunning(target.id), kPatienceMs);
    fixture.broker.write({ foreignChange(u"john"_s) });
    QTRY_VERIFY_WITH_TIMEOUT(!listener.drifts.empty(), kPatienceMs);

    QCOMPARE(listener.drifts.front().id, u"john"_s);
    QCOMPARE(listener.drifts.front().changes, 1);
    QCOMPARE(fixture.target(target.id).state, TargetState::NeedsAttention);
}

void TstDeliveryService::pausedServiceDeliversOnlyWhatIsAskedFor()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    Listener listener(fixture);
    listener.service.setPaused(true);
    listener.service.start();

    listener.service.plan(target.id);
    QTRY_COMPARE_WITH_TIMEOUT(listener.plans.size(), std::size_t { 1 }, kPatienceMs);
    QCOMPARE(listener.started, 0);
    listener.service.push({ .targetId = target.id });

    QTRY_COMPARE_WITH_TIMEOUT(listener.succeeded(), 1, kPatienceMs);
    QCOMPARE(fixture.pushes(target.id).front().trigger, PushTrigger::Manual);
}

void TstDeliveryService::answersArriveBySignals()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addFullTarget();
    Listener listener(fixture);

    listener.service.test({ .target = target });
    listener.service.plan(target.id);
    listener.service.plan(u"nothing"_s);

    QTRY_COMPARE_WITH_TIMEOUT(listener.tests.size(), std::size_t { 1 }, kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(listener.plans.size(), std::size_t { 2 }, kPatienceMs);
    QVERIFY(listener.tests.front().hasValue());
    QVERIFY(std::any_of(listener.plans.begin(), listener.plans.end(),
        [](const auto& plan) { return !plan && plan.error().code == ErrorCode::NotFound; }));
}

void TstDeliveryService::correctedSecretIsTriedAtOnce()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    fixture.setSecret(target.id, QString::fromLatin1(QByteArray(32, 'x').toBase64()));
    Listener listener(fixture);
    listener.service.start();
    QTRY_COMPARE_WITH_TIMEOUT(
        fixture.target(target.id).state, TargetState::NeedsAttention, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(
        !listener.pushed.empty() && !listener.service.isRunning(target.id), kPatienceMs);

    fixture.setSecret(target.id, DeliveryFixture::secretText());
    auto mended = fixture.target(target.id);
    mended.state = TargetState::Behind;
    QVERIFY(fixture.sync.store->targets().updateState(mended));

    QTRY_COMPARE_WITH_TIMEOUT(fixture.target(target.id).state, TargetState::InStep, kPatienceMs);
}

void TstDeliveryService::blockIsLiftedThoughNobodyWritesAnything()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target = fixture.addFullTarget();
    QVERIFY(fixture.push(target.id));
    QVERIFY(fixture.delivery().setBlocked(
        { .targetId = target.id, .userId = u"john"_s }, fixture.control()));
    fixture.commit(DeliveryFixture::staff().removeUser(u"john"_s));
    auto& targets = fixture.sync.store->targets();
    const auto now = SystemClock().nowUtc();
    fixture.sync.clock.setWallClock(now - 2min + 3s);
    QVERIFY(targets.noteExported(target.id, u"john"_s, false));
    fixture.sync.clock.setWallClock(now);
    Listener listener(fixture);

    listener.service.start();

    QTRY_COMPARE_WITH_TIMEOUT(listener.succeeded(), 1, kPatienceMs);
    QCOMPARE(fixture.proxy.policies().size(), 2); // too early yet
    QTRY_COMPARE_WITH_TIMEOUT(fixture.proxy.policies().size(), 1, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(targets.blockedUsers(target.id)->empty(), kPatienceMs);
}

void TstDeliveryService::cancelEndsWithinASecond()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    fixture.broker.setFaults({ .delay = 30s });
    Listener listener(fixture);
    listener.service.push({ .targetId = target.id });
    QTRY_COMPARE_WITH_TIMEOUT(listener.started, 1, kPatienceMs);

    QElapsedTimer since;
    since.start();
    listener.service.cancel(target.id);

    QTRY_COMPARE_WITH_TIMEOUT(listener.pushed.size(), std::size_t { 1 }, kPatienceMs);
    QVERIFY2(since.elapsed() < 1'000, qPrintable(QString::number(since.elapsed())));
    QCOMPARE(listener.pushed.front().error().code, ErrorCode::Cancelled);
    fixture.broker.setFaults({});
}

static const bool kDeliveryServiceRegistered
    = test::registerTestClass<TstDeliveryService>("deliveryservice");

} // namespace portreeve

#include "tst_deliveryservice.moc"
