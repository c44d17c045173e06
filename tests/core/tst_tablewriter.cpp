// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/export/tablewriter.h"
#include "tests/support/testregistry.h"

#include <QBuffer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

class TstTableWriter : public QObject
{
    Q_OBJECT

private slots:
    void csvCellsAreQuotedAndFormulasDefused();
    void jsonIsAnArrayOfObjects();
    void cancelledExportSaysSo();
};

namespace {
TableSource table(std::int64_t rows, const QStringList& row)
{
    return { .columns = { u"id"_s, u"name"_s }, .rowCount = rows, .row = [row](std::int64_t) {
                return row;
            } };
}
} // namespace

void TstTableWriter::csvCellsAreQuotedAndFormulasDefused()
{
    QBuffer out;
    QVERIFY(out.open(QIODevice::WriteOnly));

    QVERIFY(
        writeTable(out, TableFormat::Csv, table(1, { u"=1+1"_s, u"Roe, \"Jo\"\nÄ"_s })).hasValue());

    QCOMPARE(out.data(), QByteArray("\xEF\xBB\xBFid,name\r\n'=1+1,\"Roe, \"\"Jo\"\"\nÄ\"\r\n"));
}

void TstTableWriter::jsonIsAnArrayOfObjects()
{
    QBuffer out;
    QVERIFY(out.open(QIODevice::WriteOnly));

    QVERIFY(writeTable(out, TableFormat::Json, table(2, { u"1"_s, u"Ann"_s })).hasValue());

    const auto array = QJsonDocument::fromJson(out.data()).array();
    QCOMPARE(array.size(), 2);
    QCOMPARE(array.at(1).toObject().value(u"name"_s).toString(), u"Ann"_s);
}

void TstTableWriter::cancelledExportSaysSo()
{
    QBuffer out;
    QVERIFY(out.open(QIODevice::WriteOnly));
    std::stop_source stop;
    stop.request_stop();

    const auto written = writeTable(
        out, TableFormat::Csv, table(100'000, { u"12345"_s, u"Ann"_s }), stop.get_token());

    QVERIFY(!written.hasValue());
    QCOMPARE(written.error().code, ErrorCode::Cancelled);
}

static const bool kTableWriterRegistered = test::registerTestClass<TstTableWriter>("tablewriter");

} // namespace portreeve

#include "tst_tablewriter.moc"
