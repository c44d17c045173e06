// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/database.h"
#include "core/store/schema.h"
#include "tests/support/testdatabase.h"
#include "tests/support/testregistry.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

/// Files that earlier versions wrote (tests/data/schema) become files of today.
class TstSchema : public QObject
{
    Q_OBJECT

private slots:
    void everyEarlierVersionHasItsDump();
    void anUpgradedFileIsLikeAFreshOne_data();
    void anUpgradedFileIsLikeAFreshOne();
    void anUpgradeKeepsTheContent_data();
    void anUpgradeKeepsTheContent();
    void aFailedUpgradeLeavesTheOldVersion_data();
    void aFailedUpgradeLeavesTheOldVersion();
};

namespace {

QString dumpPath(int version)
{
    return QStringLiteral(PORTREEVE_TEST_DATA) + u"/schema/version%1.sql"_s.arg(version);
}

/// A row per version that has a dump, the one of today included once it has one.
void addVersions()
{
    QTest::addColumn<int>("version");
    for (int version = 1; version <= schemaVersion(); ++version) {
        if (QFile::exists(dumpPath(version))) {
            QTest::addRow("version %d", version) << version;
        }
    }
}

/// Fills an empty file from a dump: one statement ends with each line that ends in a semicolon.
Result<void> load(const QString& path, int version)
{
    QFile dump(dumpPath(version));
    const auto door = Database::open({ .path = path });
    if (!door || !dump.open(QIODevice::ReadOnly)) {
        return Error { .what = Message::verbatim(dump.errorString()) };
    }
    const auto statements = QString::fromUtf8(dump.readAll()).split(u";\n"_s, Qt::SkipEmptyParts);
    for (const QString& statement : statements) {
        if (const auto done = (*door)->execute(statement); !done) {
            return done;
        }
    }
    return {};
}

/// Tables and indexes with their definitions.
std::vector<QString> schemaOf(const QString& path)
{
    const auto door = Database::open({ .path = path, .createIfMissing = false });
    const auto rows = door
        ? (*door)->all(u"SELECT type, name, tbl_name, sql FROM sqlite_schema "
                       "ORDER BY type, name"_s,
              [](const Statement& row) {
                  return QStringList { row.text(0), row.text(1), row.text(2), row.text(3) }.join(
                      u'\n');
              })
        : Result<std::vector<QString>>(door.error());
    return rows.valueOr({});
}

std::int64_t versionOf(const QString& path)
{
    const auto door = Database::open({ .path = path, .createIfMissing = false });
    return door ? (*door)->number(u"PRAGMA user_version"_s).valueOr(-1) : -1;
}

} // namespace

void TstSchema::everyEarlierVersionHasItsDump()
{
    for (int version = 1; version < schemaVersion(); ++version) {
        QVERIFY2(QFile::exists(dumpPath(version)), qPrintable(dumpPath(version)));
    }
}

void TstSchema::anUpgradedFileIsLikeAFreshOne_data()
{
    addVersions();
}

void TstSchema::anUpgradedFileIsLikeAFreshOne()
{
    QFETCH(const int, version);
    test::TestDatabase fresh;
    const QString path = fresh.filePath(u"old.db"_s);
    const auto loaded = load(path, version);
    QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().toText()));
    QCOMPARE(versionOf(path), version);

    const auto store = Store::open({ .path = path }, fresh.clock());

    QVERIFY2(store, store ? "" : qPrintable(store.error().toText()));
    QCOMPARE(versionOf(path), schemaVersion());
    const auto expected = schemaOf(fresh.path());
    QVERIFY(expected.size() > 10);
    QCOMPARE(schemaOf(path), expected);
    const auto backups = QDir(fresh.filePath({})).entryList({ u"old.db.v*.backup"_s });
    QCOMPARE(backups.size(), version < schemaVersion() ? 1 : 0);
}

void TstSchema::anUpgradeKeepsTheContent_data()
{
    addVersions();
}

void TstSchema::anUpgradeKeepsTheContent()
{
    QFETCH(const int, version);
    test::TestDatabase folder;
    const QString path = folder.filePath(u"old.db"_s);
    QVERIFY(load(path, version));

    const auto store = Store::open({ .path = path }, folder.clock());

    QVERIFY(store.hasValue());
    const auto faults = (*store)->check();
    QVERIFY(faults.hasValue());
    QVERIFY2(faults->empty(), faults->empty() ? "" : qPrintable(faults->front()));
    const auto connection = (*store)->connections().byName(u"Sample"_s);
    QVERIFY(connection.hasValue());
    const auto stored = (*store)->directory().load(connection->id);
    QVERIFY(stored.hasValue());
    QCOMPARE(stored->snapshot->userCount(), Row(51));
    QCOMPARE(stored->pinned, std::vector { u"user:gone"_s });
    QCOMPARE(stored->protectedUsers.size(), std::size_t(1));
    const auto runs = (*store)->runs().list({});
    QCOMPARE(runs->size(), std::size_t(2));
    QVERIFY(!(*store)->runs().changes(runs->back().id, 0, 10)->empty());
    QCOMPARE((*store)->policies().policies()->front().name, u"Staff"_s);
    QCOMPARE((*store)->policies().routes()->front().policyIds.size(), std::size_t(1));
    if (version >= 2) {
        const auto target = (*store)->targets().byName(u"Office"_s);
        QVERIFY(target.hasValue());
        QCOMPARE((*store)->targets().blockedUsers(target->id)->size(), std::size_t(1));
        QCOMPARE((*store)->pushes().list(target->id, 10)->size(), std::size_t(1));
        QCOMPARE(
            (*store)->attachments().list(target->id)->size(), std::size_t(version >= 3 ? 1 : 0));
        QVERIFY(!target->listener);
    }
    QCOMPARE((*store)->setting(u"color_scheme"_s)->value_or(QString()), u"dark"_s);
}

void TstSchema::aFailedUpgradeLeavesTheOldVersion_data()
{
    addVersions();
}

void TstSchema::aFailedUpgradeLeavesTheOldVersion()
{
    QFETCH(const int, version);
    test::TestDatabase folder;
    const QString path = folder.filePath(u"old.db"_s);
    QVERIFY(load(path, version));
    const auto before = schemaOf(path);
    const auto door = Database::open({ .path = path });
    const std::vector<Migration> steps { { .version = version, .statements = {} },
        { .version = version + 1,
            .statements = { u"CREATE TABLE later (id INTEGER) STRICT"_s,
                u"DROP TABLE run_change_block"_s, u"NOT SQL"_s } } };

    const auto migrated = migrate(**door, steps, folder.clock());

    QVERIFY(!migrated);
    QCOMPARE(migrated.error().code, ErrorCode::Storage);
    QCOMPARE(versionOf(path), version);
    QCOMPARE(schemaOf(path), before);
}

static const bool kSchemaRegistered = test::registerTestClass<TstSchema>("schema");

} // namespace portreeve

#include "tst_schema.moc"
