// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QByteArrayView>
#include <QString>

#include <cstdint>
#include <string>
#include <vector>

namespace portreeve {

/// Many short texts as one UTF-8 buffer with offsets: row number to text in O(1), no allocation a
/// row.
class TextColumn
{
public:
    void reserve(std::size_t rows, std::size_t bytes);
    void append(QByteArrayView utf8);

    std::size_t size() const { return m_offsets.size() - 1; }

    QByteArrayView at(std::size_t row) const
    {
        return { m_bytes.data() + m_offsets[row],
            static_cast<qsizetype>(m_offsets[row + 1] - m_offsets[row]) };
    }

    QString text(std::size_t row) const { return QString::fromUtf8(at(row)); }

    const std::string& bytes() const { return m_bytes; }

    const std::vector<std::uint64_t>& offsets() const { return m_offsets; }

    std::size_t memoryBytes() const;

    friend bool operator==(const TextColumn&, const TextColumn&) = default;

private:
    std::string m_bytes;
    std::vector<std::uint64_t> m_offsets { 0 };
};

} // namespace portreeve
