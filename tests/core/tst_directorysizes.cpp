// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/directory/snapshotbuilder.h"
#include "core/membership/groupclosure.h"
#include "tests/support/generateddirectory.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QHash>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QSet>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr int kGeneratorTimeoutMs = 50'000;

QString generatorPath()
{
    const QString fallback = QStringLiteral(PORTREEVE_SOURCE_DIR) + u"/../shared"_s;
    return qEnvironmentVariable("PORTREEVE_SHARED", fallback) + u"/tools/make_directory.py"_s;
}

/// Hands every line of a JSON Lines file to @p visit. @return whether the file could be read
template <typename Visit> bool forEachLine(const QString& path, Visit visit)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return false;
    }
    while (!file.atEnd()) {
        visit(QJsonDocument::fromJson(file.readLine()).object());
    }
    return true;
}

void addEdge(SnapshotBuilder& builder, const QJsonObject& edge)
{
    const bool isGroup = edge.value(u"type").toString() == u"group";
    builder.addMember(edge.value(u"group").toString(), edge.value(u"member").toString(),
        isGroup ? MemberKind::Group : MemberKind::User);
}

/// A second implementation without anything of ours: a walk over strings from every user.
GroupClosure::PairCount walkFromEveryUser(const Snapshot& snapshot)
{
    QHash<QString, QStringList> above; // member id, prefixed by its kind, to group ids
    for (Row group = 0; group < snapshot.groupCount(); ++group) {
        for (const Row user : snapshot.memberUsers(group)) {
            above[u"user "_s + snapshot.userId(user)].append(snapshot.groupId(group));
        }
        for (const Row member : snapshot.memberGroups(group)) {
            above[u"group "_s + snapshot.groupId(member)].append(snapshot.groupId(group));
        }
    }
    GroupClosure::PairCount out;
    for (Row user = 0; user < snapshot.userCount(); ++user) {
        QSet<QString> reached;
        QStringList pending = above.value(u"user "_s + snapshot.userId(user));
        while (!pending.isEmpty()) {
            const QString group = pending.takeLast();
            if (!reached.contains(group)) {
                reached.insert(group);
                pending.append(above.value(u"group "_s + group));
            }
        }
        out.pairs += static_cast<std::uint64_t>(reached.size());
        for (const QString& group : reached) {
            out.checksum += pairDigest(user, snapshot.findGroup(group));
        }
    }
    return out;
}

struct Expected
{
    std::uint32_t users = 0;
    std::uint32_t groups = 0;
    std::size_t userMemberships = 0;
    std::size_t groupMemberships = 0;
    std::uint32_t components = 0;
    std::size_t cycles = 0;
    std::size_t largestCycle = 0;
    std::size_t median = 0;
    std::size_t p99 = 0;
    std::size_t most = 0;
    std::uint64_t pairs = 0;
    std::uint64_t checksum = 0;
};

std::vector<std::size_t> groupsPerUser(const GroupClosure& closure)
{
    std::vector<std::size_t> out;
    closure.forEachUser([&](Row, std::span<const Rank> groups) { out.push_back(groups.size()); });
    std::sort(out.begin(), out.end());
    return out;
}

} // namespace

class TstDirectorySizes : public QObject
{
    Q_OBJECT

private slots:
    void theSmallDirectoryHasItsKnownPairs();
    void generatedDirectoriesHaveThePublishedCounts_data();
    void generatedDirectoriesHaveThePublishedCounts();
};

void TstDirectorySizes::theSmallDirectoryHasItsKnownPairs()
{
    SnapshotBuilder builder;
    QVERIFY(forEachLine(
        QStringLiteral(PORTREEVE_TEST_DATA "/directory/small.jsonl"), [&](const QJsonObject& line) {
            if (line.contains(u"user")) {
                builder.addUser({ .id = line.value(u"user").toString() });
            } else if (line.contains(u"member")) {
                addEdge(builder, line);
            } else if (line.contains(u"group")) {
                builder.addGroup({ .id = line.value(u"group").toString() });
            }
        }));
    const SnapshotPtr snapshot = builder.build().value();
    const GroupClosure closure(snapshot);
    const NestingReport nesting = closure.nesting();

    QCOMPARE(snapshot->userCount(), 9U);
    QCOMPARE(snapshot->groupCount(), 16U);
    QCOMPARE(snapshot->danglingMembers(), 1U);
    QCOMPARE(nesting.cycles.size(), 2U);
    QCOMPARE(nesting.depth, 3U);
    QCOMPARE(closure.countPairs().pairs, 43U);
    QCOMPARE(closure.countPairs().checksum, 0x6CF98F450FE3504DU);
    QCOMPARE(walkFromEveryUser(*snapshot).checksum, 0x6CF98F450FE3504DU);
}

void TstDirectorySizes::generatedDirectoriesHaveThePublishedCounts_data()
{
    QTest::addColumn<QString>("size");
    QTest::addColumn<Expected>("expected");

    QTest::addRow("S") << u"S"_s
                       << Expected { .users = 1'000,
                              .groups = 100,
                              .userMemberships = 7'959,
                              .groupMemberships = 68,
                              .components = 98,
                              .cycles = 2,
                              .largestCycle = 2,
                              .median = 20,
                              .p99 = 41,
                              .most = 62,
                              .pairs = 20'029,
                              .checksum = 0xABBED7717733B9C9U };
    QTest::addRow("M") << u"M"_s
                       << Expected { .users = 50'000,
                              .groups = 5'000,
                              .userMemberships = 599'999,
                              .groupMemberships = 2'961,
                              .components = 4'972,
                              .cycles = 20,
                              .largestCycle = 4,
                              .median = 35,
                              .p99 = 113,
                              .most = 655,
                              .pairs = 1'949'830,
                              .checksum = 0x62762AD1140D798CU };
}

void TstDirectorySizes::generatedDirectoriesHaveThePublishedCounts()
{
    QFETCH(const QString, size);
    QFETCH(const Expected, expected);
    const QString python = QStandardPaths::findExecutable(u"python3"_s);
    if (python.isEmpty() || !QFile::exists(generatorPath())) {
        QSKIP("python3 or make_directory.py (see PORTREEVE_SHARED) is missing");
    }
    const QTemporaryDir folder;
    QProcess generator;
    generator.start(python,
        { generatorPath(), u"--size"_s, size, u"--formats"_s, u"jsonl"_s, u"--out"_s,
            folder.path() });
    QVERIFY(generator.waitForFinished(kGeneratorTimeoutMs));
    QCOMPARE(generator.exitCode(), 0);

    const auto generated = test::readGenerated(folder.path());
    QVERIFY(generated);
    const SnapshotPtr snapshot = generated->snapshot();
    const GroupClosure closure(snapshot);
    const NestingReport nesting = closure.nesting();
    const std::vector<std::size_t> counts = groupsPerUser(closure);
    const GroupClosure::PairCount pairs = closure.countPairs();

    QCOMPARE(snapshot->userCount(), expected.users);
    QCOMPARE(snapshot->groupCount(), expected.groups);
    QCOMPARE(snapshot->userMembershipCount(), expected.userMemberships);
    QCOMPARE(snapshot->groupMembershipCount(), expected.groupMemberships);
    QCOMPARE(nesting.componentCount, expected.components);
    QCOMPARE(nesting.cycles.size(), expected.cycles);
    const auto largest = std::max_element(nesting.cycles.begin(), nesting.cycles.end(),
        [](const auto& a, const auto& b) { return a.size() < b.size(); });
    QCOMPARE(largest->size(), expected.largestCycle);
    QCOMPARE(counts[counts.size() / 2], expected.median);
    QCOMPARE(counts[counts.size() * 99 / 100], expected.p99);
    QCOMPARE(counts.back(), expected.most);
    QCOMPARE(pairs.pairs, expected.pairs);
    QCOMPARE(pairs.checksum, expected.checksum);
    if (size == u"S") {
        const GroupClosure::PairCount walked = walkFromEveryUser(*snapshot);
        QCOMPARE(walked.pairs, expected.pairs);
        QCOMPARE(walked.checksum, expected.checksum);
    }
}

static const bool kDirectorySizesRegistered
    = test::registerTestClass<TstDirectorySizes>("directorysizes");

} // namespace portreeve

#include "tst_directorysizes.moc"
