// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/metrics.h"
#include "tests/support/deliveryfixture.h"
#include "tests/support/testregistry.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::DeliveryFixture;

namespace {

/// Names behind "# TYPE".
QSet<QString> families(const QByteArray& text)
{
    QSet<QString> names;
    const QRegularExpression type(
        u"^# TYPE (\\S+) (gauge|counter)$"_s, QRegularExpression::MultilineOption);
    for (const auto& match : type.globalMatch(QString::fromUtf8(text))) {
        names.insert(match.captured(1));
    }
    return names;
}

QString exampleRules()
{
    QFile rules(QStringLiteral(PORTREEVE_SOURCE_DIR "/packaging/prometheus/portreeve.rules.yml"));
    return rules.open(QIODevice::ReadOnly) ? QString::fromUtf8(rules.readAll()) : QString();
}

} // namespace

/// What Prometheus is told.
class TstMetrics : public QObject
{
    Q_OBJECT

private slots:
    void everyLineIsOfTheTextFormat();
    void everyMetricOfTheExampleAlertsIsExported();
    void aRunningSyncIsTold();
    void stateOfConnectionsAndTargetsIsTold();
    void labelsAreEscaped();
    void countersAreThoseOfTheProcess();
    void fileIsReplacedInOneStep();
};

void TstMetrics::everyLineIsOfTheTextFormat()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    QVERIFY(fixture.push(target.id));

    const auto text = metricsText(*fixture.sync.store, {});

    QVERIFY(text);
    const QRegularExpression sample(
        u"^[a-z_]+(\\{[a-z_]+=\"([^\"\\\\\\n]|\\\\[\\\\\"n])*\"(,[a-z_]+=\"([^\"\\\\\\n]|\\\\[\\\\\"n])*\")*\\})? -?[0-9]+$"_s);
    const auto lines = QString::fromUtf8(*text).split(u'\n', Qt::SkipEmptyParts);
    for (const auto& line : lines) {
        QVERIFY2(line.startsWith(u'#') || sample.match(line).hasMatch(), qPrintable(line));
    }
    QVERIFY(text->endsWith('\n'));
    for (const auto& name : families(*text)) {
        QCOMPARE(name.endsWith(u"_total"),
            text->contains(QByteArray("# TYPE " + name.toUtf8() + " counter\n")));
    }
}

void TstMetrics::everyMetricOfTheExampleAlertsIsExported()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    QVERIFY(fixture.push(target.id));
    const QString text = exampleRules();

    const auto exported = families(metricsText(*fixture.sync.store, {}).value());

    QSet<QString> named;
    const QRegularExpression metric(u"portreeve_[a-z_]+"_s);
    for (const auto& match : metric.globalMatch(text)) {
        named.insert(match.captured());
    }
    QVERIFY(named.size() > 10);
    const auto missing = named - exported;
    QVERIFY2(missing.isEmpty(), qPrintable(QStringList(missing.values()).join(u' ')));
}

void TstMetrics::aRunningSyncIsTold()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    auto& connections = fixture.sync.store->connections();
    const auto state = [&fixture](const QByteArray& name) {
        const QByteArray sample
            = "\nportreeve_connection_state{connection=\"Staff\",state=\"" + name + "\"} 1\n";
        return metricsText(*fixture.sync.store, {}).value().contains(sample);
    };

    QVERIFY(*connections.claimRun(fixture.sync.id));
    QVERIFY(state("syncing"));
    QVERIFY(!state("idle"));
    QVERIFY(connections.releaseRun(fixture.sync.id));

    QVERIFY(state("idle"));
    QVERIFY(!state("syncing"));
}

void TstMetrics::stateOfConnectionsAndTargetsIsTold()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    QVERIFY(fixture.push(target.id));

    const auto text = metricsText(*fixture.sync.store, {}).value();

    QVERIFY(text.contains("\nportreeve_connection_users{connection=\"Staff\"} 3\n"));
    QVERIFY(text.contains("\nportreeve_connection_state{connection=\"Staff\",state=\"idle\"} 1\n"));
    QVERIFY(text.contains("\nportreeve_target_state{target=\"Office\",state=\"in_step\"} 1\n"));
    QVERIFY(text.contains("\nportreeve_target_state{target=\"Office\",state=\"held\"} 0\n"));
    QVERIFY(text.contains("\nportreeve_target_last_push_records{target=\"Office\",kind=\"user\","
                          "change=\"put\"} 3\n"));
    QVERIFY(!text.contains("portreeve_target_last_error{"));
}

void TstMetrics::labelsAreEscaped()
{
    DeliveryFixture fixture;
    fixture.addTarget({ { u"policy_channel"_s, u"none"_s } }, u"a\"b\\c"_s);

    const auto text = metricsText(*fixture.sync.store, {}).value();

    QVERIFY(text.contains("{target=\"a\\\"b\\\\c\","));
}

void TstMetrics::countersAreThoseOfTheProcess()
{
    DeliveryFixture fixture;
    const auto target = fixture.addRecordsTarget();
    ProcessCounters counters;
    counters.pushes[{ target.id, u"failed"_s }] = 7;
    counters.drifts[target.id] = 2;

    const auto text = metricsText(*fixture.sync.store, counters).value();

    QVERIFY(
        text.contains("\nportreeve_target_pushes_total{target=\"Office\",outcome=\"failed\"} 7\n"));
    QVERIFY(text.contains("\nportreeve_target_drift_total{target=\"Office\"} 2\n"));
}

void TstMetrics::fileIsReplacedInOneStep()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"portreeve.prom"_s);

    QVERIFY(writeMetricsFile(path, "a 1\n"));
    QVERIFY(writeMetricsFile(path, "a 2\n"));

    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("a 2\n"));
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files), QStringList { u"portreeve.prom"_s });
    QVERIFY(!writeMetricsFile(u"/nowhere/at/all.prom"_s, "a 1\n"));
}

static const bool kMetricsRegistered = test::registerTestClass<TstMetrics>("metrics");

} // namespace portreeve

#include "tst_metrics.moc"
