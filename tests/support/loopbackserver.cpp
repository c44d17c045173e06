// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/loopbackserver.h"

#include <QFile>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslServer>
#include <QTcpSocket>

#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {
constexpr auto kHeadEnd = "\r\n\r\n";

QSslConfiguration configuration(const QString& certificateFile, const QString& keyFile)
{
    QFile key(keyFile);
    auto tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificate(QSslCertificate::fromPath(certificateFile).value(0));
    if (key.open(QIODevice::ReadOnly)) {
        tls.setPrivateKey(QSslKey(&key, QSsl::Rsa));
    }
    return tls;
}
} // namespace

LoopbackServer::LoopbackServer(Handler handler, Transport transport)
    : m_handler(std::move(handler))
    , m_transport(transport)
{
    if (transport == Transport::Tls) {
        m_certificate.emplace(u"loopback"_s);
        auto server = std::make_unique<QSslServer>();
        server->setSslConfiguration(
            configuration(m_certificate->certificateFile(), m_certificate->keyFile()));
        m_server = std::move(server);
    } else {
        m_server = std::make_unique<QTcpServer>();
    }
    connect(m_server.get(), &QTcpServer::pendingConnectionAvailable, this, &LoopbackServer::accept);
    if (!m_server->listen(QHostAddress::LocalHost)) {
        qFatal("no port on 127.0.0.1");
    }
}

LoopbackServer::~LoopbackServer() = default;

QUrl LoopbackServer::url(const QString& path) const
{
    QUrl url;
    url.setScheme(m_transport == Transport::Tls ? u"https"_s : u"http"_s);
    url.setHost(u"127.0.0.1"_s);
    url.setPort(m_server->serverPort());
    url.setPath(path);
    return url;
}

QString LoopbackServer::authorityFile() const
{
    return m_certificate && m_certificate->isValid() ? m_certificate->certificateFile() : QString();
}

void LoopbackServer::accept()
{
    while (auto* socket = m_server->nextPendingConnection()) {
        auto received = std::make_shared<QByteArray>();
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        connect(socket, &QTcpSocket::readyRead, this, [this, socket, received] {
            *received += socket->readAll();
            for (;;) {
                const auto end = received->indexOf(kHeadEnd);
                if (end < 0) {
                    return;
                }
                const QByteArray head = received->left(end);
                received->remove(0, end + static_cast<qsizetype>(qstrlen(kHeadEnd)));
                m_heads.push_back(head);
                m_handler(head, *socket);
            }
        });
    }
}

LoopbackServer::Handler LoopbackServer::always(const QByteArray& bytes)
{
    return [bytes](const QByteArray&, QTcpSocket& socket) { socket.write(bytes); };
}

QByteArray LoopbackServer::answer(int status, const QByteArray& body, const QByteArray& moreHeaders)
{
    return "HTTP/1.1 " + QByteArray::number(status) + " Text\r\nContent-Length: "
        + QByteArray::number(body.size()) + "\r\n" + moreHeaders + "\r\n" + body;
}

} // namespace portreeve::test
