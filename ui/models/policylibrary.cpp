// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/policylibrary.h"

#include "core/access/groupreferences.h"
#include "core/policy/targetlint.h"

#include <QFuture>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

PolicyEntry entryOf(StoredPolicy stored)
{
    PolicyEntry entry;
    const auto parsed = policy::parseForAnyTarget(stored.text.toUtf8());
    entry.readable = parsed.policy.has_value() && !parsed.hasErrors();
    if (parsed.policy) {
        entry.groupIds = access::referencedGroupIds(*parsed.policy);
        for (const policy::Rule& rule : parsed.policy->rules) {
            for (const policy::OperatorList& list : rule.lists) {
                entry.criteria += static_cast<int>(list.criteria.size());
            }
        }
    }
    entry.policy = std::move(stored);
    return entry;
}

template <typename Items, typename NameOf>
QString freeName(const QString& base, const Items& items, NameOf nameOf)
{
    for (int number = 1;; ++number) {
        QString name = number == 1 ? base : QString(base + u' ' + QString::number(number));
        const bool taken = std::any_of(items.begin(), items.end(),
            [&](const auto& item) { return nameOf(item).compare(name, Qt::CaseInsensitive) == 0; });
        if (!taken) {
            return name;
        }
    }
}

} // namespace

PolicyLibrary::PolicyLibrary(StoreWorker& store, QThreadPool& workers, QObject* parent)
    : QObject(parent)
    , m_store(store)
    , m_workers(workers)
{
}

Result<PolicyLibrary::Content> PolicyLibrary::read(Store& store)
{
    auto policies = store.policies().policies();
    if (!policies) {
        return policies.error();
    }
    auto routes = store.policies().routes();
    if (!routes) {
        return routes.error();
    }
    Content content;
    for (StoredPolicy& stored : *policies) {
        content.policies.push_back(entryOf(std::move(stored)));
    }
    content.routes = std::move(*routes);
    return content;
}

void PolicyLibrary::reload()
{
    m_store.run([](Store& store) { return read(store); })
        .then(this, [this, request = ++m_request](const Result<Content>& content) {
            if (request != m_request) {
                return;
            }
            if (!content) {
                emit failed(content.error());
                return;
            }
            m_policies = content->policies;
            m_routes = content->routes;
            emit loaded();
        });
}

void PolicyLibrary::reloadGroups()
{
    const int request = ++m_groupRequest;
    m_store.run([](Store& store) { return store.directory().loadView(); })
        .then(this, [this, request](const Result<DirectoryViewPtr>& view) {
            if (!view) {
                emit failed(view.error());
                return;
            }
            runTask(m_workers, [view = *view] {
                return std::make_shared<const GroupCatalog>(*view);
            }).then(this, [this, request](const GroupCatalogPtr& groups) {
                if (request == m_groupRequest) {
                    m_groups = groups;
                    emit groupsLoaded();
                }
            });
        });
}

const StoredPolicy* PolicyLibrary::policy(const QString& id) const
{
    const auto found = std::find_if(m_policies.begin(), m_policies.end(),
        [&](const PolicyEntry& entry) { return entry.policy.id == id; });
    return found == m_policies.end() ? nullptr : &found->policy;
}

const StoredRoute* PolicyLibrary::route(const QString& id) const
{
    const auto found = std::find_if(
        m_routes.begin(), m_routes.end(), [&](const StoredRoute& route) { return route.id == id; });
    return found == m_routes.end() ? nullptr : &*found;
}

std::vector<StoredRoute> PolicyLibrary::routesUsing(const QString& policyId) const
{
    std::vector<StoredRoute> users;
    std::copy_if(
        m_routes.begin(), m_routes.end(), std::back_inserter(users), [&](const StoredRoute& route) {
            return std::find(route.policyIds.begin(), route.policyIds.end(), policyId)
                != route.policyIds.end();
        });
    return users;
}

std::vector<QString> PolicyLibrary::orphanedGroups(const PolicyEntry& entry) const
{
    std::vector<QString> orphans;
    if (m_groups) {
        std::copy_if(entry.groupIds.begin(), entry.groupIds.end(), std::back_inserter(orphans),
            [&](const QString& id) { return m_groups->find(id) == nullptr; });
    }
    return orphans;
}

QString PolicyLibrary::freePolicyName(const QString& base) const
{
    return freeName(base, m_policies, [](const PolicyEntry& entry) { return entry.policy.name; });
}

QString PolicyLibrary::freeRouteName(const QString& base) const
{
    return freeName(base, m_routes, [](const StoredRoute& route) { return route.name; });
}

void PolicyLibrary::save(const StoredPolicy& policy)
{
    m_store.run([policy](Store& store) { return store.policies().save(policy); })
        .then(this, [this](const Result<StoredPolicy>& saved) {
            if (!saved) {
                emit failed(saved.error());
                return;
            }
            emit policySaved(*saved);
            reload();
        });
}

void PolicyLibrary::save(const StoredRoute& route)
{
    m_store.run([route](Store& store) { return store.policies().save(route); })
        .then(this, [this](const Result<StoredRoute>& saved) {
            if (!saved) {
                emit failed(saved.error());
                return;
            }
            emit routeSaved(*saved);
            reload();
        });
}

void PolicyLibrary::removePolicy(const QString& id)
{
    m_store.run([id](Store& store) { return store.policies().removePolicy(id); })
        .then(this, [this, id](const Result<void>& done) {
            if (!done) {
                emit failed(done.error());
                return;
            }
            emit removed(id);
            reload();
        });
}

void PolicyLibrary::removeRoute(const QString& id)
{
    m_store.run([id](Store& store) { return store.policies().removeRoute(id); })
        .then(this, [this, id](const Result<void>& done) {
            if (!done) {
                emit failed(done.error());
                return;
            }
            emit removed(id);
            reload();
        });
}

} // namespace portreeve
