// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/runjournal.h"

#include "core/store/database.h"
#include "core/store/packing.h"
#include "core/store/rundictionary.h"
#include "core/store/storageerror.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr std::int64_t kChangesPerBlock = 4096;

constexpr unsigned kActionShift = 2;
constexpr unsigned kMemberIsGroupShift = 5;
constexpr std::uint64_t kKindMask = 3;
constexpr std::uint64_t kActionMask = 7;

// Positions are stored: append only.
constexpr std::array kAttributes { "display_name"_L1, "email"_L1, "login"_L1, "state"_L1, "name"_L1,
    "kind"_L1 };

struct PackedChange
{
    RunChange change {};
    std::uint32_t object = 0;
    std::uint32_t member = 0;
};

std::vector<AttributeChange> wholeUser(const UserRecord& user)
{
    return { { .name = u"display_name"_s, .after = user.displayName },
        { .name = u"email"_s, .after = user.email }, { .name = u"login"_s, .after = user.login },
        { .name = u"state"_s, .after = userStateName(user.state) } };
}

std::vector<AttributeChange> wholeGroup(const GroupRecord& group)
{
    return { { .name = u"name"_s, .after = group.name },
        { .name = u"email"_s, .after = group.email },
        { .name = u"kind"_s, .after = groupKindName(group.kind) } };
}

// An added or removed object keeps all its fields, so that a run can be reverted.
std::vector<AttributeChange> attributesOf(const ChangeSet& changes, const ObjectChange& change)
{
    const bool added = change.action == ChangeAction::Add;
    if (!added && change.action != ChangeAction::Remove) {
        return changes.attributes(change);
    }
    const Snapshot& snapshot = added ? *changes.after : *changes.before;
    const Row row = added ? change.after : change.before;
    auto attributes = change.kind == ObjectKind::Group ? wholeGroup(snapshot.group(row))
                                                       : wholeUser(snapshot.user(row));
    for (AttributeChange& attribute : attributes) {
        if (!added) {
            std::swap(attribute.before, attribute.after);
        }
    }
    std::erase_if(attributes, [](const AttributeChange& attribute) {
        return attribute.before.isEmpty() && attribute.after.isEmpty();
    });
    return attributes;
}

class BlockWriter
{
public:
    BlockWriter(Statement insert, std::int64_t run)
        : m_insert(std::move(insert))
        , m_run(run)
    {
    }

    Result<void> addObject(const ObjectChange& change, std::uint32_t number,
        const std::vector<AttributeChange>& fields)
    {
        begin(change.kind, change.action, false, number);
        m_pack.number(fields.size());
        for (const AttributeChange& field : fields) {
            const auto name = std::find(kAttributes.begin(), kAttributes.end(), field.name);
            m_pack.number(static_cast<std::uint64_t>(name - kAttributes.begin()));
            m_pack.text(field.before.toUtf8());
            m_pack.text(field.after.toUtf8());
        }
        return finishChange();
    }

    Result<void> addMembership(
        const MembershipChange& change, std::uint32_t group, std::uint32_t member)
    {
        begin(ObjectKind::Membership, change.removed ? ChangeAction::Remove : ChangeAction::Add,
            change.memberIsGroup, group);
        m_pack.difference(std::int64_t(member) - m_member);
        m_member = member;
        return finishChange();
    }

    Result<void> flush()
    {
        if (m_count == 0) {
            return {};
        }
        auto written = m_insert.execute(m_run, m_first, m_count, m_pack.bytes());
        m_pack = {};
        m_first += m_count;
        m_count = m_object = m_member = 0;
        return written;
    }

private:
    void begin(ObjectKind kind, ChangeAction action, bool memberIsGroup, std::uint32_t number)
    {
        m_pack.number(static_cast<std::uint64_t>(kind)
            | (static_cast<std::uint64_t>(action) << kActionShift)
            | (std::uint64_t(memberIsGroup ? 1 : 0) << kMemberIsGroupShift));
        m_pack.difference(std::int64_t(number) - m_object);
        m_object = number;
    }

    Result<void> finishChange() { return ++m_count == kChangesPerBlock ? flush() : Result<void>(); }

    Statement m_insert;
    std::int64_t m_run;
    PackWriter m_pack;
    std::int64_t m_first = 0;
    std::int64_t m_count = 0;
    std::int64_t m_object = 0;
    std::int64_t m_member = 0;
};

std::optional<std::vector<PackedChange>> unpackBlock(const QByteArray& content)
{
    std::vector<PackedChange> changes;
    PackReader reader(content);
    std::int64_t object = 0;
    std::int64_t member = 0;
    while (!reader.atEnd()) {
        const std::uint64_t head = reader.number();
        PackedChange packed;
        packed.change.kind = static_cast<ObjectKind>(head & kKindMask);
        packed.change.action = static_cast<ChangeAction>((head >> kActionShift) & kActionMask);
        packed.change.memberIsGroup = ((head >> kMemberIsGroupShift) & 1U) != 0;
        object += reader.difference();
        packed.object = static_cast<std::uint32_t>(object);
        if (packed.change.kind == ObjectKind::Membership) {
            member += reader.difference();
            packed.member = static_cast<std::uint32_t>(member);
        } else {
            const std::uint64_t count
                = std::min<std::uint64_t>(reader.number(), kAttributes.size());
            for (std::uint64_t i = 0; i < count; ++i) {
                const std::uint64_t name = reader.number() % kAttributes.size();
                const QString before = QString::fromUtf8(reader.text());
                packed.change.attributes.push_back({ .name = kAttributes.at(name),
                    .before = before,
                    .after = QString::fromUtf8(reader.text()) });
            }
        }
        changes.push_back(std::move(packed));
    }
    return reader.isSound() ? std::optional(std::move(changes)) : std::nullopt;
}

Result<void> fillNames(RunDictionary& names, PackedChange& packed)
{
    const auto object = names.at(packed.object);
    if (!object) {
        return object.error();
    }
    packed.change.id = object->id;
    packed.change.name = object->name;
    if (packed.change.kind == ObjectKind::Membership) {
        const auto member = names.at(packed.member);
        if (!member) {
            return member.error();
        }
        packed.change.memberId = member->id;
        packed.change.memberName = member->name;
    }
    return {};
}

} // namespace

RunJournal::RunJournal(Database& database)
    : m_database(database)
{
}

Result<void> RunJournal::write(std::int64_t run, const ChangeSet& applied)
{
    const RunNumbers numbers(applied);
    if (const auto stored = numbers.store(m_database, run); !stored) {
        return stored.error();
    }
    auto insert = m_database.prepare(u"INSERT INTO run_change_block VALUES (?, ?, ?, ?)"_s);
    if (!insert) {
        return insert.error();
    }
    BlockWriter writer(std::move(*insert), run);
    for (const auto* objects : { &applied.groups, &applied.users }) {
        for (const ObjectChange& change : *objects) {
            const auto added
                = writer.addObject(change, numbers.ofObject(change), attributesOf(applied, change));
            if (!added) {
                return added.error();
            }
        }
    }
    for (const MembershipChange& change : applied.memberships) {
        const auto added
            = writer.addMembership(change, numbers.ofGroup(change), numbers.ofMember(change));
        if (!added) {
            return added.error();
        }
    }
    return writer.flush();
}

Result<std::vector<RunChange>> RunJournal::read(
    std::int64_t run, std::int64_t offset, std::int64_t limit)
{
    struct Block
    {
        std::int64_t first = 0;
        QByteArray content {};
    };

    const auto blocks = m_database.all(
        u"SELECT first, content FROM run_change_block "
        "WHERE run = ? AND first + count > ? AND first < ? ORDER BY first"_s,
        [](const Statement& row) {
            return Block { .first = row.integer(0), .content = row.bytes(1) };
        },
        run, offset, offset + limit);
    if (!blocks) {
        return blocks.error();
    }
    RunDictionary names(m_database, run);
    std::vector<RunChange> changes;
    for (const Block& block : *blocks) {
        auto unpacked = unpackBlock(block.content);
        if (!unpacked) {
            return damagedError(m_database.path(), u"changes of run %1 do not decode"_s.arg(run));
        }
        std::int64_t position = block.first;
        for (PackedChange& packed : *unpacked) {
            const bool asked = position >= offset && position < offset + limit;
            ++position;
            if (!asked) {
                continue;
            }
            if (const auto named = fillNames(names, packed); !named) {
                return named.error();
            }
            changes.push_back(std::move(packed.change));
        }
    }
    return changes;
}

Result<std::vector<RunChange>> RunJournal::touching(
    std::int64_t run, ObjectKind kind, const QString& id)
{
    RunDictionary names(m_database, run);
    const auto number = names.find(kind, id);
    if (!number) {
        return number.error();
    }
    std::vector<RunChange> changes;
    if (!*number) {
        return changes;
    }
    const auto blocks = m_database.all(
        u"SELECT content FROM run_change_block WHERE run = ? ORDER BY first"_s,
        [](const Statement& row) { return row.bytes(0); }, run);
    if (!blocks) {
        return blocks.error();
    }
    for (const QByteArray& content : *blocks) {
        auto unpacked = unpackBlock(content);
        if (!unpacked) {
            return damagedError(m_database.path(), u"changes of run %1 do not decode"_s.arg(run));
        }
        for (PackedChange& packed : *unpacked) {
            const bool isMember
                = packed.change.kind == ObjectKind::Membership && packed.member == **number;
            if (packed.object != **number && !isMember) {
                continue;
            }
            if (const auto named = fillNames(names, packed); !named) {
                return named.error();
            }
            changes.push_back(std::move(packed.change));
        }
    }
    return changes;
}

} // namespace portreeve
