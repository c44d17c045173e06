// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/base/redactor.h"

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

QString withoutQuery(const QString& url)
{
    return QUrl(url).toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
}

} // namespace portreeve
