// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/bundle/bundleendpoint.h"

#include <QCryptographicHash>
#include <QUrl>

#include <algorithm>
#include <array>
#include <utility>

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

Error refusal(const QString& field, Message what, Message remedy)
{
    return { .code = ErrorCode::InvalidInput,
        .what = std::move(what),
        .remedy = std::move(remedy),
        .field = field };
}

/// The listener knows its own settings; a form has the target's fields.
Result<void> asOfTarget(const Result<void>& outcome)
{
    constexpr std::array<std::pair<QStringView, QStringView>, 5> names { {
        { u"address", u"bundle_listen" },
        { u"port", u"bundle_listen" },
        { u"certificate_file", u"bundle_certificate" },
        { u"key_file", u"bundle_key" },
        { u"client_ca_file", u"bundle_client_ca" },
    } };
    if (outcome) {
        return outcome;
    }
    Error error = outcome.error();
    const auto* const found = std::find_if(names.begin(), names.end(),
        [&error](const auto& name) { return name.first == error.field; });
    if (found != names.end()) {
        error.field = found->second.toString();
    }
    return error;
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

/// If-Modified-Since counts only without If-None-Match; dates have no fractions (RFC 9110 13.1.3).
bool isKnown(const ServerRequest& request, const BundleFile& bundle)
{
    const auto tags = request.header("If-None-Match");
    if (!tags.isEmpty()) {
        return matches(tags, bundle.etag);
    }
    const auto since = httpDate(request.header("If-Modified-Since"));
    return since && bundle.modifiedAt
        && std::chrono::floor<std::chrono::seconds>(*bundle.modifiedAt) <= *since;
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
                                        .clientCaFile = options.bundleClientCa },
        .tokenHeader = options.bundleTokenHeader };
}

Result<void> checkBundleToken(const QByteArray& token)
{
    if (token.size() >= kShortestToken && isVisible(token)) {
        return {};
    }
    return refusal(kBundleTokenField.toString(),
        message(QT_TRANSLATE_NOOP("Message", "The access token of the bundle is too weak.")),
        message(QT_TRANSLATE_NOOP(
            "Message", "Give at least 16 random letters and digits, without spaces.")));
}

Result<void> checkBundleCertificate(const BundleEndpointSettings& settings)
{
    return asOfTarget(HttpListener::check(settings.listener));
}

Result<void> checkBundlePort(const BundleEndpointSettings& settings)
{
    return asOfTarget(HttpListener::checkPort(settings.listener));
}

BundleEndpoint::BundleEndpoint(BundleEndpointSettings settings, QObject* parent)
    : QObject(parent)
    , m_settings(std::move(settings))
    , m_listener([this](const ServerRequest& request) { return answer(request); })
{
}

Result<void> BundleEndpoint::start(const QByteArray& token)
{
    if (const auto strong = checkBundleToken(token); !strong) {
        return strong;
    }
    const auto header = m_settings.tokenHeader.toUtf8();
    if (header.isEmpty() || !isVisible(header) || header.contains(':')) {
        return refusal(u"bundle_token_header"_s,
            message(QT_TRANSLATE_NOOP("Message", "\"%1\" is no name of a header."),
                m_settings.tokenHeader),
            message(QT_TRANSLATE_NOOP("Message", "Use Authorization, or a name like X-Api-Key.")));
    }
    m_tokenHash = hashOf(token);
    return asOfTarget(m_listener.start(m_settings.listener));
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
    if (request.path != "/bundle.zip" && request.path != "/") {
        return { .status = 404 };
    }
    if (request.method != "GET" && request.method != "HEAD") {
        return { .status = 405, .headers = { { "Allow", "GET, HEAD" } } };
    }
    if (m_bundle.etag.isEmpty()) {
        return { .status = 503, .headers = { { "Retry-After", "30" } } };
    }
    std::vector<HttpHeader> validators { { "ETag", m_bundle.etag },
        { "Cache-Control", "private, no-cache" } };
    if (m_bundle.modifiedAt) {
        validators.push_back({ "Last-Modified", toHttpDate(*m_bundle.modifiedAt) });
    }
    if (isKnown(request, m_bundle)) {
        return { .status = 304, .headers = std::move(validators) };
    }
    ServerResponse response { .headers = std::move(validators), .body = m_bundle.bytes };
    response.headers.push_back({ "Content-Type", "application/zip" });
    return response;
}

} // namespace portreeve
