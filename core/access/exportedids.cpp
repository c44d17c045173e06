// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/access/exportedids.h"

#include <algorithm>

namespace portreeve::access {

namespace {

// Before the first commit has decided, what that commit will decide.
std::optional<QString> unprefixedOf(const DirectoryView& view)
{
    if (view.unprefixed) {
        return view.unprefixed;
    }
    std::optional<QString> only;
    for (const auto& connection : view.connections) {
        if (connection.generation > 0) {
            if (only) {
                return std::nullopt;
            }
            only = connection.connectionId;
        }
    }
    return only;
}

} // namespace

ExportedGroups::ExportedGroups(const DirectoryView& view, const std::vector<Tombstone>& tombstones)
    : m_unprefixed(unprefixedOf(view))
{
    m_known = std::ranges::any_of(view.connections,
        [](const ConnectionDirectory& connection) { return connection.generation > 0; });
    for (const auto& connection : view.connections) {
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
    return !m_known || connectionId == m_unprefixed ? QString() : QString(connectionId % u':');
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
