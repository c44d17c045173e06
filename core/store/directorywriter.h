// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/store/directorystore.h"
#include "core/store/statementcache.h"

#include <array>
#include <optional>

namespace portreeve {

/// The part of @p changes that is not held, with the edges that go with a removed object.
ChangeSet appliedPart(const ChangeSet& changes);

/// Writes the objects of one change set: rows, resurrections, tombstones, memberships. Lives inside
/// the commit's transaction.
class DirectoryWriter
{
public:
    struct Place
    {
        std::int64_t connection = 0; ///< key of the row
        std::int64_t run = 0;
        UtcTime at {};
    };

    DirectoryWriter(Database& database, const ChangeSet& applied, const Place& place);

    Result<void> write();

    /// Sentences about objects that came back soon after their removal.
    const std::vector<QString>& notes() const { return m_notes; }

private:
    struct Grave
    {
        std::int64_t key = 0;
        UtcTime removedAt {};
        std::int64_t removedByRun = 0;
    };

    using Keys = std::vector<std::int64_t>; // by row, 0 = not looked up yet

    Result<void> lookUpKeys();
    Result<void> lookUpKeys(ObjectKind kind, bool before, const std::vector<bool>& wanted);
    Result<void> findStored();
    Result<std::optional<Grave>> graveOf(const ObjectChange& change);
    Result<void> writeObject(const ObjectChange& change);
    Result<void> addObject(const ObjectChange& change);
    Result<void> resurrect(const ObjectChange& change, const Grave& grave);
    Result<void> updateObject(const ObjectChange& change, std::int64_t key);
    Result<void> writeMemberships();
    Result<void> buryRemoved();
    Result<QByteArray> formerMemberships(const ObjectChange& change, Keys parents);
    Result<void> bury(const ObjectChange& change, const QByteArray& formerMemberships);
    Result<std::int64_t> keyOf(ObjectKind kind, bool before, Row row);
    static std::size_t sideOf(ObjectKind kind, bool before);

    Keys& keysOf(ObjectKind kind, bool before) { return m_keys.at(sideOf(kind, before)); }

    void noteFlap(const ObjectChange& change, const Grave& grave);

    Database& m_database;
    StatementCache m_statements;
    const ChangeSet& m_applied;
    Place m_place;
    std::array<Keys, 4> m_keys; // users before, after; groups before, after
    std::array<bool, 2> m_stored {}; // users, groups: there is any, be it a tombstone
    std::vector<QString> m_notes;
};

} // namespace portreeve
