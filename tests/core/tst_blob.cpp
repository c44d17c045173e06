// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/export/bundle.h"
#include "tests/support/httprun.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::groupIds;
using test::HttpRun;
using test::memberIds;
using test::userIds;

class TstBlob : public QObject
{
    Q_OBJECT

private slots:
    void aFolderIsRead();
    void anUnchangedFileIsNotReadAgain();
    void aServerIsReadWithItsHeader();
    void conditionsAreSent_data();
    void conditionsAreSent();
    void groupsWithoutRecordsAreKept();
    void errorsAreNamed_data();
    void errorsAreNamed();
    void aMissingFileIsNamed();
    void sourcesAreChecked_data();
    void sourcesAreChecked();
    void testTellsWhatItFound();

private:
    static QByteArray bundle()
    {
        return writeBundle({ .users = { { .id = u"bob"_s, .groupIds = { u"dev"_s, u"ghost"_s } },
                                 { .id = u"eve"_s, .email = u"eve@example.org"_s } },
                               .groups = { { .id = u"dev"_s, .name = u"Developers"_s } } })
            ->bytes;
    }

    static OptionValues webOptions()
    {
        return { { u"source"_s, u"https://files.example.org/bundle.zip"_s },
            { u"header_name"_s, u"X-Key"_s } };
    }

    static bool store(const QString& path, const QByteArray& bytes)
    {
        QFile file(path);
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
    }
};

namespace {
const QHash<QString, QString> kSecrets { { u"header_value"_s, u"planted-secret"_s } };
}

void TstBlob::aFolderIsRead()
{
    const QTemporaryDir folder;
    QVERIFY(store(folder.filePath(u"bundle.zip"_s), bundle()));
    HttpRun run(u"blob"_s, { { u"source"_s, QString(u"file://"_s + folder.path()) } }, {});

    const auto snapshot = run.fetch();

    QVERIFY(snapshot.hasValue());
    QCOMPARE(userIds(**snapshot), QStringList({ u"bob"_s, u"eve"_s }));
    QCOMPARE(memberIds(**snapshot, u"dev"_s), QStringList { u"bob"_s });
    QVERIFY((*snapshot)->completeness().users && (*snapshot)->completeness().memberships);
}

void TstBlob::anUnchangedFileIsNotReadAgain()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"bundle.zip"_s);
    QVERIFY(store(path, bundle()));
    HttpRun run(u"blob"_s, { { u"source"_s, QString(u"file://"_s + folder.path()) } }, {});
    QVERIFY(run.fetch().hasValue());
    QVERIFY(!run.outcome().unchanged);
    const auto state = run.outcome().nextState;

    QVERIFY(run.fetch(state).hasValue());
    QVERIFY(run.outcome().unchanged);
    QVERIFY(QFile::remove(path) && store(path, writeBundle({})->bytes));
    QVERIFY(run.fetch(state).hasValue());

    QVERIFY(!run.outcome().unchanged);
}

void TstBlob::aServerIsReadWithItsHeader()
{
    HttpRun run(u"blob"_s, webOptions(), kSecrets);
    run.http().on(u"GET /bundle.zip"_s, { { .body = bundle() } });

    const auto snapshot = run.fetch();

    QVERIFY(snapshot.hasValue());
    QCOMPARE((*snapshot)->userCount(), Row { 2 });
    const auto& headers = run.http().requests().front().headers;
    QCOMPARE(headers.front().name, "X-Key");
    QCOMPARE(headers.front().value, "planted-secret");
}

void TstBlob::conditionsAreSent_data()
{
    QTest::addColumn<QByteArray>("given");
    QTest::addColumn<QByteArray>("condition");
    QTest::addRow("etag") << QByteArray("ETag") << QByteArray("If-None-Match");
    QTest::addRow("date") << QByteArray("Last-Modified") << QByteArray("If-Modified-Since");
}

void TstBlob::conditionsAreSent()
{
    QFETCH(QByteArray, given);
    QFETCH(QByteArray, condition);
    HttpRun run(u"blob"_s, webOptions(), kSecrets);
    run.http().on(u"GET /bundle.zip"_s,
        { { .body = bundle(), .headers = { { .name = given, .value = "value" } } },
            { .status = 304 } });
    QVERIFY(run.fetch().hasValue());
    const auto state = run.outcome().nextState;

    QVERIFY(run.fetch(state).hasValue());

    QVERIFY(run.outcome().unchanged);
    QCOMPARE(run.outcome().nextState, state);
    QCOMPARE(run.http().requests().size(), std::size_t { 2 }); // one a run
    const auto& last = run.http().requests().back().headers.back();
    QCOMPARE(last.name, condition);
    QCOMPARE(last.value, "value");
}

void TstBlob::groupsWithoutRecordsAreKept()
{
    HttpRun run(u"blob"_s, webOptions(), kSecrets);
    run.http().on(u"GET /bundle.zip"_s, { { .body = bundle() } });

    const auto snapshot = run.fetch();

    QCOMPARE(groupIds(**snapshot), QStringList({ u"dev"_s, u"ghost"_s }));
    QCOMPARE(memberIds(**snapshot, u"ghost"_s), QStringList { u"bob"_s });
    QVERIFY((*snapshot)->notes().front().contains(u"ghost"_s));
}

void TstBlob::errorsAreNamed_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("code");
    const auto row = [](int status, ErrorCode code) {
        QTest::addRow("%d", status) << status << static_cast<int>(code);
    };
    row(401, ErrorCode::Auth);
    row(403, ErrorCode::Permission);
    row(404, ErrorCode::NotFound);
    row(429, ErrorCode::RateLimited);
    row(500, ErrorCode::BadResponse);
    row(304, ErrorCode::BadResponse); // without having asked for it
}

void TstBlob::errorsAreNamed()
{
    QFETCH(int, status);
    QFETCH(int, code);
    HttpRun run(u"blob"_s, webOptions(), kSecrets);
    run.http().on(u"GET /bundle.zip"_s, { { .status = status } });

    const auto snapshot = run.fetch();

    QVERIFY(!snapshot);
    QCOMPARE(static_cast<int>(snapshot.error().code), code);
    QVERIFY(snapshot.error().what.english().contains(u"files.example.org"_s));
    QVERIFY(!snapshot.error().remedy.isEmpty());
}

void TstBlob::aMissingFileIsNamed()
{
    const QTemporaryDir folder;
    HttpRun run(u"blob"_s, { { u"source"_s, QString(u"file://"_s + folder.path()) } }, {});

    const auto report = run.test();

    QVERIFY(!report.passed());
    QCOMPARE(report.failure->code, ErrorCode::NotFound);
    QVERIFY(report.failure->what.english().contains(folder.filePath(u"bundle.zip"_s)));
}

void TstBlob::sourcesAreChecked_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("inRemedy"); // empty = accepted
    QTest::addRow("folder") << u"file:///srv/directory"_s << QString();
    QTest::addRow("web") << u"https://files.example.org/x"_s << QString();
    QTest::addRow("loopback") << u"http://127.0.0.1:8080/"_s << QString();
    QTest::addRow("plain") << u"http://files.example.org/x"_s << u"https://"_s;
    QTest::addRow("S3") << u"s3://bucket"_s << u"file and http(s) only"_s;
    QTest::addRow("GCS") << u"gs://bucket"_s << u"file and http(s) only"_s;
    QTest::addRow("Azure") << u"azblob://container"_s << u"file and http(s) only"_s;
    QTest::addRow("other") << u"ftp://files.example.org/x"_s << u"https, http, file"_s;
}

void TstBlob::sourcesAreChecked()
{
    QFETCH(QString, source);
    QFETCH(QString, inRemedy);

    const auto problems = validateOptions(*findConnector(u"blob"), { { u"source"_s, source } }, {});

    QCOMPARE(problems.empty(), inRemedy.isEmpty());
    if (!problems.empty()) {
        QCOMPARE(problems.front().key, u"source"_s);
        QVERIFY2(problems.front().remedy.english().contains(inRemedy),
            qUtf8Printable(problems.front().remedy.english()));
    }
}

void TstBlob::testTellsWhatItFound()
{
    HttpRun run(u"blob"_s, webOptions(), kSecrets);
    run.http().on(u"GET /bundle.zip"_s, { { .body = bundle() } });

    const auto report = run.test();

    QVERIFY(report.passed());
    QCOMPARE(report.userCount, std::optional<std::int64_t>(2));
    QCOMPARE(report.sampleUsers.front().id, u"bob"_s);
}

static const bool kBlobRegistered = test::registerTestClass<TstBlob>("blob");

} // namespace portreeve

#include "tst_blob.moc"
