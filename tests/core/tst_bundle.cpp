// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/export/bundle.h"
#include "core/export/jsonarrayreader.h"
#include "tests/support/testregistry.h"
#include "tests/support/zipfile.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

class TstBundle : public QObject
{
    Q_OBJECT

private slots:
    void equalContentGivesEqualBytes();
    void entriesAreAsTheProxyReadsThem();
    void emptyMembersAreLeftOut();
    void whatIsWrittenIsReadBack();
    void unsoundBundlesAreRefused_data();
    void unsoundBundlesAreRefused();
    void nullIsAnEmptyList();
    void limitsHold();
    void sizesTheArchiveStatesAreNotTrusted();
    void otherEntriesAreReported();
    void readingCanBeCancelled();
    void recordsAreFoundInPiecesOfAnySize();
};

namespace {
constexpr auto kGroups = "pomerium.io/DirectoryGroup.json"_L1;
constexpr auto kUsers = "pomerium.io/DirectoryUser.json"_L1;

Bundle exampleBundle()
{
    return {
        .users = { { .id = u"u2"_s,
                       .groupIds = { u"g2"_s, u"g1"_s, u"g2"_s },
                       .displayName = u"Ünal \"the\\ntwo\"\n"_s,
                       .email = u"u2@example.org"_s },
            { .id = u"u1"_s } },
        .groups = { { .id = u"g2"_s, .name = u"Two"_s }, { .id = u"g1"_s, .email = u"g@x"_s } },
    };
}

struct Collected
{
    std::vector<BundleUser> users {};
    std::vector<BundleGroup> groups {};
    Result<BundleReport> report;
};

Collected readAll(
    const QByteArray& bytes, const BundleLimits& limits = {}, const std::stop_token& stop = {})
{
    Collected all { .report = BundleReport() };
    const BundleVisitor visitor {
        .group = [&](const BundleGroup& group) { all.groups.push_back(group); },
        .user = [&](const BundleUser& user) { all.users.push_back(user); },
    };
    all.report = readBundle({ .bytes = bytes, .name = u"bundle.zip"_s }, visitor, stop, limits);
    return all;
}
} // namespace

void TstBundle::equalContentGivesEqualBytes()
{
    auto mixed = exampleBundle();
    std::reverse(mixed.users.begin(), mixed.users.end());
    std::reverse(mixed.groups.begin(), mixed.groups.end());
    auto renamed = exampleBundle();
    renamed.groups.front().name = u"Second"_s;

    const auto first = writeBundle(exampleBundle());
    const auto second = writeBundle(mixed);
    const auto third = writeBundle(renamed);

    QVERIFY(first && second && third);
    QCOMPARE(second->bytes, first->bytes);
    QCOMPARE(second->etag, first->etag);
    QVERIFY(third->etag != first->etag);
    QVERIFY(first->etag.startsWith('"') && first->etag.endsWith('"'));
}

void TstBundle::entriesAreAsTheProxyReadsThem()
{
    const auto bundle = writeBundle(exampleBundle());

    const auto entries = test::unzip(bundle->bytes);

    QCOMPARE(entries.size(), std::size_t { 2 });
    QCOMPARE(entries[0].name, QString(kGroups));
    QCOMPARE(entries[0].content,
        "[{\"id\":\"g1\",\"email\":\"g@x\"},{\"id\":\"g2\",\"name\":\"Two\"}]\n");
    QCOMPARE(entries[1].name, QString(kUsers));
    QVERIFY(entries[1].content.startsWith("[{\"id\":\"u1\"},{\"id\":\"u2\",\"group_ids\":[\"g1\","
                                          "\"g2\"],\"display_name\":\"Ünal"));
}

void TstBundle::emptyMembersAreLeftOut()
{
    const auto entries = test::unzip(writeBundle({})->bytes);

    QCOMPARE(entries[0].content, "[]\n");
    QCOMPARE(entries[1].content, "[]\n");
}

void TstBundle::whatIsWrittenIsReadBack()
{
    const auto all = readAll(writeBundle(exampleBundle())->bytes);

    QVERIFY(all.report.hasValue());
    QCOMPARE(all.report->users, 2);
    QCOMPARE(all.report->groups, 2);
    QCOMPARE(all.users[1].displayName, exampleBundle().users[0].displayName);
    QCOMPARE(all.users[1].groupIds, std::vector<QString>({ u"g1"_s, u"g2"_s }));
    QCOMPARE(all.groups[1].name, u"Two"_s);
}

void TstBundle::unsoundBundlesAreRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("inWhat");
    const auto zipped = [](const QByteArray& groups, const QByteArray& users) {
        return test::zip({ { kGroups, groups }, { kUsers, users } });
    };
    QTest::addRow("no zip") << QByteArray("hello") << u"bundle.zip"_s;
    QTest::addRow("empty file") << QByteArray() << u"bundle.zip"_s;
    QTest::addRow("missing users") << test::zip({ { kGroups, "[]" } }) << u"DirectoryUser.json"_s;
    QTest::addRow("other spelling")
        << test::zip({ { kGroups, "[]" }, { u"pomerium.io/directoryuser.json"_s, "[]" } })
        << u"DirectoryUser.json"_s;
    QTest::addRow("cut off list") << zipped("[]", "[{\"id\":\"a\"}") << QString();
    QTest::addRow("no list") << zipped("[]", "{\"id\":\"a\"}") << QString();
    QTest::addRow("text after the list") << zipped("[] x", "[]") << QString();
    QTest::addRow("comma at the end") << zipped("[{\"id\":\"a\"},]", "[]") << QString();
    QTest::addRow("broken record") << zipped("[{\"id\" \"a\"}]", "[]") << QString();
    QTest::addRow("no id") << zipped("[]", "[{\"email\":\"a@b\"}]") << u"no id"_s;
    QTest::addRow("double id") << zipped("[{\"id\":\"a\"},{\"id\":\"a\"}]", "[]") << u"the id a"_s;
    auto damaged = writeBundle(exampleBundle())->bytes;
    damaged[45] = static_cast<char>(damaged[45] ^ 0x55);
    damaged[70] = static_cast<char>(damaged[70] ^ 0x55);
    QTest::addRow("damaged bytes") << damaged << QString();
}

void TstBundle::unsoundBundlesAreRefused()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, inWhat);

    const auto all = readAll(bytes);

    QVERIFY(!all.report);
    QCOMPARE(all.report.error().code, ErrorCode::BadResponse);
    QVERIFY2(all.report.error().what.english().contains(inWhat),
        qUtf8Printable(all.report.error().toText()));
    QVERIFY(!all.report.error().remedy.isEmpty());
}

void TstBundle::nullIsAnEmptyList()
{
    const auto all = readAll(test::zip({ { kGroups, "null\n" }, { kUsers, "null\n" } }));

    QVERIFY(all.report.hasValue());
    QCOMPARE(all.report->users, 0);
}

void TstBundle::limitsHold()
{
    const QByteArray spaces(4 * 1024 * 1024, ' ');
    const auto bomb = test::zip({ { kGroups, "[" + spaces + "]" }, { kUsers, "[]" } });
    const auto record = test::zip(
        { { kGroups, "[{\"id\":\"" + QByteArray(2000, 'x') + "\"}]" }, { kUsers, "[]" } });

    const auto ratio = readAll(bomb);
    const auto size = readAll(bomb, { .uncompressedBytes = 1024, .ratio = 1 << 20 });
    const auto oneRecord = readAll(record, { .recordBytes = 1000 });

    for (const auto* all : { &ratio, &size, &oneRecord }) {
        QVERIFY(!all->report);
        const Error error = all->report.error();
        QCOMPARE(error.code, ErrorCode::LimitExceeded);
        QVERIFY2(error.what.english().startsWith(u"bundle.zip"), qPrintable(error.toText()));
        QVERIFY2(error.remedy.english().contains(u"Check that"), qPrintable(error.toText()));
        QVERIFY(all->users.empty() && all->groups.empty());
    }
    QVERIFY(ratio.report.error().what.english().contains(u"200 times"));
    QVERIFY(size.report.error().what.english().contains(u"1024 bytes"));
    QVERIFY(oneRecord.report.error().what.english().contains(u"1000 bytes"));
}

void TstBundle::sizesTheArchiveStatesAreNotTrusted()
{
    constexpr qsizetype sizePlace = 24; // in a record of the archive's directory
    auto bytes = test::zip(
        { { kGroups, "[" + QByteArray(4 * 1024 * 1024, ' ') + "]" }, { kUsers, "[]" } });
    bytes.replace(bytes.indexOf("PK\x01\x02") + sizePlace, 4, QByteArray("\x05\0\0\0", 4));

    const auto lying = readAll(bytes);
    const auto together = readAll(test::zip({ { kGroups, "[" + QByteArray(700, ' ') + "]" },
                                      { kUsers, "[" + QByteArray(700, ' ') + "]" } }),
        { .uncompressedBytes = 1024 });

    QVERIFY(!lying.report);
    QVERIFY(lying.report.error().what.english().contains(u"more than it states"));
    QVERIFY(!together.report);
    QVERIFY(together.report.error().what.english().contains(u"together"));
    for (const auto* all : { &lying, &together }) {
        QCOMPARE(all->report.error().code, ErrorCode::LimitExceeded);
        QVERIFY(all->users.empty() && all->groups.empty());
    }
}

void TstBundle::otherEntriesAreReported()
{
    const auto all = readAll(
        test::zip({ { kGroups, "[]" }, { kUsers, "[]" }, { u"../../etc/passwd"_s, "root" } }));

    QVERIFY(all.report.hasValue());
    QCOMPARE(all.report->otherEntries, std::vector<QString> { u"../../etc/passwd"_s });
}

void TstBundle::readingCanBeCancelled()
{
    std::stop_source stop;
    stop.request_stop();

    const auto all = readAll(writeBundle(exampleBundle())->bytes, {}, stop.get_token());

    QVERIFY(!all.report);
    QCOMPARE(all.report.error().code, ErrorCode::Cancelled);
}

void TstBundle::recordsAreFoundInPiecesOfAnySize()
{
    const QByteArray text = " [ {\"a\":\"}]\\\"{\"} , {\"b\":[{\"c\":{}}]} ] \n";
    for (qsizetype size = 1; size <= text.size(); ++size) {
        int found = 0;
        JsonArrayReader reader(
            [&](const QJsonObject&) -> Result<void> {
                ++found;
                return {};
            },
            100);
        for (qsizetype i = 0; i < text.size(); i += size) {
            QVERIFY(reader.feed(QByteArrayView(text).sliced(i, std::min(size, text.size() - i)))
                    .hasValue());
        }
        QVERIFY(reader.finish().hasValue());
        QCOMPARE(found, 2);
    }
}

static const bool kBundleRegistered = test::registerTestClass<TstBundle>("bundle");

} // namespace portreeve

#include "tst_bundle.moc"
