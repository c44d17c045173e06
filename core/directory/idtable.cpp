// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/directory/idtable.h"

#include <QHashFunctions>
#include <QStringEncoder>

namespace portreeve {

namespace {

constexpr std::uint32_t kFree = 0xFFFFFFFFU;
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
    std::uint32_t& taken = m_slots[slotOf(utf8, hash)];
    if (taken == kFree) {
        taken = static_cast<std::uint32_t>(m_ids.size());
        m_ids.append(utf8);
        m_hashes.push_back(hash);
    }
    return taken;
}

std::size_t IdTable::slotOf(QByteArrayView utf8, std::uint32_t hash) const
{
    const std::size_t mask = m_slots.size() - 1;
    std::size_t slot = hash & mask;
    while (m_slots[slot] != kFree
        && (m_hashes[m_slots[slot]] != hash || m_ids.at(m_slots[slot]) != utf8)) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

void IdTable::grow()
{
    m_slots.assign(m_slots.empty() ? kFirstCapacity : m_slots.size() * 2, kFree);
    const std::size_t mask = m_slots.size() - 1;
    for (std::uint32_t number = 0; number < m_hashes.size(); ++number) {
        std::size_t slot = m_hashes[number] & mask;
        while (m_slots[slot] != kFree) {
            slot = (slot + 1) & mask;
        }
        m_slots[slot] = number;
    }
}

} // namespace portreeve
