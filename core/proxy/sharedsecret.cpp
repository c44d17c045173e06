// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/sharedsecret.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr auto kUrlSafe = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;

/// Of Enterprise's own client (proxy.md 3.2).
constexpr QByteArrayView kBootstrapId = "014e587b-3f4b-4fcf-90a9-f6ecdf8154af";

QByteArray signedToken(const SharedSecret& secret, const QByteArray& claims)
{
    const QByteArray header = QByteArrayLiteral(R"({"alg":"HS256","typ":"JWT"})");
    const QByteArray signedPart = header.toBase64(kUrlSafe) + '.' + claims.toBase64(kUrlSafe);
    QByteArray signature(EVP_MAX_MD_SIZE, Qt::Uninitialized);
    unsigned int length = 0;
    HMAC(EVP_sha256(), secret.bytes().data(), int { SharedSecret::kSize },
        reinterpret_cast<const unsigned char*>(signedPart.constData()),
        static_cast<std::size_t>(signedPart.size()),
        reinterpret_cast<unsigned char*>(signature.data()), &length);
    signature.truncate(qsizetype(length));
    return signedPart + '.' + signature.toBase64(kUrlSafe);
}

QByteArray secondsOf(UtcTime time)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch();
    return QByteArray::number(qint64(seconds.count()));
}

} // namespace

Result<SharedSecret> SharedSecret::fromBase64(const QString& text)
{
    QByteArray encoded = text.trimmed().toLatin1();
    auto decoded = QByteArray::fromBase64Encoding(
        encoded, QByteArray::Base64Encoding | QByteArray::AbortOnBase64DecodingErrors);
    const bool fits = decoded && decoded.decoded.size() == qsizetype { kSize };
    SharedSecret secret;
    if (fits) {
        std::copy(decoded.decoded.cbegin(), decoded.decoded.cend(), secret.m_bytes.begin());
    }
    OPENSSL_cleanse(decoded.decoded.data(), static_cast<std::size_t>(decoded.decoded.size()));
    OPENSSL_cleanse(encoded.data(), static_cast<std::size_t>(encoded.size()));
    if (!fits) {
        return Error { .code = ErrorCode::InvalidInput,
            .what = message(
                QT_TRANSLATE_NOOP("Message", "The shared secret is not the base64 of 32 bytes.")),
            .remedy = message(QT_TRANSLATE_NOOP("Message",
                "Copy the value of shared_secret from the proxy's configuration, whole.")),
            .detail = {},
            .cause = {},
            .field = u"shared_secret"_s };
    }
    return secret;
}

SharedSecret::~SharedSecret()
{
    OPENSSL_cleanse(m_bytes.data(), m_bytes.size());
}

QByteArray mintToken(const SharedSecret& secret, UtcTime expires)
{
    return signedToken(secret, R"({"exp":)" + secondsOf(expires) + '}');
}

QByteArray mintBootstrapToken(const SharedSecret& secret, UtcTime now)
{
    const QByteArray id = kBootstrapId.toByteArray();
    const QByteArray since = secondsOf(now);
    return signedToken(secret,
        R"({"iat":)" + since + R"(,"jti":")" + id + R"(","nbf":)" + since + R"(,"sub":"bootstrap-)"
            + id + R"(.pomerium"})");
}

} // namespace portreeve
