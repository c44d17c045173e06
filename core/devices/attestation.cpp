// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/attestation.h"

#include <QCborMap>
#include <QCborValue>
#include <QCryptographicHash>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtEndian>

#include <array>

using namespace Qt::StringLiterals;

namespace portreeve::devices {

namespace {
constexpr qsizetype kTokenBytes = 56;
constexpr qsizetype kExpiryOffset = 16;
constexpr auto kCeremonyTime = std::chrono::minutes(15);

QByteArray unpadded(const QJsonValue& base64Url)
{
    return QByteArray::fromBase64(base64Url.toString().toLatin1(),
        QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

QByteArray responseField(const QByteArray& credential, const QString& field)
{
    const auto object = QJsonDocument::fromJson(credential).object();
    return unpadded(object.value(u"response"_s).toObject().value(field));
}

struct Family
{
    QLatin1StringView format;
    QLatin1StringView name;
};

constexpr std::array kFamilies {
    Family { "apple"_L1, "Apple device"_L1 },
    Family { "tpm"_L1, "Computer with TPM"_L1 },
    Family { "android-key"_L1, "Android device"_L1 },
    Family { "android-safetynet"_L1, "Android device"_L1 },
    Family { "fido-u2f"_L1, "Security key"_L1 },
    Family { "packed"_L1, "Security key"_L1 },
};
} // namespace

QString attestationFormat(const QByteArray& registerResponse)
{
    const auto object
        = QCborValue::fromCbor(responseField(registerResponse, u"attestationObject"_s));
    return object.toMap().value("fmt"_L1).toString();
}

QString familyLabel(const QString& attestationFormat)
{
    for (const auto& family : kFamilies) {
        if (attestationFormat == family.format) {
            return family.name + u" ("_s + attestationFormat + u')';
        }
    }
    return attestationFormat.isEmpty() ? u"Unknown"_s : u"Unknown ("_s + attestationFormat + u')';
}

std::optional<UtcTime> verifiedAt(const QByteArray& authenticateResponse)
{
    const auto clientData
        = QJsonDocument::fromJson(responseField(authenticateResponse, u"clientDataJSON"_s));
    const QByteArray challenge = unpadded(clientData.object().value(u"challenge"_s));
    if (challenge.size() != kTokenBytes) {
        return std::nullopt;
    }
    const auto expiryMs = qFromBigEndian<qint64>(challenge.constData() + kExpiryOffset);
    return UtcTime(std::chrono::milliseconds(expiryMs)) - kCeremonyTime;
}

QString keyThumbprint(const QByteArray& publicKey)
{
    if (publicKey.isEmpty()) {
        return {};
    }
    const QByteArray hash = QCryptographicHash::hash(publicKey, QCryptographicHash::Sha256);
    return QString::fromLatin1(hash.toHex(':').toUpper());
}

} // namespace portreeve::devices
