// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/directory/changeset.h"

#include <QHash>

#include <optional>
#include <vector>

namespace portreeve {

class Database;

/// Numbers of the objects a change set touches: users by id, then groups by id. Groups start a
/// block of their own.
class RunNumbers
{
public:
    explicit RunNumbers(const ChangeSet& changes);

    std::uint32_t ofObject(const ObjectChange& change) const;
    std::uint32_t ofGroup(const MembershipChange& change) const;
    std::uint32_t ofMember(const MembershipChange& change) const;

    Result<void> store(Database& database, std::int64_t run) const;

private:
    using Numbers = std::vector<std::uint32_t>; // by row; kNoRow where untouched

    struct Side
    {
        Numbers before {};
        Numbers after {};
    };

    static std::uint32_t assign(
        Side& side, const TextColumn& before, const TextColumn& after, std::uint32_t first);
    Result<void> storeKind(Database& database, std::int64_t run, ObjectKind kind) const;
    Side& sideOf(ObjectKind kind);
    const Side& sideOf(ObjectKind kind) const;

    const ChangeSet& m_changes;
    Side m_users;
    Side m_groups;
};

/// Reads the dictionary of one run, block by block as asked for.
class RunDictionary
{
public:
    struct Entry
    {
        QString id {};
        QString name {};
    };

    RunDictionary(Database& database, std::int64_t run);

    Result<Entry> at(std::uint32_t number);
    Result<std::optional<std::uint32_t>> find(ObjectKind kind, const QString& id);

private:
    Result<std::vector<Entry>> unpack(const QByteArray& content) const;

    Database& m_database;
    std::int64_t m_run;
    QHash<std::uint32_t, std::vector<Entry>> m_blocks;
};

} // namespace portreeve
