// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/blocklift.h"
#include "core/proxy/delivery/duetargets.h"
#include "tests/support/deliveryfixture.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

using test::DeliveryFixture;
using test::Listing;

/// A block ends two minutes after the directory change it was ahead of (proxy.md 5.5), and never
/// for another reason.
class TstBlockLift : public QObject
{
    Q_OBJECT

private slots:
    void aBlockEndsTwoMinutesAfterTheRecordIsGone();
    void historyAndAuditSayThatItEnded();
    void onlyTheOneWhoLeftIsLetGo();
    void whoIsStillInTheDirectoryStaysOut();
    void whoComesBackStaysOut();
    void whoWasNeverInTheRecordsStaysOut();
    void whoWasSuspendedBeforeTheBlockIsLetGo();
    void whoIsBlockedAnewStaysOut();
    void aRemovalThatDidNotArriveEndsNothing();
    void anIncompleteReadEndsNothing();
    void aFailedDeliveryEndsNothing();
    void withoutRecordsNobodyCanBeToldGone();
    void aRecordOfSomebodyElseKeepsTheBlock();
    void theTimeAloneMakesATargetDue();
};

namespace {

const QString kJohn = u"john"_s;

/// A target with a wiki and the staff, and john just blocked.
struct BlockedJohn : DeliveryFixture
{
    BlockedJohn()
    {
        commit(staff());
        addRoute(u"wiki"_s, u"engineering"_s);
        target = addFullTarget();
        deliver();
        block(kJohn);
    }

    void block(const QString& userId)
    {
        if (!delivery().setBlocked({ .targetId = target.id, .userId = userId }, control())) {
            qFatal("not blocked");
        }
    }

    void deliver()
    {
        const auto pushed = push(target.id);
        if (!pushed) {
            qFatal("%s", qPrintable(pushed.error().toText()));
        }
    }

    void commitWithoutJohn() { commit(staff().removeUser(kJohn)); }

    /// For the proxy, too: it checks tokens by its own clock.
    void pass(std::chrono::milliseconds time)
    {
        sync.clock.advance(time);
        m_passed += time;
        broker.setClockAhead(m_passed);
    }

    std::vector<BlockedUser> blocked()
    {
        return sync.store->targets().blockedUsers(target.id).value();
    }

    bool isOut(const QString& userId) const
    {
        const auto policies = proxy.policies();
        return std::any_of(policies.begin(), policies.end(), [&](const QJsonObject& policy) {
            const auto text = policy.value(u"sourcePpl"_s).toString();
            return text.contains(u"deny") && text.contains(u'"' + userId + u'"');
        });
    }

    ProxyTarget target {};

private:
    std::chrono::milliseconds m_passed { 0 };
};

} // namespace

void TstBlockLift::aBlockEndsTwoMinutesAfterTheRecordIsGone()
{
    BlockedJohn on;
    on.commitWithoutJohn();
    on.deliver();
    QVERIFY(!on.groupsAt(kJohn));

    on.pass(119s);
    QCOMPARE(on.plan(on.target.id)->verdict, Verdict::Nothing);
    on.deliver();
    QVERIFY(on.isOut(kJohn));

    on.pass(1s);
    const auto plan = on.plan(on.target.id);
    QCOMPARE(plan->verdict, Verdict::Go);
    QVERIFY(std::any_of(plan->notes.begin(), plan->notes.end(), [](const Message& note) {
        return note.english().contains(u"The block on john is lifted");
    }));
    QCOMPARE(on.blocked().size(), std::size_t { 1 }); // looking lifts nothing
    on.deliver();

    QVERIFY(!on.isOut(kJohn));
    QVERIFY(on.blocked().empty());
    QCOMPARE(on.plan(on.target.id)->verdict, Verdict::Nothing);
}

void TstBlockLift::historyAndAuditSayThatItEnded()
{
    BlockedJohn on;
    on.commitWithoutJohn();
    on.deliver();
    on.pass(2min);

    on.deliver();

    const auto notes = on.pushes(on.target.id).front().notes;
    QVERIFY(std::any_of(notes.begin(), notes.end(),
        [](const QString& note) { return note.contains(u"The block on john is lifted"); }));
    const auto audit = on.sync.store->audit().list(0, 100).value();
    QVERIFY(std::any_of(audit.begin(), audit.end(), [&](const AuditEntry& entry) {
        return entry.event == u"user_unblocked" && entry.actor == u"system"
            && entry.subject == on.target.id && entry.details.contains(u"left_directory");
    }));
}

void TstBlockLift::onlyTheOneWhoLeftIsLetGo()
{
    BlockedJohn on;
    on.block(u"alice"_s);
    on.commitWithoutJohn();
    on.deliver();
    on.pass(2min);

    on.deliver();

    QVERIFY(!on.isOut(kJohn));
    QVERIFY(on.isOut(u"alice"_s));
    QCOMPARE(on.blocked().size(), std::size_t { 1 });
}

void TstBlockLift::whoIsStillInTheDirectoryStaysOut()
{
    BlockedJohn on;
    on.deliver();
    on.pass(24h);

    on.deliver();

    QVERIFY(on.isOut(kJohn));
    QVERIFY(!on.blocked().front().absentSince);
}

void TstBlockLift::whoComesBackStaysOut()
{
    BlockedJohn on;
    on.commitWithoutJohn();
    on.deliver();
    on.pass(1min);
    on.commit(DeliveryFixture::staff());
    on.pass(5min);

    on.deliver();

    QVERIFY(on.isOut(kJohn));
    QVERIFY(!on.blocked().front().absentSince);
}

/// Nothing tells such an id from one whose records travel another way.
void TstBlockLift::whoWasNeverInTheRecordsStaysOut()
{
    BlockedJohn on;
    on.block(u"guest"_s);
    on.deliver();
    on.pass(24h);

    on.deliver();

    QVERIFY(on.isOut(u"guest"_s));
}

void TstBlockLift::whoWasSuspendedBeforeTheBlockIsLetGo()
{
    BlockedJohn on;
    auto listing = DeliveryFixture::staff();
    listing.userOf(u"bob"_s).state = UserState::Suspended;
    on.commit(listing);
    on.deliver();
    on.block(u"bob"_s);
    QVERIFY(!on.blocked().front().exported);

    on.deliver();
    QVERIFY(on.isOut(u"bob"_s));
    on.pass(2min);
    on.deliver();

    QVERIFY(!on.isOut(u"bob"_s));
    QVERIFY(on.isOut(kJohn));
}

void TstBlockLift::whoIsBlockedAnewStaysOut()
{
    BlockedJohn on;
    on.commitWithoutJohn();
    on.deliver();
    on.pass(2min);

    on.block(kJohn);
    on.deliver();
    QVERIFY(on.isOut(kJohn));
    on.pass(2min);
    on.deliver();

    QVERIFY(!on.isOut(kJohn));
}

void TstBlockLift::aRemovalThatDidNotArriveEndsNothing()
{
    BlockedJohn on;
    on.commitWithoutJohn();
    on.pass(24h);

    on.deliver(); // takes him out of the records only now

    QVERIFY(on.isOut(kJohn));
    QVERIFY(on.blocked().front().absentSince);
}

void TstBlockLift::anIncompleteReadEndsNothing()
{
    BlockedJohn on;
    auto listing = DeliveryFixture::staff().removeUser(kJohn);
    listing.usersComplete = false;
    on.commit(listing);
    on.deliver();
    on.pass(24h);

    on.deliver();

    QVERIFY(on.isOut(kJohn));
    QVERIFY(!on.blocked().front().absentSince);
}

void TstBlockLift::aFailedDeliveryEndsNothing()
{
    BlockedJohn on;
    on.commitWithoutJohn();
    on.deliver();
    on.pass(2min);
    on.proxy.faults.writesUntilBreak = 0;

    QVERIFY(!on.push(on.target.id));

    QCOMPARE(on.blocked().size(), std::size_t { 1 });
    on.proxy.faults.writesUntilBreak = -1;
    on.deliver();
    QVERIFY(on.blocked().empty());
    QVERIFY(!on.isOut(kJohn));
}

void TstBlockLift::withoutRecordsNobodyCanBeToldGone()
{
    BlockedJohn on;
    on.commitWithoutJohn();
    on.deliver();
    on.setOption(on.target.id, u"directory_channel"_s, u"none"_s);
    on.pass(24h);

    QVERIFY(!on.push(on.target.id)); // the wiki asks for groups, which it gets no longer

    QVERIFY(on.isOut(kJohn));
}

void TstBlockLift::aRecordOfSomebodyElseKeepsTheBlock()
{
    BlockedJohn on;
    on.block(u"bob"_s);
    QVERIFY(on.sync.store->targets().setKept(on.target.id, DeliveredKind::User, { u"bob"_s }));
    on.commit(DeliveryFixture::staff().removeUser(u"bob"_s));
    on.deliver();
    on.pass(24h);

    on.deliver();

    QVERIFY(on.isOut(u"bob"_s));
}

void TstBlockLift::theTimeAloneMakesATargetDue()
{
    BlockedJohn on;
    on.commitWithoutJohn();
    on.deliver();
    auto& store = *on.sync.store;
    const auto gone = *on.blocked().front().absentSince;

    const auto early = lookAtTargets(store, -1, gone + 119s).value();
    const auto late = lookAtTargets(store, -1, gone + 2min).value();

    QVERIFY(early.changesAt == gone + kBlockOutlivesRecord);
    QVERIFY(!late.changesAt);
    QVERIFY(early.targets.front().fingerprint != late.targets.front().fingerprint);
}

static const bool kBlockLiftRegistered = test::registerTestClass<TstBlockLift>("blocklift");

} // namespace portreeve

#include "tst_blocklift.moc"
