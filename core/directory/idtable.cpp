// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/directory/idtable.h"

#include <QHashFunctions>
#include <QStringEncoder>

#include <utility>

namespace portreeve {

namespace {

constexpr std::size_t kFirstCapacity = 1024;

// Seeded, since ids come from outside and could be made to collide.
std::uint32_t hashOf(QByteArrayView utf8)
{
    const std::size_t hash
        = qHashBits(utf8.data(), static_cast<std::size_t>(utf8.size()), QHashSeed::globalSeed());
    return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

} // namespace

std::uint32_t IdTable::number(QStringView id)
{
    QStringEncoder encoder(QStringEncoder::Utf8, QStringEncoder::Flag::Stateless);
    const auto space = static_cast<std::size_t>(encoder.requiredSpace(id.size()));
    if (m_buffer.size() < space) {
        m_buffer.resize(space);
    }
    const char* end = encoder.appendToBuffer(m_buffer.data(), id);
    const QByteArrayView utf8(m_buffer.data(), end - m_buffer.data());

    // At most two thirds full, so that runs of taken slots stay short.
    if (m_slots.size() * 2 < (m_ids.size() + 1) * 3) {
        grow();
    }
    const std::uint32_t hash = hashOf(utf8);
    const std::size_t mask = m_slots.size() - 1;
    std::size_t slot = hash & mask;
    while (m_slots[slot].number != kFree) {
        if (m_slots[slot].hash == hash && m_ids.at(m_slots[slot].number) == utf8) {
            return m_slots[slot].number;
        }
        slot = (slot + 1) & mask;
    }
    m_slots[slot] = { .hash = hash, .number = static_cast<std::uint32_t>(m_ids.size()) };
    m_ids.append(utf8);
    return m_slots[slot].number;
}

void IdTable::grow()
{
    const std::vector<Slot> old = std::move(m_slots);
    m_slots.assign(old.empty() ? kFirstCapacity : old.size() * 2, Slot());
    const std::size_t mask = m_slots.size() - 1;
    for (const Slot& taken : old) {
        if (taken.number == kFree) {
            continue;
        }
        std::size_t slot = taken.hash & mask;
        while (m_slots[slot].number != kFree) {
            slot = (slot + 1) & mask;
        }
        m_slots[slot] = taken;
    }
}

} // namespace portreeve
