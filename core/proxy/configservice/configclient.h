// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/proxy/configservice/entities.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <tuple>
#include <vector>

namespace portreeve::configservice {

/// The reading half of a way to the policies and routes of a proxy: what comparing them needs.
/// Blocks; one thread.
class ConfigClient
{
public:
    ConfigClient() = default;
    ConfigClient(const ConfigClient&) = delete;
    ConfigClient& operator=(const ConfigClient&) = delete;
    virtual ~ConfigClient() = default;

    virtual const QString& targetName() const = 0; ///< as it stands in sentences

    /// Everything, of everybody, by name.
    virtual Result<std::vector<PolicyEntity>> policies(const std::stop_token& stop) = 0;
    virtual Result<std::vector<RouteEntity>> routes(const std::stop_token& stop) = 0;

    /// Nothing when there is none of that id.
    virtual Result<std::optional<PolicyEntity>> policy(
        const QString& id, const std::stop_token& stop)
        = 0;
    virtual Result<std::optional<RouteEntity>> route(const QString& id, const std::stop_token& stop)
        = 0;

    /// How many there are, without fetching them.
    virtual Result<std::int64_t> count(EntityKind kind, const std::stop_token& stop) = 0;
};

/// The writing half. A read-only target never makes one. Errors as the client's; Stale where the
/// entity exists already, or is gone; InvalidInput for a content that is refused.
class ConfigEditor
{
public:
    ConfigEditor() = default;
    ConfigEditor(const ConfigEditor&) = delete;
    ConfigEditor& operator=(const ConfigEditor&) = delete;
    virtual ~ConfigEditor() = default;

    virtual ConfigClient& client() = 0;

    virtual Result<PolicyEntity> create(const PolicyEntity& policy, const std::stop_token& stop)
        = 0;
    virtual Result<RouteEntity> create(const RouteEntity& route, const std::stop_token& stop) = 0;

    /// Changes only the named fields, so that what we do not know survives; a field left empty is
    /// cleared. Without names nothing is sent.
    virtual Result<PolicyEntity> update(
        const PolicyEntity& policy, const QStringList& fields, const std::stop_token& stop)
        = 0;
    virtual Result<RouteEntity> update(
        const RouteEntity& route, const QStringList& fields, const std::stop_token& stop)
        = 0;

    /// Also succeeds when there is none of that id. Routes that name a policy keep naming it.
    virtual Result<void> remove(EntityKind kind, const QString& id, const std::stop_token& stop)
        = 0;
};

/// A fault of ours: an update that names no field.
Error nothingNamed(const QString& id);

/// Stale. @param what  marked for translation, with the target as %1
Error staleEntity(const char* what, const QString& targetName, const QString& detail);

/// InvalidInput for a policy that would be skipped at the proxy without a word, deny rules and all.
Error unsendableText();

/// The order in which clients list.
template <typename Entity> void sortByName(std::vector<Entity>& entities)
{
    std::sort(entities.begin(), entities.end(), [](const Entity& a, const Entity& b) {
        return std::tie(a.name, a.id) < std::tie(b.name, b.id);
    });
}

} // namespace portreeve::configservice
