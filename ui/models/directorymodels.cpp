// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/directorymodels.h"

#include "ui/theme/theme.h"
#include "ui/widgets/timetext.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr Qt::Alignment kNumbers = Qt::AlignTrailing | Qt::AlignVCenter;

QVariant count(std::size_t number, int role)
{
    const auto value = static_cast<std::int64_t>(number);
    return role == RowsModel::kRawRole ? QVariant::fromValue(value) : QVariant(countText(value));
}

} // namespace

QString userStateText(UserState state)
{
    switch (state) {
    case UserState::Active:
        return UsersModel::tr("Active");
    case UserState::Suspended:
        return UsersModel::tr("Suspended");
    }
    return {};
}

UsersModel::UsersModel(QObject* parent)
    : RowsModel(
          { { .id = u"name"_s, .title = tr("Name"), .widthChars = 24, .elidesMiddle = true },
              { .id = u"email"_s, .title = tr("E-mail"), .widthChars = 40, .elidesMiddle = true },
              { .id = u"login"_s,
                  .title = tr("Login"),
                  .widthChars = 24,
                  .hiddenAtFirst = true,
                  .elidesMiddle = true },
              { .id = u"state"_s, .title = tr("State"), .widthChars = 15 },
              { .id = u"groups"_s,
                  .title = tr("Direct groups"),
                  .alignment = kNumbers,
                  .widthChars = 15 },
              { .id = u"connection"_s, .title = tr("Connection"), .widthChars = 14 },
              { .id = u"id"_s, .title = tr("Id"), .widthChars = 30, .hiddenAtFirst = true } },
          parent)
{
}

void UsersModel::show(DirectoryIndexPtr index, std::vector<Row> rows)
{
    swapRows(std::move(rows), [&] { m_index = std::move(index); });
}

QString UsersModel::rowKey(Row row) const
{
    const auto at = m_index->userPlace(row);
    const ConnectionDirectory& source = m_index->connection(at.connection);
    return source.connectionId + u':' + source.snapshot->userId(at.row);
}

QVariant UsersModel::cell(Row row, int column, int role) const
{
    const auto at = m_index->userPlace(row);
    const ConnectionDirectory& source = m_index->connection(at.connection);
    const auto id = static_cast<UserColumn>(column);
    if (role == Qt::DecorationRole && id == UserColumn::State) {
        return source.snapshot->userState(at.row) == UserState::Suspended
            ? QVariant(theme::icon(u"pause"_s, theme::Role::Warning))
            : QVariant(theme::icon(u"success"_s, theme::Role::Success));
    }
    if (role != Qt::DisplayRole && role != kRawRole) {
        return {};
    }
    switch (id) {
    case UserColumn::Name:
        return source.snapshot->userNames().text(at.row);
    case UserColumn::Email:
        return source.snapshot->userEmails().text(at.row);
    case UserColumn::Login:
        return source.snapshot->userLogins().text(at.row);
    case UserColumn::State:
        return userStateText(source.snapshot->userState(at.row));
    case UserColumn::Groups:
        return count(source.closure->directGroupCount(at.row), role);
    case UserColumn::Connection:
        return source.connectionName;
    case UserColumn::Id:
        return source.snapshot->userId(at.row);
    }
    return {};
}

GroupsModel::GroupsModel(QObject* parent)
    : RowsModel({ { .id = u"name"_s, .title = tr("Name"), .widthChars = 36, .elidesMiddle = true },
                    { .id = u"members"_s,
                        .title = tr("Direct members"),
                        .hint = tr("People and groups right in it, suspended people included"),
                        .alignment = kNumbers,
                        .widthChars = 15 },
                    { .id = u"people"_s,
                        .title = tr("People in all"),
                        .hint = tr("Active people, also those of the groups inside"),
                        .alignment = kNumbers,
                        .widthChars = 15 },
                    { .id = u"email"_s,
                        .title = tr("E-mail"),
                        .widthChars = 24,
                        .hiddenAtFirst = true,
                        .elidesMiddle = true },
                    { .id = u"connection"_s, .title = tr("Connection"), .widthChars = 14 },
                    { .id = u"id"_s, .title = tr("Id"), .widthChars = 30, .hiddenAtFirst = true } },
          parent)
{
}

void GroupsModel::show(DirectoryIndexPtr index, std::vector<Row> rows)
{
    swapRows(std::move(rows), [&] { m_index = std::move(index); });
}

QString GroupsModel::rowKey(Row row) const
{
    const auto at = m_index->groupPlace(row);
    const ConnectionDirectory& source = m_index->connection(at.connection);
    return source.connectionId + u':' + source.snapshot->groupId(at.row);
}

QVariant GroupsModel::cell(Row row, int column, int role) const
{
    if (role != Qt::DisplayRole && role != kRawRole) {
        return {};
    }
    const auto at = m_index->groupPlace(row);
    const ConnectionDirectory& source = m_index->connection(at.connection);
    const Snapshot& snapshot = *source.snapshot;
    switch (static_cast<GroupColumn>(column)) {
    case GroupColumn::Name:
        return snapshot.groupNames().text(at.row);
    case GroupColumn::Members:
        return count(
            snapshot.memberUsers(at.row).size() + snapshot.memberGroups(at.row).size(), role);
    case GroupColumn::People:
        return count(m_index->peopleOfGroup(row), role);
    case GroupColumn::Email:
        return snapshot.groupEmails().text(at.row);
    case GroupColumn::Connection:
        return source.connectionName;
    case GroupColumn::Id:
        return snapshot.groupId(at.row);
    }
    return {};
}

TombstonesModel::TombstonesModel(QObject* parent)
    : RowsModel({ { .id = u"name"_s,
                      .title = tr("Name"),
                      .widthChars = 30,
                      .sortable = false,
                      .elidesMiddle = true },
                    { .id = u"kind"_s, .title = tr("Kind"), .widthChars = 10, .sortable = false },
                    { .id = u"removed_at"_s,
                        .title = tr("Removed"),
                        .widthChars = 20,
                        .sortable = false },
                    { .id = u"run"_s,
                        .title = tr("By run"),
                        .alignment = kNumbers,
                        .widthChars = 8,
                        .sortable = false },
                    { .id = u"connection"_s,
                        .title = tr("Connection"),
                        .widthChars = 18,
                        .sortable = false },
                    { .id = u"id"_s, .title = tr("Id"), .widthChars = 20, .sortable = false } },
          parent)
{
}

void TombstonesModel::setLines(std::vector<Line> lines)
{
    TextColumn names;
    TextColumn ids;
    for (const Line& line : lines) {
        names.append(line.tombstone.name.toUtf8());
        ids.append(line.tombstone.id.toUtf8());
    }
    swapRows(naturalOrder(lines.size()), [&] {
        m_lines = std::move(lines);
        m_search = TextSearch(std::array<const TextColumn*, 2> { &names, &ids });
    });
}

void TombstonesModel::filter(const QString& text)
{
    swapRows(m_search.find(text));
}

QString TombstonesModel::rowKey(Row row) const
{
    const Tombstone& tombstone = m_lines[row].tombstone;
    const QString kind = tombstone.kind == ObjectKind::User ? u"user:"_s : u"group:"_s;
    return kind + tombstone.connectionId + u':' + tombstone.id;
}

QVariant TombstonesModel::cell(Row row, int column, int role) const
{
    if (role != Qt::DisplayRole && role != kRawRole) {
        return {};
    }
    const bool raw = role == kRawRole;
    const Line& line = m_lines[row];
    switch (column) {
    case Name:
        return line.tombstone.name.isEmpty() ? line.tombstone.id : line.tombstone.name;
    case Kind:
        return line.tombstone.kind == ObjectKind::User ? tr("User") : tr("Group");
    case RemovedAt:
        return raw ? toRfc3339(line.tombstone.removedAt) : exactTime(line.tombstone.removedAt);
    case Run:
        return QVariant::fromValue(line.tombstone.removedByRun);
    case Connection:
        return line.connectionName;
    case Id:
        return line.tombstone.id;
    default:
        return {};
    }
}

} // namespace portreeve
