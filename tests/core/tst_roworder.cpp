// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/directory/roworder.h"
#include "tests/support/testregistry.h"

#include <QCollator>
#include <QTest>

#include <algorithm>
#include <numeric>
#include <random>

using namespace Qt::StringLiterals;

namespace portreeve {

class TstRowOrder : public QObject
{
    Q_OBJECT

private slots:
    void textFollowsTheRulesOfTheLanguage();
    void equalTextsStayInTheOrderOfTheirRows();
    void numbersAreSortedByValue();
    void hitsComeIntoTheOrder_data();
    void hitsComeIntoTheOrder();
};

void TstRowOrder::textFollowsTheRulesOfTheLanguage()
{
    TextColumn texts;
    for (const auto& text : { u"Zoe"_s, u"Team 10"_s, u"äpfel"_s, u"apfel"_s, u"Team 9"_s }) {
        texts.append(text.toUtf8());
    }
    QCollator collator { QLocale(QLocale::German) };
    collator.setNumericMode(true);

    const RowOrder order = RowOrder::byText(texts, collator);

    QCOMPARE(order.rows(), (std::vector<Row> { 3, 2, 4, 1, 0 }));
}

void TstRowOrder::equalTextsStayInTheOrderOfTheirRows()
{
    TextColumn texts;
    for (const auto& text : { u"b"_s, u"a"_s, u"b"_s, u"a"_s }) {
        texts.append(text.toUtf8());
    }

    QCOMPARE(RowOrder::byText(texts, QCollator()).rows(), (std::vector<Row> { 1, 3, 0, 2 }));
}

void TstRowOrder::numbersAreSortedByValue()
{
    const std::vector<std::int64_t> numbers { 5, -1, 100, 5 };

    const RowOrder order = RowOrder::byNumber(numbers);

    QCOMPARE(order.rows(), (std::vector<Row> { 1, 0, 3, 2 }));
    QCOMPARE(order.size(), 4U);
}

void TstRowOrder::hitsComeIntoTheOrder_data()
{
    QTest::addColumn<std::size_t>("hitCount");

    QTest::addRow("none") << std::size_t(0);
    QTest::addRow("few, sorted by rank") << std::size_t(5);
    QTest::addRow("many, by a bit per rank") << std::size_t(5'000);
    QTest::addRow("all") << std::size_t(10'000);
}

void TstRowOrder::hitsComeIntoTheOrder()
{
    QFETCH(const std::size_t, hitCount);
    std::mt19937 random(3);
    std::vector<std::int64_t> numbers(10'000);
    std::iota(numbers.begin(), numbers.end(), 0);
    std::shuffle(numbers.begin(), numbers.end(), random);
    std::vector<Row> hits(numbers.size());
    std::iota(hits.begin(), hits.end(), 0U);
    std::shuffle(hits.begin(), hits.end(), random);
    hits.resize(hitCount);
    const RowOrder order = RowOrder::byNumber(numbers);
    std::vector<Row> expected = hits;
    std::sort(
        expected.begin(), expected.end(), [&](Row a, Row b) { return numbers[a] < numbers[b]; });

    const std::vector<Row> ascending = order.arranged(hits, Qt::AscendingOrder);
    const std::vector<Row> descending = order.arranged(hits, Qt::DescendingOrder);

    QCOMPARE(ascending, expected);
    std::reverse(expected.begin(), expected.end());
    QCOMPARE(descending, expected);
}

static const bool kRowOrderRegistered = test::registerTestClass<TstRowOrder>("roworder");

} // namespace portreeve

#include "tst_roworder.moc"
