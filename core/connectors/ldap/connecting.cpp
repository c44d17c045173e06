// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/ldap/connecting.h"

#include "core/connectors/ldap/failure.h"

#include <QEventLoop>
#include <QNetworkProxy>
#include <QTcpSocket>
#include <QTimer>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve::ldap {

namespace {
constexpr auto kConnectLimit = 10s;
constexpr auto kConnectPoll = 100ms;

Error notReached(const Server& server, const QTcpSocket& socket, bool timedOut)
{
    Error error { .code = ErrorCode::Network,
        .what = message(QT_TRANSLATE_NOOP("Message", "%1 cannot be reached."), server.url()),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Check the address and the port, that the server runs, and that no firewall lies in "
            "between.")),
        .detail = socket.errorString() };
    if (timedOut) {
        error.code = ErrorCode::Timeout;
        error.what = message(
            QT_TRANSLATE_NOOP("Message", "%1 did not accept a connection in time."), server.url());
        error.detail.clear();
    } else if (socket.error() == QAbstractSocket::HostNotFoundError) {
        error.what
            = message(QT_TRANSLATE_NOOP("Message", "The host name %1 is not known."), server.host);
        error.remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Check the spelling and that this computer uses the right DNS server."));
    } else if (socket.error() == QAbstractSocket::ConnectionRefusedError) {
        error.what
            = message(QT_TRANSLATE_NOOP("Message", "%1 refused the connection."), server.url());
        error.remedy = message(
            QT_TRANSLATE_NOOP("Message", "Check the port, and that the LDAP server is running."));
    }
    return error;
}

/// QTcpSocket is non-blocking and closes its descriptor: libldap gets a blocking copy.
int blockingCopy(qintptr descriptor)
{
    const int copy = ::fcntl(static_cast<int>(descriptor), F_DUPFD_CLOEXEC, 0);
    if (copy < 0) {
        return copy;
    }
    const timeval second { .tv_sec = 1, .tv_usec = 0 };
    ::fcntl(copy, F_SETFL, ::fcntl(copy, F_GETFL) & ~O_NONBLOCK);
    ::setsockopt(copy, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
    ::setsockopt(copy, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof second);
    return copy;
}
} // namespace

Result<int> openSocket(const Server& server, const RunContext& run)
{
    QTcpSocket socket;
    socket.setProxy(QNetworkProxy::NoProxy);
    QEventLoop loop;
    QTimer poll;
    const auto deadline = run.clock.monotonic() + kConnectLimit;
    QObject::connect(&socket, &QTcpSocket::connected, &loop, &QEventLoop::quit);
    QObject::connect(&socket, &QTcpSocket::errorOccurred, &loop, &QEventLoop::quit);
    QObject::connect(&poll, &QTimer::timeout, &loop, [&] {
        if (run.stop.stop_requested() || run.clock.monotonic() > deadline) {
            loop.quit();
        }
    });
    socket.connectToHost(server.host, server.port);
    const auto pending = [&socket] {
        return socket.state() == QAbstractSocket::HostLookupState
            || socket.state() == QAbstractSocket::ConnectingState;
    };
    if (pending()) {
        poll.start(kConnectPoll);
        loop.exec();
    }
    if (run.stop.stop_requested()) {
        return cancelledError();
    }
    if (socket.state() != QAbstractSocket::ConnectedState) {
        return notReached(server, socket, pending());
    }
    const int copy = blockingCopy(socket.socketDescriptor());
    if (copy < 0) {
        return Error { .code = ErrorCode::Internal,
            .what = message(QT_TRANSLATE_NOOP("Message", "This program has too many files open.")),
            .remedy = message(QT_TRANSLATE_NOOP("Message", "Start it again.")) };
    }
    return copy;
}

} // namespace portreeve::ldap
