// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/database.h"
#include "core/store/schema.h"
#include "tests/support/listing.h"
#include "tests/support/testdatabase.h"
#include "tests/support/testregistry.h"

#include <QDir>
#include <QFile>
#include <QTest>
#include <QtEndian>

#include <array>
#include <thread>

using namespace Qt::StringLiterals;

namespace portreeve {

class TstStoreFaults : public QObject
{
    Q_OBJECT

private slots:
    void aFileThatIsNoDatabaseIsRefusedUnchanged();
    void aTruncatedFileIsRefusedUnchanged();
    void aFileFromTheFutureIsRefusedAndNothingAppearsBesideIt();
    void aFolderBelowAFileIsRefused();
    void aFullDiskLosesNothing();
    void aDiskThatFillsUpDuringASyncLosesNothing();
    void aFileThatMayNotBeWrittenIsNamed();
    void aPlaceThatIsReadOnlyIsNamed_data();
    void aPlaceThatIsReadOnlyIsNamed();
    void aFailedStepKeepsTheOldVersion();
    void twoThreadsMayMakeTheFileAtOnce();
    void aBackupHoldsEverythingAndIsNeverOverwritten();
    void aRestoreKeepsTheOldFileBeside();
    void aTamperedAuditEntryIsFound();
    void aClaimIsKeptFromOtherThreads();
    void theNextAttemptIsMovedOnlyWhereNothingElseMovedIt();
};

namespace {

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void write(const QString& path, const QByteArray& content)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

void verifyRefused(test::TestDatabase& database, const QByteArray& content)
{
    write(database.path(), content);

    const auto opened = database.open();

    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::Storage);
    QVERIFY(!opened.error().remedy.isEmpty());
    QCOMPARE(contentOf(database.path()), content);
    QVERIFY(!QFile::exists(database.path() + u"-wal"_s));
    QVERIFY(!QFile::exists(database.path() + u"-shm"_s));
}

} // namespace

void TstStoreFaults::aFileThatIsNoDatabaseIsRefusedUnchanged()
{
    test::TestDatabase database;
    database.close();

    verifyRefused(database, QByteArray(5000, 'x'));
}

void TstStoreFaults::aTruncatedFileIsRefusedUnchanged()
{
    test::TestDatabase database;
    database.addConnection(u"Staff"_s);
    database.close();

    verifyRefused(database, contentOf(database.path()).chopped(10'000));
}

void TstStoreFaults::aFileFromTheFutureIsRefusedAndNothingAppearsBesideIt()
{
    constexpr qsizetype kUserVersionAt = 60;
    test::TestDatabase database;
    database.close();
    QByteArray content = contentOf(database.path());
    qToBigEndian<quint32>(quint32(schemaVersion() + 1), content.data() + kUserVersionAt);

    verifyRefused(database, content);
}

void TstStoreFaults::aFolderBelowAFileIsRefused()
{
    test::TestDatabase database;

    const auto opened
        = Store::open({ .path = database.path() + u"/below/data.db"_s }, database.clock());

    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::Storage);
}

void TstStoreFaults::aFullDiskLosesNothing()
{
    test::TestDatabase database;
    database.addConnection(u"Staff"_s);
    const auto door = Database::open({ .path = database.path() });
    QVERIFY(door);
    QVERIFY((*door)->execute(u"PRAGMA max_page_count = 1"_s));
    ConnectionStore connections(**door, database.clock());

    const auto added = connections.add({ .name = u"Large"_s,
        .provider = u"sample"_s,
        .options = { { u"text"_s, QString(1'000'000, u'x') } } });

    QVERIFY(!added);
    QCOMPARE(added.error().code, ErrorCode::Storage);
    QVERIFY(added.error().what.english().contains(u"full"));
    QVERIFY(added.error().what.english().contains(database.path()));
    QVERIFY(added.error().remedy.english().contains(u"Free some space"));
    QCOMPARE(database.store().connections().list()->size(), std::size_t(1));
    QVERIFY(database.store().check()->empty());
}

void TstStoreFaults::aDiskThatFillsUpDuringASyncLosesNothing()
{
    test::TestDatabase database;
    const QString id = database.addConnection(u"Staff"_s).id;
    const SnapshotPtr few = test::crowd(20).snapshot();
    const auto commit = [&](DirectoryStore& directory, const SnapshotPtr& from,
                            const SnapshotPtr& to, std::int64_t generation) {
        const ChangeSet changes = test::differences(from, to);
        return directory.commit({ .connectionId = id,
            .baseGeneration = generation,
            .changes = &changes,
            .run = { .startedAt = database.clock().nowUtc() },
            .actor = u"ann"_s });
    };
    QVERIFY(commit(database.store().directory(), std::make_shared<Snapshot>(), few, 0));
    const auto before = database.store().directory().load(id);
    const auto runs = database.store().runs().list({})->size();
    const auto door = Database::open({ .path = database.path() });
    QVERIFY((*door)->execute(u"PRAGMA max_page_count = 1"_s));
    DirectoryStore full(**door, database.clock());

    const auto written
        = commit(full, before->snapshot, test::crowd(20'000).snapshot(), before->generation);

    QVERIFY(!written);
    QCOMPARE(written.error().code, ErrorCode::Storage);
    QVERIFY2(
        written.error().what.english().contains(u"full"), qPrintable(written.error().toText()));
    QVERIFY(written.error().remedy.english().contains(u"Free some space"));
    const auto after = database.store().directory().load(id);
    QCOMPARE(after->generation, before->generation);
    QCOMPARE(after->snapshot->userCount(), 20U);
    QCOMPARE(database.store().runs().list({})->size(), runs);
    QVERIFY(database.store().check()->empty());
}

// By SQLite's own switch: tests may run as root, whom no permission stops.
void TstStoreFaults::aFileThatMayNotBeWrittenIsNamed()
{
    test::TestDatabase database;
    database.addConnection(u"Staff"_s);
    const auto door = Database::open({ .path = database.path() });
    QVERIFY(door);
    QVERIFY((*door)->execute(u"PRAGMA query_only = ON"_s));
    ConnectionStore connections(**door, database.clock());

    const auto added = connections.add({ .name = u"More"_s, .provider = u"sample"_s });

    QVERIFY(!added);
    QCOMPARE(added.error().code, ErrorCode::Storage);
    QVERIFY(added.error().what.english().contains(database.path()));
    QVERIFY(added.error().what.english().contains(u"cannot be written"));
    QVERIFY(added.error().remedy.english().contains(u"permission"));
    QCOMPARE(connections.list()->size(), std::size_t(1));
    QVERIFY(database.store().check()->empty());
}

// Root may write everywhere but there: these two are no folders on a disk.
void TstStoreFaults::aPlaceThatIsReadOnlyIsNamed_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("named");
    QTest::addRow("the folder cannot be made")
        << u"/proc/portreeve/portreeve.db"_s << u"/proc/portreeve"_s;
    QTest::addRow("the file cannot be made") << u"/proc/portreeve.db"_s << u"/proc/portreeve.db"_s;
}

void TstStoreFaults::aPlaceThatIsReadOnlyIsNamed()
{
    QFETCH(QString, path);
    QFETCH(QString, named);
    const test::FakeClock clock;

    const auto opened = Store::open({ .path = path }, clock);

    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::Storage);
    QVERIFY2(opened.error().what.english().contains(named), qPrintable(opened.error().toText()));
    QVERIFY(opened.error().remedy.english().contains(u"belongs to you"));
}

void TstStoreFaults::aFailedStepKeepsTheOldVersion()
{
    test::TestDatabase database;
    database.close();
    const auto door = Database::open({ .path = database.path() });
    auto steps = migrations();
    steps.push_back({ .version = schemaVersion() + 1,
        .statements = { u"CREATE TABLE later (id INTEGER) STRICT"_s, u"NOT SQL"_s } });

    const auto migrated = migrate(**door, steps, database.clock());

    QVERIFY(!migrated);
    QCOMPARE(*(*door)->number(u"PRAGMA user_version"_s), schemaVersion());
    QCOMPARE(*(*door)->number(u"SELECT count(*) FROM sqlite_schema WHERE name = 'later'"_s), 0);
}

void TstStoreFaults::twoThreadsMayMakeTheFileAtOnce()
{
    test::TestDatabase database;
    const QString path = database.filePath(u"shared.db"_s);
    std::array<QString, 2> failures;
    std::vector<std::jthread> threads;
    for (QString& failure : failures) {
        threads.emplace_back([&failure, &path, &database] {
            const auto store = Store::open({ .path = path }, database.clock());
            if (!store) {
                failure = store.error().toText();
                return;
            }
            for (int i = 0; i < 20; ++i) {
                const auto logged = (*store)->audit().append({ .event = u"tick"_s });
                failure = logged ? failure : logged.error().toText();
            }
        });
    }
    threads.clear();

    QCOMPARE(failures[0], QString());
    QCOMPARE(failures[1], QString());
    const auto store = Store::open({ .path = path }, database.clock());
    QCOMPARE((*store)->audit().list(0, 100)->size(), std::size_t(40));
    QVERIFY((*store)->check()->empty());
}

void TstStoreFaults::aBackupHoldsEverythingAndIsNeverOverwritten()
{
    test::TestDatabase database;
    database.addConnection(u"Staff"_s);
    const QString file = database.filePath(u"copy.db"_s);

    QVERIFY(database.store().backupTo(file));
    const auto again = database.store().backupTo(file);

    QVERIFY(!again);
    QCOMPARE(again.error().code, ErrorCode::InvalidInput);
    QCOMPARE(
        QFile::permissions(file) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    const auto copy = Store::open({ .path = file }, database.clock());
    QCOMPARE((*copy)->connections().list()->front().name, u"Staff"_s);
}

void TstStoreFaults::aRestoreKeepsTheOldFileBeside()
{
    test::TestDatabase database;
    database.addConnection(u"Staff"_s);
    const QString file = database.filePath(u"copy.db"_s);
    QVERIFY(database.store().backupTo(file));
    database.addConnection(u"Later"_s);
    const auto busy = Store::restore(file, database.path(), database.clock());
    QVERIFY(!busy);
    database.close();

    const auto restored = Store::restore(file, database.path(), database.clock());

    QVERIFY2(restored, restored ? "" : qPrintable(restored.error().toText()));
    QCOMPARE((*database.open())->connections().list()->size(), std::size_t(1));
    const auto old = QDir(database.filePath({})).entryList({ u"*.replaced-*"_s });
    QCOMPARE(old.size(), 1);
    const auto kept = Store::open({ .path = database.filePath(old.front()) }, database.clock());
    QCOMPARE((*kept)->connections().list()->size(), std::size_t(2));
}

void TstStoreFaults::aTamperedAuditEntryIsFound()
{
    test::TestDatabase database;
    for (int i = 0; i < 3; ++i) {
        QVERIFY(database.store().audit().append({ .actor = u"admin"_s, .event = u"test"_s }));
    }
    QVERIFY(!database.store().audit().firstBroken()->has_value());
    const auto door = Database::open({ .path = database.path() });

    QVERIFY((*door)->execute(u"UPDATE audit SET actor = 'nobody' WHERE id = 2"_s));

    QCOMPARE(*database.store().audit().firstBroken(), std::optional<std::int64_t>(2));
    QCOMPARE(database.store().check()->size(), std::size_t(1));
}

void TstStoreFaults::aClaimIsKeptFromOtherThreads()
{
    test::TestDatabase database;
    const QString id = database.addConnection(u"Staff"_s).id;
    const auto claimElsewhere = [&] {
        bool claimed = false;
        std::jthread([&] { claimed = *(*database.open())->connections().claimRun(id); }).join();
        return claimed;
    };

    QVERIFY(*database.store().connections().claimRun(id));
    QVERIFY(!claimElsewhere());
    QVERIFY(database.store().connections().releaseRun(id));

    QVERIFY(claimElsewhere());
}

void TstStoreFaults::theNextAttemptIsMovedOnlyWhereNothingElseMovedIt()
{
    test::TestDatabase database;
    auto& connections = database.store().connections();
    const Connection seen = database.addConnection(u"Staff"_s);
    const auto stored = [&] { return connections.byId(seen.id)->nextAttemptAt; };
    const UtcTime first = UtcTime(std::chrono::hours(1));

    QVERIFY(*connections.claimRun(seen.id));
    QVERIFY(connections.reschedule(seen, first));
    QCOMPARE(stored(), seen.nextAttemptAt); // the run will say
    QVERIFY(connections.releaseRun(seen.id));
    QVERIFY(connections.reschedule(seen, first));
    QCOMPARE(stored(), std::optional(first));
    QVERIFY(connections.reschedule(seen, first + std::chrono::hours(1)));

    QCOMPARE(stored(), std::optional(first)); // no longer as it was seen
}

static const bool kStoreFaultsRegistered = test::registerTestClass<TstStoreFaults>("storefaults");

} // namespace portreeve

#include "tst_storefaults.moc"
