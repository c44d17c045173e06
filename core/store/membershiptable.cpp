// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/membershiptable.h"

#include "core/store/database.h"
#include "core/store/packing.h"
#include "core/store/storageerror.h"

#include <algorithm>
#include <tuple>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr std::int64_t kLogShare = 10;

constexpr std::uint64_t kGroupFlag = 1;
constexpr std::uint64_t kRemovedFlag = 2;

auto edge(const MemberEdit& edit)
{
    return std::tuple(edit.group, edit.memberIsGroup, edit.member);
}

std::optional<std::vector<MemberEdit>> unpackEdits(const QByteArray& bytes)
{
    std::vector<MemberEdit> edits;
    PackReader reader(bytes);
    MemberEdit previous;
    while (!reader.atEnd()) {
        const std::uint64_t flags = reader.number();
        const std::int64_t group = previous.group + reader.difference();
        const std::int64_t member = previous.member + reader.difference();
        previous = { .group = group,
            .memberIsGroup = (flags & kGroupFlag) != 0,
            .member = member,
            .removed = (flags & kRemovedFlag) != 0 };
        edits.push_back(previous);
    }
    return reader.isSound() ? std::optional(std::move(edits)) : std::nullopt;
}

std::span<const MemberEdit> partOf(std::span<const MemberEdit> edits, bool memberIsGroup)
{
    const auto split = std::partition_point(
        edits.begin(), edits.end(), [](const MemberEdit& edit) { return !edit.memberIsGroup; });
    return memberIsGroup ? std::span(split, edits.end()) : std::span(edits.begin(), split);
}

} // namespace

void settleEdits(std::vector<MemberEdit>& edits)
{
    const auto before = [](const MemberEdit& a, const MemberEdit& b) { return edge(a) < edge(b); };
    // Those of a whole directory arrive in order.
    if (!std::is_sorted(edits.begin(), edits.end(), before)) {
        std::stable_sort(edits.begin(), edits.end(), before);
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < edits.size(); ++i) {
        if (i + 1 == edits.size() || edge(edits[i]) != edge(edits[i + 1])) {
            edits[kept++] = edits[i];
        }
    }
    edits.resize(kept);
}

QByteArray packEdits(std::span<const MemberEdit> settled)
{
    PackWriter writer;
    MemberEdit previous;
    for (const MemberEdit& edit : settled) {
        writer.number((edit.memberIsGroup ? kGroupFlag : 0) | (edit.removed ? kRemovedFlag : 0));
        writer.difference(edit.group - previous.group);
        writer.difference(edit.member - previous.member);
        previous = edit;
    }
    return writer.bytes();
}

std::vector<std::int64_t> withEdits(
    const std::vector<std::int64_t>& keys, std::span<const MemberEdit> settled)
{
    std::vector<std::int64_t> out;
    out.reserve(keys.size() + settled.size());
    auto key = keys.begin();
    for (const MemberEdit& edit : settled) {
        const auto next = std::lower_bound(key, keys.end(), edit.member);
        out.insert(out.end(), key, next);
        key = next != keys.end() && *next == edit.member ? next + 1 : next;
        if (!edit.removed) {
            out.push_back(edit.member);
        }
    }
    out.insert(out.end(), key, keys.end());
    return out;
}

MembershipTable::MembershipTable(Database& database, std::int64_t connection)
    : m_database(database)
    , m_statements(database)
    , m_connection(connection)
{
}

Result<std::vector<MemberEdit>> MembershipTable::pending()
{
    const auto blobs = m_database.all(
        u"SELECT changes FROM membership_log WHERE connection = ? ORDER BY sequence"_s,
        [](const Statement& row) { return row.bytes(0); }, m_connection);
    if (!blobs) {
        return blobs.error();
    }
    std::vector<MemberEdit> edits;
    for (const QByteArray& blob : *blobs) {
        const auto part = unpackEdits(blob);
        if (!part) {
            return damagedError(m_database.path(), u"a membership log entry does not decode"_s);
        }
        edits.insert(edits.end(), part->begin(), part->end());
    }
    settleEdits(edits);
    return edits;
}

Result<void> MembershipTable::apply(std::vector<MemberEdit> edits)
{
    if (edits.empty()) {
        return {};
    }
    settleEdits(edits);
    auto sizes = m_database.query(
        u"SELECT member_bytes, log_bytes FROM directory WHERE connection = ?"_s, m_connection);
    if (!sizes) {
        return sizes.error();
    }
    if (const auto row = sizes->next(); !row) {
        return row.error();
    }
    const std::int64_t memberBytes = sizes->integer(0);
    if (memberBytes == 0) {
        return fold(std::move(edits), memberBytes);
    }
    const QByteArray packed = packEdits(edits);
    if ((sizes->integer(1) + packed.size()) * kLogShare > memberBytes) {
        return fold(std::move(edits), memberBytes);
    }
    const auto logged = m_database.execute(
        u"INSERT INTO membership_log (connection, changes) VALUES (?, ?)"_s, m_connection, packed);
    return logged ? m_database.execute(
                        u"UPDATE directory SET log_bytes = log_bytes + ? WHERE connection = ?"_s,
                        std::int64_t(packed.size()), m_connection)
                  : logged;
}

Result<void> MembershipTable::fold(std::vector<MemberEdit> edits, std::int64_t memberBytes)
{
    auto all = pending();
    if (!all) {
        return all.error();
    }
    if (all->empty()) {
        *all = std::move(edits); // settled already
    } else {
        all->insert(all->end(), edits.begin(), edits.end());
        settleEdits(*all);
    }
    const bool isNew = memberBytes == 0;
    for (auto first = all->begin(); first != all->end();) {
        const auto last = std::find_if(
            first, all->end(), [&](const MemberEdit& edit) { return edit.group != first->group; });
        const auto grown = rewriteGroup(std::span(first, last), isNew);
        if (!grown) {
            return grown.error();
        }
        memberBytes += *grown;
        first = last;
    }
    const auto emptied
        = m_database.execute(u"DELETE FROM membership_log WHERE connection = ?"_s, m_connection);
    return emptied
        ? m_database.execute(
              u"UPDATE directory SET member_bytes = ?, log_bytes = 0 WHERE connection = ?"_s,
              memberBytes, m_connection)
        : emptied;
}

Result<std::int64_t> MembershipTable::rewriteGroup(std::span<const MemberEdit> edits, bool isNew)
{
    const std::int64_t group = edits.front().group;
    QByteArray oldUsers;
    QByteArray oldGroups;
    if (!isNew) {
        const auto stored = m_statements.query(
            u"SELECT user_keys, group_keys FROM group_member WHERE group_key = ?"_s, group);
        if (!stored) {
            return stored.error();
        }
        const auto row = (*stored)->next();
        if (!row) {
            return row.error();
        }
        if (*row) {
            oldUsers = (*stored)->bytes(0);
            oldGroups = (*stored)->bytes(1);
        }
    }
    const auto users = unpackKeys(oldUsers);
    const auto groups = unpackKeys(oldGroups);
    if (!users || !groups) {
        return damagedError(m_database.path(), u"the members of a group do not decode"_s);
    }
    const QByteArray newUsers = packKeys(withEdits(*users, partOf(edits, false)));
    const QByteArray newGroups = packKeys(withEdits(*groups, partOf(edits, true)));
    const auto written = newUsers.isEmpty() && newGroups.isEmpty()
        ? m_statements.execute(u"DELETE FROM group_member WHERE group_key = ?"_s, group)
        : m_statements.execute(u"INSERT OR REPLACE INTO group_member VALUES (?, ?, ?)"_s, group,
              newUsers, newGroups);
    if (!written) {
        return written.error();
    }
    return std::int64_t(newUsers.size() + newGroups.size() - oldUsers.size() - oldGroups.size());
}

} // namespace portreeve
