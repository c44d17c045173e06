// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/configservice/entities.h"

#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::configservice {

namespace {

using Texts = std::vector<QString>;

QJsonValue toValue(const QString& text)
{
    return text.isEmpty() ? QJsonValue(QJsonValue::Undefined) : QJsonValue(text);
}

QJsonValue toValue(bool flag)
{
    return flag ? QJsonValue(true) : QJsonValue(QJsonValue::Undefined);
}

QJsonValue toValue(const Texts& texts)
{
    return texts.empty()
        ? QJsonValue(QJsonValue::Undefined)
        : QJsonValue(QJsonArray::fromStringList(QStringList(texts.begin(), texts.end())));
}

void fromValue(const QJsonValue& value, QString& out)
{
    out = value.toString();
}

void fromValue(const QJsonValue& value, bool& out)
{
    out = value.toBool();
}

void fromValue(const QJsonValue& value, Texts& out)
{
    const auto items = value.toArray();
    std::transform(items.begin(), items.end(), std::back_inserter(out),
        [](const QJsonValue& item) { return item.toString(); });
}

QString toText(const QString& text)
{
    return text;
}

QString toText(bool flag)
{
    return flag ? u"true"_s : u"false"_s;
}

QString toText(const Texts& texts)
{
    return QStringList(texts.begin(), texts.end()).join(u'\n');
}

template <typename Entity>
QJsonObject write(const Entity& entity, const std::vector<Field<Entity>>& fields)
{
    QJsonObject out { { u"id"_s, entity.id } };
    for (const auto& field : fields) {
        const auto value
            = std::visit([&entity](auto member) { return toValue(entity.*member); }, field.member);
        if (!value.isUndefined()) {
            out.insert(field.name, value);
        }
    }
    return out;
}

template <typename Entity>
Entity read(const QJsonObject& object, const std::vector<Field<Entity>>& fields)
{
    Entity out { .id = object.value(u"id").toString() };
    for (const auto& field : fields) {
        const auto value = object.value(field.name);
        std::visit([&](auto member) { fromValue(value, out.*member); }, field.member);
    }
    return out;
}

template <typename Entity>
std::vector<FieldDifference> compare(
    const Entity& before, const Entity& after, const std::vector<Field<Entity>>& fields)
{
    std::vector<FieldDifference> out;
    for (const auto& field : fields) {
        const auto text = [&field](const Entity& entity) {
            return std::visit([&](auto member) { return toText(entity.*member); }, field.member);
        };
        const auto old = text(before);
        const auto wanted = text(after);
        if (old != wanted && !(field.serverMayFill && wanted.isEmpty())) {
            out.push_back({ .field = field.name, .before = old, .after = wanted });
        }
    }
    return out;
}

} // namespace

QString entityKindName(EntityKind kind)
{
    switch (kind) {
    case EntityKind::Policy:
        return u"policy"_s;
    case EntityKind::Route:
        return u"route"_s;
    }
    return {};
}

const std::vector<Field<PolicyEntity>>& policyFields()
{
    static const std::vector<Field<PolicyEntity>> fields {
        { .name = "originatorId"_L1, .member = &PolicyEntity::originatorId },
        { .name = "namespaceId"_L1, .member = &PolicyEntity::namespaceId, .serverMayFill = true },
        { .name = "name"_L1, .member = &PolicyEntity::name },
        { .name = "description"_L1, .member = &PolicyEntity::description },
        { .name = "sourcePpl"_L1, .member = &PolicyEntity::sourcePpl },
        { .name = "explanation"_L1, .member = &PolicyEntity::explanation },
        { .name = "remediation"_L1, .member = &PolicyEntity::remediation },
    };
    return fields;
}

const std::vector<Field<RouteEntity>>& routeFields()
{
    static const std::vector<Field<RouteEntity>> fields {
        { .name = "originatorId"_L1, .member = &RouteEntity::originatorId },
        { .name = "namespaceId"_L1, .member = &RouteEntity::namespaceId, .serverMayFill = true },
        { .name = "name"_L1, .member = &RouteEntity::name },
        { .name = "from"_L1, .member = &RouteEntity::from },
        { .name = "to"_L1, .member = &RouteEntity::to },
        { .name = "prefix"_L1, .member = &RouteEntity::prefix },
        { .name = "path"_L1, .member = &RouteEntity::path },
        { .name = "regex"_L1, .member = &RouteEntity::regex },
        { .name = "policyIds"_L1, .member = &RouteEntity::policyIds },
        { .name = "passIdentityHeaders"_L1, .member = &RouteEntity::passIdentityHeaders },
        { .name = "showErrorDetails"_L1, .member = &RouteEntity::showErrorDetails },
    };
    return fields;
}

QJsonObject toJson(const PolicyEntity& policy)
{
    return write(policy, policyFields());
}

QJsonObject toJson(const RouteEntity& route)
{
    return write(route, routeFields());
}

PolicyEntity policyFromJson(const QJsonObject& object)
{
    return read(object, policyFields());
}

RouteEntity routeFromJson(const QJsonObject& object)
{
    auto out = read(object, routeFields());
    out.isPublic = object.value(u"allowPublicUnauthenticatedAccess").toBool();
    const auto policies = object.value(u"policies").toArray();
    out.inlinePolicies = static_cast<int>(
        std::count_if(policies.begin(), policies.end(), [](const QJsonValue& policy) {
            return !policy.toObject().value(u"sourcePpl").toString().isEmpty();
        }));
    return out;
}

std::vector<FieldDifference> differences(const PolicyEntity& before, const PolicyEntity& after)
{
    return compare(before, after, policyFields());
}

std::vector<FieldDifference> differences(const RouteEntity& before, const RouteEntity& after)
{
    return compare(before, after, routeFields());
}

QStringList fieldNames(const std::vector<FieldDifference>& differences)
{
    QStringList out;
    for (const auto& difference : differences) {
        out.append(difference.field);
    }
    return out;
}

} // namespace portreeve::configservice
