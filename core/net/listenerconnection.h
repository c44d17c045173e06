// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/net/httplistener.h"

#include <QTimer>

class QSslSocket;

namespace portreeve {

/// One client of a listener, from its handshake to its last byte. Deletes itself.
class ListenerConnection final : public QObject
{
    Q_OBJECT

public:
    /// @param settings, handler  outlive the connection
    ListenerConnection(std::unique_ptr<QSslSocket> socket, const ListenerSettings& settings,
        const HttpListener::Handler& handler, QObject* parent);
    ~ListenerConnection() override;

private:
    enum class State { Receiving, Answering, Closing };

    void onReadyRead();
    void answerNext();
    void answer(const ServerRequest& request, ServerResponse response);
    void refuse(int status);
    void sendMore();
    void onTimeout();
    void close();

    const ListenerSettings& m_settings;
    const HttpListener::Handler& m_handler;
    std::unique_ptr<QSslSocket> m_socket;
    QTimer m_timer;
    QByteArray m_received;
    QByteArray m_head; ///< of the answer, not yet written
    QByteArray m_body; ///< shared with the handler's answer, written in pieces
    qsizetype m_sent = 0; ///< of the body
    State m_state = State::Receiving;
    bool m_closeAfter = false;
};

} // namespace portreeve
