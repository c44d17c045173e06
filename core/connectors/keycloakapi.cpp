// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/keycloakapi.h"

#include "core/connectors/clockcheck.h"
#include "core/net/paging.h"
#include "core/net/statuserror.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QUrlQuery>

#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
constexpr int kOk = 200;
constexpr int kUnauthorized = 401;
constexpr int kForbidden = 403;
constexpr int kNotFound = 404;

QString encoded(const QString& text)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(text));
}

/// The short texts of an error answer; Keycloak names them differently from call to call.
QString errorText(const HttpResponse& response)
{
    constexpr qsizetype longest = 200;
    const auto object = QJsonDocument::fromJson(response.body).object();
    QStringList texts;
    for (const auto key : { "error"_L1, "error_description"_L1, "errorMessage"_L1 }) {
        const QString text = object.value(key).toString().left(longest);
        if (!text.isEmpty()) {
            texts.append(text);
        }
    }
    return texts.join(u": "_s);
}

QJsonObject tokenPayload(const QString& token)
{
    const auto parts = token.split(u'.');
    if (parts.size() < 2) {
        return {}; // opaque
    }
    return QJsonDocument::fromJson(
        QByteArray::fromBase64(parts.at(1).toLatin1(), QByteArray::Base64UrlEncoding))
        .object();
}
} // namespace

QUrl keycloakRoot(const QString& entered)
{
    QUrl url(entered);
    QString path = url.path(QUrl::FullyEncoded);
    const auto realms = path.indexOf(u"/realms/"_s);
    if (realms >= 0) {
        path.truncate(realms);
    }
    while (path.endsWith(u'/')) {
        path.chop(1);
    }
    url.setPath(path, QUrl::StrictMode);
    return url;
}

KeycloakApi::KeycloakApi(const ConnectorOptions& options, RunContext& run, RetryPolicy policy)
    : m_run(run)
    , m_base(keycloakRoot(options.text(u"url"_s)))
    , m_realm(options.text(u"realm"_s))
    , m_clientId(options.text(u"client_id"_s))
    , m_secret(options.secret(u"client_secret"_s))
    , m_http(run.http, run.clock, std::move(policy),
          [this](const QString& waitingFor) {
              m_run.progress({ .phase = m_phase, .waitingFor = waitingFor });
          })
    , m_tokens([this] { return fetchToken(); }, run.clock)
    , m_admin(m_http, m_tokens)
{
}

QUrl KeycloakApi::address(const QString& path) const
{
    QUrl url = m_base;
    url.setPath(m_base.path(QUrl::FullyEncoded) + path, QUrl::StrictMode);
    return url;
}

bool KeycloakApi::isIssuerElsewhere() const
{
    const QUrl issuer(m_issuer);
    return !m_issuer.isEmpty()
        && (issuer.host() != m_base.host() || issuer.port() != m_base.port());
}

Result<void> KeycloakApi::discover()
{
    const HttpRequest request { .url
        = address(u"/realms/"_s + encoded(m_realm) + u"/.well-known/openid-configuration"_s) };
    auto response = m_http.send(request, m_run.stop);
    if (!response) {
        return response.error();
    }
    m_clockSkew = portreeve::clockSkew(*response);
    if (response->status != kOk) {
        return realmError(request, *response);
    }
    const auto document = readObject(*response, host());
    if (!document) {
        return document.error();
    }
    // Nothing else of it is used: the addresses in it follow the server's public host name, and
    // the secret must go to the configured one only.
    m_issuer = document->value("issuer"_L1).toString();
    if (m_issuer.isEmpty()) {
        return malformedAnswer(host(), u"the realm's description names no issuer"_s);
    }
    return {};
}

Result<void> KeycloakApi::signIn()
{
    const auto token = m_tokens.token();
    if (!token) {
        return token.error();
    }
    return {};
}

Result<AccessToken> KeycloakApi::fetchToken()
{
    HttpRequest request { .method = "POST",
        .url = address(u"/realms/"_s + encoded(m_realm) + u"/protocol/openid-connect/token"_s) };
    request.isRepeatable = true;
    request.headers.push_back(
        { .name = "Content-Type", .value = "application/x-www-form-urlencoded" });
    request.body = "grant_type=client_credentials&client_id=" + QUrl::toPercentEncoding(m_clientId)
        + "&client_secret=" + QUrl::toPercentEncoding(m_secret);
    const auto response = m_http.send(request, m_run.stop);
    if (!response) {
        return response.error();
    }
    if (response->status != kOk) {
        return tokenError(request, *response);
    }
    const auto answer = readObject(*response, host());
    if (!answer) {
        return answer.error();
    }
    const QString token = answer->value("access_token"_L1).toString();
    if (token.isEmpty()) {
        return malformedAnswer(host(), u"the sign-in gave no access_token"_s);
    }
    readToken(token);
    const auto seconds = answer->value("expires_in"_L1).toInteger();
    return AccessToken { .value = token, .lifetime = std::chrono::seconds(seconds) };
}

void KeycloakApi::readToken(const QString& token)
{
    const auto access = tokenPayload(token).value("resource_access"_L1);
    if (!access.isObject()) {
        m_role = Role::Unknown; // lightweight token, or a client without full scope
        return;
    }
    const QString client = m_realm == u"master" ? u"master-realm"_s : u"realm-management"_s;
    const auto roles = access.toObject().value(client).toObject().value("roles"_L1).toArray();
    m_role = roles.contains(u"view-users"_s) ? Role::Held : Role::Missing;
}

HttpRequest KeycloakApi::adminRequest(const KeycloakCall& call) const
{
    QUrl url = address(u"/admin/realms/"_s + encoded(m_realm) + u'/' + call.path);
    QUrlQuery query;
    for (const auto& [key, value] : call.query) {
        query.addQueryItem(key, encoded(value));
    }
    if (!query.isEmpty()) {
        url.setQuery(query);
    }
    return { .url = url };
}

Result<HttpResponse> KeycloakApi::expectOk(
    const HttpRequest& request, Result<HttpResponse> answer) const
{
    if (!answer || answer->status == kOk) {
        return answer;
    }
    return adminError(request, *answer);
}

Result<QJsonArray> KeycloakApi::list(const KeycloakCall& call)
{
    return std::move(listAll({ call }).front());
}

std::vector<Result<QJsonArray>> KeycloakApi::listAll(const std::vector<KeycloakCall>& calls)
{
    constexpr int inFlight = 4;
    std::vector<HttpRequest> requests;
    requests.reserve(calls.size());
    for (const auto& call : calls) {
        requests.push_back(adminRequest(call));
    }
    auto answers = m_admin.sendAll(requests, inFlight, m_run.stop);
    std::vector<Result<QJsonArray>> lists;
    lists.reserve(calls.size());
    for (std::size_t i = 0; i < calls.size(); ++i) {
        const auto answer = expectOk(requests[i], std::move(answers[i]));
        lists.push_back(answer ? readArray(*answer, host()) : Result<QJsonArray>(answer.error()));
    }
    return lists;
}

Result<std::int64_t> KeycloakApi::count(const QString& path)
{
    const auto request = adminRequest({ .path = path });
    const auto answer = expectOk(request, m_admin.send(request, m_run.stop));
    if (!answer) {
        return answer.error();
    }
    // users/count is a bare number, groups/count an object.
    bool isNumber = false;
    const auto number = answer->body.trimmed().toLongLong(&isNumber);
    if (isNumber) {
        return std::int64_t { number };
    }
    const auto object = readObject(*answer, host());
    if (!object) {
        return object.error();
    }
    const auto value = object->value("count"_L1);
    if (!value.isDouble()) {
        return malformedAnswer(host(), u"a count is missing"_s);
    }
    return std::int64_t { value.toInteger() };
}

QString KeycloakApi::technical(const HttpRequest& request, const HttpResponse& response) const
{
    const QString text = errorText(response);
    const QString all
        = describeExchange(request, response) + (text.isEmpty() ? QString() : u", "_s + text);
    return m_run.redactor.redact(all);
}

Error KeycloakApi::realmError(const HttpRequest& request, const HttpResponse& response) const
{
    auto error = statusError(host(), request, response);
    error.detail = technical(request, response);
    if (response.status != kNotFound) {
        return error;
    }
    if (errorText(response).contains(u"Realm does not exist"_s)) {
        error.what = message(QT_TRANSLATE_NOOP("Message", "Keycloak at %1 has no realm called %2."),
            host(), m_realm);
        error.remedy
            = message(QT_TRANSLATE_NOOP("Message", "Check the realm's spelling; capitals matter."));
        return error;
    }
    error.what = message(QT_TRANSLATE_NOOP("Message", "No Keycloak answers at %1."),
        withoutQuery(m_base.toString()));
    error.remedy = message(QT_TRANSLATE_NOOP("Message",
        "Enter the server's root without /realms. Servers before version 17 need /auth at the "
        "end, newer ones must not have it."));
    return error;
}

Error KeycloakApi::tokenError(const HttpRequest& request, const HttpResponse& response) const
{
    if (response.status == kNotFound) {
        return realmError(request, response);
    }
    auto error = statusError(host(), request, response);
    error.detail = technical(request, response);
    const QString text = errorText(response);
    if (text.contains(u"not enabled to retrieve service account"_s)) {
        error.code = ErrorCode::Permission;
        error.what = message(
            QT_TRANSLATE_NOOP("Message", "The Keycloak client %1 has no service account."),
            m_clientId);
        error.remedy = message(QT_TRANSLATE_NOOP("Message",
            "Switch \"Service accounts roles\" on in the client's settings, then test again."));
    } else if (text.contains(u"Realm not enabled"_s)) {
        error.code = ErrorCode::Permission;
        error.what
            = message(QT_TRANSLATE_NOOP("Message", "In Keycloak at %1 the realm is disabled: %2."),
                host(), m_realm);
        error.remedy
            = message(QT_TRANSLATE_NOOP("Message", "Enable the realm in its general settings."));
    } else if (text.startsWith(u"invalid_client"_s)) {
        error.code = ErrorCode::Auth;
        error.what = message(
            QT_TRANSLATE_NOOP("Message", "Keycloak did not accept the client id %1."), m_clientId);
        error.remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Check its spelling and that the client is enabled, then test again."));
    } else if (response.status == kUnauthorized) {
        error.code = ErrorCode::Auth;
        error.what = message(
            QT_TRANSLATE_NOOP("Message", "Keycloak did not accept the secret of the client %1."),
            m_clientId);
        error.remedy = message(QT_TRANSLATE_NOOP("Message",
            "Copy the secret from the client's Credentials tab again, then test again."));
    }
    return error;
}

Error KeycloakApi::missingRole() const
{
    return { .code = ErrorCode::Permission,
        .what = message(QT_TRANSLATE_NOOP("Message",
                            "Keycloak accepted the sign-in, but the client %1 may not list the "
                            "users and groups of %2."),
            m_clientId, m_realm),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
                              "Give the client's service account the role view-users of the client "
                              "%1, then test again."),
            m_realm == u"master" ? u"master-realm"_s : u"realm-management"_s) };
}

Error KeycloakApi::adminError(const HttpRequest& request, const HttpResponse& response) const
{
    auto error = statusError(host(), request, response);
    if (response.status == kForbidden) {
        error = missingRole();
    } else if (response.status == kUnauthorized) {
        error.what = message(QT_TRANSLATE_NOOP("Message",
                                 "Keycloak at %1 did not accept a token it had just given out."),
            host());
        error.remedy = message(QT_TRANSLATE_NOOP("Message",
            "Use the same host name for this connection that the server knows itself by, or fix "
            "the server's public host name."));
    }
    error.detail = technical(request, response);
    return error;
}

} // namespace portreeve
