// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/bench/bench.h"
#include "tests/support/generateddirectory.h"

#include <vector>

namespace portreeve::bench {

/// The directory the command line asked for: read with --data, or made up by our own generator:
/// groups on levels with loops, power-law group sizes, a home group for everybody, a few people in
/// very many groups. Same seed, same directory; it shares its shape with other generators, not its
/// bytes.
class MadeUpDirectory
{
public:
    explicit MadeUpDirectory(const Options& options);

    /// The records in the order a provider would list them.
    void fill(SnapshotBuilder& builder) const { m_lists.fill(builder); }

    SnapshotPtr snapshot() const { return m_lists.snapshot(); }

    /// The next fetch, a hundredth of it changed: so many of the memberships moved, half as many
    /// people renamed, a quarter left, a quarter new. With --data it is read from next/.
    SnapshotPtr churned() const;

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

    QString m_data; // folder of --data
    std::uint64_t m_random;
    std::vector<test::GeneratedDirectory::Positions> m_levels; // groups by level, top first
    test::GeneratedDirectory m_lists;
};

/// MadeUpDirectory(options).snapshot(), made once for all benchmarks of a call.
SnapshotPtr madeUpSnapshot(const Options& options);

} // namespace portreeve::bench
