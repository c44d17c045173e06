// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/syncfixture.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::Listing;
using test::SyncFixture;

namespace {

/// The first @p gone people of the crowd are missing.
Listing withoutUsers(Listing listing, int gone)
{
    for (int i = 0; i < gone; ++i) {
        listing.removeUser(u"u%1"_s.arg(i, 3, 10, QLatin1Char('0')));
    }
    return listing;
}

/// Syncs @p after over what is stored and rejects the removals that are held.
bool rejects(SyncFixture& fixture, const Listing& after)
{
    fixture.directory.answer(after);
    const auto held = fixture.sync();
    return held && held->plan.verdict == Verdict::Held
        && fixture.runner().rejectHold(fixture.id, fixture.hold()->planHash, u"admin"_s).hasValue();
}

} // namespace

/// Rejected removals: kept until the provider lists the object again.
class TstPins : public QObject
{
    Q_OBJECT

private slots:
    void aRevertKeepsThem();
    void groupIdsWithColonsArePinnedToo();
};

void TstPins::aRevertKeepsThem()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(20));
    QVERIFY(fixture.sync().hasValue());
    Listing renamed = test::crowd(20);
    renamed.userOf(u"u019"_s).displayName = u"Nineteen"_s;
    fixture.directory.answer(renamed);
    const auto run = fixture.sync();
    QVERIFY(run.hasValue());
    QVERIFY(rejects(fixture, withoutUsers(renamed, 15)));
    const auto pinned = fixture.stored().pinned;
    QVERIFY(!pinned.empty());

    const auto plan = fixture.runner().planRevert(run->run->id);
    QVERIFY(plan.hasValue());
    QVERIFY(fixture.runner().applyPlan(*plan, std::nullopt, { .trigger = RunTrigger::Revert }));

    QCOMPARE(fixture.stored().pinned, pinned);
    const auto next = fixture.sync();
    QVERIFY(next.hasValue());
    QCOMPARE(next->plan.counts.users.removed, 0);
    QCOMPARE(fixture.live()->userCount(), 20U);
}

void TstPins::groupIdsWithColonsArePinnedToo()
{
    SyncFixture fixture;
    const QString unit = u"ou:50%:sales"_s;
    Listing listing = test::crowd(20).group(unit, GroupKind::OrgUnit);
    Listing emptied = listing;
    std::vector<QString> everybody;
    for (const UserRecord& user : listing.users) {
        everybody.push_back(user.id);
    }
    listing.members(unit, everybody);
    fixture.directory.answer(listing);
    QVERIFY(fixture.sync().hasValue());

    QVERIFY(rejects(fixture, emptied));

    const auto next = fixture.sync();
    QVERIFY(next.hasValue());
    QCOMPARE(next->plan.verdict, Verdict::Nothing);
    QCOMPARE(fixture.live()->memberUsers(fixture.live()->findGroup(unit)).size(), 20U);
}

static const bool kPinsRegistered = test::registerTestClass<TstPins>("pins");

} // namespace portreeve

#include "tst_pins.moc"
