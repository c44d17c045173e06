// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/scope.h"

#include <algorithm>
#include <tuple>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// Old rows to new ones; kNoRow for what is left out.
std::vector<Row> renumbered(const std::vector<bool>& kept)
{
    std::vector<Row> rows(kept.size(), kNoRow);
    Row next = 0;
    for (std::size_t row = 0; row < kept.size(); ++row) {
        if (kept[row]) {
            rows[row] = next++;
        }
    }
    return rows;
}

bool keepsAll(const std::vector<bool>& kept)
{
    return std::find(kept.begin(), kept.end(), false) == kept.end();
}

TextColumn selected(const TextColumn& column, const std::vector<bool>& kept)
{
    TextColumn out;
    out.reserve(column.size(), column.bytes().size());
    for (std::size_t row = 0; row < kept.size(); ++row) {
        if (kept[row]) {
            out.append(column.at(row));
        }
    }
    return out;
}

template <typename T>
std::vector<T> selected(const std::vector<T>& column, const std::vector<bool>& kept)
{
    std::vector<T> out;
    for (std::size_t row = 0; row < kept.size(); ++row) {
        if (kept[row]) {
            out.push_back(column[row]);
        }
    }
    return out;
}

std::vector<bool> usersToKeep(const Snapshot& fetched, const SyncRules& rules)
{
    std::vector<bool> kept(fetched.userCount(), true);
    for (Row user = 0; rules.requireEmail && user < fetched.userCount(); ++user) {
        kept[user] = fetched.userState(user) == UserState::Suspended
            || !fetched.userEmails().at(user).isEmpty();
    }
    return kept;
}

/// @param unmatched  receives the filter entries that name no group
std::vector<bool> groupsToKeep(
    const Snapshot& fetched, const std::vector<QString>& filter, std::vector<QString>& unmatched)
{
    if (filter.empty()) {
        return std::vector<bool>(fetched.groupCount(), true);
    }
    std::vector<bool> kept(fetched.groupCount(), false);
    std::vector<bool> matched(filter.size(), false);
    for (Row group = 0; group < fetched.groupCount(); ++group) {
        const GroupRecord record = fetched.group(group);
        for (std::size_t i = 0; i < filter.size(); ++i) {
            if (record.id == filter[i] || matchesGlob(filter[i], record.name)) {
                kept[group] = true;
                matched[i] = true;
            }
        }
    }
    for (std::size_t i = 0; i < filter.size(); ++i) {
        if (!matched[i]) {
            unmatched.push_back(filter[i]);
        }
    }
    return kept;
}

/// Rewrites the member lists of a fetch for the groups and users that stay.
class Contraction
{
public:
    Contraction(const Snapshot& fetched, const std::vector<bool>& users,
        const std::vector<bool>& groups, bool flowThrough)
        : m_fetched(fetched)
        , m_users(renumbered(users))
        , m_groups(renumbered(groups))
        , m_flowThrough(flowThrough)
        , m_visited(fetched.groupCount(), kNoRow)
    {
    }

    void writeTo(SnapshotColumns& out)
    {
        for (Row group = 0; group < m_fetched.groupCount(); ++group) {
            if (m_groups[group] == kNoRow) {
                continue;
            }
            collect(group);
            append(m_foundUsers, out.memberUsers);
            append(m_foundGroups, out.memberGroups);
            if (!m_readable) {
                out.completeness.incompleteGroups.push_back(m_groups[group]);
            }
        }
    }

private:
    /// Everything the kept group @p root reaches without passing another kept group.
    void collect(Row root)
    {
        m_foundUsers.clear();
        m_foundGroups.clear();
        m_readable = isReadable(root);
        m_visited[root] = root;
        m_open.assign(1, root);
        while (!m_open.empty()) {
            const Row group = m_open.back();
            m_open.pop_back();
            for (const Row user : m_fetched.memberUsers(group)) {
                if (m_users[user] != kNoRow) {
                    m_foundUsers.push_back(m_users[user]);
                }
            }
            for (const Row child : m_fetched.memberGroups(group)) {
                visit(root, group, child);
            }
        }
    }

    void visit(Row root, Row parent, Row child)
    {
        if (m_groups[child] != kNoRow) {
            // Back at the root by way of a hidden group: that edge would say nothing.
            if (child != root || parent == root) {
                m_foundGroups.push_back(m_groups[child]);
            }
        } else if (m_flowThrough && m_visited[child] != root) {
            m_visited[child] = root;
            m_readable = m_readable && isReadable(child);
            m_open.push_back(child);
        }
    }

    /// By itself: a fetch without any proof of memberships says so for all groups at once.
    bool isReadable(Row group) const
    {
        const auto& incomplete = m_fetched.completeness().incompleteGroups;
        return !std::binary_search(incomplete.begin(), incomplete.end(), group);
    }

    static void append(std::vector<Row>& found, MemberLists& lists)
    {
        std::sort(found.begin(), found.end());
        found.erase(std::unique(found.begin(), found.end()), found.end());
        lists.rows.insert(lists.rows.end(), found.begin(), found.end());
        lists.offsets.push_back(lists.rows.size());
    }

    const Snapshot& m_fetched;
    std::vector<Row> m_users;
    std::vector<Row> m_groups;
    bool m_flowThrough;
    std::vector<Row> m_visited; // by group: the last root it was reached from
    std::vector<Row> m_open;
    std::vector<Row> m_foundUsers;
    std::vector<Row> m_foundGroups;
    bool m_readable = true;
};

void quarantineWithoutEmail(
    const Snapshot& fetched, const std::vector<bool>& kept, SnapshotColumns& out)
{
    for (Row user = 0; user < fetched.userCount(); ++user) {
        if (kept[user]) {
            continue;
        }
        const UserRecord record = fetched.user(user);
        const QString name = record.displayName.isEmpty() ? record.login : record.displayName;
        out.quarantine.push_back({ .kind = ObjectKind::User,
            .id = record.id,
            .reason
            = u"The user “%1” has no e-mail address."_s.arg(name.isEmpty() ? record.id : name) });
    }
    std::sort(out.quarantine.begin(), out.quarantine.end(),
        [](const Quarantined& a, const Quarantined& b) {
            return std::tie(a.kind, a.id, a.reason) < std::tie(b.kind, b.id, b.reason);
        });
}

/// A hidden group that was not read at all may have stood between any kept group and its people.
bool mayHideUnreadGroups(const Snapshot& fetched)
{
    const auto& quarantine = fetched.quarantine();
    return !fetched.completeness().groups
        || std::any_of(quarantine.begin(), quarantine.end(),
            [](const Quarantined& entry) { return entry.kind == ObjectKind::Group; });
}

} // namespace

bool matchesGlob(QStringView pattern, QStringView name)
{
    qsizetype p = 0;
    qsizetype n = 0;
    qsizetype star = -1; // where to go back to: the last star, and what it has swallowed so far
    qsizetype swallowed = 0;
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == u'*') {
            star = p++;
            swallowed = n;
        } else if (p < pattern.size()
            && (pattern[p] == u'?' || pattern[p].toCaseFolded() == name[n].toCaseFolded())) {
            ++p;
            ++n;
        } else if (star >= 0) {
            p = star + 1;
            n = ++swallowed;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == u'*') {
        ++p;
    }
    return p == pattern.size();
}

Result<SnapshotPtr> applyRules(const SnapshotPtr& fetched, const SyncRules& rules)
{
    std::vector<QString> unmatched;
    const std::vector<bool> users = usersToKeep(*fetched, rules);
    const std::vector<bool> groups = groupsToKeep(*fetched, rules.groupFilter, unmatched);
    if (keepsAll(users) && keepsAll(groups) && unmatched.empty()) {
        return fetched;
    }
    SnapshotColumns out {
        .userIds = selected(fetched->userIds(), users),
        .userNames = selected(fetched->userNames(), users),
        .userEmails = selected(fetched->userEmails(), users),
        .userLogins = selected(fetched->userLogins(), users),
        .userStates = selected(fetched->columns().userStates, users),
        .groupIds = selected(fetched->groupIds(), groups),
        .groupNames = selected(fetched->groupNames(), groups),
        .groupEmails = selected(fetched->groupEmails(), groups),
        .groupKinds = selected(fetched->columns().groupKinds, groups),
        .completeness = { .users = fetched->completeness().users,
            .groups = fetched->completeness().groups,
            .memberships = fetched->completeness().memberships },
        .quarantine = fetched->quarantine(),
        .danglingMembers = fetched->danglingMembers(),
        .notes = fetched->notes(),
    };
    Contraction(*fetched, users, groups, rules.flowThrough).writeTo(out);
    if (rules.flowThrough && !keepsAll(groups) && mayHideUnreadGroups(*fetched)) {
        out.completeness.memberships = false;
    }
    quarantineWithoutEmail(*fetched, users, out);
    for (const QString& entry : unmatched) {
        out.notes.push_back(u"The group filter “%1” matches no group."_s.arg(entry));
    }
    return Snapshot::fromColumns(std::move(out));
}

} // namespace portreeve
