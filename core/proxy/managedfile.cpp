// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/managedfile.h"

#include "core/policy/texttree.h"
#include "core/policy/valueprinter.h"

#include <algorithm>
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

/// Settings of a route that stop the proxy from loading the file (policy.md 6.1).
std::optional<Error> routeConflict(const Value& route)
{
    const auto* from = route.member(u"from");
    const QString name = from != nullptr && from->isString() ? *from->asString() : QString();
    if (route.member(u"allowed_groups") != nullptr) {
        return baseError(
            message(QT_TRANSLATE_NOOP("Message",
                        "The base file's route %1 uses allowed_groups, which stops the "
                        "proxy from loading the file."),
                name),
            message(QT_TRANSLATE_NOOP("Message", "Use a policy with groups instead.")));
    }
    const bool isPublic = isSet(route, u"allow_public_unauthenticated_access");
    const bool anyUser = isSet(route, u"allow_any_authenticated_user");
    const bool restricted = isSet(route, u"allowed_domains") || isSet(route, u"allowed_users");
    if ((isPublic && (anyUser || restricted)) || (anyUser && restricted)) {
        return baseError(
            message(QT_TRANSLATE_NOOP("Message",
                        "The base file's route %1 joins access settings that exclude each other, "
                        "which stops the proxy from loading the file."),
                name),
            message(QT_TRANSLATE_NOOP("Message",
                "Keep one of public access, any authenticated user, and domains or users.")));
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
    for (const auto& route : all) {
        if (auto conflict = routeConflict(route)) {
            return std::move(*conflict);
        }
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
    return out;
}

} // namespace portreeve
