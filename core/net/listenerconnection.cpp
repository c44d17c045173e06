// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/net/listenerconnection.h"

#include "core/base/clock.h"
#include "core/base/logging.h"

#include <QHostAddress>
#include <QSslSocket>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// Written at once; a slow client of a large body costs no more memory than this.
constexpr qint64 kPiece = qint64(256) * 1024;

QByteArray headOf(const ServerResponse& response, bool closes)
{
    QByteArray out = "HTTP/1.1 " + QByteArray::number(response.status) + ' '
        + reasonPhrase(response.status) + "\r\nDate: " + toHttpDate(SystemClock().nowUtc())
        + "\r\n";
    for (const auto& header : response.headers) {
        out += header.name + ": " + header.value + "\r\n";
    }
    if (response.status != 304 && response.status != 204) {
        out += "Content-Length: " + QByteArray::number(response.body.size()) + "\r\n";
    }
    return out + (closes ? "Connection: close\r\n\r\n" : "\r\n");
}

} // namespace

ListenerConnection::ListenerConnection(std::unique_ptr<QSslSocket> socket,
    const ListenerSettings& settings, const HttpListener::Handler& handler, QObject* parent)
    : QObject(parent)
    , m_settings(settings)
    , m_handler(handler)
    , m_socket(std::move(socket))
{
    m_socket->setReadBufferSize(settings.limits.headBytes + settings.limits.bodyBytes + kPiece);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &ListenerConnection::onTimeout);
    connect(m_socket.get(), &QSslSocket::readyRead, this, &ListenerConnection::onReadyRead);
    // queued: a write that reports its own progress must not start the next one
    connect(m_socket.get(), &QSslSocket::bytesWritten, this, &ListenerConnection::sendMore,
        Qt::QueuedConnection);
    connect(m_socket.get(), &QSslSocket::encryptedBytesWritten, this, &ListenerConnection::sendMore,
        Qt::QueuedConnection);
    connect(m_socket.get(), &QSslSocket::disconnected, this, &QObject::deleteLater);
    connect(m_socket.get(), &QSslSocket::errorOccurred, this,
        [this](QAbstractSocket::SocketError error) {
            if (error != QAbstractSocket::RemoteHostClosedError) {
                qCDebug(lcNet).noquote() << "listener: client" << m_socket->peerAddress().toString()
                                         << "error" << static_cast<int>(error);
            }
            deleteLater();
        });
    m_timer.start(m_settings.requestTime);
}

ListenerConnection::~ListenerConnection()
{
    m_socket->disconnect(this);
}

void ListenerConnection::onReadyRead()
{
    switch (m_state) {
    case State::Receiving:
        m_received += m_socket->readAll();
        answerNext();
        break;
    case State::Answering: // what comes early waits in the socket, whose buffer is bounded
        break;
    case State::Closing:
        m_socket->readAll();
        break;
    }
}

void ListenerConnection::answerNext()
{
    const auto received = takeRequest(m_received, m_settings.limits);
    switch (received.state) {
    case ReceivedRequest::State::Incomplete:
        break;
    case ReceivedRequest::State::Refused:
        refuse(received.status);
        break;
    case ReceivedRequest::State::Complete:
        answer(received.request, m_handler(received.request));
        break;
    }
}

void ListenerConnection::answer(const ServerRequest& request, ServerResponse response)
{
    qCDebug(lcNet).noquote() << "listener:" << request.method << request.path << "status"
                             << response.status;
    m_closeAfter = m_closeAfter || !request.keepAlive;
    m_head = headOf(response, m_closeAfter);
    const bool bodiless
        = request.method == "HEAD" || response.status == 304 || response.status == 204;
    m_body = bodiless ? QByteArray() : std::move(response.body);
    m_sent = 0;
    m_state = State::Answering;
    sendMore();
}

void ListenerConnection::refuse(int status)
{
    m_closeAfter = true;
    answer({}, { .status = status });
}

void ListenerConnection::sendMore()
{
    if (m_state != State::Answering) {
        return;
    }
    m_timer.start(m_settings.answerTime);
    if (!m_head.isEmpty()) {
        m_socket->write(std::exchange(m_head, {}));
    }
    const auto waiting
        = [this] { return m_socket->bytesToWrite() + m_socket->encryptedBytesToWrite(); };
    while (m_sent < m_body.size() && waiting() < kPiece) {
        const auto written = m_socket->write(
            m_body.constData() + m_sent, std::min<qint64>(kPiece, m_body.size() - m_sent));
        if (written <= 0) {
            close();
            return;
        }
        m_sent += written;
    }
    if (m_sent < m_body.size() || waiting() > 0) {
        return;
    }
    m_body.clear();
    if (m_closeAfter) {
        close();
        return;
    }
    m_state = State::Receiving;
    m_timer.start(m_settings.requestTime);
    onReadyRead();
}

void ListenerConnection::onTimeout()
{
    const bool inRequest = m_state == State::Receiving && !m_received.isEmpty();
    if (inRequest) {
        refuse(408);
        return;
    }
    m_socket->abort();
    deleteLater();
}

void ListenerConnection::close()
{
    m_state = State::Closing;
    m_timer.start(m_settings.requestTime);
    m_socket->disconnectFromHost();
}

} // namespace portreeve
