// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/base/redactor.h"

#include <QRegularExpression>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace portreeve {

void Redactor::addSecret(const QString& secret)
{
    constexpr qsizetype shortest = 4;
    if (secret.size() < shortest) {
        return;
    }
    const QByteArray utf8 = secret.toUtf8();
    m_secrets.push_back(secret);
    m_secrets.push_back(QString::fromLatin1(QUrl::toPercentEncoding(secret)));
    m_secrets.push_back(QString::fromLatin1(utf8.toBase64(QByteArray::OmitTrailingEquals)));
    m_secrets.push_back(QString::fromLatin1(utf8.toHex()));
}

QString Redactor::redact(QString text) const
{
    for (const auto& secret : m_secrets) {
        text.replace(secret, u"[redacted]"_s);
    }
    return text;
}

QString withoutCredentials(const QString& text)
{
    static const QRegularExpression address(u"[A-Za-z][A-Za-z0-9+.-]*://[^\\s\",]*"_s);
    QString out;
    qsizetype end = 0;
    for (auto found = address.globalMatch(text); found.hasNext();) {
        const auto match = found.next();
        const QString url = match.captured();
        const bool hasMore = url.contains(u'@') || url.contains(u'?') || url.contains(u'#');
        out += QStringView(text).mid(end, match.capturedStart() - end);
        out += hasMore ? QString(withoutQuery(url) % u"[redacted]"_s) : url;
        end = match.capturedEnd();
    }
    return out + QStringView(text).mid(end);
}

QString withoutQuery(const QString& url)
{
    return QUrl(url).toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
}

} // namespace portreeve
