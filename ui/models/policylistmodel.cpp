// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/policylistmodel.h"

#include "ui/theme/theme.h"

#include <QLocale>

using namespace Qt::StringLiterals;

namespace portreeve {

PolicyListModel::PolicyListModel(const PolicyLibrary& library, QObject* parent)
    : RowsModel(
          { { .id = u"name"_s, .title = tr("Policy"), .widthChars = 16, .sortable = false },
              { .id = u"routes"_s,
                  .title = tr("Routes"),
                  .alignment = Qt::AlignTrailing | Qt::AlignVCenter,
                  .widthChars = 6,
                  .sortable = false },
              { .id = u"state"_s, .title = tr("Remarks"), .widthChars = 20, .sortable = false } },
          parent)
    , m_library(library)
{
}

void PolicyListModel::refresh()
{
    std::vector<Line> lines;
    for (const PolicyEntry& entry : m_library.policies()) {
        lines.push_back({ .id = entry.policy.id,
            .name = entry.policy.name,
            .routes = static_cast<int>(m_library.routesUsing(entry.policy.id).size()),
            .orphans = static_cast<int>(m_library.orphanedGroups(entry).size()),
            .readable = entry.readable,
            .enforced = entry.policy.enforced,
            .empty = entry.criteria == 0 });
    }
    swapRows(naturalOrder(lines.size()), [&] { m_lines = std::move(lines); });
}

QString PolicyListModel::rowKey(Row row) const
{
    return m_lines[row].id;
}

QString PolicyListModel::stateText(const Line& line)
{
    if (!line.readable) {
        return tr("cannot be read");
    }
    if (line.orphans > 0) {
        return tr("%n orphaned group(s)", nullptr, line.orphans);
    }
    if (line.empty) {
        return tr("lets no one in");
    }
    return line.enforced ? tr("enforced") : QString();
}

QVariant PolicyListModel::cell(Row row, int column, int role) const
{
    const Line& line = m_lines[row];
    const bool isBad = !line.readable || line.orphans > 0;
    if (role == Qt::DecorationRole && column == State && isBad) {
        return theme::icon(u"warning"_s, theme::Role::Warning);
    }
    if (role != Qt::DisplayRole && role != kRawRole) {
        return {};
    }
    switch (column) {
    case Name:
        return line.name;
    case Routes:
        return role == kRawRole ? QVariant(line.routes) : QVariant(QLocale().toString(line.routes));
    case State:
        return stateText(line);
    default:
        return {};
    }
}

RouteListModel::RouteListModel(const PolicyLibrary& library, QObject* parent)
    : RowsModel({ { .id = u"name"_s, .title = tr("Route"), .widthChars = 14, .sortable = false },
                    { .id = u"from"_s, .title = tr("From"), .widthChars = 20, .sortable = false },
                    { .id = u"policies"_s,
                        .title = tr("Policies"),
                        .widthChars = 14,
                        .sortable = false } },
          parent)
    , m_library(library)
{
}

void RouteListModel::refresh()
{
    swapRows(naturalOrder(m_library.routes().size()), [this] { m_routes = m_library.routes(); });
}

QString RouteListModel::rowKey(Row row) const
{
    return m_routes[row].id;
}

QVariant RouteListModel::cell(Row row, int column, int role) const
{
    const StoredRoute& route = m_routes[row];
    if (role == Qt::DecorationRole && column == Policies && route.policyIds.empty()) {
        return theme::icon(u"warning"_s, theme::Role::Warning);
    }
    if (role != Qt::DisplayRole && role != kRawRole) {
        return {};
    }
    switch (column) {
    case Name:
        return route.name;
    case From:
        return route.from;
    case Policies: {
        QStringList names;
        for (const QString& id : route.policyIds) {
            const StoredPolicy* policy = m_library.policy(id);
            names.append(policy == nullptr ? id : policy->name);
        }
        return names.isEmpty() ? tr("none: lets no one in") : names.join(u", "_s);
    }
    default:
        return {};
    }
}

} // namespace portreeve
