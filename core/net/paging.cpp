// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/net/paging.h"

#include <QJsonDocument>

#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
int effectivePort(const QUrl& url)
{
    constexpr int httpPort = 80;
    constexpr int httpsPort = 443;
    return url.port(url.scheme() == u"https" ? httpsPort : httpPort);
}

bool isSameOrigin(const QUrl& a, const QUrl& b)
{
    return a.scheme() == b.scheme() && a.host() == b.host() && effectivePort(a) == effectivePort(b);
}

Result<QJsonDocument> readDocument(const HttpResponse& response, const QString& source)
{
    QJsonParseError parsing;
    auto document = QJsonDocument::fromJson(response.body, &parsing);
    if (parsing.error != QJsonParseError::NoError) {
        return malformedAnswer(source,
            u"not JSON at byte "_s + QString::number(parsing.offset) + u": "_s
                + parsing.errorString());
    }
    return document;
}
} // namespace

PageGuard::PageGuard(QString source)
    : m_source(std::move(source))
{
}

Result<void> PageGuard::enter(const QString& cursor)
{
    constexpr qsizetype mostPages = 100'000;
    if (m_seen.contains(cursor)) {
        return malformedAnswer(m_source, u"a page cursor came twice"_s);
    }
    if (m_seen.size() >= mostPages) {
        return malformedAnswer(m_source, u"more than 100000 pages"_s);
    }
    m_seen.insert(cursor);
    return {};
}

Result<QUrl> linkOnBase(const QUrl& base, const QUrl& link, const QUrl& vendorOrigin)
{
    const QUrl absolute = base.resolved(link);
    const bool isKnown = isSameOrigin(absolute, base)
        || (vendorOrigin.isValid() && isSameOrigin(absolute, vendorOrigin));
    if (!absolute.isValid() || !isKnown) {
        return malformedAnswer(
            base.host(), u"a link to the next page leads to "_s + absolute.host());
    }
    QUrl own = base;
    own.setPath(absolute.path(QUrl::FullyEncoded), QUrl::StrictMode);
    own.setQuery(absolute.query(QUrl::FullyEncoded), QUrl::StrictMode);
    return own;
}

Result<QJsonObject> readObject(const HttpResponse& response, const QString& source)
{
    const auto document = readDocument(response, source);
    if (!document) {
        return document.error();
    }
    if (!document->isObject()) {
        return malformedAnswer(source, u"not a JSON object"_s);
    }
    return document->object();
}

Result<QJsonArray> readArray(const HttpResponse& response, const QString& source)
{
    const auto document = readDocument(response, source);
    if (!document) {
        return document.error();
    }
    if (!document->isArray()) {
        return malformedAnswer(source, u"not a JSON array"_s);
    }
    return document->array();
}

Result<QJsonArray> collection(const QJsonObject& page, const QString& key, const QString& source)
{
    const auto value = page.value(key);
    if (!value.isArray()) {
        return malformedAnswer(source, u"a page lacks its list "_s + key);
    }
    return value.toArray();
}

Error malformedAnswer(const QString& source, const QString& detail)
{
    return { .code = ErrorCode::BadResponse,
        .what = message(
            QT_TRANSLATE_NOOP("Message", "%1 answered in a form this program does not understand."),
            source),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Nothing was changed here. Check that the address is the right one and that no proxy "
            "or sign-in page answers in its place.")),
        .detail = detail };
}

} // namespace portreeve
