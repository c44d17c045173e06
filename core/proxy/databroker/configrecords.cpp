// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/configrecords.h"

#include "core/proxy/databroker/typedrecord.h"

#include <config.pb.h>

#include <algorithm>

namespace portreeve {

namespace {

using configservice::EntityKind;
using configservice::Field;
using configservice::PolicyEntity;
using configservice::RouteEntity;
using WireField = google::protobuf::FieldDescriptor;
using WireMessage = google::protobuf::Message;

/// The one table of field names serves the messages too: theirs are the same in snake_case.
const WireField* wireField(const WireMessage& message, QLatin1StringView name)
{
    const auto* found = message.GetDescriptor()->FindFieldByCamelcaseName(
        std::string(name.data(), static_cast<std::size_t>(name.size())));
    Q_ASSERT(found != nullptr);
    return found;
}

void setField(WireMessage& message, const WireField* field, const QString& text)
{
    message.GetReflection()->SetString(&message, field, text.toStdString());
}

void setField(WireMessage& message, const WireField* field, bool flag)
{
    message.GetReflection()->SetBool(&message, field, flag);
}

void setField(WireMessage& message, const WireField* field, const std::vector<QString>& texts)
{
    for (const auto& text : texts) {
        message.GetReflection()->AddString(&message, field, text.toStdString());
    }
}

void readField(const WireMessage& message, const WireField* field, QString& out)
{
    out = QString::fromStdString(message.GetReflection()->GetString(message, field));
}

void readField(const WireMessage& message, const WireField* field, bool& out)
{
    out = message.GetReflection()->GetBool(message, field);
}

void readField(const WireMessage& message, const WireField* field, std::vector<QString>& out)
{
    const auto* reflection = message.GetReflection();
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
        out.push_back(QString::fromStdString(reflection->GetRepeatedString(message, field, i)));
    }
}

/// What is at its default is left out, as in JSON.
template <typename Entity>
void writeField(WireMessage& message, const Entity& entity, const Field<Entity>& field)
{
    const auto* wire = wireField(message, field.name);
    message.GetReflection()->ClearField(&message, wire);
    std::visit(
        [&](auto member) {
            const auto& value = entity.*member;
            if (value != std::decay_t<decltype(value)>()) {
                setField(message, wire, value);
            }
        },
        field.member);
}

template <typename Entity>
Entity readEntity(
    const QString& id, const WireMessage& message, const std::vector<Field<Entity>>& fields)
{
    Entity out { .id = id };
    for (const auto& field : fields) {
        std::visit(
            [&](auto member) { readField(message, wireField(message, field.name), out.*member); },
            field.member);
    }
    return out;
}

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
