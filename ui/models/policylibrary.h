// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/runtask.h"
#include "core/policy/model.h"
#include "core/store/storeworker.h"
#include "ui/models/groupcatalog.h"

#include <QObject>

#include <optional>
#include <vector>

namespace portreeve {

/// A stored policy and what the list says about it.
struct PolicyEntry
{
    StoredPolicy policy {};
    std::vector<QString> groupIds {}; ///< of its group conditions, sorted
    int criteria = 0;
    bool readable = true; ///< its text parses
};

/// Policies, routes and synced groups as last read from the store, and the ways to change them.
/// Answers arrive as signals on the owner's thread; newer requests win.
class PolicyLibrary final : public QObject
{
    Q_OBJECT

public:
    PolicyLibrary(StoreWorker& store, QThreadPool& workers, QObject* parent = nullptr);

    void reload();
    void reloadGroups();

    const std::vector<PolicyEntry>& policies() const { return m_policies; }

    const std::vector<StoredRoute>& routes() const { return m_routes; }

    /// Null before the first load.
    GroupCatalogPtr groups() const { return m_groups; }

    const StoredPolicy* policy(const QString& id) const;
    const StoredRoute* route(const QString& id) const;
    std::vector<StoredRoute> routesUsing(const QString& policyId) const;

    /// Group ids of a policy no connection has. Empty before groups are known.
    std::vector<QString> orphanedGroups(const PolicyEntry& entry) const;

    /// @p base, or "@p base 2", "@p base 3": the first name no policy (or route) has.
    QString freePolicyName(const QString& base) const;
    QString freeRouteName(const QString& base) const;

    void save(const StoredPolicy& policy);
    void save(const StoredRoute& route);
    void removePolicy(const QString& id);
    void removeRoute(const QString& id);

signals:
    void loaded();
    void groupsLoaded();
    void policySaved(const portreeve::StoredPolicy& policy);
    void routeSaved(const portreeve::StoredRoute& route);
    void removed(const QString& id);
    void failed(const portreeve::Error& error);

private:
    struct Content
    {
        std::vector<PolicyEntry> policies;
        std::vector<StoredRoute> routes;
    };

    static Result<Content> read(Store& store);

    StoreWorker& m_store;
    QThreadPool& m_workers;
    std::vector<PolicyEntry> m_policies;
    std::vector<StoredRoute> m_routes;
    GroupCatalogPtr m_groups;
    int m_request = 0;
    int m_groupRequest = 0;
};

} // namespace portreeve
