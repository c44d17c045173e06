// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/access/exportedids.h"

namespace portreeve::access {

ExportedGroups::ExportedGroups(const DirectoryView& view, const std::vector<Tombstone>& tombstones)
    : m_prefixed(view.connections.size() > 1)
{
    for (const auto& connection : view.connections) {
        m_known = m_known || connection.generation > 0;
        const auto& snapshot = *connection.snapshot;
        const auto start = prefix(connection.connectionId);
        for (Row group = 0; group < snapshot.groupCount(); ++group) {
            const auto id = snapshot.groupId(group);
            m_live.insert(QString(start % id),
                { .connectionId = connection.connectionId,
                    .groupId = id,
                    .name = snapshot.groupNames().text(group) });
        }
    }
    for (const auto& tombstone : tombstones) {
        const QString id = prefix(tombstone.connectionId) % tombstone.id;
        if (tombstone.kind == ObjectKind::Group && !m_live.contains(id)) {
            m_vanished.insert(id,
                { .connectionId = tombstone.connectionId,
                    .groupId = tombstone.id,
                    .name = tombstone.name });
        }
    }
}

QString ExportedGroups::prefix(const QString& connectionId) const
{
    return m_prefixed ? QString(connectionId % u':') : QString();
}

IdNaming ExportedGroups::naming(const QString& connectionId) const
{
    return [start = prefix(connectionId)](const QString& id) { return QString(start % id); };
}

QSet<QString> ExportedGroups::liveIds() const
{
    return { m_live.keyBegin(), m_live.keyEnd() };
}

std::optional<GroupOrigin> ExportedGroups::live(const QString& exportedId) const
{
    const auto found = m_live.constFind(exportedId);
    return found == m_live.constEnd() ? std::nullopt : std::optional(*found);
}

std::optional<GroupOrigin> ExportedGroups::vanished(const QString& exportedId) const
{
    const auto found = m_vanished.constFind(exportedId);
    return found == m_vanished.constEnd() ? std::nullopt : std::optional(*found);
}

policy::DirectoryFacts ExportedGroups::facts() const
{
    policy::DirectoryFacts out;
    for (auto group = m_live.constBegin(); group != m_live.constEnd(); ++group) {
        out.groupIds.insert(group.key());
        out.groupIdByName.insert(group->name, group.key());
    }
    return out;
}

} // namespace portreeve::access
