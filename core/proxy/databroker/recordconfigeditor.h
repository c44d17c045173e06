// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/databroker/recordconfigclient.h"

namespace portreeve {

/// The writing half. The store checks nothing and compares no versions, so all of that is done
/// here: what the proxy could not load is refused, and each record is read again right before it is
/// put. Stale where it is no longer what the client read; between these two calls another writer
/// can still come in, which the reading back of a push finds.
class RecordConfigEditor final : public configservice::ConfigEditor
{
public:
    explicit RecordConfigEditor(RecordConfigClient& client);

    RecordConfigClient& client() override { return m_client; }

    Result<configservice::PolicyEntity> create(
        const configservice::PolicyEntity& policy, const std::stop_token& stop) override;
    Result<configservice::RouteEntity> create(
        const configservice::RouteEntity& route, const std::stop_token& stop) override;
    Result<configservice::PolicyEntity> update(const configservice::PolicyEntity& policy,
        const QStringList& fields, const std::stop_token& stop) override;
    Result<configservice::RouteEntity> update(const configservice::RouteEntity& route,
        const QStringList& fields, const std::stop_token& stop) override;
    Result<void> remove(
        configservice::EntityKind kind, const QString& id, const std::stop_token& stop) override;

private:
    Result<void> createRecord(configservice::EntityKind kind, const DatabrokerRecord& record,
        const std::stop_token& stop);

    /// The record to write, as it is now; nothing when it is gone. @return Stale when it moved on
    Result<std::optional<DatabrokerRecord>> unmoved(
        configservice::EntityKind kind, const QString& id, const std::stop_token& stop);
    template <typename Entity>
    Result<void> change(configservice::EntityKind kind, const Entity& entity,
        const QStringList& fields, const std::stop_token& stop);
    Result<void> put(configservice::EntityKind kind, const DatabrokerRecord& record,
        const std::stop_token& stop);

    RecordConfigClient& m_client;
};

} // namespace portreeve
