// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/net/qthttpclient.h"

#include "core/base/logging.h"
#include "core/base/redactor.h"
#include "core/net/exchange.h"

#include <QEventLoop>
#include <QFile>
#include <QHostAddress>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QSslCertificate>
#include <QSslConfiguration>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

struct QtHttpClient::Tls
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
};

namespace {
/// The desktop's or the environment's proxy; never for this computer itself.
class SystemProxies final : public QNetworkProxyFactory
{
public:
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery& query) override
    {
        const QString host = query.url().host();
        if (host == u"localhost" || QHostAddress(host).isLoopback()) {
            return { QNetworkProxy(QNetworkProxy::NoProxy) };
        }
        return systemProxyForQuery(query);
    }
};

QNetworkProxy proxyOf(const QUrl& url)
{
    constexpr int usualHttpPort = 3128;
    constexpr int usualSocksPort = 1080;
    const bool isSocks = url.scheme() == u"socks5";
    const int port = url.port(isSocks ? usualSocksPort : usualHttpPort);
    return { isSocks ? QNetworkProxy::Socks5Proxy : QNetworkProxy::HttpProxy, url.host(),
        static_cast<quint16>(port) };
}

bool hasHeader(const HttpRequest& request, const char* name)
{
    return std::any_of(request.headers.begin(), request.headers.end(),
        [&](const auto& header) { return header.name.compare(name, Qt::CaseInsensitive) == 0; });
}

QNetworkRequest prepared(const HttpRequest& request, const QSslConfiguration& tls)
{
    constexpr int mostRedirects = 5;
    QNetworkRequest out(request.url);
    out.setSslConfiguration(tls);
    out.setAttribute(
        QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::SameOriginRedirectPolicy);
    out.setMaximumRedirectsAllowed(mostRedirects);
    out.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    out.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    out.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    out.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    out.setDecompressedSafetyCheckThreshold(-1); // Exchange counts the bytes itself
    out.setRawHeader("User-Agent", "Portreeve/" PORTREEVE_VERSION);
    for (const auto& header : request.headers) {
        out.setRawHeader(header.name, header.value);
    }
    if (request.method != "GET" && request.method != "HEAD"
        && !hasHeader(request, "Content-Type")) {
        out.setRawHeader("Content-Type", "application/octet-stream");
    }
    return out;
}
} // namespace

/// The requests of one sendAll() call.
class QtHttpClient::Batch final : public QObject
{
public:
    Batch(QtHttpClient& client, const std::vector<HttpRequest>& requests, int maxInFlight)
        : m_client(client)
        , m_requests(requests)
        , m_maxInFlight(static_cast<std::size_t>(std::max(maxInFlight, 1)))
    {
        m_results.reserve(requests.size());
        for (std::size_t i = 0; i < requests.size(); ++i) {
            m_results.emplace_back(cancelledError());
        }
    }

    std::vector<Result<HttpResponse>> run(const std::stop_token& stop)
    {
        // Called on the cancelling thread; the work is done on ours.
        const std::stop_callback onStop(stop, [this] {
            QMetaObject::invokeMethod(this, [this] { cancelAll(); }, Qt::QueuedConnection);
        });
        startMore();
        if (!m_inFlight.empty()) {
            m_loop.exec(QEventLoop::ExcludeUserInputEvents);
        }
        return std::move(m_results);
    }

private:
    struct InFlight
    {
        std::size_t index = 0;
        std::unique_ptr<Exchange> exchange {};
        std::chrono::milliseconds startedAt {};
    };

    void startMore()
    {
        while (!m_isCancelled && m_next < m_requests.size() && m_inFlight.size() < m_maxInFlight) {
            const std::size_t index = m_next++;
            const auto& request = m_requests[index];
            auto exchange = std::make_unique<Exchange>(
                request, prepared(request, m_client.m_tls->configuration), *m_client.m_network);
            // Queued: the exchange must not be destroyed within its own signal.
            connect(
                exchange.get(), &Exchange::finished, this, [this, index] { settle(index); },
                Qt::QueuedConnection);
            m_inFlight.push_back({ .index = index,
                .exchange = std::move(exchange),
                .startedAt = m_client.m_clock.monotonic() });
        }
        if (m_inFlight.empty()) {
            m_loop.quit();
        }
    }

    void settle(std::size_t index)
    {
        const auto it = std::find_if(m_inFlight.begin(), m_inFlight.end(),
            [&](const auto& entry) { return entry.index == index; });
        Q_ASSERT(it != m_inFlight.end());
        auto result = it->exchange->takeResult();
        const auto elapsed = m_client.m_clock.monotonic() - it->startedAt;
        m_inFlight.erase(it);
        log(m_requests[index], result, elapsed);
        if (result) {
            result->receivedAt = m_client.m_clock.nowUtc();
        }
        m_results[index] = std::move(result);
        startMore();
    }

    void cancelAll()
    {
        m_isCancelled = true;
        for (const auto& entry : m_inFlight) {
            entry.exchange->cancel();
        }
    }

    static void log(const HttpRequest& request, const Result<HttpResponse>& result,
        std::chrono::milliseconds elapsed)
    {
        const QString what = result
            ? describeExchange(request, *result)
            : QString(QString::fromLatin1(request.method) + u' '
                  + withoutQuery(QString::fromLatin1(request.url.toEncoded())) + u": "_s
                  + errorCodeName(result.error().code));
        qCDebug(
            lcNet, "%s, %lld ms", qUtf8Printable(what), static_cast<long long>(elapsed.count()));
    }

    QtHttpClient& m_client;
    const std::vector<HttpRequest>& m_requests;
    std::size_t m_maxInFlight;
    std::size_t m_next = 0;
    bool m_isCancelled = false;
    std::vector<InFlight> m_inFlight;
    std::vector<Result<HttpResponse>> m_results;
    QEventLoop m_loop;
};

QtHttpClient::QtHttpClient(HttpSettings settings, const Clock& clock)
    : m_settings(std::move(settings))
    , m_clock(clock)
    , m_network(std::make_unique<QNetworkAccessManager>())
    , m_tls(std::make_unique<Tls>())
{
    m_tls->configuration.setProtocol(QSsl::TlsV1_2OrLater);
    if (m_settings.proxyUrl.isEmpty()) {
        m_network->setProxyFactory(new SystemProxies); // the manager owns it
    } else {
        m_network->setProxy(proxyOf(QUrl(m_settings.proxyUrl)));
    }
    m_unusable = readAuthorities();
}

QtHttpClient::~QtHttpClient() = default;

std::optional<Error> QtHttpClient::readAuthorities()
{
    if (m_settings.caFile.isEmpty()) {
        return std::nullopt;
    }
    QFile file(m_settings.caFile);
    QList<QSslCertificate> own;
    if (file.open(QIODevice::ReadOnly)) {
        own = QSslCertificate::fromDevice(&file, QSsl::Pem);
    }
    if (own.isEmpty()) {
        return Error { .code = ErrorCode::InvalidInput,
            .what = message(QT_TRANSLATE_NOOP("Message", "No certificate can be read from %1."),
                m_settings.caFile),
            .remedy = message(QT_TRANSLATE_NOOP(
                "Message", "Name a PEM file with certificates under \"Extra CA certificates\".")),
            .field = u"ca_file"_s };
    }
    // Named in full: certificates set by hand switch the loading of the system's off.
    m_tls->configuration.setCaCertificates(QSslConfiguration::systemCaCertificates() + own);
    return std::nullopt;
}

Result<HttpResponse> QtHttpClient::send(const HttpRequest& request, const std::stop_token& stop)
{
    return std::move(sendAll({ request }, 1, stop).front());
}

std::vector<Result<HttpResponse>> QtHttpClient::sendAll(
    const std::vector<HttpRequest>& requests, int maxInFlight, const std::stop_token& stop)
{
    if (stop.stop_requested()) {
        return std::vector<Result<HttpResponse>>(requests.size(), cancelledError());
    }
    if (m_unusable) {
        return std::vector<Result<HttpResponse>>(requests.size(), *m_unusable);
    }
    return Batch(*this, requests, maxInFlight).run(stop);
}

} // namespace portreeve
