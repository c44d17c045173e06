// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/filereplace.h"
#include "core/proxy/managedfile.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

std::vector<ExportedRoute> ours()
{
    return { { .route = { .name = u"app"_s,
                   .from = u"https://app.corp.test"_s,
                   .to = { u"http://127.0.0.1:8080"_s } } } };
}

QByteArray block(const QByteArray& inner)
{
    return "# portreeve: begin of managed routes\n" + inner
        + "  # portreeve: end of managed routes\n";
}

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(missing)");
}

void put(const QString& path, const QByteArray& content)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

} // namespace

class TstManagedFile : public QObject
{
    Q_OBJECT

private slots:
    void baseWinsAndItsRoutesComeFirst();
    void basesTheProxyWouldNotLoadAreRefused_data();
    void basesTheProxyWouldNotLoadAreRefused();
    void aBlockInAFileTheProxyWouldNotLoadIsRefused();
    void everyByteOutsideTheBlockStays();
    void wrongMarkersAreRefused_data();
    void wrongMarkersAreRefused();
    void theOperatorsRoutesStandAroundOurs();
    void aRouteThatWouldFreezeTheProxyIsRefused();
    void aFileIsReplacedWholeAndTheOldOneKept();
    void nothingChangesWhenWritingFails();
};

void TstManagedFile::baseWinsAndItsRoutesComeFirst()
{
    const auto text
        = *mergeIntoBase("# secret\nshared_secret: aGk=\ninsecure_server: true\nroutes:\n"
                         "- from: https://own.corp.test\n  to: http://a\n"
                         "grpc_address: ':443'\n",
            ours());

    QVERIFY(text.contains("shared_secret: \"aGk=\"\n"));
    QVERIFY(text.contains("insecure_server: true\n"));
    QVERIFY(text.contains("grpc_address: \":443\"\n"));
    const auto routes = *readFragment(text);
    QCOMPARE(routes.size(), std::size_t { 2 });
    QCOMPARE(routes[0].route.from, u"https://own.corp.test"_s);
    QCOMPARE(routes[1].route.name, u"app"_s);
    QCOMPARE(readFragment(*mergeIntoBase("", ours()))->size(), std::size_t { 1 });
}

void TstManagedFile::basesTheProxyWouldNotLoadAreRefused_data()
{
    QTest::addColumn<QByteArray>("base");
    QTest::addColumn<QString>("named"); // in the error
    for (const auto* base : { "routes: {}", "- a", "a: [", "routes: 5",
             "routes: [{from: x, allow_public_unauthenticated_access: true, "
             "allow_any_authenticated_user: true}]",
             "routes: [{from: x, allow_any_authenticated_user: true, allowed_domains: [a]}]" }) {
        QTest::addRow("%s", base) << QByteArray(base) << QString();
    }
    for (const auto* key :
        { "client_ca", "client_ca_file", "Idp_Service_Account", "idp_refresh_directory_interval",
            "idp_refresh_directory_timeout", "idp_qps", "tracing_datadog_address",
            "tracing_jaeger_agent_endpoint", "tracing_jaeger_collector_endpoint",
            "tracing_provider", "tracing_sample_rate", "tracing_zipkin_endpoint" }) {
        QTest::addRow("%s", key) << QByteArray(key + QByteArray(": x\n"))
                                 << QString::fromLatin1(key);
    }
    for (const auto* key : { "allowed_groups", "Set_Authorization_Header" }) {
        QTest::addRow("%s of a route", key) << "routes:\n- from: x\n  " + QByteArray(key)
                + ": [g]\n" << QString::fromLatin1(key);
    }
}

void TstManagedFile::basesTheProxyWouldNotLoadAreRefused()
{
    QFETCH(QByteArray, base);
    QFETCH(QString, named);

    const auto merged = mergeIntoBase(base, ours());

    QVERIFY(!merged.hasValue());
    QCOMPARE(merged.error().code, ErrorCode::InvalidInput);
    QCOMPARE(merged.error().field, u"base_file"_s);
    QVERIFY2(merged.error().what.english().contains(named), qPrintable(merged.error().toText()));
    QVERIFY(!merged.error().remedy.isEmpty());
}

void TstManagedFile::aBlockInAFileTheProxyWouldNotLoadIsRefused()
{
    const QByteArray good = "unknown_key: 1\nroutes:\n  " + block({});
    QVERIFY(replaceManagedBlock(good, ours()).hasValue());

    const QByteArrayList bases { "idp_qps: 5\n" + good,
        good + "  - {from: https://b.test, to: http://b, allowed_groups: [g]}\n" };
    for (const auto& bad : bases) {
        const auto replaced = replaceManagedBlock(bad, ours());
        QVERIFY(!replaced.hasValue());
        QCOMPARE(replaced.error().field, u"base_file"_s);
    }
}

void TstManagedFile::everyByteOutsideTheBlockStays()
{
    const QByteArray head
        = "# \xC3\xBC  \r\na:   1 # keep\nroutes:\n  - {from: https://b.test, to: http://b}\n  ";
    const QByteArray tail = "\n\n# end without line break";

    const auto first = replaceManagedBlock(head + block("  - old\n") + tail, ours());

    QVERIFY(first.hasValue());
    QVERIFY(first->startsWith(head));
    QVERIFY(first->endsWith(tail));
    QVERIFY(!first->contains("- old"));
    QVERIFY(first->contains("\n  - name: \"app\"\n    from: \"https://app.corp.test\"\n"));
    QCOMPARE(*replaceManagedBlock(*first, ours()), *first);
    QCOMPARE(*replaceManagedBlock(*first, {}), head + block({}) + tail);
}

void TstManagedFile::wrongMarkersAreRefused_data()
{
    QTest::addColumn<QByteArray>("file");
    const QByteArray whole = "routes:\n  " + block({});
    QTest::addRow("none") << QByteArray("routes: []\n");
    QTest::addRow("no end") << whole.left(whole.indexOf("  # portreeve: end"));
    QTest::addRow("doubled") << whole + "  " + block({});
    QTest::addRow("nested") << "routes:\n  " + block("  " + block({}));
    QTest::addRow("swapped") << QByteArray(
        "routes:\n  # portreeve: end of managed routes\n  # portreeve: begin of managed routes\n");
    QTest::addRow("elsewhere") << "other:\n  " + block({});
    QTest::addRow("broken file") << "routes: [\n" + whole;
}

void TstManagedFile::wrongMarkersAreRefused()
{
    QFETCH(QByteArray, file);

    const auto replaced = replaceManagedBlock(file, ours());

    QVERIFY(!replaced.hasValue());
    QCOMPARE(replaced.error().code, ErrorCode::InvalidInput);
    QVERIFY(replaced.error().remedy.english().contains(u"begin of managed routes"));
}

void TstManagedFile::theOperatorsRoutesStandAroundOurs()
{
    const QByteArray own = "- from: https://%1.corp.test\n    to: http://a\n";
    const QByteArray file = "routes:\n  " + QByteArray(own).replace("%1", "first") + "  "
        + block("  " + QByteArray(own).replace("%1", "ours")) + "  "
        + QByteArray(own).replace("%1", "last");

    const auto routes = operatorRoutes(file);

    QVERIFY(routes.hasValue());
    QCOMPARE(routes->before.size(), std::size_t { 1 });
    QCOMPARE(routes->before[0].from, u"https://first.corp.test"_s);
    QCOMPARE(routes->after.size(), std::size_t { 1 });
    QCOMPARE(routes->after[0].from, u"https://last.corp.test"_s);
    QVERIFY(operatorRoutes("")->before.empty());
    QCOMPARE(operatorRoutes("routes:\n  " + QByteArray(own))->before.size(), std::size_t { 1 });
}

void TstManagedFile::aRouteThatWouldFreezeTheProxyIsRefused() // proxy.md 6.4 case 17
{
    const auto routes = operatorRoutes("routes:\n- from: https://own.corp.test\n  to: http://a\n"
                                       "  policy:\n  - allow:\n      or:\n      - nosuch: 1\n");

    QVERIFY(!routes);
    QCOMPARE(routes.error().field, u"base_file"_s);
    QVERIFY(routes.error().what.english().contains(u"Line 7"));
    QVERIFY(routes.error().what.english().contains(u"nosuch"));
}

void TstManagedFile::aFileIsReplacedWholeAndTheOldOneKept()
{
    const QTemporaryDir folder;
    const auto path = folder.filePath(u"config.yaml"_s);

    QVERIFY(*replaceFile(path, "a: 1\n"));
    QVERIFY(!QFile::exists(path + u".bak"_s));
    QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner));
    QVERIFY(!*replaceFile(path, "a: 1\n"));
    QVERIFY(*replaceFile(path, "a: 2\n"));

    QCOMPARE(contentOf(path), QByteArray("a: 2\n"));
    QCOMPARE(contentOf(path + u".bak"_s), QByteArray("a: 1\n"));
    for (const auto& name : { path, QString(path + u".bak"_s) }) {
        QCOMPARE(
            QFile::permissions(name) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    }
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 2);
}

void TstManagedFile::nothingChangesWhenWritingFails()
{
    const QTemporaryDir folder;
    const auto path = folder.filePath(u"config.yaml"_s);
    put(path, "a: 1\n");

    QCOMPARE(replaceFile(path, " \n").error().code, ErrorCode::InvalidInput);
    QCOMPARE(replaceFile(folder.filePath(u"none/config.yaml"_s), "a: 1\n").error().code,
        ErrorCode::Storage);
    QCOMPARE(contentOf(path), QByteArray("a: 1\n"));
    // As /dev/full: read to its end it fills the memory.
    const auto device = replaceFile(u"/dev/zero"_s, "a: 1\n");
    QCOMPARE(device.error().code, ErrorCode::InvalidInput);
    QVERIFY(device.error().what.english().contains(u"/dev/zero"_s));
}

static const bool kManagedFileRegistered = test::registerTestClass<TstManagedFile>("managedfile");

} // namespace portreeve

#include "tst_managedfile.moc"
