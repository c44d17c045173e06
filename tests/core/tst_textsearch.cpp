// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/directory/bytescan.h"
#include "core/directory/textsearch.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <array>
#include <random>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

TextColumn column(const QStringList& texts)
{
    TextColumn out;
    for (const QString& text : texts) {
        out.append(text.toUtf8());
    }
    return out;
}

TextSearch people()
{
    const TextColumn names = column(
        { u"José Núñez"_s, u"Anna Müller"_s, u"Łukasz Strauß"_s, u"Ｆｕｌｌ Width"_s, u""_s });
    const TextColumn logins
        = column({ u"JNUNEZ"_s, u"anna.m"_s, u"lukasz"_s, u"fw"_s, u"nameless@example.com"_s });
    const std::array columns { &names, &logins };
    return TextSearch(columns);
}

std::string randomText(std::mt19937& random, std::size_t longest)
{
    std::string out(std::uniform_int_distribution<std::size_t>(0, longest)(random), ' ');
    for (char& c : out) {
        c = static_cast<char>('a' + std::uniform_int_distribution(0, 2)(random));
    }
    return out;
}

} // namespace

class TstTextSearch : public QObject
{
    Q_OBJECT

private slots:
    void findsRows_data();
    void findsRows();
    void stopsAtTheLimit();
    void anEmptyTableHasNoHits();
    void scansMatchAPlainSearchForAllLengths();
    void randomTablesMatchRowByRowSearch();
};

void TstTextSearch::findsRows_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<std::vector<Row>>("expected");
    const auto row = [](const char* name, const QString& query, const std::vector<Row>& expected) {
        QTest::addRow("%s", name) << query << expected;
    };

    row("no words", u"  "_s, { 0, 1, 2, 3, 4 });
    row("without accents", u"nunez"_s, { 0 });
    row("with accents over plain text", u"JNÚÑEZ"_s, { 0 });
    row("accents typed apart", u"mu\u0308ller"_s, { 1 });
    row("upper case", u"ANNA"_s, { 1 });
    row("sharp s", u"STRAUSS"_s, { 2 });
    row("stroke through a letter", u"lukasz"_s, { 2 });
    row("full width", u"full"_s, { 3 });
    row("inside a word", u"less@ex"_s, { 4 });
    row("all words, any order, any column", u"anna.m mül"_s, { 1 });
    row("one of the words is missing", u"anna nunez"_s, {});
    row("not from one column into the next", u"nezjn"_s, {});
    row("not from one row into the next", u"nezanna"_s, {});
    row("control characters part words", u"anna\nmul"_s, { 1 });
    row("many", u"n"_s, { 0, 1, 4 });
    row("longer than everything", u"nameless@example.com.and.then.some.more.text"_s, {});
}

void TstTextSearch::findsRows()
{
    QFETCH(const QString, query);
    QFETCH(const std::vector<Row>, expected);

    QCOMPARE(people().find(query), expected);
}

void TstTextSearch::stopsAtTheLimit()
{
    QCOMPARE(people().find(u"n", 2), (std::vector<Row> { 0, 1 }));
    QCOMPARE(people().find(u"", 2), (std::vector<Row> { 0, 1 }));
    QVERIFY(people().find(u"n", 0).empty());
}

void TstTextSearch::anEmptyTableHasNoHits()
{
    QVERIFY(TextSearch().find(u"a").empty());
    QVERIFY(TextSearch().find(u"").empty());
}

void TstTextSearch::scansMatchAPlainSearchForAllLengths()
{
    std::mt19937 random(7);
    for (int i = 0; i < 20'000; ++i) {
        const std::string text = randomText(random, 70);
        const std::string needle = randomText(random, 8) + 'a';
        const std::size_t expected = text.find(needle);

        QCOMPARE(findBytes(text, needle), expected);
        QCOMPARE(findBytesPortable(text, needle), expected);
    }
}

void TstTextSearch::randomTablesMatchRowByRowSearch()
{
    std::mt19937 random(11);
    for (int i = 0; i < 200; ++i) {
        TextColumn texts;
        for (int row = 0; row < 200; ++row) {
            const std::string text = randomText(random, 30);
            texts.append(QByteArrayView(text.data(), static_cast<qsizetype>(text.size())));
        }
        const std::string first = randomText(random, 6) + 'b';
        const std::string second = randomText(random, 3) + 'c';
        std::vector<Row> expected;
        for (Row row = 0; row < texts.size(); ++row) {
            if (texts.at(row).contains(QByteArrayView(first))
                && texts.at(row).contains(QByteArrayView(second))) {
                expected.push_back(row);
            }
        }
        const std::array columns { static_cast<const TextColumn*>(&texts) };
        const TextSearch search(columns);

        QCOMPARE(search.find(QString::fromStdString(first + ' ' + second)), expected);
    }
}

static const bool kTextSearchRegistered = test::registerTestClass<TstTextSearch>("textsearch");

} // namespace portreeve

#include "tst_textsearch.moc"
