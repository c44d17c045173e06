// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/database.h"
#include "tests/support/syncfixture.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

using test::Listing;
using test::SyncFixture;

namespace {

constexpr auto kDay = 24h;

Listing wholeCrowd()
{
    return test::crowd(100);
}

std::size_t graveCount(SyncFixture& fixture)
{
    return fixture.store->directory().tombstones(fixture.id).value().size();
}

qsizetype purgesTold(SyncFixture& fixture)
{
    const auto audit = fixture.store->audit().list(0, 1'000).value();
    return std::ranges::count(audit, u"tombstones_purged"_s, &AuditEntry::event);
}

/// The row a person has in the store: what history and references hang on.
std::int64_t rowOf(SyncFixture& fixture, const QString& user)
{
    const auto database = Database::open({ .path = fixture.databasePath() });
    return (*database)->number(u"SELECT key FROM directory_user WHERE id = ?"_s, user).value();
}

/// Everyone there, then one of them and one more group gone.
void removeOne(SyncFixture& fixture, const QString& user)
{
    fixture.directory.answer(wholeCrowd().group(u"project"_s));
    QVERIFY(fixture.sync().hasValue());
    fixture.directory.answer(wholeCrowd().removeUser(user));
    const auto outcome = fixture.sync();
    QVERIFY(outcome.hasValue());
    QCOMPARE(outcome->plan.verdict, Verdict::Go);
    QCOMPARE(graveCount(fixture), 2U);
}

} // namespace

/// How long removed people and groups are kept, and what their purge means (sync-lifecycle.md 2.1,
/// 2.3, 6).
class TstTombstones : public QObject
{
    Q_OBJECT

private slots:
    void theyAreKeptForTheRetentionAndNoLonger_data();
    void theyAreKeptForTheRetentionAndNoLonger();
    void someoneWhoReturnsAfterThePurgeIsNew_data();
    void someoneWhoReturnsAfterThePurgeIsNew();
    void protectionOutlivesThePurge();
    void thoseOfAnotherConnectionStay();
    void aRemovedConnectionTakesItsOwnAlong();
};

void TstTombstones::theyAreKeptForTheRetentionAndNoLonger_data()
{
    QTest::addColumn<std::chrono::milliseconds>("retention");
    QTest::addColumn<std::chrono::milliseconds>("kept");
    const auto row = [](const char* name, auto retention, auto kept) {
        QTest::addRow("%s", name) << std::chrono::milliseconds(retention)
                                  << std::chrono::milliseconds(kept);
    };
    row("as it comes", SyncRules().tombstoneRetention, 90 * kDay);
    row("longer", 200 * kDay, 200 * kDay);
    row("never under thirty days", 1 * kDay, 30 * kDay);
}

void TstTombstones::theyAreKeptForTheRetentionAndNoLonger()
{
    QFETCH(std::chrono::milliseconds, retention);
    QFETCH(std::chrono::milliseconds, kept);
    SyncFixture fixture;
    fixture.update([&](Connection& staff) { staff.rules.tombstoneRetention = retention; });
    removeOne(fixture, u"u007"_s);

    fixture.clock.advance(kept - 1min);
    QVERIFY(fixture.sync(RunTrigger::Schedule).hasValue());

    QCOMPARE(graveCount(fixture), 2U);
    QCOMPARE(purgesTold(fixture), 0);

    fixture.clock.advance(1min + 1ms);
    QVERIFY(fixture.sync(RunTrigger::Schedule).hasValue());

    QCOMPARE(graveCount(fixture), 0U);
    QCOMPARE(fixture.live()->userCount(), 99U);
    const auto audit = fixture.store->audit().list(0, 1'000).value();
    const auto told = std::ranges::find(audit, u"tombstones_purged"_s, &AuditEntry::event);
    QVERIFY(told != audit.end());
    QCOMPARE(told->subject, fixture.id);
    QCOMPARE(told->actor, u"system"_s);
    QCOMPARE(told->details, u"{\"count\":2}"_s);
    QVERIFY(fixture.store->check().value().empty());

    QVERIFY(fixture.sync(RunTrigger::Schedule).hasValue());
    QCOMPARE(purgesTold(fixture), 1);
}

void TstTombstones::someoneWhoReturnsAfterThePurgeIsNew_data()
{
    QTest::addColumn<std::chrono::milliseconds>("away");
    QTest::addColumn<bool>("sameRow");
    QTest::addColumn<bool>("flapped");
    QTest::addRow("within days") << std::chrono::milliseconds(6 * kDay) << true << true;
    QTest::addRow("before the purge") << std::chrono::milliseconds(89 * kDay) << true << false;
    QTest::addRow("after it") << std::chrono::milliseconds(90 * kDay + 1ms) << false << false;
}

void TstTombstones::someoneWhoReturnsAfterThePurgeIsNew()
{
    QFETCH(std::chrono::milliseconds, away);
    QFETCH(bool, sameRow);
    QFETCH(bool, flapped);
    SyncFixture fixture;
    removeOne(fixture, u"u007"_s);
    const std::int64_t row = rowOf(fixture, u"u007"_s);
    fixture.clock.advance(away);
    QVERIFY(fixture.sync(RunTrigger::Schedule).hasValue());
    fixture.directory.answer(wholeCrowd());

    const auto outcome = fixture.sync();

    QVERIFY(outcome.hasValue());
    QCOMPARE(outcome->run->counts.users.added, 1);
    QVERIFY(fixture.live()->findUser(u"u007") != kNoRow);
    QCOMPARE(rowOf(fixture, u"u007"_s) == row, sameRow);
    QCOMPARE(!fixture.runs().front().notes.empty(), flapped);
    QVERIFY(fixture.store->check().value().empty());
}

void TstTombstones::protectionOutlivesThePurge() // G7
{
    SyncFixture fixture;
    fixture.directory.answer(wholeCrowd().group(u"project"_s));
    QVERIFY(fixture.sync().hasValue());
    for (const QString& admin : { u"u000"_s, u"u007"_s }) {
        QVERIFY(fixture.store->directory().setProtected(fixture.id, admin, true, u"ann"_s));
    }
    removeOne(fixture, u"u007"_s);
    fixture.clock.advance(91 * kDay);
    QVERIFY(fixture.sync().hasValue());
    QCOMPARE(graveCount(fixture), 0U);
    fixture.directory.answer(wholeCrowd());
    QVERIFY(fixture.sync().hasValue());
    fixture.directory.answer(wholeCrowd().removeUser(u"u000"_s));
    QVERIFY(fixture.sync().hasValue());
    QCOMPARE(fixture.live()->findUser(u"u000"), kNoRow);

    fixture.directory.answer(wholeCrowd().removeUser(u"u000"_s).removeUser(u"u007"_s));
    const auto outcome = fixture.sync();

    QVERIFY(outcome.hasValue());
    QCOMPARE(outcome->plan.verdict, Verdict::Held);
    QCOMPARE(outcome->plan.trips.front().guard, GuardId::G7);
    QVERIFY(fixture.live()->findUser(u"u007") != kNoRow);
}

void TstTombstones::thoseOfAnotherConnectionStay()
{
    SyncFixture fixture;
    removeOne(fixture, u"u007"_s);
    const QString other = fixture.addConnection(u"Partners"_s);
    fixture.clock.advance(91 * kDay);

    QVERIFY(fixture.runner().sync(other, {}).hasValue());

    QCOMPARE(graveCount(fixture), 2U);
}

// Whoever is listed by a connection added later is matched by its new id (2.3 R1): there is nobody
// a tombstone could bring back, and personal data is not kept without a use. Runs and audit stay.
void TstTombstones::aRemovedConnectionTakesItsOwnAlong()
{
    SyncFixture fixture;
    removeOne(fixture, u"u007"_s);
    const QString removed = fixture.id;
    const std::size_t runs = fixture.runs().size();

    QVERIFY(fixture.store->connections().remove(removed, { .actor = u"ann"_s }).hasValue());

    QCOMPARE(graveCount(fixture), 0U);
    QCOMPARE(rowOf(fixture, u"u007"_s), 0);
    QCOMPARE(rowOf(fixture, u"u000"_s), 0);
    QCOMPARE(fixture.runs().size(), runs);
    QCOMPARE(fixture.store->audit().list(0, 1'000)->back().event, u"connection_removed"_s);
    QVERIFY(fixture.store->check().value().empty());
    fixture.id = fixture.addConnection(u"Staff"_s);
    fixture.directory.answer(wholeCrowd());
    const auto outcome = fixture.sync();
    QVERIFY(outcome.hasValue());
    QVERIFY(outcome->plan.firstRun);
    QVERIFY(outcome->run->notes.empty());
    QCOMPARE(outcome->run->counts.users.added, 100);
}

static const bool kTombstonesRegistered = test::registerTestClass<TstTombstones>("tombstones");

} // namespace portreeve

#include "tst_tombstones.moc"
