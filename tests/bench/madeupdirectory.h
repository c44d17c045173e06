// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/directory/snapshotbuilder.h"
#include "tests/bench/bench.h"

#include <vector>

namespace portreeve::bench {

/// A company made up by our own generator: groups on levels with loops, power-law group sizes, a
/// home group for everybody, a few people in very many groups. Same seed, same directory; it shares
/// its shape with other generators, not its bytes.
class MadeUpDirectory
{
public:
    explicit MadeUpDirectory(const Options& options);

    /// The records in the order a provider would list them.
    void fill(SnapshotBuilder& builder) const;

    SnapshotPtr snapshot() const;

    /// The next fetch: @p rate of the memberships moved, half as many people renamed, a quarter
    /// left, a quarter new.
    SnapshotPtr churned(double rate) const;

private:
    struct Shape
    {
        std::uint32_t users = 0;
        std::uint32_t groups = 0;
        std::uint32_t memberships = 0;
        std::uint32_t levels = 0;
        std::uint32_t loops = 0;
    };

    static Shape shapeOf(const QString& size);
    void makeGroups(const Shape& shape);
    void makeMembers(const Shape& shape);
    std::uint32_t pickParent(std::uint32_t level);
    double unit();
    std::uint32_t below(std::uint32_t limit);

    std::uint64_t m_random;
    std::vector<QString> m_userIds;
    std::vector<QString> m_userNames;
    std::vector<QString> m_groupIds;
    std::vector<std::vector<std::uint32_t>> m_levels; // groups by level, top first
    std::vector<std::vector<std::uint32_t>> m_parents; // by group
    std::vector<std::vector<std::uint32_t>> m_members; // users by group
};

} // namespace portreeve::bench
