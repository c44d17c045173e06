// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/connectorrun.h"
#include "tests/support/fakeclock.h"
#include "tests/support/testregistry.h"

#include <QCryptographicHash>
#include <QTest>

#include <set>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
OptionValues options(qint64 users, qint64 groups, qint64 day, qint64 seed = 1)
{
    const auto text = [](qint64 number) { return QString::number(number); };
    return { { u"users"_s, text(users) }, { u"groups"_s, groups > 0 ? text(groups) : QString() },
        { u"seed"_s, text(seed) }, { u"churn"_s, text(day) } };
}

SnapshotPtr read(qint64 users, qint64 groups, qint64 day, qint64 seed = 1)
{
    test::FakeClock clock;
    test::ConnectorRun run(clock, u"sample"_s, options(users, groups, day, seed));
    return run.fetch().valueOr(nullptr);
}

std::set<QString> memberIds(const Snapshot& snapshot, const QString& group)
{
    std::set<QString> ids;
    const Row row = snapshot.findGroup(group);
    for (const Row user : snapshot.memberUsers(row)) {
        ids.insert(snapshot.userId(user));
    }
    for (const Row member : snapshot.memberGroups(row)) {
        ids.insert(snapshot.groupId(member));
    }
    return ids;
}

int changedUsers(const Snapshot& before, const Snapshot& after)
{
    int changed = 0;
    for (Row row = 0; row < before.userCount(); ++row) {
        const UserRecord old = before.user(row);
        const Row found = after.findUser(old.id);
        if (found == kNoRow) {
            ++changed;
            continue;
        }
        const UserRecord now = after.user(found);
        changed += now.displayName != old.displayName || now.state != old.state ? 1 : 0;
    }
    return changed;
}

/// Levels of groups below this one; a group met again on the way down ends the walk.
int depthBelow(const Snapshot& snapshot, Row group, std::set<Row> path = {})
{
    int deepest = 0;
    if (!path.insert(group).second) {
        return deepest;
    }
    for (const Row member : snapshot.memberGroups(group)) {
        deepest = std::max(deepest, 1 + depthBelow(snapshot, member, path));
    }
    return deepest;
}
} // namespace

class TstSampleConnector : public QObject
{
    Q_OBJECT

private slots:
    void theExampleOfNestedGroupsIsAlwaysPartOfIt();
    void theNumbersAskedForAreGiven_data();
    void theNumbersAskedForAreGiven();
    void everythingIsComplete();
    void equalOptionsGiveEqualDirectoriesEverywhere();
    void anotherSeedGivesAnotherCompany();
    void aDayChangesAboutOneUserInAHundred();
    void aDayAlsoChangesGroupsAndMemberships();
    void theCompanyHasTheShapeOfARealOne();
    void nothingCanBeTakenForARealPerson();
    void aTestShowsFiveUsersAndTheCounts();
    void cancellingEndsTheRun();
};

void TstSampleConnector::theExampleOfNestedGroupsIsAlwaysPartOfIt()
{
    const auto snapshot = read(1, 0, 365);

    QVERIFY(snapshot);
    QCOMPARE(memberIds(*snapshot, u"sample-everyone"_s),
        (std::set { u"sample-steve"_s, u"sample-support"_s, u"sample-engineering"_s }));
    QCOMPARE(memberIds(*snapshot, u"sample-support"_s), std::set { u"sample-patrick"_s });
    QCOMPARE(memberIds(*snapshot, u"sample-engineering"_s),
        (std::set { u"sample-bob"_s, u"sample-alice"_s, u"sample-devops"_s }));
    QCOMPARE(memberIds(*snapshot, u"sample-devops"_s), std::set { u"sample-john"_s });
}

void TstSampleConnector::theNumbersAskedForAreGiven_data()
{
    QTest::addColumn<qint64>("users");
    QTest::addColumn<qint64>("groups");
    QTest::addColumn<qint64>("expectedGroups");
    QTest::addRow("a look around") << 50LL << 0LL << 12LL;
    QTest::addRow("a company") << 5'000LL << 0LL << 333LL;
    QTest::addRow("many groups") << 100LL << 2'000LL << 2'000LL;
}

void TstSampleConnector::theNumbersAskedForAreGiven()
{
    QFETCH(qint64, users);
    QFETCH(qint64, groups);
    QFETCH(qint64, expectedGroups);

    const auto snapshot = read(users, groups, 0);

    QVERIFY(snapshot);
    QCOMPARE(qint64(snapshot->userCount()), users);
    qint64 found = 0;
    for (Row row = 0; row < snapshot->groupCount(); ++row) {
        found += snapshot->groupKind(row) == GroupKind::Group ? 1 : 0;
    }
    QCOMPARE(found, expectedGroups);
}

void TstSampleConnector::everythingIsComplete()
{
    const auto snapshot = read(500, 0, 3);

    QVERIFY(snapshot);
    QVERIFY(snapshot->completeness().users);
    QVERIFY(snapshot->completeness().groups);
    QVERIFY(snapshot->completeness().memberships);
    QCOMPARE(snapshot->danglingMembers(), 0U);
    QVERIFY(snapshot->quarantine().empty());
}

void TstSampleConnector::equalOptionsGiveEqualDirectoriesEverywhere()
{
    const auto snapshot = read(2'000, 0, 42, 7);

    QVERIFY(snapshot);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const TextColumn* column : { &snapshot->userIds(), &snapshot->userNames(),
             &snapshot->userEmails(), &snapshot->groupNames() }) {
        hash.addData(QByteArrayView(column->bytes()));
    }
    for (Row group = 0; group < snapshot->groupCount(); ++group) {
        for (const Row user : snapshot->memberUsers(group)) {
            const QByteArray text = QByteArray::number(user) + ',';
            hash.addData(text);
        }
    }
    QCOMPARE(hash.result().toHex().left(16), QByteArray("4392f41cea744926"));
}

void TstSampleConnector::anotherSeedGivesAnotherCompany()
{
    const auto one = read(500, 0, 0, 1);
    const auto two = read(500, 0, 0, 2);

    QVERIFY(one && two);
    QVERIFY(changedUsers(*one, *two) > 300);
}

void TstSampleConnector::aDayChangesAboutOneUserInAHundred()
{
    const auto monday = read(20'000, 0, 10);
    const auto tuesday = read(20'000, 0, 11);

    QVERIFY(monday && tuesday);
    const int changed = changedUsers(*monday, *tuesday);
    QVERIFY2(changed > 60 && changed < 260, qPrintable(QString::number(changed)));
}

void TstSampleConnector::aDayAlsoChangesGroupsAndMemberships()
{
    const auto before = read(5'000, 0, 0);
    const auto after = read(5'000, 0, 1);

    QVERIFY(before && after);
    QVERIFY(before->groupNames() != after->groupNames());
    int groupsWithOtherMembers = 0;
    for (Row row = 0; row < before->groupCount(); ++row) {
        const QString id = before->groupId(row);
        const bool kept = after->findGroup(id) != kNoRow;
        groupsWithOtherMembers += kept && memberIds(*before, id) != memberIds(*after, id) ? 1 : 0;
    }
    QVERIFY(groupsWithOtherMembers > 5);
}

void TstSampleConnector::theCompanyHasTheShapeOfARealOne()
{
    const auto snapshot = read(20'000, 0, 0);

    QVERIFY(snapshot);
    int suspended = 0;
    int withoutMail = 0;
    for (Row user = 0; user < snapshot->userCount(); ++user) {
        suspended += snapshot->userState(user) == UserState::Suspended ? 1 : 0;
        withoutMail += snapshot->userEmails().at(user).isEmpty() ? 1 : 0;
    }
    QVERIFY(suspended > 400 && suspended < 800);
    QVERIFY(withoutMail > 250 && withoutMail < 550);

    std::vector<std::size_t> sizes;
    for (Row group = 0; group < snapshot->groupCount(); ++group) {
        sizes.push_back(snapshot->memberUsers(group).size());
    }
    std::ranges::sort(sizes, std::greater());
    QVERIFY2(sizes[0] > 40 * sizes[sizes.size() / 2], "the largest group dwarfs the usual one");

    const int depth = depthBelow(*snapshot, snapshot->findGroup(u"sample-company"_s));
    QVERIFY2(depth >= 4 && depth <= 5, qPrintable(QString::number(depth)));
    QVERIFY(memberIds(*snapshot, u"sample-oncall"_s).contains(u"sample-incidents"_s));
    QVERIFY(memberIds(*snapshot, u"sample-incidents"_s).contains(u"sample-oncall"_s));
    QVERIFY(memberIds(*snapshot, u"sample-future"_s).empty());
    QCOMPARE(depthBelow(*snapshot, snapshot->findGroup(u"ou:sample"_s)), 2);
}

void TstSampleConnector::nothingCanBeTakenForARealPerson()
{
    const auto snapshot = read(1'000, 0, 100);

    QVERIFY(snapshot);
    for (Row user = 0; user < snapshot->userCount(); ++user) {
        const UserRecord record = snapshot->user(user);
        QVERIFY(record.id.startsWith(u"sample-"));
        QVERIFY(record.email.isEmpty() || record.email.endsWith(u"@example.org"));
    }
    QVERIFY(snapshot->notes().front().contains(u"made up"));
}

void TstSampleConnector::aTestShowsFiveUsersAndTheCounts()
{
    test::FakeClock clock;
    test::ConnectorRun run(clock, u"sample"_s, options(50, 0, 0));

    const TestReport report = run.test();

    QVERIFY(report.passed());
    QCOMPARE(report.sampleUsers.size(), 5U);
    QCOMPARE(report.userCount, std::optional<std::int64_t>(50));
    QCOMPARE(report.steps.size(), 3U);
}

void TstSampleConnector::cancellingEndsTheRun()
{
    test::FakeClock clock;
    test::ConnectorRun run(clock, u"sample"_s, options(100'000, 0, 0));
    run.onProgress = [&run](const RunProgress& progress) {
        if (progress.done >= 2'000) {
            run.cancel();
        }
    };

    const auto snapshot = run.fetch();

    QVERIFY(!snapshot.hasValue());
    QCOMPARE(snapshot.error().code, ErrorCode::Cancelled);
    QVERIFY(run.usersRead() < 10'000);
}

static const bool kSampleConnectorRegistered
    = test::registerTestClass<TstSampleConnector>("sampleconnector");

} // namespace portreeve

#include "tst_sampleconnector.moc"
