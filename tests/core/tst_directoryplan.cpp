// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/pushfixture.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::directoryGroup;
using test::directoryOf;
using test::directoryUser;
using test::PushFixture;
using test::recordOf;
using test::userRecordFromJson;

/// The comparison and the guard of proxy.md 5.4; numbers are those of proxy.md 5.6.
class TstDirectoryPlan : public QObject
{
    Q_OBJECT

private slots:
    void case02TheOrderOfGroupsIsNoChange_data();
    void case02TheOrderOfGroupsIsNoChange();
    void case11ForeignDataUnderOurTypeIsCorruptAndReplaced();
    void aPlanNamesWhatChanges();
    void foreignRecordsWaitForAChoice_data();
    void foreignRecordsWaitForAChoice();
    void keptRecordsAreLeftAlone();
    void theGuardCountsDeletions_data();
    void theGuardCountsDeletions();
    void anEmptyDirectoryIsHeldHoweverFewRecordsThereAre();
    void aPartialDirectoryIsHeld();
    void batchesKeepToBothLimits();
    void revocationsCanGoFirst();
    void planningWritesNothing();
};

void TstDirectoryPlan::case02TheOrderOfGroupsIsNoChange_data()
{
    QTest::addColumn<std::vector<QString>>("remote");
    QTest::addColumn<int>("changes");
    QTest::addRow("b, a") << std::vector { u"b"_s, u"a"_s } << 0;
    QTest::addRow("a, a") << std::vector { u"a"_s, u"a"_s } << 1;
    QTest::addRow("a") << std::vector { u"a"_s } << 1;
}

void TstDirectoryPlan::case02TheOrderOfGroupsIsNoChange()
{
    QFETCH(std::vector<QString>, remote);
    QFETCH(int, changes);
    PushFixture fixture;
    fixture.server.write({ recordOf(directoryUser(u"ann"_s, remote)) });

    const auto plan = fixture.plan({ .users = { directoryUser(u"ann"_s, { u"a"_s, u"b"_s }) } });

    QCOMPARE(int(plan.changes.size()), changes);
    QCOMPARE(plan.users.unchanged, 1 - changes);
}

void TstDirectoryPlan::case11ForeignDataUnderOurTypeIsCorruptAndReplaced()
{
    PushFixture fixture;
    auto record = recordOf(directoryUser(u"ann"_s));
    record.typeUrl = u"type.googleapis.com/user.User"_s;
    fixture.server.write({ record });
    const DirectoryRecords desired { .users = { directoryUser(u"ann"_s) } };

    const auto plan = fixture.plan(desired);
    const auto outcome = fixture.push(desired);

    QCOMPARE(plan.changes.size(), std::size_t { 1 });
    QVERIFY(plan.changes.front().isCorrupt);
    QVERIFY(outcome.state == PushState::Done);
    QCOMPARE(fixture.remoteUsers().front().toJson(), directoryUser(u"ann"_s).toJson());
}

void TstDirectoryPlan::aPlanNamesWhatChanges()
{
    PushFixture fixture;
    fixture.server.write({ recordOf(directoryUser(u"ann"_s, { u"g1"_s, u"g2"_s })),
        recordOf(directoryUser(u"bob"_s)), recordOf(directoryUser(u"old"_s)) });
    fixture.ownership.users.ours = { u"ann"_s, u"old"_s };

    const auto plan = fixture.plan({ .groups = { directoryGroup(u"g1"_s) },
        .users = { directoryUser(u"ann"_s, { u"g1"_s }), directoryUser(u"bob"_s, { u"g1"_s }),
            directoryUser(u"new"_s) } });

    QCOMPARE(plan.changes.size(), std::size_t { 5 });
    QVERIFY(plan.changes[0].kind == DirectoryRecordKind::Group);
    QVERIFY(plan.changes[0].action == RecordAction::Add);
    QCOMPARE(plan.changes[0].label, u"G1"_s);
    QCOMPARE(plan.changes[1].id, u"ann"_s);
    QVERIFY(plan.changes[1].losesGroups);
    QVERIFY(!plan.changes[1].isTakeover);
    QCOMPARE(plan.changes[2].id, u"bob"_s);
    QVERIFY(plan.changes[2].isTakeover);
    QVERIFY(!plan.changes[2].losesGroups);
    QCOMPARE(plan.changes[3].id, u"new"_s);
    QCOMPARE(plan.changes[4].id, u"old"_s);
    QVERIFY(plan.changes[4].action == RecordAction::Delete);
    QCOMPARE(plan.changes[4].label, u"OLD"_s);
    QCOMPARE(plan.users.added, 1);
    QCOMPARE(plan.users.updated, 2);
    QCOMPARE(plan.users.deleted, 1);
    QCOMPARE(plan.groups.added, 1);
    QCOMPARE(plan.remoteRecords, 3);
}

void TstDirectoryPlan::foreignRecordsWaitForAChoice_data()
{
    QTest::addColumn<ForeignChoice>("choice");
    QTest::addColumn<int>("deletions");
    QTest::addColumn<int>("listed");
    QTest::addColumn<bool>("held");
    QTest::addRow("undecided") << ForeignChoice::Undecided << 0 << 20 << false;
    QTest::addRow("adopt") << ForeignChoice::Adopt << 20 << 0 << true;
    QTest::addRow("delete") << ForeignChoice::Delete << 20 << 0 << false;
    QTest::addRow("keep") << ForeignChoice::Keep << 0 << 20 << false;
}

void TstDirectoryPlan::foreignRecordsWaitForAChoice()
{
    QFETCH(ForeignChoice, choice);
    QFETCH(int, deletions);
    QFETCH(int, listed);
    QFETCH(bool, held);
    PushFixture fixture;
    for (const auto& user : directoryOf(20).users) {
        fixture.server.write({ recordOf(user) });
    }
    fixture.ownership.foreign = choice;

    const auto plan = fixture.plan({ .users = { directoryUser(u"ann"_s) } });

    QCOMPARE(plan.deletions(), deletions);
    QCOMPARE(int(plan.foreign.size()), listed);
    QCOMPARE(!plan.holds.empty(), held);
}

void TstDirectoryPlan::keptRecordsAreLeftAlone()
{
    PushFixture fixture;
    fixture.server.write({ recordOf(directoryUser(u"theirs"_s)) });
    fixture.ownership.users.kept = { u"theirs"_s };
    fixture.ownership.foreign = ForeignChoice::Delete;

    const auto plan = fixture.plan({});

    QCOMPARE(plan.changes.size(), std::size_t { 0 });
    QCOMPARE(plan.users.kept, 1);
}

void TstDirectoryPlan::theGuardCountsDeletions_data()
{
    QTest::addColumn<int>("remote");
    QTest::addColumn<int>("deleted");
    QTest::addColumn<bool>("held");
    QTest::addRow("5 of 10") << 10 << 5 << false;
    QTest::addRow("6 of 10") << 10 << 6 << true;
    QTest::addRow("10 of 100") << 100 << 10 << false;
    QTest::addRow("11 of 100") << 100 << 11 << true;
}

void TstDirectoryPlan::theGuardCountsDeletions()
{
    QFETCH(int, remote);
    QFETCH(int, deleted);
    QFETCH(bool, held);
    PushFixture fixture;
    auto records = directoryOf(remote);
    QVERIFY(fixture.push(records).state == PushState::Done);
    records.users.resize(records.users.size() - std::size_t(deleted));

    const auto plan = fixture.plan(records);

    QCOMPARE(plan.deletions(), deleted);
    QCOMPARE(!plan.holds.empty(), held);
    if (held) {
        const auto reason = holdReason(plan, plan.holds.front()).english();
        QVERIFY2(reason.contains(u"%1 of %2"_s.arg(deleted).arg(remote)), qPrintable(reason));
    }
}

void TstDirectoryPlan::anEmptyDirectoryIsHeldHoweverFewRecordsThereAre()
{
    PushFixture fixture;
    QVERIFY(fixture.push(directoryOf(2)).state == PushState::Done);

    const auto plan = fixture.plan({});

    QVERIFY(plan.holds == std::vector { PlanHold::EmptyDirectory });
}

void TstDirectoryPlan::aPartialDirectoryIsHeld()
{
    PushFixture fixture;
    fixture.isPartial = true;

    QVERIFY(fixture.plan(directoryOf(2)).holds == std::vector { PlanHold::PartialDirectory });
}

void TstDirectoryPlan::batchesKeepToBothLimits()
{
    PushFixture fixture;
    auto records = directoryOf(1'200);
    for (auto& user : directoryOf(10, 300'000).users) {
        user.id.prepend(u"large-"_s);
        records.users.push_back(user);
    }
    records.groups = { directoryGroup(u"g"_s) };
    const auto plan = fixture.plan(records);

    const auto batches = cutIntoBatches(plan.changes);

    std::size_t changes = 0;
    for (const auto& batch : batches) {
        QVERIFY(batch.changes.size() <= kMaxBatchRecords);
        QVERIFY(batch.bytes() <= kMaxBatchBytes);
        changes += batch.changes.size();
    }
    QCOMPARE(changes, plan.changes.size());
    QCOMPARE(batches.front().changes.size(), std::size_t { 1 });
    QVERIFY(batches.front().kind == DirectoryRecordKind::Group);
}

void TstDirectoryPlan::revocationsCanGoFirst()
{
    PushFixture fixture;
    fixture.options.order = WriteOrder::RevocationsFirst;
    fixture.server.write({ recordOf(directoryUser(u"ann"_s, { u"g1"_s })),
        recordOf(directoryUser(u"old"_s)), recordOf(directoryGroup(u"gone"_s)) });
    fixture.ownership.users.ours = { u"ann"_s, u"old"_s };
    fixture.ownership.groups.ours = { u"gone"_s };

    const auto plan = fixture.plan({ .groups = { directoryGroup(u"g2"_s) },
        .users = { directoryUser(u"ann"_s), directoryUser(u"new"_s) } });

    QStringList order;
    for (const auto& change : plan.changes) {
        order.append(change.id);
    }
    QCOMPARE(order, (QStringList { u"old"_s, u"ann"_s, u"gone"_s, u"g2"_s, u"new"_s }));
}

void TstDirectoryPlan::planningWritesNothing()
{
    PushFixture fixture;

    (void)fixture.plan(directoryOf(3));

    for (const auto& call : fixture.server.calls()) {
        QCOMPARE(call.method, u"SyncLatest"_s);
    }
}

static const bool kDirectoryPlanRegistered
    = test::registerTestClass<TstDirectoryPlan>("directoryplan");

} // namespace portreeve

#include "tst_directoryplan.moc"
