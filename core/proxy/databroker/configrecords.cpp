// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/configrecords.h"

#include "core/proxy/databroker/entitywire.h"
#include "core/proxy/databroker/typedrecord.h"

#include <config.pb.h>

#include <algorithm>

namespace portreeve {

namespace {

using configservice::EntityKind;
using configservice::Field;
using configservice::PolicyEntity;
using configservice::RouteEntity;

Error damagedConfig(const DatabrokerRecord& record)
{
    return { .code = ErrorCode::BadResponse,
        .what = message(QT_TRANSLATE_NOOP("Message",
                            "The record %1 of type %2 cannot be read; the proxy itself stumbles "
                            "over it too."),
            record.id, record.type),
        .remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Another program wrote it. Have it mended or deleted there.")) };
}

template <typename Wire, typename Entity>
DatabrokerRecord wholeRecord(
    EntityKind kind, const Entity& entity, const std::vector<Field<Entity>>& fields)
{
    Wire wire;
    wire.set_id(entity.id.toStdString());
    for (const auto& field : fields) {
        writeField(wire, entity, field);
    }
    return typedRecord(configRecordType(kind), entity.id, wire);
}

template <typename Wire, typename Entity>
Result<DatabrokerRecord> changedRecord(const DatabrokerRecord& record, const Entity& entity,
    const std::vector<Field<Entity>>& fields, const QStringList& names)
{
    auto wire = unpack<Wire>(record);
    if (!wire) {
        return damagedConfig(record);
    }
    for (const auto& field : fields) {
        if (names.contains(field.name)) {
            writeField(*wire, entity, field);
        }
    }
    auto out = record;
    out.data = QByteArray::fromStdString(wire->SerializeAsString());
    return out;
}

} // namespace

QLatin1StringView configRecordType(EntityKind kind)
{
    switch (kind) {
    case EntityKind::Policy:
        return recordtype::kConfigPolicy;
    case EntityKind::Route:
        return recordtype::kConfigRoute;
    }
    return {};
}

DatabrokerRecord toRecord(const PolicyEntity& policy)
{
    return wholeRecord<pomerium::config::Policy>(
        EntityKind::Policy, policy, configservice::policyFields());
}

DatabrokerRecord toRecord(const RouteEntity& route)
{
    return wholeRecord<pomerium::config::Route>(
        EntityKind::Route, route, configservice::routeFields());
}

Result<PolicyEntity> policyEntity(const DatabrokerRecord& record)
{
    const auto wire = unpack<pomerium::config::Policy>(record);
    return wire ? Result<PolicyEntity>(readEntity(record.id, *wire, configservice::policyFields()))
                : damagedConfig(record);
}

Result<RouteEntity> routeEntity(const DatabrokerRecord& record)
{
    const auto wire = unpack<pomerium::config::Route>(record);
    if (!wire) {
        return damagedConfig(record);
    }
    auto out = readEntity(record.id, *wire, configservice::routeFields());
    out.isPublic = wire->allow_public_unauthenticated_access();
    const auto& policies = wire->policies();
    out.inlinePolicies = static_cast<int>(std::count_if(policies.begin(), policies.end(),
        [](const auto& policy) { return !policy.source_ppl().empty(); }));
    return out;
}

Result<DatabrokerRecord> withFields(
    const DatabrokerRecord& record, const PolicyEntity& policy, const QStringList& fields)
{
    return changedRecord<pomerium::config::Policy>(
        record, policy, configservice::policyFields(), fields);
}

Result<DatabrokerRecord> withFields(
    const DatabrokerRecord& record, const RouteEntity& route, const QStringList& fields)
{
    return changedRecord<pomerium::config::Route>(
        record, route, configservice::routeFields(), fields);
}

} // namespace portreeve
