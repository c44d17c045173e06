// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/base/time.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

class TstDuration : public QObject
{
    Q_OBJECT

private slots:
    void acceptedFormsAreRead_data();
    void acceptedFormsAreRead();
    void otherFormsAreRefusedWithTheAcceptedOnes_data();
    void otherFormsAreRefusedWithTheAcceptedOnes();
    void whatIsWrittenIsReadBack();
    void timesAreRfc3339();
};

void TstDuration::acceptedFormsAreRead_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("milliseconds");
    QTest::addRow("seconds") << u"90s"_s << 90'000LL;
    QTest::addRow("hours and minutes") << u"1h30m"_s << 5'400'000LL;
    QTest::addRow("plain seconds") << u"600"_s << 600'000LL;
    QTest::addRow("milliseconds") << u"250ms"_s << 250LL;
    QTest::addRow("days") << u"2d"_s << 172'800'000LL;
}

void TstDuration::acceptedFormsAreRead()
{
    QFETCH(QString, text);
    QFETCH(qint64, milliseconds);

    const auto duration = parseDuration(text);

    QVERIFY(duration.hasValue());
    QCOMPARE(duration->count(), milliseconds);
}

void TstDuration::otherFormsAreRefusedWithTheAcceptedOnes_data()
{
    QTest::addColumn<QString>("text");
    for (const auto* text : { "", "m", "10 m", "-5", "1.5h", "10m!", "99999999999d" }) {
        QTest::addRow("'%s'", text) << QString::fromLatin1(text);
    }
}

void TstDuration::otherFormsAreRefusedWithTheAcceptedOnes()
{
    QFETCH(QString, text);

    const auto duration = parseDuration(text);

    QVERIFY(!duration.hasValue());
    QCOMPARE(duration.error().code, ErrorCode::InvalidInput);
    QVERIFY(duration.error().remedy.english().contains(u"1h30m"));
}

void TstDuration::whatIsWrittenIsReadBack()
{
    for (const auto duration : { 0ms, 1ms, 999ms, 60'000ms, 5'400'000ms, 90'061'001ms }) {
        QCOMPARE(parseDuration(formatDuration(duration))->count(), duration.count());
    }
    QCOMPARE(formatDuration(90min), u"1h30m"_s);
}

void TstDuration::timesAreRfc3339()
{
    const UtcTime time(1'795'167'000'250ms);

    QCOMPARE(toRfc3339(time), u"2026-11-20T09:30:00.250Z"_s);
    QCOMPARE(fromRfc3339(u"2026-11-20T10:30:00.250+01:00"_s), std::optional(time));
    QVERIFY(!fromRfc3339(u"2026-11-20T10:30:00"_s).has_value());
}

static const bool kDurationRegistered = test::registerTestClass<TstDuration>("duration");

} // namespace portreeve

#include "tst_duration.moc"
