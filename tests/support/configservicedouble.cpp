// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/configservicedouble.h"

#include "core/policy/parser.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>
#include <QMessageAuthenticationCode>
#include <QRegularExpression>
#include <QUrl>
#include <QUuid>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve::test {

/// What the methods of one kind of entity are called, and which fields it has.
struct ConfigServiceDouble::Kind
{
    QString name; ///< "Policy"
    QString plural; ///< "Policies"
    QString member; ///< "policy"
    QString members; ///< "policies"
    QStringList fields;
};

namespace {

const auto kService = u"/pomerium.config.ConfigService/"_s;
constexpr int kOk = 200;
constexpr int kFound = 302;
constexpr int kBadRequest = 400;
constexpr int kUnauthorized = 401;
constexpr int kForbidden = 403;
constexpr int kNotFound = 404;
constexpr int kRequestTimeout = 408;
constexpr int kConflict = 409;
constexpr int kUnsupported = 415;
constexpr int kServerError = 500;

FakeReply plain(int status, const QByteArray& body)
{
    return { .status = status,
        .body = body,
        .headers = { { .name = "Content-Type", .value = "text/plain; charset=utf-8" } } };
}

FakeReply complaint(int status, const QString& code, const QString& text)
{
    return { .status = status,
        .body = QJsonDocument(QJsonObject { { u"code"_s, code }, { u"message"_s, text } })
            .toJson(QJsonDocument::Compact),
        .headers = { { .name = "Content-Type", .value = "application/json" } } };
}

FakeReply invalid(const QString& text)
{
    return complaint(kBadRequest, u"invalid_argument"_s, text);
}

FakeReply unauthenticated(const QString& text)
{
    return complaint(
        kServerError, u"unknown"_s, u"rpc error: code = Unauthenticated desc = "_s + text);
}

QByteArray headerOf(const HttpRequest& request, QByteArrayView name)
{
    for (const auto& header : request.headers) {
        if (header.name.compare(name, Qt::CaseInsensitive) == 0) {
            return header.value;
        }
    }
    return {};
}

QByteArray base64Url(const QByteArray& bytes)
{
    return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

QByteArray signature(const QByteArray& secret, const QByteArray& content)
{
    return base64Url(QMessageAuthenticationCode::hash(content, secret, QCryptographicHash::Sha256));
}

/// "source_ppl" -> "sourcePpl"
QString camelCase(const QString& name)
{
    QString out;
    for (qsizetype i = 0; i < name.size(); ++i) {
        const bool isBreak = name.at(i) == u'_' && i + 1 < name.size();
        out += isBreak ? name.at(++i).toUpper() : name.at(i);
    }
    return out;
}

QJsonObject camelCased(const QJsonObject& object)
{
    QJsonObject out;
    for (auto member = object.begin(); member != object.end(); ++member) {
        out.insert(camelCase(member.key()), member.value());
    }
    return out;
}

QJsonObject claimsOf(const QByteArrayList& parts)
{
    return QJsonDocument::fromJson(
        QByteArray::fromBase64(parts.at(1), QByteArray::Base64UrlEncoding))
        .object();
}

/// What Core's compiler says about a policy; empty when it takes it. Type errors pass, as there.
QString policyFault(const QString& text)
{
    const auto parsed = policy::parsePolicy(text.toUtf8());
    const auto stage = parsed.errorClass();
    if (text.isEmpty() || !stage || *stage == policy::DiagnosticClass::Type) {
        return {};
    }
    const auto fault = std::find_if(parsed.diagnostics.begin(), parsed.diagnostics.end(),
        [stage](const policy::Diagnostic& diagnostic) {
            return diagnostic.severity == policy::Severity::Error && diagnostic.kind == *stage;
        });
    if (fault->code == u"unknown_criterion" && parsed.policy) {
        for (const auto& rule : parsed.policy->rules) {
            for (const auto& list : rule.lists) {
                for (const auto& criterion : list.criteria) {
                    if (criterion.at.line == fault->at.line
                        && criterion.at.column == fault->at.column) {
                        return u"unknown policy criterion: "_s + criterion.name;
                    }
                }
            }
        }
    }
    // the proxy's reader names lines from 0 here, though never line 0
    return u"yaml: line %1: did not find expected node content"_s.arg(
        std::max(1, fault->at.line - 1));
}

QString routeFault(const QJsonObject& route)
{
    const bool leadsSomewhere = !route.value(u"to").toArray().isEmpty()
        || route.contains(u"redirect") || route.contains(u"response");
    if (!leadsSomewhere) {
        return u"policy should have either `to` or `redirect` or `response` defined"_s;
    }
    const auto from = route.value(u"from").toString();
    return from.contains(u"://")
        ? QString()
        : u"config: policy bad source url %1 url does not contain a valid scheme"_s.arg(from);
}

/// Members in the opposite order, with blanks: the real one's spacing differs from build to build.
QByteArray rearranged(const QJsonValue& value)
{
    if (value.isObject()) {
        QByteArrayList members;
        const auto object = value.toObject();
        for (auto member = object.begin(); member != object.end(); ++member) {
            const auto key
                = QJsonDocument(QJsonArray { member.key() }).toJson(QJsonDocument::Compact);
            members.prepend(key.mid(1, key.size() - 2) + " :  " + rearranged(member.value()));
        }
        return "{ " + members.join(",\n ") + " }";
    }
    if (value.isArray()) {
        QByteArrayList items;
        const auto array = value.toArray();
        for (const auto& item : array) {
            items.append(rearranged(item));
        }
        return "[ " + items.join(" ,") + "\t]";
    }
    const auto scalar = QJsonDocument(QJsonArray { value }).toJson(QJsonDocument::Compact);
    return scalar.mid(1, scalar.size() - 2);
}

FakeReply brokenOff()
{
    return { .failure
        = Error { .code = ErrorCode::Network,
            .what = message(QT_TRANSLATE_NOOP("Message", "The double closed the connection.")) } };
}

bool isWrite(const QString& method)
{
    return !method.startsWith(u"Get") && !method.startsWith(u"List");
}

} // namespace

const std::vector<ConfigServiceDouble::Kind>& ConfigServiceDouble::kinds()
{
    static const std::vector<Kind> all {
        { .name = u"Policy"_s,
            .plural = u"Policies"_s,
            .member = u"policy"_s,
            .members = u"policies"_s,
            .fields = { u"name"_s, u"allowedUsers"_s, u"allowedDomains"_s, u"rego"_s,
                u"allowedIdpClaims"_s, u"explanation"_s, u"remediation"_s, u"sourcePpl"_s,
                u"namespaceId"_s, u"originatorId"_s, u"description"_s, u"enforced"_s } },
        { .name = u"Route"_s,
            .plural = u"Routes"_s,
            .member = u"route"_s,
            .members = u"routes"_s,
            .fields = { u"name"_s, u"from"_s, u"to"_s, u"redirect"_s, u"response"_s, u"prefix"_s,
                u"path"_s, u"regex"_s, u"corsAllowPreflight"_s,
                u"allowPublicUnauthenticatedAccess"_s, u"passIdentityHeaders"_s, u"policies"_s,
                u"allowAnyAuthenticatedUser"_s, u"showErrorDetails"_s, u"namespaceId"_s,
                u"originatorId"_s, u"policyIds"_s, u"description"_s } },
        { .name = u"ServiceAccount"_s,
            .plural = u"ServiceAccounts"_s,
            .member = u"serviceAccount"_s,
            .members = u"serviceAccounts"_s,
            .fields = { u"namespaceId"_s, u"originatorId"_s, u"description"_s, u"userId"_s,
                u"expiresAt"_s } },
        { .name = u"KeyPair"_s,
            .plural = u"KeyPairs"_s,
            .member = u"keyPair"_s,
            .members = u"keyPairs"_s,
            .fields = { u"name"_s, u"namespaceId"_s, u"originatorId"_s } },
    };
    return all;
}

ConfigServiceDouble::ConfigServiceDouble(QByteArray secret, const Clock& clock)
    : m_secret(std::move(secret))
    , m_clock(clock)
{
}

FakeHttpClient::Server ConfigServiceDouble::server()
{
    return [this](const HttpRequest& request) { return std::optional(answer(request)); };
}

QByteArray ConfigServiceDouble::token(const QByteArray& secret, const QJsonObject& claims)
{
    const QByteArray content = base64Url(R"({"alg":"HS256","typ":"JWT"})") + '.'
        + base64Url(QJsonDocument(claims).toJson(QJsonDocument::Compact));
    return content + '.' + signature(secret, content);
}

FakeReply ConfigServiceDouble::answer(const HttpRequest& request)
{
    auto method = request.url.path();
    method.remove(0, method.startsWith(kService) ? kService.size() : 0);
    if (faults.beforeCall) {
        faults.beforeCall(method);
    }
    const std::scoped_lock lock(m_mutex);
    m_calls.push_back({ .method = method, .body = QJsonDocument::fromJson(request.body).object() });
    if (isWrite(method) && faults.writesUntilBreak >= 0 && m_writes >= faults.writesUntilBreak) {
        return brokenOff();
    }
    auto reply = judge(request, method);
    const auto now = m_clock.nowUtc() + faults.clockAhead;
    reply.headers.push_back({ .name = "Date",
        .value = QLocale::c()
            .toString(QDateTime::fromMSecsSinceEpoch(now.time_since_epoch().count(), Qt::UTC),
                u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s)
            .toLatin1() });
    if (isWrite(method)) {
        ++m_writes;
        if (std::exchange(faults.losesAnswerOfNextWrite, false)) {
            return brokenOff();
        }
    }
    return reply;
}

FakeReply ConfigServiceDouble::judge(const HttpRequest& request, const QString& method)
{
    static const QRegularExpression entityMethod(
        u"^(Create|Get|List|Update|Delete)(KeyPairs?|Polic(y|ies)|Routes?|ServiceAccounts?|Settings)$"_s);
    const bool exists = method == u"GetServerInfo" || entityMethod.match(method).hasMatch();
    if (!faults.hasService || !exists) {
        return plain(kNotFound, "404 page not found\n");
    }
    if (request.method != "POST" || headerOf(request, "Content-Type") != "application/json") {
        return { .status = kUnsupported };
    }
    if (faults.isSlow) {
        return plain(kRequestTimeout, "request timeout");
    }
    if (method == u"GetServerInfo") {
        return json(
            { { u"serverType"_s, u"SERVER_TYPE_CORE"_s }, { u"version"_s, faults.version } });
    }
    const auto refused = refuseToken(request);
    return refused ? *refused : dispatch(method, request.body);
}

std::optional<FakeReply> ConfigServiceDouble::refuseToken(const HttpRequest& request) const
{
    auto given = headerOf(request, "jwt");
    const auto authorization = headerOf(request, "Authorization");
    for (const QByteArray prefix : { "Bearer Pomerium-", "Bearer ", "Pomerium " }) {
        if (given.isEmpty() && authorization.startsWith(prefix)) {
            given = authorization.mid(prefix.size());
        }
    }
    if (given.isEmpty()) {
        return unauthenticated(u"unauthenticated"_s);
    }
    const auto parts = given.split('.');
    if (!isSigned(parts)) {
        return unauthenticated(u"invalid JWT"_s);
    }
    const auto claims = claimsOf(parts);
    const std::chrono::duration<double> now
        = (m_clock.nowUtc() + faults.clockAhead).time_since_epoch();
    const bool isGood
        = claims.keys() == QStringList(u"exp"_s) && claims.value(u"exp").toDouble() > now.count();
    return isGood ? std::nullopt : std::optional(unauthenticated(u"invalid JWT"_s));
}

bool ConfigServiceDouble::isSigned(const QByteArrayList& parts) const
{
    return parts.size() == 3 && signature(m_secret, parts[0] + '.' + parts[1]) == parts[2];
}

std::optional<QString> ConfigServiceDouble::visitor(const HttpRequest& request) const
{
    const auto parts
        = headerOf(request, "Authorization").mid(QByteArrayView("Pomerium ").size()).split('.');
    if (!isSigned(parts)) {
        return std::nullopt;
    }
    const auto claims = claimsOf(parts);
    const auto account
        = m_entities.value(u"ServiceAccount"_s).value(claims.value(u"jti").toString());
    const auto user = claims.value(u"sub").toString();
    return account.value(u"userId").toString() == user ? std::optional(user) : std::nullopt;
}

int ConfigServiceDouble::visit(const HttpRequest& request) const
{
    const std::scoped_lock lock(m_mutex);
    const QString from = u"https://"_s + QString::fromLatin1(headerOf(request, "Host"));
    const auto routes = m_entities.value(u"Route"_s);
    const auto route = std::find_if(routes.begin(), routes.end(),
        [&from](const QJsonObject& entity) { return entity.value(u"from").toString() == from; });
    if (route == routes.end()) {
        return kNotFound;
    }
    if (headerOf(request, "Authorization").isEmpty()) {
        return kFound; // to the sign-in
    }
    const auto user = visitor(request);
    if (!user) {
        return kUnauthorized;
    }
    const QString name = u'"' + *user + u'"';
    int status = kForbidden;
    const auto ids = route->value(u"policyIds").toArray();
    for (const auto& id : ids) {
        const auto text
            = m_entities.value(u"Policy"_s).value(id.toString()).value(u"sourcePpl").toString();
        const bool isMeant = text.contains(u"authenticated_user") || text.contains(name);
        if (isMeant && text.contains(u"deny:")) {
            return kForbidden;
        }
        status = isMeant ? kOk : status;
    }
    return status;
}

FakeReply ConfigServiceDouble::dispatch(const QString& method, const QByteArray& text)
{
    QJsonParseError error;
    const auto document = QJsonDocument::fromJson(text, &error);
    if (!document.isObject()) {
        return invalid(
            u"unmarshal message: unmarshal into *config.%1Request: proto: unexpected EOF"_s.arg(
                method));
    }
    const auto body = camelCased(document.object());
    if (method == u"GetSettings") {
        return json({ { u"settings"_s,
            QJsonObject { { u"id"_s, u"78408adf-56e4-41d0-af6a-ca1b2d8d2cb6"_s } } } });
    }
    for (const auto& kind : kinds()) {
        if (method == QString(u"Create"_s + kind.name)) {
            return create(kind, body);
        }
        if (method == QString(u"Get"_s + kind.name)) {
            return get(kind, body);
        }
        if (method == QString(u"List"_s + kind.plural)) {
            return list(kind, body);
        }
        if (method == QString(u"Update"_s + kind.name)) {
            return update(kind, body, text);
        }
        if (method == QString(u"Delete"_s + kind.name)) {
            return remove(kind, body);
        }
    }
    return json({}); // settings are nobody's business here
}

ConfigServiceDouble::Entities& ConfigServiceDouble::entitiesOf(const Kind& kind)
{
    return m_entities[kind.name];
}

QJsonObject ConfigServiceDouble::known(const Kind& kind, const QJsonObject& given) const
{
    QJsonObject out;
    const auto fields = camelCased(given);
    for (auto field = fields.begin(); field != fields.end(); ++field) {
        const bool isEmpty = field.value() == QJsonValue(false) || field.value().isNull()
            || (field.value().isArray() && field.value().toArray().isEmpty());
        const bool isKnown = field.key() == u"id"
            || (kind.fields.contains(field.key()) && !faults.ignoredFields.contains(field.key()));
        if (isKnown && !isEmpty) {
            out.insert(field.key(), field.value());
        }
    }
    return out;
}

std::optional<FakeReply> ConfigServiceDouble::refuseContent(
    const Kind& kind, const QJsonObject& entity) const
{
    if (kind.name == u"Policy") {
        const bool isMeant = faults.refusedPolicyName.isEmpty()
            || entity.value(u"name").toString() == faults.refusedPolicyName;
        const auto fault = !faults.policyRefusal.isEmpty() && isMeant
            ? faults.policyRefusal
            : policyFault(entity.value(u"sourcePpl").toString());
        return fault.isEmpty() ? std::nullopt
                               : std::optional(invalid(u"invalid policy: "_s + fault));
    }
    const auto fault = kind.name == u"Route" ? routeFault(entity) : QString();
    return fault.isEmpty() ? std::nullopt : std::optional(invalid(u"invalid route: "_s + fault));
}

FakeReply ConfigServiceDouble::entityReply(const Kind& kind, const QJsonObject& entity) const
{
    QJsonObject out { { kind.member, entity } };
    if (kind.name == u"ServiceAccount") {
        const auto id = entity.value(u"id").toString();
        out.insert(u"jwt"_s,
            QString::fromLatin1(
                token(m_secret, { { u"jti"_s, id }, { u"sub"_s, entity.value(u"userId") } })));
    }
    return json(out);
}

FakeReply ConfigServiceDouble::create(const Kind& kind, const QJsonObject& body)
{
    auto entity = known(kind, body.value(kind.member).toObject());
    auto id = entity.value(u"id").toString();
    auto& entities = entitiesOf(kind);
    if (entities.contains(id)) {
        return complaint(
            kConflict, u"already_exists"_s, u"%1 already exists (id=%2)"_s.arg(kind.name, id));
    }
    if (const auto refused = refuseContent(kind, entity)) {
        return *refused;
    }
    if (id.isEmpty()) {
        id = QUuid::createUuid().toString(QUuid::WithoutBraces);
        entity.insert(u"id"_s, id);
    }
    if (kind.name != u"ServiceAccount") {
        entity.insert(u"createdAt"_s, stamp());
    }
    entity.insert(u"modifiedAt"_s, stamp());
    entities.insert(id, entity);
    return entityReply(kind, entity);
}

FakeReply ConfigServiceDouble::get(const Kind& kind, const QJsonObject& body)
{
    const auto id = body.value(u"id").toString();
    const auto& entities = entitiesOf(kind);
    if (!entities.contains(id)) {
        return complaint(kNotFound, u"not_found"_s,
            u"%1 not found (id=%2): rpc error: code = NotFound desc = record not found"_s.arg(
                kind.name, id));
    }
    return json({ { kind.member, entities.value(id) } });
}

FakeReply ConfigServiceDouble::list(const Kind& kind, const QJsonObject& body)
{
    auto entities = entitiesOf(kind).values();
    const auto filter = body.value(u"filter").toObject();
    for (auto wanted = filter.begin(); wanted != filter.end(); ++wanted) {
        const bool works = wanted.key() == u"id" || faults.honoursFilters;
        entities.removeIf([&](const QJsonObject& entity) {
            return !works || entity.value(camelCase(wanted.key())) != wanted.value();
        });
    }
    const auto orders = body.value(u"orderBy").toString().split(u',', Qt::SkipEmptyParts);
    for (auto order = orders.crbegin(); order != orders.crend(); ++order) {
        const bool isReversed = order->startsWith(u'-');
        const auto name = order->mid(isReversed ? 1 : 0);
        const auto field = camelCase(name);
        const bool isKnown = name.toLower() == name
            && (kind.fields.contains(field) || field == u"id" || field == u"createdAt"
                || field == u"modifiedAt");
        if (!isKnown) {
            return invalid(
                u"invalid order by %1: unknown protobuf field %1 for pomerium.config.%2"_s.arg(
                    name, kind.name));
        }
        std::stable_sort(entities.begin(), entities.end(), [&](const auto& a, const auto& b) {
            const auto left = a.value(field).toString();
            const auto right = b.value(field).toString();
            return isReversed ? right < left : left < right;
        });
    }
    if (entities.isEmpty()) {
        return json({});
    }
    const auto total = entities.size();
    const auto limit = body.value(u"limit");
    if (!limit.isUndefined()) {
        entities
            = entities.mid(body.value(u"offset").toVariant().toInt(), limit.toVariant().toInt());
    }
    if (faults.cutsLists && !entities.isEmpty()) {
        entities.removeLast();
    }
    QJsonObject out { { u"totalCount"_s, QString::number(total) } };
    QJsonArray items;
    std::copy(entities.begin(), entities.end(), std::back_inserter(items));
    if (!items.isEmpty()) {
        out.insert(kind.members, items);
    }
    return json(out);
}

FakeReply ConfigServiceDouble::update(
    const Kind& kind, const QJsonObject& body, const QByteArray& text)
{
    const auto given = known(kind, body.value(kind.member).toObject());
    const auto mask = body.value(u"updateMask");
    const auto names = mask.toString().split(u',', Qt::SkipEmptyParts);
    const QByteArray quoted = '"' + mask.toString().toUtf8() + '"';
    for (const auto& name : names) {
        if (name.contains(u'_')) {
            return invalid(u"unmarshal message: unmarshal into *config.Update%1Request: proto: "
                           "(line 1:%2): google.protobuf.FieldMask.paths contains invalid path: "
                           "\"%3\""_s.arg(kind.name)
                               .arg(text.lastIndexOf(quoted) + 1)
                               .arg(name));
        }
        if (name != u"id" && !kind.fields.contains(name)) {
            return invalid(
                u"cannot overwrite unknown field \"%1\" in message pomerium.config.%2"_s.arg(
                    name, kind.name));
        }
    }
    const auto id = given.value(u"id").toString();
    auto& entities = entitiesOf(kind);
    if (!entities.contains(id)) {
        return get(kind, { { u"id"_s, id } });
    }
    const auto before = entities.value(id);
    auto after = mask.isUndefined() ? given : before;
    for (const auto& name : names) {
        if (name != u"id" && given.contains(name)) {
            after.insert(name, given.value(name));
        } else if (name != u"id") {
            after.remove(name);
        }
    }
    if (const auto refused = refuseContent(kind, after)) {
        return *refused;
    }
    if (before.contains(u"createdAt")) {
        after.insert(u"createdAt"_s, before.value(u"createdAt"));
    }
    after.insert(u"modifiedAt"_s, stamp());
    if (kind.name == u"ServiceAccount") {
        after.insert(u"accessedAt"_s, stamp());
    }
    entities.insert(id, after);
    return entityReply(kind, after);
}

FakeReply ConfigServiceDouble::remove(const Kind& kind, const QJsonObject& body)
{
    const auto id = body.value(u"id").toString();
    if (id.isEmpty()) {
        return invalid(kind.member + u" id is required"_s);
    }
    entitiesOf(kind).remove(id);
    return json({});
}

FakeReply ConfigServiceDouble::json(const QJsonObject& object) const
{
    return { .body = faults.rearrangesJson ? rearranged(object)
                                           : QJsonDocument(object).toJson(QJsonDocument::Compact),
        .headers = { { .name = "Content-Type", .value = "application/json" } } };
}

QString ConfigServiceDouble::stamp() const
{
    return toRfc3339(m_clock.nowUtc());
}

ConfigServiceDouble::Entities ConfigServiceDouble::policies() const
{
    const std::scoped_lock lock(m_mutex);
    return m_entities.value(u"Policy"_s);
}

ConfigServiceDouble::Entities ConfigServiceDouble::routes() const
{
    const std::scoped_lock lock(m_mutex);
    return m_entities.value(u"Route"_s);
}

ConfigServiceDouble::Entities ConfigServiceDouble::serviceAccounts() const
{
    const std::scoped_lock lock(m_mutex);
    return m_entities.value(u"ServiceAccount"_s);
}

void ConfigServiceDouble::putPolicy(const QJsonObject& policy)
{
    const std::scoped_lock lock(m_mutex);
    m_entities[u"Policy"_s].insert(policy.value(u"id").toString(), policy);
}

void ConfigServiceDouble::putRoute(const QJsonObject& route)
{
    const std::scoped_lock lock(m_mutex);
    m_entities[u"Route"_s].insert(route.value(u"id").toString(), route);
}

void ConfigServiceDouble::removePolicy(const QString& id)
{
    const std::scoped_lock lock(m_mutex);
    m_entities[u"Policy"_s].remove(id);
}

void ConfigServiceDouble::restart()
{
    const std::scoped_lock lock(m_mutex);
    m_entities.clear();
}

std::vector<ConfigServiceDouble::Call> ConfigServiceDouble::calls() const
{
    const std::scoped_lock lock(m_mutex);
    return m_calls;
}

QStringList ConfigServiceDouble::methods() const
{
    QStringList out;
    for (const auto& call : calls()) {
        out.append(call.method);
    }
    return out;
}

QStringList ConfigServiceDouble::writes() const
{
    auto out = methods();
    out.removeIf([](const QString& method) { return !isWrite(method); });
    return out;
}

void ConfigServiceDouble::forgetCalls()
{
    const std::scoped_lock lock(m_mutex);
    m_calls.clear();
    m_writes = 0;
}

} // namespace portreeve::test
