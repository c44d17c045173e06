// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/bundle/bundleendpoint.h"

#include <QCryptographicHash>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr qsizetype kShortestToken = 16;

QByteArray hashOf(const QByteArray& token)
{
    return QCryptographicHash::hash(token, QCryptographicHash::Sha256);
}

/// Takes the same time wherever the two differ; both are hashes, so of one length.
bool equalInConstantTime(const QByteArray& a, const QByteArray& b)
{
    unsigned difference = a.size() == b.size() ? 0U : 1U;
    for (qsizetype i = 0; i < std::min(a.size(), b.size()); ++i) {
        difference |= static_cast<unsigned char>(a[i] ^ b[i]);
    }
    return difference == 0U;
}

bool isVisible(const QByteArray& text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

/// If-None-Match compares weakly: W/"x" equals "x" (RFC 9110 13.1.2).
bool matches(const QByteArray& ifNoneMatch, const QByteArray& etag)
{
    const auto candidates = ifNoneMatch.split(',');
    return std::any_of(candidates.begin(), candidates.end(), [&etag](const QByteArray& candidate) {
        auto tag = candidate.trimmed();
        if (tag.startsWith("W/")) {
            tag.remove(0, 2);
        }
        return tag == "*" || tag == etag;
    });
}

} // namespace

Result<BundleEndpointSettings> bundleEndpointSettings(const TargetOptions& options)
{
    const QUrl url(u"tcp://"_s + options.bundleListen, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty() || url.port() <= 0 || !url.path().isEmpty()) {
        return Error { .code = ErrorCode::InvalidInput,
            .what = message(QT_TRANSLATE_NOOP("Message", "“%1” is not a host and a port."),
                options.bundleListen),
            .remedy = message(QT_TRANSLATE_NOOP(
                "Message", "Give the address of one interface and a port: 127.0.0.1:8743.")),
            .field = u"bundle_listen"_s };
    }
    return BundleEndpointSettings { .listener = { .address = url.host(),
                                        .port = static_cast<quint16>(url.port()),
                                        .allowRemote = true,
                                        .certificateFile = options.bundleCertificate,
                                        .keyFile = options.bundleKey,
                                        .clientCaFile = options.bundleClientCa } };
}

BundleEndpoint::BundleEndpoint(BundleEndpointSettings settings, QObject* parent)
    : QObject(parent)
    , m_settings(std::move(settings))
    , m_listener([this](const ServerRequest& request) { return answer(request); })
{
}

Result<void> BundleEndpoint::start(const QByteArray& token)
{
    const auto refusal = [](const QString& field, Message what, Message remedy) {
        return Error { .code = ErrorCode::InvalidInput,
            .what = std::move(what),
            .remedy = std::move(remedy),
            .field = field };
    };
    if (token.size() < kShortestToken || !isVisible(token)) {
        return refusal(u"access_token"_s,
            message(QT_TRANSLATE_NOOP("Message", "The access token of the bundle is too weak.")),
            message(QT_TRANSLATE_NOOP(
                "Message", "Give at least 16 random letters and digits, without spaces.")));
    }
    if (!m_settings.path.startsWith(u'/') || !isVisible(m_settings.path.toUtf8())) {
        return refusal(u"path"_s,
            message(
                QT_TRANSLATE_NOOP("Message", "\"%1\" is no path for the bundle."), m_settings.path),
            message(QT_TRANSLATE_NOOP("Message", "Begin it with a slash: /bundle.zip.")));
    }
    const auto header = m_settings.tokenHeader.toUtf8();
    if (header.isEmpty() || !isVisible(header) || header.contains(':')) {
        return refusal(u"token_header"_s,
            message(QT_TRANSLATE_NOOP("Message", "\"%1\" is no name of a header."),
                m_settings.tokenHeader),
            message(QT_TRANSLATE_NOOP("Message", "Use Authorization, or a name like X-Api-Key.")));
    }
    m_tokenHash = hashOf(token);
    return m_listener.start(m_settings.listener);
}

void BundleEndpoint::stop()
{
    m_listener.stop();
}

quint16 BundleEndpoint::port() const
{
    return m_listener.port();
}

void BundleEndpoint::setBundle(BundleFile bundle)
{
    m_bundle = std::move(bundle);
}

bool BundleEndpoint::hasToken(const ServerRequest& request) const
{
    auto value = request.header(m_settings.tokenHeader.toUtf8());
    constexpr QByteArrayView scheme = "Bearer ";
    if (m_settings.tokenHeader.compare(u"Authorization", Qt::CaseInsensitive) == 0) {
        const bool isBearer = value.left(scheme.size()).compare(scheme, Qt::CaseInsensitive) == 0;
        value = isBearer ? value.mid(scheme.size()).trimmed() : QByteArray();
    }
    return equalInConstantTime(hashOf(value), m_tokenHash);
}

ServerResponse BundleEndpoint::answer(const ServerRequest& request) const
{
    // who has no token learns nothing else, not even which path is right
    if (!hasToken(request)) {
        return { .status = 401, .headers = { { "WWW-Authenticate", "Bearer" } } };
    }
    if (request.path != m_settings.path.toUtf8()) {
        return { .status = 404 };
    }
    if (request.method != "GET" && request.method != "HEAD") {
        return { .status = 405, .headers = { { "Allow", "GET, HEAD" } } };
    }
    if (m_bundle.etag.isEmpty()) {
        return { .status = 503, .headers = { { "Retry-After", "30" } } };
    }
    const std::vector<HttpHeader> validators { { "ETag", m_bundle.etag },
        { "Cache-Control", "private, no-cache" } };
    const auto known = request.header("If-None-Match");
    if (!known.isEmpty() && matches(known, m_bundle.etag)) {
        return { .status = 304, .headers = validators };
    }
    ServerResponse response { .headers = validators, .body = m_bundle.bytes };
    response.headers.push_back({ "Content-Type", "application/zip" });
    return response;
}

} // namespace portreeve
