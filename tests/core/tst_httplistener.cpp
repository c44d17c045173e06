// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/net/httplistener.h"
#include "core/net/qthttpclient.h"
#include "tests/support/certificates.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QSignalSpy>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

using test::Certificate;

namespace {

ServerResponse echo(const ServerRequest& request)
{
    return { .headers = { { "X-Query", request.query } },
        .body = request.method + ' ' + request.path + ' ' + request.body };
}

/// Everything the listener says to these bytes until it closes.
QByteArray conversation(quint16 port, const QByteArray& bytes)
{
    QTcpSocket socket;
    QSignalSpy closed(&socket, &QTcpSocket::disconnected);
    socket.connectToHost(u"127.0.0.1"_s, port);
    socket.write(bytes);
    if (closed.isEmpty()) {
        closed.wait(5'000);
    }
    return socket.readAll();
}

QSslConfiguration clientWith(const Certificate& server, const Certificate* own)
{
    auto tls = QSslConfiguration::defaultConfiguration();
    tls.setCaCertificates(QSslCertificate::fromPath(server.certificateFile()));
    if (own != nullptr) {
        QFile key(own->keyFile());
        if (key.open(QIODevice::ReadOnly)) {
            tls.setPrivateKey(QSslKey(&key, QSsl::Rsa));
        }
        tls.setLocalCertificate(QSslCertificate::fromPath(own->certificateFile()).value(0));
    }
    return tls;
}

/// The answer over TLS; empty when the listener ends the connection.
QByteArray tlsConversation(quint16 port, const QSslConfiguration& tls)
{
    QSslSocket socket;
    socket.setSslConfiguration(tls);
    QSignalSpy closed(&socket, &QTcpSocket::disconnected);
    socket.connectToHostEncrypted(u"127.0.0.1"_s, port);
    socket.write("GET /a HTTP/1.0\r\n\r\n");
    if (closed.isEmpty()) {
        closed.wait(5'000);
    }
    return socket.readAll();
}

const QByteArray kGet = "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n";
const QByteArray kGetAndClose = "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

} // namespace

class TstHttpListener : public QObject
{
    Q_OBJECT

private slots:
    void aRequestIsAnswered();
    void oneConnectionCarriesSeveralRequests();
    void headIsAnsweredWithoutItsBody();
    void whatIsNoRequestIsRefused_data();
    void whatIsNoRequestIsRefused();
    void bodiesUpToTheLimitArrive();
    void requestsThatDoNotComeWholeAreEnded();
    void clientsThatSayNothingAreEnded();
    void thereIsRoomForSoManyClients();
    void aLargeAnswerArrivesWhole();
    void onlyThisComputerIsAnsweredUnlessToldSo_data();
    void onlyThisComputerIsAnsweredUnlessToldSo();
    void wrongFilesAreNamed_data();
    void wrongFilesAreNamed();
    void aTakenPortIsNamed();
    void tlsIsServed();
    void plainTextOnATlsPortIsNotAnswered();
    void clientsShowACertificateWhereAsked();
    void stoppingEndsAllClients();
};

void TstHttpListener::aRequestIsAnswered()
{
    HttpListener listener(echo);
    QVERIFY(listener.start({}).hasValue());

    const auto answer = conversation(listener.port(), kGetAndClose);

    QVERIFY(answer.startsWith("HTTP/1.1 200 OK\r\n"));
    QVERIFY(answer.contains("\r\nContent-Length: 7\r\n"));
    QVERIFY(answer.contains("\r\nConnection: close\r\n"));
    QVERIFY(answer.contains(" GMT\r\n"));
    QVERIFY(answer.endsWith("\r\n\r\nGET /a "));
}

void TstHttpListener::oneConnectionCarriesSeveralRequests()
{
    HttpListener listener(echo);
    QVERIFY(listener.start({}).hasValue());

    const auto answer = conversation(listener.port(), kGet + kGet + kGetAndClose);

    QCOMPARE(answer.count("HTTP/1.1 200 OK\r\n"), 3);
    QCOMPARE(answer.count("X-Query: b=c\r\n"), 2);
    QCOMPARE(answer.count("Connection: close"), 1);
}

void TstHttpListener::headIsAnsweredWithoutItsBody()
{
    HttpListener listener(echo);
    QVERIFY(listener.start({}).hasValue());

    const auto answer = conversation(listener.port(), "HEAD /a HTTP/1.0\r\n\r\n");

    QVERIFY(answer.contains("Content-Length: 8\r\n"));
    QVERIFY(answer.endsWith("\r\n\r\n"));
}

void TstHttpListener::whatIsNoRequestIsRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    const QByteArray start = "GET / HTTP/1.1\r\nHost: x\r\n";
    QTest::addRow("nonsense") << QByteArray("hello\r\n\r\n") << 400;
    QTest::addRow("no path") << QByteArray("GET  HTTP/1.1\r\n\r\n") << 400;
    QTest::addRow("absolute target") << QByteArray("GET http://a/ HTTP/1.0\r\n\r\n") << 400;
    QTest::addRow("no host") << QByteArray("GET / HTTP/1.1\r\n\r\n") << 400;
    QTest::addRow("other version") << QByteArray("GET / HTTP/2.0\r\n\r\n") << 505;
    QTest::addRow("control character in the path")
        << QByteArray("GET /\x01 HTTP/1.0\r\n\r\n") << 400;
    QTest::addRow("space before the colon") << start + "A : b\r\n\r\n" << 400;
    QTest::addRow("folded header") << start + "A: b\r\n c\r\n\r\n" << 400;
    QTest::addRow("no colon") << start + "A\r\n\r\n" << 400;
    QTest::addRow("line feeds only inside") << start + "A: b\nC: d\r\n\r\n" << 400;
    QTest::addRow("head too long") << start + "A: " + QByteArray(20'000, 'x') << 431;
    QTest::addRow("body not wanted") << start + "Content-Length: 5\r\n\r\n12345" << 413;
    QTest::addRow("huge length") << start + "Content-Length: 99999999999999999999\r\n\r\n" << 413;
    QTest::addRow("negative length") << start + "Content-Length: -1\r\n\r\n" << 400;
    QTest::addRow("two lengths") << start + "Content-Length: 0\r\nContent-Length: 3\r\n\r\n" << 400;
    QTest::addRow("chunks") << start + "Transfer-Encoding: chunked\r\n\r\n" << 411;
}

void TstHttpListener::whatIsNoRequestIsRefused()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, status);
    int handled = 0;
    HttpListener listener([&handled](const ServerRequest&) -> ServerResponse {
        ++handled;
        return {};
    });
    QVERIFY(listener.start({}).hasValue());

    const auto answer = conversation(listener.port(), bytes);

    QCOMPARE(answer.left(12), QByteArray("HTTP/1.1 " + QByteArray::number(status)));
    QVERIFY(answer.contains("Connection: close"));
    QCOMPARE(handled, 0);
}

void TstHttpListener::bodiesUpToTheLimitArrive()
{
    HttpListener listener(echo);
    QVERIFY(listener.start({ .limits = { .bodyBytes = 5 } }).hasValue());

    const QByteArray start = "POST /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ";

    QVERIFY(conversation(listener.port(), start + "5\r\n\r\n12345").endsWith("POST /a 12345"));
    QVERIFY(conversation(listener.port(), start + "6\r\n\r\n123456").startsWith("HTTP/1.1 413"));
}

void TstHttpListener::requestsThatDoNotComeWholeAreEnded()
{
    HttpListener listener(echo);
    QVERIFY(listener.start({ .requestTime = 50ms }).hasValue());

    QVERIFY(conversation(listener.port(), "GET / HT").startsWith("HTTP/1.1 408"));
}

void TstHttpListener::clientsThatSayNothingAreEnded()
{
    HttpListener listener(echo);
    QVERIFY(listener.start({ .requestTime = 50ms }).hasValue());
    QTcpSocket silent;
    const QSignalSpy closed(&silent, &QTcpSocket::disconnected);
    silent.connectToHost(u"127.0.0.1"_s, listener.port());

    QTRY_COMPARE(closed.size(), 1);
}

void TstHttpListener::thereIsRoomForSoManyClients()
{
    HttpListener listener(echo);
    QVERIFY(listener.start({ .mostConnections = 1 }).hasValue());
    QTcpSocket first;
    first.connectToHost(u"127.0.0.1"_s, listener.port());
    first.write(kGet);
    QTRY_VERIFY(first.bytesAvailable() > 0);

    QCOMPARE(conversation(listener.port(), kGetAndClose), QByteArray());
    first.disconnectFromHost();
    QTRY_VERIFY(conversation(listener.port(), kGetAndClose).startsWith("HTTP/1.1 200"));
}

void TstHttpListener::aLargeAnswerArrivesWhole()
{
    const Certificate certificate(u"server"_s);
    if (!certificate.isValid()) {
        QSKIP("the openssl tool is missing");
    }
    QByteArray large(9 * 1024 * 1024, Qt::Uninitialized);
    for (qsizetype i = 0; i < large.size(); ++i) {
        large[i] = static_cast<char>(i * 31 % 251);
    }
    HttpListener listener(
        [&large](const ServerRequest&) { return ServerResponse { .body = large }; });
    const SystemClock clock;
    QtHttpClient client({ .caFile = certificate.certificateFile() }, clock);
    for (const bool tls : { false, true }) {
        ListenerSettings settings;
        if (tls) {
            settings.certificateFile = certificate.certificateFile();
            settings.keyFile = certificate.keyFile();
        }
        QVERIFY(listener.start(settings).hasValue());
        const QUrl url(
            u"%1://127.0.0.1:%2/"_s.arg(tls ? u"https"_s : u"http"_s).arg(listener.port()));

        const auto answer = client.send({ .url = url }, {});

        QVERIFY(answer.hasValue());
        QVERIFY(answer->body == large);
    }
}

void TstHttpListener::onlyThisComputerIsAnsweredUnlessToldSo_data()
{
    QTest::addColumn<ListenerSettings>("settings");
    QTest::addColumn<QString>("field");
    QTest::addRow("every interface")
        << ListenerSettings { .address = u"0.0.0.0"_s } << u"address"_s;
    QTest::addRow("every IPv6 interface")
        << ListenerSettings { .address = u"::"_s } << u"address"_s;
    QTest::addRow("other computers in plain text") << ListenerSettings { .address = u"0.0.0.0"_s,
        .allowRemote = true } << u"certificate_file"_s;
    QTest::addRow("a name") << ListenerSettings { .address = u"proxy.corp.test"_s } << u"address"_s;
    QTest::addRow("client authority without TLS")
        << ListenerSettings { .clientCaFile = u"ca.pem"_s } << u"certificate_file"_s;
}

void TstHttpListener::onlyThisComputerIsAnsweredUnlessToldSo()
{
    QFETCH(ListenerSettings, settings);
    QFETCH(QString, field);
    HttpListener listener(echo);

    const auto started = listener.start(settings);

    QVERIFY(!started);
    QCOMPARE(started.error().code, ErrorCode::InvalidInput);
    QCOMPARE(started.error().field, field);
    QVERIFY(!started.error().remedy.isEmpty());
    QVERIFY(!listener.isListening());
}

void TstHttpListener::wrongFilesAreNamed_data()
{
    QTest::addColumn<QString>("wrong");
    for (const auto* field : { "certificate_file", "key_file", "client_ca_file", "other key" }) {
        QTest::addRow("%s", field) << QString::fromLatin1(field);
    }
}

void TstHttpListener::wrongFilesAreNamed()
{
    QFETCH(QString, wrong);
    const Certificate certificate(u"server"_s);
    const Certificate other(u"other"_s);
    if (!certificate.isValid()) {
        QSKIP("the openssl tool is missing");
    }
    const QString missing = certificate.keyFile() + u".missing"_s;
    ListenerSettings settings { .certificateFile = certificate.certificateFile(),
        .keyFile = certificate.keyFile(),
        .clientCaFile = certificate.certificateFile() };
    auto& changed = wrong == u"certificate_file" ? settings.certificateFile
        : wrong == u"client_ca_file"             ? settings.clientCaFile
                                                 : settings.keyFile;
    changed = wrong == u"other key" ? other.keyFile() : missing;
    HttpListener listener(echo);

    const auto started = listener.start(settings);

    QVERIFY(!started);
    QCOMPARE(started.error().field, wrong == u"other key" ? u"key_file"_s : wrong);
    QVERIFY(started.error().what.english().contains(changed));
}

void TstHttpListener::aTakenPortIsNamed()
{
    HttpListener first(echo);
    HttpListener second(echo);
    QVERIFY(first.start({}).hasValue());

    const auto started = second.start({ .port = first.port() });

    QCOMPARE(started.error().code, ErrorCode::Network);
    QVERIFY(started.error().what.english().contains(QString::number(first.port())));
}

void TstHttpListener::tlsIsServed()
{
    const Certificate certificate(u"server"_s);
    if (!certificate.isValid()) {
        QSKIP("the openssl tool is missing");
    }
    HttpListener listener(echo);
    QVERIFY(listener
            .start({ .certificateFile = certificate.certificateFile(),
                .keyFile = certificate.keyFile() })
            .hasValue());

    const auto answer = tlsConversation(listener.port(), clientWith(certificate, nullptr));

    QVERIFY(answer.endsWith("GET /a "));
}

void TstHttpListener::plainTextOnATlsPortIsNotAnswered()
{
    const Certificate certificate(u"server"_s);
    if (!certificate.isValid()) {
        QSKIP("the openssl tool is missing");
    }
    int handled = 0;
    HttpListener listener([&handled](const ServerRequest&) -> ServerResponse {
        ++handled;
        return {};
    });
    QVERIFY(listener
            .start({ .certificateFile = certificate.certificateFile(),
                .keyFile = certificate.keyFile() })
            .hasValue());

    const auto answer = conversation(listener.port(), kGetAndClose);

    QVERIFY(!answer.contains("HTTP/1.1"));
    QCOMPARE(handled, 0);
}

void TstHttpListener::clientsShowACertificateWhereAsked()
{
    const Certificate server(u"server"_s);
    const Certificate client(u"client"_s);
    const Certificate stranger(u"stranger"_s);
    if (!server.isValid()) {
        QSKIP("the openssl tool is missing");
    }
    int handled = 0;
    HttpListener listener([&handled](const ServerRequest& request) {
        ++handled;
        return echo(request);
    });
    QVERIFY(listener
            .start({ .certificateFile = server.certificateFile(),
                .keyFile = server.keyFile(),
                .clientCaFile = client.certificateFile() })
            .hasValue());

    QCOMPARE(tlsConversation(listener.port(), clientWith(server, nullptr)), QByteArray());
    QCOMPARE(tlsConversation(listener.port(), clientWith(server, &stranger)), QByteArray());
    QCOMPARE(tlsConversation(listener.port(), clientWith(server, &server)), QByteArray());
    QCOMPARE(handled, 0);
    QVERIFY(tlsConversation(listener.port(), clientWith(server, &client)).endsWith("GET /a "));
}

void TstHttpListener::stoppingEndsAllClients()
{
    HttpListener listener(echo);
    QVERIFY(listener.start({}).hasValue());
    QTcpSocket client;
    const QSignalSpy closed(&client, &QTcpSocket::disconnected);
    client.connectToHost(u"127.0.0.1"_s, listener.port());
    client.write(kGet);
    QTRY_VERIFY(client.bytesAvailable() > 0);

    listener.stop();

    QTRY_COMPARE(closed.size(), 1);
    QCOMPARE(listener.port(), quint16 { 0 });
}

static const bool kHttpListenerRegistered
    = test::registerTestClass<TstHttpListener>("httplistener");

} // namespace portreeve

#include "tst_httplistener.moc"
