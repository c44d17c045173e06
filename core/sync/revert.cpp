// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/revert.h"

#include "core/directory/snapshotbuilder.h"

#include <QHash>
#include <QSet>

#include <optional>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// A field of a record by the name AttributeChange gives it.
std::optional<QString> field(const UserRecord& user, const QString& name)
{
    if (name == u"display_name") {
        return user.displayName;
    }
    if (name == u"email") {
        return user.email;
    }
    if (name == u"login") {
        return user.login;
    }
    return name == u"state" ? std::optional(userStateName(user.state)) : std::nullopt;
}

std::optional<QString> field(const GroupRecord& group, const QString& name)
{
    if (name == u"name") {
        return group.name;
    }
    if (name == u"email") {
        return group.email;
    }
    return name == u"kind" ? std::optional(groupKindName(group.kind)) : std::nullopt;
}

void setField(UserRecord& user, const QString& name, const QString& value)
{
    if (name == u"display_name") {
        user.displayName = value;
    } else if (name == u"email") {
        user.email = value;
    } else if (name == u"login") {
        user.login = value;
    } else if (name == u"state") {
        user.state = value == userStateName(UserState::Suspended) ? UserState::Suspended
                                                                  : UserState::Active;
    }
}

void setField(GroupRecord& group, const QString& name, const QString& value)
{
    if (name == u"name") {
        group.name = value;
    } else if (name == u"email") {
        group.email = value;
    } else if (name == u"kind") {
        group.kind
            = value == groupKindName(GroupKind::OrgUnit) ? GroupKind::OrgUnit : GroupKind::Group;
    }
}

struct EdgeKey
{
    QString group {};
    QString member {};
    bool memberIsGroup = false;

    friend bool operator==(const EdgeKey&, const EdgeKey&) = default;
};

size_t qHash(const EdgeKey& key, size_t seed = 0)
{
    return qHashMulti(seed, key.group, key.member, key.memberIsGroup);
}

class Inverse
{
public:
    explicit Inverse(const Snapshot& today)
    {
        std::vector<QString> userIds; // shared by all edges of a user
        for (Row row = 0; row < today.userCount(); ++row) {
            const UserRecord user = today.user(row);
            userIds.push_back(user.id);
            m_users.insert(user.id, user);
        }
        for (Row row = 0; row < today.groupCount(); ++row) {
            const QString id = today.groupId(row);
            m_groups.insert(id, today.group(row));
            for (const Row user : today.memberUsers(row)) {
                m_edges.insert({ .group = id, .member = userIds[user] });
            }
            for (const Row group : today.memberGroups(row)) {
                m_edges.insert(
                    { .group = id, .member = today.groupId(group), .memberIsGroup = true });
            }
        }
    }

    void undo(const RunChange& change)
    {
        switch (change.kind) {
        case ObjectKind::User:
            undoRecord(m_users, change);
            break;
        case ObjectKind::Group:
            undoRecord(m_groups, change);
            break;
        case ObjectKind::Membership:
            undoEdge(change);
            break;
        }
    }

    /// Changes that did not find what they had made.
    std::int64_t changedSince() const { return m_changedSince; }

    Result<SnapshotPtr> build()
    {
        SnapshotBuilder out;
        for (const UserRecord& user : std::as_const(m_users)) {
            out.addUser(user);
        }
        for (const GroupRecord& group : std::as_const(m_groups)) {
            out.addGroup(group);
        }
        std::int64_t lost = 0;
        for (const EdgeKey& edge : std::as_const(m_edges)) {
            const bool there = m_groups.contains(edge.group)
                && (edge.memberIsGroup ? m_groups.contains(edge.member)
                                       : m_users.contains(edge.member));
            if (there) {
                out.addMember(edge.group, edge.member,
                    edge.memberIsGroup ? MemberKind::Group : MemberKind::User);
            } else {
                lost += m_restored.contains(edge) ? 1 : 0;
            }
        }
        if (m_changedSince > 0) {
            out.note(
                u"Changes of that run that stay, as later runs changed the same records again: "
                "%1."_s.arg(m_changedSince));
        }
        if (lost > 0) {
            out.note(u"Memberships that stay removed, as their group or member no longer exists: "
                     "%1."_s.arg(lost));
        }
        out.note(u"The next sync brings back what the provider still says."_s);
        out.markUsersComplete();
        out.markGroupsComplete();
        out.markMembershipsComplete();
        return out.build();
    }

private:
    template <typename Record>
    void undoRecord(QHash<QString, Record>& records, const RunChange& change)
    {
        const auto found = records.find(change.id);
        if (change.action == ChangeAction::Add) {
            records.remove(change.id);
            return;
        }
        if (change.action == ChangeAction::Remove) {
            if (found == records.end()) {
                Record record {};
                record.id = change.id;
                for (const AttributeChange& attribute : change.attributes) {
                    setField(record, attribute.name, attribute.before);
                }
                records.insert(change.id, record);
            } else {
                ++m_changedSince;
            }
            return;
        }
        bool intact = found != records.end();
        for (const AttributeChange& attribute : change.attributes) {
            intact = intact && field(*found, attribute.name) == attribute.after;
        }
        if (!intact) {
            ++m_changedSince;
            return;
        }
        for (const AttributeChange& attribute : change.attributes) {
            setField(*found, attribute.name, attribute.before);
        }
    }

    void undoEdge(const RunChange& change)
    {
        const EdgeKey edge {
            .group = change.id, .member = change.memberId, .memberIsGroup = change.memberIsGroup
        };
        if (change.action == ChangeAction::Add) {
            m_edges.remove(edge);
        } else {
            m_edges.insert(edge);
            m_restored.insert(edge);
        }
    }

    QHash<QString, UserRecord> m_users;
    QHash<QString, GroupRecord> m_groups;
    QSet<EdgeKey> m_edges;
    QSet<EdgeKey> m_restored;
    std::int64_t m_changedSince = 0;
};

RunChange inverseOf(RunChange change)
{
    if (change.action == ChangeAction::Add) {
        change.action = ChangeAction::Remove;
    } else if (change.action == ChangeAction::Remove) {
        change.action = ChangeAction::Add;
    }
    for (AttributeChange& attribute : change.attributes) {
        std::swap(attribute.before, attribute.after);
    }
    return change;
}

Error doesNotFit(std::int64_t changes)
{
    return { .code = ErrorCode::Stale,
        .what = message(QT_TRANSLATE_NOOP("Message",
                            "%1 of the recorded changes do not fit the directory as it is stored."),
            QString::number(changes)),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Make a new plan and compare with that; of past times, take a later one.")) };
}

} // namespace

Result<SnapshotPtr> withoutRun(const Snapshot& today, const std::vector<RunChange>& changes)
{
    Inverse inverse(today);
    for (const RunChange& change : changes) {
        inverse.undo(change);
    }
    return inverse.build();
}

Result<SnapshotPtr> beforeChanges(const Snapshot& today, const std::vector<RunChange>& changes)
{
    Inverse inverse(today);
    for (const RunChange& change : changes) {
        inverse.undo(change);
    }
    return inverse.changedSince() > 0 ? doesNotFit(inverse.changedSince()) : inverse.build();
}

Result<SnapshotPtr> withChanges(const Snapshot& today, const std::vector<RunChange>& changes)
{
    Inverse inverse(today);
    for (const RunChange& change : changes) {
        inverse.undo(inverseOf(change));
    }
    return inverse.changedSince() > 0 ? doesNotFit(inverse.changedSince()) : inverse.build();
}

} // namespace portreeve
