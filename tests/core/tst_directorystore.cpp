// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/directory/snapshotbuilder.h"
#include "tests/support/testdatabase.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <random>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

class TstDirectoryStore : public QObject
{
    Q_OBJECT

private slots:
    void aFirstImportIsReadBack();
    void aRemovedUserLeavesATombstoneAndComesBackAsTheSameRow();
    void aRemovedGroupLeavesATombstoneAndComesBackWithNewMembers();
    void heldRemovalsStayStored();
    void aPlanOnAnOlderGenerationIsRefused();
    void aPinIsReleasedWhenItsObjectIsSeen();
    void everyRunCanBeReadChangeByChange();
    void theFirstConnectionKeepsItsExportedIds();
    void randomChangesEndInTheExpectedDirectory();
};

namespace {

struct Edge
{
    QString group {};
    QString member {};
};

SnapshotPtr snapshotOf(const std::vector<QString>& users, const std::vector<QString>& groups,
    const std::vector<Edge>& edges)
{
    SnapshotBuilder builder;
    for (const QString& id : users) {
        builder.addUser({ .id = id, .displayName = id.toUpper(), .email = id + u"@example.org"_s });
    }
    for (const QString& id : groups) {
        builder.addGroup({ .id = id, .name = id.toUpper() });
    }
    for (const Edge& edge : edges) {
        builder.addMember(edge.group, edge.member, MemberKind::Unknown);
    }
    builder.markUsersComplete();
    builder.markGroupsComplete();
    builder.markMembershipsComplete();
    return *builder.build();
}

struct Fixture
{
    test::TestDatabase database {};
    Connection connection = database.addConnection(u"Staff"_s);

    StoredDirectory stored()
    {
        auto loaded = database.store().directory().load(connection.id);
        return loaded ? *loaded : StoredDirectory { .snapshot = std::make_shared<Snapshot>() };
    }

    Result<RunRecord> apply(const ChangeSet& changes, std::int64_t generation)
    {
        return database.store().directory().commit({ .connectionId = connection.id,
            .baseGeneration = generation,
            .changes = &changes,
            .sourceState = "state",
            .fingerprint = u"print"_s,
            .tenantId = u"tenant"_s,
            .run = { .startedAt = database.clock().nowUtc() },
            .actor = u"admin"_s });
    }

    Result<RunRecord> become(const SnapshotPtr& target)
    {
        const StoredDirectory now = stored();
        return apply(test::differences(now.snapshot, target), now.generation);
    }

    QStringList faults() { return asList(*database.store().check()); }

    static QStringList asList(const std::vector<QString>& strings)
    {
        return { strings.begin(), strings.end() };
    }
};

QString describe(const Snapshot& snapshot)
{
    QStringList lines;
    for (Row user = 0; user < snapshot.userCount(); ++user) {
        const UserRecord record = snapshot.user(user);
        lines.append(record.id + u'|' + record.displayName + u'|' + record.email + u'|'
            + userStateName(record.state));
    }
    for (Row group = 0; group < snapshot.groupCount(); ++group) {
        QString line = snapshot.groupId(group) + u" ="_s;
        for (const Row user : snapshot.memberUsers(group)) {
            line += u' ' + snapshot.userId(user);
        }
        for (const Row member : snapshot.memberGroups(group)) {
            line += u" @"_s + snapshot.groupId(member);
        }
        lines.append(line);
    }
    return lines.join(u'\n');
}

} // namespace

void TstDirectoryStore::aFirstImportIsReadBack()
{
    Fixture fixture;
    const auto target = snapshotOf({ u"anna"_s, u"bob"_s }, { u"all"_s, u"dev"_s },
        { { u"all"_s, u"dev"_s }, { u"dev"_s, u"anna"_s }, { u"all"_s, u"bob"_s } });

    const auto run = fixture.become(target);

    QVERIFY2(run, run ? "" : qPrintable(run.error().toText()));
    QCOMPARE(run->counts.users.added, 2);
    QCOMPARE(run->counts.memberships.added, 3);
    const auto stored = fixture.stored();
    QCOMPARE(describe(*stored.snapshot), describe(*target));
    QCOMPARE(stored.generation, run->generation);
    QCOMPARE(stored.sourceState, QByteArray("state"));
    QCOMPARE(fixture.faults(), QStringList());
    QCOMPARE(
        fixture.database.store().connections().byId(fixture.connection.id)->tenantId, u"tenant"_s);
}

void TstDirectoryStore::aRemovedUserLeavesATombstoneAndComesBackAsTheSameRow()
{
    Fixture fixture;
    const auto full = snapshotOf({ u"anna"_s, u"bob"_s }, { u"all"_s }, { { u"all"_s, u"bob"_s } });
    QVERIFY(fixture.become(full));

    const auto removal = fixture.become(snapshotOf({ u"anna"_s }, { u"all"_s }, {}));

    QVERIFY(removal);
    const auto graves = fixture.database.store().directory().tombstones(fixture.connection.id);
    QCOMPARE(graves->size(), std::size_t(1));
    QCOMPARE(graves->front().id, u"bob"_s);
    QCOMPARE(graves->front().removedByRun, removal->id);

    fixture.database.clock().advance(24h);
    const auto back = fixture.become(full);

    QVERIFY(back);
    QCOMPARE(back->notes.size(), std::size_t(1));
    QVERIFY(back->notes.front().contains(u"flapped"));
    QVERIFY(fixture.database.store().directory().tombstones(fixture.connection.id)->empty());
    QCOMPARE(describe(*fixture.stored().snapshot), describe(*full));
    QCOMPARE(fixture.faults(), QStringList());
}

void TstDirectoryStore::aRemovedGroupLeavesATombstoneAndComesBackWithNewMembers()
{
    Fixture fixture;
    QVERIFY(fixture.become(snapshotOf({ u"anna"_s, u"bob"_s }, { u"all"_s, u"eng"_s },
        { { u"all"_s, u"eng"_s }, { u"eng"_s, u"bob"_s } })));

    const auto removal = fixture.become(snapshotOf({ u"anna"_s, u"bob"_s }, { u"all"_s }, {}));

    QVERIFY(removal);
    const auto graves = fixture.database.store().directory().tombstones(fixture.connection.id);
    QCOMPARE(graves->size(), std::size_t(1));
    QCOMPARE(graves->front().kind, ObjectKind::Group);
    QCOMPARE(graves->front().id, u"eng"_s);
    QCOMPARE(graves->front().name, u"ENG"_s);
    QCOMPARE(graves->front().removedByRun, removal->id);

    const auto back
        = snapshotOf({ u"anna"_s, u"bob"_s }, { u"all"_s, u"eng"_s }, { { u"eng"_s, u"anna"_s } });
    QVERIFY(fixture.become(back));

    QVERIFY(fixture.database.store().directory().tombstones(fixture.connection.id)->empty());
    QCOMPARE(describe(*fixture.stored().snapshot), describe(*back));
    QCOMPARE(fixture.faults(), QStringList());
}

void TstDirectoryStore::heldRemovalsStayStored()
{
    Fixture fixture;
    const auto full = snapshotOf({ u"anna"_s, u"bob"_s }, { u"all"_s }, { { u"all"_s, u"bob"_s } });
    QVERIFY(fixture.become(full));
    const auto stored = fixture.stored();
    auto changes = test::differences(
        stored.snapshot, snapshotOf({ u"anna"_s, u"carl"_s }, { u"all"_s }, {}));
    for (auto& change : changes.users) {
        change.held = change.action == ChangeAction::Remove;
    }
    for (auto& change : changes.memberships) {
        change.held = change.removed;
    }

    const auto run
        = fixture.database.store().directory().commit({ .connectionId = fixture.connection.id,
            .baseGeneration = stored.generation,
            .changes = &changes,
            .run = { .outcome = RunOutcome::Held },
            .hold = Hold { .planHash = u"hash"_s, .planJson = "{}" } });

    QVERIFY(run);
    QCOMPARE(run->counts.users.removed, 0);
    QCOMPARE(run->counts.users.held, 1);
    QCOMPARE(describe(*fixture.stored().snapshot),
        describe(*snapshotOf(
            { u"anna"_s, u"bob"_s, u"carl"_s }, { u"all"_s }, { { u"all"_s, u"bob"_s } })));
    QCOMPARE((*fixture.database.store().directory().hold(fixture.connection.id))->runId, run->id);

    QVERIFY(fixture.become(full));

    QVERIFY(!fixture.database.store().directory().hold(fixture.connection.id)->has_value());
}

void TstDirectoryStore::aPlanOnAnOlderGenerationIsRefused()
{
    Fixture fixture;
    const auto changes
        = test::differences(std::make_shared<Snapshot>(), snapshotOf({ u"anna"_s }, {}, {}));
    QVERIFY(fixture.apply(changes, 0));

    const auto again = fixture.apply(changes, 0);

    QVERIFY(!again);
    QCOMPARE(again.error().code, ErrorCode::Stale);
    QCOMPARE(fixture.database.store().runs().list({})->size(), std::size_t(1));
}

void TstDirectoryStore::aPinIsReleasedWhenItsObjectIsSeen()
{
    Fixture fixture;
    const auto full = snapshotOf({ u"anna"_s }, { u"a:b"_s }, { { u"a:b"_s, u"anna"_s } });
    QVERIFY(fixture.become(full));
    const auto changes
        = test::differences(fixture.stored().snapshot, snapshotOf({ u"anna"_s }, { u"a:b"_s }, {}));
    const QString key = removalKey(changes, changes.memberships.front());
    auto& directory = fixture.database.store().directory();
    QVERIFY(directory.pin(fixture.connection.id, { key, u"user:gone"_s }, u"admin"_s));
    QCOMPARE(fixture.stored().pinned.size(), std::size_t(2));

    QVERIFY(fixture.become(full));

    QCOMPARE(fixture.stored().pinned, std::vector { u"user:gone"_s });
}

void TstDirectoryStore::everyRunCanBeReadChangeByChange()
{
    Fixture fixture;
    QVERIFY(fixture.become(
        snapshotOf({ u"anna"_s, u"bob"_s }, { u"all"_s }, { { u"all"_s, u"bob"_s } })));
    const auto run = fixture.become(snapshotOf({ u"anna"_s }, { u"all"_s }, {}));
    QVERIFY(run);
    auto& runs = fixture.database.store().runs();

    const auto changes = runs.changes(run->id, 0, 10);
    const auto second = runs.changes(run->id, 1, 1);
    const auto events = runs.ofObject(fixture.connection.id, ObjectKind::User, u"bob"_s, 10);

    QCOMPARE(changes->size(), std::size_t(2));
    QCOMPARE(changes->front().id, u"bob"_s);
    QCOMPARE(changes->front().name, u"BOB"_s);
    QCOMPARE(changes->front().attributes.front().before, u"BOB"_s);
    QCOMPARE(second->front().kind, ObjectKind::Membership);
    QCOMPARE(second->front().id, u"all"_s);
    QCOMPARE(second->front().memberId, u"bob"_s);
    QCOMPARE(events->size(), std::size_t(4));
    QCOMPARE(events->front().runId, run->id);
}

void TstDirectoryStore::theFirstConnectionKeepsItsExportedIds()
{
    Fixture fixture;
    const auto unprefixed
        = [&] { return (*fixture.database.store().directory().loadView())->unprefixed; };
    const auto people = snapshotOf({ u"ann"_s }, {}, {});
    const Connection first = fixture.connection;
    const Connection second = fixture.database.addConnection(u"A second"_s);
    QVERIFY(!unprefixed().has_value());

    QVERIFY(fixture.become(people).hasValue());
    fixture.connection = second;
    QVERIFY(fixture.become(people).hasValue());
    QCOMPARE(unprefixed(), first.id);

    QVERIFY(fixture.database.store().connections().remove(first.id).hasValue());
    QVERIFY(fixture.become(snapshotOf({ u"ann"_s, u"bob"_s }, {}, {})).hasValue());
    QCOMPARE(unprefixed(), first.id);

    QVERIFY(fixture.database.store().connections().remove(second.id).hasValue());
    fixture.connection = fixture.database.addConnection(u"A third"_s);
    QVERIFY(fixture.become(people).hasValue());
    QCOMPARE(unprefixed(), fixture.connection.id);
}

void TstDirectoryStore::randomChangesEndInTheExpectedDirectory()
{
    Fixture fixture;
    std::mt19937 random(7);
    const auto below = [&random](unsigned limit) { return random() % limit; };
    for (int round = 0; round < 40; ++round) {
        std::vector<QString> users;
        std::vector<QString> groups;
        std::vector<Edge> edges;
        for (unsigned user = 0; user < 120; ++user) {
            if (below(20) > 0) {
                users.push_back(u"u%1"_s.arg(user));
            }
        }
        for (unsigned group = 0; group < 12; ++group) {
            if (below(12) > 0) {
                groups.push_back(u"g%1"_s.arg(group));
            }
        }
        for (const QString& group : groups) {
            for (const QString& user : users) {
                if (below(2) == 0) {
                    edges.push_back({ group, user });
                }
            }
            edges.push_back({ group, groups[below(unsigned(groups.size()))] });
        }
        const auto target = snapshotOf(users, groups, edges);

        const auto run = fixture.become(target);

        QVERIFY2(run, run ? "" : qPrintable(run.error().toText()));
        QCOMPARE(describe(*fixture.stored().snapshot), describe(*target));
        QCOMPARE(fixture.faults(), QStringList());
    }
}

static const bool kDirectoryStoreRegistered
    = test::registerTestClass<TstDirectoryStore>("directorystore");

} // namespace portreeve

#include "tst_directorystore.moc"
