// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/directorywriter.h"

#include "core/store/membershiptable.h"
#include "core/store/packing.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr auto kFlapWindow = std::chrono::days(7);
constexpr std::size_t kMostNotes = 20;
constexpr std::size_t kIdsPerQuery = 4096;

std::uint64_t edgeNumber(Row group, Row member)
{
    return (std::uint64_t(group) << 32U) | member;
}

struct RemovedObjects
{
    std::vector<bool> users {};
    std::vector<bool> groups {};
    bool any = false;
};

RemovedObjects removedObjects(const ChangeSet& changes)
{
    RemovedObjects removed { .users = std::vector<bool>(changes.before->userCount()),
        .groups = std::vector<bool>(changes.before->groupCount()) };
    for (const auto* objects : { &changes.groups, &changes.users }) {
        for (const ObjectChange& change : *objects) {
            if (change.action == ChangeAction::Remove) {
                (change.kind == ObjectKind::Group ? removed.groups : removed.users)[change.before]
                    = true;
                removed.any = true;
            }
        }
    }
    return removed;
}

// fn(group row, member row, member is a group) for every stored edge at a removed object.
template <typename Function>
void forLostEdges(const Snapshot& before, const RemovedObjects& removed, Function function)
{
    for (Row group = 0; group < before.groupCount(); ++group) {
        for (const Row user : before.memberUsers(group)) {
            if (removed.groups[group] || removed.users[user]) {
                function(group, user, false);
            }
        }
        for (const Row member : before.memberGroups(group)) {
            if (removed.groups[group] || removed.groups[member]) {
                function(group, member, true);
            }
        }
    }
}

QString tableOf(ObjectKind kind)
{
    return kind == ObjectKind::Group ? u"directory_group"_s : u"directory_user"_s;
}

} // namespace

ChangeSet appliedPart(const ChangeSet& changes)
{
    ChangeSet applied = changes;
    const auto isHeld = [](const auto& change) { return change.held; };
    std::erase_if(applied.groups, isHeld);
    std::erase_if(applied.users, isHeld);
    std::erase_if(applied.memberships, isHeld);

    const RemovedObjects removed = removedObjects(applied);
    if (!removed.any) {
        return applied;
    }
    std::unordered_set<std::uint64_t> userEdges;
    std::unordered_set<std::uint64_t> groupEdges;
    for (const MembershipChange& change : applied.memberships) {
        if (change.removed) {
            (change.memberIsGroup ? groupEdges : userEdges)
                .insert(edgeNumber(change.group, change.member));
        }
    }
    forLostEdges(*applied.before, removed, [&](Row group, Row member, bool memberIsGroup) {
        if (!(memberIsGroup ? groupEdges : userEdges).contains(edgeNumber(group, member))) {
            applied.memberships.push_back({ .group = group,
                .member = member,
                .memberIsGroup = memberIsGroup,
                .removed = true });
        }
    });
    return applied;
}

DirectoryWriter::DirectoryWriter(Database& database, const ChangeSet& applied, const Place& place)
    : m_database(database)
    , m_statements(database)
    , m_applied(applied)
    , m_place(place)
    , m_keys { Keys(applied.before->userCount()), Keys(applied.after->userCount()),
        Keys(applied.before->groupCount()), Keys(applied.after->groupCount()) }
{
}

Result<void> DirectoryWriter::write()
{
    if (const auto found = findStored(); !found) {
        return found.error();
    }
    if (const auto found = lookUpKeys(); !found) {
        return found.error();
    }
    for (const auto* objects : { &m_applied.groups, &m_applied.users }) {
        for (const ObjectChange& change : *objects) {
            if (const auto written = writeObject(change); !written) {
                return written.error();
            }
        }
    }
    if (const auto memberships = writeMemberships(); !memberships) {
        return memberships.error();
    }
    return buryRemoved();
}

Result<void> DirectoryWriter::findStored()
{
    for (const ObjectKind kind : { ObjectKind::User, ObjectKind::Group }) {
        const auto any = m_database.number(
            u"SELECT EXISTS (SELECT 1 FROM %1 WHERE connection = ?)"_s.arg(tableOf(kind)),
            m_place.connection);
        if (!any) {
            return any.error();
        }
        m_stored.at(static_cast<std::size_t>(kind)) = *any != 0;
    }
    return {};
}

// Most keys that a change set needs, before anything is written; keyOf() finds the rest.
Result<void> DirectoryWriter::lookUpKeys()
{
    std::array<std::vector<bool>, 4> wanted;
    for (std::size_t side = 0; side < wanted.size(); ++side) {
        wanted.at(side).resize(m_keys.at(side).size());
    }
    for (const MembershipChange& change : m_applied.memberships) {
        const auto member = change.memberIsGroup ? ObjectKind::Group : ObjectKind::User;
        wanted.at(sideOf(ObjectKind::Group, change.removed))[change.group] = true;
        wanted.at(sideOf(member, change.removed))[change.member] = true;
    }
    for (const auto* objects : { &m_applied.groups, &m_applied.users }) {
        for (const ObjectChange& change : *objects) {
            const bool isNew = change.action == ChangeAction::Add;
            wanted.at(sideOf(change.kind, !isNew))[isNew ? change.after : change.before] = !isNew;
        }
    }
    for (const ObjectKind kind : { ObjectKind::User, ObjectKind::Group }) {
        for (const bool before : { true, false }) {
            const auto found = lookUpKeys(kind, before, wanted.at(sideOf(kind, before)));
            if (!found) {
                return found.error();
            }
        }
    }
    return {};
}

// Many ids a query, in the order of the index: edges in their own order would have SQLite read the
// same pages again and again.
Result<void> DirectoryWriter::lookUpKeys(
    ObjectKind kind, bool before, const std::vector<bool>& wanted)
{
    const Snapshot& snapshot = before ? *m_applied.before : *m_applied.after;
    const TextColumn& ids = kind == ObjectKind::Group ? snapshot.groupIds() : snapshot.userIds();
    Keys& keys = keysOf(kind, before);
    const QString sql
        = u"SELECT asked.key, stored.key FROM json_each(?) AS asked CROSS JOIN %1 AS stored "
          "WHERE stored.connection = ? AND stored.id = asked.value AND stored.removed_at IS NULL"_s
              .arg(tableOf(kind));
    for (Row row = 0; row < wanted.size();) {
        std::vector<Row> rows;
        QJsonArray asked;
        for (; row < wanted.size() && rows.size() < kIdsPerQuery; ++row) {
            if (wanted[row]) {
                rows.push_back(row);
                asked.append(ids.text(row));
            }
        }
        if (rows.empty()) {
            break;
        }
        const QString text = QString::fromUtf8(QJsonDocument(asked).toJson(QJsonDocument::Compact));
        const auto found = m_statements.query(sql, text, m_place.connection);
        if (!found) {
            return found.error();
        }
        for (auto next = (*found)->next();; next = (*found)->next()) {
            if (!next) {
                return next.error();
            }
            if (!*next) {
                break;
            }
            keys[rows.at(static_cast<std::size_t>((*found)->integer(0)))] = (*found)->integer(1);
        }
    }
    return {};
}

Result<std::optional<DirectoryWriter::Grave>> DirectoryWriter::graveOf(const ObjectChange& change)
{
    if (!m_stored.at(static_cast<std::size_t>(change.kind))) {
        return std::optional<Grave>();
    }
    const auto found = m_statements.query(
        u"SELECT key, removed_at, removed_by_run FROM %1 WHERE connection = ? AND id = ? "
        "AND removed_at IS NOT NULL"_s.arg(tableOf(change.kind)),
        m_place.connection, m_applied.objectId(change));
    const auto row = found ? (*found)->next() : Result<bool>(found.error());
    if (!row) {
        return row.error();
    }
    return *row ? std::optional(Grave { .key = (*found)->integer(0),
                      .removedAt = (*found)->time(1),
                      .removedByRun = (*found)->integer(2) })
                : std::nullopt;
}

Result<void> DirectoryWriter::writeObject(const ObjectChange& change)
{
    if (change.action == ChangeAction::Remove) {
        return {}; // after the memberships, which the tombstone keeps
    }
    if (change.action == ChangeAction::Add) {
        const auto grave = graveOf(change);
        if (!grave) {
            return grave.error();
        }
        return *grave ? resurrect(change, **grave) : addObject(change);
    }
    const auto key = keyOf(change.kind, true, change.before);
    return key ? updateObject(change, *key) : Result<void>(key.error());
}

Result<void> DirectoryWriter::addObject(const ObjectChange& change)
{
    const Result<Statement*> added = [&] {
        if (change.kind == ObjectKind::Group) {
            const GroupRecord group = m_applied.after->group(change.after);
            return m_statements.query(u"INSERT INTO directory_group (connection, id, name, email, "
                                      "kind) VALUES (?, ?, ?, ?, ?)"_s,
                m_place.connection, group.id, group.name, group.email, groupKindName(group.kind));
        }
        const UserRecord user = m_applied.after->user(change.after);
        return m_statements.query(
            u"INSERT INTO directory_user (connection, id, display_name, email, "
            "login, suspended) VALUES (?, ?, ?, ?, ?, ?)"_s,
            m_place.connection, user.id, user.displayName, user.email, user.login,
            user.state == UserState::Suspended);
    }();
    if (!added) {
        return added.error();
    }
    keysOf(change.kind, false)[change.after] = (*added)->insertedKey();
    return {};
}

Result<void> DirectoryWriter::resurrect(const ObjectChange& change, const Grave& grave)
{
    const auto raised = m_statements.execute(
        u"UPDATE %1 SET removed_at = NULL, removed_by_run = NULL, former_memberships = NULL "
        "WHERE key = ?"_s.arg(tableOf(change.kind)),
        grave.key);
    if (!raised) {
        return raised.error();
    }
    keysOf(change.kind, false)[change.after] = grave.key;
    noteFlap(change, grave);
    return updateObject(change, grave.key);
}

Result<void> DirectoryWriter::updateObject(const ObjectChange& change, std::int64_t key)
{
    if (change.kind == ObjectKind::Group) {
        const GroupRecord group = m_applied.after->group(change.after);
        return m_statements.execute(
            u"UPDATE directory_group SET name = ?, email = ?, kind = ? WHERE key = ?"_s, group.name,
            group.email, groupKindName(group.kind), key);
    }
    const UserRecord user = m_applied.after->user(change.after);
    return m_statements.execute(
        u"UPDATE directory_user SET display_name = ?, email = ?, login = ?, "
        "suspended = ? WHERE key = ?"_s,
        user.displayName, user.email, user.login, user.state == UserState::Suspended, key);
}

void DirectoryWriter::noteFlap(const ObjectChange& change, const Grave& grave)
{
    if (m_place.at - grave.removedAt > kFlapWindow || m_notes.size() > kMostNotes) {
        return;
    }
    m_notes.push_back(m_notes.size() == kMostNotes
            ? u"More objects flapped than are listed here."_s
            : u"%1 %2 flapped: removed by run %3, back with run %4."_s
                  .arg(objectKindName(change.kind), m_applied.objectId(change))
                  .arg(grave.removedByRun)
                  .arg(m_place.run));
}

std::size_t DirectoryWriter::sideOf(ObjectKind kind, bool before)
{
    return (kind == ObjectKind::Group ? 2U : 0U) + (before ? 0U : 1U);
}

Result<std::int64_t> DirectoryWriter::keyOf(ObjectKind kind, bool before, Row row)
{
    std::int64_t& key = keysOf(kind, before)[row];
    if (key == 0) {
        const Snapshot& snapshot = before ? *m_applied.before : *m_applied.after;
        const QString id = kind == ObjectKind::Group ? snapshot.groupId(row) : snapshot.userId(row);
        const auto found = m_statements.number(
            u"SELECT key FROM %1 WHERE connection = ? AND id = ? AND removed_at IS NULL"_s.arg(
                tableOf(kind)),
            m_place.connection, id);
        if (!found) {
            return found.error();
        }
        if (*found == 0) {
            return Error { .code = ErrorCode::Internal,
                .what = message(QT_TRANSLATE_NOOP("Message",
                                    "The plan names %1, which is neither stored nor new."),
                    id),
                .remedy = message(QT_TRANSLATE_NOOP("Message", "Make the plan again.")) };
        }
        key = *found;
    }
    return key;
}

Result<void> DirectoryWriter::writeMemberships()
{
    std::vector<MemberEdit> edits;
    edits.reserve(m_applied.memberships.size());
    for (const MembershipChange& change : m_applied.memberships) {
        const auto group = keyOf(ObjectKind::Group, change.removed, change.group);
        if (!group) {
            return group.error();
        }
        const auto member = keyOf(change.memberIsGroup ? ObjectKind::Group : ObjectKind::User,
            change.removed, change.member);
        if (!member) {
            return member.error();
        }
        edits.push_back({ .group = *group,
            .memberIsGroup = change.memberIsGroup,
            .member = *member,
            .removed = change.removed });
    }
    return MembershipTable(m_database, m_place.connection).apply(std::move(edits));
}

// What a tombstone keeps: keys of the groups it was in; of a group also its users and its groups.
Result<void> DirectoryWriter::buryRemoved()
{
    const RemovedObjects removed = removedObjects(m_applied);
    if (!removed.any) {
        return {};
    }
    std::unordered_map<Row, Keys> groupsOfUser;
    std::unordered_map<Row, Keys> groupsOfGroup;
    std::optional<Error> failure;
    const auto keep = [&](Row group, Row member, bool memberIsGroup) {
        const auto key = keyOf(ObjectKind::Group, true, group);
        if (!key) {
            failure = key.error();
            return;
        }
        (memberIsGroup ? groupsOfGroup : groupsOfUser)[member].push_back(*key);
    };
    forLostEdges(*m_applied.before, removed, keep);
    if (failure) {
        return *failure;
    }
    for (const auto* objects : { &m_applied.groups, &m_applied.users }) {
        for (const ObjectChange& change : *objects) {
            if (change.action != ChangeAction::Remove) {
                continue;
            }
            const bool isGroup = change.kind == ObjectKind::Group;
            const auto former = formerMemberships(
                change, std::move((isGroup ? groupsOfGroup : groupsOfUser)[change.before]));
            if (!former) {
                return former.error();
            }
            if (const auto buried = bury(change, *former); !buried) {
                return buried.error();
            }
        }
    }
    return {};
}

Result<QByteArray> DirectoryWriter::formerMemberships(const ObjectChange& change, Keys parents)
{
    PackWriter pack;
    std::sort(parents.begin(), parents.end());
    pack.keys(parents);
    if (change.kind != ObjectKind::Group) {
        return pack.bytes();
    }
    const Snapshot& before = *m_applied.before;
    for (const auto kind : { ObjectKind::User, ObjectKind::Group }) {
        Keys members;
        for (const Row row : kind == ObjectKind::Group ? before.memberGroups(change.before)
                                                       : before.memberUsers(change.before)) {
            const auto key = keyOf(kind, true, row);
            if (!key) {
                return key.error();
            }
            members.push_back(*key);
        }
        std::sort(members.begin(), members.end());
        pack.keys(members);
    }
    return pack.bytes();
}

Result<void> DirectoryWriter::bury(const ObjectChange& change, const QByteArray& formerMemberships)
{
    const auto key = keyOf(change.kind, true, change.before);
    if (!key) {
        return key.error();
    }
    return m_statements.execute(u"UPDATE %1 SET removed_at = ?, removed_by_run = ?, "
                                "former_memberships = ? WHERE key = ?"_s.arg(tableOf(change.kind)),
        m_place.at, m_place.run, formerMemberships, *key);
}

} // namespace portreeve
