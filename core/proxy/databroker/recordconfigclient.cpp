// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/recordconfigclient.h"

#include "core/proxy/databroker/configrecords.h"

#include <algorithm>
#include <tuple>

namespace portreeve {

namespace {

using configservice::EntityKind;
using configservice::PolicyEntity;
using configservice::RouteEntity;

/// By name, since the store gives records in the order they were written.
template <typename Entity>
Result<std::vector<Entity>> entitiesOf(const Result<std::vector<DatabrokerRecord>>& records,
    Result<Entity> (*read)(const DatabrokerRecord&))
{
    if (!records) {
        return records.error();
    }
    std::vector<Entity> out;
    for (const auto& record : *records) {
        auto entity = read(record);
        if (!entity) {
            return entity.error();
        }
        out.push_back(std::move(*entity));
    }
    configservice::sortByName(out);
    return out;
}

template <typename Entity>
Result<std::optional<Entity>> entityOf(const Result<std::optional<DatabrokerRecord>>& record,
    Result<Entity> (*read)(const DatabrokerRecord&))
{
    if (!record) {
        return record.error();
    }
    if (!*record) {
        return std::optional<Entity>();
    }
    auto entity = read(**record);
    return entity ? Result<std::optional<Entity>>(std::optional(std::move(*entity)))
                  : entity.error();
}

} // namespace

RecordConfigClient::RecordConfigClient(
    QString targetName, std::unique_ptr<DatabrokerClient> databroker)
    : m_targetName(std::move(targetName))
    , m_databroker(std::move(databroker))
{
}

RecordConfigClient::Records& RecordConfigClient::known(EntityKind kind)
{
    return m_known.at(kind == EntityKind::Policy ? 0 : 1);
}

Result<std::vector<DatabrokerRecord>> RecordConfigClient::list(
    EntityKind kind, const std::stop_token& stop)
{
    std::vector<DatabrokerRecord> records;
    const auto read = m_databroker->syncLatest(
        configRecordType(kind),
        [&records](DatabrokerRecord&& record) {
            if (!record.isDeleted) {
                records.push_back(std::move(record));
            }
        },
        stop);
    if (!read) {
        return read.error();
    }
    m_positions.insert_or_assign(configRecordType(kind), read->position);
    auto& remembered = known(kind);
    remembered.clear();
    for (const auto& record : records) {
        remembered.insert(record.id, record);
    }
    return records;
}

Result<std::optional<DatabrokerRecord>> RecordConfigClient::current(
    EntityKind kind, const QString& id, const std::stop_token& stop) const
{
    auto record = m_databroker->get(configRecordType(kind), id, stop);
    if (record) {
        return std::optional(std::move(*record));
    }
    return record.error().code == ErrorCode::NotFound
        ? Result<std::optional<DatabrokerRecord>>(std::optional<DatabrokerRecord>())
        : record.error();
}

Result<std::vector<PolicyEntity>> RecordConfigClient::policies(const std::stop_token& stop)
{
    return entitiesOf(list(EntityKind::Policy, stop), policyEntity);
}

Result<std::vector<RouteEntity>> RecordConfigClient::routes(const std::stop_token& stop)
{
    return entitiesOf(list(EntityKind::Route, stop), routeEntity);
}

Result<std::optional<PolicyEntity>> RecordConfigClient::policy(
    const QString& id, const std::stop_token& stop)
{
    const auto record = current(EntityKind::Policy, id, stop);
    if (record && *record) {
        known(EntityKind::Policy).insert(id, **record);
    }
    return entityOf(record, policyEntity);
}

Result<std::optional<RouteEntity>> RecordConfigClient::route(
    const QString& id, const std::stop_token& stop)
{
    const auto record = current(EntityKind::Route, id, stop);
    if (record && *record) {
        known(EntityKind::Route).insert(id, **record);
    }
    return entityOf(record, routeEntity);
}

Result<std::int64_t> RecordConfigClient::count(EntityKind kind, const std::stop_token& stop)
{
    const auto found = m_databroker->query({ .type = configRecordType(kind), .limit = 1 }, stop);
    return found ? Result<std::int64_t>(found->totalCount) : found.error();
}

} // namespace portreeve
