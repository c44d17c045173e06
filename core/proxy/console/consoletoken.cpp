// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/console/consoletoken.h"

#include "core/proxy/targetoptions.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace portreeve {

Result<QByteArray> readConsoleToken(const QString& text)
{
    // Anything else in a header would end the call without a word.
    static const QRegularExpression form(u"^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$"_s);
    const QString trimmed = text.trimmed();
    if (!form.match(trimmed).hasMatch()) {
        return Error { .code = ErrorCode::InvalidInput,
            .what
            = message(QT_TRANSLATE_NOOP("Message", "This is not the token of a service account.")),
            .remedy = message(QT_TRANSLATE_NOOP("Message",
                "Copy the whole token that the Enterprise console shows when a service account is "
                "made: three parts with dots between them, nothing before or after.")),
            .field = kConsoleTokenField.toString() };
    }
    return trimmed.toLatin1();
}

std::optional<UtcTime> consoleTokenEnd(const QByteArray& token)
{
    const auto parts = token.split('.');
    if (parts.size() < 2) {
        return std::nullopt;
    }
    const auto claims
        = QJsonDocument::fromJson(QByteArray::fromBase64(parts[1], QByteArray::Base64UrlEncoding));
    const auto end = claims.object().value(u"exp");
    return end.isDouble() ? std::optional(UtcTime(std::chrono::seconds(end.toInteger())))
                          : std::nullopt;
}

QByteArray consoleAuthorization(const QByteArray& token)
{
    return "Pomerium " + token;
}

} // namespace portreeve
