// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/certificates.h"

#include <QByteArray>
#include <QObject>
#include <QUrl>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

class QTcpServer;
class QTcpSocket;

namespace portreeve::test {

/// A server on 127.0.0.1 that says exactly the bytes it is told to, so also wrong ones. Lives on
/// the test's thread and works while an event loop runs there.
class LoopbackServer : public QObject
{
    Q_OBJECT

public:
    enum class Transport { Plain, Tls };

    /// Called with the head of each request; writes to the socket, and may close it.
    using Handler = std::function<void(const QByteArray& head, QTcpSocket& socket)>;

    explicit LoopbackServer(Handler handler, Transport transport = Transport::Plain);

    ~LoopbackServer() override;

    QUrl url(const QString& path) const;

    /// The authority of a Tls server's certificate, made for this object alone; empty when the
    /// openssl tool is missing.
    QString authorityFile() const;

    const std::vector<QByteArray>& heads() const { return m_heads; }

    /// Writes the same to every request.
    static Handler always(const QByteArray& bytes);

    /// A whole answer with its length.
    static QByteArray answer(
        int status, const QByteArray& body, const QByteArray& moreHeaders = {});

private:
    void accept();

    Handler m_handler;
    Transport m_transport;
    std::optional<Certificate> m_certificate;
    std::unique_ptr<QTcpServer> m_server;
    std::vector<QByteArray> m_heads;
};

} // namespace portreeve::test
