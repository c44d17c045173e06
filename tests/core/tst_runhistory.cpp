// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/syncfixture.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

using test::SyncFixture;

namespace {
constexpr auto kDay = 24h;
}

class TstRunHistory : public QObject
{
    Q_OBJECT

private slots:
    void singleChangesAreForgottenAfterTheirTimeAndCountsStay();
    void aForgottenRunIsNotReverted();
    void changesOfRunsThatStayAreStillRead();
};

void TstRunHistory::singleChangesAreForgottenAfterTheirTimeAndCountsStay()
{
    SyncFixture fixture;
    QVERIFY(fixture.store->settings().setInteger(Setting::RunHistoryDays, 30).hasValue());
    fixture.directory.answer(test::crowd(3));
    QVERIFY(fixture.sync().hasValue());
    fixture.clock.advance(30 * kDay);
    fixture.directory.answer(test::crowd(4));
    QVERIFY(fixture.sync().hasValue());
    QVERIFY(fixture.runs().back().changesKept); // thirty days to the second are not over

    fixture.clock.advance(1min);
    fixture.directory.answer(test::crowd(5));
    QVERIFY(fixture.sync().hasValue());

    const RunRecord oldest = fixture.runs().back();
    QVERIFY(!oldest.changesKept);
    QCOMPARE(oldest.counts.users.added, 3);
    QVERIFY(fixture.store->runs().changes(oldest.id, 0, 100)->empty());
}

void TstRunHistory::aForgottenRunIsNotReverted()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(3));
    QVERIFY(fixture.sync().hasValue());
    fixture.clock.advance(366 * kDay);
    fixture.directory.answer(test::crowd(4));
    QVERIFY(fixture.sync().hasValue());

    const auto plan = fixture.runner().planRevert(fixture.runs().back().id);

    QVERIFY(!plan.hasValue());
    QCOMPARE(plan.error().code, ErrorCode::InvalidInput);
    QVERIFY(plan.error().what.english().contains(u"no longer kept"));
    QVERIFY(!plan.error().remedy.isEmpty());
}

void TstRunHistory::changesOfRunsThatStayAreStillRead()
{
    SyncFixture fixture;
    fixture.directory.answer(test::crowd(3));
    QVERIFY(fixture.sync().hasValue());
    fixture.clock.advance(366 * kDay);
    fixture.directory.answer(test::crowd(4));
    QVERIFY(fixture.sync().hasValue());

    const RunRecord newest = fixture.runs().front();

    QVERIFY(newest.changesKept);
    QCOMPARE(fixture.store->runs().changes(newest.id, 0, 100)->size(), std::size_t(2));
    QVERIFY(fixture.store->check()->empty());
}

static const bool kRegistered = test::registerTestClass<TstRunHistory>("runhistory");

} // namespace portreeve

#include "tst_runhistory.moc"
