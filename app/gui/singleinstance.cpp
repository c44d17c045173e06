// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/gui/singleinstance.h"

#include <QCryptographicHash>
#include <QDataStream>
#include <QLocalServer>
#include <QLocalSocket>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr int kWaitMs = 1000;

QString serverName(const QString& dataDirectory)
{
    const QByteArray digest
        = QCryptographicHash::hash(dataDirectory.toUtf8(), QCryptographicHash::Sha256).toHex();
    constexpr int enough = 16; // socket paths are short
    return u"portreeve-"_s + QString::fromLatin1(digest.left(enough));
}

} // namespace

SingleInstance::SingleInstance(const QString& dataDirectory, QObject* parent)
    : QObject(parent)
    , m_name(serverName(dataDirectory))
{
}

SingleInstance::~SingleInstance() = default;

bool SingleInstance::handOver(const QStringList& arguments)
{
    QLocalSocket socket;
    socket.connectToServer(m_name);
    if (!socket.waitForConnected(kWaitMs)) {
        return false;
    }
    QDataStream stream(&socket);
    stream << arguments;
    socket.flush();
    socket.waitForBytesWritten(kWaitMs);
    socket.disconnectFromServer();
    return true;
}

void SingleInstance::listen()
{
    QLocalServer::removeServer(
        m_name); // left by a process that died; a live one would have answered
    m_server = std::make_unique<QLocalServer>();
    m_server->setSocketOptions(QLocalServer::UserAccessOption);
    connect(m_server.get(), &QLocalServer::newConnection, this, [this] {
        while (auto* socket = m_server->nextPendingConnection()) {
            receive(socket);
        }
    });
    m_server->listen(m_name);
}

void SingleInstance::receive(QLocalSocket* socket)
{
    socket->setParent(this);
    connect(socket, &QLocalSocket::disconnected, this, [this, socket] {
        QDataStream stream(socket);
        QStringList arguments;
        stream >> arguments;
        socket->deleteLater();
        if (stream.status() == QDataStream::Ok) {
            emit startedAgain(arguments);
        }
    });
}

} // namespace portreeve
