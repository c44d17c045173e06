// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/formats.h"

#include <QRegularExpression>

#include <arpa/inet.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::policy {

namespace {

constexpr std::size_t kMappedOffset = 12;

bool isMapped(const IpAddress& address)
{
    static constexpr std::array<std::uint8_t, kMappedOffset> kPrefix { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0xFF, 0xFF };
    return address.isV6 && std::equal(kPrefix.begin(), kPrefix.end(), address.bytes.begin());
}

/// IPv4-mapped addresses become IPv4; @p address otherwise unchanged.
void unmap(IpAddress& address)
{
    if (isMapped(address)) {
        std::copy_n(address.bytes.begin() + kMappedOffset, 4, address.bytes.begin());
        std::fill(address.bytes.begin() + 4, address.bytes.end(), std::uint8_t { 0 });
        address.isV6 = false;
    }
}

std::optional<IpAddress> parseWritten(const QString& text)
{
    IpAddress out;
    const auto bytes = text.toUtf8();
    if (bytes.contains('\0')) {
        return std::nullopt;
    }
    out.isV6 = bytes.contains(':');
    return inet_pton(out.isV6 ? AF_INET6 : AF_INET, bytes.constData(), out.bytes.data()) == 1
        ? std::optional(out)
        : std::nullopt;
}

std::optional<int> prefixLength(const QString& text, int most)
{
    static const QRegularExpression digits(u"^[0-9]+\\z"_s);
    bool ok = false;
    const int length = text.toInt(&ok);
    return ok && digits.match(text).hasMatch() && length <= most ? std::optional(length)
                                                                 : std::nullopt;
}

/// Reads the fields of the SSH wire format one by one.
class WireReader
{
public:
    explicit WireReader(const QByteArray& bytes)
        : m_bytes(bytes)
    {
    }

    std::optional<QByteArray> field()
    {
        if (m_bytes.size() - m_next < 4) {
            return std::nullopt;
        }
        quint32 size = 0;
        for (qsizetype i = 0; i < 4; ++i) {
            size = (size << 8U) | static_cast<unsigned char>(m_bytes.at(m_next + i));
        }
        m_next += 4;
        if (static_cast<qsizetype>(size) > m_bytes.size() - m_next) {
            return std::nullopt;
        }
        auto out = m_bytes.mid(m_next, static_cast<qsizetype>(size));
        m_next += static_cast<qsizetype>(size);
        return out;
    }

    bool atEnd() const { return m_next == m_bytes.size(); }

private:
    const QByteArray& m_bytes;
    qsizetype m_next = 0;
};

bool isElliptic(WireReader& reader, const QByteArray& curve)
{
    static constexpr auto kPointSizes = std::to_array<std::pair<const char*, qsizetype>>(
        { { "nistp256", 65 }, { "nistp384", 97 }, { "nistp521", 133 } });
    const auto name = reader.field();
    const auto point = reader.field();
    return name && point && *name == curve && point->startsWith('\x04')
        && std::any_of(kPointSizes.begin(), kPointSizes.end(), [&](const auto& entry) {
               return curve == entry.first && point->size() == entry.second;
           });
}

/// Integers, @p count of them, none empty.
bool areIntegers(WireReader& reader, int count)
{
    for (int i = 0; i < count; ++i) {
        const auto integer = reader.field();
        if (!integer || integer->isEmpty()) {
            return false;
        }
    }
    return true;
}

bool hasKeyLayout(const QByteArray& algorithm, WireReader& reader)
{
    if (algorithm == "ssh-rsa") {
        return areIntegers(reader, 2);
    }
    if (algorithm == "ssh-dss") {
        return areIntegers(reader, 4);
    }
    if (algorithm == "ssh-ed25519" || algorithm == "sk-ssh-ed25519@openssh.com") {
        const auto key = reader.field();
        const bool needsApplication = algorithm.startsWith("sk-");
        return key && key->size() == 32 && (!needsApplication || reader.field().has_value());
    }
    if (algorithm == "sk-ecdsa-sha2-nistp256@openssh.com") {
        return isElliptic(reader, "nistp256") && reader.field().has_value();
    }
    static constexpr QByteArrayView kEcdsa = "ecdsa-sha2-";
    return algorithm.startsWith(kEcdsa) && isElliptic(reader, algorithm.mid(kEcdsa.size()));
}

std::optional<QByteArray> readWireKey(const QByteArray& base64)
{
    const auto decoded
        = QByteArray::fromBase64Encoding(base64, QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded || base64.size() % 4 != 0) {
        return std::nullopt;
    }
    WireReader reader(*decoded);
    const auto algorithm = reader.field();
    if (!algorithm) {
        return std::nullopt;
    }
    if (algorithm->endsWith("-cert-v01@openssh.com")) {
        return reader.atEnd() ? std::nullopt : std::optional(*decoded);
    }
    return hasKeyLayout(*algorithm, reader) && reader.atEnd() ? std::optional(*decoded)
                                                              : std::nullopt;
}

qsizetype firstBlank(const QByteArray& text)
{
    const auto found
        = std::find_if(text.begin(), text.end(), [](char c) { return c == ' ' || c == '\t'; });
    return found == text.end() ? -1 : found - text.begin();
}

/// @p text starts with a blank and the base64 of a key behind it.
std::optional<QByteArray> keyBehindWord(const QByteArray& text)
{
    const auto rest = text.trimmed();
    const auto end = firstBlank(rest);
    return readWireKey(end < 0 ? rest : rest.left(end));
}

/// What stands behind the options: they end at the first blank outside double quotes.
QByteArray behindOptions(const QByteArray& line)
{
    bool quoted = false;
    for (qsizetype i = 0; i < line.size(); ++i) {
        const char c = line.at(i);
        if (c == '"' && (i == 0 || line.at(i - 1) != '\\')) {
            quoted = !quoted;
        }
        if (!quoted && (c == ' ' || c == '\t')) {
            return line.mid(i).trimmed();
        }
    }
    return {};
}

} // namespace

bool IpPrefix::contains(const IpAddress& other) const
{
    if (address.isV6 != other.isV6) {
        return false;
    }
    const auto whole = static_cast<std::size_t>(length / 8);
    const auto restBits = static_cast<unsigned>(length % 8);
    if (!std::equal(address.bytes.begin(),
            address.bytes.begin() + static_cast<std::ptrdiff_t>(whole), other.bytes.begin())) {
        return false;
    }
    if (restBits == 0) {
        return true;
    }
    const unsigned mask = (0xFFU << (8U - restBits)) & 0xFFU;
    return (address.bytes.at(whole) & mask) == (other.bytes.at(whole) & mask);
}

std::optional<IpAddress> parseIpAddress(const QString& text)
{
    auto out = parseWritten(text);
    if (out) {
        unmap(*out);
    }
    return out;
}

std::optional<IpPrefix> parseIpPrefix(const QString& text)
{
    const auto slash = text.indexOf(u'/');
    auto address = parseWritten(slash < 0 ? text : text.left(slash));
    if (!address) {
        return std::nullopt;
    }
    constexpr int kBitsV4 = 32;
    constexpr int kBitsV6 = 128;
    const int most = address->isV6 ? kBitsV6 : kBitsV4;
    auto length = slash < 0 ? std::optional(most) : prefixLength(text.mid(slash + 1), most);
    if (!length) {
        return std::nullopt;
    }
    if (isMapped(*address) && *length >= kBitsV6 - kBitsV4) {
        *length -= kBitsV6 - kBitsV4;
        unmap(*address);
    }
    return IpPrefix { .address = *address, .length = *length };
}

bool isFingerprint(const QString& text)
{
    static const QRegularExpression pattern(
        u"^(?:[0-9a-f]{64}|[0-9A-F]{2}(?::[0-9A-F]{2}){31})\\z"_s);
    return pattern.match(text).hasMatch();
}

bool isSpkiHash(const QString& text)
{
    constexpr qsizetype kEncodedSize = 44;
    const auto decoded
        = QByteArray::fromBase64Encoding(text.toUtf8(), QByteArray::AbortOnBase64DecodingErrors);
    return text.size() == kEncodedSize && decoded && (*decoded).size() == 32;
}

std::optional<QByteArray> parseAuthorizedKey(const QString& text)
{
    for (const auto& raw : text.toUtf8().split('\n')) {
        const auto line = raw.trimmed();
        const auto blank = firstBlank(line);
        if (blank < 0 || line.startsWith('#')) {
            continue;
        }
        if (auto key = keyBehindWord(line.mid(blank))) {
            return key;
        }
        const auto rest = behindOptions(line);
        const auto restBlank = firstBlank(rest);
        if (restBlank >= 0) {
            if (auto key = keyBehindWord(rest.mid(restBlank))) {
                return key;
            }
        }
    }
    return std::nullopt;
}

} // namespace portreeve::policy
