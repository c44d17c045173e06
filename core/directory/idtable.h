// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/directory/textcolumn.h"

#include <QStringView>

#include <cstdint>
#include <vector>

namespace portreeve {

/// Gives every distinct id a dense number in order of first sight. Open addressing over 32-bit
/// slots: a third of the memory of a QHash of QString, and one copy of every id as UTF-8.
class IdTable
{
public:
    /// The number of @p id; a new one when it was not seen before.
    std::uint32_t number(QStringView id);

    std::size_t size() const { return m_ids.size(); }

    QByteArrayView id(std::uint32_t number) const { return m_ids.at(number); }

private:
    /// The hash beside the number: most probes end without a look at the text.
    struct Slot
    {
        std::uint32_t hash = 0;
        std::uint32_t number = kFree;
    };

    static constexpr std::uint32_t kFree = 0xFFFFFFFFU;

    void grow();

    TextColumn m_ids;
    std::vector<Slot> m_slots;
    std::vector<char> m_buffer;
};

} // namespace portreeve
