// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/cli/ctlprocess.h"
#include "tests/cli/ctlterminal.h"
#include "tests/support/databrokerdouble.h"
#include "tests/support/loopbackserver.h"
#include "tests/support/testregistry.h"

#include <QProcess>
#include <QSemaphore>
#include <QTcpSocket>
#include <QTest>

#include <csignal>

using namespace Qt::StringLiterals;

namespace portreeve::test {

/// SIGINT and SIGTERM in the middle of real work: 130, and the last committed state stays (cli.md,
/// rules).
class TstCtlSignals : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void aLargeDirectoryIsLeftAsItWas_data();
    void aLargeDirectoryIsLeftAsItWas();
    void aSilentProviderIsLeftWaiting_data();
    void aSilentProviderIsLeftWaiting();
    void aFrozenProxyIsLeftWaiting_data();
    void aFrozenProxyIsLeftWaiting();
    void aKilledPushIsFinishedByTheNext();

private:
    /// Of Portreeve's people at that proxy.
    void addTarget(const QString& name, const DatabrokerDouble& broker);
    qint64 generation(const QString& connection) const;
    QByteArray people(const QString& connection) const;
    QJsonObject lastRun(const QString& connection) const;

    CtlProcess m_ctl;
};

void TstCtlSignals::addTarget(const QString& name, const DatabrokerDouble& broker)
{
    const auto added = m_ctl.run({ u"target"_s, u"add"_s, name, u"--set"_s,
        u"address="_s + broker.endpoint().address(), u"--set"_s, u"policy_channel=none"_s,
        u"--secret"_s,
        u"shared_secret=@"_s + m_ctl.write(u"secret"_s, DatabrokerDouble::secret().toBase64()) });
    QVERIFY2(added.exitCode == 0, added.err.constData());
}

qint64 TstCtlSignals::generation(const QString& connection) const
{
    return m_ctl.run({ u"--json"_s, u"connection"_s, u"show"_s, connection })
        .json()
        .value(u"generation"_s)
        .toInteger();
}

QByteArray TstCtlSignals::people(const QString& connection) const
{
    return m_ctl.run({ u"--json"_s, u"user"_s, u"list"_s, u"--connection"_s, connection }).out;
}

QJsonObject TstCtlSignals::lastRun(const QString& connection) const
{
    return m_ctl
        .run({ u"--json"_s, u"run"_s, u"list"_s, u"--connection"_s, connection, u"--limit"_s,
            u"1"_s })
        .jsonLines()
        .front();
}

void TstCtlSignals::initTestCase()
{
    QCOMPARE(m_ctl.run({ u"sample"_s, u"--users"_s, u"50"_s }).exitCode, 0);
    QCOMPARE(m_ctl.run({ u"sync"_s, u"Sample"_s }).exitCode, 0);
    const auto exported
        = m_ctl.run({ u"export"_s, u"bundle"_s, u"--out"_s, m_ctl.file(u"bundle.zip"_s) });
    QVERIFY2(exported.exitCode == 0, exported.err.constData());
    const auto added = m_ctl.run({ u"connection"_s, u"add"_s, u"Files"_s, u"--provider"_s,
        u"blob"_s, u"--set"_s, u"source=file://"_s + m_ctl.directory() });
    QVERIFY2(added.exitCode == 0, added.err.constData());
    QCOMPARE(m_ctl.run({ u"sync"_s, u"Files"_s }).exitCode, 0);
    const auto larger
        = m_ctl.run({ u"connection"_s, u"edit"_s, u"Sample"_s, u"--set"_s, u"users=100000"_s });
    QVERIFY2(larger.exitCode == 0, larger.err.constData());
}

void TstCtlSignals::aLargeDirectoryIsLeftAsItWas_data()
{
    QTest::addColumn<QString>("verb");
    QTest::addColumn<QByteArray>("moment");
    QTest::addColumn<int>("signal");
    QTest::addRow("plan, reading, SIGINT") << u"plan"_s << QByteArray("users: ") << SIGINT;
    QTest::addRow("plan, comparing, SIGTERM") << u"plan"_s << QByteArray("planning") << SIGTERM;
    QTest::addRow("sync, reading, SIGTERM") << u"sync"_s << QByteArray("users: ") << SIGTERM;
    QTest::addRow("sync, comparing, SIGINT") << u"sync"_s << QByteArray("planning") << SIGINT;
}

void TstCtlSignals::aLargeDirectoryIsLeftAsItWas()
{
    QFETCH(QString, verb);
    QFETCH(QByteArray, moment);
    QFETCH(int, signal);
    const auto before = generation(u"Sample"_s);
    const QByteArray listed = people(u"Sample"_s);
    CtlTerminal working(m_ctl, { verb, u"Sample"_s });
    QVERIFY2(working.waitFor(moment), working.said().constData());

    working.send(signal);

    QCOMPARE(working.wait(), 130);
    QVERIFY2(working.said().contains("cancelled"), working.said().constData());
    QVERIFY2(working.said().contains("\033[31mError:\033[0m "), working.said().constData());
    QVERIFY(before > 0);
    QCOMPARE(generation(u"Sample"_s), before);
    QCOMPARE(people(u"Sample"_s), listed);
    if (verb == u"sync") {
        QCOMPARE(lastRun(u"Sample"_s).value(u"outcome"_s).toString(), u"cancelled"_s);
    }
}

void TstCtlSignals::aSilentProviderIsLeftWaiting_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("signal");
    for (const auto& words : { QStringList { u"connection"_s, u"test"_s },
             QStringList { u"plan"_s }, QStringList { u"sync"_s } }) {
        QTest::addRow("%s, SIGINT", qPrintable(words.back())) << words << SIGINT;
        QTest::addRow("%s, SIGTERM", qPrintable(words.back())) << words << SIGTERM;
    }
}

void TstCtlSignals::aSilentProviderIsLeftWaiting()
{
    QFETCH(QStringList, words);
    QFETCH(int, signal);
    LoopbackServer silent([](const QByteArray&, QTcpSocket&) { });
    const auto edited = m_ctl.run({ u"connection"_s, u"edit"_s, u"Files"_s, u"--set"_s,
        u"source="_s + silent.url(u"/bundle.zip"_s).toString() });
    QVERIFY2(edited.exitCode == 0, edited.err.constData());
    const auto before = generation(u"Files"_s);
    const QByteArray listed = people(u"Files"_s);
    QProcess working; // beside this thread's event loop, in which the server works
    working.start(
        QStringLiteral(PORTREEVE_CTL), m_ctl.globalOptions() + words + QStringList { u"Files"_s });
    QTRY_COMPARE_WITH_TIMEOUT(silent.heads().size(), std::size_t(1), 30'000);

    ::kill(static_cast<pid_t>(working.processId()), signal);

    QTRY_COMPARE_WITH_TIMEOUT(working.state(), QProcess::NotRunning, 10'000);
    QCOMPARE(working.exitStatus(), QProcess::NormalExit);
    QCOMPARE(working.exitCode(), 130);
    QVERIFY(before > 0);
    QCOMPARE(generation(u"Files"_s), before);
    QCOMPARE(people(u"Files"_s), listed);
}

void TstCtlSignals::aFrozenProxyIsLeftWaiting_data()
{
    QTest::addColumn<int>("signal");
    QTest::addRow("SIGINT") << SIGINT;
    QTest::addRow("SIGTERM") << SIGTERM;
}

void TstCtlSignals::aFrozenProxyIsLeftWaiting()
{
    QFETCH(int, signal);
    QSemaphore frozen;
    QSemaphore thawed;
    DatabrokerDouble broker;
    broker.setFaults({ .beforePut = [&](int) {
        frozen.release();
        thawed.acquire();
    } });
    const QString name = u"Office %1"_s.arg(signal);
    addTarget(name, broker);
    const auto before = generation(u"Sample"_s);
    CtlTerminal working(m_ctl, { u"push"_s, name });
    constexpr int limitMs = 30'000;
    const bool isFrozen = frozen.tryAcquire(1, limitMs);

    working.send(isFrozen ? signal : SIGKILL);

    const int code = working.wait();
    thawed.release(1000);
    broker.setFaults({});
    QVERIFY2(isFrozen, working.said().constData());
    QCOMPARE(code, 130);
    const auto target = m_ctl.run({ u"--json"_s, u"target"_s, u"show"_s, name }).json();
    QCOMPARE(target.value(u"generation"_s).toInteger(), qint64(0)); // nothing counts as delivered
    QVERIFY(target.value(u"last_success_at"_s).isNull());
    QCOMPARE(generation(u"Sample"_s), before);
    const auto pushed = m_ctl.run({ u"--json"_s, u"push"_s, name });
    QVERIFY2(pushed.exitCode == 0, pushed.err.constData()); // the claim is not left behind
}

void TstCtlSignals::aKilledPushIsFinishedByTheNext()
{
    QSemaphore frozen;
    QSemaphore thawed;
    DatabrokerDouble broker;
    constexpr int ofPeople = 2; // groups are put first
    broker.setFaults({ .beforePut = [&](int put) {
        if (put == ofPeople) {
            frozen.release();
            thawed.acquire();
        }
    } });
    const QString name = u"Killed"_s;
    addTarget(name, broker);
    CtlTerminal working(m_ctl, { u"push"_s, name });
    constexpr int limitMs = 30'000;
    const bool isFrozen = frozen.tryAcquire(1, limitMs);

    working.send(SIGKILL);

    const int code = working.wait();
    thawed.release(1000);
    QVERIFY2(isFrozen, working.said().constData());
    QCOMPARE(code, -SIGKILL);
    const auto people = [&broker] { return broker.records(recordtype::kDirectoryUser).size(); };
    QTRY_VERIFY(people() > 0); // they were on their way
    const auto written = people();
    broker.freeLeases(); // which end by themselves after a minute
    QCOMPARE(
        m_ctl.run({ u"connection"_s, u"edit"_s, u"Sample"_s, u"--set"_s, u"users=48"_s }).exitCode,
        0);
    const auto synced = m_ctl.run({ u"sync"_s, u"Sample"_s });
    QVERIFY2(synced.exitCode == 0, synced.err.constData());
    const auto pushed = m_ctl.run({ u"--json"_s, u"push"_s, name });
    QVERIFY2(pushed.exitCode == 0, pushed.err.constData());

    QVERIFY(people() < written); // who is gone meanwhile is deleted, so they counted as ours
    const auto history = m_ctl.run({ u"--json"_s, u"target"_s, u"pushes"_s, name }).jsonLines();
    QCOMPARE(history.size(), std::size_t { 2 });
    QCOMPARE(history.at(0).value(u"outcome"_s).toString(), u"succeeded"_s);
    QCOMPARE(history.at(1).value(u"outcome"_s).toString(), u"interrupted"_s);
    const auto target = m_ctl.run({ u"--json"_s, u"target"_s, u"show"_s, name }).json();
    QCOMPARE(target.value(u"state"_s).toString(), u"in_step"_s);
}

static const bool kCtlSignalsRegistered = registerTestClass<TstCtlSignals>("ctlsignals");

} // namespace portreeve::test

#include "tst_ctlsignals.moc"
