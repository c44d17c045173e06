// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/databroker/directorycodec.h"
#include "core/proxy/targetoptions.h"

#include <QSet>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace portreeve {

/// What to do with foreign records: in the databroker, unknown to the directory, never put by us.
enum class ForeignChoice {
    Undecided, ///< left alone and listed
    Adopt, ///< as if we had put them: deleted, and counted by the guard
    Delete, ///< deleted by decision of a person: not counted by the guard
    Keep, ///< left alone; the caller remembers their ids in `kept`
};

/// Whose records are whose. The databroker cannot tell, so this is remembered locally.
struct DirectoryOwnership
{
    struct Ids
    {
        QSet<QString> ours {}; ///< put by us and not deleted since
        QSet<QString> kept {}; ///< foreign, and not to be touched
    };

    Ids users {};
    Ids groups {};
    ForeignChoice foreign = ForeignChoice::Undecided;
    /// Limits Adopt and Delete to what a person has seen; nothing = all there is. By kind.
    std::optional<QSet<QString>> decidedUsers {};
    std::optional<QSet<QString>> decidedGroups {};

    bool isDecided(DirectoryRecordKind kind, const QString& id) const
    {
        const auto& ids = kind == DirectoryRecordKind::User ? decidedUsers : decidedGroups;
        return !ids || ids->contains(id);
    }

    const Ids& of(DirectoryRecordKind kind) const
    {
        return kind == DirectoryRecordKind::User ? users : groups;
    }
};

/// What the two record types should hold.
struct DesiredDirectory
{
    std::shared_ptr<const DirectoryRecords> records {};
    bool isPartial = false; ///< the source was not read completely: nothing may count as gone
    DirectoryOwnership ownership {};
    PushLimits limits {};
};

enum class RecordAction { Add, Update, Delete };

struct RecordChange
{
    DirectoryRecordKind kind = DirectoryRecordKind::User;
    RecordAction action = RecordAction::Add;
    QString id {};
    QString label {}; ///< display name or group name, for people; may be empty
    QString beforeTypeUrl {};
    QByteArray before {}; ///< as the databroker holds it; empty for Add
    QByteArray after {}; ///< Struct bytes to put; empty for Delete
    bool isTakeover = false; ///< replaces a record that somebody else put
    bool isCorrupt = false; ///< what is there is no usable directory record
    bool isByChoice = false; ///< Delete of a foreign record that a person asked for
    bool losesGroups = false; ///< Update of a user that takes a membership away
};

struct ForeignRecord
{
    DirectoryRecordKind kind = DirectoryRecordKind::User;
    QString id {};
    QString label {};
};

/// Where a databroker's history stood for each of the two types.
struct DirectoryPosition
{
    std::uint64_t serverVersion = 0;
    std::uint64_t users = 0;
    std::uint64_t groups = 0;

    DatabrokerPosition of(DirectoryRecordKind kind) const
    {
        return { serverVersion, kind == DirectoryRecordKind::User ? users : groups };
    }

    std::uint64_t& version(DirectoryRecordKind kind)
    {
        return kind == DirectoryRecordKind::User ? users : groups;
    }

    RecordPositions byType() const
    {
        return { { recordtype::kDirectoryGroup, of(DirectoryRecordKind::Group) },
            { recordtype::kDirectoryUser, of(DirectoryRecordKind::User) } };
    }
};

struct RecordCounts
{
    std::int64_t added = 0;
    std::int64_t updated = 0;
    std::int64_t deleted = 0;
    std::int64_t unchanged = 0;
    std::int64_t foreign = 0; ///< undecided: left alone
    std::int64_t kept = 0; ///< left alone by decision

    std::int64_t put() const { return added + updated; }

    std::int64_t changed() const { return added + updated + deleted; }
};

enum class PlanHold { TooManyDeletions, EmptyDirectory, PartialDirectory };

/// Difference between the directory and the two record types of a databroker, ready to be shown and
/// written.
struct DirectoryPlan
{
    std::vector<RecordChange> changes {}; ///< in writing order
    std::vector<ForeignRecord> foreign {}; ///< undecided or kept by `foreign == Keep`
    std::vector<ForeignRecord> refused {}; ///< too large for one message; not in `changes`
    RecordCounts users {};
    RecordCounts groups {};
    std::int64_t remoteRecords = 0;
    DirectoryPosition position {}; ///< before anything was written
    std::vector<PlanHold> holds {}; ///< why a person has to agree first; empty = go
    std::vector<Message> notes {};

    RecordCounts& of(DirectoryRecordKind kind);

    std::int64_t deletions() const { return users.deleted + groups.deleted; }
};

/// One sentence per hold with its numbers.
Message holdReason(const DirectoryPlan& plan, PlanHold hold);

/// Sets the holds of a plan (proxy.md 5.4).
void guardPlan(const DesiredDirectory& desired, DirectoryPlan& plan);

enum class WriteOrder {
    AdditionsFirst, ///< a renamed or merged group stays usable throughout
    RevocationsFirst, ///< for emergencies: what takes access away bites first
};

void orderChanges(std::vector<RecordChange>& changes, WriteOrder order);

} // namespace portreeve
