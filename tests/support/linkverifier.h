// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QByteArray>
#include <QString>
#include <QUuid>

#include <optional>

namespace portreeve::test {

enum class UrlVerdict { Valid, BadSignature, IssuedInFuture, Expired };

enum class TokenVerdict { Valid, Malformed, BadSignature, Expired };

struct VerifiedToken
{
    TokenVerdict verdict = TokenVerdict::Malformed;
    QUuid enrollmentId {};
    qint64 expiryMs = 0;
};

/// The proxy's side of devices.md 3.2 to 3.4, written from that text alone: it shares no code with
/// core/devices, and puts its HMACs together by hand.
class LinkVerifier
{
public:
    explicit LinkVerifier(QByteArray key);

    /// @param nowSeconds  Unix time at the proxy; 60 s of leeway both ways
    UrlVerdict url(const QString& link, qint64 nowSeconds) const;

    /// @param nowMs  Unix time at the proxy in milliseconds; no leeway
    VerifiedToken token(const QString& token, qint64 nowMs) const;

    /// Decoded value of a query parameter; empty when it is not there.
    static QString parameter(const QString& link, const QString& name);

private:
    QByteArray m_key;
};

/// Base58 as a long division on decimal digits would do it; nullopt for a foreign character.
std::optional<QByteArray> decodeBase58(const QString& text);

} // namespace portreeve::test
