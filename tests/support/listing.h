// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/directory/snapshotbuilder.h"

#include <vector>

namespace portreeve::test {

/// What a made-up provider lists: records and edges in the order its pages bring them.
struct Listing
{
    struct Edge
    {
        QString group {};
        QString member {};
        MemberKind kind = MemberKind::User;
    };

    std::vector<UserRecord> users {};
    std::vector<GroupRecord> groups {};
    std::vector<Edge> edges {};
    bool usersComplete = true;
    bool groupsComplete = true;
    bool membershipsComplete = true;
    std::vector<QString> unreadableGroups {}; ///< listed, but their members could not be read
    std::vector<Quarantined> quarantine {};
    std::vector<QString> notes {};

    /// Adds an active user called like the id, with an address at example.com.
    Listing& user(const QString& id);
    Listing& group(const QString& id, GroupKind kind = GroupKind::Group);

    /// Direct members; ids of groups added before are groups, all others users (added when new).
    Listing& members(const QString& group, const std::vector<QString>& ids);

    Listing& removeUser(const QString& id); ///< with its edges
    Listing& removeGroup(const QString& id); ///< with its edges
    Listing& removeMember(const QString& group, const QString& member);
    UserRecord& userOf(const QString& id); ///< must exist
    GroupRecord& groupOf(const QString& id); ///< must exist

    /// The same content in another page order.
    Listing shuffled(unsigned seed) const;

    void feed(SnapshotBuilder& out) const;
    SnapshotPtr snapshot() const;
};

/// `count` users "u000".. in one group "everyone".
Listing crowd(int count);

} // namespace portreeve::test
