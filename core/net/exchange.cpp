// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/net/exchange.h"

#include "core/base/redactor.h"
#include "core/net/noanswer.h"

#include <QNetworkAccessManager>

#include <utility>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

namespace {
constexpr auto kConnectTimeout = 10s;

/// Answers with a status are values, whatever Qt thinks of the status.
bool isAnswer(QNetworkReply::NetworkError error, int status)
{
    const bool contentError = error >= QNetworkReply::ContentAccessDenied
        && error <= QNetworkReply::UnknownContentError;
    const bool serverError
        = error >= QNetworkReply::InternalServerError && error <= QNetworkReply::UnknownServerError;
    // What Qt makes of 400.
    const bool badRequest = error == QNetworkReply::ProtocolInvalidOperationError;
    return status > 0
        && (error == QNetworkReply::NoError || contentError || serverError || badRequest);
}

QNetworkReply* start(
    const HttpRequest& request, const QNetworkRequest& prepared, QNetworkAccessManager& network)
{
    if (request.method == "GET" && request.body.isEmpty()) {
        return network.get(prepared);
    }
    if (request.method == "HEAD") {
        return network.head(prepared);
    }
    if (request.method == "POST") {
        return network.post(prepared, request.body);
    }
    return network.sendCustomRequest(prepared, request.method, request.body);
}

Message networkWhat(QNetworkReply::NetworkError error, const QString& host)
{
    if (error == QNetworkReply::HostNotFoundError) {
        return message(
            QT_TRANSLATE_NOOP("Message", "Cannot reach %1: no computer of that name is known."),
            host);
    }
    if (error == QNetworkReply::ConnectionRefusedError) {
        return message(
            QT_TRANSLATE_NOOP("Message", "Cannot reach %1: the connection was refused."), host);
    }
    if (error == QNetworkReply::RemoteHostClosedError) {
        return message(QT_TRANSLATE_NOOP(
                           "Message", "%1 closed the connection before its answer was complete."),
            host);
    }
    if (error >= QNetworkReply::ProxyConnectionRefusedError
        && error <= QNetworkReply::UnknownProxyError) {
        return message(
            QT_TRANSLATE_NOOP("Message", "Cannot reach %1: the proxy did not let it through."),
            host);
    }
    return message(QT_TRANSLATE_NOOP("Message", "Cannot reach %1: the network failed."), host);
}

Message tlsRemedy(QSslError::SslError reason)
{
    if (reason == QSslError::HostNameMismatch) {
        return message(QT_TRANSLATE_NOOP("Message",
            "Enter the address with the name its certificate was made for, or have the server's "
            "certificate replaced."));
    }
    if (reason == QSslError::CertificateExpired || reason == QSslError::CertificateNotYetValid) {
        return message(QT_TRANSLATE_NOOP(
            "Message", "Have the server's certificate renewed, and check this computer's clock."));
    }
    return message(QT_TRANSLATE_NOOP("Message",
        "If the server has a certificate of your own authority, name that authority's PEM file "
        "under \"Extra CA certificates\"."));
}
} // namespace

Exchange::Exchange(
    const HttpRequest& request, const QNetworkRequest& prepared, QNetworkAccessManager& network)
    : m_request(request)
    , m_reply(start(request, prepared, network))
{
    m_timeout.setSingleShot(true);
    m_connectTimeout.setSingleShot(true);
    connect(&m_timeout, &QTimer::timeout, this, [this] { endEarly(EndReason::TimedOut); });
    connect(&m_connectTimeout, &QTimer::timeout, this,
        [this] { endEarly(EndReason::ConnectTimedOut); });
    connect(m_reply.get(), &QNetworkReply::socketStartedConnecting, this,
        [this] { m_connectTimeout.start(kConnectTimeout); });
    connect(m_reply.get(), &QNetworkReply::requestSent, &m_connectTimeout, &QTimer::stop);
    connect(m_reply.get(), &QNetworkReply::metaDataChanged, this, &Exchange::onMetaDataChanged);
    connect(m_reply.get(), &QNetworkReply::readyRead, this, &Exchange::onReadyRead);
    connect(m_reply.get(), &QNetworkReply::sslErrors, this,
        [this](const QList<QSslError>& errors) { m_tlsErrors = errors; });
    connect(m_reply.get(), &QNetworkReply::finished, this, &Exchange::onFinished);
    m_timeout.start(m_request.timeout);
}

void Exchange::cancel()
{
    endEarly(EndReason::Cancelled);
}

Result<HttpResponse> Exchange::takeResult()
{
    Q_ASSERT(m_result);
    return *std::exchange(m_result, std::nullopt);
}

void Exchange::endEarly(EndReason reason)
{
    if (m_endReason != EndReason::None || m_result) {
        return;
    }
    m_endReason = reason;
    m_reply->abort(); // ends in onFinished
}

void Exchange::onMetaDataChanged()
{
    bool isNumber = false;
    const auto length = m_reply->rawHeader("Content-Length").toLongLong(&isNumber);
    if (isNumber && length > m_request.maxBodyBytes) {
        endEarly(EndReason::TooLarge);
    }
}

void Exchange::onReadyRead()
{
    // In pieces, so that a small compressed answer cannot become a huge one at once.
    constexpr qint64 piece = qint64(64) * 1024;
    while (m_endReason == EndReason::None) {
        const QByteArray bytes = m_reply->read(piece);
        if (bytes.isEmpty()) {
            return;
        }
        if (m_response.body.size() + bytes.size() > m_request.maxBodyBytes) {
            endEarly(EndReason::TooLarge);
            return;
        }
        m_response.body += bytes;
    }
}

void Exchange::onFinished()
{
    m_timeout.stop();
    m_connectTimeout.stop();
    if (m_endReason == EndReason::None) {
        onReadyRead();
    }
    m_result = conclude();
    emit finished();
}

Result<HttpResponse> Exchange::conclude()
{
    if (m_endReason != EndReason::None) {
        return earlyError();
    }
    const auto error = m_reply->error();
    if (error == QNetworkReply::SslHandshakeFailedError) {
        return tlsError();
    }
    if (error == QNetworkReply::InsecureRedirectError
        || error == QNetworkReply::TooManyRedirectsError) {
        return redirectError();
    }
    m_response.status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (!isAnswer(error, m_response.status)) {
        return networkError();
    }
    for (const auto& [name, value] : m_reply->rawHeaderPairs()) {
        m_response.headers.push_back({ .name = name, .value = value });
    }
    return std::move(m_response);
}

QString Exchange::host() const
{
    const QString name = m_request.url.host();
    const int port = m_request.url.port();
    return port < 0 ? name : QString(name + u':' + QString::number(port));
}

Error Exchange::earlyError() const
{
    if (m_endReason == EndReason::Cancelled) {
        return cancelledError();
    }
    const QString detail = QString::fromLatin1(m_request.method) + u' '
        + withoutQuery(QString::fromLatin1(m_request.url.toEncoded()));
    if (m_endReason == EndReason::TooLarge) {
        return { .code = ErrorCode::LimitExceeded,
            .what
            = message(QT_TRANSLATE_NOOP("Message", "%1 sent more than %2 bytes in one answer."),
                host(), QString::number(m_request.maxBodyBytes)),
            .remedy = message(QT_TRANSLATE_NOOP("Message",
                "Check that the address is the right one; ask for smaller pages where the "
                "connection has such a setting.")),
            .detail = detail };
    }
    return { .code = ErrorCode::Timeout,
        .what = m_endReason == EndReason::ConnectTimedOut
            ? message(QT_TRANSLATE_NOOP(
                          "Message", "Cannot reach %1: no connection came about in time."),
                  host())
            : message(QT_TRANSLATE_NOOP("Message", "%1 did not answer in time."), host()),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Check the address, the proxy and the firewall; if they are right, the server is too "
            "busy and the next try may work.")),
        .detail = detail };
}

Error Exchange::networkError() const
{
    return { .code = ErrorCode::Network,
        .what = networkWhat(m_reply->error(), host()),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Check the address, this computer's network, and the proxy under the advanced "
            "settings.")),
        .detail = QString::fromLatin1(m_request.method) + u' '
            + withoutQuery(QString::fromLatin1(m_request.url.toEncoded()))
            + networkErrorDetail(m_reply->error()) };
}

Error Exchange::tlsError() const
{
    if (m_tlsErrors.isEmpty()) {
        return { .code = ErrorCode::Tls,
            .what = message(
                QT_TRANSLATE_NOOP("Message", "No encrypted connection to %1 came about."), host()),
            .remedy = message(QT_TRANSLATE_NOOP(
                "Message", "Check that the address speaks https, with TLS 1.2 or newer.")),
            .detail = m_reply->errorString() };
    }
    const auto& first = m_tlsErrors.front();
    return { .code = ErrorCode::Tls,
        .what = message(QT_TRANSLATE_NOOP("Message", "The certificate of %1 is not trusted: %2."),
            host(), first.errorString()),
        .remedy = tlsRemedy(first.error()),
        .detail = tlsErrorDetail(first.error()) };
}

Error Exchange::redirectError() const
{
    const QUrl target = m_reply->attribute(QNetworkRequest::RedirectionTargetAttribute).toUrl();
    return { .code = ErrorCode::BadResponse,
        .what = message(
            QT_TRANSLATE_NOOP("Message", "%1 sends the request on to another server."), host()),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Credentials never follow to another server. Enter the address it leads to, if you "
            "trust it.")),
        .detail = u"redirected to "_s
            + withoutQuery(QString::fromLatin1(m_request.url.resolved(target).toEncoded())) };
}

} // namespace portreeve
