// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/membersmodel.h"

#include "ui/theme/theme.h"
#include "ui/widgets/timetext.h"

#include <QCollator>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

// Sorting by the language's rules costs; past this the order of rows will do.
constexpr std::size_t kMostSorted = 20'000;

std::vector<Row> allOf(const ConnectionDirectory& source, Relation relation, Row of)
{
    switch (relation) {
    case Relation::GroupsOfUser: {
        std::vector<Row> groups = source.closure->effectiveGroups(of);
        // A suspended user is effectively in no group but keeps the direct ones.
        return groups.empty() ? source.closure->directGroups(of) : groups;
    }
    case Relation::PeopleOfGroup:
        return source.closure->effectiveUsers(of);
    case Relation::GroupsBelow:
        return source.closure->descendants(of);
    case Relation::GroupsAbove:
        return source.closure->ancestors(of);
    }
    return {};
}

std::vector<Row> directOf(const ConnectionDirectory& source, Relation relation, Row of)
{
    switch (relation) {
    case Relation::GroupsOfUser:
        return source.closure->directGroups(of);
    case Relation::PeopleOfGroup: {
        const auto rows = source.snapshot->memberUsers(of);
        return { rows.begin(), rows.end() };
    }
    case Relation::GroupsBelow: {
        const auto rows = source.snapshot->memberGroups(of);
        return { rows.begin(), rows.end() };
    }
    case Relation::GroupsAbove:
        return source.closure->parents(of);
    }
    return {};
}

bool isUsers(Relation relation)
{
    return relation == Relation::PeopleOfGroup;
}

const TextColumn& namesOf(const Snapshot& snapshot, Relation relation)
{
    return isUsers(relation) ? snapshot.userNames() : snapshot.groupNames();
}

void sortByName(std::vector<RelatedObject>& objects, const TextColumn& names)
{
    std::stable_partition(objects.begin(), objects.end(),
        [](const RelatedObject& object) { return object.isDirect; });
    if (objects.size() > kMostSorted) {
        return;
    }
    QCollator collator;
    collator.setCaseSensitivity(Qt::CaseInsensitive);
    std::vector<std::pair<QCollatorSortKey, RelatedObject>> keyed;
    keyed.reserve(objects.size());
    for (const RelatedObject& object : objects) {
        keyed.emplace_back(collator.sortKey(names.text(object.row)), object);
    }
    std::stable_sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) {
        return a.second.isDirect != b.second.isDirect ? a.second.isDirect
                                                      : a.first.compare(b.first) < 0;
    });
    std::transform(keyed.begin(), keyed.end(), objects.begin(),
        [](const auto& entry) { return entry.second; });
}

std::vector<RowsModel::Column> columnsFor(Relation relation)
{
    const bool users = isUsers(relation);
    return { { .id = u"name"_s,
                 .title = users ? MembersModel::tr("Person") : MembersModel::tr("Group"),
                 .widthChars = 22,
                 .sortable = false,
                 .elidesMiddle = true },
        { .id = u"how"_s, .title = MembersModel::tr("How"), .widthChars = 12, .sortable = false },
        { .id = u"detail"_s,
            .title = users ? MembersModel::tr("E-mail") : MembersModel::tr("People in all"),
            .alignment
            = users ? Qt::AlignLeading | Qt::AlignVCenter : Qt::AlignTrailing | Qt::AlignVCenter,
            .widthChars = users ? 24 : 13,
            .sortable = false,
            .elidesMiddle = users },
        { .id = u"id"_s,
            .title = MembersModel::tr("Id"),
            .widthChars = 16,
            .hiddenAtFirst = true,
            .sortable = false } };
}

} // namespace

RelatedObjects findRelated(
    const DirectoryIndexPtr& index, std::size_t connection, Relation relation, Row of)
{
    const ConnectionDirectory& source = index->connection(connection);
    const std::vector<Row> all = allOf(source, relation, of);
    const std::vector<Row> direct = directOf(source, relation, of);
    RelatedObjects related { .index = index, .connection = connection, .relation = relation };
    related.objects.reserve(all.size());
    for (const Row row : all) {
        const bool isDirect = std::binary_search(direct.begin(), direct.end(), row);
        related.direct += isDirect ? 1 : 0;
        related.objects.push_back({ row, isDirect });
    }
    sortByName(related.objects, namesOf(*source.snapshot, relation));
    return related;
}

std::vector<Row> filterRelated(const RelatedObjects& related, const QString& text)
{
    const std::vector<Row> hits = isUsers(related.relation)
        ? related.index->findUsers(related.connection, text)
        : related.index->findGroups(related.connection, text);
    std::vector<Row> positions;
    for (Row i = 0; i < related.objects.size(); ++i) {
        if (std::binary_search(hits.begin(), hits.end(), related.objects[i].row)) {
            positions.push_back(i);
        }
    }
    return positions;
}

MembersModel::MembersModel(Relation relation, QObject* parent)
    : RowsModel(columnsFor(relation), parent)
    , m_relation(relation)
{
}

void MembersModel::setRelated(std::shared_ptr<const RelatedObjects> related)
{
    const std::size_t count = related ? related->objects.size() : 0;
    swapRows(naturalOrder(count), [&] { m_related = std::move(related); });
}

void MembersModel::show(std::vector<Row> positions)
{
    swapRows(std::move(positions));
}

const Snapshot& MembersModel::snapshot() const
{
    return *m_related->index->connection(m_related->connection).snapshot;
}

QString MembersModel::rowKey(Row row) const
{
    const Row object = m_related->objects[row].row;
    return isUsers(m_relation) ? snapshot().userId(object) : snapshot().groupId(object);
}

QVariant MembersModel::peopleIn(Row group, int role) const
{
    const auto people = static_cast<std::int64_t>(m_related->index->peopleOfGroup(
        m_related->index->groupRow({ m_related->connection, group })));
    return role == kRawRole ? QVariant::fromValue(people) : QVariant(countText(people));
}

QVariant MembersModel::cell(Row row, int column, int role) const
{
    if (role != Qt::DisplayRole && role != kRawRole) {
        return {};
    }
    const RelatedObject& object = m_related->objects[row];
    const bool users = isUsers(m_relation);
    switch (column) {
    case Name:
        return namesOf(snapshot(), m_relation).text(object.row);
    case How:
        return object.isDirect ? tr("direct") : tr("inherited");
    case Detail:
        if (users) {
            return snapshot().userEmails().text(object.row);
        }
        return peopleIn(object.row, role);
    case Id:
        return users ? snapshot().userId(object.row) : snapshot().groupId(object.row);
    default:
        return {};
    }
}

} // namespace portreeve
