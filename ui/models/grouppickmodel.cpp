// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/grouppickmodel.h"

#include <QLocale>

using namespace Qt::StringLiterals;

namespace portreeve {

GroupPickModel::GroupPickModel(GroupCatalogPtr groups, QObject* parent)
    : RowsModel({ { .id = u"name"_s, .title = tr("Group"), .widthChars = 30, .sortable = false },
                    { .id = u"id"_s, .title = tr("Id"), .widthChars = 24, .sortable = false },
                    { .id = u"members"_s,
                        .title = tr("People"),
                        .alignment = Qt::AlignTrailing | Qt::AlignVCenter,
                        .widthChars = 10,
                        .sortable = false },
                    { .id = u"connection"_s,
                        .title = tr("Connection"),
                        .widthChars = 18,
                        .sortable = false } },
          parent)
    , m_groups(std::move(groups))
{
    show(m_groups->search({}));
}

void GroupPickModel::show(std::vector<Row> rows)
{
    swapRows(std::move(rows));
}

QString GroupPickModel::rowKey(Row row) const
{
    return entry(row).connection + u'\n' + entry(row).id;
}

QVariant GroupPickModel::cell(Row row, int column, int role) const
{
    const bool raw = role == kRawRole;
    if (!raw && role != Qt::DisplayRole) {
        return {};
    }
    const GroupEntry& group = entry(row);
    switch (column) {
    case Name:
        return group.kind == GroupKind::OrgUnit && !raw ? tr("%1 (org unit)").arg(group.name)
                                                        : group.name;
    case Id:
        return group.id;
    case Members:
        return raw ? QVariant(group.effectiveMembers)
                   : QVariant(QLocale().toString(group.effectiveMembers));
    case Connection:
        return group.connection;
    default:
        return {};
    }
}

} // namespace portreeve
