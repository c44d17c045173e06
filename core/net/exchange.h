// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/net/httpclient.h"

#include <QNetworkReply>
#include <QObject>
#include <QSslError>
#include <QTimer>

#include <memory>
#include <optional>

class QNetworkAccessManager;

namespace portreeve {

/// One request on its way: collects the answer within its limits and keeps the reason why it was
/// ended, which Qt's reply does not tell (a time-out and an abort look the same there).
class Exchange final : public QObject
{
    Q_OBJECT

public:
    Exchange(const HttpRequest& request, const QNetworkRequest& prepared,
        QNetworkAccessManager& network);

    /// Ends it as Cancelled; finished() follows.
    void cancel();

    /// Once, after finished().
    Result<HttpResponse> takeResult();

signals:
    void finished();

private:
    enum class EndReason { None, Cancelled, TimedOut, ConnectTimedOut, TooLarge };

    void endEarly(EndReason reason);
    void onMetaDataChanged();
    void onReadyRead();
    void onFinished();
    Result<HttpResponse> conclude();
    Error earlyError() const;
    Error networkError() const;
    Error tlsError() const;
    Error redirectError() const;
    QString host() const;

    HttpRequest m_request;
    std::unique_ptr<QNetworkReply> m_reply;
    QTimer m_timeout;
    QTimer m_connectTimeout;
    HttpResponse m_response;
    QList<QSslError> m_tlsErrors;
    EndReason m_endReason = EndReason::None;
    std::optional<Result<HttpResponse>> m_result;
};

} // namespace portreeve
