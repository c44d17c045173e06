// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace portreeve {

/// Writes LEB128 numbers and counted texts.
class PackWriter
{
public:
    void number(std::uint64_t value);
    void difference(std::int64_t value); ///< small for small values of either sign
    void text(QByteArrayView utf8);
    void keys(std::span<const std::int64_t> ascending); ///< count, then differences

    const QByteArray& bytes() const { return m_bytes; }

private:
    QByteArray m_bytes;
};

/// Reads what PackWriter wrote. After the first fault every answer is zero or empty; look at
/// isSound() once at the end.
class PackReader
{
public:
    explicit PackReader(const QByteArray& bytes)
        : m_bytes(bytes)
    {
    }

    std::uint64_t number();
    std::int64_t difference();
    QByteArray text();
    std::vector<std::int64_t> keys();

    bool atEnd() const { return !m_sound || m_position >= m_bytes.size(); }

    bool isSound() const { return m_sound; }

private:
    QByteArray m_bytes;
    qsizetype m_position = 0;
    bool m_sound = true;
};

/// A blob of keys alone. Empty bytes are no keys.
QByteArray packKeys(std::span<const std::int64_t> ascending);

/// Nothing when the bytes are damaged.
std::optional<std::vector<std::int64_t>> unpackKeys(const QByteArray& bytes);

} // namespace portreeve
