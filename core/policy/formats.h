// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QByteArray>
#include <QString>

#include <array>
#include <cstdint>
#include <optional>

namespace portreeve::policy {

/// An address as the proxy compares it: IPv4-mapped IPv6 addresses are IPv4.
struct IpAddress
{
    bool isV6 = false;
    std::array<std::uint8_t, 16> bytes {}; ///< the first four of IPv4

    friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

struct IpPrefix
{
    IpAddress address {}; ///< host bits as written
    int length = 0;

    bool contains(const IpAddress& other) const;
};

/// Dotted or colon form without zone, port, brackets or leading zeros.
std::optional<IpAddress> parseIpAddress(const QString& text);

/// An address or a prefix, as source_ip takes it.
std::optional<IpPrefix> parseIpPrefix(const QString& text);

/// SHA-256 of a certificate: 64 lower-case hex digits, or 32 upper-case pairs joined by colons.
bool isFingerprint(const QString& text);

/// Standard base64 of 32 bytes.
bool isSpkiHash(const QString& text);

/// The first key of authorized_keys text as its wire format; options before it are skipped.
/// Checks algorithm and layout, not the mathematics of the key.
std::optional<QByteArray> parseAuthorizedKey(const QString& text);

} // namespace portreeve::policy
