// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/directory/changeset.h"

#include <vector>

namespace portreeve {

/// The `held` flags of one change set and what follows from them: an edge cannot outlive its
/// object, nor a held object lose its edges. Borrows the change set.
class HeldRows
{
public:
    explicit HeldRows(ChangeSet& changes);

    /// Edges removed because something was absent; not those of explicitly removed objects.
    std::int64_t countRemovedEdges() const;
    std::int64_t countAbsenceRemovals() const; ///< users, groups and edges

    /// By group row before the run: members lost while group and member stay.
    std::vector<std::int64_t> lostMembersByGroup() const;

    void holdEdgesOf(Row group);
    void holdEdgesAndTheirObjects();

    /// Every removal by absence. @return whether there is any
    bool holdAll();

    /// Removals and suspensions of these keys. @return how many were not held yet
    std::int64_t holdNamed(const std::vector<QString>& sortedKeys);

    /// Holds the removals and suspensions of @p protectedUsers when no active one would be left.
    /// @param whateverIsHeld  judges as if everything held had been approved
    /// @return how many rows that locks
    std::int64_t holdLastProtected(const std::vector<QString>& protectedUsers, bool whateverIsHeld);

    /// Edges of held objects wait with them, edges of objects that go now go with those.
    void settleEdges();

private:
    const ObjectChange* groupRemoval(const MembershipChange& edge) const;
    const ObjectChange* memberRemoval(const MembershipChange& edge) const;
    bool isExplicit(const MembershipChange& edge) const;

    ChangeSet& m_changes;
    std::vector<std::uint32_t> m_userRemovals; // by row before: index into users
    std::vector<std::uint32_t> m_groupRemovals;
};

} // namespace portreeve
