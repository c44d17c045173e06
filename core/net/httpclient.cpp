// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/net/httpclient.h"

#include "core/base/redactor.h"

#include <QDateTime>
#include <QLocale>

#include <array>

using namespace Qt::StringLiterals;

namespace portreeve {

QByteArray HttpResponse::header(QByteArrayView name) const
{
    for (const auto& entry : headers) {
        if (entry.name.compare(name, Qt::CaseInsensitive) == 0) {
            return entry.value;
        }
    }
    return {};
}

std::optional<UtcTime> httpDate(const QByteArray& text)
{
    const auto date = QLocale::c().toDateTime(
        QString::fromLatin1(text).trimmed(), u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s);
    if (!date.isValid()) {
        return std::nullopt;
    }
    const QDateTime utc(date.date(), date.time(), Qt::UTC);
    return UtcTime(std::chrono::milliseconds(utc.toMSecsSinceEpoch()));
}

QByteArray toHttpDate(UtcTime time)
{
    const auto date = QDateTime::fromMSecsSinceEpoch(time.time_since_epoch().count(), Qt::UTC);
    return QLocale::c().toString(date, u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s).toLatin1();
}

QString describeExchange(const HttpRequest& request, const HttpResponse& response)
{
    constexpr std::array idHeaders { "x-request-id", "request-id", "x-correlation-id" };
    constexpr qsizetype longestId = 80;
    QString text = QString::fromLatin1(request.method) + u' '
        + withoutQuery(QString::fromLatin1(request.url.toEncoded())) + u": status "_s
        + QString::number(response.status);
    for (const auto* name : idHeaders) {
        const QByteArray id = response.header(name).left(longestId);
        if (!id.isEmpty()) {
            return text + u", request "_s + QString::fromLatin1(id);
        }
    }
    return text;
}

Error cancelledError()
{
    return { .code = ErrorCode::Cancelled,
        .what = message(QT_TRANSLATE_NOOP("Message", "The work was cancelled.")),
        .remedy = message(QT_TRANSLATE_NOOP("Message", "Start it again when you are ready.")) };
}

} // namespace portreeve
