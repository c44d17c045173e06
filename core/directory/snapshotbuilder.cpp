// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/directory/snapshotbuilder.h"

#include <QStringList>
#include <QtEndian>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <tuple>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr std::size_t index(MemberKind kind)
{
    return static_cast<std::size_t>(kind);
}

QByteArray cleaned(const QString& text)
{
    return text.trimmed().normalized(QString::NormalizationForm_C).toUtf8();
}

/// Why an id cannot be a key; empty when it can.
QString idFault(const QString& id)
{
    if (id.trimmed().isEmpty()) {
        return u"has no id"_s;
    }
    return id.isValidUtf16() ? QString() : u"has an id that is not valid text"_s;
}

QString quarantineReason(const QString& noun, const QByteArray& name, const QString& fault)
{
    return name.isEmpty() ? u"A %1 %2."_s.arg(noun, fault)
                          : u"The %1 “%2” %3."_s.arg(noun, QString::fromUtf8(name), fault);
}

QString summary(std::initializer_list<QByteArrayView> texts, const QString& flag)
{
    QStringList parts;
    for (const QByteArrayView text : texts) {
        if (!text.isEmpty()) {
            parts.append(QString::fromUtf8(text));
        }
    }
    parts.append(flag);
    return parts.join(u", "_s);
}

Error collision(ObjectKind kind, const QString& id, const QString& first, const QString& second)
{
    const char* what = kind == ObjectKind::Group
        ? QT_TRANSLATE_NOOP(
              "Message", "The provider sent two different groups with the id “%1”: “%2” and “%3”.")
        : QT_TRANSLATE_NOOP(
              "Message", "The provider sent two different users with the id “%1”: “%2” and “%3”.");
    return { .code = ErrorCode::BadResponse,
        .what = message(what, id, first, second),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Sync again, since the record may have changed while it was read. If this repeats, "
            "give the two records ids of their own at the provider.")) };
}

/// The first bytes of an id as a number that orders like them: most comparisons end here.
std::uint64_t sortPrefix(QByteArrayView id)
{
    std::array<char, sizeof(std::uint64_t)> head {};
    std::memcpy(head.data(), id.data(), std::min<std::size_t>(head.size(), std::size_t(id.size())));
    return qFromBigEndian<std::uint64_t>(head.data());
}

/// Sorts every list, drops doubles and closes the gaps they leave.
void sortLists(MemberLists& lists)
{
    auto write = lists.rows.begin();
    std::uint64_t begin = 0;
    for (std::size_t group = 0; group + 1 < lists.offsets.size(); ++group) {
        const std::uint64_t end = lists.offsets[group + 1];
        const auto first = lists.rows.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto last = lists.rows.begin() + static_cast<std::ptrdiff_t>(end);
        if (!std::is_sorted(first, last)) {
            std::sort(first, last);
        }
        const auto unique = std::unique(first, last);
        write = write == first ? unique : std::move(first, unique, write);
        begin = end;
        lists.offsets[group + 1] = static_cast<std::uint64_t>(write - lists.rows.begin());
    }
    lists.rows.erase(write, lists.rows.end());
}

} // namespace

void SnapshotBuilder::addUser(const UserRecord& user)
{
    addRecord(ObjectKind::User, user.id,
        { cleaned(user.displayName), cleaned(user.email), cleaned(user.login) },
        static_cast<std::uint8_t>(user.state));
}

void SnapshotBuilder::addGroup(const GroupRecord& group)
{
    addRecord(ObjectKind::Group, group.id, { cleaned(group.name), cleaned(group.email), {} },
        static_cast<std::uint8_t>(group.kind));
}

void SnapshotBuilder::addRecord(
    ObjectKind kind, const QString& id, const Texts& texts, std::uint8_t flag)
{
    const bool isGroup = kind == ObjectKind::Group;
    if (const QString fault = idFault(id); !fault.isEmpty()) {
        const QByteArray& label = texts[0].isEmpty() ? texts[1] : texts[0];
        quarantine(kind, {}, quarantineReason(objectKindName(kind), label, fault));
        return;
    }
    Records& records = isGroup ? m_groups : m_users;
    const std::uint32_t number = m_ids.number(id);
    if (records.byNumber.size() <= number) {
        records.byNumber.resize(
            std::max<std::size_t>(number + 1, records.byNumber.size() * 2), kNoRow);
    }
    const std::uint32_t known = records.byNumber[number];
    if (known == kNoRow) {
        records.byNumber[number] = static_cast<std::uint32_t>(records.numbers.size());
        records.numbers.push_back(number);
        records.flags.push_back(flag);
        for (std::size_t i = 0; i < kTexts; ++i) {
            records.texts[i].append(texts[i]);
        }
        return;
    }
    const auto& old = records.texts;
    const bool same = records.flags[known] == flag && old[0].at(known) == QByteArrayView(texts[0])
        && old[1].at(known) == QByteArrayView(texts[1])
        && old[2].at(known) == QByteArrayView(texts[2]);
    if (!same && !m_collision) {
        const auto flagName = [isGroup](std::uint8_t value) {
            return isGroup ? groupKindName(static_cast<GroupKind>(value))
                           : userStateName(static_cast<UserState>(value));
        };
        m_collision = collision(kind, id,
            summary({ old[0].at(known), old[1].at(known), old[2].at(known) },
                flagName(records.flags[known])),
            summary({ texts[0], texts[1], texts[2] }, flagName(flag)));
    }
}

void SnapshotBuilder::addMember(const QString& groupId, const QString& memberId, MemberKind kind)
{
    if (groupId != m_lastGroupId || m_ids.size() == 0) {
        m_lastGroup = m_ids.number(groupId);
        m_lastGroupId = groupId;
    }
    m_edges[index(kind)].push_back({ .group = m_lastGroup, .member = m_ids.number(memberId) });
}

void SnapshotBuilder::markMembersIncomplete(const QString& groupId, const QString& reason)
{
    m_incompleteGroups.push_back(m_ids.number(groupId));
    quarantine(ObjectKind::Membership, groupId, reason);
}

void SnapshotBuilder::quarantine(ObjectKind kind, const QString& id, const QString& reason)
{
    m_quarantine.push_back({ .kind = kind, .id = id, .reason = reason });
}

void SnapshotBuilder::note(const QString& sentence)
{
    if (std::find(m_notes.begin(), m_notes.end(), sentence) == m_notes.end()) {
        m_notes.push_back(sentence);
    }
}

std::size_t SnapshotBuilder::memberCount() const
{
    return m_edges[0].size() + m_edges[1].size() + m_edges[2].size();
}

Result<SnapshotPtr> SnapshotBuilder::build()
{
    SnapshotBuilder spent;
    std::swap(*this, spent); // the large parts go with it on every way out
    if (spent.m_collision) {
        return *std::move(spent.m_collision);
    }
    return SnapshotPtr(new Snapshot(spent.freeze()));
}

SnapshotColumns SnapshotBuilder::freeze()
{
    SnapshotColumns out;
    std::vector<std::uint32_t> order;
    const std::vector<Row> userRows = sortRows(m_users, order);
    freezeRecords(
        m_users, order, out.userIds, { &out.userNames, &out.userEmails, &out.userLogins });
    out.userStates.reserve(order.size());
    for (const std::uint32_t record : order) {
        out.userStates.push_back(static_cast<UserState>(m_users.flags[record]));
    }

    const std::vector<Row> groupRows = sortRows(m_groups, order);
    TextColumn noLogins;
    freezeRecords(m_groups, order, out.groupIds, { &out.groupNames, &out.groupEmails, &noLogins });
    out.groupKinds.reserve(order.size());
    for (const std::uint32_t record : order) {
        out.groupKinds.push_back(static_cast<GroupKind>(m_groups.flags[record]));
    }

    settleUnknownKinds();
    out.memberUsers = freezeMembers(MemberKind::User, userRows, groupRows, out.danglingMembers);
    out.memberGroups = freezeMembers(MemberKind::Group, groupRows, groupRows, out.danglingMembers);

    out.completeness = m_completeness;
    auto& incomplete = out.completeness.incompleteGroups;
    for (const std::uint32_t number : m_incompleteGroups) {
        if (groupRows[number] != kNoRow) {
            incomplete.push_back(groupRows[number]);
        }
    }
    std::sort(incomplete.begin(), incomplete.end());
    incomplete.erase(std::unique(incomplete.begin(), incomplete.end()), incomplete.end());

    std::sort(
        m_quarantine.begin(), m_quarantine.end(), [](const Quarantined& a, const Quarantined& b) {
            return std::tie(a.kind, a.id, a.reason) < std::tie(b.kind, b.id, b.reason);
        });
    out.quarantine = std::move(m_quarantine);
    out.notes = std::move(m_notes);
    return out;
}

/// @param order  receives the records in the order of their rows
/// @return the row of every id, kNoRow where it is no record of this kind
std::vector<Row> SnapshotBuilder::sortRows(
    const Records& records, std::vector<std::uint32_t>& order) const
{
    struct Key
    {
        std::uint64_t prefix = 0;
        std::uint32_t record = 0;
    };

    std::vector<Key> keys(records.numbers.size());
    for (std::uint32_t record = 0; record < keys.size(); ++record) {
        keys[record]
            = { .prefix = sortPrefix(m_ids.id(records.numbers[record])), .record = record };
    }
    std::sort(keys.begin(), keys.end(), [&](const Key& a, const Key& b) {
        return a.prefix != b.prefix
            ? a.prefix < b.prefix
            : m_ids.id(records.numbers[a.record]) < m_ids.id(records.numbers[b.record]);
    });

    order.resize(keys.size());
    std::vector<Row> rows(m_ids.size(), kNoRow);
    for (Row row = 0; row < keys.size(); ++row) {
        order[row] = keys[row].record;
        rows[records.numbers[keys[row].record]] = row;
    }
    return rows;
}

void SnapshotBuilder::freezeRecords(const Records& records, const std::vector<std::uint32_t>& order,
    TextColumn& ids, std::array<TextColumn*, kTexts> texts) const
{
    std::size_t idBytes = 0;
    for (const std::uint32_t number : records.numbers) {
        idBytes += static_cast<std::size_t>(m_ids.id(number).size());
    }
    ids.reserve(order.size(), idBytes);
    for (const std::uint32_t record : order) {
        ids.append(m_ids.id(records.numbers[record]));
    }
    for (std::size_t i = 0; i < kTexts; ++i) {
        texts[i]->reserve(order.size(), records.texts[i].bytes().size());
        for (const std::uint32_t record : order) {
            texts[i]->append(records.texts[i].at(record));
        }
    }
}

void SnapshotBuilder::settleUnknownKinds()
{
    for (const Edge& edge : m_edges[index(MemberKind::Unknown)]) {
        const bool isUser
            = edge.member < m_users.byNumber.size() && m_users.byNumber[edge.member] != kNoRow;
        m_edges[index(isUser ? MemberKind::User : MemberKind::Group)].push_back(edge);
    }
    m_edges[index(MemberKind::Unknown)] = {};
}

/// Counting sort by group row, then each list by itself.
MemberLists SnapshotBuilder::freezeMembers(MemberKind kind, const std::vector<Row>& memberRows,
    const std::vector<Row>& groupRows, std::size_t& dangling) const
{
    const std::vector<Edge>& edges = m_edges[index(kind)];
    const auto isDangling = [&](const Edge& edge) {
        return groupRows[edge.group] == kNoRow || memberRows[edge.member] == kNoRow;
    };
    MemberLists lists;
    lists.offsets.assign(m_groups.numbers.size() + 1, 0);
    std::size_t kept = 0;
    for (const Edge& edge : edges) {
        if (!isDangling(edge)) {
            ++lists.offsets[groupRows[edge.group] + 1];
            ++kept;
        }
    }
    dangling += edges.size() - kept;
    std::partial_sum(lists.offsets.begin(), lists.offsets.end(), lists.offsets.begin());

    std::vector<std::uint64_t> next(lists.offsets.begin(), lists.offsets.end() - 1);
    lists.rows.resize(kept);
    for (const Edge& edge : edges) {
        if (!isDangling(edge)) {
            lists.rows[next[groupRows[edge.group]]++] = memberRows[edge.member];
        }
    }
    sortLists(lists);
    return lists;
}

} // namespace portreeve
