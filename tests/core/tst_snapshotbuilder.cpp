// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/directory/snapshotbuilder.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <random>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

std::vector<Row> rows(std::span<const Row> span)
{
    return { span.begin(), span.end() };
}

UserRecord ada()
{
    return {
        .id = u"u1"_s, .displayName = u"Ada"_s, .email = u"ada@example.com"_s, .login = u"ada"_s
    };
}

} // namespace

class TstSnapshotBuilder : public QObject
{
    Q_OBJECT

private slots:
    void textIsTrimmedAndNormalisedButIdsAreOpaque();
    void rowsFollowIdBytesWhateverTheOrderOfArrival();
    void theSameRecordTwiceIsOneRecord();
    void twoRecordsUnderOneIdAreRefusedAndNamed_data();
    void twoRecordsUnderOneIdAreRefusedAndNamed();
    void recordsWithoutAUsableIdAreQuarantined_data();
    void recordsWithoutAUsableIdAreQuarantined();
    void edgesToMissingRecordsAreDroppedAndCounted();
    void membersOfUnknownKindAreUsersFirstThenGroups();
    void aGroupMayHoldItself();
    void unreadableGroupsAreMarkedAndExplained();
    void nothingIsCompleteUnlessMarked();
    void theBuilderIsEmptyAfterBuild();
    void damagedColumnsAreRefused();
    void shuffledPagesGiveEqualSnapshots();
};

void TstSnapshotBuilder::textIsTrimmedAndNormalisedButIdsAreOpaque()
{
    SnapshotBuilder builder;
    builder.addUser({ .id = u" A1"_s,
        .displayName = u"  Jose\u0301 "_s,
        .email = u"\tj@example.com"_s,
        .login = u"jose "_s,
        .state = UserState::Suspended });
    builder.addGroup({ .id = u"G"_s, .name = u" Cafe\u0301"_s, .kind = GroupKind::OrgUnit });

    const SnapshotPtr snapshot = builder.build().value();

    const UserRecord wanted { .id = u" A1"_s,
        .displayName = u"José"_s,
        .email = u"j@example.com"_s,
        .login = u"jose"_s,
        .state = UserState::Suspended };
    QVERIFY(snapshot->user(0) == wanted);
    QCOMPARE(snapshot->group(0).name, u"Café"_s);
    QVERIFY(snapshot->groupKind(0) == GroupKind::OrgUnit);
}

void TstSnapshotBuilder::rowsFollowIdBytesWhateverTheOrderOfArrival()
{
    SnapshotBuilder builder;
    // As UTF-16 the emoji would come before the private-use character; as bytes after it.
    for (const auto& id : { u"😀"_s, u"commonprefix-b"_s, u"\uE000"_s, u"B"_s, u"commonprefix-a"_s,
             u"commonprefix"_s }) {
        builder.addUser({ .id = id });
    }

    const SnapshotPtr snapshot = builder.build().value();

    QStringList ids;
    for (Row user = 0; user < snapshot->userCount(); ++user) {
        ids.append(snapshot->userId(user));
        QCOMPARE(snapshot->findUser(ids.last()), user);
    }
    QCOMPARE(ids,
        (QStringList { u"B"_s, u"commonprefix"_s, u"commonprefix-a"_s, u"commonprefix-b"_s,
            u"\uE000"_s, u"😀"_s }));
    QCOMPARE(snapshot->findUser(u"commonprefix-c"), kNoRow);
    QCOMPARE(snapshot->findGroup(u"B"), kNoRow);
}

void TstSnapshotBuilder::theSameRecordTwiceIsOneRecord()
{
    SnapshotBuilder builder;
    builder.addUser(ada());
    UserRecord again = ada();
    again.displayName = u" Ada "_s;
    builder.addUser(again);
    builder.addGroup({ .id = u"g"_s });
    builder.addMember(u"g"_s, u"u1"_s, MemberKind::User);
    builder.addMember(u"g"_s, u"u1"_s, MemberKind::Unknown);

    const SnapshotPtr snapshot = builder.build().value();

    QCOMPARE(snapshot->userCount(), 1U);
    QCOMPARE(rows(snapshot->memberUsers(0)), std::vector<Row> { 0 });
    QCOMPARE(snapshot->danglingMembers(), 0U);
}

void TstSnapshotBuilder::twoRecordsUnderOneIdAreRefusedAndNamed_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("suspended");
    QTest::addColumn<QString>("expected");

    QTest::addRow("another name") << u"Bob"_s << false << u"“Bob, ada@example.com, ada, active”"_s;
    QTest::addRow("another state")
        << u"Ada"_s << true << u"“Ada, ada@example.com, ada, suspended”"_s;
}

void TstSnapshotBuilder::twoRecordsUnderOneIdAreRefusedAndNamed()
{
    QFETCH(const QString, name);
    QFETCH(const bool, suspended);
    QFETCH(const QString, expected);
    SnapshotBuilder builder;
    builder.addUser(ada());
    UserRecord other = ada();
    other.displayName = name;
    other.state = suspended ? UserState::Suspended : UserState::Active;
    builder.addUser(other);

    const Result<SnapshotPtr> result = builder.build();

    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::BadResponse);
    const QString what = result.error().what.english();
    QVERIFY2(what.contains(u"“u1”") && what.contains(u"“Ada, ada@example.com, ada, active”")
            && what.contains(expected),
        qPrintable(what));
    QVERIFY(!result.error().remedy.isEmpty());
}

void TstSnapshotBuilder::recordsWithoutAUsableIdAreQuarantined_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("reason");

    QTest::addRow("empty") << u""_s << u"Ada"_s << u"The user “Ada” has no id."_s;
    QTest::addRow("blank") << u"  "_s << u""_s << u"A user has no id."_s;
    QTest::addRow("half a character") << QString(QChar(0xD800)) << u"Ada"_s
                                      << u"The user “Ada” has an id that is not valid text."_s;
}

void TstSnapshotBuilder::recordsWithoutAUsableIdAreQuarantined()
{
    QFETCH(const QString, id);
    QFETCH(const QString, name);
    QFETCH(const QString, reason);
    SnapshotBuilder builder;
    builder.addUser({ .id = id, .displayName = name });
    builder.addGroup({ .id = u""_s, .email = u"all@example.com"_s });

    const SnapshotPtr snapshot = builder.build().value();

    QCOMPARE(snapshot->userCount(), 0U);
    QCOMPARE(snapshot->groupCount(), 0U);
    QCOMPARE(snapshot->quarantine().size(), 2U);
    QCOMPARE(snapshot->quarantine()[0].reason, reason);
    QVERIFY(snapshot->quarantine()[1].kind == ObjectKind::Group);
    QCOMPARE(snapshot->quarantine()[1].reason, u"The group “all@example.com” has no id."_s);
}

void TstSnapshotBuilder::edgesToMissingRecordsAreDroppedAndCounted()
{
    SnapshotBuilder builder;
    builder.addUser(ada());
    builder.addGroup({ .id = u"g"_s });
    builder.addMember(u"g"_s, u"u1"_s, MemberKind::User);
    builder.addMember(u"g"_s, u"gone"_s, MemberKind::User);
    builder.addMember(u"g"_s, u"gone"_s, MemberKind::Unknown);
    builder.addMember(u"nogroup"_s, u"u1"_s, MemberKind::User);
    builder.addMember(u"g"_s, u"u1"_s, MemberKind::Group); // a user, not a group

    const SnapshotPtr snapshot = builder.build().value();

    QCOMPARE(snapshot->danglingMembers(), 4U);
    QCOMPARE(snapshot->userMembershipCount(), 1U);
    QCOMPARE(snapshot->groupMembershipCount(), 0U);
}

void TstSnapshotBuilder::membersOfUnknownKindAreUsersFirstThenGroups()
{
    SnapshotBuilder builder;
    builder.addMember(u"g"_s, u"both"_s, MemberKind::Unknown); // edges may come before records
    builder.addMember(u"g"_s, u"h"_s, MemberKind::Unknown);
    builder.addMember(u"g"_s, u"both"_s, MemberKind::Group);
    builder.addUser({ .id = u"both"_s });
    builder.addGroup({ .id = u"both"_s });
    builder.addGroup({ .id = u"g"_s });
    builder.addGroup({ .id = u"h"_s });

    const SnapshotPtr snapshot = builder.build().value();

    const Row group = snapshot->findGroup(u"g");
    QCOMPARE(rows(snapshot->memberUsers(group)), std::vector<Row> { snapshot->findUser(u"both") });
    QCOMPARE(rows(snapshot->memberGroups(group)),
        (std::vector<Row> { snapshot->findGroup(u"both"), snapshot->findGroup(u"h") }));
}

void TstSnapshotBuilder::aGroupMayHoldItself()
{
    SnapshotBuilder builder;
    builder.addGroup({ .id = u"g"_s });
    builder.addMember(u"g"_s, u"g"_s, MemberKind::Group);

    const SnapshotPtr snapshot = builder.build().value();

    QCOMPARE(rows(snapshot->memberGroups(0)), std::vector<Row> { 0 });
}

void TstSnapshotBuilder::unreadableGroupsAreMarkedAndExplained()
{
    SnapshotBuilder builder;
    for (const auto& id : { u"a"_s, u"b"_s, u"c"_s }) {
        builder.addGroup({ .id = id });
    }
    builder.markMembershipsComplete();
    builder.markMembersIncomplete(u"c"_s, u"Access denied."_s);
    builder.markMembersIncomplete(u"a"_s, u"Access denied."_s);
    builder.markMembersIncomplete(u"unknown"_s, u"Access denied."_s);

    const SnapshotPtr snapshot = builder.build().value();

    QCOMPARE(snapshot->completeness().incompleteGroups, (std::vector<Row> { 0, 2 }));
    QVERIFY(!snapshot->membersComplete(0));
    QVERIFY(snapshot->membersComplete(1));
    QCOMPARE(snapshot->quarantine().size(), 3U);
    QCOMPARE(snapshot->quarantine()[0],
        (Quarantined {
            .kind = ObjectKind::Membership, .id = u"a"_s, .reason = u"Access denied."_s }));
}

void TstSnapshotBuilder::nothingIsCompleteUnlessMarked()
{
    SnapshotBuilder builder;
    builder.addGroup({ .id = u"g"_s });
    builder.markGroupsComplete();

    const SnapshotPtr snapshot = builder.build().value();

    QVERIFY(snapshot->completeness().groups);
    QVERIFY(!snapshot->completeness().users);
    QVERIFY(!snapshot->membersComplete(0));
}

void TstSnapshotBuilder::theBuilderIsEmptyAfterBuild()
{
    SnapshotBuilder builder;
    builder.addUser(ada());
    builder.note(u"One page came twice."_s);
    builder.note(u"One page came twice."_s);
    builder.markUsersComplete();

    const SnapshotPtr first = builder.build().value();
    const SnapshotPtr second = builder.build().value();

    QCOMPARE(first->notes(), std::vector<QString> { u"One page came twice."_s });
    QVERIFY(*second == Snapshot());
}

void TstSnapshotBuilder::damagedColumnsAreRefused()
{
    SnapshotBuilder builder;
    builder.addUser(ada());
    builder.addUser({ .id = u"u2"_s });
    builder.addGroup({ .id = u"g"_s });
    builder.addMember(u"g"_s, u"u1"_s, MemberKind::User);
    builder.addMember(u"g"_s, u"u2"_s, MemberKind::User);
    const SnapshotPtr sound = builder.build().value();
    SnapshotColumns unsorted = sound->columns();
    std::swap(unsorted.memberUsers.rows[0], unsorted.memberUsers.rows[1]);
    SnapshotColumns beyond = sound->columns();
    beyond.memberUsers.rows[1] = 2;
    SnapshotColumns shorter = sound->columns();
    shorter.userStates.pop_back();

    QVERIFY(*Snapshot::fromColumns(sound->columns()).value() == *sound);
    for (const SnapshotColumns& columns : { unsorted, beyond, shorter }) {
        const auto result = Snapshot::fromColumns(columns);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Storage);
    }
}

void TstSnapshotBuilder::shuffledPagesGiveEqualSnapshots()
{
    const auto fetch = [](unsigned seed) {
        std::vector<int> order(300);
        std::iota(order.begin(), order.end(), 0);
        std::shuffle(order.begin(), order.end(), std::mt19937(seed));
        SnapshotBuilder builder;
        for (const int i : order) {
            const QString user = u"user-"_s + QString::number(i * 7919);
            const QString group = u"group-"_s + QString::number(i % 17);
            builder.addMember(group, user, i % 3 == 0 ? MemberKind::Unknown : MemberKind::User);
            builder.addMember(group, u"group-"_s + QString::number(i % 13), MemberKind::Group);
            builder.addUser({ .id = user, .displayName = user });
            builder.addGroup({ .id = group, .name = group });
            if (i % 50 == 0) {
                builder.quarantine(ObjectKind::User, user, u"No email."_s);
            }
        }
        return builder.build().value();
    };

    const SnapshotPtr snapshot = fetch(1);

    QCOMPARE(snapshot->userMembershipCount(), 300U);
    QVERIFY(*snapshot == *fetch(2));
    QVERIFY(*snapshot == *fetch(3));
}

static const bool kSnapshotBuilderRegistered
    = test::registerTestClass<TstSnapshotBuilder>("snapshotbuilder");

} // namespace portreeve

#include "tst_snapshotbuilder.moc"
