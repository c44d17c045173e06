// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/scheduler.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

namespace {

constexpr UtcTime kNow { 1'795'167'000'000ms };
constexpr double kMiddle = 0.5; // of the jitter: none

Connection connection(ConnectionState state = ConnectionState::Idle)
{
    return { .id = u"5d1f0a9e"_s, .state = state, .lastAttemptAt = kNow - 2min };
}

Error failureOf(ErrorCode code)
{
    return { .code = code, .what = message("It failed.") };
}

} // namespace

class TstScheduler : public QObject
{
    Q_OBJECT

private slots:
    void aHealthyConnectionKeepsItsPace();
    void aRunLongerThanThePaceIsNotChased();
    void delaysOutOfBoundsAreNamed_data();
    void delaysOutOfBoundsAreNamed();
    void failuresDoubleTheDelayUpToTheMaximum_data();
    void failuresDoubleTheDelayUpToTheMaximum();
    void jitterIsTwentyPercentEitherWay();
    void throttlingWaitsAsAskedAndCountsNoFailure();
    void firstAttemptsAreSpreadOverTheMinDelay();
    void statesThatAreNotPolledHaveNoNextAttempt();
    void point14AFailingConnectionIsNotDueBeforeItsBackoff();
    void aConnectionWithoutANextAttemptIsNotDue();
    void t7AClockThatWentBackReschedulesAtTheMinDelay();
    void point7ADayOfFailuresIsStaleAndStillPolledAndRecovers();
    void point6OneCredentialFaultIsNotAttentionYet();
    void aSecondCredentialFaultNeedsAttentionOnlyAfterAMinute();
    void attentionIsProbedOnceADayAndDisabledAfter28Days();
    void attentionThatFailsOtherwiseStaysAttention();
    void wrongOptionsNeedAttentionAtOnce();
    void t4SuccessResetsCountersButNotAnAdministratorsChoice();
    void cancellingChangesNoStateAndIsNotDueAtOnce();
    void t6AnInterruptedRunReturnsToWhereItCameFrom();
};

void TstScheduler::aHealthyConnectionKeepsItsPace()
{
    QCOMPARE(*nextAttempt(connection(), kNow, kMiddle), kNow + 8min);
    QCOMPARE(*nextAttempt(connection(ConnectionState::Held), kNow, kMiddle), kNow + 8min);
}

void TstScheduler::aRunLongerThanThePaceIsNotChased()
{
    auto slow = connection();
    slow.lastAttemptAt = kNow - 2h;
    auto wide = slow;
    wide.schedule.minDelay = 1h;

    QCOMPARE(*nextAttempt(slow, kNow, kMiddle), kNow + 1min);
    QCOMPARE(*nextAttempt(wide, kNow, kMiddle), kNow + 6min);
}

void TstScheduler::delaysOutOfBoundsAreNamed_data()
{
    QTest::addColumn<bool>("local");
    QTest::addColumn<int>("minSeconds");
    QTest::addColumn<int>("maxSeconds");
    QTest::addColumn<QString>("key");
    constexpr int minute = 60;
    constexpr int day = 24 * 60 * minute;
    const QString minKey = u"polling_min_delay"_s;
    const QString maxKey = u"polling_max_delay"_s;
    QTest::addRow("local floor") << true << minute << minute << QString();
    QTest::addRow("below the local floor") << true << minute - 1 << minute << minKey;
    QTest::addRow("cloud floor") << false << 5 * minute << day << QString();
    QTest::addRow("below the cloud floor") << false << 5 * minute - 1 << day << minKey;
    QTest::addRow("longest min delay") << false << day << day << QString();
    QTest::addRow("above the longest min delay") << false << day + 1 << 2 * day << minKey;
    QTest::addRow("longest max delay") << false << day << 7 * day << QString();
    QTest::addRow("above the longest max delay") << false << day << 7 * day + 1 << maxKey;
    QTest::addRow("max below min") << false << 20 * minute << 10 * minute << maxKey;
}

void TstScheduler::delaysOutOfBoundsAreNamed()
{
    QFETCH(bool, local);
    QFETCH(int, minSeconds);
    QFETCH(int, maxSeconds);
    QFETCH(QString, key);
    const Schedule schedule { .minDelay = std::chrono::seconds(minSeconds),
        .maxDelay = std::chrono::seconds(maxSeconds) };

    const auto problems = checkDelays(schedule, { .local = local });

    QCOMPARE(problems.size(), std::size_t(key.isEmpty() ? 0 : 1));
    if (!problems.empty()) {
        QCOMPARE(problems.front().key, key);
        QVERIFY(!problems.front().remedy.isEmpty());
    }
}

void TstScheduler::failuresDoubleTheDelayUpToTheMaximum_data()
{
    QTest::addColumn<int>("failures");
    QTest::addColumn<int>("minutes");
    QTest::addRow("first") << 1 << 10;
    QTest::addRow("second") << 2 << 20;
    QTest::addRow("fifth") << 5 << 160;
    QTest::addRow("sixth is capped") << 6 << 240;
    QTest::addRow("very many") << 1'000'000 << 240;
}

void TstScheduler::failuresDoubleTheDelayUpToTheMaximum()
{
    QFETCH(int, failures);
    QFETCH(int, minutes);
    auto failing = connection(ConnectionState::BackingOff);
    failing.failureCount = failures;

    QCOMPARE(*nextAttempt(failing, kNow, kMiddle), kNow + std::chrono::minutes(minutes));
}

void TstScheduler::jitterIsTwentyPercentEitherWay()
{
    auto failing = connection(ConnectionState::BackingOff);
    failing.failureCount = 1;

    QCOMPARE(*nextAttempt(failing, kNow, 0.0), kNow + 8min);
    QVERIFY(*nextAttempt(failing, kNow, 0.999999) <= kNow + 12min);
    QVERIFY(*nextAttempt(failing, kNow, 0.999999) > kNow + 11min);
}

void TstScheduler::throttlingWaitsAsAskedAndCountsNoFailure()
{
    auto throttled = failureOf(ErrorCode::RateLimited);
    throttled.retryAfter = 37min;

    const auto asked = afterFailure(connection(), throttled, kNow - 1min, kNow, kMiddle);
    const auto silent
        = afterFailure(connection(), failureOf(ErrorCode::RateLimited), kNow - 1min, kNow, kMiddle);

    QCOMPARE(asked.failureCount, 0);
    QCOMPARE(asked.state, ConnectionState::BackingOff);
    QCOMPARE(*asked.nextAttemptAt, kNow + 37min);
    QCOMPARE(*silent.nextAttemptAt, kNow + 10min);
}

void TstScheduler::firstAttemptsAreSpreadOverTheMinDelay()
{
    std::vector<UtcTime> times;
    for (int i = 0; i < 40; ++i) {
        auto one = connection();
        one.id = QString::number(i);
        times.push_back(firstAttempt(one, kNow));
        QVERIFY(times.back() >= kNow && times.back() < kNow + 10min);
        QCOMPARE(firstAttempt(one, kNow), times.back());
    }
    const auto [low, high] = std::minmax_element(times.begin(), times.end());
    QVERIFY(*high - *low > 5min);
}

void TstScheduler::statesThatAreNotPolledHaveNoNextAttempt()
{
    for (const auto state :
        { ConnectionState::Draft, ConnectionState::Verifying, ConnectionState::Verified,
            ConnectionState::Syncing, ConnectionState::Paused, ConnectionState::Disabled }) {
        auto resting = connection(state);
        resting.nextAttemptAt = kNow - 1h;
        QVERIFY(!nextAttempt(resting, kNow, kMiddle).has_value());
        QVERIFY(!isDue(resting, kNow));
    }
}

void TstScheduler::point14AFailingConnectionIsNotDueBeforeItsBackoff()
{
    const auto failing
        = afterFailure(connection(), failureOf(ErrorCode::Network), kNow - 1min, kNow, kMiddle);

    QVERIFY(!isDue(failing, kNow));
    QVERIFY(!isDue(failing, kNow + 9min));
    QVERIFY(isDue(failing, kNow + 10min));
}

void TstScheduler::aConnectionWithoutANextAttemptIsNotDue()
{
    QVERIFY(!isDue(connection(), kNow));
}

void TstScheduler::t7AClockThatWentBackReschedulesAtTheMinDelay()
{
    auto idle = connection();
    idle.nextAttemptAt = kNow + 8min;

    QVERIFY(!rescheduledAfterClockChange(idle, kNow).has_value());
    QCOMPARE(*rescheduledAfterClockChange(idle, kNow - 3h), kNow - 3h + 10min);
    QCOMPARE(*nextAttempt(idle, kNow - 3h, kMiddle), kNow - 3h + 10min);
}

void TstScheduler::point7ADayOfFailuresIsStaleAndStillPolledAndRecovers()
{
    auto failing = connection();
    UtcTime now = kNow;
    int runs = 0;
    while (failing.state != ConnectionState::Stale && now < kNow + 48h) {
        failing = afterFailure(failing, failureOf(ErrorCode::Network), now, now, kMiddle);
        QVERIFY(failing.nextAttemptAt.has_value());
        if (failing.state != ConnectionState::Stale) {
            now = *failing.nextAttemptAt;
        }
        ++runs;
    }

    QCOMPARE(failing.state, ConnectionState::Stale);
    QVERIFY(now >= kNow + 24h && now < kNow + 29h);
    QVERIFY(runs > 5);
    QCOMPARE(*failing.nextAttemptAt, now + 4h);
    QVERIFY(isDue(failing, now + 4h));
    const auto healthy = afterSuccess(failing, false, now + 4h, now + 4h, kMiddle);
    QCOMPARE(healthy.state, ConnectionState::Idle);
    QVERIFY(!healthy.firstFailedAt.has_value());
}

void TstScheduler::point6OneCredentialFaultIsNotAttentionYet()
{
    const auto once
        = afterFailure(connection(), failureOf(ErrorCode::Auth), kNow - 1s, kNow, kMiddle);

    QCOMPARE(once.state, ConnectionState::BackingOff);
}

void TstScheduler::aSecondCredentialFaultNeedsAttentionOnlyAfterAMinute()
{
    const auto once = afterFailure(connection(), failureOf(ErrorCode::Auth), kNow, kNow, kMiddle);

    QCOMPARE(stateAfterFailure(once, failureOf(ErrorCode::Permission), kNow + 59s),
        ConnectionState::BackingOff);
    QCOMPARE(stateAfterFailure(once, failureOf(ErrorCode::Auth), kNow + 60s),
        ConnectionState::NeedsAttention);
    QCOMPARE(stateAfterFailure(once, failureOf(ErrorCode::Timeout), kNow + 10min),
        ConnectionState::BackingOff);
}

void TstScheduler::attentionIsProbedOnceADayAndDisabledAfter28Days()
{
    auto failing = afterFailure(connection(), failureOf(ErrorCode::Auth), kNow, kNow, kMiddle);
    UtcTime now = *failing.nextAttemptAt;
    failing = afterFailure(failing, failureOf(ErrorCode::Auth), now, now, kMiddle);
    QCOMPARE(failing.state, ConnectionState::NeedsAttention);
    QCOMPARE(*failing.nextAttemptAt, now + 24h);

    int probes = 0;
    while (failing.state == ConnectionState::NeedsAttention && probes < 40) {
        now = *failing.nextAttemptAt;
        failing = afterFailure(failing, failureOf(ErrorCode::Auth), now, now, kMiddle);
        ++probes;
    }

    QCOMPARE(failing.state, ConnectionState::Disabled);
    QCOMPARE(probes, 28);
    QVERIFY(!failing.nextAttemptAt.has_value());
}

void TstScheduler::attentionThatFailsOtherwiseStaysAttention()
{
    auto failing = connection(ConnectionState::NeedsAttention);
    failing.firstFailedAt = kNow - 3 * 24h;

    failing = afterFailure(failing, failureOf(ErrorCode::Network), kNow, kNow, kMiddle);

    QCOMPARE(failing.state, ConnectionState::NeedsAttention);
    QCOMPARE(*failing.firstFailedAt, kNow - 3 * 24h);
}

void TstScheduler::wrongOptionsNeedAttentionAtOnce()
{
    QCOMPARE(stateAfterFailure(connection(), failureOf(ErrorCode::InvalidInput), kNow),
        ConnectionState::NeedsAttention);
}

void TstScheduler::t4SuccessResetsCountersButNotAnAdministratorsChoice()
{
    auto disabled = connection(ConnectionState::Disabled);
    disabled.failureCount = 3;
    disabled.lastError = failureOf(ErrorCode::Network);

    const auto after = afterSuccess(disabled, false, kNow - 1min, kNow, kMiddle);

    QCOMPARE(after.state, ConnectionState::Disabled);
    QCOMPARE(after.failureCount, 0);
    QVERIFY(!after.lastError.has_value());
    QVERIFY(!after.nextAttemptAt.has_value());
    QCOMPARE(afterFailure(disabled, failureOf(ErrorCode::Network), kNow, kNow, kMiddle).state,
        ConnectionState::Disabled);
}

void TstScheduler::cancellingChangesNoStateAndIsNotDueAtOnce()
{
    auto idle = connection();
    idle.nextAttemptAt = kNow;

    const auto after = afterFailure(idle, failureOf(ErrorCode::Cancelled), kNow, kNow, kMiddle);

    QCOMPARE(after.state, ConnectionState::Idle);
    QCOMPARE(after.failureCount, 0);
    QCOMPARE(*after.lastAttemptAt, *idle.lastAttemptAt);
    QCOMPARE(*after.nextAttemptAt, kNow + 10min);
}

void TstScheduler::t6AnInterruptedRunReturnsToWhereItCameFrom()
{
    auto running = connection(ConnectionState::Syncing);
    QCOMPARE(restingState(running, false), ConnectionState::Draft);
    running.generation = 4;
    QCOMPARE(restingState(running, false), ConnectionState::Idle);
    QCOMPARE(restingState(running, true), ConnectionState::Held);
    running.firstFailedAt = kNow - 1h;
    QCOMPARE(restingState(running, false), ConnectionState::BackingOff);
    QCOMPARE(restingState(connection(ConnectionState::Disabled), false), ConnectionState::Disabled);
}

static const bool kSchedulerRegistered = test::registerTestClass<TstScheduler>("scheduler");

} // namespace portreeve

#include "tst_scheduler.moc"
