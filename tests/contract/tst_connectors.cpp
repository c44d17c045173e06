// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/contract/httpfixture.h"
#include "tests/support/httprun.h"
#include "tests/support/testregistry.h"

#include <QLoggingCategory>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::FakeHttpClient;
using test::FakeReply;
using test::HttpFixture;
using test::HttpRun;

/// What every registered connector has to keep, whichever provider it reads.
class TstConnectors : public QObject
{
    Q_OBJECT

private slots:

    void fieldsExplainThemselves_data() { eachConnector(); }

    void fieldsExplainThemselves();

    void defaultsAreValid_data() { eachConnector(); }

    void defaultsAreValid();

    void unreachableProvidersEndInAnExplainedError_data() { eachConnector(); }

    void unreachableProvidersEndInAnExplainedError();

    void cancelledRunsEndAsCancelled_data() { eachConnector(); }

    void cancelledRunsEndAsCancelled();

    void everyPageIsRead_data() { eachFixture(); }

    void everyPageIsRead();
    void faultsEndAsTheyShould_data();
    void faultsEndAsTheyShould();

    void aClockTenMinutesOffIsSaid_data() { eachFixture(); }

    void aClockTenMinutesOffIsSaid();

    void cancelInTheMiddleEndsTheRun_data() { eachFixture(); }

    void cancelInTheMiddleEndsTheRun();

private:
    static void eachConnector();
    static void eachFixture();
    static void verifyExplained(const Error& error);
    static const HttpFixture& fixture(const QString& id);
};

namespace {
constexpr auto kSecret = "planted-secret-value"_L1;

/// Log lines of one test, looked through for secrets.
QStringList& logLines()
{
    static QStringList lines;
    return lines;
}

void keepLine(QtMsgType, const QMessageLogContext&, const QString& text)
{
    logLines().append(text);
}

class LogWatch
{
public:
    LogWatch()
    {
        logLines().clear();
        QLoggingCategory::setFilterRules(u"portreeve.*=true"_s);
        m_before = qInstallMessageHandler(keepLine);
    }

    ~LogWatch()
    {
        qInstallMessageHandler(m_before);
        QLoggingCategory::setFilterRules({});
    }

    LogWatch(const LogWatch&) = delete;
    LogWatch& operator=(const LogWatch&) = delete;

    bool sawSecret() const { return logLines().join(u'\n').contains(kSecret); }

private:
    QtMessageHandler m_before = nullptr;
};

/// Required options filled with something harmless and every secret with the planted one.
ConnectorOptions plantedOptions(const ConnectorDescriptor& connector)
{
    OptionValues values;
    QHash<QString, QString> secrets;
    for (const auto& field : connector.fields) {
        if (field.kind == FieldKind::Secret) {
            secrets.insert(field.key, kSecret);
        } else if (field.kind == FieldKind::Url && field.required) {
            const bool isLdap = field.placeholder.startsWith(u"ldap"_s);
            values.insert(field.key, isLdap ? u"ldap://127.0.0.1:9"_s : u"http://127.0.0.1:9"_s);
        } else if (field.required && field.defaultValue.isEmpty()) {
            values.insert(field.key, field.example.isEmpty() ? u"x"_s : field.example);
        }
    }
    return makeOptions(connector, values, secrets, u"Test connection"_s);
}

QString allText(const TestReport& report)
{
    QString text;
    for (const auto& step : report.steps) {
        text += step.what.english() + step.remedy.english() + step.detail;
    }
    return report.failure ? QString(text + report.failure->toText()) : text;
}
} // namespace

void TstConnectors::eachConnector()
{
    QTest::addColumn<QString>("id");
    for (const auto& connector : connectorRegistry()) {
        QTest::addRow("%s", qUtf8Printable(connector.id)) << connector.id;
    }
}

void TstConnectors::eachFixture()
{
    QTest::addColumn<QString>("id");
    for (const auto& entry : test::httpFixtures()) {
        QTest::addRow("%s", qUtf8Printable(entry.connectorId)) << entry.connectorId;
    }
}

const HttpFixture& TstConnectors::fixture(const QString& id)
{
    const auto& all = test::httpFixtures();
    return *std::find_if(
        all.begin(), all.end(), [&](const auto& entry) { return entry.connectorId == id; });
}

void TstConnectors::verifyExplained(const Error& error)
{
    QVERIFY(!error.what.isEmpty());
    QVERIFY2(!error.remedy.isEmpty(), qUtf8Printable(error.toText()));
    QVERIFY2(!error.toText().contains(kSecret), qUtf8Printable(error.toText()));
}

void TstConnectors::fieldsExplainThemselves()
{
    QFETCH(QString, id);
    static const QRegularExpression snakeCase(u"^[a-z][a-z0-9]*(_[a-z0-9]+)*$"_s);
    const auto& connector = *findConnector(id);

    QVERIFY(snakeCase.match(connector.id).hasMatch());
    QVERIFY(qstrlen(connector.name) > 0 && qstrlen(connector.summary) > 0);
    QSet<QString> keys;
    for (const auto& field : connector.fields) {
        QVERIFY2(snakeCase.match(field.key).hasMatch(), qUtf8Printable(field.key));
        QVERIFY2(!keys.contains(field.key), qUtf8Printable(field.key));
        keys.insert(field.key);
        QVERIFY2(qstrlen(field.label) > 0, qUtf8Printable(field.key));
        QVERIFY2(qstrlen(field.help) > 0, qUtf8Printable(field.key));
        static const QRegularExpression secretWords(u"(secret|password|token)$"_s);
        if (secretWords.match(field.key).hasMatch()) {
            QCOMPARE(field.kind, FieldKind::Secret);
        }
        QVERIFY(field.kind != FieldKind::Choice || !field.choices.empty());
    }
}

void TstConnectors::defaultsAreValid()
{
    QFETCH(QString, id);
    const auto& connector = *findConnector(id);
    const auto options = makeOptions(connector, {}, {}, {});

    for (const auto& problem : validate(connector.fields, {}, {})) {
        QVERIFY2(problem.what.english().startsWith(u"Fill in "_s),
            qUtf8Printable(problem.what.english()));
    }
    QVERIFY(connector.create(options) != nullptr);
}

void TstConnectors::unreachableProvidersEndInAnExplainedError()
{
    QFETCH(QString, id);
    const auto& connector = *findConnector(id);
    if (connector.capabilities.offline) {
        return;
    }
    const LogWatch watch;
    test::FakeClock clock;
    FakeHttpClient http(clock);
    http.setServer([](const HttpRequest&) {
        return FakeReply { .failure = Error { .code = ErrorCode::Network,
                               .what = message("Cannot reach it."),
                               .remedy = message("Check the network.") } };
    });
    Redactor redactor;
    redactor.addSecret(kSecret);
    RunContext run { .http = http,
        .clock = clock,
        .stop = {},
        .progress = [](const RunProgress&) { },
        .redactor = redactor };
    SnapshotBuilder builder;

    const auto report = connector.create(plantedOptions(connector))->test(run);
    const auto outcome = connector.create(plantedOptions(connector))->fetch(run, builder);

    QVERIFY(!report.passed());
    verifyExplained(*report.failure);
    QVERIFY(!report.steps.empty() && !report.steps.back().ok);
    QVERIFY(!allText(report).contains(kSecret));
    QVERIFY(!outcome);
    verifyExplained(outcome.error());
    QVERIFY(!watch.sawSecret());
}

void TstConnectors::cancelledRunsEndAsCancelled()
{
    QFETCH(QString, id);
    const auto& connector = *findConnector(id);
    test::FakeClock clock;
    FakeHttpClient http(clock);
    const Redactor redactor;
    std::stop_source stop;
    stop.request_stop();
    RunContext run { .http = http,
        .clock = clock,
        .stop = stop.get_token(),
        .progress = [](const RunProgress&) { },
        .redactor = redactor };
    SnapshotBuilder builder;

    const auto outcome = connector.create(plantedOptions(connector))->fetch(run, builder);

    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Cancelled);
    verifyExplained(outcome.error());
}

void TstConnectors::everyPageIsRead()
{
    QFETCH(QString, id);
    const auto& provider = fixture(id);
    HttpRun run(id, provider.options, provider.secrets);
    run.http().setServer(provider.makeServer());

    const auto snapshot = run.fetch();

    QVERIFY2(snapshot.hasValue(), snapshot ? "" : qUtf8Printable(snapshot.error().toText()));
    QCOMPARE((*snapshot)->userCount(), static_cast<Row>(provider.users));
    QVERIFY((*snapshot)->completeness().users);
}

void TstConnectors::faultsEndAsTheyShould_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("times"); // how often before the server is sound; 0 = for ever
    QTest::addColumn<int>("code"); // -1: the run succeeds
    const auto code = [](ErrorCode value) { return static_cast<int>(value); };
    for (const auto& entry : test::httpFixtures()) {
        const auto row
            = [&](const char* name, int status, const QByteArray& body, int times, int expected) {
                  QTest::addRow("%s, %s", qUtf8Printable(entry.connectorId), name)
                      << entry.connectorId << status << body << times << expected;
              };
        row("401 once", 401, "", 1, entry.renewsToken ? -1 : code(ErrorCode::Auth));
        row("401 for ever", 401, "", 0, code(ErrorCode::Auth));
        row("403", 403, "", 0, code(ErrorCode::Permission));
        row("404", 404, "", 0, code(ErrorCode::NotFound));
        row("429 with a wait", 429, "", 1, -1);
        row("429 for ever", 429, "", 0, code(ErrorCode::RateLimited));
        row("500 twice", 500, "", 2, -1);
        row("500 for ever", 500, "", 0, code(ErrorCode::BadResponse));
        row("broken answer", 200, "[{\"id\":\"us", 0, code(ErrorCode::BadResponse));
        row("error told with 200", 200, R"({"error":"server_error","error_description":"busy"})", 0,
            code(ErrorCode::BadResponse));
        row("missing list", 200, entry.wrongShape, 0, code(ErrorCode::BadResponse));
        row("sign-in page", 200, "<html>Sign in</html>", 0, code(ErrorCode::BadResponse));
    }
    for (const auto& entry : test::httpFixtures()) {
        if (!entry.hasPages) {
            continue;
        }
        // The same full page whatever is asked for.
        auto server = entry.makeServer();
        HttpRequest first { .url
            = QUrl(QString(u"https://id.example.org"_s + entry.dataPath + u"?first=0&max=100"_s)) };
        QTest::addRow("%s, pages in a circle", qUtf8Printable(entry.connectorId))
            << entry.connectorId << 200 << server(first)->body << 0 << code(ErrorCode::BadResponse);
    }
}

void TstConnectors::faultsEndAsTheyShould()
{
    QFETCH(QString, id);
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(int, times);
    QFETCH(int, code);
    const LogWatch watch;
    const auto& provider = fixture(id);
    HttpRun run(id, provider.options, provider.secrets);
    int faults = 0;
    run.http().setServer([&, server = provider.makeServer()](const HttpRequest& request) {
        const bool isHit = request.url.path() == provider.dataPath;
        if (isHit && (times == 0 || faults < times)) {
            ++faults;
            return std::optional(FakeReply { .status = status,
                .body = body,
                .headers = { { .name = "Retry-After", .value = "30" } } });
        }
        return server(request);
    });

    const auto snapshot = run.fetch();

    QCOMPARE(snapshot.hasValue(), code == -1);
    if (snapshot) {
        QCOMPARE((*snapshot)->userCount(), static_cast<Row>(provider.users));
    } else {
        QCOMPARE(static_cast<int>(snapshot.error().code), code);
        verifyExplained(snapshot.error());
    }
    QVERIFY(!watch.sawSecret());
}

void TstConnectors::aClockTenMinutesOffIsSaid()
{
    QFETCH(QString, id);
    const auto& provider = fixture(id);
    HttpRun run(id, provider.options, provider.secrets);
    run.http().setServer([&, server = provider.makeServer()](const HttpRequest& request) {
        auto reply = server(request);
        reply->headers.push_back({ .name = "Date",
            .value = test::httpDateOf(run.clock().nowUtc() - std::chrono::minutes(10)) });
        return reply;
    });

    const auto snapshot = run.fetch();
    const auto report = run.test();

    QVERIFY(snapshot.hasValue());
    QCOMPARE((*snapshot)->userCount(), static_cast<Row>(provider.users));
    QVERIFY((*snapshot)->notes().front().contains(u"about 10 minutes"_s));
    QVERIFY(report.passed());
    QVERIFY(std::ranges::any_of(report.steps, [](const TestStep& step) {
        return step.name == u"clock" && step.what.english().contains(u"about 600 seconds"_s);
    }));
}

void TstConnectors::cancelInTheMiddleEndsTheRun()
{
    QFETCH(QString, id);
    const auto& provider = fixture(id);
    HttpRun run(id, provider.options, provider.secrets);
    run.http().setServer([&, server = provider.makeServer()](const HttpRequest& request) {
        if (request.url.path() == provider.dataPath) {
            run.stop.request_stop();
        }
        return server(request);
    });

    const auto snapshot = run.fetch();

    QVERIFY(!snapshot);
    QCOMPARE(snapshot.error().code, ErrorCode::Cancelled);
}

static const bool kConnectorsRegistered = test::registerTestClass<TstConnectors>("connectors");

} // namespace portreeve

#include "tst_connectors.moc"
