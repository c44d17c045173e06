// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/managedfile.h"

#include "core/policy/texttree.h"
#include "core/policy/valueprinter.h"

#include <algorithm>
#include <array>
#include <iterator>

using namespace Qt::StringLiterals;

namespace portreeve {

using namespace policy;

namespace {

Error baseError(Message what, Message remedy, const QString& detail = {})
{
    return { .code = ErrorCode::InvalidInput,
        .what = std::move(what),
        .remedy = std::move(remedy),
        .detail = detail,
        .field = u"base_file"_s };
}

/// Top level of a config.yaml; an empty text is an empty mapping.
Result<Value::Object> readConfig(const QByteArray& text)
{
    if (text.trimmed().isEmpty()) {
        return Value::Object {};
    }
    auto tree = readYaml(text, KeyRule::Strict);
    if (!tree.root) {
        const auto& diagnostic = tree.diagnostics.back();
        return baseError(message(QT_TRANSLATE_NOOP("Message",
                                     "The configuration file cannot be read: line %1: %2"),
                             QString::number(diagnostic.at.line), diagnostic.what.english()),
            diagnostic.fix);
    }
    const auto value = toValue(*tree.root);
    if (value.asObject() == nullptr && !value.isNull()) {
        return baseError(message(QT_TRANSLATE_NOOP(
                             "Message", "The configuration file is not a mapping of settings.")),
            message(QT_TRANSLATE_NOOP("Message", "Choose the proxy's config.yaml.")));
    }
    return value.isNull() ? Value::Object {} : *value.asObject();
}

bool isSet(const Value& route, QStringView key)
{
    const auto* value = route.member(key);
    const auto* flag = value == nullptr ? nullptr : value->asBool();
    const auto* items = value == nullptr ? nullptr : value->asArray();
    return (flag != nullptr && *flag) || (items != nullptr && !items->empty());
}

// Settings of earlier releases which since stop the whole file from loading: options_check.go of
// Pomerium 0.32.9. Settings it merely does not know are warnings in its log.
constexpr auto kRemoved = std::to_array<QStringView>(
    { u"client_ca", u"client_ca_file", u"idp_service_account", u"idp_refresh_directory_timeout",
        u"idp_refresh_directory_interval", u"idp_qps", u"tracing_datadog_address",
        u"tracing_jaeger_collector_endpoint", u"tracing_jaeger_agent_endpoint",
        u"tracing_zipkin_endpoint", u"tracing_provider", u"tracing_sample_rate" });
constexpr auto kRemovedOfRoutes
    = std::to_array<QStringView>({ u"allowed_groups", u"set_authorization_header" });

/// The first key of @p members that is one of @p removed; the proxy reads keys in any case.
template <std::size_t Count>
std::optional<QString> removedKey(
    const Value::Object& members, const std::array<QStringView, Count>& removed)
{
    const auto found = std::ranges::find_if(members, [&removed](const auto& member) {
        const QString key = member.first.toLower();
        return std::ranges::find(removed, QStringView(key)) != removed.end();
    });
    return found == members.end() ? std::nullopt : std::optional(found->first);
}

Message removedRemedy(const QString& key)
{
    if (key.startsWith(u"idp_", Qt::CaseInsensitive)) {
        return message(QT_TRANSLATE_NOOP("Message",
            "Take it out of the file: groups come to the proxy as the records Portreeve "
            "delivers."));
    }
    if (key.startsWith(u"client_ca", Qt::CaseInsensitive)) {
        return message(
            QT_TRANSLATE_NOOP("Message", "Write it as ca or ca_file of downstream_mtls."));
    }
    if (key.startsWith(u"allowed_groups", Qt::CaseInsensitive)) {
        return message(QT_TRANSLATE_NOOP("Message", "Use a policy with groups instead."));
    }
    return message(QT_TRANSLATE_NOOP("Message", "Take it out of the file."));
}

/// Settings of a route that stop the proxy from loading the file (policy.md 6.1).
std::optional<Error> routeConflict(const Value& route)
{
    const auto* from = route.member(u"from");
    const QString name = from != nullptr && from->isString() ? *from->asString() : QString();
    const auto* members = route.asObject();
    if (const auto key
        = members == nullptr ? std::nullopt : removedKey(*members, kRemovedOfRoutes)) {
        return baseError(
            message(
                QT_TRANSLATE_NOOP("Message",
                    "The file's route %1 uses %2, which stops the proxy from loading the file."),
                name, *key),
            removedRemedy(*key));
    }
    const bool isPublic = isSet(route, u"allow_public_unauthenticated_access");
    const bool anyUser = isSet(route, u"allow_any_authenticated_user");
    const bool restricted = isSet(route, u"allowed_domains") || isSet(route, u"allowed_users");
    if ((isPublic && (anyUser || restricted)) || (anyUser && restricted)) {
        return baseError(
            message(QT_TRANSLATE_NOOP("Message",
                        "The file's route %1 joins access settings that exclude each other, "
                        "which stops the proxy from loading the file."),
                name),
            message(QT_TRANSLATE_NOOP("Message",
                "Keep one of public access, any authenticated user, and domains or users.")));
    }
    return std::nullopt;
}

/// What stops the proxy from loading a file that reads well.
std::optional<Error> loadConflict(const Value::Object& config)
{
    if (const auto key = removedKey(config, kRemoved)) {
        return baseError(
            message(QT_TRANSLATE_NOOP("Message",
                        "The file sets %1, which the proxy no longer knows and which stops it from "
                        "loading the file."),
                *key),
            removedRemedy(*key));
    }
    const Value top(config);
    const auto* list = top.member(u"routes");
    const auto* routes = list == nullptr ? nullptr : list->asArray();
    if (routes == nullptr) {
        return std::nullopt;
    }
    for (const auto& route : *routes) {
        if (auto conflict = routeConflict(route)) {
            return conflict;
        }
    }
    return std::nullopt;
}

struct Line
{
    qsizetype start = 0;
    qsizetype end = 0; ///< behind the line break
};

std::vector<Line> markerLines(const QByteArray& file, QByteArrayView marker)
{
    std::vector<Line> out;
    for (qsizetype start = 0; start < file.size();) {
        const auto lineBreak = file.indexOf('\n', start);
        const auto end = lineBreak < 0 ? file.size() : lineBreak + 1;
        if (QByteArrayView(file).sliced(start, end - start).trimmed() == marker) {
            out.push_back({ .start = start, .end = end });
        }
        start = end;
    }
    return out;
}

Result<QByteArray> blockText(const std::vector<ExportedRoute>& routes, const QByteArray& indent)
{
    if (routes.empty()) {
        return QByteArray();
    }
    Value::Array items;
    std::transform(routes.begin(), routes.end(), std::back_inserter(items), routeValue);
    const auto text = printValue(Value(std::move(items)), Format::Yaml);
    if (!text) {
        return text.error();
    }
    QByteArray out;
    for (const auto& line : text->chopped(1).split('\n')) {
        out += indent + line + '\n';
    }
    return out;
}

/// Whether the items of `routes:` end up in the file where the proxy reads them.
bool holdsRoutes(const QByteArray& file, const std::vector<ExportedRoute>& routes)
{
    const auto config = readConfig(file);
    if (!config) {
        return false;
    }
    const Value top(*config);
    const auto* list = top.member(u"routes");
    const auto* items = list == nullptr ? nullptr : list->asArray();
    return std::all_of(routes.begin(), routes.end(), [items](const ExportedRoute& route) {
        return items != nullptr
            && std::find(items->begin(), items->end(), routeValue(route)) != items->end();
    });
}

Result<std::vector<StoredRoute>> routesOf(const QByteArray& config)
{
    std::vector<StoredRoute> out;
    if (config.trimmed().isEmpty()) {
        return out;
    }
    const auto routes = readFragment(config);
    if (!routes) {
        return baseError(
            message(QT_TRANSLATE_NOOP("Message", "A route in the file itself cannot be used: %1"),
                routes.error().what.english()),
            routes.error().remedy);
    }
    std::transform(routes->begin(), routes->end(), std::back_inserter(out),
        [](const ExportedRoute& exported) { return exported.route; });
    return out;
}

Error markerError(Message what)
{
    return baseError(std::move(what),
        message(QT_TRANSLATE_NOOP("Message",
                    "Put the lines \"%1\" and \"%2\" once each inside routes:, in this order."),
            QString::fromUtf8(kBlockBegin), QString::fromUtf8(kBlockEnd)));
}

} // namespace

std::optional<FileWarning> debugServerWarning(const QByteArray& file)
{
    const auto config = readConfig(file);
    if (!config) {
        return std::nullopt;
    }
    const Value top(*config);
    const auto* address = top.member(u"debug_address");
    const auto* admin = top.member(u"debug_admin_endpoints");
    const auto* isAdmin = admin == nullptr ? nullptr : admin->asBool();
    const auto remedy = message(QT_TRANSLATE_NOOP("Message",
        "Take debug_address and debug_admin_endpoints out of the file when you are done."));
    if (isAdmin != nullptr && *isAdmin) {
        return FileWarning { .what = message(QT_TRANSLATE_NOOP("Message",
                                 "debug_admin_endpoints is on in the proxy's file: whoever reaches "
                                 "its debug server reads the shared secret and every record.")),
            .remedy = remedy };
    }
    if (address != nullptr && address->isString() && !address->asString()->isEmpty()) {
        return FileWarning { .what = message(QT_TRANSLATE_NOOP("Message",
                                                 "debug_address opens the proxy's debug server on "
                                                 "%1, which is no place for others."),
                                 *address->asString()),
            .remedy = remedy };
    }
    return std::nullopt;
}

Result<OperatorRoutes> operatorRoutes(const QByteArray& file)
{
    const auto begins = markerLines(file, kBlockBegin);
    const auto ends = markerLines(file, kBlockEnd);
    const bool hasBlock
        = begins.size() == 1 && ends.size() == 1 && begins.front().end <= ends.front().start;
    const auto head = hasBlock ? file.left(begins.front().end) : file;
    const auto before = routesOf(head);
    const auto all = hasBlock ? routesOf(head + file.sliced(ends.front().start)) : routesOf(head);
    if (!before || !all) {
        return before ? all.error() : before.error();
    }
    OperatorRoutes out { .before = *before };
    const auto count = static_cast<std::ptrdiff_t>(std::min(before->size(), all->size()));
    out.after.assign(all->begin() + count, all->end());
    return out;
}

Result<std::vector<StoredRoute>> fileRoutes(const QByteArray& file)
{
    const auto config = readConfig(file);
    return config ? routesOf(file) : config.error();
}

Result<QByteArray> mergeIntoBase(const QByteArray& base, const std::vector<ExportedRoute>& routes)
{
    auto config = readConfig(base);
    if (!config) {
        return config.error();
    }
    if (auto conflict = loadConflict(*config)) {
        return std::move(*conflict);
    }
    auto& members = *config;
    auto place = std::find_if(members.begin(), members.end(),
        [](const auto& member) { return member.first == u"routes"; });
    Value::Array all;
    if (place != members.end()) {
        const auto* own = place->second.asArray();
        if (own == nullptr && !place->second.isNull()) {
            return baseError(
                message(QT_TRANSLATE_NOOP("Message", "routes: of the base file is not a list.")),
                message(QT_TRANSLATE_NOOP("Message", "Write each route as a list item.")));
        }
        all = own == nullptr ? Value::Array {} : *own;
    }
    std::transform(routes.begin(), routes.end(), std::back_inserter(all), routeValue);
    if (place == members.end()) {
        members.emplace_back(u"routes"_s, Value(std::move(all)));
    } else {
        place->second = Value(std::move(all));
    }
    return printValue(Value(std::move(members)), Format::Yaml);
}

Result<QByteArray> replaceManagedBlock(
    const QByteArray& file, const std::vector<ExportedRoute>& routes)
{
    const auto begins = markerLines(file, kBlockBegin);
    const auto ends = markerLines(file, kBlockEnd);
    if (begins.empty() || ends.empty()) {
        return markerError(message(QT_TRANSLATE_NOOP(
            "Message", "The file has no managed block: a marker line is missing.")));
    }
    if (begins.size() > 1 || ends.size() > 1) {
        return markerError(message(QT_TRANSLATE_NOOP(
            "Message", "The markers of the managed block stand in the file more than once.")));
    }
    if (ends.front().start < begins.front().end) {
        return markerError(message(QT_TRANSLATE_NOOP(
            "Message", "The end marker of the managed block stands before its begin.")));
    }
    const auto marker
        = file.sliced(begins.front().start, begins.front().end - begins.front().start);
    const auto text = blockText(routes, marker.left(marker.indexOf('#')));
    if (!text) {
        return text.error();
    }
    QByteArray out = file.left(begins.front().end) + *text + file.sliced(ends.front().start);
    if (!holdsRoutes(out, routes)) {
        return markerError(message(QT_TRANSLATE_NOOP("Message",
            "With the new routes the file cannot be read, or the markers do not stand inside "
            "routes:.")));
    }
    if (auto conflict = loadConflict(readConfig(out).value())) {
        return std::move(*conflict);
    }
    return out;
}

} // namespace portreeve
