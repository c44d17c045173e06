// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/directorydiff.h"

#include "core/proxy/databroker/pushbatches.h"

#include <algorithm>

namespace portreeve {

namespace {

template <typename Record>
void index(const std::vector<Record>& records, QHash<QString, std::size_t>& rows)
{
    rows.reserve(static_cast<qsizetype>(records.size()));
    for (std::size_t row = 0; row < records.size(); ++row) {
        rows.insert(records[row].id, row);
    }
}

QString remoteLabel(DirectoryRecordKind kind, const DatabrokerRecord& record)
{
    if (kind == DirectoryRecordKind::User) {
        const auto user = decodeDirectoryUser(record.typeUrl, record.data);
        return user ? user->displayName : QString();
    }
    const auto group = decodeDirectoryGroup(record.typeUrl, record.data);
    return group ? group->name : QString();
}

bool losesGroups(const DirectoryUserRecord& before, const DirectoryUserRecord& after)
{
    const QSet<QString> kept(after.groupIds.begin(), after.groupIds.end());
    return std::any_of(before.groupIds.begin(), before.groupIds.end(),
        [&kept](const QString& id) { return !kept.contains(id); });
}

} // namespace

DirectoryDiff::DirectoryDiff(const DesiredDirectory& desired)
    : m_desired(desired)
{
    index(desired.records->users, m_users.rows);
    index(desired.records->groups, m_groups.rows);
    m_users.seen.resize(desired.records->users.size());
    m_groups.seen.resize(desired.records->groups.size());
}

void DirectoryDiff::visit(DirectoryRecordKind kind, DatabrokerRecord&& record)
{
    ++m_plan.remoteRecords;
    auto& side = of(kind);
    const auto row = side.rows.constFind(record.id);
    if (row == side.rows.constEnd()) {
        visitUnwanted(kind, std::move(record));
        return;
    }
    side.seen[*row] = true;
    compare(kind, *row, std::move(record));
}

DirectoryPlan DirectoryDiff::take(const DirectoryPosition& position, WriteOrder order)
{
    addMissing(DirectoryRecordKind::Group);
    addMissing(DirectoryRecordKind::User);
    m_plan.position = position;
    orderChanges(m_plan.changes, order);
    guardPlan(m_desired, m_plan);
    return std::move(m_plan);
}

DirectoryDiff::Side& DirectoryDiff::of(DirectoryRecordKind kind)
{
    return kind == DirectoryRecordKind::User ? m_users : m_groups;
}

QByteArray DirectoryDiff::encoded(DirectoryRecordKind kind, std::size_t row) const
{
    return kind == DirectoryRecordKind::User
        ? encodeDirectoryRecord(m_desired.records->users[row])
        : encodeDirectoryRecord(m_desired.records->groups[row]);
}

QString DirectoryDiff::label(DirectoryRecordKind kind, std::size_t row) const
{
    return kind == DirectoryRecordKind::User ? m_desired.records->users[row].displayName
                                             : m_desired.records->groups[row].name;
}

void DirectoryDiff::compare(DirectoryRecordKind kind, std::size_t row, DatabrokerRecord&& record)
{
    auto after = encoded(kind, row);
    if (isSameDirectoryRecord(after, record.typeUrl, record.data)) {
        ++m_plan.of(kind).unchanged;
        return;
    }
    RecordChange change { .kind = kind,
        .action = RecordAction::Update,
        .id = record.id,
        .label = label(kind, row),
        .beforeTypeUrl = record.typeUrl,
        .before = std::move(record.data),
        .after = std::move(after),
        .isTakeover = !m_desired.ownership.of(kind).ours.contains(record.id) };
    if (kind == DirectoryRecordKind::User) {
        const auto before = decodeDirectoryUser(change.beforeTypeUrl, change.before);
        change.isCorrupt = !before;
        change.losesGroups = before && losesGroups(*before, m_desired.records->users[row]);
    } else {
        change.isCorrupt = !decodeDirectoryGroup(change.beforeTypeUrl, change.before);
    }
    put(std::move(change));
}

void DirectoryDiff::visitUnwanted(DirectoryRecordKind kind, DatabrokerRecord&& record)
{
    const auto& ids = m_desired.ownership.of(kind);
    if (ids.kept.contains(record.id)) {
        ++m_plan.of(kind).kept;
        return;
    }
    if (ids.ours.contains(record.id)) {
        remove(kind, std::move(record), false);
        return;
    }
    const bool isDecided = m_desired.ownership.isDecided(kind, record.id);
    switch (isDecided ? m_desired.ownership.foreign : ForeignChoice::Undecided) {
    case ForeignChoice::Adopt:
        remove(kind, std::move(record), false);
        return;
    case ForeignChoice::Delete:
        remove(kind, std::move(record), true);
        return;
    case ForeignChoice::Keep:
        ++m_plan.of(kind).kept;
        break;
    case ForeignChoice::Undecided:
        ++m_plan.of(kind).foreign;
        break;
    }
    m_plan.foreign.push_back({ .kind = kind, .id = record.id, .label = remoteLabel(kind, record) });
}

void DirectoryDiff::remove(DirectoryRecordKind kind, DatabrokerRecord&& record, bool byChoice)
{
    ++m_plan.of(kind).deleted;
    auto text = remoteLabel(kind, record);
    m_plan.changes.push_back({ .kind = kind,
        .action = RecordAction::Delete,
        .id = std::move(record.id),
        .label = std::move(text),
        .beforeTypeUrl = std::move(record.typeUrl),
        .before = std::move(record.data),
        .isByChoice = byChoice });
}

void DirectoryDiff::addMissing(DirectoryRecordKind kind)
{
    const auto& side = of(kind);
    for (std::size_t row = 0; row < side.seen.size(); ++row) {
        const auto& id = kind == DirectoryRecordKind::User ? m_desired.records->users[row].id
                                                           : m_desired.records->groups[row].id;
        if (!side.seen[row] && side.rows.value(id) == row) {
            put({ .kind = kind,
                .action = RecordAction::Add,
                .id = id,
                .label = label(kind, row),
                .after = encoded(kind, row) });
        }
    }
}

void DirectoryDiff::put(RecordChange&& change)
{
    if (recordBytes(change) > kMaxBatchBytes) {
        m_plan.refused.push_back({ .kind = change.kind, .id = change.id, .label = change.label });
        return;
    }
    auto& counts = m_plan.of(change.kind);
    ++(change.action == RecordAction::Add ? counts.added : counts.updated);
    m_plan.changes.push_back(std::move(change));
}

} // namespace portreeve
