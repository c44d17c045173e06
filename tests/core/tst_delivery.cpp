// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/directorycodec.h"
#include "core/proxy/databroker/joincheck.h"
#include "core/proxy/targetoptions.h"
#include "tests/support/deliveryfixture.h"
#include "tests/support/madeupdevices.h"
#include "tests/support/testregistry.h"

#include <QJsonDocument>
#include <QLoggingCategory>
#include <QTest>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::DeliveryFixture;
using test::Listing;

namespace {

const DeliveryChange* changeOf(const DeliveryPlan& plan, DeliveredKind kind, const QString& id)
{
    const auto found = std::find_if(plan.changes.begin(), plan.changes.end(),
        [&](const DeliveryChange& change) { return change.kind == kind && change.id == id; });
    return found == plan.changes.end() ? nullptr : &*found;
}

QStringList accessOf(const DeliveryPlan& plan)
{
    QStringList lines;
    for (const auto& change : plan.access) {
        lines.append((change.gained ? u"+ "_s : u"- "_s) + change.userId + u' ' + change.route);
    }
    return lines;
}

DatabrokerRecord foreignUser(const QString& id)
{
    return { .type = recordtype::kDirectoryUser,
        .id = id,
        .typeUrl = kStructTypeUrl,
        .data = encodeDirectoryRecord(DirectoryUserRecord { .id = id }) };
}

Listing crowd(int count)
{
    Listing listing;
    for (int i = 0; i < count; ++i) {
        listing.user(u"user%1"_s.arg(i, 3, 10, QChar(u'0')));
    }
    return listing;
}

} // namespace

/// A delivery from the stored directory and policies to what a proxy holds.
class TstDelivery : public QObject
{
    Q_OBJECT

private slots:
    void planWritesNothing();
    void planSaysWhoGainsAndLosesByThisDelivery();
    void updatesShowFieldsSideBySide();
    void pushDeliversPeopleThenPolicies();
    void unchangedPushWritesNothing();
    void membershipRemovedIsRemovedAtTheProxy();
    void case20RecordsDeletedWithinTheHourAreTold();
    void planOfYesterdayIsRefused();
    void manyDeletionsAreHeldUntilTheirHashIsGiven();
    void emptyDirectoryIsHeld();
    void deletingAllRoutesIsHeld();
    void missingServiceLeavesPeopleTheirWay();
    void wrongSecretNeedsAPerson();
    void awayKeepsTheLastGoodState();
    void dropInMidPushIsHealedByTheNextPush();
    void brokenDeliveryOfAPlanSaysWhatBroke();
    void restartInMidPushEndsInStep();
    void recordChangedMeanwhileIsSettled();
    void leaseOfAnotherWriterStopsThePush();
    void cancelEndsWithoutHalfATruth();
    void foreignRecordsAreLeftAloneUntilSomebodyDecides();
    void foreignRecordsOfLaterAreNotDeletedUnseen();
    void keptRecordsAreNotShownAgain();
    void recordsFoundAsTheyShouldBeAreOursFromThenOn();
    void idsWithSlashesAndEmojiTravel();
    void readOnlyTargetsAreOnlyCompared();
    void secondDeliveryWaitsForTheFirst();
    void failuresByThemselvesFillOneLineOfHistory();
    void everyDeliveryIsAudited();
    void blockedPeopleAreKeptOutAtOnceAndByLaterDeliveries();
    void joinCheckNamesWhoDoesNotMatch();
    void nothingSecretIsSaid();
};

void TstDelivery::planWritesNothing()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target = fixture.addFullTarget();

    const auto plan = fixture.plan(target.id);

    QVERIFY2(plan, qPrintable(plan ? QString() : plan.error().toText()));
    QCOMPARE(plan->verdict, Verdict::Go);
    QCOMPARE(plan->counts.users.put, 3);
    QCOMPARE(plan->counts.groups.put, 2);
    QCOMPARE(plan->counts.routes.put, 1);
    QCOMPARE(plan->counts.policies.put, 1);
    QCOMPARE(fixture.putCount(), 0);
    QVERIFY(fixture.proxy.writes().isEmpty());
    QVERIFY(fixture.pushes(target.id).empty());
}

void TstDelivery::planSaysWhoGainsAndLosesByThisDelivery()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target = fixture.addFullTarget();
    QVERIFY(fixture.push(target.id));

    fixture.commit(DeliveryFixture::staff()
            .removeMember(u"engineering"_s, u"devops"_s)
            .members(u"engineering"_s, { u"bob"_s }));
    const auto plan = fixture.plan(target.id);

    QVERIFY(plan);
    QVERIFY(plan->accessKnown);
    QCOMPARE(accessOf(*plan), QStringList({ u"+ bob wiki"_s, u"- john wiki"_s }));
}

void TstDelivery::updatesShowFieldsSideBySide()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    QVERIFY(fixture.push(target.id));

    fixture.commit(DeliveryFixture::staff().removeMember(u"engineering"_s, u"devops"_s));
    const auto plan = fixture.plan(target.id);

    QVERIFY(plan);
    const auto* john = changeOf(*plan, DeliveredKind::User, u"john"_s);
    QVERIFY(john != nullptr);
    QCOMPARE(john->action, ChangeAction::Update);
    QCOMPARE(john->fields.size(), std::size_t { 1 });
    QCOMPARE(john->fields.front().before, u"devops\nengineering"_s);
    QCOMPARE(john->fields.front().after, u"devops"_s);
}

void TstDelivery::pushDeliversPeopleThenPolicies()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target = fixture.addFullTarget();

    const auto outcome = fixture.push(target.id);

    QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().toText()));
    QCOMPARE(outcome->push->outcome, PushOutcome::Succeeded);
    QCOMPARE(outcome->push->counts.users.put, 3);
    QCOMPARE(fixture.groupsAt(u"john"_s), QStringList({ u"devops"_s, u"engineering"_s }));
    QCOMPARE(fixture.proxy.routes().size(), 1);
    QCOMPARE(fixture.proxy.policies().size(), 1);
    const auto after = fixture.target(target.id);
    QCOMPARE(after.state, TargetState::InStep);
    QVERIFY(after.lastSuccessAt.has_value());
    QCOMPARE(after.generation, outcome->plan.generation);
    QVERIFY(after.recordVersion != 0);
}

void TstDelivery::unchangedPushWritesNothing()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target = fixture.addFullTarget();
    QVERIFY(fixture.push(target.id));
    fixture.broker.forgetCalls();
    fixture.proxy.forgetCalls();

    const auto again = fixture.push(target.id);

    QVERIFY(again);
    QCOMPARE(again->plan.verdict, Verdict::Nothing);
    QCOMPARE(again->plan.counts.users.unchanged, 3);
    QCOMPARE(fixture.putCount(), 0);
    QVERIFY(fixture.proxy.writes().isEmpty());
}

void TstDelivery::membershipRemovedIsRemovedAtTheProxy()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    QVERIFY(fixture.push(target.id));
    fixture.broker.forgetCalls();

    fixture.commit(DeliveryFixture::staff().removeMember(u"engineering"_s, u"devops"_s));
    QVERIFY(fixture.push(target.id));

    QCOMPARE(fixture.groupsAt(u"john"_s), QStringList({ u"devops"_s }));
    QCOMPARE(fixture.putCount(), 1);
}

void TstDelivery::case20RecordsDeletedWithinTheHourAreTold()
{
    DeliveryFixture fixture;
    fixture.commit(crowd(20));
    const auto target = fixture.addRecordsTarget();
    QVERIFY(fixture.push(target.id).hasValue());
    auto fewer = crowd(20);
    fixture.commit(fewer.removeUser(u"user000"_s));
    QVERIFY(fixture.push(target.id).hasValue());
    fixture.commit(crowd(21));

    const auto soon = fixture.plan(target.id);
    const std::chrono::minutes overAnHour { 61 };
    fixture.sync.clock.advance(overAnHour);
    fixture.broker.setClockAhead(overAnHour);
    const auto later = fixture.plan(target.id);

    const auto tells = [](const DeliveryPlan& plan) {
        return std::any_of(plan.notes.begin(), plan.notes.end(), [](const Message& note) {
            return note.english().startsWith(u"1 of the new records"_s);
        });
    };
    QVERIFY(soon.hasValue());
    QVERIFY(changeOf(*soon, DeliveredKind::User, u"user020"_s) != nullptr); // never deleted
    QVERIFY(tells(*soon));
    QVERIFY(later.hasValue());
    QVERIFY(!tells(*later));
}

void TstDelivery::planOfYesterdayIsRefused()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    const auto plan = fixture.plan(target.id);
    QVERIFY(plan);

    fixture.commit(DeliveryFixture::staff().user(u"eve"_s));
    const auto outcome = fixture.push(target.id, { .planHash = plan->planHash });

    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Stale);
    QCOMPARE(fixture.putCount(), 0);
    const auto same = fixture.plan(target.id);
    QVERIFY(fixture.push(target.id, { .planHash = same->planHash }));
}

void TstDelivery::manyDeletionsAreHeldUntilTheirHashIsGiven()
{
    DeliveryFixture fixture;
    fixture.commit(crowd(40));
    const auto target = fixture.addRecordsTarget();
    QVERIFY(fixture.push(target.id));
    fixture.commit(crowd(30));

    const auto held = fixture.push(target.id);

    QVERIFY(held);
    QCOMPARE(held->push->outcome, PushOutcome::Held);
    QCOMPARE(fixture.target(target.id).state, TargetState::Held);
    QCOMPARE(fixture.broker.records(recordtype::kDirectoryUser).size(), std::size_t { 40 });
    const auto wrong = fixture.push(target.id, { .allowHeld = u"0"_s });
    QCOMPARE(wrong.error().code, ErrorCode::Stale);
    const auto allowed = fixture.push(target.id, { .allowHeld = held->plan.planHash });
    QVERIFY2(allowed, qPrintable(allowed ? QString() : allowed.error().toText()));
    QCOMPARE(fixture.broker.records(recordtype::kDirectoryUser).size(), std::size_t { 30 });
    QCOMPARE(fixture.target(target.id).state, TargetState::InStep);
}

void TstDelivery::emptyDirectoryIsHeld()
{
    DeliveryFixture fixture;
    fixture.commit(crowd(3));
    const auto target = fixture.addRecordsTarget();
    QVERIFY(fixture.push(target.id));
    QVERIFY(fixture.sync.store->connections().remove(fixture.sync.id));

    const auto outcome = fixture.push(target.id);

    QVERIFY(outcome);
    QCOMPARE(outcome->plan.verdict, Verdict::Held);
    QCOMPARE(fixture.broker.records(recordtype::kDirectoryUser).size(), std::size_t { 3 });
}

void TstDelivery::deletingAllRoutesIsHeld()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target = fixture.addFullTarget();
    QVERIFY(fixture.push(target.id));
    auto& policies = fixture.sync.store->policies();
    const auto route = policies.route(u"wiki"_s);
    QVERIFY(route && policies.removeRoute(route->id));
    QVERIFY(policies.removePolicy(policies.policy(u"wiki policy"_s)->id));

    const auto outcome = fixture.push(target.id);

    QVERIFY(outcome);
    QCOMPARE(outcome->plan.verdict, Verdict::Held);
    QCOMPARE(fixture.proxy.routes().size(), 1);
}

void TstDelivery::missingServiceLeavesPeopleTheirWay()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    fixture.proxy.faults.hasService = false;
    const auto target = fixture.addFullTarget();

    const auto outcome = fixture.push(target.id);

    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::NotFound);
    QVERIFY(outcome.error().what.english().contains(target.name));
    QVERIFY2(!outcome.error().remedy.isEmpty(), qPrintable(outcome.error().toText()));
    QVERIFY(fixture.groupsAt(u"john"_s).has_value());
    QCOMPARE(fixture.target(target.id).state, TargetState::NeedsAttention);
}

void TstDelivery::wrongSecretNeedsAPerson()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    fixture.setSecret(target.id, QString::fromLatin1(QByteArray(32, 'x').toBase64()));

    const auto outcome = fixture.push(target.id);

    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Auth);
    QVERIFY(!outcome.error().remedy.isEmpty());
    const auto after = fixture.target(target.id);
    QCOMPARE(after.state, TargetState::NeedsAttention);
    QCOMPARE(after.lastError->code, ErrorCode::Auth);
}

void TstDelivery::awayKeepsTheLastGoodState()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    const auto first = fixture.push(target.id);
    QVERIFY(first);
    fixture.broker.goAway();
    fixture.commit(DeliveryFixture::staff().user(u"eve"_s));

    const auto outcome = fixture.push(target.id);

    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Network);
    const auto after = fixture.target(target.id);
    QCOMPARE(after.state, TargetState::Unreachable);
    QCOMPARE(after.generation, first->plan.generation);
    QVERIFY(after.lastSuccessAt.has_value());
    QVERIFY(std::any_of(fixture.progress.begin(), fixture.progress.end(),
        [](const auto& step) { return step.phase == DeliveryProgress::Phase::Waiting; }));
    fixture.broker.comeBack(false);
    QVERIFY(fixture.push(target.id));
    QVERIFY(fixture.groupsAt(u"eve"_s).has_value());
}

void TstDelivery::dropInMidPushIsHealedByTheNextPush()
{
    DeliveryFixture fixture;
    fixture.commit(crowd(1'200));
    const auto target = fixture.addRecordsTarget();
    fixture.broker.setFaults({ .dropAfterRecords = 700 });
    DeliveryControl once = fixture.control();
    once.attempts = 1;

    const auto broken = fixture.delivery().push({ .targetId = target.id }, once);
    QVERIFY(!broken);
    const auto healed = fixture.delivery().push({ .targetId = target.id }, once);

    QVERIFY2(healed, qPrintable(healed ? QString() : healed.error().toText()));
    QCOMPARE(fixture.broker.records(recordtype::kDirectoryUser).size(), std::size_t { 1'200 });
    const auto history = fixture.pushes(target.id);
    QCOMPARE(history.size(), std::size_t { 2 });
    QCOMPARE(history.back().outcome, PushOutcome::Failed);
    QVERIFY(history.back().counts.users.put > 0);
    QVERIFY(healed->push->counts.users.put < 1'200);
}

void TstDelivery::brokenDeliveryOfAPlanSaysWhatBroke()
{
    DeliveryFixture fixture;
    fixture.commit(crowd(1'200));
    const auto target = fixture.addRecordsTarget();
    const auto plan = fixture.plan(target.id);
    QVERIFY(plan);
    fixture.broker.setFaults({ .dropAfterRecords = 700 });

    const auto broken = fixture.push(target.id, { .planHash = plan->planHash });

    QVERIFY(!broken);
    QCOMPARE(broken.error().code, ErrorCode::Network);
    QVERIFY(fixture.pushes(target.id).front().counts.users.put > 0);
}

void TstDelivery::restartInMidPushEndsInStep()
{
    DeliveryFixture fixture;
    fixture.commit(crowd(1'200));
    const auto target = fixture.addRecordsTarget();
    fixture.broker.setFaults({ .beforePut = [&fixture](int put) {
        if (put == 2) {
            fixture.broker.restart();
        }
    } });

    const auto outcome = fixture.push(target.id);

    QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().toText()));
    QCOMPARE(fixture.broker.records(recordtype::kDirectoryUser).size(), std::size_t { 1'200 });
    QCOMPARE(fixture.target(target.id).state, TargetState::InStep);
}

void TstDelivery::recordChangedMeanwhileIsSettled()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    fixture.broker.setFaults({ .beforePut = [&fixture](int put) {
        if (put == 1) {
            fixture.broker.write({ foreignUser(u"john"_s) });
        }
    } });

    QVERIFY(fixture.push(target.id));

    QCOMPARE(fixture.groupsAt(u"john"_s), QStringList({ u"devops"_s, u"engineering"_s }));
}

void TstDelivery::leaseOfAnotherWriterStopsThePush()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    const auto other = fixture.broker.client(fixture.sync.clock);
    const QString originator = readTargetOptions(fixture.target(target.id))->originator;
    const QString lease = u"directory-sync/"_s + originator;
    const auto id = other->acquireLease(lease, std::chrono::seconds(60), {});
    QVERIFY(id);

    const auto outcome = fixture.push(target.id);

    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Held);
    QVERIFY(outcome.error().what.english().contains(fixture.broker.endpoint().address()));
    QVERIFY2(!outcome.error().remedy.isEmpty(), qPrintable(outcome.error().toText()));
    QCOMPARE(fixture.putCount(), 0);
    QVERIFY(other->releaseLease(lease, *id, {}));
    QVERIFY(fixture.push(target.id));
}

void TstDelivery::cancelEndsWithoutHalfATruth()
{
    DeliveryFixture fixture;
    fixture.commit(crowd(1'200));
    const auto target = fixture.addRecordsTarget();
    fixture.broker.setFaults({ .beforePut = [&fixture](int put) {
        if (put == 2) {
            fixture.stop.request_stop();
        }
    } });

    const auto outcome = fixture.push(target.id);

    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Cancelled);
    QCOMPARE(fixture.pushes(target.id).front().outcome, PushOutcome::Cancelled);
    QCOMPARE(fixture.target(target.id).state, TargetState::Behind);
    fixture.stop = {};
    fixture.broker.setFaults({});
    QVERIFY(fixture.push(target.id));
    QCOMPARE(fixture.broker.records(recordtype::kDirectoryUser).size(), std::size_t { 1'200 });
}

void TstDelivery::foreignRecordsAreLeftAloneUntilSomebodyDecides()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.broker.write({ foreignUser(u"stranger"_s) });
    const auto target = fixture.addRecordsTarget();

    const auto outcome = fixture.push(target.id);

    QVERIFY(outcome);
    QCOMPARE(outcome->plan.foreign.size(), std::size_t { 1 });
    QCOMPARE(outcome->plan.foreign.front().id, u"stranger"_s);
    QVERIFY(fixture.groupsAt(u"stranger"_s).has_value());
    const PushRequest remove { .choices = { .foreign = DeliveryChoices::Foreign::Delete } };
    QVERIFY(fixture.push(target.id, remove));
    QVERIFY(!fixture.groupsAt(u"stranger"_s).has_value());
}

void TstDelivery::foreignRecordsOfLaterAreNotDeletedUnseen()
{
    for (const auto choice :
        { DeliveryChoices::Foreign::Delete, DeliveryChoices::Foreign::Adopt }) {
        DeliveryFixture fixture;
        fixture.commit(DeliveryFixture::staff());
        fixture.broker.write({ foreignUser(u"stranger"_s) });
        const auto target = fixture.addRecordsTarget();
        DeliveryControl control = fixture.control();
        bool isWritten = false;
        control.progress = [&](const DeliveryProgress& step) {
            // After the comparison that the plan shows, before the one under the lease.
            if (step.phase == DeliveryProgress::Phase::Planning
                && !std::exchange(isWritten, true)) {
                fixture.broker.write({ foreignUser(u"late"_s) });
            }
        };

        const auto outcome = fixture.delivery().push(
            { .targetId = target.id, .choices = { .foreign = choice } }, control);

        QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().toText()));
        QVERIFY(!fixture.groupsAt(u"stranger"_s).has_value());
        QVERIFY(fixture.groupsAt(u"late"_s).has_value());
    }
}

void TstDelivery::keptRecordsAreNotShownAgain()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.broker.write({ foreignUser(u"stranger"_s) });
    const auto target = fixture.addRecordsTarget();

    const PushRequest keep { .choices = { .foreign = DeliveryChoices::Foreign::Keep } };
    QVERIFY(fixture.push(target.id, keep));
    const auto plan = fixture.plan(target.id);

    QVERIFY(plan);
    QVERIFY(plan->foreign.empty());
    QVERIFY(fixture.groupsAt(u"stranger"_s).has_value());
}

void TstDelivery::recordsFoundAsTheyShouldBeAreOursFromThenOn()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto first = fixture.addRecordsTarget();
    QVERIFY(fixture.push(first.id));
    // Another installation, or one that lost its database, at the same proxy.
    const auto second = fixture.addTarget({ { u"policy_channel"_s, u"none"_s } }, u"Again"_s);
    QVERIFY(fixture.push(second.id));

    fixture.commit(DeliveryFixture::staff().removeUser(u"bob"_s));
    QVERIFY(fixture.push(second.id));

    QVERIFY(!fixture.groupsAt(u"bob"_s).has_value());
}

void TstDelivery::idsWithSlashesAndEmojiTravel()
{
    DeliveryFixture fixture;
    const QString user = u"a/b/../😀%2F"_s;
    const QString group = u"grp/⚙ \"x\""_s;
    fixture.commit(Listing().user(user).group(group).members(group, { user }));
    fixture.addRoute(u"wiki"_s, u"plain"_s);
    const auto target = fixture.addFullTarget();

    const auto outcome = fixture.push(target.id);

    QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().toText()));
    QCOMPARE(fixture.groupsAt(user), QStringList({ group }));
    QCOMPARE(fixture.plan(target.id)->verdict, Verdict::Nothing);
}

void TstDelivery::readOnlyTargetsAreOnlyCompared()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addFullTarget();
    fixture.setOption(target.id, u"read_only"_s, u"true"_s);

    const auto outcome = fixture.push(target.id);
    const auto plan = fixture.plan(target.id);

    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::InvalidInput);
    QCOMPARE(outcome.error().field, u"read_only"_s);
    QVERIFY(plan);
    QCOMPARE(plan->counts.users.put, 3);
    QCOMPARE(fixture.putCount(), 0);
}

void TstDelivery::secondDeliveryWaitsForTheFirst()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    std::optional<Result<DeliveryOutcome>> second;
    fixture.broker.setFaults({ .beforePut = [&](int put) {
        if (put == 1) {
            auto store = Store::open(fixture.sync.storeOptions(), fixture.sync.clock).value();
            Delivery other({ .store = *store,
                .secrets = fixture.sync.secrets,
                .clock = fixture.sync.clock,
                .makeHttp = fixture.http() });
            second = other.push({ .targetId = target.id }, {});
        }
    } });

    QVERIFY(fixture.push(target.id));

    QVERIFY(second && !*second);
    QCOMPARE(second->error().code, ErrorCode::LimitExceeded);
    QCOMPARE(fixture.target(target.id).state, TargetState::InStep);
}

void TstDelivery::failuresByThemselvesFillOneLineOfHistory()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    fixture.broker.goAway();
    DeliveryControl byItself = fixture.control();
    byItself.trigger = PushTrigger::Commit;
    byItself.attempts = 1;

    for (int i = 0; i < 3; ++i) {
        QVERIFY(!fixture.delivery().push({ .targetId = target.id }, byItself));
    }

    QCOMPARE(fixture.pushes(target.id).size(), std::size_t { 1 });
}

void TstDelivery::everyDeliveryIsAudited()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();

    QVERIFY(fixture.push(target.id));

    const auto entries = fixture.sync.store->audit().list(0, 1'000);
    QVERIFY(entries);
    const auto found = std::find_if(entries->begin(), entries->end(),
        [](const AuditEntry& entry) { return entry.event == u"push_finished"; });
    QVERIFY(found != entries->end());
    QCOMPARE(found->subject, target.id);
    QVERIFY(found->details.contains(u"user:john"));
    QVERIFY(!found->details.contains(u"john@example.com"));
}

void TstDelivery::blockedPeopleAreKeptOutAtOnceAndByLaterDeliveries()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target = fixture.addFullTarget();
    QVERIFY(fixture.push(target.id));

    const auto blocked = fixture.delivery().setBlocked(
        { .targetId = target.id, .userId = u"john"_s }, fixture.control());

    QVERIFY2(blocked, qPrintable(blocked ? QString() : blocked.error().toText()));
    QCOMPARE(blocked->state, BlockReport::State::NotConfirmed);
    QCOMPARE(blocked->routes, std::vector<QString> { u"wiki"_s });
    QCOMPARE(fixture.proxy.policies().size(), 2);
    QCOMPARE(fixture.plan(target.id)->verdict, Verdict::Nothing);
    QVERIFY(fixture.delivery().setBlocked(
        { .targetId = target.id, .userId = u"john"_s, .blocked = false }, fixture.control()));
    QCOMPARE(fixture.plan(target.id)->verdict, Verdict::Nothing);
}

void TstDelivery::joinCheckNamesWhoDoesNotMatch()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    QVERIFY(fixture.push(target.id));
    fixture.broker.write({ test::userRecord(u"john"_s, u"John"_s, u"john@example.com"_s, {}),
        test::userRecord(u"oidc|7"_s, u"Alice"_s, u"alice@example.com"_s, {}) });

    const auto report = fixture.delivery().checkJoin(target.id, fixture.control());

    QVERIFY2(report, qPrintable(report ? QString() : report.error().toText()));
    QCOMPARE(report->summary().english(), u"1 of 2 known sign-ins have a directory record."_s);
    QCOMPARE(report->missing.size(), std::size_t { 1 });
    QCOMPARE(report->missing.front().userId, u"oidc|7"_s);
    QCOMPARE(report->missing.front().otherId, u"alice"_s);
    const auto files = fixture.addTarget(
        { { u"policy_channel"_s, u"none"_s }, { u"directory_channel"_s, u"none"_s } }, u"F"_s);
    QCOMPARE(fixture.delivery().checkJoin(files.id, fixture.control()).error().code,
        ErrorCode::InvalidInput);
}

void TstDelivery::nothingSecretIsSaid()
{
    static QStringList said;
    said.clear();
    const auto before = qInstallMessageHandler(
        [](QtMsgType, const QMessageLogContext&, const QString& text) { said.append(text); });
    QLoggingCategory::setFilterRules(u"portreeve.*=true"_s);
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target = fixture.addFullTarget();

    const auto good = fixture.push(target.id);
    const QString other = QString::fromLatin1(QByteArray(32, 'x').toBase64());
    fixture.setSecret(target.id, other);
    const auto bad = fixture.push(target.id);
    QLoggingCategory::setFilterRules(QString());
    qInstallMessageHandler(before);

    QVERIFY(good && !bad);
    said.append(bad.error().toText());
    said.append(QString::fromUtf8(QJsonDocument(good->plan.toJson()).toJson()));
    const auto entries = fixture.sync.store->audit().list(0, 1'000);
    QVERIFY(entries);
    for (const auto& entry : *entries) {
        said.append(entry.details);
    }
    for (const auto& push : fixture.pushes(target.id)) {
        said.append(push.error ? push.error->toText() : QString());
    }
    const QString all = said.join(u'\n');
    QVERIFY(!all.contains(DeliveryFixture::secretText()));
    QVERIFY(!all.contains(other));
    QVERIFY2(!all.contains(u"eyJ"), "a token");
}

static const bool kDeliveryRegistered = test::registerTestClass<TstDelivery>("delivery");

} // namespace portreeve

#include "tst_delivery.moc"
