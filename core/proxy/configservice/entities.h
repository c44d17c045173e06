// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <variant>
#include <vector>

namespace portreeve::configservice {

enum class EntityKind { Policy, Route };

QString entityKindName(EntityKind kind); ///< "policy", "route"

/// A policy as the service keeps it (proxy.md 6.1); fields we neither write nor judge are left out.
struct PolicyEntity
{
    QString id {};
    QString originatorId {}; ///< who keeps it; empty = nobody said
    QString namespaceId {};
    QString name {};
    QString description {};
    QString sourcePpl {}; ///< kept by the server byte for byte
    QString explanation {};
    QString remediation {};

    friend bool operator==(const PolicyEntity&, const PolicyEntity&) = default;
};

struct RouteEntity
{
    QString id {};
    QString originatorId {};
    QString namespaceId {};
    QString name {};
    QString from {};
    std::vector<QString> to {};
    QString prefix {};
    QString path {};
    QString regex {};
    std::vector<QString> policyIds {};
    bool passIdentityHeaders = false;
    bool showErrorDetails = false;

    bool isPublic = false; ///< by its own switch; read only
    int inlinePolicies
        = 0; ///< with text of their own, which the proxy does not evaluate; read only

    friend bool operator==(const RouteEntity&, const RouteEntity&) = default;
};

/// One row of the table of field names. Requests, answers, comparisons and update masks all come
/// from it: the server ignores a misspelt field without a word.
template <typename Entity> struct Field
{
    QLatin1StringView name; ///< lowerCamelCase, as in JSON and in masks
    std::variant<QString Entity::*, std::vector<QString> Entity::*, bool Entity::*> member;
    bool serverMayFill = false; ///< what we leave empty the server may set; no difference then
};

/// What we write; `id` is not among them, an update cannot change it.
const std::vector<Field<PolicyEntity>>& policyFields();
const std::vector<Field<RouteEntity>>& routeFields();

/// With `id`, and without fields at their default.
QJsonObject toJson(const PolicyEntity& policy);
QJsonObject toJson(const RouteEntity& route);

PolicyEntity policyFromJson(const QJsonObject& object);
RouteEntity routeFromJson(const QJsonObject& object);

/// A field that reads otherwise on two sides; lists as one line per item.
struct FieldDifference
{
    QString field {};
    QString before {};
    QString after {};

    friend bool operator==(const FieldDifference&, const FieldDifference&) = default;
};

/// In the order of the table.
std::vector<FieldDifference> differences(const PolicyEntity& before, const PolicyEntity& after);
std::vector<FieldDifference> differences(const RouteEntity& before, const RouteEntity& after);

QStringList fieldNames(const std::vector<FieldDifference>& differences);

} // namespace portreeve::configservice
