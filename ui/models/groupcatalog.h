// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/directory/textsearch.h"
#include "core/policy/lint.h"
#include "core/store/directorystore.h"

#include <QHash>
#include <QString>

#include <memory>
#include <vector>

namespace portreeve {

/// One synced group as pickers and sentences need it.
struct GroupEntry
{
    QString id {}; ///< as policies and proxies use it, see ExportedGroups
    QString name {};
    QString connection {};
    GroupKind kind = GroupKind::Group;
    std::uint32_t effectiveMembers = 0;
};

/// Every synced group of every connection, by name. Immutable, shared between threads.
class GroupCatalog
{
public:
    GroupCatalog() = default;

    /// Counts the effective members of every group: for a worker thread.
    explicit GroupCatalog(const DirectoryView& view);

    const std::vector<GroupEntry>& entries() const { return m_entries; }

    /// nullptr when no connection has such a group.
    const GroupEntry* find(const QString& id) const;

    /// Positions in entries() whose name or id contains @p text.
    std::vector<Row> search(const QString& text) const;

    /// What the policy lint may know of the directory.
    const policy::DirectoryFacts& facts() const { return m_facts; }

private:
    std::vector<GroupEntry> m_entries;
    QHash<QString, std::uint32_t> m_byId;
    TextSearch m_search;
    policy::DirectoryFacts m_facts;
};

using GroupCatalogPtr = std::shared_ptr<const GroupCatalog>;

} // namespace portreeve
