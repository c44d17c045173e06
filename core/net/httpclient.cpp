// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/net/httpclient.h"

#include "core/base/redactor.h"

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
