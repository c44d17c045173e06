// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/membership/closurestate.h"

#include <algorithm>

namespace portreeve {

namespace {

/// Shortest ways up from a set of groups to one group.
class WitnessSearch
{
public:
    WitnessSearch(const Snapshot& snapshot, const MemberLists& parents, Row target)
        : m_snapshot(snapshot)
        , m_parents(parents)
        , m_target(target)
        , m_steps(snapshot.groupCount(), kFar)
    {
    }

    std::vector<WitnessPath> run(std::span<const Row> direct, std::size_t limit)
    {
        measureDown(direct);
        std::uint32_t shortest = kFar;
        for (const Row group : direct) {
            shortest = std::min(shortest, m_steps[group]);
        }
        std::vector<WitnessPath> out;
        for (const Row group : direct) {
            if (shortest != kFar && m_steps[group] == shortest) {
                walkUp(group, limit, out);
            }
        }
        return out;
    }

private:
    static constexpr std::uint32_t kFar = kNoRow;

    /// Sets the steps to the target, level by level, until a level holds a direct group.
    void measureDown(std::span<const Row> direct)
    {
        m_steps[m_target] = 0;
        std::vector<Row> level { m_target };
        const auto isDirect
            = [&](Row group) { return std::binary_search(direct.begin(), direct.end(), group); };
        for (std::uint32_t steps = 1;
            !level.empty() && std::none_of(level.begin(), level.end(), isDirect); ++steps) {
            level = levelBelow(level, steps);
        }
    }

    /// The groups right below a level that no level before it holds; sets their steps.
    std::vector<Row> levelBelow(std::span<const Row> level, std::uint32_t steps)
    {
        std::vector<Row> below;
        for (const Row group : level) {
            for (const Row member : m_snapshot.memberGroups(group)) {
                if (m_steps[member] == kFar) {
                    m_steps[member] = steps;
                    below.push_back(member);
                }
            }
        }
        return below;
    }

    /// Adds all ways from @p start that come one step nearer each time, in order of rows.
    void walkUp(Row start, std::size_t limit, std::vector<WitnessPath>& out) const
    {
        WitnessPath path { start };
        std::vector<std::size_t> tried { 0 }; // parents of each group of the path already taken
        while (!path.empty() && out.size() < limit) {
            const Row group = path.back();
            const std::span<const Row> above = m_parents.of(group);
            const auto first = above.begin() + static_cast<std::ptrdiff_t>(tried.back());
            const auto nearer = std::find_if(first, above.end(), [&](Row parent) {
                return m_steps[group] != 0 && m_steps[parent] == m_steps[group] - 1;
            });
            if (nearer == above.end()) {
                if (group == m_target) {
                    out.push_back(path);
                }
                path.pop_back();
                tried.pop_back();
                continue;
            }
            tried.back() = static_cast<std::size_t>(nearer - above.begin()) + 1;
            path.push_back(*nearer);
            tried.push_back(0);
        }
    }

    const Snapshot& m_snapshot;
    const MemberLists& m_parents;
    Row m_target;
    std::vector<std::uint32_t> m_steps; // by group
};

} // namespace

std::vector<WitnessPath> GroupClosure::witnessPaths(Row user, Row group, std::size_t limit) const
{
    if (!isEffectiveMember(user, group)) {
        return {};
    }
    return WitnessSearch(snapshot(), m_state->parents, group).run(directGroups(user), limit);
}

} // namespace portreeve
