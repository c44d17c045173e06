// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/enrollmentlink.h"

#include "core/devices/base58.h"
#include "core/devices/formescape.h"
#include "core/proxy/sharedsecret.h"

#include <QtEndian>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;

namespace portreeve::devices {

namespace {
constexpr qsizetype kMacBytes = 32;

std::int64_t unixSeconds(UtcTime time)
{
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

Error cryptoError()
{
    return { .code = ErrorCode::Internal,
        .what = message(QT_TRANSLATE_NOOP("Message", "The enrollment link could not be signed.")),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "The system's OpenSSL refuses HMAC with SHA-256 or SHA-512/256; check its "
            "configuration.")) };
}

Result<QByteArray> hmac(const char* digest, const SharedSecret& secret, const QByteArray& text)
{
    const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> mac(
        EVP_MAC_fetch(nullptr, "HMAC", nullptr), EVP_MAC_free);
    const std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)> context(
        mac ? EVP_MAC_CTX_new(mac.get()) : nullptr, EVP_MAC_CTX_free);
    std::string name(digest);
    const std::array parameters {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
        OSSL_PARAM_construct_end(),
    };
    QByteArray value(kMacBytes, '\0');
    std::size_t written = 0;
    const auto* const key = secret.bytes().data();
    const auto* const bytes = reinterpret_cast<const unsigned char*>(text.constData());
    auto* const out = reinterpret_cast<unsigned char*>(value.data());
    const bool done = context
        && EVP_MAC_init(context.get(), key, secret.bytes().size(), parameters.data()) == 1
        && EVP_MAC_update(context.get(), bytes, static_cast<std::size_t>(text.size())) == 1
        && EVP_MAC_final(context.get(), out, &written, static_cast<std::size_t>(kMacBytes)) == 1
        && written == static_cast<std::size_t>(kMacBytes);
    return done ? Result<QByteArray>(value) : Result<QByteArray>(cryptoError());
}

using Parameters = std::vector<std::pair<QLatin1StringView, QString>>;

// The proxy encodes a query sorted by name before it checks the signature.
QString encoded(const Parameters& parameters)
{
    QStringList pairs;
    for (const auto& [name, value] : parameters) {
        pairs.append(name + u'=' + formEscape(value));
    }
    return pairs.join(u'&');
}
} // namespace

QString defaultRedirect(const QString& host)
{
    return u"https://"_s + host + u"/.pomerium/device-enrolled"_s;
}

Result<QString> enrollmentToken(
    const SharedSecret& secret, const QUuid& enrollmentId, UtcTime expiresAt)
{
    QByteArray token = enrollmentId.toRfc4122();
    const quint64 expiryMs = qToBigEndian(static_cast<quint64>(unixSeconds(expiresAt)) * 1000U);
    token.append(reinterpret_cast<const char*>(&expiryMs), sizeof expiryMs);
    const auto mac = hmac("SHA256", secret, token);
    return mac ? Result<QString>(toBase58(token + *mac)) : Result<QString>(mac.error());
}

Result<QString> signedLink(const SharedSecret& secret, const LinkFields& fields)
{
    const auto token = enrollmentToken(secret, fields.enrollmentId, fields.expiresAt);
    if (!token) {
        return token.error();
    }
    const QString issued = QString::number(unixSeconds(fields.issuedAt));
    const QString expiry = QString::number(unixSeconds(fields.expiresAt));
    const Parameters parameters {
        { "pomerium_device_type"_L1, fields.deviceType },
        { "pomerium_enrollment_token"_L1, *token },
        { "pomerium_expiry"_L1, expiry },
        { "pomerium_issued"_L1, issued },
        { "pomerium_redirect_uri"_L1, fields.redirect },
    };
    const QString url
        = u"https://"_s + fields.host + u"/.pomerium/webauthn?"_s + encoded(parameters);
    const QString signedText = url + issued + u' ' + expiry;
    const auto mac = hmac("SHA512-256", secret, signedText.toUtf8());
    if (!mac) {
        return mac.error();
    }
    const QString signature = QString::fromLatin1(mac->toBase64(QByteArray::Base64UrlEncoding));
    return QString(url + u'&' + encoded({ { "pomerium_signature"_L1, signature } }));
}

Result<QString> shortLink(const SharedSecret& secret, const LinkFields& fields)
{
    if (fields.deviceType != u"any") {
        return Error { .code = ErrorCode::InvalidInput,
            .what = message(
                QT_TRANSLATE_NOOP("Message", "The short form cannot ask for a device of type %1."),
                fields.deviceType),
            .remedy = message(QT_TRANSLATE_NOOP(
                "Message", "Use the signed link, or enroll with the type “any”.")),
            .detail = {},
            .cause = {},
            .field = u"device_type"_s };
    }
    const auto token = enrollmentToken(secret, fields.enrollmentId, fields.expiresAt);
    if (!token) {
        return token.error();
    }
    return QString(u"https://"_s + fields.host + u"/.pomerium/?"_s
        + encoded({ { "pomerium_enrollment_token"_L1, *token },
            { "pomerium_redirect_uri"_L1, fields.redirect } }));
}

} // namespace portreeve::devices
