// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/configservice/configserviceclient.h"

#include "core/proxy/configservice/fault.h"

#include <QJsonDocument>

#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve::configservice {

namespace {

constexpr int kOk = 200;

QUrl methodUrl(const QUrl& service, QLatin1StringView method)
{
    QUrl url(service);
    auto path = url.path();
    while (path.endsWith(u'/')) {
        path.chop(1);
    }
    url.setPath(path % u"/pomerium.config.ConfigService/" % method);
    return url;
}

/// 64-bit integers are strings in answers.
std::int64_t number(const QJsonValue& value)
{
    return value.isString() ? value.toString().toLongLong() : value.toInteger();
}

template <typename Entity>
Result<std::vector<Entity>> entities(
    const Result<QJsonArray>& items, Entity (*read)(const QJsonObject&))
{
    if (!items) {
        return items.error();
    }
    std::vector<Entity> out;
    for (const auto& item : *items) {
        out.push_back(read(item.toObject()));
    }
    return out;
}

template <typename Entity>
Result<std::optional<Entity>> entity(
    const Result<std::optional<QJsonObject>>& found, Entity (*read)(const QJsonObject&))
{
    if (!found) {
        return found.error();
    }
    return *found ? std::optional(read(**found)) : std::nullopt;
}

} // namespace

ConfigServiceClient::ConfigServiceClient(HttpClient& http, ServiceAddress address)
    : m_http(http)
    , m_address(std::move(address))
{
}

ConfigServiceClient::Answer ConfigServiceClient::call(const Call& call, const std::stop_token& stop)
{
    const auto token = call.signing == Signing::Signed ? m_address.mint() : QByteArray();
    HttpRequest request { .method = "POST",
        .url = methodUrl(m_address.url, call.method),
        .headers = { { .name = "Content-Type", .value = "application/json" } },
        .body = QJsonDocument(call.body).toJson(QJsonDocument::Compact),
        .timeout = m_address.timeout };
    if (!token.isEmpty()) {
        request.headers.push_back({ .name = "jwt", .value = token });
    }
    const auto response = m_http.send(request, stop);
    if (!response) {
        return unanswered(response.error(), m_address.url);
    }
    if (const auto date = httpDate(response->header("Date"))) {
        m_clockAhead = *date - response->receivedAt;
    }
    const AnsweredCall answered { .request = request,
        .response = *response,
        .targetName = m_address.targetName,
        .token = token,
        .clockAhead = m_clockAhead };
    if (response->status != kOk) {
        return faultOf(answered);
    }
    const auto document = QJsonDocument::fromJson(response->body);
    return document.isObject() ? Answer(document.object()) : Answer(unreadable(answered));
}

Result<std::optional<ServerInfo>> ConfigServiceClient::serverInfo(const std::stop_token& stop)
{
    m_clockAhead.reset();
    const auto answer = call({ .method = "GetServerInfo"_L1, .signing = Signing::Open }, stop);
    if (const auto* fault = std::get_if<Fault>(&answer)) {
        return fault->kind == FaultKind::NoService
            ? Result<std::optional<ServerInfo>>(std::optional<ServerInfo>())
            : fault->error;
    }
    const auto& object = *std::get_if<QJsonObject>(&answer);
    auto kind = object.value(u"serverType").toString();
    const auto prefix = u"SERVER_TYPE_"_s;
    if (kind.startsWith(prefix)) {
        kind.remove(0, prefix.size());
    }
    return std::optional(
        ServerInfo { .kind = kind.toLower(), .version = object.value(u"version").toString() });
}

Result<QJsonArray> ConfigServiceClient::list(
    QLatin1StringView method, QLatin1StringView member, const std::stop_token& stop)
{
    const auto answer = call({ .method = method, .body = { { u"orderBy"_s, u"name"_s } } }, stop);
    if (const auto* fault = std::get_if<Fault>(&answer)) {
        return fault->error;
    }
    const auto& object = *std::get_if<QJsonObject>(&answer);
    const auto items = object.value(member).toArray();
    const auto total = number(object.value(u"totalCount"));
    if (total != items.size()) {
        // what is missing in a cut list would look like removed
        return Error { .code = ErrorCode::BadResponse,
            .what
            = message(QT_TRANSLATE_NOOP("Message", "The proxy \"%1\" gave %2 of %3 objects only."),
                m_address.targetName, QString::number(items.size()), QString::number(total)),
            .remedy = message(QT_TRANSLATE_NOOP("Message",
                "Nothing was changed. Push again; look at the proxy's log if it lasts.")),
            .detail = method };
    }
    return items;
}

Result<std::optional<QJsonObject>> ConfigServiceClient::get(QLatin1StringView method,
    QLatin1StringView member, const QString& id, const std::stop_token& stop)
{
    const auto answer = call({ .method = method, .body = { { u"id"_s, id } } }, stop);
    if (const auto* fault = std::get_if<Fault>(&answer)) {
        return fault->kind == FaultKind::NotFound
            ? Result<std::optional<QJsonObject>>(std::optional<QJsonObject>())
            : fault->error;
    }
    return std::optional(std::get_if<QJsonObject>(&answer)->value(member).toObject());
}

Result<std::vector<PolicyEntity>> ConfigServiceClient::policies(const std::stop_token& stop)
{
    return entities(list("ListPolicies"_L1, "policies"_L1, stop), policyFromJson);
}

Result<std::vector<RouteEntity>> ConfigServiceClient::routes(const std::stop_token& stop)
{
    return entities(list("ListRoutes"_L1, "routes"_L1, stop), routeFromJson);
}

Result<std::optional<PolicyEntity>> ConfigServiceClient::policy(
    const QString& id, const std::stop_token& stop)
{
    return entity(get("GetPolicy"_L1, "policy"_L1, id, stop), policyFromJson);
}

Result<std::optional<RouteEntity>> ConfigServiceClient::route(
    const QString& id, const std::stop_token& stop)
{
    return entity(get("GetRoute"_L1, "route"_L1, id, stop), routeFromJson);
}

Result<std::int64_t> ConfigServiceClient::count(EntityKind kind, const std::stop_token& stop)
{
    const auto method = kind == EntityKind::Policy ? "ListPolicies"_L1 : "ListRoutes"_L1;
    const auto answer = call({ .method = method, .body = { { u"limit"_s, 0 } } }, stop);
    if (const auto* fault = std::get_if<Fault>(&answer)) {
        return fault->error;
    }
    return number(std::get_if<QJsonObject>(&answer)->value(u"totalCount"));
}

} // namespace portreeve::configservice
