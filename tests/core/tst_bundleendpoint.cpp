// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/net/qthttpclient.h"
#include "core/proxy/bundle/bundleendpoint.h"
#include "core/proxy/bundle/directorybundle.h"
#include "tests/support/certificates.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QLoggingCategory>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

const QByteArray kToken = "0123456789abcdef";

DirectoryRecords records(const QString& group)
{
    return { .groups = { { .id = group, .name = u"Engineering"_s } },
        .users = { { .id = u"u-ann"_s, .email = u"ann@corp.test"_s, .groupIds = { group } } } };
}

/// What was logged while it lives, every category on.
class LogCapture
{
public:
    LogCapture()
        : m_previous(qInstallMessageHandler(&LogCapture::take))
    {
        s_lines.clear();
        QLoggingCategory::setFilterRules(u"*.debug=true"_s);
    }

    LogCapture(const LogCapture&) = delete;
    LogCapture& operator=(const LogCapture&) = delete;
    LogCapture(LogCapture&&) = delete;
    LogCapture& operator=(LogCapture&&) = delete;

    ~LogCapture()
    {
        QLoggingCategory::setFilterRules({});
        qInstallMessageHandler(m_previous);
    }

    QString text() const { return s_lines; }

private:
    static void take(QtMsgType /*type*/, const QMessageLogContext& /*context*/, const QString& line)
    {
        s_lines += line + u'\n';
    }

    static inline QString s_lines;
    QtMessageHandler m_previous;
};

} // namespace

class TstBundleEndpoint : public QObject
{
    Q_OBJECT

private slots:
    void theBundleIsServedToTheToken();
    void withoutTheTokenNothingIsSaid_data();
    void withoutTheTokenNothingIsSaid();
    void anotherHeaderCarriesTheTokenBare();
    void anUnchangedBundleIsNotSentAgain_data();
    void anUnchangedBundleIsNotSentAgain();
    void aBundleHasItsDate_data();
    void aBundleHasItsDate();
    void aNewGenerationHasANewTag();
    void beforeTheFirstBundleItAsksToComeBack();
    void onlyReadingIsAllowed();
    void otherPathsAreNotFound();
    void unusableSettingsAreNamed_data();
    void unusableSettingsAreNamed();
    void filesThatDoNotFitAreNamedAsInTheForm();
    void aTakenPortIsNamedAsInTheForm();
    void aTargetsOptionsSayWhereToListen();
    void noTokenReachesTheLog();
    void theFileHoldsTheSameBytes();

private:
    HttpResponse ask(const BundleEndpoint& endpoint, std::vector<HttpHeader> headers,
        const QByteArray& method = "GET", const QString& path = u"/bundle.zip"_s)
    {
        QtHttpClient client({}, m_clock);
        const QUrl url(u"http://127.0.0.1:%1%2"_s.arg(endpoint.port()).arg(path));
        const auto answer
            = client.send({ .method = method, .url = url, .headers = std::move(headers) }, {});
        return answer ? *answer : HttpResponse {};
    }

    static std::vector<HttpHeader> authorized(std::vector<HttpHeader> more = {})
    {
        more.push_back({ "Authorization", "Bearer " + kToken });
        return more;
    }

    SystemClock m_clock;
};

void TstBundleEndpoint::theBundleIsServedToTheToken()
{
    const auto bundle = *directoryBundle(records(u"g-eng"_s));
    BundleEndpoint endpoint({});
    QVERIFY(endpoint.start(kToken).hasValue());
    endpoint.setBundle(bundle);

    const auto answer = ask(endpoint, authorized());

    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.body, bundle.bytes);
    QCOMPARE(answer.header("ETag"), bundle.etag);
    QCOMPARE(answer.header("Content-Type"), QByteArray("application/zip"));
    std::vector<QString> groups;
    QVERIFY(readBundle({ .bytes = answer.body },
        { .group = [&](const BundleGroup& group) { groups.push_back(group.id); },
            .user = [](const BundleUser&) {} },
        {})
            .hasValue());
    QCOMPARE(groups, std::vector<QString> { u"g-eng"_s });
}

void TstBundleEndpoint::withoutTheTokenNothingIsSaid_data()
{
    QTest::addColumn<QByteArray>("authorization");
    QTest::addRow("none") << QByteArray();
    QTest::addRow("wrong") << QByteArray("Bearer 0123456789abcdeF");
    QTest::addRow("begins right") << "Bearer " + kToken + "0";
    QTest::addRow("cut off") << "Bearer " + kToken.left(15);
    QTest::addRow("bare") << kToken;
    QTest::addRow("other scheme") << "Basic " + kToken;
}

void TstBundleEndpoint::withoutTheTokenNothingIsSaid()
{
    QFETCH(QByteArray, authorization);
    BundleEndpoint endpoint({});
    QVERIFY(endpoint.start(kToken).hasValue());
    endpoint.setBundle(*directoryBundle(records(u"g-eng"_s)));

    for (const auto& path : { u"/bundle.zip"_s, u"/other"_s }) {
        const auto answer = ask(endpoint, { { "Authorization", authorization } }, "GET", path);

        QCOMPARE(answer.status, 401);
        QCOMPARE(answer.header("WWW-Authenticate"), QByteArray("Bearer"));
        QVERIFY(answer.header("ETag").isEmpty());
        QVERIFY(answer.body.isEmpty());
    }
}

void TstBundleEndpoint::anotherHeaderCarriesTheTokenBare()
{
    BundleEndpoint endpoint({ .tokenHeader = u"X-Api-Key"_s });
    QVERIFY(endpoint.start(kToken).hasValue());
    endpoint.setBundle(*directoryBundle(records(u"g-eng"_s)));

    QCOMPARE(ask(endpoint, { { "x-api-key", kToken } }).status, 200);
    QCOMPARE(ask(endpoint, authorized()).status, 401);
}

void TstBundleEndpoint::anUnchangedBundleIsNotSentAgain_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::addColumn<int>("status");
    QTest::addRow("same") << QByteArray() << QByteArray() << 304;
    QTest::addRow("weak") << QByteArray("W/") << QByteArray() << 304;
    QTest::addRow("in a list") << QByteArray("\"x\", ") << QByteArray(" , \"y\"") << 304;
    QTest::addRow("another") << QByteArray("\"x") << QByteArray("y\"") << 200;
}

void TstBundleEndpoint::anUnchangedBundleIsNotSentAgain()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, after);
    QFETCH(int, status);
    const auto bundle = *directoryBundle(records(u"g-eng"_s));
    BundleEndpoint endpoint({});
    QVERIFY(endpoint.start(kToken).hasValue());
    endpoint.setBundle(bundle);

    const auto answer
        = ask(endpoint, authorized({ { "If-None-Match", before + bundle.etag + after } }));

    QCOMPARE(answer.status, status);
    QCOMPARE(answer.header("ETag"), bundle.etag);
    QCOMPARE(answer.body.isEmpty(), status == 304);
    QCOMPARE(ask(endpoint, authorized({ { "If-None-Match", "*" } })).status, 304);
}

void TstBundleEndpoint::aBundleHasItsDate_data()
{
    QTest::addColumn<std::vector<HttpHeader>>("headers");
    QTest::addColumn<int>("status");
    const auto since = [](const char* date) {
        return std::vector<HttpHeader> { { "If-Modified-Since", date } };
    };
    QTest::addRow("the same") << since("Sat, 21 Nov 2026 09:30:00 GMT") << 304;
    QTest::addRow("later") << since("Sun, 22 Nov 2026 09:30:00 GMT") << 304;
    QTest::addRow("a second earlier") << since("Sat, 21 Nov 2026 09:29:59 GMT") << 200;
    QTest::addRow("no date") << since("yesterday") << 200;
    auto both = since("Sun, 22 Nov 2026 09:30:00 GMT");
    both.push_back({ "If-None-Match", "\"another\"" });
    QTest::addRow("another tag decides") << both << 200;
}

void TstBundleEndpoint::aBundleHasItsDate()
{
    QFETCH(const std::vector<HttpHeader>, headers);
    QFETCH(const int, status);
    auto bundle = *directoryBundle(records(u"g-eng"_s));
    bundle.modifiedAt = fromRfc3339(u"2026-11-21T09:30:00.250Z"_s);
    BundleEndpoint endpoint({});
    QVERIFY(endpoint.start(kToken).hasValue());
    endpoint.setBundle(bundle);

    const auto answer = ask(endpoint, authorized(headers));

    QCOMPARE(answer.status, status);
    QCOMPARE(answer.header("Last-Modified"), QByteArray("Sat, 21 Nov 2026 09:30:00 GMT"));
    QCOMPARE(answer.body.isEmpty(), status == 304);
}

void TstBundleEndpoint::aNewGenerationHasANewTag()
{
    const auto first = *directoryBundle(records(u"g-eng"_s));
    const auto second = *directoryBundle(records(u"g-ops"_s));
    BundleEndpoint endpoint({});
    QVERIFY(endpoint.start(kToken).hasValue());
    endpoint.setBundle(first);
    const auto known = authorized({ { "If-None-Match", first.etag } });
    QCOMPARE(ask(endpoint, known).status, 304);

    endpoint.setBundle(second);

    const auto answer = ask(endpoint, known);
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.body, second.bytes);
    QCOMPARE(answer.header("ETag"), second.etag);
    QVERIFY(first.etag != second.etag);
}

void TstBundleEndpoint::beforeTheFirstBundleItAsksToComeBack()
{
    BundleEndpoint endpoint({});
    QVERIFY(endpoint.start(kToken).hasValue());

    const auto answer = ask(endpoint, authorized());

    QCOMPARE(answer.status, 503);
    QVERIFY(!answer.header("Retry-After").isEmpty());
}

void TstBundleEndpoint::onlyReadingIsAllowed()
{
    const auto bundle = *directoryBundle(records(u"g-eng"_s));
    BundleEndpoint endpoint({});
    QVERIFY(endpoint.start(kToken).hasValue());
    endpoint.setBundle(bundle);

    const auto head = ask(endpoint, authorized(), "HEAD");
    QCOMPARE(head.status, 200);
    QVERIFY(head.body.isEmpty());
    QCOMPARE(head.header("Content-Length"), QByteArray::number(bundle.bytes.size()));

    const auto deletion = ask(endpoint, authorized(), "DELETE");
    QCOMPARE(deletion.status, 405);
    QCOMPARE(deletion.header("Allow"), QByteArray("GET, HEAD"));
}

void TstBundleEndpoint::otherPathsAreNotFound()
{
    BundleEndpoint endpoint({});
    QVERIFY(endpoint.start(kToken).hasValue());
    endpoint.setBundle(*directoryBundle(records(u"g-eng"_s)));

    for (const auto& path : { u"/directory/bundle.zip"_s, u"/bundle.zip/"_s, u"/x"_s }) {
        QCOMPARE(ask(endpoint, authorized(), "GET", path).status, 404);
    }
    for (const auto& path : { u"/bundle.zip?x=1"_s, u"/"_s, u"/?x=1"_s }) {
        QCOMPARE(ask(endpoint, authorized(), "GET", path).status, 200);
    }
}

void TstBundleEndpoint::unusableSettingsAreNamed_data()
{
    QTest::addColumn<BundleEndpointSettings>("settings");
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<QString>("field");
    QTest::addRow("no token") << BundleEndpointSettings {} << QByteArray() << u"bundle_token"_s;
    QTest::addRow("short token") << BundleEndpointSettings {} << kToken.left(15)
                                 << u"bundle_token"_s;
    QTest::addRow("token with a space")
        << BundleEndpointSettings {} << kToken + " x" << u"bundle_token"_s;
    QTest::addRow("no header name") << BundleEndpointSettings { .tokenHeader = u"X: y"_s } << kToken
                                    << u"bundle_token_header"_s;
    QTest::addRow("reachable in plain text")
        << BundleEndpointSettings { .listener = { .address = u"0.0.0.0"_s, .allowRemote = true } }
        << kToken << u"bundle_certificate"_s;
    QTest::addRow("no address of this computer") << BundleEndpointSettings { .listener
        = { .address = u"nowhere"_s } } << kToken << u"bundle_listen"_s;
}

void TstBundleEndpoint::unusableSettingsAreNamed()
{
    QFETCH(BundleEndpointSettings, settings);
    QFETCH(QByteArray, token);
    QFETCH(QString, field);
    BundleEndpoint endpoint(settings);

    const auto started = endpoint.start(token);

    QVERIFY(!started);
    QCOMPARE(started.error().field, field);
    QVERIFY(token.isEmpty() || !started.error().toText().contains(QString::fromLatin1(token)));
}

void TstBundleEndpoint::filesThatDoNotFitAreNamedAsInTheForm()
{
    const test::Certificate one(u"one"_s);
    const test::Certificate other(u"other"_s);
    QVERIFY2(one.isValid() && other.isValid(), "the openssl tool is missing");
    const auto fieldOf = [](const ListenerSettings& listener) {
        const BundleEndpointSettings settings { .listener = listener };
        const auto started = BundleEndpoint(settings).start(kToken);
        const auto checked = checkBundleCertificate(settings);
        return !started && !checked && started.error().field == checked.error().field
            ? checked.error().field
            : u"differ"_s;
    };

    QCOMPARE(fieldOf({ .certificateFile = one.certificateFile(), .keyFile = other.keyFile() }),
        u"bundle_key"_s);
    QCOMPARE(fieldOf({ .certificateFile = one.certificateFile() }), u"bundle_key"_s);
    QCOMPARE(fieldOf({ .certificateFile = one.keyFile(), .keyFile = one.keyFile() }),
        u"bundle_certificate"_s);
    QCOMPARE(fieldOf({ .certificateFile = one.certificateFile(),
                 .keyFile = one.keyFile(),
                 .clientCaFile = one.keyFile() }),
        u"bundle_client_ca"_s);
    QVERIFY(checkBundleCertificate(
        { .listener = { .certificateFile = one.certificateFile(), .keyFile = one.keyFile() } }));
}

void TstBundleEndpoint::aTakenPortIsNamedAsInTheForm()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    const BundleEndpointSettings settings { .listener = { .port = other.serverPort() } };

    const auto started = BundleEndpoint(settings).start(kToken);

    QVERIFY(!started);
    QCOMPARE(started.error().field, u"bundle_listen"_s);
    QVERIFY(!started.error().remedy.isEmpty());
    QCOMPARE(checkBundlePort(settings).error().field, u"bundle_listen"_s);
    other.close();
    QVERIFY(checkBundlePort(settings));
}

void TstBundleEndpoint::aTargetsOptionsSayWhereToListen()
{
    const auto settings = bundleEndpointSettings({ .bundleListen = u"[::1]:8743"_s,
        .bundleCertificate = u"c"_s,
        .bundleKey = u"k"_s,
        .bundleTokenHeader = u"X-Api-Key"_s });

    QCOMPARE(settings->listener.address, u"::1"_s);
    QCOMPARE(settings->listener.port, quint16 { 8743 });
    QCOMPARE(settings->listener.keyFile, u"k"_s);
    QCOMPARE(settings->tokenHeader, u"X-Api-Key"_s);
    for (const auto& wrong : { u"127.0.0.1"_s, u":8743"_s, u"8743"_s, u"a:b"_s, u"h:1/x"_s }) {
        QCOMPARE(
            bundleEndpointSettings({ .bundleListen = wrong }).error().field, u"bundle_listen"_s);
    }
    const auto open = *bundleEndpointSettings({ .bundleListen = u"0.0.0.0:8743"_s });
    QCOMPARE(BundleEndpoint(open).start(kToken).error().field, u"bundle_certificate"_s);
}

void TstBundleEndpoint::noTokenReachesTheLog()
{
    const LogCapture log;
    BundleEndpoint endpoint({});
    QVERIFY(endpoint.start(kToken).hasValue());
    endpoint.setBundle(*directoryBundle(records(u"g-eng"_s)));

    ask(endpoint, authorized());
    ask(endpoint, { { "Authorization", "Bearer wrong-token-of-somebody" } }, "GET",
        u"/bundle.zip?access_token=in-the-query"_s);

    QVERIFY(log.text().contains(u"GET /bundle.zip"));
    for (const auto& secret :
        { QString::fromLatin1(kToken), u"wrong-token"_s, u"in-the-query"_s, u"ann@corp.test"_s }) {
        QVERIFY2(!log.text().contains(secret), qPrintable(log.text()));
    }
}

void TstBundleEndpoint::theFileHoldsTheSameBytes()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"bundle.zip"_s);
    const auto bundle = *directoryBundle(records(u"g-eng"_s));

    QVERIFY(*writeBundleFile(path, bundle));
    QVERIFY(!*writeBundleFile(path, bundle));

    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), bundle.bytes);
}

static const bool kBundleEndpointRegistered
    = test::registerTestClass<TstBundleEndpoint>("bundleendpoint");

} // namespace portreeve

#include "tst_bundleendpoint.moc"
