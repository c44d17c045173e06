// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/ldap/identifiers.h"

#include <QStringDecoder>
#include <QUuid>
#include <QtEndian>

using namespace Qt::StringLiterals;

namespace portreeve::ldap {

namespace {
constexpr qsizetype kGuidSize = 16;
constexpr qsizetype kSidHead = 8;
} // namespace

QString guidText(QByteArrayView guid)
{
    if (guid.size() != kGuidSize) {
        return {};
    }
    QByteArray bigEndian(guid.data(), kGuidSize);
    qToBigEndian(qFromLittleEndian<quint32>(guid.data()), bigEndian.data());
    qToBigEndian(qFromLittleEndian<quint16>(guid.data() + 4), bigEndian.data() + 4);
    qToBigEndian(qFromLittleEndian<quint16>(guid.data() + 6), bigEndian.data() + 6);
    return QUuid::fromRfc4122(bigEndian).toString(QUuid::WithoutBraces);
}

QString sidText(QByteArrayView sid)
{
    if (sid.size() < kSidHead
        || sid.size() != kSidHead + qsizetype { 4 } * static_cast<quint8>(sid[1])) {
        return {};
    }
    quint64 authority = 0;
    for (qsizetype i = 2; i < kSidHead; ++i) {
        authority = authority << 8U | static_cast<quint8>(sid[i]);
    }
    QString text = u"S-%1-%2"_s.arg(static_cast<quint8>(sid[0])).arg(authority);
    for (qsizetype i = kSidHead; i < sid.size(); i += 4) {
        text += u'-' + QString::number(qFromLittleEndian<quint32>(sid.data() + i));
    }
    return text;
}

QByteArray sidOfSameDomain(const QByteArray& sid, quint32 relativeId)
{
    if (sid.size() < kSidHead + 4) {
        return {};
    }
    QByteArray out = sid;
    qToLittleEndian(relativeId, out.data() + out.size() - 4);
    return out;
}

QString idText(QByteArrayView attribute, const QByteArray& value)
{
    if (attribute.compare("objectGUID", Qt::CaseInsensitive) == 0) {
        return guidText(value);
    }
    if (attribute.compare("objectSid", Qt::CaseInsensitive) == 0) {
        return sidText(value);
    }
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decoder(value);
    return decoder.hasError() ? QString() : text.trimmed();
}

} // namespace portreeve::ldap
