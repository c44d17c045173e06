// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/net/serverrequest.h"

#include <QObject>

#include <functional>
#include <memory>

class QTcpServer;

namespace portreeve {

struct ListenerSettings
{
    QString address = QStringLiteral("127.0.0.1"); ///< of one interface, or "0.0.0.0", "::"
    quint16 port = 0; ///< 0 = any free one
    bool allowRemote = false; ///< without it only addresses of this computer are taken
    QString certificateFile {}; ///< PEM, leaf first, then its chain; empty = plain HTTP
    QString keyFile {}; ///< PEM, unencrypted
    QString clientCaFile {}; ///< PEM; set = clients must show a certificate that it signed
    RequestLimits limits {};
    std::chrono::milliseconds requestTime { 15'000 }; ///< to arrive whole, handshake included
    std::chrono::milliseconds answerTime { 60'000 }; ///< without any byte taken by the client
    int mostConnections = 64;
};

/// A small HTTP/1.1 server for the few things others fetch from us. Lives on the thread that
/// started it, where an event loop must run; the handler is called there and must not block.
/// Plain HTTP is served to this computer only. Bodies, headers and queries are never logged.
class HttpListener final : public QObject
{
    Q_OBJECT

public:
    using Handler = std::function<ServerResponse(const ServerRequest&)>;

    explicit HttpListener(Handler handler, QObject* parent = nullptr);
    ~HttpListener() override;

    /// @return InvalidInput naming the field; Network when the port is taken
    Result<void> start(const ListenerSettings& settings);

    /// What start() would refuse before it opens the port: address, certificate, key, authority.
    static Result<void> check(const ListenerSettings& settings);

    /// Opens the port for a moment. @return as start()
    static Result<void> checkPort(const ListenerSettings& settings);

    /// Ends all connections too.
    void stop();

    bool isListening() const;
    quint16 port() const; ///< 0 while not listening

private:
    Handler m_handler;
    std::unique_ptr<QTcpServer> m_server;
};

} // namespace portreeve
