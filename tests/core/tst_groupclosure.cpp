// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/directory/snapshotbuilder.h"
#include "core/membership/groupclosure.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <algorithm>
#include <random>
#include <set>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// One line per group: "Group: member member". Groups are names that start a line or have an upper
/// case first letter; "~name" is a suspended person.
SnapshotPtr directory(const QStringList& lines)
{
    SnapshotBuilder builder;
    for (const QString& line : lines) {
        const QStringList parts = line.split(u": "_s);
        builder.addGroup({ .id = parts[0], .name = parts[0] });
        for (QString member : parts.value(1).split(u' ', Qt::SkipEmptyParts)) {
            const bool suspended = member.startsWith(u'~');
            member.remove(u'~');
            const bool isGroup = member.front().isUpper();
            if (!isGroup) {
                builder.addUser({ .id = member,
                    .state = suspended ? UserState::Suspended : UserState::Active });
            }
            builder.addMember(parts[0], member, isGroup ? MemberKind::Group : MemberKind::User);
        }
    }
    return builder.build().value();
}

QStringList usersOf(const GroupClosure& closure, const QString& group)
{
    QStringList out;
    for (const Row user : closure.effectiveUsers(closure.snapshot().findGroup(group))) {
        out.append(closure.snapshot().userId(user));
    }
    return out;
}

QStringList groupsOf(const GroupClosure& closure, const QString& user)
{
    QStringList out;
    for (const Row group : closure.effectiveGroups(closure.snapshot().findUser(user))) {
        out.append(closure.snapshot().groupId(group));
    }
    return out;
}

QStringList groupNames(const GroupClosure& closure, const std::vector<Row>& groups)
{
    QStringList out;
    for (const Row group : groups) {
        out.append(closure.snapshot().groupId(group));
    }
    return out;
}

QStringList witnesses(
    const GroupClosure& closure, const QString& user, const QString& group, std::size_t limit = 100)
{
    const Snapshot& snapshot = closure.snapshot();
    QStringList out;
    for (const WitnessPath& path :
        closure.witnessPaths(snapshot.findUser(user), snapshot.findGroup(group), limit)) {
        out.append(groupNames(closure, path).join(u" > "_s));
    }
    return out;
}

/// Groups Chain0 > Chain1 > ... with one person at the bottom.
SnapshotPtr chain(int length, bool ladder)
{
    const auto name = [](int i) { return u"C%1"_s.arg(i, 6, 10, QChar(u'0')); };
    SnapshotBuilder builder;
    builder.addUser({ .id = u"john"_s });
    for (int i = 0; i < length; ++i) {
        builder.addGroup({ .id = name(i) });
        if (i + 1 < length) {
            builder.addMember(name(i), name(i + 1), MemberKind::Group);
        }
        if (ladder && i + 2 < length) {
            builder.addMember(name(i), name(i + 2), MemberKind::Group);
        }
    }
    builder.addMember(name(length - 1), u"john"_s, MemberKind::User);
    return builder.build().value();
}

/// The definition itself: repeat the one-step rule until nothing changes.
std::vector<std::set<Row>> naiveEffectiveUsers(const Snapshot& snapshot)
{
    std::vector<std::set<Row>> out(snapshot.groupCount());
    for (Row group = 0; group < snapshot.groupCount(); ++group) {
        for (const Row user : snapshot.memberUsers(group)) {
            if (snapshot.userState(user) == UserState::Active) {
                out[group].insert(user);
            }
        }
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (Row group = 0; group < snapshot.groupCount(); ++group) {
            const std::size_t before = out[group].size();
            for (const Row member : snapshot.memberGroups(group)) {
                const std::set<Row> inherited = out[member];
                out[group].insert(inherited.begin(), inherited.end());
            }
            changed = changed || out[group].size() != before;
        }
    }
    return out;
}

SnapshotPtr randomDirectory(unsigned seed)
{
    std::mt19937 random(seed);
    const auto pick
        = [&](int below) { return std::uniform_int_distribution(0, below - 1)(random); };
    const int groups = 1 + pick(120);
    const int users = 1 + pick(60);
    SnapshotBuilder builder;
    for (int i = 0; i < users; ++i) {
        builder.addUser({ .id = u"u%1"_s.arg(i),
            .state = pick(8) == 0 ? UserState::Suspended : UserState::Active });
    }
    for (int i = 0; i < groups; ++i) {
        builder.addGroup({ .id = u"g%1"_s.arg(i) });
    }
    const int edges = pick(groups * 2);
    for (int i = 0; i < edges; ++i) {
        builder.addMember(
            u"g%1"_s.arg(pick(groups)), u"g%1"_s.arg(pick(groups)), MemberKind::Group);
    }
    const int memberships = pick(users * 4);
    for (int i = 0; i < memberships; ++i) {
        builder.addMember(u"g%1"_s.arg(pick(groups)), u"u%1"_s.arg(pick(users)), MemberKind::User);
    }
    return builder.build().value();
}

} // namespace

class TstGroupClosure : public QObject
{
    Q_OBJECT

private slots:
    void nestedTeamsFlowUpward();
    void witnessPathsGiveTheDistance();
    void everyShortestPathIsAWitnessUpToTheLimit();
    void effectiveMembers_data();
    void effectiveMembers();
    void aDirectPathHidesLongerOnes();
    void removingADirectEdgeKeepsTheNestedOne();
    void suspendedPeopleAreInNoResult();
    void groupsKnowWhatIsAboveAndBelow();
    void nestingReportsCyclesAndDepth();
    void anEmptyDirectoryHasNothing();
    void deepChainsNeedNoStack_data();
    void deepChainsNeedNoStack();
    void randomDirectoriesMatchTheDefinition();
};

void TstGroupClosure::nestedTeamsFlowUpward()
{
    const GroupClosure closure(directory({ u"Everyone: steve Support Engineering"_s,
        u"Support: patrick"_s, u"Engineering: bob alice DevOps"_s, u"DevOps: john"_s }));

    QCOMPARE(usersOf(closure, u"Everyone"_s),
        (QStringList { u"alice"_s, u"bob"_s, u"john"_s, u"patrick"_s, u"steve"_s }));
    QCOMPARE(usersOf(closure, u"Engineering"_s), (QStringList { u"alice"_s, u"bob"_s, u"john"_s }));
    QCOMPARE(usersOf(closure, u"Support"_s), QStringList { u"patrick"_s });
    QCOMPARE(usersOf(closure, u"DevOps"_s), QStringList { u"john"_s });
    QCOMPARE(groupsOf(closure, u"john"_s),
        (QStringList { u"DevOps"_s, u"Engineering"_s, u"Everyone"_s }));
    QCOMPARE(closure.countPairs().pairs, 10U);
}

void TstGroupClosure::witnessPathsGiveTheDistance()
{
    const GroupClosure closure(directory({ u"Everyone: steve Support Engineering"_s,
        u"Support: patrick"_s, u"Engineering: bob alice DevOps"_s, u"DevOps: john"_s }));

    QCOMPARE(witnesses(closure, u"john"_s, u"DevOps"_s), QStringList { u"DevOps"_s });
    QCOMPARE(
        witnesses(closure, u"john"_s, u"Engineering"_s), QStringList { u"DevOps > Engineering"_s });
    QCOMPARE(witnesses(closure, u"john"_s, u"Everyone"_s),
        QStringList { u"DevOps > Engineering > Everyone"_s });
    QVERIFY(witnesses(closure, u"john"_s, u"Support"_s).isEmpty());
}

void TstGroupClosure::everyShortestPathIsAWitnessUpToTheLimit()
{
    // Two diamonds in a row, a longer way through Z, and a loop back down.
    const GroupClosure closure(directory({ u"Top: M N"_s, u"M: Mid"_s, u"N: Mid"_s, u"Mid: A B Z"_s,
        u"A: kim Top"_s, u"B: kim"_s, u"Z: Y"_s, u"Y: kim"_s }));

    QCOMPARE(witnesses(closure, u"kim"_s, u"Top"_s),
        (QStringList { u"A > Mid > M > Top"_s, u"A > Mid > N > Top"_s, u"B > Mid > M > Top"_s,
            u"B > Mid > N > Top"_s }));
    QCOMPARE(witnesses(closure, u"kim"_s, u"Top"_s, 3).size(), 3);
    QVERIFY(witnesses(closure, u"kim"_s, u"Top"_s, 0).isEmpty());
}

void TstGroupClosure::effectiveMembers_data()
{
    QTest::addColumn<QStringList>("lines");
    QTest::addColumn<QStringList>("expected"); // "Group: users"

    QTest::addRow("self-member") << QStringList { u"G: G a"_s } << QStringList { u"G: a"_s };
    QTest::addRow("two-cycle") << QStringList { u"G: H"_s, u"H: G a"_s }
                               << QStringList { u"G: a"_s, u"H: a"_s };
    QTest::addRow("cycle with tail") << QStringList { u"Above: G x"_s, u"G: H a"_s, u"H: G Tail"_s,
        u"Tail: t"_s } << QStringList { u"Above: a t x"_s, u"G: a t"_s, u"H: a t"_s, u"Tail: t"_s };
    QTest::addRow("two cycles sharing a group") << QStringList { u"A: B"_s, u"B: A C b"_s,
        u"C: B c"_s } << QStringList { u"A: b c"_s, u"B: b c"_s, u"C: b c"_s };
    QTest::addRow("diamond") << QStringList { u"Top: L R"_s, u"L: Low"_s, u"R: Low"_s, u"Low: a"_s }
                             << QStringList { u"Top: a"_s, u"L: a"_s, u"R: a"_s, u"Low: a"_s };
    QTest::addRow("empty child") << QStringList { u"Top: Low a"_s, u"Low"_s }
                                 << QStringList { u"Top: a"_s, u"Low: "_s };
    QTest::addRow("child taken out of one of two parents") << QStringList { u"P: b"_s,
        u"Q: Child"_s, u"Child: a"_s } << QStringList { u"P: b"_s, u"Q: a"_s, u"Child: a"_s };
    QTest::addRow("person is direct and nested") << QStringList { u"P: Child a"_s, u"Child: a"_s }
                                                 << QStringList { u"P: a"_s, u"Child: a"_s };
}

void TstGroupClosure::effectiveMembers()
{
    QFETCH(const QStringList, lines);
    QFETCH(const QStringList, expected);
    const GroupClosure closure(directory(lines));

    for (const QString& line : expected) {
        const QStringList parts = line.split(u": "_s);
        QCOMPARE(usersOf(closure, parts[0]), parts[1].split(u' ', Qt::SkipEmptyParts));
    }
}

void TstGroupClosure::aDirectPathHidesLongerOnes()
{
    const GroupClosure closure(directory({ u"P: Child a"_s, u"Child: a"_s }));

    QCOMPARE(witnesses(closure, u"a"_s, u"P"_s), QStringList { u"P"_s });
}

void TstGroupClosure::removingADirectEdgeKeepsTheNestedOne()
{
    const GroupClosure before(directory({ u"P: Child a"_s, u"Child: a"_s }));
    const GroupClosure after(directory({ u"P: Child"_s, u"Child: a"_s }));

    QCOMPARE(usersOf(before, u"P"_s), usersOf(after, u"P"_s));
    QCOMPARE(witnesses(after, u"a"_s, u"P"_s), QStringList { u"Child > P"_s });
}

void TstGroupClosure::suspendedPeopleAreInNoResult()
{
    const GroupClosure closure(directory({ u"Top: Low"_s, u"Low: a ~s"_s }));
    const Row suspended = closure.snapshot().findUser(u"s");
    const Row low = closure.snapshot().findGroup(u"Low");

    QCOMPARE(usersOf(closure, u"Top"_s), QStringList { u"a"_s });
    QVERIFY(closure.effectiveGroups(suspended).empty());
    QVERIFY(!closure.isEffectiveMember(suspended, low));
    QVERIFY(closure.witnessPaths(suspended, low).empty());
    QCOMPARE(closure.directGroups(suspended).size(), 1U);
    QCOMPARE(closure.effectiveUserCounts(), (std::vector<std::uint32_t> { 1, 1 }));
    QCOMPARE(closure.countPairs().pairs, 2U);
}

void TstGroupClosure::groupsKnowWhatIsAboveAndBelow()
{
    const GroupClosure closure(
        directory({ u"Above: G"_s, u"G: H"_s, u"H: G Tail"_s, u"Self: Self"_s, u"Tail"_s }));
    const auto row = [&](QStringView id) { return closure.snapshot().findGroup(id); };

    QCOMPARE(groupNames(closure, closure.ancestors(row(u"Tail"))),
        (QStringList { u"Above"_s, u"G"_s, u"H"_s }));
    QCOMPARE(groupNames(closure, closure.ancestors(row(u"G"))),
        (QStringList { u"Above"_s, u"G"_s, u"H"_s }));
    QVERIFY(closure.ancestors(row(u"Above")).empty());
    QCOMPARE(groupNames(closure, closure.ancestors(row(u"Self"))), QStringList { u"Self"_s });
    QCOMPARE(groupNames(closure, closure.descendants(row(u"Above"))),
        (QStringList { u"G"_s, u"H"_s, u"Tail"_s }));
    QCOMPARE(groupNames(closure, closure.descendants(row(u"G"))),
        (QStringList { u"G"_s, u"H"_s, u"Tail"_s }));
    QVERIFY(closure.descendants(row(u"Tail")).empty());
    QCOMPARE(groupNames(closure, closure.parents(row(u"G"))), (QStringList { u"Above"_s, u"H"_s }));
}

void TstGroupClosure::nestingReportsCyclesAndDepth()
{
    const GroupClosure flat(directory({ u"A: x"_s, u"B: x"_s }));
    const GroupClosure looped(directory({ u"Above: G"_s, u"G: H"_s, u"H: G Tail"_s, u"Tail: Self"_s,
        u"Self: Self"_s, u"Alone"_s }));

    const NestingReport report = looped.nesting();

    QCOMPARE(flat.nesting().depth, 1U);
    QVERIFY(flat.nesting().cycles.empty());
    QCOMPARE(report.componentCount, 5U);
    QCOMPARE(report.depth, 4U);
    QCOMPARE(report.cycles.size(), 2U);
    QCOMPARE(groupNames(looped, report.cycles[0]), (QStringList { u"G"_s, u"H"_s }));
    QCOMPARE(groupNames(looped, report.cycles[1]), QStringList { u"Self"_s });
}

void TstGroupClosure::anEmptyDirectoryHasNothing()
{
    const GroupClosure closure(std::make_shared<const Snapshot>());

    QCOMPARE(closure.countPairs().pairs, 0U);
    QCOMPARE(closure.nesting().depth, 0U);
    QVERIFY(closure.effectiveUserCounts().empty());
}

void TstGroupClosure::deepChainsNeedNoStack_data()
{
    QTest::addColumn<int>("length");
    QTest::addColumn<bool>("ladder");

    QTest::addRow("10,000 groups") << 10'000 << false;
    QTest::addRow("100,000 groups") << 100'000 << false;
    QTest::addRow("10,000 groups, each in two") << 10'000 << true;
}

void TstGroupClosure::deepChainsNeedNoStack()
{
    QFETCH(const int, length);
    QFETCH(const bool, ladder);
    const GroupClosure closure(chain(length, ladder));
    const auto count = static_cast<std::size_t>(length);
    const auto bottom = static_cast<Row>(length - 1);

    QCOMPARE(closure.effectiveGroups(0).size(), count);
    QVERIFY(closure.isEffectiveMember(0, 0));
    QCOMPARE(closure.effectiveUsers(0), std::vector<Row> { 0 });
    QCOMPARE(closure.ancestors(bottom).size(), count - 1);
    QCOMPARE(closure.descendants(0).size(), count - 1);
    QCOMPARE(closure.nesting().depth, static_cast<std::uint32_t>(length));
    const auto paths = closure.witnessPaths(0, 0, 1);
    QCOMPARE(paths.size(), 1U);
    QCOMPARE(paths[0].size(), ladder ? count / 2 + 1 : count);
    QVERIFY2(closure.memoryBytes() < count * 300, "space must stay linear in the depth");
}

void TstGroupClosure::randomDirectoriesMatchTheDefinition()
{
    for (unsigned seed = 0; seed < 300; ++seed) {
        const SnapshotPtr snapshot = randomDirectory(seed);
        const GroupClosure closure(snapshot);
        const auto expected = naiveEffectiveUsers(*snapshot);
        GroupClosure::PairCount pairs;
        for (Row group = 0; group < snapshot->groupCount(); ++group) {
            const std::vector<Row> users(expected[group].begin(), expected[group].end());
            QVERIFY2(closure.effectiveUsers(group) == users, qPrintable(QString::number(seed)));
            QCOMPARE(closure.effectiveUserCounts()[group], users.size());
            for (Row user = 0; user < snapshot->userCount(); ++user) {
                const bool isMember = expected[group].contains(user);
                QCOMPARE(closure.isEffectiveMember(user, group), isMember);
                pairs.pairs += isMember ? 1 : 0;
                pairs.checksum += isMember ? pairDigest(user, group) : 0;
            }
        }
        QCOMPARE(closure.countPairs().pairs, pairs.pairs);
        QCOMPARE(closure.countPairs().checksum, pairs.checksum);
        for (Row user = 0; user < snapshot->userCount(); ++user) {
            std::vector<Row> groups;
            for (Row group = 0; group < snapshot->groupCount(); ++group) {
                if (expected[group].contains(user)) {
                    groups.push_back(group);
                    const auto paths = closure.witnessPaths(user, group);
                    QVERIFY(!paths.empty() && paths.front().back() == group);
                }
            }
            QVERIFY(closure.effectiveGroups(user) == groups);
        }
    }
}

static const bool kGroupClosureRegistered
    = test::registerTestClass<TstGroupClosure>("groupclosure");

} // namespace portreeve

#include "tst_groupclosure.moc"
