// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/directory/textcolumn.h"

namespace portreeve {

void TextColumn::reserve(std::size_t rows, std::size_t bytes)
{
    m_offsets.reserve(rows + 1);
    m_bytes.reserve(bytes);
}

void TextColumn::append(QByteArrayView utf8)
{
    m_bytes.append(utf8.data(), static_cast<std::size_t>(utf8.size()));
    m_offsets.push_back(m_bytes.size());
}

std::size_t TextColumn::memoryBytes() const
{
    return m_bytes.capacity() + m_offsets.capacity() * sizeof(std::uint64_t);
}

} // namespace portreeve
