// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/configservicedouble.h"

#include <QThread>
#include <QUrl>

#include <memory>

class QTcpServer;

namespace portreeve::test {

/// A ConfigServiceDouble on 127.0.0.1, served on a thread of its own, so that blocking clients and
/// other processes can call it. What is not for the service is a visit to one of its routes, as if
/// the proxy's two listeners were one.
class ConfigServiceServer
{
public:
    /// @param service  borrowed
    /// @param port  0 = a free one
    explicit ConfigServiceServer(ConfigServiceDouble& service, quint16 port = 0);
    ConfigServiceServer(const ConfigServiceServer&) = delete;
    ConfigServiceServer& operator=(const ConfigServiceServer&) = delete;
    ~ConfigServiceServer();

    QUrl url() const; ///< scheme, host and port

private:
    void accept();

    ConfigServiceDouble& m_service;
    QThread m_thread;
    std::unique_ptr<QTcpServer> m_server;
    quint16 m_port = 0;
};

} // namespace portreeve::test
