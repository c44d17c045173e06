// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/configservice/configserviceeditor.h"

using namespace Qt::StringLiterals;

namespace portreeve::configservice {

namespace {

/// In JSON an update mask is one string; names in snake_case are refused there.
QJsonObject updateBody(const QString& member, const QJsonObject& entity, const QStringList& fields)
{
    return { { member, entity }, { u"updateMask"_s, fields.join(u',') } };
}

template <typename Entity>
Result<Entity> entity(
    const Result<QJsonObject>& answer, const QString& member, Entity (*read)(const QJsonObject&))
{
    return answer ? Result<Entity>(read(answer->value(member).toObject())) : answer.error();
}

} // namespace

ConfigServiceEditor::ConfigServiceEditor(ConfigServiceClient& client)
    : m_client(client)
{
}

Result<QJsonObject> ConfigServiceEditor::write(
    const ConfigServiceClient::Call& call, const std::stop_token& stop)
{
    auto answer = m_client.call(call, stop);
    if (auto* fault = std::get_if<Fault>(&answer)) {
        return std::move(fault->error);
    }
    return std::move(*std::get_if<QJsonObject>(&answer));
}

Result<PolicyEntity> ConfigServiceEditor::create(
    const PolicyEntity& policy, const std::stop_token& stop)
{
    return entity(
        write({ .method = "CreatePolicy"_L1, .body = { { u"policy"_s, toJson(policy) } } }, stop),
        u"policy"_s, policyFromJson);
}

Result<RouteEntity> ConfigServiceEditor::create(
    const RouteEntity& route, const std::stop_token& stop)
{
    return entity(
        write({ .method = "CreateRoute"_L1, .body = { { u"route"_s, toJson(route) } } }, stop),
        u"route"_s, routeFromJson);
}

Result<PolicyEntity> ConfigServiceEditor::update(
    const PolicyEntity& policy, const QStringList& fields, const std::stop_token& stop)
{
    if (fields.isEmpty()) {
        return nothingNamed(policy.id);
    }
    return entity(write({ .method = "UpdatePolicy"_L1,
                            .body = updateBody(u"policy"_s, toJson(policy), fields) },
                      stop),
        u"policy"_s, policyFromJson);
}

Result<RouteEntity> ConfigServiceEditor::update(
    const RouteEntity& route, const QStringList& fields, const std::stop_token& stop)
{
    if (fields.isEmpty()) {
        return nothingNamed(route.id);
    }
    return entity(
        write({ .method = "UpdateRoute"_L1, .body = updateBody(u"route"_s, toJson(route), fields) },
            stop),
        u"route"_s, routeFromJson);
}

Result<void> ConfigServiceEditor::remove(
    EntityKind kind, const QString& id, const std::stop_token& stop)
{
    const auto method = kind == EntityKind::Policy ? "DeletePolicy"_L1 : "DeleteRoute"_L1;
    const auto answer = write({ .method = method, .body = { { u"id"_s, id } } }, stop);
    return answer ? Result<void>() : answer.error();
}

Result<ServiceAccount> ConfigServiceEditor::createServiceAccount(
    const QString& userId, UtcTime expiresAt, const std::stop_token& stop)
{
    const QJsonObject account { { u"userId"_s, userId }, { u"expiresAt"_s, toRfc3339(expiresAt) },
        { u"description"_s, u"Portreeve tries a route out"_s } };
    const auto answer = write(
        { .method = "CreateServiceAccount"_L1, .body = { { u"serviceAccount"_s, account } } },
        stop);
    if (!answer) {
        return answer.error();
    }
    return ServiceAccount {
        .id = answer->value(u"serviceAccount").toObject().value(u"id").toString(),
        .userId = userId,
        .token = answer->value(u"jwt").toString().toLatin1(),
    };
}

Result<void> ConfigServiceEditor::removeServiceAccount(
    const QString& id, const std::stop_token& stop)
{
    const auto answer
        = write({ .method = "DeleteServiceAccount"_L1, .body = { { u"id"_s, id } } }, stop);
    return answer ? Result<void>() : answer.error();
}

} // namespace portreeve::configservice
