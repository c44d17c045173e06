// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/net/qthttpclient.h"
#include "tests/support/loopbackserver.h"
#include "tests/support/testregistry.h"

#include <QElapsedTimer>
#include <QTcpSocket>
#include <QTest>
#include <QTimer>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

using test::LoopbackServer;

class TstQtHttpClient : public QObject
{
    Q_OBJECT

private slots:
    void anyStatusIsAnAnswer_data();
    void anyStatusIsAnAnswer();
    void headersAndBodyArriveAsGiven();
    void packedAnswersAreUnpacked();
    void redirectsStayOnTheirOrigin();
    void redirectsToAnotherOriginAreRefused();
    void slowAnswersTimeOut();
    void cancelEndsAllRequestsAtOnce();
    void nothingIsSentAfterCancel();
    void cutOffAnswersAreNetworkErrors_data();
    void cutOffAnswersAreNetworkErrors();
    void refusedConnectionsAreNamed();
    void largeAnswersAreStopped_data();
    void largeAnswersAreStopped();
    void unknownAuthoritiesAreNamedWithTheirRemedy();
    void ownAuthoritiesAreTrusted();
    void anUnreadableAuthorityFileIsNamed();
    void atMostSoManyAreInFlight();

private:
    SystemClock m_clock;
};

void TstQtHttpClient::anyStatusIsAnAnswer_data()
{
    QTest::addColumn<int>("status");
    for (const int status : { 200, 204, 304, 400, 401, 403, 404, 409, 429, 500, 503 }) {
        QTest::addRow("%d", status) << status;
    }
}

void TstQtHttpClient::anyStatusIsAnAnswer()
{
    QFETCH(int, status);
    const bool hasBody = status != 204 && status != 304;
    const LoopbackServer server(LoopbackServer::always(LoopbackServer::answer(status,
        hasBody ? "text" : "", "WWW-Authenticate: Basic realm=\"x\"\r\nX-Request-Id: 4711\r\n")));
    QtHttpClient client({}, m_clock);

    const auto answer = client.send({ .url = server.url(u"/a"_s) }, {});

    QVERIFY(answer.hasValue());
    QCOMPARE(answer->status, status);
    QCOMPARE(answer->body, hasBody ? "text" : "");
    QCOMPARE(answer->header("x-request-id"), "4711");
    QCOMPARE(server.heads().size(), std::size_t { 1 });
}

void TstQtHttpClient::headersAndBodyArriveAsGiven()
{
    QByteArray received;
    const LoopbackServer server([&](const QByteArray& head, QTcpSocket& socket) {
        received = head;
        socket.write(LoopbackServer::answer(200, "ok"));
    });
    QtHttpClient client({}, m_clock);
    HttpRequest request { .method = "POST", .url = server.url(u"/token"_s), .body = "a=b" };
    request.headers.push_back({ .name = "Authorization", .value = "Bearer t" });

    QVERIFY(client.send(request, {}).hasValue());

    QVERIFY(received.startsWith("POST /token HTTP/1.1"));
    QVERIFY(received.contains("Authorization: Bearer t"));
    QVERIFY(received.contains("Content-Length: 3"));
    QVERIFY(received.contains("User-Agent: Portreeve/"));
    QVERIFY(received.contains("gzip"));
}

void TstQtHttpClient::packedAnswersAreUnpacked()
{
    const auto packed
        = QByteArray::fromHex("1f8b0800000000000203cb48cdc9c9572848cd2fc8490500a330265a0c000000");
    const LoopbackServer server(
        LoopbackServer::always(LoopbackServer::answer(200, packed, "Content-Encoding: gzip\r\n")));
    QtHttpClient client({}, m_clock);

    const auto answer = client.send({ .url = server.url(u"/a"_s) }, {});

    QVERIFY(answer.hasValue());
    QCOMPARE(answer->body, "hello people");
}

void TstQtHttpClient::redirectsStayOnTheirOrigin()
{
    const LoopbackServer server([](const QByteArray& head, QTcpSocket& socket) {
        socket.write(head.startsWith("GET /old")
                ? LoopbackServer::answer(302, "", "Location: /new\r\n")
                : LoopbackServer::answer(200, "new"));
    });
    QtHttpClient client({}, m_clock);

    const auto answer = client.send({ .url = server.url(u"/old"_s) }, {});

    QVERIFY(answer.hasValue());
    QCOMPARE(answer->body, "new");
}

void TstQtHttpClient::redirectsToAnotherOriginAreRefused()
{
    const LoopbackServer other(LoopbackServer::always(LoopbackServer::answer(200, "stolen")));
    const QByteArray target = other.url(u"/a"_s).toEncoded();
    const LoopbackServer server(
        LoopbackServer::always(LoopbackServer::answer(302, "", "Location: " + target + "\r\n")));
    QtHttpClient client({}, m_clock);
    HttpRequest request { .url = server.url(u"/a"_s) };
    request.headers.push_back({ .name = "Authorization", .value = "Bearer t" });

    const auto answer = client.send(request, {});

    QVERIFY(!answer);
    QCOMPARE(answer.error().code, ErrorCode::BadResponse);
    QVERIFY(!answer.error().remedy.isEmpty());
    QVERIFY(other.heads().empty());
}

void TstQtHttpClient::slowAnswersTimeOut()
{
    const LoopbackServer server(
        LoopbackServer::always("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegin"));
    QtHttpClient client({}, m_clock);
    HttpRequest request { .url = server.url(u"/a"_s) };
    request.timeout = 200ms;

    const auto answer = client.send(request, {});

    QVERIFY(!answer);
    QCOMPARE(answer.error().code, ErrorCode::Timeout);
    QVERIFY(answer.error().what.english().contains(u"127.0.0.1"_s));
}

void TstQtHttpClient::cancelEndsAllRequestsAtOnce()
{
    const LoopbackServer server([](const QByteArray&, QTcpSocket&) { });
    QtHttpClient client({}, m_clock);
    std::stop_source stop;
    QTimer::singleShot(100ms, this, [&] { stop.request_stop(); });
    QElapsedTimer elapsed;
    elapsed.start();

    const auto answers = client.sendAll(
        std::vector<HttpRequest>(10, { .url = server.url(u"/a"_s) }), 4, stop.get_token());

    QCOMPARE_LT(elapsed.elapsed(), 1000);
    QCOMPARE(answers.size(), std::size_t { 10 });
    for (const auto& answer : answers) {
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::Cancelled);
    }
}

void TstQtHttpClient::nothingIsSentAfterCancel()
{
    const LoopbackServer server(LoopbackServer::always(LoopbackServer::answer(200, "")));
    QtHttpClient client({}, m_clock);
    std::stop_source stop;
    stop.request_stop();

    const auto answer = client.send({ .url = server.url(u"/a"_s) }, stop.get_token());

    QCOMPARE(answer.error().code, ErrorCode::Cancelled);
    QVERIFY(server.heads().empty());
}

void TstQtHttpClient::cutOffAnswersAreNetworkErrors_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addRow("length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegin");
    QTest::addRow("head") << QByteArray("HTTP/1.1 200 OK\r\nContent-Le");
    QTest::addRow("nothing") << QByteArray();
}

void TstQtHttpClient::cutOffAnswersAreNetworkErrors()
{
    QFETCH(QByteArray, bytes);
    const LoopbackServer server([&](const QByteArray&, QTcpSocket& socket) {
        socket.write(bytes);
        socket.disconnectFromHost();
    });
    QtHttpClient client({}, m_clock);

    const auto answer = client.send({ .url = server.url(u"/a"_s) }, {});

    QVERIFY(!answer);
    QCOMPARE(answer.error().code, ErrorCode::Network);
}

void TstQtHttpClient::refusedConnectionsAreNamed()
{
    QUrl url;
    {
        const LoopbackServer server(LoopbackServer::always(""));
        url = server.url(u"/a"_s);
    }
    QtHttpClient client({}, m_clock);

    const auto answer = client.send({ .url = url }, {});

    QVERIFY(!answer);
    QCOMPARE(answer.error().code, ErrorCode::Network);
    QVERIFY(answer.error().what.english().contains(u"refused"_s));
}

void TstQtHttpClient::largeAnswersAreStopped_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray large(3 * 1024 * 1024, 'x');
    QTest::addRow("with a length") << LoopbackServer::answer(200, large);
    QTest::addRow("without a length") << QByteArray("HTTP/1.1 200 OK\r\n\r\n" + large);
    QTest::addRow("a small one that unpacks")
        << LoopbackServer::answer(200, qCompress(large).mid(4), "Content-Encoding: deflate\r\n");
}

void TstQtHttpClient::largeAnswersAreStopped()
{
    QFETCH(QByteArray, bytes);
    const LoopbackServer server([&](const QByteArray&, QTcpSocket& socket) {
        socket.write(bytes);
        socket.disconnectFromHost();
    });
    QtHttpClient client({}, m_clock);
    HttpRequest request { .url = server.url(u"/a"_s) };
    request.maxBodyBytes = 1024 * 1024;

    const auto answer = client.send(request, {});

    QVERIFY(!answer);
    QCOMPARE(answer.error().code, ErrorCode::LimitExceeded);
    QVERIFY(answer.error().what.english().contains(u"1048576"_s));
}

void TstQtHttpClient::unknownAuthoritiesAreNamedWithTheirRemedy()
{
    const LoopbackServer server(
        LoopbackServer::always(LoopbackServer::answer(200, "")), LoopbackServer::Transport::Tls);
    if (server.authorityFile().isEmpty()) {
        QSKIP("the openssl tool is not installed");
    }
    QtHttpClient client({}, m_clock);

    const auto answer = client.send({ .url = server.url(u"/a"_s) }, {});

    QVERIFY(!answer);
    QCOMPARE(answer.error().code, ErrorCode::Tls);
    QVERIFY(answer.error().what.english().contains(u"127.0.0.1"_s));
    QVERIFY(answer.error().remedy.english().contains(u"Extra CA certificates"_s));
    QVERIFY(server.heads().empty());
}

void TstQtHttpClient::ownAuthoritiesAreTrusted()
{
    const LoopbackServer server(LoopbackServer::always(LoopbackServer::answer(200, "safe")),
        LoopbackServer::Transport::Tls);
    if (server.authorityFile().isEmpty()) {
        QSKIP("the openssl tool is not installed");
    }
    QtHttpClient client({ .caFile = server.authorityFile() }, m_clock);

    const auto answer = client.send({ .url = server.url(u"/a"_s) }, {});

    QVERIFY2(answer.hasValue(), answer ? "" : qUtf8Printable(answer.error().toText()));
    QCOMPARE(answer->body, "safe");
}

void TstQtHttpClient::anUnreadableAuthorityFileIsNamed()
{
    QtHttpClient client({ .caFile = u"/nonexistent/ca.pem"_s }, m_clock);

    const auto answer = client.send({ .url = QUrl(u"https://127.0.0.1:1/"_s) }, {});

    QVERIFY(!answer);
    QCOMPARE(answer.error().code, ErrorCode::InvalidInput);
    QCOMPARE(answer.error().field, u"ca_file"_s);
}

void TstQtHttpClient::atMostSoManyAreInFlight()
{
    int open = 0;
    int highest = 0;
    const LoopbackServer server([&](const QByteArray&, QTcpSocket& socket) {
        highest = std::max(highest, ++open);
        QTimer::singleShot(10ms, &socket, [&] {
            --open;
            socket.write(LoopbackServer::answer(200, "ok"));
        });
    });
    QtHttpClient client({}, m_clock);

    const auto answers
        = client.sendAll(std::vector<HttpRequest>(20, { .url = server.url(u"/a"_s) }), 3, {});

    QCOMPARE(answers.size(), std::size_t { 20 });
    for (const auto& answer : answers) {
        QVERIFY(answer.hasValue());
    }
    QCOMPARE(highest, 3);
}

static const bool kQtHttpClientRegistered
    = test::registerTestClass<TstQtHttpClient>("qthttpclient");

} // namespace portreeve

#include "tst_qthttpclient.moc"
