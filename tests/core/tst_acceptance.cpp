// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/access/directoryaccess.h"
#include "core/access/storedaccess.h"
#include "core/membership/groupclosure.h"
#include "core/sync/scheduler.h"
#include "tests/support/keptstate.h"
#include "tests/support/keycloakrealm.h"
#include "tests/support/syncfixture.h"
#include "tests/support/testregistry.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QTest>

#include <set>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

using test::FakeReply;
using test::isAbout;
using test::KeptState;
using test::Listing;
using test::Realm;
using test::SyncFixture;

namespace {

Error fault(ErrorCode code)
{
    return { .code = code,
        .what = message("The provider failed."),
        .remedy = message("Try again later."),
        .detail = u"HTTP 500, sent with "_s + SyncFixture::kToken };
}

/// The organisation of sync-lifecycle.md 3.2, with an org unit beside it.
Listing exampleDirectory()
{
    Listing listing;
    listing.group(u"Everyone"_s).group(u"Support"_s).group(u"Engineering"_s).group(u"DevOps"_s);
    listing.group(u"ou:root"_s, GroupKind::OrgUnit);
    listing.members(u"Everyone"_s, { u"steve"_s, u"Support"_s, u"Engineering"_s });
    listing.members(u"Support"_s, { u"patrick"_s });
    listing.members(u"Engineering"_s, { u"bob"_s, u"alice"_s, u"DevOps"_s });
    listing.members(u"DevOps"_s, { u"john"_s });
    return listing;
}

QStringList effective(const SnapshotPtr& snapshot, const QString& group)
{
    const GroupClosure closure(snapshot);
    QStringList out;
    for (const Row user : closure.effectiveUsers(snapshot->findGroup(group))) {
        out.append(snapshot->userId(user));
    }
    return out;
}

/// Whether the only stored route lets a person in.
bool getsIn(SyncFixture& fixture, const QString& user)
{
    const auto moment = access::storedMoment(*fixture.store);
    const auto& directory = moment->view.connections.front();
    const access::ExportedGroups groups(moment->view, {});
    const auto rules
        = access::routeRules(moment->rules.policies, moment->rules.routes, groups.liveIds());
    access::DirectoryAccess people(*directory.closure, groups.naming(directory.connectionId));
    const Row row = directory.snapshot->findUser(user);
    return row != kNoRow && people.evaluate(rules.front()).reach(row) == access::Reach::Yes;
}

QByteArray databaseHash(const QString& path)
{
    QFile file(path);
    const bool opened = file.open(QIODevice::ReadOnly);
    Q_ASSERT(opened);
    return QCryptographicHash::hash(file.readAll(), QCryptographicHash::Sha256);
}

} // namespace

/// Section 8 of sync-lifecycle.md and the vectors of 3.2, by number, as far as a sync decides them.
class TstAcceptance : public QObject
{
    Q_OBJECT

private slots:
    void point1APageThatFailsLeavesEverythingAsItWas_data();
    void point1APageThatFailsLeavesEverythingAsItWas();
    void point2AnEmptyAnswerIsHeldAndRemovesNothing_data();
    void point2AnEmptyAnswerIsHeldAndRemovesNothing();
    void point3AMissingCollectionIsNotAnEmptyOne();
    void point4MembersInAFailedBatchPartStay();
    void point5ThrottlingIsWaitedOutAndCountsNoFailure();
    void point6OneRefusedTokenShowsNoState();
    void point6OneRefusedRunShowsNoStateOfAttention();
    void point7ADayOfFailuresIsStaleThenRecoversByItself_data();
    void point7ADayOfFailuresIsStaleThenRecoversByItself();
    void point8AUserWithoutEmailIsQuarantinedAndOthersSync();
    void point9AFailureInAnyPhaseLeavesThePreviousGeneration();
    void point10TheExampleResolvesAsPublished();
    void point11AGroupThatReturnsServesItsPolicyAgain();
    void point12AVanishedGroupIsARemovalInThePlan();
    void point13AFirstRunIsExemptFromGuards();
    void point13TombstonesCountOnNeitherSide_data();
    void point13TombstonesCountOnNeitherSide();
    void point14AFailingConnectionIsNotDue();
    void point15TwoFetchesOfTheSameContentMakeOnePlan();
    void point17TheLastAdministratorStaysWhateverIsApproved();
    void point17TheLastAdministratorOutlivesTheConnectionUnlessNamed();
    void point18APreviewWritesNothing();
    void v1ToV5AndV8AreResolvedFromTheStore();
    void v9SomeoneSuspendedIsCutOffAndKeepsMemberships();
    void v9SomeoneSuspendedWithinARunIsCutOffByTheNext();
    void v12TwoConnectionsWithEqualGroupsDoNotMix();
};

void TstAcceptance::point1APageThatFailsLeavesEverythingAsItWas_data()
{
    QTest::addColumn<ErrorCode>("code");
    for (int i = 0; i <= static_cast<int>(ErrorCode::Internal); ++i) {
        const auto code = static_cast<ErrorCode>(i);
        QTest::addRow("%s", qUtf8Printable(errorCodeName(code))) << code;
    }
}

void TstAcceptance::point1APageThatFailsLeavesEverythingAsItWas()
{
    QFETCH(ErrorCode, code);
    SyncFixture fixture;
    fixture.directory.answer(exampleDirectory());
    QVERIFY(fixture.sync().hasValue());
    const KeptState before(fixture);
    fixture.directory.answer(
        { .listing = exampleDirectory().user(u"new"_s), .error = fault(code) });

    const auto outcome = fixture.sync();

    QVERIFY(!outcome.hasValue());
    const Error error = outcome.error();
    QCOMPARE(error.code, code);
    QVERIFY2(error.what.english().contains(u"Staff"), qPrintable(error.toText()));
    QVERIFY2(!error.remedy.isEmpty(), qPrintable(error.toText()));
    QVERIFY(KeptState(fixture) == before);
    QVERIFY(!before.bundle.isEmpty());
    const bool isCancelled = code == ErrorCode::Cancelled;
    QCOMPARE(
        fixture.runs().front().outcome, isCancelled ? RunOutcome::Cancelled : RunOutcome::Failed);
    if (isTransient(code)) {
        QCOMPARE(fixture.connection().state, ConnectionState::BackingOff);
    }
}

void TstAcceptance::point2AnEmptyAnswerIsHeldAndRemovesNothing_data()
{
    QTest::addColumn<int>("kind");
    QTest::addRow("users") << 0;
    QTest::addRow("groups") << 1;
    QTest::addRow("org units") << 2;
    QTest::addRow("memberships") << 3;
    QTest::addRow("everything") << 4;
}

void TstAcceptance::point2AnEmptyAnswerIsHeldAndRemovesNothing()
{
    QFETCH(int, kind);
    SyncFixture fixture;
    fixture.directory.answer(exampleDirectory());
    QVERIFY(fixture.sync().hasValue());
    const QStringList before = fixture.visible();
    Listing empty = exampleDirectory();
    if (kind == 0 || kind == 4) {
        empty.users.clear();
    }
    if (kind == 1 || kind == 4) {
        std::erase_if(
            empty.groups, [](const GroupRecord& g) { return g.kind == GroupKind::Group; });
    }
    if (kind == 2) {
        empty.removeGroup(u"ou:root"_s);
    }
    if (kind == 3) {
        empty.edges.clear();
    }
    fixture.directory.answer(empty);

    const auto outcome = fixture.sync();

    QVERIFY(outcome.hasValue());
    QCOMPARE(outcome->plan.verdict, Verdict::Held);
    QCOMPARE(fixture.visible(), before);
    QCOMPARE(fixture.connection().state, ConnectionState::Held);
    QVERIFY(fixture.hold().has_value());
}

void TstAcceptance::point3AMissingCollectionIsNotAnEmptyOne()
{
    SyncFixture fixture;
    fixture.directory.answer(exampleDirectory());
    QVERIFY(fixture.sync().hasValue());
    const QStringList before = fixture.visible();
    Listing nothing;
    nothing.usersComplete = false;
    nothing.groupsComplete = false;
    nothing.membershipsComplete = false;
    fixture.directory.answer(nothing);

    const auto outcome = fixture.sync();

    QVERIFY(outcome.hasValue());
    QCOMPARE(outcome->plan.verdict, Verdict::Nothing);
    QCOMPARE(fixture.visible(), before);
}

void TstAcceptance::point4MembersInAFailedBatchPartStay()
{
    SyncFixture fixture;
    fixture.directory.answer(exampleDirectory());
    QVERIFY(fixture.sync().hasValue());
    Listing partial = exampleDirectory();
    partial.removeMember(u"Support"_s, u"patrick"_s).removeMember(u"Engineering"_s, u"bob"_s);
    partial.unreadableGroups = { u"Support"_s };
    fixture.directory.answer(partial);

    const auto outcome = fixture.sync();

    QVERIFY(outcome.hasValue());
    QCOMPARE(outcome->plan.counts.memberships.removed, 1);
    QCOMPARE(effective(fixture.live(), u"Support"_s), QStringList(u"patrick"_s));
    QCOMPARE(effective(fixture.live(), u"Engineering"_s), QStringList({ u"alice"_s, u"john"_s }));
    QCOMPARE(fixture.runs().front().quarantined, 1);
}

void TstAcceptance::point5ThrottlingIsWaitedOutAndCountsNoFailure()
{
    SyncFixture fixture;
    fixture.directory.answer(exampleDirectory());
    QVERIFY(fixture.sync().hasValue());
    Error throttled = fault(ErrorCode::RateLimited);
    throttled.retryAfter = 47min;
    fixture.directory.answer({ .error = throttled });

    const auto outcome = fixture.sync(RunTrigger::Schedule);

    QVERIFY(!outcome.hasValue());
    QCOMPARE(fixture.connection().failureCount, 0);
    QCOMPARE(fixture.connection().state, ConnectionState::BackingOff);
    QCOMPARE(*fixture.connection().nextAttemptAt, fixture.clock.nowUtc() + 47min);
}

// The realm forgets a token that is still good: a fresh one is fetched within the run.
void TstAcceptance::point6OneRefusedTokenShowsNoState()
{
    SyncFixture fixture;
    Realm realm(fixture);
    QVERIFY(realm.sync().hasValue());
    QCOMPARE(realm.connection().state, ConnectionState::Idle);
    const int tokens = realm.keycloak.tokensGiven;
    int refusals = 0;
    realm.instead = [&](const HttpRequest& request) -> std::optional<FakeReply> {
        if (!isAbout(request, u"groups"_s) || ++refusals > 1) {
            return std::nullopt;
        }
        return FakeReply { .status = 401,
            .body = test::recorded(u"keycloak"_s, u"unauthorized.json"_s) };
    };
    std::set<ConnectionState> seen;
    fixture.clock.advance(10min);

    const auto outcome
        = realm.sync([&](const RunProgress&) { seen.insert(realm.connection().state); });

    QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().toText()));
    QVERIFY(refusals > 1);
    QCOMPARE(realm.keycloak.tokensGiven, tokens + 2);
    seen.erase(ConnectionState::Syncing);
    QVERIFY(seen.empty() || seen == std::set({ ConnectionState::Idle }));
    const Connection after = realm.connection();
    QCOMPARE(after.state, ConnectionState::Idle);
    QVERIFY(after.stateReason.isEmpty());
    QVERIFY(!after.lastError.has_value());
    QCOMPARE(after.failureCount, 0);
    QVERIFY(!after.firstFailedAt.has_value());
    for (const RunRecord& run : realm.runs()) {
        QCOMPARE(run.outcome, RunOutcome::Succeeded);
    }
}

void TstAcceptance::point6OneRefusedRunShowsNoStateOfAttention()
{
    SyncFixture fixture;
    fixture.directory.answer(exampleDirectory());
    QVERIFY(fixture.sync().hasValue());
    fixture.directory.answerOnce({ .error = fault(ErrorCode::Auth) });

    QVERIFY(!fixture.sync(RunTrigger::Schedule).hasValue());
    QVERIFY(fixture.connection().state != ConnectionState::NeedsAttention);
    fixture.clock.advance(10min);
    QVERIFY(fixture.sync(RunTrigger::Schedule).hasValue());

    QCOMPARE(fixture.connection().state, ConnectionState::Idle);
    QVERIFY(!fixture.connection().lastError.has_value());
}

void TstAcceptance::point7ADayOfFailuresIsStaleThenRecoversByItself_data()
{
    QTest::addColumn<ErrorCode>("code");
    QTest::addRow("no way there") << ErrorCode::Network;
    QTest::addRow("no answer") << ErrorCode::Timeout;
    QTest::addRow("503") << ErrorCode::BadResponse;
}

void TstAcceptance::point7ADayOfFailuresIsStaleThenRecoversByItself()
{
    QFETCH(ErrorCode, code);
    SyncFixture fixture;
    fixture.directory.answer(exampleDirectory());
    QVERIFY(fixture.sync().hasValue());
    fixture.directory.answer({ .error = fault(code) });
    std::optional<UtcTime> firstFailure;

    for (int i = 0; i < 40 && fixture.connection().state != ConnectionState::Stale; ++i) {
        fixture.clock.setWallClock(*fixture.connection().nextAttemptAt);
        firstFailure = firstFailure.value_or(fixture.clock.nowUtc());
        QVERIFY(isDue(fixture.connection(), fixture.clock.nowUtc()));
        QVERIFY(!fixture.sync(RunTrigger::Schedule).hasValue());
    }

    QCOMPARE(fixture.connection().state, ConnectionState::Stale);
    const auto failing = fixture.clock.nowUtc() - *firstFailure;
    QVERIFY(failing >= 24h);
    QVERIFY(failing <= 24h + 4h + 48min); // no attempt is further apart, a fifth either way
    QCOMPARE(*fixture.connection().nextAttemptAt, fixture.clock.nowUtc() + 4h);
    fixture.directory.answer(exampleDirectory());
    fixture.clock.advance(4h);
    QVERIFY(fixture.sync(RunTrigger::Schedule).hasValue());
    QCOMPARE(fixture.connection().state, ConnectionState::Idle);
}

void TstAcceptance::point8AUserWithoutEmailIsQuarantinedAndOthersSync()
{
    SyncFixture fixture;
    fixture.update([](Connection& connection) { connection.rules.requireEmail = true; });
    fixture.directory.answer(exampleDirectory());
    QVERIFY(fixture.sync().hasValue());
    Listing later = exampleDirectory().user(u"nomail"_s).user(u"zoe"_s);
    later.userOf(u"nomail"_s).email.clear();
    later.userOf(u"alice"_s).email.clear();
    fixture.directory.answer(later);

    const auto outcome = fixture.sync();

    QVERIFY(outcome.hasValue());
    QCOMPARE(outcome->plan.quarantine.size(), 2U);
    QVERIFY(fixture.live()->findUser(u"zoe") != kNoRow);
    QVERIFY(fixture.live()->findUser(u"nomail") == kNoRow);
    const Row alice = fixture.live()->findUser(u"alice");
    QVERIFY(alice != kNoRow);
    QCOMPARE(fixture.live()->user(alice).email, u"alice@example.com"_s);
    QVERIFY(effective(fixture.live(), u"Engineering"_s).contains(u"alice"_s));
}

void TstAcceptance::point9AFailureInAnyPhaseLeavesThePreviousGeneration()
{
    SyncFixture fixture;
    fixture.directory.answer(exampleDirectory());
    QVERIFY(fixture.sync().hasValue());
    const QStringList before = fixture.visible();
    fixture.directory.answer(exampleDirectory().user(u"new"_s));

    for (const auto phase : { RunProgress::Phase::Users, RunProgress::Phase::Plan }) {
        std::stop_source stop;
        const auto outcome = fixture.runner().sync(
            fixture.id, { .stop = stop.get_token(), .progress = [&](const RunProgress& progress) {
                             if (progress.phase == phase) {
                                 stop.request_stop();
                             }
                         } });
        QVERIFY(!outcome.hasValue());
        QCOMPARE(outcome.error().code, ErrorCode::Cancelled);
        QCOMPARE(fixture.runs().front().outcome, RunOutcome::Cancelled);
        QCOMPARE(fixture.connection().state, ConnectionState::Idle);
        QCOMPARE(fixture.visible(), before);
    }
    QVERIFY(fixture.store->check().value().empty());
}

void TstAcceptance::point10TheExampleResolvesAsPublished()
{
    SyncFixture fixture;
    fixture.directory.answer(exampleDirectory());

    QVERIFY(fixture.sync().hasValue());

    QCOMPARE(effective(fixture.live(), u"Everyone"_s),
        QStringList({ u"alice"_s, u"bob"_s, u"john"_s, u"patrick"_s, u"steve"_s }));
    QCOMPARE(effective(fixture.live(), u"Engineering"_s),
        QStringList({ u"alice"_s, u"bob"_s, u"john"_s }));
    QCOMPARE(effective(fixture.live(), u"Support"_s), QStringList(u"patrick"_s));
    QCOMPARE(effective(fixture.live(), u"DevOps"_s), QStringList(u"john"_s));
}

void TstAcceptance::point11AGroupThatReturnsServesItsPolicyAgain()
{
    SyncFixture fixture;
    fixture.directory.answer(exampleDirectory());
    QVERIFY(fixture.sync().hasValue());
    const auto policy = fixture.store->policies().save(
        StoredPolicy { .name = u"Operations"_s, .text = u"{allow: {and: [{groups: DevOps}]}}"_s });
    QVERIFY(policy.hasValue());
    QVERIFY(fixture.store->policies()
            .save(StoredRoute { .name = u"Pager"_s,
                .from = u"https://pager.example.org"_s,
                .to = { u"http://127.0.0.1:8080"_s },
                .policyIds = { policy->id } })
            .hasValue());
    QVERIFY(getsIn(fixture, u"john"_s));

    fixture.directory.answer(exampleDirectory().removeGroup(u"DevOps"_s));
    QVERIFY(fixture.sync().hasValue());

    const auto graves = fixture.store->directory().tombstones(fixture.id);
    QCOMPARE(graves->size(), std::size_t { 1 });
    QCOMPARE(graves->front().kind, ObjectKind::Group);
    const access::ExportedGroups gone(**fixture.store->directory().loadView(), *graves);
    QVERIFY(gone.vanished(u"DevOps"_s).has_value());
    QVERIFY(fixture.store->policies().policy(policy->id).hasValue());
    QVERIFY(!getsIn(fixture, u"john"_s));

    // Members come with the group's return, not from its tombstone.
    Listing back = exampleDirectory().removeMember(u"DevOps"_s, u"john"_s);
    fixture.directory.answer(back.members(u"DevOps"_s, { u"bob"_s }));
    QVERIFY(fixture.sync().hasValue());

    QVERIFY(fixture.store->directory().tombstones(fixture.id)->empty());
    QVERIFY(getsIn(fixture, u"bob"_s));
    QVERIFY(!getsIn(fixture, u"john"_s));
}

void TstAcceptance::point12AVanishedGroupIsARemovalInThePlan()
{
    SyncFixture fixture;
    fixture.directory.answer(exampleDirectory());
    QVERIFY(fixture.sync().hasValue());
    fixture.directory.answer(exampleDirectory().removeGroup(u"DevOps"_s));

    const auto plan = fixture.plan();

    QVERIFY(plan.hasValue());
    QCOMPARE(plan->counts.groups.removed, 1);
    QCOMPARE(plan->counts.memberships.removed, 2);
    QVERIFY(plan->toJsonText().contains("\"action\":\"remove\""));
}

void TstAcceptance::point13AFirstRunIsExemptFromGuards()
{
    SyncFixture fixture;
    fixture.update([](Connection& connection) { connection.rules.neverRemove = true; });
    fixture.directory.answer(test::crowd(100));

    const auto outcome = fixture.sync(RunTrigger::Schedule);

    QVERIFY(outcome.hasValue());
    QCOMPARE(outcome->plan.verdict, Verdict::Go);
    QVERIFY(outcome->plan.firstRun);
}

void TstAcceptance::point13TombstonesCountOnNeitherSide_data()
{
    QTest::addColumn<QString>("guard");
    QTest::addColumn<int>("count");
    QTest::addColumn<Verdict>("verdict");
    // Of 55 live ones; of the 100 there once were, each would be let through.
    QTest::addRow("5 of 55 users") << u"G1"_s << 5 << Verdict::Go;
    QTest::addRow("6 of 55 users") << u"G1"_s << 6 << Verdict::Held;
    QTest::addRow("5 of 55 groups") << u"G2"_s << 5 << Verdict::Go;
    QTest::addRow("6 of 55 groups") << u"G2"_s << 6 << Verdict::Held;
    QTest::addRow("10 of 55 memberships") << u"G3"_s << 10 << Verdict::Go;
    QTest::addRow("11 of 55 memberships") << u"G3"_s << 11 << Verdict::Held;
    QTest::addRow("27 of 55 members of a group") << u"G4"_s << 27 << Verdict::Go;
    QTest::addRow("28 of 55 members of a group") << u"G4"_s << 28 << Verdict::Held;
    QTest::addRow("5 of 55 renumbered") << u"G9"_s << 5 << Verdict::Go;
    QTest::addRow("6 of 55 renumbered") << u"G9"_s << 6 << Verdict::Held;
    QTest::addRow("10 of 55 suspended") << u"G5"_s << 10 << Verdict::Go;
    QTest::addRow("11 of 55 suspended") << u"G5"_s << 11 << Verdict::Held;
}

void TstAcceptance::point13TombstonesCountOnNeitherSide()
{
    QFETCH(QString, guard);
    QFETCH(int, count);
    QFETCH(Verdict, verdict);
    const auto user = [](int i) { return u"u%1"_s.arg(i, 3, 10, QLatin1Char('0')); };
    const auto team = [](int i) { return u"team %1"_s.arg(i); };
    SyncFixture fixture;
    fixture.update([&](Connection& staff) { // those that would be first
        staff.limits.membershipPercent = guard == u"G4" ? 0 : staff.limits.membershipPercent;
        staff.limits.userPercent = guard == u"G9" ? 0 : staff.limits.userPercent;
    });
    Listing listing = test::crowd(100); // in one more group
    for (int i = 1; i < 100; ++i) {
        listing.group(team(i));
    }
    fixture.directory.answer(listing);
    QVERIFY(fixture.sync().hasValue());
    // Fewer than ten percent of the live ones at a time are fine, however many went before.
    for (int gone = 1; gone <= 45; ++gone) {
        listing.removeUser(user(gone)).removeGroup(team(gone));
        fixture.directory.answer(listing);
        if (gone % 5 == 0) {
            const auto outcome = fixture.sync();
            QVERIFY(outcome.hasValue());
            QCOMPARE(outcome->plan.verdict, Verdict::Go);
        }
    }
    QCOMPARE(fixture.live()->userCount(), 55U);
    QCOMPARE(fixture.live()->groupCount(), 55U);
    QCOMPARE(fixture.live()->userMembershipCount(), std::size_t(55));
    QCOMPARE(fixture.store->directory().tombstones(fixture.id).value().size(), 90U);

    for (int i = 50; i < 50 + count; ++i) {
        if (guard == u"G1") {
            listing.removeUser(user(i));
        } else if (guard == u"G2") {
            listing.removeGroup(team(i));
        } else if (guard == u"G3" || guard == u"G4") {
            listing.removeMember(u"everyone"_s, user(i));
        } else if (guard == u"G9") {
            const QString email = listing.userOf(user(i)).email;
            listing.removeUser(user(i)).user(u"new "_s + user(i));
            listing.userOf(u"new "_s + user(i)).email = email;
        } else {
            listing.userOf(user(i)).state = UserState::Suspended;
        }
    }
    fixture.directory.answer(listing);
    const auto plan = fixture.plan();

    QVERIFY(plan.hasValue());
    QCOMPARE(plan->verdict, verdict);
    QStringList trips;
    for (const auto& trip : plan->trips) {
        trips.append(guardName(trip.guard));
    }
    QCOMPARE(trips, verdict == Verdict::Held ? QStringList { guard } : QStringList());
}

void TstAcceptance::point14AFailingConnectionIsNotDue()
{
    SyncFixture fixture;
    fixture.directory.answer(exampleDirectory());
    QVERIFY(fixture.sync().hasValue());
    fixture.directory.answer({ .error = fault(ErrorCode::Timeout) });
    fixture.clock.advance(10min);

    QVERIFY(!fixture.sync(RunTrigger::Schedule).hasValue());

    QVERIFY(!isDue(fixture.connection(), fixture.clock.nowUtc()));
    QVERIFY(!isDue(fixture.connection(), fixture.clock.nowUtc() + 7min));
    QVERIFY(isDue(fixture.connection(), fixture.clock.nowUtc() + 12min));
}

void TstAcceptance::point15TwoFetchesOfTheSameContentMakeOnePlan()
{
    SyncFixture fixture;
    fixture.directory.answer(exampleDirectory());
    QVERIFY(fixture.sync().hasValue());
    const Listing later = exampleDirectory().removeUser(u"bob"_s).user(u"zoe"_s);
    fixture.directory.answer(later.shuffled(1));
    const auto first = fixture.plan();
    fixture.directory.answer(later.shuffled(2));
    const auto second = fixture.plan();

    QCOMPARE(first->planHash, second->planHash);
    QCOMPARE(first->toJsonText(), second->toJsonText());
}

void TstAcceptance::point17TheLastAdministratorStaysWhateverIsApproved()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(30));
    QVERIFY(fixture.sync().hasValue());
    QVERIFY(fixture.store->directory().setProtected(fixture.id, u"u000"_s, true, u"admin"_s));
    Listing gone = test::crowd(30).removeUser(u"u000"_s);
    Listing suspended = test::crowd(30);
    suspended.userOf(u"u000"_s).state = UserState::Suspended;

    for (const Listing& listing : { gone, suspended }) {
        fixture.directory.answer(listing);
        const auto plan = fixture.plan();
        QVERIFY(plan.hasValue());
        QCOMPARE(plan->verdict, Verdict::Held);
        QCOMPARE(plan->trips.front().guard, GuardId::G7);
        const Approval everything { .planHash = plan->planHash, .everything = true };
        const auto applied = fixture.runner().apply(fixture.id, plan->planHash, everything, {});
        QVERIFY(applied.hasValue());
        const Row admin = fixture.live()->findUser(u"u000");
        QVERIFY(admin != kNoRow);
        QCOMPARE(fixture.live()->userState(admin), UserState::Active);
    }
    const auto reverted = fixture.runner().planRevert(fixture.runs().back().id);
    QVERIFY(reverted.hasValue());
    const auto applied = fixture.runner().applyPlan(
        *reverted, Approval { .planHash = reverted->planHash, .everything = true }, {});
    QVERIFY(applied.hasValue());
    QCOMPARE(fixture.live()->userCount(), 1U);
    QVERIFY(fixture.live()->findUser(u"u000") != kNoRow);
}

void TstAcceptance::point17TheLastAdministratorOutlivesTheConnectionUnlessNamed()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(30));
    QVERIFY(fixture.sync().hasValue());
    QVERIFY(fixture.store->directory().setProtected(fixture.id, u"u000"_s, true, u"ann"_s));

    const auto removed = fixture.store->connections().remove(fixture.id);

    QVERIFY(!removed);
    QCOMPARE(removed.error().code, ErrorCode::Held);
    QVERIFY(removed.error().what.english().contains(u"Staff"));
    QVERIFY(removed.error().what.english().contains(u"u000"));
    QVERIFY(!removed.error().remedy.isEmpty());
    QCOMPARE(fixture.live()->userCount(), 30U);
    QCOMPARE(fixture.store->directory().protectedUsers(fixture.id).value().size(), 1U);
    const RemovalConsent another { .protectedUsers = { u"u001"_s }, .actor = u"ann"_s };
    QVERIFY(!fixture.store->connections().remove(fixture.id, another));
    const RemovalConsent named { .protectedUsers = { u"u000"_s }, .actor = u"ann"_s };
    QVERIFY(fixture.store->connections().remove(fixture.id, named));
    const auto audit = fixture.store->audit().list(0, 1'000);
    QCOMPARE(audit->back().event, u"protected_user_removed"_s);
    QCOMPARE(audit->back().actor, u"ann"_s);
}

void TstAcceptance::point18APreviewWritesNothing()
{
    SyncFixture fixture;
    fixture.directory.answer(exampleDirectory());
    QVERIFY(fixture.sync().hasValue());
    fixture.store.reset(); // folds the write-ahead log into the file
    const QByteArray before = databaseHash(fixture.databasePath());
    fixture.store = Store::open(fixture.storeOptions(), fixture.clock).value();
    fixture.directory.answer(exampleDirectory().removeUser(u"bob"_s).user(u"zoe"_s));

    const auto plan = fixture.plan();

    QVERIFY(plan.hasValue());
    QCOMPARE(plan->verdict, Verdict::Go);
    fixture.store.reset();
    QCOMPARE(databaseHash(fixture.databasePath()), before);
}

void TstAcceptance::v1ToV5AndV8AreResolvedFromTheStore()
{
    SyncFixture fixture;
    Listing listing;
    listing.group(u"self"_s).group(u"two-a"_s).group(u"two-b"_s).group(u"tail"_s);
    listing.group(u"top"_s).group(u"left"_s).group(u"right"_s).group(u"empty"_s);
    listing.members(u"self"_s, { u"self"_s, u"a"_s });
    listing.members(u"two-a"_s, { u"two-b"_s }).members(u"two-b"_s, { u"two-a"_s, u"a"_s });
    listing.members(u"tail"_s, { u"two-a"_s });
    listing.members(u"top"_s, { u"left"_s, u"right"_s, u"empty"_s });
    listing.members(u"left"_s, { u"b"_s }).members(u"right"_s, { u"b"_s });
    constexpr int kChain = 10'000;
    for (int i = 0; i < kChain; ++i) {
        listing.groups.push_back({ .id = u"c%1"_s.arg(i) });
        listing.edges.push_back({ .group = u"c%1"_s.arg(i),
            .member = i + 1 < kChain ? u"c%1"_s.arg(i + 1) : u"a"_s,
            .kind = i + 1 < kChain ? MemberKind::Group : MemberKind::User });
    }
    fixture.directory.answer(listing);

    QVERIFY(fixture.sync().hasValue());

    const SnapshotPtr live = fixture.live();
    for (const auto& group : { u"self"_s, u"two-a"_s, u"two-b"_s, u"tail"_s, u"c0"_s }) {
        QCOMPARE(effective(live, group), QStringList(u"a"_s));
    }
    QCOMPARE(effective(live, u"top"_s), QStringList(u"b"_s));
    QVERIFY(effective(live, u"empty"_s).isEmpty());
}

void TstAcceptance::v9SomeoneSuspendedIsCutOffAndKeepsMemberships()
{
    SyncFixture fixture;
    fixture.directory.answer(exampleDirectory());
    QVERIFY(fixture.sync().hasValue());
    Listing later = exampleDirectory();
    later.userOf(u"john"_s).state = UserState::Suspended;
    fixture.directory.answer(later);
    QVERIFY(fixture.sync().hasValue());

    QVERIFY(effective(fixture.live(), u"DevOps"_s).isEmpty());
    fixture.directory.answer(exampleDirectory());
    QVERIFY(fixture.sync().hasValue());

    QCOMPARE(effective(fixture.live(), u"DevOps"_s), QStringList(u"john"_s));
}

// The list of people says active; by the time the groups are read, that has changed.
void TstAcceptance::v9SomeoneSuspendedWithinARunIsCutOffByTheNext()
{
    SyncFixture fixture;
    Realm realm(fixture);
    const auto setEnabled = [&realm](bool isEnabled) {
        for (auto& user : realm.keycloak.users) {
            if (user.value(u"username"_s).toString() == u"john") {
                user.insert(u"enabled"_s, isEnabled);
            }
        }
    };
    realm.instead = [&](const HttpRequest& request) -> std::optional<FakeReply> {
        if (isAbout(request, u"groups"_s)) {
            setEnabled(false);
        }
        return std::nullopt;
    };

    QVERIFY(realm.sync().hasValue());

    const QStringList john { u"john"_s };
    const auto state
        = [&realm] { return realm.live()->userState(realm.live()->findUser(u"john")); };
    QCOMPARE(state(), UserState::Active);
    QCOMPARE(effective(realm.live(), u"devops"_s), john);
    realm.instead = {};
    QVERIFY(realm.sync().hasValue());
    QCOMPARE(state(), UserState::Suspended);
    QVERIFY(effective(realm.live(), u"devops"_s).isEmpty());
    QCOMPARE(realm.live()->memberUsers(realm.live()->findGroup(u"devops")).size(), 1U);
    setEnabled(true);
    QVERIFY(realm.sync().hasValue());
    QCOMPARE(effective(realm.live(), u"devops"_s), john);
}

void TstAcceptance::v12TwoConnectionsWithEqualGroupsDoNotMix()
{
    SyncFixture fixture;
    const QString other = fixture.addConnection(u"Partners"_s);
    fixture.directory.answer(exampleDirectory());
    QVERIFY(fixture.sync().hasValue());
    Listing partners;
    partners.members(u"DevOps"_s, { u"paula"_s });
    fixture.directory.answer(partners);
    QVERIFY(fixture.runner().sync(other, {}).hasValue());

    QCOMPARE(effective(fixture.live(), u"DevOps"_s), QStringList(u"john"_s));
    const auto theirs = fixture.store->directory().load(other);
    QCOMPARE(effective(theirs->snapshot, u"DevOps"_s), QStringList(u"paula"_s));
}

static const bool kAcceptanceRegistered = test::registerTestClass<TstAcceptance>("acceptance");

} // namespace portreeve

#include "tst_acceptance.moc"
