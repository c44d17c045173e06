// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/rundictionary.h"

#include "core/store/database.h"
#include "core/store/packing.h"
#include "core/store/storageerror.h"

#include <algorithm>
#include <string_view>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr std::uint32_t kObjectsPerBlock = 256;
constexpr std::uint32_t kTouched = 0; // until numbers are given out

void touch(std::vector<std::uint32_t>& numbers, Row row)
{
    numbers[row] = kTouched;
}

struct Numbered
{
    std::uint32_t number = 0;
    Row before = kNoRow;
    Row after = kNoRow;
};

} // namespace

RunNumbers::RunNumbers(const ChangeSet& changes)
    : m_changes(changes)
{
    const Snapshot& before = *changes.before;
    const Snapshot& after = *changes.after;
    m_users = { .before = Numbers(before.userCount(), kNoRow),
        .after = Numbers(after.userCount(), kNoRow) };
    m_groups = { .before = Numbers(before.groupCount(), kNoRow),
        .after = Numbers(after.groupCount(), kNoRow) };
    for (const auto* objects : { &changes.groups, &changes.users }) {
        for (const ObjectChange& change : *objects) {
            Side& side = sideOf(change.kind);
            change.after == kNoRow ? touch(side.before, change.before)
                                   : touch(side.after, change.after);
        }
    }
    for (const MembershipChange& change : changes.memberships) {
        Side& members = change.memberIsGroup ? m_groups : m_users;
        touch(change.removed ? m_groups.before : m_groups.after, change.group);
        touch(change.removed ? members.before : members.after, change.member);
    }
    const std::uint32_t users = assign(m_users, before.userIds(), after.userIds(), 0);
    const std::uint32_t firstGroup
        = (users + kObjectsPerBlock - 1) / kObjectsPerBlock * kObjectsPerBlock;
    assign(m_groups, before.groupIds(), after.groupIds(), firstGroup);
}

// Both columns are sorted by id bytes, so one walk finds the ids they share.
std::uint32_t RunNumbers::assign(
    Side& side, const TextColumn& before, const TextColumn& after, std::uint32_t first)
{
    std::uint32_t next = first;
    std::size_t b = 0;
    std::size_t a = 0;
    while (b < before.size() || a < after.size()) {
        int order = 0;
        if (b == before.size() || a == after.size()) {
            order = b == before.size() ? 1 : -1;
        } else {
            const std::string_view left(before.at(b).data(), std::size_t(before.at(b).size()));
            const std::string_view right(after.at(a).data(), std::size_t(after.at(a).size()));
            order = left.compare(right);
        }
        bool touched = false;
        if (order <= 0) {
            touched = side.before[b] == kTouched;
        }
        if (order >= 0) {
            touched = touched || side.after[a] == kTouched;
        }
        if (order <= 0) {
            side.before[b++] = touched ? next : kNoRow;
        }
        if (order >= 0) {
            side.after[a++] = touched ? next : kNoRow;
        }
        next += touched ? 1 : 0;
    }
    return next;
}

RunNumbers::Side& RunNumbers::sideOf(ObjectKind kind)
{
    return kind == ObjectKind::Group ? m_groups : m_users;
}

const RunNumbers::Side& RunNumbers::sideOf(ObjectKind kind) const
{
    return kind == ObjectKind::Group ? m_groups : m_users;
}

std::uint32_t RunNumbers::ofObject(const ObjectChange& change) const
{
    const Side& side = sideOf(change.kind);
    return change.after == kNoRow ? side.before[change.before] : side.after[change.after];
}

std::uint32_t RunNumbers::ofGroup(const MembershipChange& change) const
{
    return (change.removed ? m_groups.before : m_groups.after)[change.group];
}

std::uint32_t RunNumbers::ofMember(const MembershipChange& change) const
{
    const Side& side = change.memberIsGroup ? m_groups : m_users;
    return (change.removed ? side.before : side.after)[change.member];
}

Result<void> RunNumbers::store(Database& database, std::int64_t run) const
{
    const auto users = storeKind(database, run, ObjectKind::User);
    return users ? storeKind(database, run, ObjectKind::Group) : users;
}

Result<void> RunNumbers::storeKind(Database& database, std::int64_t run, ObjectKind kind) const
{
    const Side& side = sideOf(kind);
    std::vector<Numbered> objects;
    for (Row row = 0; row < side.after.size(); ++row) {
        if (side.after[row] != kNoRow) {
            objects.push_back({ .number = side.after[row], .after = row });
        }
    }
    for (Row row = 0; row < side.before.size(); ++row) {
        if (side.before[row] != kNoRow) {
            objects.push_back({ .number = side.before[row], .before = row });
        }
    }
    // An object on both sides keeps its newer name: stable, and `after` came first.
    std::stable_sort(objects.begin(), objects.end(),
        [](const Numbered& a, const Numbered& b) { return a.number < b.number; });
    objects.erase(std::unique(objects.begin(), objects.end(),
                      [](const Numbered& a, const Numbered& b) { return a.number == b.number; }),
        objects.end());

    auto insert = database.prepare(u"INSERT INTO run_object_block VALUES (?, ?, ?, ?, ?)"_s);
    if (!insert) {
        return insert.error();
    }
    for (std::size_t i = 0; i < objects.size(); i += kObjectsPerBlock) {
        PackWriter pack;
        QByteArray firstId;
        const std::size_t end = std::min<std::size_t>(i + kObjectsPerBlock, objects.size());
        for (std::size_t j = i; j < end; ++j) {
            const ObjectChange object { .kind = kind,
                .action = ChangeAction::Update,
                .before = objects[j].before,
                .after = objects[j].after };
            const QByteArray id = m_changes.objectId(object).toUtf8();
            firstId = j == i ? id : firstId;
            pack.text(id);
            pack.text(m_changes.objectName(object).toUtf8());
        }
        const auto written
            = insert->execute(run, std::int64_t(objects[i].number / kObjectsPerBlock),
                static_cast<int>(kind), firstId, pack.bytes());
        if (!written) {
            return written.error();
        }
    }
    return {};
}

RunDictionary::RunDictionary(Database& database, std::int64_t run)
    : m_database(database)
    , m_run(run)
{
}

Result<std::vector<RunDictionary::Entry>> RunDictionary::unpack(const QByteArray& content) const
{
    std::vector<Entry> entries;
    PackReader reader(content);
    while (!reader.atEnd()) {
        const QString id = QString::fromUtf8(reader.text());
        entries.push_back({ .id = id, .name = QString::fromUtf8(reader.text()) });
    }
    if (!reader.isSound()) {
        return damagedError(m_database.path(), u"names of run %1 do not decode"_s.arg(m_run));
    }
    return entries;
}

Result<RunDictionary::Entry> RunDictionary::at(std::uint32_t number)
{
    const std::uint32_t block = number / kObjectsPerBlock;
    auto found = m_blocks.constFind(block);
    if (found == m_blocks.constEnd()) {
        const auto contents = m_database.all(
            u"SELECT content FROM run_object_block WHERE run = ? AND block = ?"_s,
            [](const Statement& row) { return row.bytes(0); }, m_run, std::int64_t(block));
        if (!contents) {
            return contents.error();
        }
        auto entries = unpack(contents->empty() ? QByteArray() : contents->front());
        if (!entries) {
            return entries.error();
        }
        found = m_blocks.emplace(block, std::move(*entries));
    }
    const std::size_t index = number % kObjectsPerBlock;
    if (index >= found->size()) {
        return damagedError(m_database.path(), u"run %1 misses a name"_s.arg(m_run));
    }
    return (*found)[index];
}

Result<std::optional<std::uint32_t>> RunDictionary::find(ObjectKind kind, const QString& id)
{
    struct Block
    {
        std::uint32_t number = 0;
        QByteArray content {};
    };

    const auto blocks = m_database.all(
        u"SELECT block, content FROM run_object_block "
        "WHERE run = ? AND kind = ? AND first_id <= ? ORDER BY block DESC LIMIT 1"_s,
        [](const Statement& row) {
            return Block { .number = static_cast<std::uint32_t>(row.integer(0)),
                .content = row.bytes(1) };
        },
        m_run, static_cast<int>(kind), id.toUtf8());
    if (!blocks) {
        return blocks.error();
    }
    if (blocks->empty()) {
        return std::optional<std::uint32_t>();
    }
    const auto entries = unpack(blocks->front().content);
    if (!entries) {
        return entries.error();
    }
    for (std::uint32_t i = 0; i < entries->size(); ++i) {
        if ((*entries)[i].id == id) {
            return std::optional(blocks->front().number * kObjectsPerBlock + i);
        }
    }
    return std::optional<std::uint32_t>();
}

} // namespace portreeve
