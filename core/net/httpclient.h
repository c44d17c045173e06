// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/base/time.h"

#include <QByteArray>
#include <QString>
#include <QUrl>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

namespace portreeve {

struct HttpHeader
{
    QByteArray name {};
    QByteArray value {};
};

struct HttpRequest
{
    QByteArray method = "GET";
    QUrl url {};
    std::vector<HttpHeader> headers {};
    QByteArray body {};
    std::int64_t maxBodyBytes = 64LL * 1024 * 1024;
    std::chrono::milliseconds timeout { 60'000 };
    bool isRepeatable = false; ///< a POST that changes nothing, such as one for a token
};

struct HttpResponse
{
    int status = 0;
    std::vector<HttpHeader> headers {};
    QByteArray body {};
    UtcTime receivedAt {};

    /// First header of that name, compared without case; empty when absent.
    QByteArray header(QByteArrayView name) const;
};

/// TLS and proxy settings of one connection.
struct HttpSettings
{
    QString caFile {}; ///< PEM certificates added to the system's
    QString proxyUrl {}; ///< http:// or socks5://; empty = the system's setting
};

/// One exchange, no retry: policy lives in RetryingClient. Redirects are never followed across
/// origins. Blocks; any HTTP status is a value, only a failed exchange is an error
/// (Network, Tls, Timeout, Cancelled, LimitExceeded; BadResponse for a redirect to another origin).
class HttpClient
{
public:
    HttpClient() = default;
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;
    virtual ~HttpClient() = default;

    virtual Result<HttpResponse> send(const HttpRequest& request, const std::stop_token& stop) = 0;

    /// All of them, at most @p maxInFlight at once; answers in the order of the requests.
    virtual std::vector<Result<HttpResponse>> sendAll(
        const std::vector<HttpRequest>& requests, int maxInFlight, const std::stop_token& stop)
        = 0;
};

/// Makes the HttpClient of one run, on the run's thread.
using HttpClientFactory = std::function<std::unique_ptr<HttpClient>(const HttpSettings&)>;

/// The date of a header such as Date or Retry-After; nothing for any other form than HTTP's own.
std::optional<UtcTime> httpDate(const QByteArray& text);

/// The other way round, to the second.
QByteArray toHttpDate(UtcTime time);

/// "GET https://host/path: status 403, request 4711": technical text without query and secrets.
QString describeExchange(const HttpRequest& request, const HttpResponse& response);

Error cancelledError();

} // namespace portreeve
