// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/fragment.h"

#include "core/policy/texttree.h"
#include "core/policy/valueprinter.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

using namespace policy;

namespace {

Error refusal(const Diagnostic& diagnostic)
{
    return { .code = ErrorCode::InvalidInput,
        .what = message(QT_TRANSLATE_NOOP("Message", "Line %1, column %2: %3"),
            QString::number(diagnostic.at.line), QString::number(diagnostic.at.column),
            diagnostic.what.english()),
        .remedy = diagnostic.fix,
        .field = u"routes"_s };
}

const Node* memberOf(const Node& mapping, QStringView key)
{
    const auto found = std::find(mapping.keys.begin(), mapping.keys.end(), key);
    return found == mapping.keys.end()
        ? nullptr
        : &mapping.items[static_cast<std::size_t>(found - mapping.keys.begin())];
}

QString textMember(const Node& mapping, QStringView key)
{
    const auto* node = memberOf(mapping, key);
    const auto* text = node == nullptr ? nullptr : node->scalar.asString();
    return text == nullptr ? QString() : *text;
}

bool flagMember(const Node& mapping, QStringView key)
{
    const auto* node = memberOf(mapping, key);
    const auto* flag = node == nullptr ? nullptr : node->scalar.asBool();
    return flag != nullptr && *flag;
}

std::vector<QString> destinations(const Node& mapping)
{
    std::vector<QString> out;
    const auto* node = memberOf(mapping, u"to");
    if (node == nullptr) {
        return out;
    }
    const auto add = [&out](const Node& item) {
        if (const auto* text = item.scalar.asString()) {
            out.push_back(*text);
        }
    };
    add(*node);
    std::for_each(node->items.begin(), node->items.end(), add);
    return out;
}

Result<ExportedRoute> readRoute(const Node& node)
{
    ExportedRoute out { .route = { .name = textMember(node, u"name"),
                            .from = textMember(node, u"from"),
                            .to = destinations(node),
                            .prefix = textMember(node, u"prefix"),
                            .path = textMember(node, u"path"),
                            .regex = textMember(node, u"regex"),
                            .passIdentityHeaders = flagMember(node, u"pass_identity_headers"),
                            .showErrorDetails = flagMember(node, u"show_error_details") } };
    const auto* rules = memberOf(node, u"policy");
    if (rules == nullptr) {
        return out;
    }
    auto parsed = readGrammar(*rules);
    if (parsed.policy) {
        parsed.diagnostics = checkPolicy(*parsed.policy, Entry::ConfigFile);
        std::erase_if(parsed.diagnostics, isOfAnotherEdition);
    }
    if (parsed.hasErrors()) {
        return refusal(parsed.diagnostics.front());
    }
    out.rules = std::move(*parsed.policy);
    return out;
}

} // namespace

Value routeValue(const ExportedRoute& exported)
{
    const auto& route = exported.route;
    Value::Object out;
    const auto addText = [&out](const QString& key, const QString& value) {
        if (!value.isEmpty()) {
            out.emplace_back(key, Value(value));
        }
    };
    addText(u"name"_s, route.name);
    addText(u"from"_s, route.from);
    Value::Array to;
    std::transform(route.to.begin(), route.to.end(), std::back_inserter(to),
        [](const QString& url) { return Value(url); });
    if (to.size() == 1) {
        out.emplace_back(u"to"_s, to.front());
    } else if (!to.empty()) {
        out.emplace_back(u"to"_s, Value(std::move(to)));
    }
    addText(u"prefix"_s, route.prefix);
    addText(u"path"_s, route.path);
    addText(u"regex"_s, route.regex);
    if (route.passIdentityHeaders) {
        out.emplace_back(u"pass_identity_headers"_s, Value(true));
    }
    if (route.showErrorDetails) {
        out.emplace_back(u"show_error_details"_s, Value(true));
    }
    out.emplace_back(u"policy"_s, policyValue(normalForm(exported.rules)));
    return Value(std::move(out));
}

Result<QByteArray> writeFragment(const std::vector<ExportedRoute>& routes)
{
    Value::Array items;
    std::transform(routes.begin(), routes.end(), std::back_inserter(items), routeValue);
    return printValue(
        Value(Value::Object { { u"routes"_s, Value(std::move(items)) } }), Format::Yaml);
}

Result<std::vector<ExportedRoute>> readFragment(const QByteArray& yaml)
{
    const auto tree = readYaml(yaml, KeyRule::LowerCased);
    const auto loss = std::find_if(tree.diagnostics.begin(), tree.diagnostics.end(),
        [](const Diagnostic& diagnostic) { return diagnostic.code == u"duplicate_key"_s; });
    if (!tree.root || loss != tree.diagnostics.end()) {
        return refusal(tree.root ? *loss : tree.diagnostics.back());
    }
    std::vector<ExportedRoute> out;
    for (const auto* key : { u"policy", u"routes" }) { // the order the proxy matches them in
        const auto* routes = memberOf(*tree.root, QStringView(key));
        for (std::size_t i = 0; routes != nullptr && i < routes->items.size(); ++i) {
            auto route = readRoute(routes->items[i]);
            if (!route) {
                return route.error();
            }
            out.push_back(std::move(*route));
        }
    }
    return out;
}

} // namespace portreeve
