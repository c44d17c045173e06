// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/groupcatalog.h"

#include "core/access/exportedids.h"

#include <algorithm>
#include <array>

namespace portreeve {

GroupCatalog::GroupCatalog(const DirectoryView& view)
{
    const access::ExportedGroups exported(view, {});
    m_facts = exported.facts();
    for (const ConnectionDirectory& connection : view.connections) {
        const Snapshot& snapshot = *connection.snapshot;
        const std::vector<std::uint32_t> counts = connection.closure->effectiveUserCounts();
        for (Row group = 0; group < snapshot.groupCount(); ++group) {
            const GroupRecord record = snapshot.group(group);
            m_entries.push_back({ .id = exported.prefix(connection.connectionId) + record.id,
                .name = record.name.isEmpty() ? record.id : record.name,
                .connection = connection.connectionName,
                .kind = record.kind,
                .effectiveMembers = counts[group] });
        }
    }
    std::stable_sort(
        m_entries.begin(), m_entries.end(), [](const GroupEntry& a, const GroupEntry& b) {
            const int order = a.name.compare(b.name, Qt::CaseInsensitive);
            return order != 0 ? order < 0 : a.id < b.id;
        });
    m_byId.reserve(static_cast<qsizetype>(m_entries.size()));
    TextColumn names;
    TextColumn ids;
    for (std::uint32_t i = 0; i < m_entries.size(); ++i) {
        m_byId.insert(m_entries[i].id, i);
        names.append(m_entries[i].name.toUtf8());
        ids.append(m_entries[i].id.toUtf8());
    }
    m_search = TextSearch(std::array<const TextColumn*, 2> { &names, &ids });
}

const GroupEntry* GroupCatalog::find(const QString& id) const
{
    const auto found = m_byId.constFind(id);
    return found == m_byId.constEnd() ? nullptr : &m_entries[*found];
}

std::vector<Row> GroupCatalog::search(const QString& text) const
{
    return m_search.find(text);
}

} // namespace portreeve
