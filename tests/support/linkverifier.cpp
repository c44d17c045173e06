// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/linkverifier.h"

#include <QMap>
#include <QMessageAuthenticationCode>
#include <QStringList>

#include <openssl/evp.h>

#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {
constexpr qint64 kLeewaySeconds = 60;
constexpr qsizetype kTokenBytes = 56;
constexpr qsizetype kMacOffset = 24;

QByteArray sha512Of256(const QByteArray& bytes)
{
    QByteArray digest(32, '\0');
    unsigned size = 0;
    EVP_Digest(bytes.constData(), static_cast<std::size_t>(bytes.size()),
        reinterpret_cast<unsigned char*>(digest.data()), &size, EVP_sha512_256(), nullptr);
    return size == 32 ? digest : QByteArray();
}

// RFC 2104 with the block size of SHA-512.
QByteArray hmacSha512Of256(const QByteArray& key, const QByteArray& text)
{
    constexpr qsizetype block = 128;
    const QByteArray padded = key + QByteArray(block - key.size(), '\0');
    QByteArray inner;
    QByteArray outer;
    for (const char byte : padded) {
        inner += static_cast<char>(byte ^ 0x36);
        outer += static_cast<char>(byte ^ 0x5c);
    }
    return sha512Of256(outer + sha512Of256(inner + text));
}

QByteArray queryUnescape(QByteArray text)
{
    return QByteArray::fromPercentEncoding(text.replace('+', ' '));
}

QByteArray queryEscape(const QByteArray& text)
{
    static const QByteArray kept
        = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
    QByteArray escaped;
    for (const char byte : text) {
        if (kept.contains(byte)) {
            escaped += byte;
        } else if (byte == ' ') {
            escaped += '+';
        } else {
            escaped += '%' + QByteArray(1, byte).toHex().toUpper();
        }
    }
    return escaped;
}

QMap<QByteArray, QByteArray> query(const QByteArray& link)
{
    QMap<QByteArray, QByteArray> values;
    for (const auto& pair : link.mid(link.indexOf('?') + 1).split('&')) {
        const qsizetype equals = pair.indexOf('=');
        values.insert(queryUnescape(pair.left(equals)), queryUnescape(pair.mid(equals + 1)));
    }
    return values;
}
} // namespace

LinkVerifier::LinkVerifier(QByteArray key)
    : m_key(std::move(key))
{
}

UrlVerdict LinkVerifier::url(const QString& link, qint64 nowSeconds) const
{
    const QByteArray bytes = link.toUtf8();
    auto values = query(bytes);
    const QByteArray signature = values.take("pomerium_signature");
    const QByteArray issued = values.value("pomerium_issued");
    const QByteArray expiry = values.value("pomerium_expiry");
    QByteArray text = bytes.left(bytes.indexOf('?')) + '?';
    for (auto value = values.cbegin(); value != values.cend(); ++value) {
        text += (text.endsWith('?') ? "" : "&") + queryEscape(value.key()) + '='
            + queryEscape(value.value());
    }
    text += issued + ' ' + expiry;
    const QByteArray expected
        = hmacSha512Of256(m_key, text).toBase64(QByteArray::Base64UrlEncoding);
    if (signature != expected) {
        return UrlVerdict::BadSignature;
    }
    if (issued.toLongLong() > nowSeconds + kLeewaySeconds) {
        return UrlVerdict::IssuedInFuture;
    }
    return expiry.toLongLong() < nowSeconds - kLeewaySeconds ? UrlVerdict::Expired
                                                             : UrlVerdict::Valid;
}

VerifiedToken LinkVerifier::token(const QString& token, qint64 nowMs) const
{
    const auto bytes = decodeBase58(token);
    if (!bytes || bytes->size() != kTokenBytes) {
        return {};
    }
    VerifiedToken verified { .verdict = TokenVerdict::Valid,
        .enrollmentId = QUuid::fromRfc4122(bytes->left(16)),
        .expiryMs = bytes->mid(16, 8).toHex().toLongLong(nullptr, 16) };
    const QByteArray expected = QMessageAuthenticationCode::hash(
        bytes->left(kMacOffset), m_key, QCryptographicHash::Sha256);
    if (bytes->mid(kMacOffset) != expected) {
        verified.verdict = TokenVerdict::BadSignature;
    } else if (nowMs > verified.expiryMs) {
        verified.verdict = TokenVerdict::Expired;
    }
    return verified;
}

QString LinkVerifier::parameter(const QString& link, const QString& name)
{
    return QString::fromUtf8(query(link.toUtf8()).value(name.toUtf8()));
}

std::optional<QByteArray> decodeBase58(const QString& text)
{
    static const QString alphabet = u"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"_s;
    QByteArray number; // base 256, the highest byte first
    for (const QChar character : text) {
        auto carry = alphabet.indexOf(character);
        if (carry < 0) {
            return std::nullopt;
        }
        for (qsizetype i = number.size() - 1; i >= 0; --i) {
            carry += static_cast<quint8>(number.at(i)) * 58;
            number[i] = static_cast<char>(carry & 0xFF);
            carry >>= 8;
        }
        if (carry > 0) {
            number.prepend(static_cast<char>(carry));
        }
    }
    qsizetype zeros = 0;
    while (zeros < text.size() && text.at(zeros) == u'1') {
        ++zeros;
    }
    return QByteArray(zeros, '\0') + number;
}

} // namespace portreeve::test
