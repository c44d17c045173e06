// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/devicerecords.h"
#include "tests/support/pushfixture.h"
#include "tests/support/testregistry.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <numeric>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

using test::directoryOf;
using test::directoryUser;
using test::PushFixture;
using test::recordOf;

/// What goes wrong in mid-push: nothing is lost, nothing half-described, the next push heals.
/// Numbers are those of proxy.md 5.6.
class TstDirectoryPushFaults : public QObject
{
    Q_OBJECT

private slots:
    void case06ARestartInMidPushEndsInAFullPush();
    void case07TheLeaseIsForAMinute();
    void case07ASecondConsoleIsTold();
    void case07AKilledConsolesLeaseRunsOut();
    void case13ABrokenConnectionIsFinishedByTheNextRun();
    void case13ABrokenConnectionIsTriedAgain();
    void case14AnAnswerForFewerRecordsIsAnError();
    void case17ALostLeaseStopsTheWriting();
    void aLeaseLostToNobodyIsTakenAgain();
    void theLeaseIsRenewedWhileWriting();
    void case22AMessageTooLargeIsHalved();
    void aWrongSecretIsNotTriedAgain();
    void whatTheProxyRefusesStopsThePush();
    void anUnreachableServerIsTriedWithGrowingPauses();
    void aRecordChangedBetweenComparisonAndPutIsOurs();
    void aRecordChangedAfterOurPutIsReported();
    void foreignChangesDuringAPushAreCounted();
    void cancelStopsBetweenBatchesAndSaysWhatWasDone();
    void aPushCancelledBeforeItBeganWritesNothing();
    void aJournalThatCannotWriteStopsThePush();
    void theJournalKnowsWhatWasOnTheWayWhenItBroke();
};

void TstDirectoryPushFaults::case06ARestartInMidPushEndsInAFullPush()
{
    PushFixture fixture;
    fixture.server.setFaults({ .beforePut = [&](int put) {
        if (put == 3) {
            fixture.server.restart();
        }
    } });

    const auto outcome = fixture.push(directoryOf(2'000));

    QVERIFY(outcome.state == PushState::Done);
    QCOMPARE(outcome.attempts, 2);
    QCOMPARE(fixture.remoteUserIds().size(), 2'000);
    QVERIFY(fixture.push(directoryOf(2'000)).state == PushState::Unchanged);
    QCOMPARE(fixture.server.syncsFromNothing(), 0); // case 16
}

void TstDirectoryPushFaults::case07TheLeaseIsForAMinute()
{
    PushFixture fixture;
    fixture.server.setFaults({ .beforePut = [&](int) { fixture.clock.advance(21s); } });

    QVERIFY(fixture.push(directoryOf(1'000)).state == PushState::Done);

    QCOMPARE(fixture.server.count(u"AcquireLease"_s), 1);
    QVERIFY(fixture.server.count(u"RenewLease"_s) > 0);
    for (const auto& call : fixture.server.calls()) {
        if (call.method == u"AcquireLease" || call.method == u"RenewLease") {
            QCOMPARE(call.duration, std::chrono::milliseconds(60s));
        }
    }
}

void TstDirectoryPushFaults::case07ASecondConsoleIsTold()
{
    PushFixture fixture;
    const auto other = fixture.server.client(fixture.clock);
    QVERIFY(bool(other->acquireLease(u"directory-sync/portreeve"_s, 60s, {})));

    const auto outcome = fixture.push(directoryOf(3));

    QVERIFY(outcome.state == PushState::Failed);
    QCOMPARE(outcome.error->code, ErrorCode::Held);
    QVERIFY(outcome.error->what.english().contains(u"Another writer"));
    QCOMPARE(fixture.server.count(u"Put"_s), 0);
    QCOMPARE(outcome.attempts, 1);
}

void TstDirectoryPushFaults::case07AKilledConsolesLeaseRunsOut()
{
    PushFixture fixture;
    const auto killed = fixture.server.client(fixture.clock);
    QVERIFY(bool(killed->acquireLease(u"directory-sync/portreeve"_s, 300ms, {})));
    QVERIFY(fixture.push(directoryOf(3)).state == PushState::Failed);

    QTRY_VERIFY(fixture.push(directoryOf(3)).state != PushState::Failed);
    QCOMPARE(fixture.remoteUserIds().size(), 3);
}

void TstDirectoryPushFaults::case13ABrokenConnectionIsFinishedByTheNextRun()
{
    PushFixture fixture;
    fixture.options.attempts = 1;
    fixture.server.setFaults({ .dropAfterRecords = 1'000 });

    const auto broken = fixture.push(directoryOf(2'000));
    QVERIFY(broken.state == PushState::Failed);
    QCOMPARE(broken.error->code, ErrorCode::Network);
    QCOMPARE(broken.users.added, 1'000);
    QCOMPARE(fixture.remoteUserIds().size(), 1'000);

    fixture.server.forgetCalls();
    const auto finished = fixture.push(directoryOf(2'000));
    QVERIFY(finished.state == PushState::Done);
    QCOMPARE(finished.users.added, 1'000);
    QVERIFY(fixture.putSizes() == (std::vector { 500, 500 }));
    QCOMPARE(fixture.remoteUserIds().size(), 2'000);
}

void TstDirectoryPushFaults::case13ABrokenConnectionIsTriedAgain()
{
    PushFixture fixture;
    fixture.server.setFaults({ .dropAfterRecords = 1'000 });

    const auto outcome = fixture.push(directoryOf(2'000));

    QVERIFY(outcome.state == PushState::Done);
    QCOMPARE(outcome.attempts, 2);
    QCOMPARE(outcome.users.added, 2'000);
    QVERIFY(!outcome.error.has_value());
    // The third Put was not answered; the first two are not repeated.
    QVERIFY(fixture.putSizes() == (std::vector { 500, 500, 500, 500, 500 }));
}

void TstDirectoryPushFaults::case14AnAnswerForFewerRecordsIsAnError()
{
    PushFixture fixture;
    fixture.server.setFaults({ .missingAnswers = 1 });

    const auto outcome = fixture.push(directoryOf(3));

    QVERIFY(outcome.state == PushState::Failed);
    QCOMPARE(outcome.error->code, ErrorCode::BadResponse);
    QVERIFY(outcome.error->what.english().contains(u"2 of 3"));
    QVERIFY(fixture.push(directoryOf(3)).state == PushState::Unchanged);
}

void TstDirectoryPushFaults::case17ALostLeaseStopsTheWriting()
{
    PushFixture fixture;
    fixture.server.setFaults({ .beforePut = [&](int put) {
        if (put == 2) {
            fixture.server.loseLeases();
            fixture.clock.advance(21s);
        }
    } });

    const auto outcome = fixture.push(directoryOf(2'000));

    QVERIFY(outcome.state == PushState::Failed);
    QCOMPARE(outcome.error->code, ErrorCode::Held);
    QVERIFY(outcome.error->what.english().contains(u"Another writer"));
    QCOMPARE(fixture.server.count(u"Put"_s), 2);
    QCOMPARE(outcome.users.added, 1'000);

    fixture.server.setFaults({});
    fixture.server.freeLeases();
    QVERIFY(fixture.push(directoryOf(2'000)).state == PushState::Done);
}

void TstDirectoryPushFaults::aLeaseLostToNobodyIsTakenAgain()
{
    PushFixture fixture;
    fixture.server.setFaults({ .beforePut = [&](int put) {
        if (put == 2) {
            fixture.server.freeLeases();
            fixture.clock.advance(21s);
        }
    } });

    const auto outcome = fixture.push(directoryOf(2'000));

    QVERIFY(outcome.state == PushState::Done);
    QCOMPARE(outcome.attempts, 2);
    QCOMPARE(outcome.users.added, 2'000);
}

void TstDirectoryPushFaults::theLeaseIsRenewedWhileWriting()
{
    PushFixture fixture;
    fixture.server.setFaults({ .beforePut = [&](int) { fixture.clock.advance(15s); } });

    QVERIFY(fixture.push(directoryOf(3'000)).state == PushState::Done);

    // Six Puts of 15 s each: before the third, the fifth.
    QCOMPARE(fixture.server.count(u"RenewLease"_s), 2);
    QCOMPARE(fixture.server.count(u"ReleaseLease"_s), 1);
}

void TstDirectoryPushFaults::case22AMessageTooLargeIsHalved()
{
    PushFixture fixture;
    fixture.server.setFaults({ .maxMessageBytes = 100'000 });

    const auto outcome = fixture.push(directoryOf(500, 1'000));

    QVERIFY(outcome.state == PushState::Done);
    QCOMPARE(fixture.remoteUserIds().size(), 500);
    const auto sizes = fixture.putSizes();
    QVERIFY(std::ranges::find(sizes, 250) != sizes.end());
    QVERIFY(std::ranges::find(sizes, 62) != sizes.end());
}

void TstDirectoryPushFaults::aWrongSecretIsNotTriedAgain()
{
    PushFixture fixture;
    auto client = DatabrokerClient::open(
        fixture.server.endpoint(), [](UtcTime) { return QByteArray("a.b.c"); }, fixture.clock);
    fixture.client = std::move(*client);

    const auto outcome = fixture.push(directoryOf(3));

    QVERIFY(outcome.state == PushState::Failed);
    QCOMPARE(outcome.error->code, ErrorCode::Auth);
    QCOMPARE(outcome.attempts, 1);
    QVERIFY(!outcome.error->toText().contains(u"a.b.c"));
}

void TstDirectoryPushFaults::whatTheProxyRefusesStopsThePush() // INVALID_ARGUMENT, proxy.md 5.4
{
    PushFixture fixture;
    fixture.server.setFaults({ .invalidPut = 2 });

    const auto outcome = fixture.push(directoryOf(2'000));

    QVERIFY(outcome.state == PushState::Failed);
    QCOMPARE(outcome.error->code, ErrorCode::InvalidInput);
    QVERIFY(!outcome.error->remedy.isEmpty());
    QCOMPARE(outcome.attempts, 1);
    QCOMPARE(fixture.server.count(u"Put"_s), 2);
    QCOMPARE(fixture.remoteUserIds().size(), 500);
}

void TstDirectoryPushFaults::anUnreachableServerIsTriedWithGrowingPauses()
{
    PushFixture fixture;
    fixture.server.setFaults({ .unavailableCalls = 1'000 });

    const auto outcome = fixture.push(directoryOf(3));

    QVERIFY(outcome.state == PushState::Failed);
    QCOMPARE(outcome.error->code, ErrorCode::Network);
    QCOMPARE(outcome.attempts, 8);
    const auto pauses = fixture.clock.sleeps();
    QCOMPARE(pauses.size(), std::size_t { 7 });
    QVERIFY(pauses.front() >= 1s && pauses.front() <= 1'250ms);
    QVERIFY(pauses.back() >= 60s && pauses.back() <= 75s);
}

void TstDirectoryPushFaults::aRecordChangedBetweenComparisonAndPutIsOurs()
{
    PushFixture fixture;
    QVERIFY(fixture.push(directoryOf(3)).state == PushState::Done);
    auto records = directoryOf(3);
    records.users.front().groupIds = { u"g1"_s };
    fixture.server.setFaults({ .beforePut = [&](int) {
        fixture.server.write({ recordOf(directoryUser(u"u-0"_s, { u"foreign"_s })) });
    } });

    const auto outcome = fixture.push(records);

    QVERIFY(outcome.state == PushState::Done);
    QVERIFY(fixture.remoteUsers().front().groupIds == std::vector { u"g1"_s });
}

void TstDirectoryPushFaults::aRecordChangedAfterOurPutIsReported()
{
    PushFixture fixture;
    fixture.server.setFaults({ .beforePut = [&](int put) {
        if (put == 2) {
            fixture.server.write({ recordOf(directoryUser(u"u-0"_s, { u"foreign"_s })) });
        }
    } });

    const auto outcome = fixture.push(directoryOf(600));
    QVERIFY(outcome.state == PushState::Incomplete);
    QCOMPARE(outcome.unverified.size(), std::size_t { 1 });
    QVERIFY(outcome.error->what.english().contains(u"u-0"));

    fixture.server.setFaults({});
    QVERIFY(fixture.push(directoryOf(600)).state == PushState::Done);
    QVERIFY(fixture.remoteUsers().front().groupIds.empty());
}

void TstDirectoryPushFaults::foreignChangesDuringAPushAreCounted()
{
    PushFixture fixture;
    fixture.server.setFaults({ .beforePut
        = [&](int) { fixture.server.write({ recordOf(directoryUser(u"stranger"_s)) }); } });

    const auto outcome = fixture.push(directoryOf(3));

    QVERIFY(outcome.state == PushState::Done);
    QCOMPARE(outcome.foreignChanges, 1);
}

void TstDirectoryPushFaults::cancelStopsBetweenBatchesAndSaysWhatWasDone()
{
    PushFixture fixture;
    fixture.server.setFaults({ .beforePut = [&](int put) {
        if (put == 2) {
            fixture.stop.request_stop();
        }
    } });

    const auto outcome = fixture.push(directoryOf(2'000));

    QVERIFY(outcome.state == PushState::Cancelled);
    QCOMPARE(outcome.error->code, ErrorCode::Cancelled);
    QVERIFY(outcome.puts <= 2);
    // The second Put may have arrived although its answer was not waited for.
    QVERIFY(outcome.users.added <= fixture.remoteUserIds().size());

    fixture.stop = {};
    fixture.server.setFaults({});
    const auto healed = fixture.push(directoryOf(2'000));
    QVERIFY(healed.state == PushState::Done);
    QCOMPARE(fixture.remoteUserIds().size(), 2'000);
}

void TstDirectoryPushFaults::aPushCancelledBeforeItBeganWritesNothing()
{
    PushFixture fixture;
    fixture.stop.request_stop();

    QVERIFY(fixture.push(directoryOf(3)).state == PushState::Cancelled);
    QCOMPARE(fixture.server.count(u"Put"_s), 0);
}

void TstDirectoryPushFaults::aJournalThatCannotWriteStopsThePush()
{
    PushFixture fixture;
    fixture.onBegin
        = [](const PushBatch&) { return Result<void>(Error { .code = ErrorCode::Storage }); };

    const auto outcome = fixture.push(directoryOf(3));

    QVERIFY(outcome.state == PushState::Failed);
    QCOMPARE(outcome.error->code, ErrorCode::Storage);
    QCOMPARE(fixture.server.count(u"Put"_s), 0);
}

void TstDirectoryPushFaults::theJournalKnowsWhatWasOnTheWayWhenItBroke()
{
    PushFixture fixture;
    fixture.options.attempts = 1;
    fixture.server.setFaults({ .dropAfterRecords = 1'000 });

    QVERIFY(fixture.push(directoryOf(2'000)).state == PushState::Failed);

    // Also the batch without an answer: it may be there, and then it is ours to take away.
    QCOMPARE(fixture.ownership.users.ours.size(), 1'500);
}

static const bool kDirectoryPushFaultsRegistered
    = test::registerTestClass<TstDirectoryPushFaults>("directorypushfaults");

} // namespace portreeve

#include "tst_directorypushfaults.moc"
