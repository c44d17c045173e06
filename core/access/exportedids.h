// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/policy/lint.h"
#include "core/store/directorystore.h"

#include <QHash>
#include <QSet>
#include <QString>

#include <functional>
#include <optional>
#include <vector>

namespace portreeve::access {

/// How the provider's ids read in policies: as they are, or with a prefix.
using IdNaming = std::function<QString(const QString& providerId)>;

/// Where a group id of a policy comes from.
struct GroupOrigin
{
    QString connectionId {};
    QString groupId {}; ///< the provider's id
    QString name {};

    friend bool operator==(const GroupOrigin&, const GroupOrigin&) = default;
};

/// The group ids policies and proxies use (sync-lifecycle.md 6): the provider's own for the first
/// connection that delivered a directory, "connection id:provider id" for every further one. An id
/// once exported stays as it is, as policies match it exactly.
class ExportedGroups
{
public:
    ExportedGroups() = default;

    /// @param tombstones  of all connections; those of living groups are ignored
    ExportedGroups(const DirectoryView& view, const std::vector<Tombstone>& tombstones);

    /// Whether any connection has delivered a directory; before that no id can be called unknown.
    bool isKnown() const { return m_known; }

    /// "" or "connection id:", to be put before the provider's group id.
    QString prefix(const QString& connectionId) const;

    IdNaming naming(const QString& connectionId) const;

    QSet<QString> liveIds() const;

    std::optional<GroupOrigin> live(const QString& exportedId) const;

    /// A group that was synced once and is gone.
    std::optional<GroupOrigin> vanished(const QString& exportedId) const;

    /// What the policy lint may know.
    policy::DirectoryFacts facts() const;

private:
    bool m_known = false;
    std::optional<QString> m_unprefixed; ///< connection id; nothing = all have a prefix
    QHash<QString, GroupOrigin> m_live;
    QHash<QString, GroupOrigin> m_vanished;
};

} // namespace portreeve::access
