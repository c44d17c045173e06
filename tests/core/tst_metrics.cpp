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

/// The expression of one alert.
QString ruleOf(const QString& alert)
{
    const QRegularExpression pattern(u"- alert: %1\n(.*?)\n      (?:- alert|$)"_s.arg(alert),
        QRegularExpression::DotMatchesEverythingOption);
    return pattern.match(exampleRules() + u"\n      "_s).captured(1);
}

} // namespace

/// What Prometheus is told.
class TstMetrics : public QObject
{
    Q_OBJECT

private slots:
    void everyLineIsOfTheTextFormat();
    void everyMetricOfTheExampleAlertsIsExported();
    void everyLabelOfTheExampleAlertsIsExported();
    void alertsAskOnlyTargetsThatAreDeliveredToByThemselves();
    void aFailingTargetSaysSoUntilADeliverySucceeds();
    void aConnectionThatNeverSucceededHasAnAge();
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

void TstMetrics::everyLabelOfTheExampleAlertsIsExported()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    QVERIFY(fixture.push(target.id));
    ProcessCounters counters;
    counters.pushes[{ target.id, u"failed"_s }] = 1;
    const auto text = QString::fromUtf8(metricsText(*fixture.sync.store, counters).value());

    const QRegularExpression selector(u"(portreeve_[a-z_]+)\\{([a-z]+)=~?\"([a-z_|]+)\"\\}"_s);
    int checked = 0;
    for (const auto& match : selector.globalMatch(exampleRules())) {
        for (const auto& value : match.captured(3).split(u'|')) {
            const QRegularExpression sample(
                u"\n%1\\{[^\n]*%2=\"%3\""_s.arg(match.captured(1), match.captured(2), value));
            QVERIFY2(sample.match(text).hasMatch(), qPrintable(match.captured() + u' ' + value));
            ++checked;
        }
    }
    QVERIFY(checked >= 7);
}

void TstMetrics::alertsAskOnlyTargetsThatAreDeliveredToByThemselves()
{
    DeliveryFixture fixture;
    fixture.addTarget({ { u"policy_channel"_s, u"none"_s } }, u"Automatic"_s);
    fixture.addTarget(
        { { u"policy_channel"_s, u"none"_s }, { u"automatic"_s, u"false"_s } }, u"Manual"_s);
    fixture.addTarget(
        { { u"policy_channel"_s, u"none"_s }, { u"read_only"_s, u"true"_s } }, u"Looked at"_s);
    const auto off = fixture.addTarget({ { u"policy_channel"_s, u"none"_s } }, u"Off"_s);
    QVERIFY(fixture.sync.store->targets().setEnabled(off.id, false));
    fixture.commit(DeliveryFixture::staff());

    const auto text = metricsText(*fixture.sync.store, {}).value();

    for (const auto& [name, value] : std::initializer_list<std::pair<const char*, const char*>> {
             { "Automatic", "1" }, { "Manual", "0" }, { "Looked at", "0" }, { "Off", "0" } }) {
        const QByteArray labels = QByteArray("{target=\"") + name + "\"} ";
        const QByteArray automatic = "\nportreeve_target_automatic" + labels + value + '\n';
        const QByteArray behind = "\nportreeve_target_generation" + labels + "0\n";
        QVERIFY2(text.contains(automatic), name);
        QVERIFY2(text.contains(behind), name);
    }
    for (const auto& alert : { u"PortreeveTargetBehind"_s, u"PortreeveTargetUndelivered"_s }) {
        QVERIFY2(ruleOf(alert).contains(u"and on(target) portreeve_target_automatic == 1"),
            qPrintable(ruleOf(alert)));
    }
}

void TstMetrics::aFailingTargetSaysSoUntilADeliverySucceeds()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addRecordsTarget();
    const auto says = [&fixture] {
        return metricsText(*fixture.sync.store, {})
            .value()
            .contains("\nportreeve_target_last_error{target=\"Office\",");
    };
    fixture.broker.goAway();
    for (int tries = 0; tries < 3; ++tries) {
        QVERIFY(!fixture.push(target.id));
        QVERIFY(says());
        fixture.sync.clock.advance(std::chrono::hours(1));
    }
    fixture.broker.comeBack(true);

    QVERIFY(fixture.push(target.id));
    QVERIFY(!says());
    const QString rule = ruleOf(u"PortreeveTargetUndelivered"_s);
    QVERIFY(rule.contains(u"portreeve_target_last_error"));
    QVERIFY(rule.contains(u"for: 1h"));
    QVERIFY2(!rule.contains(u"last_push"), "every try renews the time of the last one");
}

void TstMetrics::aConnectionThatNeverSucceededHasAnAge()
{
    DeliveryFixture fixture; // never synced

    const auto text = metricsText(*fixture.sync.store, {}).value();

    QVERIFY(!text.contains("\nportreeve_connection_last_success_timestamp_seconds{"));
    QVERIFY(
        text.contains("\nportreeve_connection_created_timestamp_seconds{connection=\"Staff\"} "));
    QVERIFY(ruleOf(u"PortreeveConnectionStale"_s)
            .contains(u"or portreeve_connection_created_timestamp_seconds"));
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
