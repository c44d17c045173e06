// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/directory/records.h"

#include <QString>

#include <cstdint>
#include <vector>

namespace portreeve {

/// What a made-up directory is made from. Equal shapes give equal directories on every platform.
struct SampleShape
{
    std::int64_t users = 5'000; ///< the five of the example included; at least they are there
    std::int64_t groups = 0; ///< org units not included; 0: one for about fifteen users
    std::uint64_t seed = 1;
    std::int64_t day = 0; ///< from one day to the next about one record in a hundred changes
};

/// A company that does not exist: an example of nested groups (Everyone, Support, Engineering,
/// DevOps), a tree of departments, shared groups of very unequal size, a cycle, a diamond, an empty
/// group and org units. Computed on demand, so that a million users need no memory.
class SampleDirectory
{
public:
    explicit SampleDirectory(const SampleShape& shape);

    std::int64_t userCount() const { return m_users; }

    /// Groups, then org units.
    std::int64_t groupCount() const
    {
        return static_cast<std::int64_t>(m_groups.size() + m_orgUnits.size());
    }

    UserRecord user(std::int64_t index) const;

    /// Ids of the groups and the org unit that hold this user directly.
    std::vector<QString> groupsOfUser(std::int64_t index) const;

    GroupRecord group(std::int64_t index) const;

    struct Nesting
    {
        QString groupId {};
        QString memberGroupId {};
    };

    /// Every direct edge between two groups.
    const std::vector<Nesting>& nestings() const { return m_nestings; }

private:
    /// What has happened to one record up to the day in question.
    struct Life
    {
        std::uint64_t generation = 0; ///< how often it left and another took its place
        std::uint64_t renames = 0;
        std::uint64_t moves = 0;
        bool suspended = false;
    };

    std::uint64_t random(
        std::uint64_t topic, std::uint64_t a, std::uint64_t b = 0, std::uint64_t c = 0) const;
    Life lifeOfUser(std::uint64_t index) const;
    GroupRecord sharedGroup(std::uint64_t number) const;
    void addFixedGroups();
    void addUnits(std::uint64_t count);
    void addSharedGroups(std::uint64_t count);
    void addOrgUnits();
    std::uint64_t eventsUntilToday(std::uint64_t topic, std::uint64_t index) const;
    void nest(const QString& group, const QString& member);

    std::int64_t m_users = 0;
    std::uint64_t m_seed = 0;
    std::uint64_t m_day = 0;
    std::vector<GroupRecord> m_groups;
    std::vector<GroupRecord> m_orgUnits;
    std::uint64_t m_firstUnit = 0; // index into m_groups
    std::uint64_t m_unitCount = 0;
    std::uint64_t m_firstShared = 0;
    std::uint64_t m_sharedCount = 0;
    std::vector<Nesting> m_nestings;
};

} // namespace portreeve
