// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/packing.h"

#include <array>
#include <utility>

namespace portreeve {

namespace {
constexpr unsigned kPayloadBits = 7;
constexpr std::uint64_t kMore = 0x80;
constexpr unsigned kTopShift = 63;
constexpr std::size_t kMostBytes = kTopShift / kPayloadBits + 1;
} // namespace

void PackWriter::number(std::uint64_t value)
{
    std::array<char, kMostBytes> bytes {};
    std::size_t size = 0;
    while (value >= kMore) {
        bytes[size++] = static_cast<char>((value & (kMore - 1)) | kMore);
        value >>= kPayloadBits;
    }
    bytes[size++] = static_cast<char>(value);
    m_bytes.append(bytes.data(), static_cast<qsizetype>(size));
}

void PackWriter::difference(std::int64_t value)
{
    const auto bits = static_cast<std::uint64_t>(value);
    number((bits << 1U) ^ (value < 0 ? ~std::uint64_t(0) : 0));
}

void PackWriter::text(QByteArrayView utf8)
{
    number(static_cast<std::uint64_t>(utf8.size()));
    m_bytes.append(utf8);
}

void PackWriter::keys(std::span<const std::int64_t> ascending)
{
    number(ascending.size());
    std::int64_t previous = 0;
    for (const std::int64_t key : ascending) {
        number(static_cast<std::uint64_t>(key - previous));
        previous = key;
    }
}

std::uint64_t PackReader::number()
{
    std::uint64_t value = 0;
    for (unsigned shift = 0; m_sound && shift <= kTopShift; shift += kPayloadBits) {
        if (m_position >= m_bytes.size()) {
            break;
        }
        const auto byte = static_cast<unsigned char>(m_bytes.at(m_position++));
        value |= (byte & (kMore - 1)) << shift;
        if (byte < kMore) {
            return value;
        }
    }
    m_sound = false;
    return 0;
}

std::int64_t PackReader::difference()
{
    const std::uint64_t bits = number();
    return static_cast<std::int64_t>((bits >> 1U) ^ ((bits & 1U) != 0 ? ~std::uint64_t(0) : 0));
}

QByteArray PackReader::text()
{
    const std::uint64_t size = number();
    if (size > static_cast<std::uint64_t>(m_bytes.size() - m_position)) {
        m_sound = false;
        return {};
    }
    QByteArray part = m_bytes.mid(m_position, static_cast<qsizetype>(size));
    m_position += part.size();
    return part;
}

std::vector<std::int64_t> PackReader::keys()
{
    const std::uint64_t count = number();
    // Each key takes a byte at least: a damaged count must not ask for all memory.
    if (count > static_cast<std::uint64_t>(m_bytes.size() - m_position)) {
        m_sound = false;
        return {};
    }
    std::vector<std::int64_t> keys;
    keys.reserve(count);
    std::int64_t previous = 0;
    for (std::uint64_t i = 0; i < count && m_sound; ++i) {
        const auto step = static_cast<std::int64_t>(number());
        m_sound = m_sound && step > 0 && step < (std::int64_t(1) << 48);
        previous += m_sound ? step : 0;
        keys.push_back(previous);
    }
    return keys;
}

QByteArray packKeys(std::span<const std::int64_t> ascending)
{
    if (ascending.empty()) {
        return {};
    }
    PackWriter writer;
    writer.keys(ascending);
    return writer.bytes();
}

std::optional<std::vector<std::int64_t>> unpackKeys(const QByteArray& bytes)
{
    if (bytes.isEmpty()) {
        return std::vector<std::int64_t>();
    }
    PackReader reader(bytes);
    auto keys = reader.keys();
    return reader.isSound() && reader.atEnd() ? std::optional(std::move(keys)) : std::nullopt;
}

} // namespace portreeve
