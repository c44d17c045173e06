// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/configserviceserver.h"

#include <QTcpServer>
#include <QTcpSocket>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {

constexpr QByteArrayView kHeadEnd = "\r\n\r\n";

/// The first whole request of what was received, taken out of it.
std::optional<HttpRequest> takeRequest(QByteArray& received)
{
    const auto headEnd = received.indexOf(kHeadEnd);
    if (headEnd < 0) {
        return std::nullopt;
    }
    const auto lines = received.left(headEnd).split('\n');
    const auto start = lines.front().trimmed().split(' ');
    HttpRequest out { .method = start.front(), .url = QUrl(QString::fromLatin1(start.value(1))) };
    qsizetype length = 0;
    for (const auto& line : lines.mid(1)) {
        const auto colon = line.indexOf(':');
        const auto name = line.left(colon).trimmed();
        const auto value = line.mid(colon + 1).trimmed();
        out.headers.push_back({ .name = name, .value = value });
        if (name.compare("Content-Length", Qt::CaseInsensitive) == 0) {
            length = value.toLongLong();
        }
    }
    const auto bodyStart = headEnd + kHeadEnd.size();
    if (received.size() < bodyStart + length) {
        return std::nullopt;
    }
    out.body = received.mid(bodyStart, length);
    received.remove(0, bodyStart + length);
    return out;
}

QByteArray written(const FakeReply& reply)
{
    QByteArray out = "HTTP/1.1 " + QByteArray::number(reply.status)
        + " Text\r\nContent-Length: " + QByteArray::number(reply.body.size()) + "\r\n";
    for (const auto& header : reply.headers) {
        out += header.name + ": " + header.value + "\r\n";
    }
    return out + "\r\n" + reply.body;
}

} // namespace

ConfigServiceServer::ConfigServiceServer(ConfigServiceDouble& service, quint16 port)
    : m_service(service)
    , m_server(std::make_unique<QTcpServer>())
{
    QObject::connect(m_server.get(), &QTcpServer::pendingConnectionAvailable, m_server.get(),
        [this] { accept(); });
    if (!m_server->listen(QHostAddress::LocalHost, port)) {
        qFatal("no port on 127.0.0.1");
    }
    m_port = m_server->serverPort();
    m_server->moveToThread(&m_thread);
    m_thread.start();
}

ConfigServiceServer::~ConfigServiceServer()
{
    // sockets and notifiers must die on their own thread
    QMetaObject::invokeMethod(
        m_server.get(), [this] { m_server.reset(); }, Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
}

QUrl ConfigServiceServer::url() const
{
    QUrl out;
    out.setScheme(u"http"_s);
    out.setHost(u"127.0.0.1"_s);
    out.setPort(m_port);
    return out;
}

void ConfigServiceServer::accept()
{
    while (auto* socket = m_server->nextPendingConnection()) {
        auto received = std::make_shared<QByteArray>();
        QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket, received] {
            *received += socket->readAll();
            while (const auto request = takeRequest(*received)) {
                const bool isCall = request->url.path().startsWith(u"/pomerium.");
                const auto reply = isCall ? m_service.answer(*request)
                                          : FakeReply { .status = m_service.visit(*request) };
                if (reply.failure) {
                    socket->abort();
                    return;
                }
                socket->write(written(reply));
            }
        });
    }
}

} // namespace portreeve::test
