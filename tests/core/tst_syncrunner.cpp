// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/base/logging.h"
#include "core/sync/scheduler.h"
#include "tests/support/syncfixture.h"
#include "tests/support/testregistry.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <stdexcept>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

using test::Listing;
using test::SyncFixture;

namespace {

Error fault(ErrorCode code)
{
    return { .code = code,
        .what = message("The provider refused %1.", QString(SyncFixture::kToken)),
        .detail = u"Authorization: Bearer "_s + SyncFixture::kToken };
}

Listing without(Listing listing, int users)
{
    for (int i = 0; i < users; ++i) {
        listing.removeUser(u"u%1"_s.arg(i, 3, 10, QLatin1Char('0')));
    }
    return listing;
}

QStringList s_logged; // a Qt message handler takes no context

void keepMessage(QtMsgType type, const QMessageLogContext& context, const QString& text)
{
    Q_UNUSED(type)
    Q_UNUSED(context)
    s_logged.append(text);
}

} // namespace

class TstSyncRunner : public QObject
{
    Q_OBJECT

private slots:
    void aFirstSyncStoresEverythingAndMakesTheConnectionIdle();
    void aPlanIsAppliedOnlyWhileItsHashHolds();
    void aPlanMadeInThisProcessIsRefusedOnceTheGenerationMoved();
    void changedSettingsDuringARunAreNoticed();
    void aHoldAppliesTheSafePartAndKeepsItsHash();
    void nothingHeldIsAppliedByALaterSync();
    void anApprovedHoldIsAppliedAndClosed();
    void onlyTheApprovedRowsAreApplied();
    void anApprovalOfAnotherPlanIsRefused();
    void aHoldClosesWhenTheProviderShowsTheObjectsAgain();
    void aRejectedRemovalStaysUntilSeenAgain();
    void aScheduledRunLooksTwiceBeforeItHolds();
    void aRunByHandDoesNotWait();
    void aScheduledRunAfterAChangeOfScopeHoldsItsRemovals();
    void anUnchangedSourceMakesNoRun();
    void anUnchangedSourceIsReadInFullOnceADay();
    void anUnchangedSourceIsReadInFullWhileAHoldIsOpen();
    void aRunWithoutChangesIsInHistoryButMakesNoGeneration();
    void anotherTenantNeedsAttentionAtOnce();
    void aRunThatMakesNoProgressIsStopped();
    void waitingForAProviderIsNoStall();
    void aConnectorThatThrowsIsAnInternalFailureInHistory();
    void t3ASecondRunOfTheSameConnectionIsRefused();
    void t4DisablingDuringARunIsNotUndone();
    void aDisabledConnectionIsNotSynced();
    void aMissingSecretNamesItsField();
    void secretsAppearNowhere();
    void aRunIsRevertedAsAPlanAgainstToday();
    void aRevertLeavesWhatLaterRunsChanged();
    void aRevertIsFollowedByAFullRead();
    void aRunThatChangedNothingCannotBeReverted();
    void aPassedTestVerifiesADraft();
    void aFailedTestLeavesADraftWithItsReason();
    void aTestOfUnsavedSettingsStoresNothing();
    void t5APassedTestEndsAttention();
    void aTestOfAnotherTenantFails();
    void lostAccessIsJudgedAndShown();
    void t6AnInterruptedRunIsRecovered();
};

void TstSyncRunner::aFirstSyncStoresEverythingAndMakesTheConnectionIdle()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(5));

    const auto outcome = fixture.sync(RunTrigger::CommandLine);

    QVERIFY(outcome.hasValue());
    QCOMPARE(outcome->plan.verdict, Verdict::Go);
    QVERIFY(outcome->run.has_value());
    QCOMPARE(outcome->run->counts.users.added, 5);
    QCOMPARE(outcome->run->trigger, RunTrigger::CommandLine);
    QCOMPARE(outcome->run->planHash, outcome->plan.planHash);
    QCOMPARE(fixture.live()->userCount(), 5U);
    const Connection connection = fixture.connection();
    QCOMPARE(connection.state, ConnectionState::Idle);
    QCOMPARE(connection.tenantId, u"tenant-1"_s);
    QVERIFY(connection.generation > 0);
    QCOMPARE(*connection.lastSuccessAt, fixture.clock.nowUtc());
    QCOMPARE(*connection.nextAttemptAt, fixture.clock.nowUtc() + 10min);
    QCOMPARE(fixture.directory.lastToken(), SyncFixture::kToken);
}

void TstSyncRunner::aPlanIsAppliedOnlyWhileItsHashHolds()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(5));
    const auto plan = fixture.plan();
    QVERIFY(plan.hasValue());
    fixture.directory.answer(test::crowd(6));

    const auto moved = fixture.runner().apply(fixture.id, plan->planHash, std::nullopt, {});
    fixture.directory.answer(test::crowd(5).shuffled(3));
    const auto applied = fixture.runner().apply(fixture.id, plan->planHash, std::nullopt, {});
    const auto again = fixture.runner().apply(fixture.id, plan->planHash, std::nullopt, {});

    QVERIFY(!moved.hasValue());
    QCOMPARE(moved.error().code, ErrorCode::Stale);
    QVERIFY(!moved.error().remedy.isEmpty());
    QVERIFY(applied.hasValue());
    QCOMPARE(fixture.live()->userCount(), 5U);
    QVERIFY(!again.hasValue());
    QCOMPARE(again.error().code, ErrorCode::Stale);
    QCOMPARE(fixture.connection().state, ConnectionState::Idle);
}

void TstSyncRunner::aPlanMadeInThisProcessIsRefusedOnceTheGenerationMoved()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(5));
    const auto plan = fixture.plan();
    fixture.directory.answer(test::crowd(7));
    QVERIFY(fixture.sync().hasValue());

    const auto outcome = fixture.runner().applyPlan(*plan, std::nullopt, {});

    QVERIFY(!outcome.hasValue());
    QCOMPARE(outcome.error().code, ErrorCode::Stale);
    QCOMPARE(fixture.live()->userCount(), 7U);
}

void TstSyncRunner::changedSettingsDuringARunAreNoticed()
{
    SyncFixture fixture;
    fixture.directory.answer({ .listing = test::crowd(5), .meanwhile = [&](RunContext&) {
                                  fixture.update([](Connection& connection) {
                                      connection.rules.groupFilter = { u"none"_s };
                                  });
                              } });

    const auto outcome = fixture.sync();

    QVERIFY(!outcome.hasValue());
    QCOMPARE(outcome.error().code, ErrorCode::Stale);
    QCOMPARE(fixture.live()->userCount(), 0U);
}

void TstSyncRunner::aHoldAppliesTheSafePartAndKeepsItsHash()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(20));
    QVERIFY(fixture.sync().hasValue());
    Listing later = without(test::crowd(20), 5).user(u"zoe"_s);
    later.userOf(u"u010"_s).state = UserState::Suspended;
    fixture.directory.answer(later);

    const auto outcome = fixture.sync();
    const auto hold = fixture.hold();
    const auto replanned = fixture.plan();

    QVERIFY(outcome.hasValue());
    QCOMPARE(outcome->run->outcome, RunOutcome::Held);
    QCOMPARE(fixture.live()->userCount(), 21U);
    QCOMPARE(fixture.live()->userState(fixture.live()->findUser(u"u010")), UserState::Suspended);
    QVERIFY(hold.has_value());
    QCOMPARE(replanned->planHash, hold->planHash);
    QCOMPARE(replanned->counts.users.held, 5);
    QCOMPARE(heldKeys(hold->planJson).size(), 10U);
}

void TstSyncRunner::nothingHeldIsAppliedByALaterSync()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(20));
    QVERIFY(fixture.sync().hasValue());
    fixture.directory.answer(without(test::crowd(200), 5));
    QVERIFY(fixture.sync().hasValue()); // 200 users make five removals few, but they were held
    const auto generation = fixture.stored().generation;

    const auto outcome = fixture.sync(RunTrigger::Schedule);

    QVERIFY(outcome.hasValue());
    QCOMPARE(outcome->plan.verdict, Verdict::Held);
    QCOMPARE(fixture.live()->userCount(), 200U);
    QCOMPARE(fixture.stored().generation, generation);
    QCOMPARE(outcome->plan.planHash, fixture.hold()->planHash);
}

void TstSyncRunner::anApprovedHoldIsAppliedAndClosed()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(20));
    QVERIFY(fixture.sync().hasValue());
    fixture.directory.answer(without(test::crowd(20), 5));
    QVERIFY(fixture.sync().hasValue());
    const QString hash = fixture.hold()->planHash;

    const auto outcome = fixture.runner().apply(fixture.id, hash,
        Approval { .planHash = hash, .everything = true }, { .trigger = RunTrigger::Approval });

    QVERIFY(outcome.hasValue());
    QCOMPARE(outcome->run->outcome, RunOutcome::Succeeded);
    QCOMPARE(fixture.live()->userCount(), 15U);
    QVERIFY(!fixture.hold().has_value());
    QCOMPARE(fixture.connection().state, ConnectionState::Idle);
}

void TstSyncRunner::onlyTheApprovedRowsAreApplied()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(20));
    QVERIFY(fixture.sync().hasValue());
    fixture.directory.answer(without(test::crowd(20), 5));
    QVERIFY(fixture.sync().hasValue());
    const QString hash = fixture.hold()->planHash;

    const auto outcome = fixture.runner().apply(fixture.id, hash,
        Approval { .planHash = hash, .keys = { u"user:u001"_s, u"user:u002"_s } }, {});

    QVERIFY(outcome.hasValue());
    QCOMPARE(fixture.live()->userCount(), 18U);
    QVERIFY(fixture.live()->findUser(u"u001") == kNoRow);
    QVERIFY(fixture.hold().has_value());
    QVERIFY(fixture.hold()->planHash != hash);
    QCOMPARE(heldKeys(fixture.hold()->planJson).size(), 6U);
}

void TstSyncRunner::anApprovalOfAnotherPlanIsRefused()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(20));
    QVERIFY(fixture.sync().hasValue());
    fixture.directory.answer(without(test::crowd(20), 5));
    QVERIFY(fixture.sync().hasValue());
    const QString hash = fixture.hold()->planHash;
    fixture.directory.answer(without(test::crowd(20), 6));

    const auto outcome = fixture.runner().apply(
        fixture.id, hash, Approval { .planHash = hash, .everything = true }, {});

    QVERIFY(!outcome.hasValue());
    QCOMPARE(outcome.error().code, ErrorCode::Stale);
    QCOMPARE(fixture.live()->userCount(), 20U);
}

void TstSyncRunner::aHoldClosesWhenTheProviderShowsTheObjectsAgain()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(20));
    QVERIFY(fixture.sync().hasValue());
    fixture.directory.answer(without(test::crowd(20), 5));
    QVERIFY(fixture.sync().hasValue());
    fixture.directory.answer(test::crowd(20));

    QVERIFY(fixture.sync().hasValue());

    QVERIFY(!fixture.hold().has_value());
    QCOMPARE(fixture.connection().state, ConnectionState::Idle);
    QCOMPARE(fixture.live()->userCount(), 20U);
}

void TstSyncRunner::aRejectedRemovalStaysUntilSeenAgain()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(20));
    QVERIFY(fixture.sync().hasValue());
    fixture.directory.answer(without(test::crowd(20), 5));
    QVERIFY(fixture.sync().hasValue());

    QVERIFY(!fixture.runner().rejectHold(fixture.id, u"other"_s, u"admin"_s).hasValue());
    QVERIFY(fixture.runner().rejectHold(fixture.id, fixture.hold()->planHash, u"admin"_s));

    QVERIFY(!fixture.hold().has_value());
    QCOMPARE(fixture.connection().state, ConnectionState::Idle);
    QCOMPARE(fixture.sync()->plan.verdict, Verdict::Nothing);
    QCOMPARE(fixture.live()->userCount(), 20U);
    fixture.directory.answer(test::crowd(20));
    QVERIFY(fixture.sync().hasValue());
    fixture.directory.answer(without(test::crowd(20), 1));
    QCOMPARE(fixture.plan()->counts.users.removed, 1);
}

void TstSyncRunner::aScheduledRunLooksTwiceBeforeItHolds()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(20));
    QVERIFY(fixture.sync().hasValue());
    fixture.directory.answerOnce({ .listing = without(test::crowd(20), 20) });
    const auto before = fixture.clock.nowUtc();

    const auto flaky = fixture.sync(RunTrigger::Schedule);

    QVERIFY(flaky.hasValue());
    QCOMPARE(flaky->plan.verdict, Verdict::Nothing);
    QCOMPARE(fixture.clock.nowUtc(), before + 60s);
    QVERIFY(!fixture.hold().has_value());
    fixture.directory.answer(without(test::crowd(20), 20));
    QCOMPARE(fixture.sync(RunTrigger::Schedule)->plan.verdict, Verdict::Held);
    QCOMPARE(fixture.clock.nowUtc(), before + 120s);
    QCOMPARE(fixture.sync(RunTrigger::Schedule)->plan.verdict, Verdict::Held);
    QCOMPARE(fixture.clock.nowUtc(), before + 120s); // already waiting: no further look
}

void TstSyncRunner::aRunByHandDoesNotWait()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(20));
    QVERIFY(fixture.sync().hasValue());
    fixture.directory.answer(without(test::crowd(20), 20));

    QCOMPARE(fixture.sync(RunTrigger::CommandLine)->plan.verdict, Verdict::Held);

    QVERIFY(fixture.clock.sleeps().empty());
}

void TstSyncRunner::aScheduledRunAfterAChangeOfScopeHoldsItsRemovals()
{
    SyncFixture fixture;
    Listing listing = test::crowd(20).group(u"other"_s).group(u"third"_s);
    fixture.directory.answer(listing);
    QVERIFY(fixture.sync().hasValue());
    fixture.update([](Connection& c) { c.rules.groupFilter = { u"everyone"_s, u"third"_s }; });

    const auto scheduled = fixture.sync(RunTrigger::Schedule);
    const auto preview = fixture.plan();

    QCOMPARE(scheduled->plan.verdict, Verdict::Held);
    QCOMPARE(scheduled->plan.trips.front().guard, GuardId::ScopeChanged);
    QCOMPARE(fixture.live()->groupCount(), 3U);
    QCOMPARE(preview->planHash, fixture.hold()->planHash);
    const auto approved = fixture.runner().apply(fixture.id, preview->planHash,
        Approval { .planHash = preview->planHash, .everything = true }, {});
    QVERIFY(approved.hasValue());
    QCOMPARE(fixture.live()->groupCount(), 2U);
    QCOMPARE(fixture.sync(RunTrigger::Schedule)->plan.verdict, Verdict::Nothing);
}

void TstSyncRunner::anUnchangedSourceMakesNoRun()
{
    SyncFixture fixture;
    fixture.directory.answer({ .listing = test::crowd(5), .nextState = "etag-1" });
    QVERIFY(fixture.sync().hasValue());
    const auto generation = fixture.stored().generation;
    fixture.clock.advance(10min);

    const auto outcome = fixture.sync(RunTrigger::Schedule);

    QVERIFY(outcome.hasValue());
    QVERIFY(!outcome->run.has_value());
    QCOMPARE(outcome->plan.verdict, Verdict::Nothing);
    QCOMPARE(fixture.stored().generation, generation);
    QCOMPARE(fixture.runs().size(), 1U);
    QCOMPARE(*fixture.connection().lastSuccessAt, fixture.clock.nowUtc());
}

void TstSyncRunner::anUnchangedSourceIsReadInFullOnceADay()
{
    SyncFixture fixture;
    fixture.directory.answer({ .listing = test::crowd(5), .nextState = "etag-1" });
    QVERIFY(fixture.sync().hasValue());
    fixture.directory.answer({ .listing = test::crowd(6), .nextState = "etag-1" });
    fixture.clock.advance(24h - 1min);
    QVERIFY(fixture.sync(RunTrigger::Schedule).hasValue());
    QCOMPARE(fixture.live()->userCount(), 5U);

    fixture.clock.advance(1min);
    QVERIFY(fixture.sync(RunTrigger::Schedule).hasValue());

    QCOMPARE(fixture.live()->userCount(), 6U);
}

void TstSyncRunner::anUnchangedSourceIsReadInFullWhileAHoldIsOpen()
{
    SyncFixture fixture;
    fixture.directory.answer({ .listing = test::crowd(20), .nextState = "etag-1" });
    QVERIFY(fixture.sync().hasValue());
    fixture.directory.answer({ .listing = without(test::crowd(20), 5), .nextState = "etag-2" });
    QVERIFY(fixture.sync().hasValue());

    const auto outcome = fixture.sync();

    QCOMPARE(outcome->plan.verdict, Verdict::Held);
    QCOMPARE(outcome->plan.counts.users.held, 5);
}

void TstSyncRunner::aRunWithoutChangesIsInHistoryButMakesNoGeneration()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(5));
    QVERIFY(fixture.sync().hasValue());
    const auto generation = fixture.stored().generation;

    const auto outcome = fixture.sync();

    QVERIFY(outcome->run.has_value());
    QCOMPARE(outcome->run->generation, 0);
    QCOMPARE(outcome->run->outcome, RunOutcome::Succeeded);
    QCOMPARE(fixture.stored().generation, generation);
    QCOMPARE(fixture.runs().size(), 2U);
}

void TstSyncRunner::anotherTenantNeedsAttentionAtOnce()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(5));
    QVERIFY(fixture.sync().hasValue());
    fixture.directory.answer({ .listing = test::crowd(2), .tenantId = u"tenant-2"_s });

    const auto outcome = fixture.sync();

    QVERIFY(!outcome.hasValue());
    QVERIFY(outcome.error().what.english().contains(u"tenant-2"));
    QCOMPARE(fixture.connection().state, ConnectionState::NeedsAttention);
    QVERIFY(fixture.connection().stateReason.english().contains(u"tenant"));
    QCOMPARE(fixture.live()->userCount(), 5U);
}

void TstSyncRunner::aRunThatMakesNoProgressIsStopped()
{
    SyncFixture fixture;
    fixture.directory.answer({ .meanwhile = [&](RunContext& run) {
        while (!run.stop.stop_requested()) {
            fixture.clock.advance(1min);
            std::this_thread::yield();
        }
    } });

    const auto outcome = fixture.sync();

    QVERIFY(!outcome.hasValue());
    QCOMPARE(outcome.error().code, ErrorCode::Timeout);
    QVERIFY(outcome.error().what.english().contains(u"10m"));
    QCOMPARE(fixture.connection().state, ConnectionState::BackingOff);
}

void TstSyncRunner::waitingForAProviderIsNoStall()
{
    SyncFixture fixture;
    fixture.directory.answer({ .listing = test::crowd(3), .meanwhile = [](RunContext& run) {
                                  for (int i = 0; i < 5; ++i) {
                                      QVERIFY(run.clock.sleep(15min, run.stop));
                                  }
                              } });

    QVERIFY(fixture.sync().hasValue());
}

void TstSyncRunner::aConnectorThatThrowsIsAnInternalFailureInHistory()
{
    SyncFixture fixture;
    fixture.directory.answer(
        { .meanwhile = [](RunContext&) { throw std::runtime_error("bad luck"); } });

    const auto outcome = fixture.sync();

    QVERIFY(!outcome.hasValue());
    QCOMPARE(outcome.error().code, ErrorCode::Internal);
    QCOMPARE(fixture.runs().front().outcome, RunOutcome::Failed);
    QCOMPARE(fixture.runs().front().error->code, ErrorCode::Internal);
    QCOMPARE(fixture.connection().state, ConnectionState::BackingOff);
}

void TstSyncRunner::t3ASecondRunOfTheSameConnectionIsRefused()
{
    SyncFixture fixture;
    std::optional<ErrorCode> second;
    fixture.directory.answerOnce(
        { .listing = test::crowd(3), .meanwhile = [&](RunContext&) {
             std::thread([&] {
                 const auto store = Store::open(fixture.storeOptions(), fixture.clock).value();
                 SyncRunner runner({ .store = *store,
                     .secrets = fixture.secrets,
                     .clock = fixture.clock,
                     .makeHttp = test::noNetwork(),
                     .findConnector = fixture.directory.lookup() });
                 const auto outcome = runner.sync(fixture.id, {});
                 second = outcome ? ErrorCode::Internal : outcome.error().code;
             }).join();
         } });

    QVERIFY(fixture.sync().hasValue());

    QCOMPARE(second, std::optional(ErrorCode::LimitExceeded));
    QCOMPARE(fixture.directory.readings(), 1);
    QCOMPARE(fixture.runs().size(), 1U);
}

void TstSyncRunner::t4DisablingDuringARunIsNotUndone()
{
    SyncFixture fixture;
    fixture.directory.answer({ .listing = test::crowd(3), .meanwhile = [&](RunContext&) {
                                  QVERIFY(fixture.store->connections().disable(fixture.id));
                              } });

    QVERIFY(fixture.sync().hasValue());

    QCOMPARE(fixture.connection().state, ConnectionState::Disabled);
    QVERIFY(!fixture.connection().nextAttemptAt.has_value());
}

void TstSyncRunner::aDisabledConnectionIsNotSynced()
{
    SyncFixture fixture;
    fixture.updateState([](Connection& c) { c.state = ConnectionState::Disabled; });

    const auto outcome = fixture.sync();

    QVERIFY(!outcome.hasValue());
    QCOMPARE(outcome.error().code, ErrorCode::InvalidInput);
    QCOMPARE(fixture.directory.readings(), 0);
}

void TstSyncRunner::aMissingSecretNamesItsField()
{
    SyncFixture fixture;
    QVERIFY(fixture.secrets.remove({ .connectionId = fixture.id, .field = u"token"_s }));

    const auto outcome = fixture.sync();

    QVERIFY(!outcome.hasValue());
    QCOMPARE(outcome.error().field, u"token"_s);
    QCOMPARE(fixture.directory.readings(), 0);
    QCOMPARE(fixture.connection().state, ConnectionState::NeedsAttention);
}

void TstSyncRunner::secretsAppearNowhere()
{
    SyncFixture fixture;
    const QString token = SyncFixture::kToken;
    s_logged.clear();
    const auto handler = qInstallMessageHandler(keepMessage);
    Listing listing = test::crowd(20);
    listing.notes = { u"Read with "_s + token };
    listing.quarantine = { { .id = u"x"_s, .reason = u"Refused "_s + token } };
    fixture.directory.answer(listing);
    const auto synced = fixture.sync();
    const auto plan = fixture.plan();
    fixture.directory.answer({ .error = fault(ErrorCode::Auth) });
    const auto failed = fixture.sync();
    const auto tested = fixture.runner().test({ .connection = fixture.connection() }, {});
    qInstallMessageHandler(handler);

    QVERIFY(synced.hasValue() && plan.hasValue() && !failed.hasValue());
    QVERIFY(!failed.error().toText().contains(token));
    QVERIFY(failed.error().toText().contains(u"[redacted]"));
    QVERIFY(!tested->failure->toText().contains(token));
    QVERIFY(!plan->toJsonText().contains(token.toUtf8()));
    QVERIFY(!s_logged.join(u'\n').contains(token));
    QVERIFY(!s_logged.isEmpty());
    const QDir folder = QFileInfo(fixture.databasePath()).dir();
    for (const QString& name : folder.entryList(QDir::Files)) {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY2(!file.readAll().contains(token.toUtf8()), qPrintable(name));
    }
}

void TstSyncRunner::aRunIsRevertedAsAPlanAgainstToday()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(20));
    QVERIFY(fixture.sync().hasValue());
    const QStringList before = fixture.visible();
    Listing later = without(test::crowd(20), 1).members(u"dev"_s, { u"zoe"_s, u"u005"_s });
    later.userOf(u"u006"_s).displayName = u"Six"_s;
    later.userOf(u"u007"_s).state = UserState::Suspended;
    later.removeMember(u"everyone"_s, u"u008"_s);
    fixture.directory.answer(later);
    const auto run = fixture.sync();
    QVERIFY(run.hasValue());

    const auto plan = fixture.runner().planRevert(run->run->id);
    QVERIFY(plan.hasValue());
    const auto outcome = fixture.runner().applyPlan(*plan,
        Approval { .planHash = plan->planHash, .everything = true },
        { .trigger = RunTrigger::Revert });

    QVERIFY(outcome.hasValue());
    QCOMPARE(fixture.visible(), before);
    QCOMPARE(outcome->run->revertsRun, std::optional(run->run->id));
    QCOMPARE(fixture.runs().front().trigger, RunTrigger::Revert);
}

void TstSyncRunner::aRevertLeavesWhatLaterRunsChanged()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(20));
    QVERIFY(fixture.sync().hasValue());
    Listing second = test::crowd(20);
    second.userOf(u"u001"_s).displayName = u"One"_s;
    second.userOf(u"u002"_s).displayName = u"Two"_s;
    fixture.directory.answer(second);
    const auto run = fixture.sync();
    second.userOf(u"u001"_s).displayName = u"Uno"_s;
    fixture.directory.answer(second);
    QVERIFY(fixture.sync().hasValue());

    const auto plan = fixture.runner().planRevert(run->run->id);

    QVERIFY(plan.hasValue());
    QCOMPARE(plan->counts.users.updated, 1);
    QCOMPARE(plan->changes.objectId(plan->changes.users.front()), u"u002"_s);
    QVERIFY(!plan->notes.empty());
}

void TstSyncRunner::aRevertIsFollowedByAFullRead()
{
    SyncFixture fixture;
    fixture.directory.answer({ .listing = test::crowd(20), .nextState = "a" });
    QVERIFY(fixture.sync().hasValue());
    fixture.directory.answer({ .listing = test::crowd(20).user(u"zoe"_s), .nextState = "b" });
    const auto run = fixture.sync();
    const auto plan = fixture.runner().planRevert(run->run->id);
    QVERIFY(fixture.runner().applyPlan(*plan, std::nullopt, { .trigger = RunTrigger::Revert }));
    QVERIFY(fixture.live()->findUser(u"zoe") == kNoRow);

    QVERIFY(fixture.sync().hasValue());

    QVERIFY(fixture.live()->findUser(u"zoe") != kNoRow);
}

void TstSyncRunner::aRunThatChangedNothingCannotBeReverted()
{
    SyncFixture fixture;
    fixture.directory.answer({ .error = fault(ErrorCode::Network) });
    QVERIFY(!fixture.sync().hasValue());

    const auto plan = fixture.runner().planRevert(fixture.runs().front().id);

    QVERIFY(!plan.hasValue());
    QCOMPARE(plan.error().code, ErrorCode::InvalidInput);
}

void TstSyncRunner::aPassedTestVerifiesADraft()
{
    SyncFixture fixture;

    const auto report = fixture.runner().test({ .connection = fixture.connection() }, {});

    QVERIFY(report.hasValue() && report->passed());
    QCOMPARE(fixture.connection().state, ConnectionState::Verified);
    QCOMPARE(fixture.connection().tenantId, u"tenant-1"_s);
    QVERIFY(fixture.runs().empty());
}

void TstSyncRunner::aFailedTestLeavesADraftWithItsReason()
{
    SyncFixture fixture;
    fixture.directory.answer({ .error = fault(ErrorCode::Auth) });

    const auto report = fixture.runner().test({ .connection = fixture.connection() }, {});

    QVERIFY(report.hasValue() && !report->passed());
    QCOMPARE(fixture.connection().state, ConnectionState::Draft);
    QVERIFY(!fixture.connection().stateReason.isEmpty());
}

void TstSyncRunner::aTestOfUnsavedSettingsStoresNothing()
{
    SyncFixture fixture;
    Connection edited = fixture.connection();
    edited.options.insert(u"address"_s, u"elsewhere"_s);

    QVERIFY(fixture.runner().test({ .connection = edited }, {}).hasValue());
    QVERIFY(fixture.runner()
            .test({ .connection = fixture.connection(),
                      .typedSecrets = { { u"token"_s, u"typed-secret"_s } } },
                {})
            .hasValue());

    QCOMPARE(fixture.connection().state, ConnectionState::Draft);
    QCOMPARE(fixture.directory.lastToken(), u"typed-secret"_s);
}

void TstSyncRunner::t5APassedTestEndsAttention()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(3));
    QVERIFY(fixture.sync().hasValue());
    fixture.updateState([](Connection& connection) {
        connection.state = ConnectionState::NeedsAttention;
        connection.failureCount = 4;
    });

    QVERIFY(fixture.runner().test({ .connection = fixture.connection() }, {}).hasValue());

    QCOMPARE(fixture.connection().state, ConnectionState::Idle);
    QCOMPARE(fixture.connection().failureCount, 0);
    QVERIFY(fixture.connection().nextAttemptAt.has_value());
}

void TstSyncRunner::aTestOfAnotherTenantFails()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(3));
    QVERIFY(fixture.sync().hasValue());
    fixture.directory.answer({ .tenantId = u"tenant-2"_s });

    const auto report = fixture.runner().test({ .connection = fixture.connection() }, {});

    QVERIFY(report.hasValue() && !report->passed());
    QCOMPARE(report->steps.back().name, u"tenant"_s);
}

void TstSyncRunner::lostAccessIsJudgedAndShown()
{
    SyncFixture fixture;
    fixture.access = [](Store&, const Connection&, const ChangeSet& changes) {
        const bool removes = countChanges(changes).users.removed > 0;
        return AccessImpact { .losingAll = removes ? 1 : 0,
            .withAccess = 3,
            .changes = { { .userId = u"u000"_s, .route = u"wiki"_s } } };
    };
    fixture.directory.answer(test::crowd(30));
    QCOMPARE(fixture.sync()->plan.verdict, Verdict::Go);
    fixture.directory.answer(without(test::crowd(30), 1));
    QCOMPARE(fixture.sync()->plan.verdict, Verdict::Go);
    fixture.access = [](Store&, const Connection&, const ChangeSet&) {
        return AccessImpact { .losingAll = 2, .withAccess = 3 };
    };
    fixture.directory.answer(without(test::crowd(30), 2));

    const auto outcome = fixture.sync();

    QCOMPARE(outcome->plan.verdict, Verdict::Held);
    QCOMPARE(outcome->plan.trips.front().guard, GuardId::G8);
}

void TstSyncRunner::t6AnInterruptedRunIsRecovered()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(3));
    QVERIFY(fixture.sync().hasValue());
    fixture.updateState([](Connection& c) { c.state = ConnectionState::Syncing; });

    QVERIFY(fixture.runner().recover().hasValue());

    QCOMPARE(fixture.connection().state, ConnectionState::Idle);
    QVERIFY(fixture.connection().stateReason.english().contains(u"interrupted"));
}

static const bool kSyncRunnerRegistered = test::registerTestClass<TstSyncRunner>("syncrunner");

} // namespace portreeve

#include "tst_syncrunner.moc"
