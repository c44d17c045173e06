// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/syncservice.h"
#include "tests/support/patience.h"
#include "tests/support/syncfixture.h"
#include "tests/support/testregistry.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

using test::Answer;
using test::SyncFixture;

namespace {

/// A service over a fixture, and everything it says.
struct Listener
{
    explicit Listener(SyncFixture& fixture)
        : service({ .store = fixture.storeOptions(),
              .secrets = fixture.secrets,
              .clock = fixture.clock,
              .makeHttp = test::noNetwork(),
              .findConnector = fixture.directory.lookup(),
              .lookEvery = 20ms })
    {
        QObject::connect(&service, &SyncService::syncFinished, &service,
            [this](const QString& id, const Result<SyncOutcome>& outcome) {
                synced.push_back(outcome);
                syncedIds.append(id);
            });
        QObject::connect(&service, &SyncService::planFinished, &service,
            [this](const QString&, const Result<SyncPlan>& plan) { plans.push_back(plan); });
        QObject::connect(&service, &SyncService::testFinished, &service,
            [this](const QString&, const Result<TestReport>& report) { tests.push_back(report); });
        QObject::connect(
            &service, &SyncService::storeChanged, &service, [this] { ++storeChanges; });
        QObject::connect(&service, &SyncService::runProgressed, &service,
            [this](const QString&, const RunProgress& step) { progress.push_back(step); });
    }

    std::vector<Result<SyncOutcome>> synced;
    QStringList syncedIds;
    std::vector<Result<SyncPlan>> plans;
    std::vector<Result<TestReport>> tests;
    std::vector<RunProgress> progress;
    int storeChanges = 0;
    SyncService service;
};

/// Blocks readings until released or cancelled; counts how many are inside at once.
struct Gate
{
    std::atomic<int> inside = 0;
    std::atomic<int> most = 0;
    std::atomic<bool> open = false;

    std::function<void(RunContext&)> wait()
    {
        return [this](RunContext& run) {
            const int now = ++inside;
            most = std::max(most.load(), now);
            while (!open && !run.stop.stop_requested()) {
                std::this_thread::yield();
            }
            --inside;
        };
    }
};

} // namespace

class TstSyncService : public QObject
{
    Q_OBJECT

private slots:
    void aSyncAnswersOnTheOwnersThread();
    void planTestAndApplyAnswerByTheirSignals();
    void aRevertIsPlannedAndApplied();
    void t3AsksDuringARunAreAnsweredByOneMore();
    void atMostTwoRunAtOnce();
    void cancellingIsAnsweredWithinASecond();
    void whatHasNotBegunIsCancelledToo();
    void destroyingTheServiceStopsWhatRuns();
    void dueConnectionsRunByThemselves();
    void aMachineThatSleptRunsOnce();
    void nothingRunsByScheduleWhilePaused();
    void aFailingConnectionDoesNotSpin();
    void commitsOfOthersAreNoticed();
    void aConnectionWithoutANextAttemptGetsOne();
    void progressIsThrottled();
};

void TstSyncService::aSyncAnswersOnTheOwnersThread()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(3));
    Listener listener(fixture);
    QThread* answered = nullptr;
    connect(&listener.service, &SyncService::syncFinished, this,
        [&] { answered = QThread::currentThread(); });

    listener.service.sync(fixture.id);

    QVERIFY(listener.service.isRunning(fixture.id));
    QTRY_COMPARE(listener.synced.size(), 1U);
    QVERIFY(listener.synced.front().hasValue());
    QCOMPARE(listener.synced.front()->run->trigger, RunTrigger::Manual);
    QCOMPARE(answered, QThread::currentThread());
    QVERIFY(!listener.service.isRunning(fixture.id));
    QTRY_VERIFY(listener.storeChanges > 0);
    QCOMPARE(fixture.live()->userCount(), 3U);
}

void TstSyncService::planTestAndApplyAnswerByTheirSignals()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(3));
    Listener listener(fixture);

    listener.service.test({ .connection = fixture.connection() });
    QTRY_COMPARE(listener.tests.size(), 1U);
    listener.service.plan(fixture.id);
    QTRY_COMPARE(listener.plans.size(), 1U);
    listener.service.applyPlan(*listener.plans.front(), std::nullopt);
    QTRY_COMPARE(listener.synced.size(), 1U);

    QVERIFY(listener.tests.front()->passed());
    QVERIFY(listener.synced.front().hasValue());
    QCOMPARE(fixture.live()->userCount(), 3U);
}

void TstSyncService::aRevertIsPlannedAndApplied()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(3));
    QVERIFY(fixture.sync().hasValue());
    Listener listener(fixture);

    listener.service.planRevert(fixture.runs().front().id);
    QTRY_COMPARE(listener.plans.size(), 1U);
    const SyncPlan plan = *listener.plans.front();
    listener.service.applyPlan(plan, Approval { .planHash = plan.planHash, .everything = true });
    QTRY_COMPARE(listener.synced.size(), 1U);

    QCOMPARE(fixture.live()->userCount(), 0U);
    listener.service.planRevert(12345);
    QTRY_COMPARE(listener.plans.size(), 2U);
    QVERIFY(!listener.plans.back().hasValue());
}

void TstSyncService::t3AsksDuringARunAreAnsweredByOneMore()
{
    SyncFixture fixture;
    Gate gate;
    fixture.directory.answer({ .listing = test::crowd(3), .meanwhile = gate.wait() });
    Listener listener(fixture);

    listener.service.sync(fixture.id);
    QTRY_COMPARE(gate.inside.load(), 1);
    listener.service.sync(fixture.id);
    listener.service.sync(fixture.id);
    listener.service.sync(fixture.id);
    gate.open = true;

    QTRY_COMPARE(listener.synced.size(), 2U);
    QVERIFY(!listener.service.isRunning(fixture.id));
    QCOMPARE(fixture.directory.readings(), 2);
}

void TstSyncService::atMostTwoRunAtOnce()
{
    SyncFixture fixture;
    Gate gate;
    fixture.directory.answer({ .listing = test::crowd(3), .meanwhile = gate.wait() });
    const QStringList ids { fixture.id, fixture.addConnection(u"B"_s),
        fixture.addConnection(u"C"_s), fixture.addConnection(u"D"_s) };
    Listener listener(fixture);

    for (const QString& id : ids) {
        listener.service.sync(id);
    }
    QTRY_COMPARE(gate.inside.load(), 2);
    QCOMPARE(listener.service.runningCount(), 2);
    QVERIFY(listener.service.isRunning(ids.back()));
    gate.open = true;

    QTRY_COMPARE(listener.synced.size(), 4U);
    QCOMPARE(gate.most.load(), 2);
}

void TstSyncService::cancellingIsAnsweredWithinASecond()
{
    SyncFixture fixture;
    Gate gate;
    fixture.directory.answer({ .listing = test::crowd(3), .meanwhile = gate.wait() });
    Listener listener(fixture);
    listener.service.sync(fixture.id);
    QTRY_COMPARE(gate.inside.load(), 1);
    QElapsedTimer timer;
    timer.start();

    listener.service.cancel(fixture.id);

    QTRY_COMPARE(listener.synced.size(), 1U);
    QVERIFY(timer.elapsed() < 1000);
    QCOMPARE(listener.synced.front().error().code, ErrorCode::Cancelled);
    QCOMPARE(fixture.live()->userCount(), 0U);
    QCOMPARE(fixture.connection().state, ConnectionState::Draft);
}

void TstSyncService::whatHasNotBegunIsCancelledToo()
{
    SyncFixture fixture;
    Gate gate;
    fixture.directory.answer({ .listing = test::crowd(3), .meanwhile = gate.wait() });
    Listener listener(fixture);
    listener.service.sync(fixture.id);
    QTRY_COMPARE(gate.inside.load(), 1);
    listener.service.sync(fixture.id);

    listener.service.cancelAll();

    QTRY_COMPARE(listener.synced.size(), 2U);
    for (const auto& outcome : listener.synced) {
        QCOMPARE(outcome.error().code, ErrorCode::Cancelled);
    }
    QCOMPARE(fixture.directory.readings(), 1);
}

void TstSyncService::destroyingTheServiceStopsWhatRuns()
{
    SyncFixture fixture;
    Gate gate;
    fixture.directory.answer({ .listing = test::crowd(3), .meanwhile = gate.wait() });
    {
        Listener listener(fixture);
        listener.service.start();
        listener.service.sync(fixture.id);
        QTRY_COMPARE(gate.inside.load(), 1);
    }
    QCOMPARE(gate.inside.load(), 0);
    QCOMPARE(fixture.runs().front().outcome, RunOutcome::Cancelled);
    QVERIFY(fixture.store->connections().claimRun(fixture.id).value());
}

void TstSyncService::dueConnectionsRunByThemselves()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(3));
    QVERIFY(fixture.sync().hasValue());
    Listener listener(fixture);
    listener.service.start();

    fixture.clock.advance(10min);

    QTRY_COMPARE(listener.synced.size(), 1U);
    QCOMPARE(listener.synced.front()->run->trigger, RunTrigger::Schedule);
    QCOMPARE(*fixture.connection().nextAttemptAt, fixture.clock.nowUtc() + 10min);
}

void TstSyncService::aMachineThatSleptRunsOnce()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(3));
    QVERIFY(fixture.sync().hasValue());
    Listener listener(fixture);
    listener.service.start();

    fixture.clock.advance(24h * 3);

    QTRY_COMPARE(listener.synced.size(), 1U);
    const int changes = listener.storeChanges;
    listener.service.plan(fixture.id); // a full round of the event loop and of the worker
    QTRY_COMPARE(listener.plans.size(), 1U);
    QTRY_VERIFY(listener.storeChanges > changes || !listener.service.isRunning(fixture.id));
    QCOMPARE(listener.synced.size(), 1U);
}

void TstSyncService::nothingRunsByScheduleWhilePaused()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(3));
    QVERIFY(fixture.sync().hasValue());
    Listener listener(fixture);
    listener.service.setPaused(true);
    listener.service.start();
    fixture.clock.advance(1h);

    listener.service.sync(fixture.id);
    QTRY_COMPARE(listener.synced.size(), 1U);
    QCOMPARE(listener.synced.front()->run->trigger, RunTrigger::Manual);
    fixture.clock.advance(1h);
    listener.service.plan(fixture.id);
    QTRY_COMPARE(listener.plans.size(), 1U);
    QCOMPARE(listener.synced.size(), 1U);
    listener.service.setPaused(false);

    QTRY_COMPARE(listener.synced.size(), 2U);
    QCOMPARE(listener.synced.back()->run->trigger, RunTrigger::Schedule);
}

void TstSyncService::aFailingConnectionDoesNotSpin()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(3));
    QVERIFY(fixture.sync().hasValue());
    fixture.directory.answer(
        { .error = Error { .code = ErrorCode::Network, .what = message("Down.") } });
    Listener listener(fixture);
    listener.service.start();
    fixture.clock.advance(10min);

    QTRY_COMPARE(listener.synced.size(), 1U);
    listener.service.plan(fixture.id);
    QTRY_COMPARE(listener.plans.size(), 1U);

    QCOMPARE(listener.synced.size(), 1U);
    QVERIFY(*fixture.connection().nextAttemptAt >= fixture.clock.nowUtc() + 8min);
}

void TstSyncService::commitsOfOthersAreNoticed()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(3));
    Listener listener(fixture);
    listener.service.start();
    int writes = 0;

    // Until the service has looked once it cannot know what is news; so write until it notices.
    QTRY_VERIFY([&] {
        const auto written = fixture.store->setSetting(u"probe"_s, QString::number(++writes));
        return written.hasValue() && listener.storeChanges > 0;
    }());
}

void TstSyncService::aConnectionWithoutANextAttemptGetsOne()
{
    SyncFixture fixture;
    fixture.updateState([](Connection& connection) {
        connection.state = ConnectionState::Idle;
        connection.nextAttemptAt.reset();
    });
    Listener listener(fixture);

    listener.service.start();

    QTRY_VERIFY(fixture.connection().nextAttemptAt.has_value());
    QVERIFY(*fixture.connection().nextAttemptAt < fixture.clock.nowUtc() + 10min);
}

void TstSyncService::progressIsThrottled()
{
    SyncFixture fixture;
    fixture.directory.answer({ .listing = test::crowd(3), .meanwhile = [](RunContext& run) {
                                  for (int i = 0; i < 10'000; ++i) {
                                      run.report(RunProgress::Phase::Users, i);
                                  }
                              } });
    Listener listener(fixture);

    listener.service.sync(fixture.id);

    QTRY_COMPARE(listener.synced.size(), 1U);
    QVERIFY(!listener.progress.empty());
    QVERIFY(listener.progress.size() < 100);
}

static const bool kSyncServiceRegistered = test::registerTestClass<TstSyncService>("syncservice");

} // namespace portreeve

#include "tst_syncservice.moc"
