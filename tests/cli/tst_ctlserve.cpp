// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/net/qthttpclient.h"
#include "tests/cli/ctlprocess.h"
#include "tests/support/certificates.h"
#include "tests/support/databrokerdouble.h"
#include "tests/support/patience.h"
#include "tests/support/testregistry.h"

#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTcpServer>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {
constexpr std::size_t kActive = 40; ///< of the 60 made up, at least: suspended people are left out
}

/// The headless service, as a real process beside others.
class TstCtlServe : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void commitOfAnotherProcessIsDelivered();
    void restartedProxyIsGivenEverythingAgain();
    void metricsAreServedOnThisComputerOnly();
    void theBundleIsServedAndFollowsEachCommit();
    void aTakenBundlePortShowsUntilItIsFree();
    void aSecondServeTakesThePortOverFromTheFirst();
    void aForeignChangeIsToldWithItsRecord();
    void aRunningSyncIsSeenByOthersAndAKilledOneIsNot();
    void onceDeliversAndWritesMetrics();
    void failuresAreNamedWithTheirRemedy();
    void stopsWithinASecondAndSaysNothingSecret();

private:
    /// "Bundle", served on that port with that token.
    void addBundleTarget(int port, const QStringList& more = {})
    {
        m_ctl->write(u"token"_s, "0123456789abcdef");
        const auto added
            = m_ctl->run(QStringList { u"target"_s, u"add"_s, u"Bundle"_s, u"--set"_s,
                             u"kind=enterprise"_s, u"--set"_s, u"policy_channel=none"_s, u"--set"_s,
                             u"directory_channel=bundle_endpoint"_s, u"--set"_s,
                             u"bundle_listen=127.0.0.1:%1"_s.arg(port), u"--secret"_s,
                             u"bundle_token=@"_s + m_ctl->file(u"token"_s) }
                + more);
        QVERIFY2(added.exitCode == 0, added.err.constData());
    }

    /// What `status --json` says of a connection or target.
    QJsonObject standing(const QString& list, const QString& name) const
    {
        const auto all = m_ctl->run({ u"--json"_s, u"status"_s }).json().value(list).toArray();
        const auto found = std::find_if(all.begin(), all.end(), [&name](const QJsonValue& one) {
            return one.toObject().value(u"name"_s).toString() == name;
        });
        return found == all.end() ? QJsonObject() : (*found).toObject();
    }

    QString stateOf(const QString& list, const QString& name) const
    {
        return standing(list, name).value(u"state"_s).toString();
    }

    std::size_t records() const { return m_broker->records(recordtype::kDirectoryUser).size(); }

    std::unique_ptr<CtlProcess> m_ctl;
    std::unique_ptr<DatabrokerDouble> m_broker;
    SystemClock m_clock;
};

void TstCtlServe::init()
{
    m_ctl = std::make_unique<CtlProcess>();
    m_broker = std::make_unique<DatabrokerDouble>();
    m_ctl->write(u"secret"_s, DatabrokerDouble::secret().toBase64());
    QCOMPARE(m_ctl->run({ u"sample"_s, u"--users"_s, u"60"_s }).exitCode, 0);
    const auto added = m_ctl->run({ u"target"_s, u"add"_s, u"Office"_s, u"--set"_s,
        u"address="_s + m_broker->endpoint().address(), u"--set"_s, u"policy_channel=none"_s,
        u"--secret"_s, u"shared_secret=@"_s + m_ctl->file(u"secret"_s) });
    QVERIFY2(added.exitCode == 0, added.err.constData());
}

void TstCtlServe::commitOfAnotherProcessIsDelivered()
{
    CtlServer server(*m_ctl);
    QVERIFY(!server.waitFor(u"started"_s).isEmpty());

    QCOMPARE(m_ctl->run({ u"sync"_s, u"Sample"_s }).exitCode, 0);

    QElapsedTimer since;
    since.start();
    while (records() == 0 && since.elapsed() < 20'000
        && !server.waitFor(u"push_finished"_s).isEmpty()) { }
    QVERIFY(records() > kActive);
}

void TstCtlServe::restartedProxyIsGivenEverythingAgain()
{
    QCOMPARE(m_ctl->run({ u"sync"_s, u"Sample"_s }).exitCode, 0);
    CtlServer server(*m_ctl);
    QVERIFY(!server.waitFor(u"push_finished"_s).isEmpty());
    QVERIFY(records() > kActive);

    m_broker->restart();
    QElapsedTimer since;
    since.start();

    QVERIFY(!server.waitFor(u"proxy_restarted"_s).isEmpty());
    QVERIFY(!server.waitFor(u"push_finished"_s).isEmpty());
    QVERIFY2(since.elapsed() < 5'000, qPrintable(QString::number(since.elapsed())));
    QVERIFY(records() > kActive);
}

void TstCtlServe::metricsAreServedOnThisComputerOnly()
{
    QCOMPARE(m_ctl->run({ u"sync"_s, u"Sample"_s }).exitCode, 0);
    const auto everywhere = m_ctl->run({ u"serve"_s, u"--metrics"_s, u"0.0.0.0:0"_s });
    CtlServer server(*m_ctl, { u"--metrics"_s, u"127.0.0.1:0"_s });
    const auto listening = server.waitFor(u"metrics_listening"_s);
    QVERIFY(!server.waitFor(u"push_finished"_s).isEmpty());
    const int port = listening.value(u"port"_s).toInt();
    QtHttpClient http({}, m_clock);
    const auto get = [&](const QString& path) {
        return http.send(
            { .url = QUrl(u"http://127.0.0.1:%1%2"_s.arg(port).arg(path)) }, std::stop_token());
    };

    Result<HttpResponse> answer = get(u"/metrics"_s);
    QTRY_VERIFY_WITH_TIMEOUT(
        (answer = get(u"/metrics"_s)) && answer->body.contains("state=\"in_step\"} 1"), 20'000);

    QCOMPARE(everywhere.exitCode, 4);
    QVERIFY(answer->header("Content-Type").startsWith("text/plain; version=0.0.4"));
    QVERIFY(answer->body.contains("portreeve_target_pushes_total{target=\"Office\""));
    QCOMPARE(get(u"/"_s)->status, 404);
}

void TstCtlServe::theBundleIsServedAndFollowsEachCommit()
{
    const Certificate certificate(u"localhost"_s);
    QVERIFY2(certificate.isValid(), "the openssl tool is missing");
    QTcpServer free;
    QVERIFY(free.listen(QHostAddress::LocalHost));
    const int port = free.serverPort();
    free.close();
    addBundleTarget(port,
        { u"--set"_s, u"bundle_certificate="_s + certificate.certificateFile(), u"--set"_s,
            u"bundle_key="_s + certificate.keyFile() });
    QCOMPARE(m_ctl->run({ u"sync"_s, u"Sample"_s }).exitCode, 0);
    CtlServer server(*m_ctl);
    QCOMPARE(server.waitFor(u"bundle_listening"_s).value(u"port"_s).toInt(), port);
    QtHttpClient http({ .caFile = certificate.certificateFile() }, m_clock);
    const auto get = [&](const std::vector<HttpHeader>& headers) {
        const auto answer = http.send(
            { .url = QUrl(u"https://127.0.0.1:%1/bundle.zip"_s.arg(port)), .headers = headers },
            {});
        return answer ? *answer : HttpResponse {};
    };
    const HttpHeader token { "Authorization", "Bearer 0123456789abcdef" };

    QTRY_COMPARE_WITH_TIMEOUT(get({ token }).status, 200, 20'000); // 503 until it is made
    const auto first = get({ token });

    QVERIFY(first.body.startsWith("PK"));
    QCOMPARE(get({}).status, 401);
    QCOMPARE(get({ token, { "If-None-Match", first.header("ETag") } }).status, 304);
    QCOMPARE(get({ token, { "If-Modified-Since", first.header("Last-Modified") } }).status, 304);
    const auto test = m_ctl->run({ u"target"_s, u"test"_s, u"Bundle"_s }); // beside its listener
    QVERIFY2(test.exitCode == 0, test.out.constData());

    QCOMPARE(
        m_ctl->run({ u"connection"_s, u"edit"_s, u"Sample"_s, u"--set"_s, u"users=80"_s }).exitCode,
        0);
    QCOMPARE(m_ctl->run({ u"sync"_s, u"Sample"_s }).exitCode, 0);
    QTRY_VERIFY_WITH_TIMEOUT(get({ token }).header("ETag") != first.header("ETag"), 20'000);
    QVERIFY(get({ token }).body.size() > first.body.size());
}

void TstCtlServe::aTakenBundlePortShowsUntilItIsFree()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    addBundleTarget(other.serverPort());
    QCOMPARE(m_ctl->run({ u"sync"_s, u"Sample"_s }).exitCode, 0);

    CtlServer server(*m_ctl);
    const auto failed = server.waitFor(u"bundle_failed"_s);
    QVERIFY(!failed.value(u"remedy"_s).toString().isEmpty());
    QTRY_COMPARE(stateOf(u"targets"_s, u"Bundle"_s), u"needs_attention"_s);
    const auto error = standing(u"targets"_s, u"Bundle"_s).value(u"last_error"_s).toObject();
    QCOMPARE(error.value(u"what"_s), failed.value(u"what"_s));
    QVERIFY(!error.value(u"remedy"_s).toString().isEmpty());

    other.close();
    QVERIFY(!server.waitFor(u"bundle_listening"_s).isEmpty());
    QTRY_COMPARE(stateOf(u"targets"_s, u"Bundle"_s), u"in_step"_s);
    QVERIFY(standing(u"targets"_s, u"Bundle"_s).value(u"last_error"_s).isNull());
}

void TstCtlServe::aSecondServeTakesThePortOverFromTheFirst()
{
    QTcpServer free;
    QVERIFY(free.listen(QHostAddress::LocalHost));
    const int port = free.serverPort();
    free.close();
    addBundleTarget(port);
    QCOMPARE(m_ctl->run({ u"sync"_s, u"Sample"_s }).exitCode, 0);
    CtlServer first(*m_ctl);
    QVERIFY(!first.waitFor(u"bundle_listening"_s).isEmpty());
    QTRY_COMPARE(stateOf(u"targets"_s, u"Bundle"_s), u"in_step"_s);

    CtlServer second(*m_ctl);
    QVERIFY(!second.waitFor(u"bundle_failed"_s).isEmpty());
    const QString meanwhile = stateOf(u"targets"_s, u"Bundle"_s);
    QCOMPARE(first.stop(), 0);

    QCOMPARE(meanwhile, u"in_step"_s);
    QVERIFY(!second.waitFor(u"bundle_listening"_s).isEmpty());
    QCOMPARE(stateOf(u"targets"_s, u"Bundle"_s), u"in_step"_s);
}

void TstCtlServe::aForeignChangeIsToldWithItsRecord()
{
    QCOMPARE(m_ctl->run({ u"sync"_s, u"Sample"_s }).exitCode, 0);
    CtlServer server(*m_ctl);
    QVERIFY(!server.waitFor(u"push_finished"_s).isEmpty());
    auto record = m_broker->records(recordtype::kDirectoryUser).front();
    record.isDeleted = true;

    m_broker->write({ record });
    const auto drift = server.waitFor(u"drift_seen"_s);

    QCOMPARE(drift.value(u"target"_s).toString(), u"Office"_s);
    QCOMPARE(drift.value(u"changes"_s).toInt(), 1);
    QCOMPARE(drift.value(u"kind"_s).toString(), u"user"_s);
    QCOMPARE(drift.value(u"id"_s).toString(), record.id);
    QVERIFY(drift.value(u"deleted"_s).toBool());
    QVERIFY(drift.value(u"what"_s).toString().contains(record.id));
    QVERIFY(!server.waitFor(u"push_finished"_s).isEmpty());
    const auto history
        = m_ctl->run({ u"--json"_s, u"target"_s, u"pushes"_s, u"Office"_s }).jsonLines();
    QVERIFY(!history.empty());
    QCOMPARE(history.front().value(u"notes"_s).toArray().at(0), drift.value(u"what"_s));
}

void TstCtlServe::aRunningSyncIsSeenByOthersAndAKilledOneIsNot()
{
    QTcpServer silent; // takes connections and never answers
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    m_ctl->write(u"client"_s, "planted-client-secret");
    const auto added = m_ctl->run({ u"connection"_s, u"add"_s, u"Staff"_s, u"--provider"_s,
        u"keycloak"_s, u"--set"_s, u"url=http://127.0.0.1:%1"_s.arg(silent.serverPort()),
        u"--set"_s, u"realm=staff"_s, u"--set"_s, u"client_id=portreeve"_s, u"--secret"_s,
        u"client_secret=@"_s + m_ctl->file(u"client"_s) });
    QVERIFY2(added.exitCode == 0, added.err.constData());
    QProcess sync;
    sync.start(QStringLiteral(PORTREEVE_CTL),
        m_ctl->globalOptions() + QStringList { u"sync"_s, u"Staff"_s });
    QVERIFY(sync.waitForStarted());

    QTRY_COMPARE(stateOf(u"connections"_s, u"Staff"_s), u"syncing"_s);
    const auto listed = m_ctl->run({ u"connection"_s, u"list"_s });
    QCOMPARE(sync.state(), QProcess::Running);
    sync.kill();
    QVERIFY(sync.waitForFinished());

    QVERIFY(listed.out.contains("syncing"));
    QCOMPARE(stateOf(u"connections"_s, u"Staff"_s), u"draft"_s);
    QVERIFY(m_ctl->run({ u"serve"_s, u"--once"_s }).exitCode == 0);
    const auto after = standing(u"connections"_s, u"Staff"_s);
    QCOMPARE(after.value(u"state"_s).toString(), u"draft"_s);
    QVERIFY(after.value(u"state_reason"_s).toString().contains(u"interrupted"));
    const auto runs
        = m_ctl->run({ u"--json"_s, u"run"_s, u"list"_s, u"--connection"_s, u"Staff"_s });
    QVERIFY(!runs.jsonLines().empty());
    QCOMPARE(runs.jsonLines().front().value(u"outcome"_s).toString(), u"interrupted"_s);
}

void TstCtlServe::onceDeliversAndWritesMetrics()
{
    QCOMPARE(m_ctl->run({ u"sync"_s, u"Sample"_s }).exitCode, 0);

    const auto once = m_ctl->run(
        { u"serve"_s, u"--once"_s, u"--metrics-file"_s, m_ctl->file(u"portreeve.prom"_s) });

    QVERIFY2(once.exitCode == 0, once.err.constData());
    QVERIFY(records() > kActive);
    QFile file(m_ctl->file(u"portreeve.prom"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(
        file.readAll().contains("portreeve_target_state{target=\"Office\",state=\"in_step\"} 1"));
}

void TstCtlServe::failuresAreNamedWithTheirRemedy()
{
    QCOMPARE(m_ctl->run({ u"sync"_s, u"Sample"_s }).exitCode, 0);
    m_broker->goAway();

    const auto once = m_ctl->run({ u"--json"_s, u"serve"_s, u"--once"_s });

    QCOMPARE(once.exitCode, 1);
    const auto lines = once.jsonLines();
    const auto failed = std::ranges::find_if(lines,
        [](const auto& line) { return line.value(u"event"_s).toString() == u"push_failed"; });
    QVERIFY2(failed != lines.end(), once.out.constData());
    QCOMPARE(failed->value(u"target"_s).toString(), u"Office"_s);
    QVERIFY(!failed->value(u"remedy"_s).toString().isEmpty());
}

void TstCtlServe::stopsWithinASecondAndSaysNothingSecret()
{
    QCOMPARE(m_ctl->run({ u"sync"_s, u"Sample"_s }).exitCode, 0);
    CtlServer server(*m_ctl, { u"--log-level"_s, u"debug"_s });
    QVERIFY(!server.waitFor(u"push_finished"_s).isEmpty());

    QElapsedTimer since;
    since.start();
    const int code = server.stop();

    QVERIFY2(since.elapsed() < 1'500, qPrintable(QString::number(since.elapsed())));
    QCOMPARE(code, 0);
    QVERIFY(!server.everything().contains(DatabrokerDouble::secret().toBase64()));
    QVERIFY(!server.everything().contains("eyJ"));
}

static const bool kCtlServeRegistered = registerTestClass<TstCtlServe>("ctlserve");

} // namespace portreeve::test

#include "tst_ctlserve.moc"
