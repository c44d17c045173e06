// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/command.h"
#include "app/ctl/json.h"
#include "core/access/routerules.h"
#include "core/policy/lint.h"
#include "core/policy/parser.h"

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
Result<StoredRoute> found(Session& session, const QString& name)
{
    const auto store = session.store();
    return store ? (*store)->policies().route(name) : store.error();
}

Result<void> readPolicies(Store& store, const Arguments& arguments, StoredRoute& route)
{
    if (!arguments.has(u"policy"_s)) {
        return {};
    }
    route.policyIds.clear();
    for (const auto& name : arguments.values(u"policy"_s)) {
        if (name.isEmpty()) {
            continue; // --policy "" takes all policies off the route
        }
        const auto policy = store.policies().policy(name);
        if (!policy) {
            return policy.error();
        }
        route.policyIds.push_back(policy->id);
    }
    return {};
}

/// What only shows when the policies of the route stand together. A text that no longer parses is
/// told by the exports.
Result<std::vector<policy::Diagnostic>> findingsOf(Store& store, const StoredRoute& route)
{
    const auto stored = store.policies().policies();
    if (!stored) {
        return stored.error();
    }
    std::vector<policy::Policy> policies;
    for (const auto* one : access::policiesOf(route, *stored)) {
        auto parsed = policy::parsePolicy(one->text.toUtf8());
        if (parsed.policy) {
            policies.push_back(std::move(*parsed.policy));
        }
    }
    return policy::lintRoute(policies);
}

CommandResult saveRoute(Session& session, const Arguments& arguments, StoredRoute route)
{
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    route.from = arguments.value(u"from"_s, route.from);
    if (arguments.has(u"to"_s)) {
        const auto targets = arguments.values(u"to"_s);
        route.to.assign(targets.begin(), targets.end());
    }
    route.prefix = arguments.value(u"prefix"_s, route.prefix);
    route.path = arguments.value(u"path"_s, route.path);
    route.regex = arguments.value(u"regex"_s, route.regex);
    const auto identity = arguments.flag(u"pass-identity-headers"_s, route.passIdentityHeaders);
    const auto details = arguments.flag(u"show-error-details"_s, route.showErrorDetails);
    if (!identity || !details) {
        return identity ? details.error() : identity.error();
    }
    route.passIdentityHeaders = *identity;
    route.showErrorDetails = *details;
    if (const auto read = readPolicies(**store, arguments, route); !read) {
        return read.error();
    }
    const auto saved = (*store)->policies().save(route);
    if (!saved) {
        return saved.error();
    }
    const auto findings = findingsOf(**store, *saved);
    if (!findings) {
        return findings.error();
    }
    QJsonArray diagnostics;
    for (const auto& finding : *findings) {
        diagnostics.append(toJson(finding));
        session.out().message(u"%1: %2 %3"_s.arg(
            severityName(finding.severity), finding.what.english(), finding.fix.english()));
    }
    if (session.out().isJson()) {
        QJsonObject object = toJson(*saved);
        object.insert(u"diagnostics"_s, diagnostics);
        session.out().document(object);
    } else {
        session.out().text(u"Saved route %1."_s.arg(saved->name));
    }
    return ExitCode::Done;
}

CommandResult addRoute(Session& session, const Arguments& arguments)
{
    return saveRoute(session, arguments, { .name = arguments.at(0) });
}

CommandResult editRoute(Session& session, const Arguments& arguments)
{
    auto route = found(session, arguments.at(0));
    if (!route) {
        return route.error();
    }
    route->name = arguments.value(u"name"_s, route->name);
    return saveRoute(session, arguments, *route);
}

CommandResult removeRoute(Session& session, const Arguments& arguments)
{
    const auto route = found(session, arguments.at(0));
    if (!route) {
        return route.error();
    }
    const auto removed = (*session.store())->policies().removeRoute(route->id);
    return removed ? CommandResult(ExitCode::Done) : CommandResult(removed.error());
}

CommandResult listRoutes(Session& session, const Arguments&)
{
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    const auto routes = (*store)->policies().routes();
    if (!routes) {
        return routes.error();
    }
    QJsonArray all;
    std::vector<QStringList> rows;
    for (const auto& route : *routes) {
        all.append(toJson(route));
        QStringList targets(route.to.begin(), route.to.end());
        rows.push_back({ route.name, route.from, targets.join(u", "_s),
            QString::number(route.policyIds.size()) });
    }
    if (session.out().isJson()) {
        session.out().document({ { u"routes"_s, all } });
    } else {
        session.out().table({ u"NAME"_s, u"FROM"_s, u"TO"_s, u"POLICIES"_s }, rows);
    }
    return ExitCode::Done;
}

CommandResult showRoute(Session& session, const Arguments& arguments)
{
    const auto route = found(session, arguments.at(0));
    if (!route) {
        return route.error();
    }
    session.out().document(toJson(*route));
    return ExitCode::Done;
}
} // namespace

std::vector<Command> routeCommands()
{
    const QString noun = u"route"_s;
    const QList<QCommandLineOption> fields {
        QCommandLineOption(u"from"_s, u"Where people go: scheme and host."_s, u"URL"_s),
        QCommandLineOption(u"to"_s, u"Where the proxy sends them; may be repeated."_s, u"URL"_s),
        QCommandLineOption(u"prefix"_s, u"Only paths that begin so."_s, u"PATH"_s),
        QCommandLineOption(u"path"_s, u"Only this path."_s, u"PATH"_s),
        QCommandLineOption(u"regex"_s, u"Only paths that match."_s, u"REGEX"_s),
        QCommandLineOption(
            u"policy"_s, u"A policy by name; may be repeated, replaces those before."_s, u"NAME"_s),
        QCommandLineOption(
            u"pass-identity-headers"_s, u"Tell the upstream who it is."_s, u"true|false"_s),
        QCommandLineOption(u"show-error-details"_s,
            u"Show explanation and remediation to people who are refused."_s, u"true|false"_s),
    };
    const auto one = [&](const QString& verb, const QString& summary, const QString& example,
                         const QList<QCommandLineOption>& options, auto run) {
        return Command { .noun = noun,
            .verb = verb,
            .arguments = u"NAME"_s,
            .summary = summary,
            .example = example,
            .minimumArguments = 1,
            .maximumArguments = 1,
            .options = options,
            .run = run };
    };
    return {
        { .noun = noun,
            .verb = u"list"_s,
            .summary = u"List the routes."_s,
            .example = u"route list"_s,
            .run = listRoutes },
        one(u"add"_s, u"Add a route."_s,
            u"route add Wiki --from https://wiki.example.org --to http://wiki:8080 --policy Engineering"_s,
            fields, addRoute),
        one(u"edit"_s, u"Change a route."_s,
            u"route edit Wiki --policy Engineering --policy Support"_s,
            fields + QList { QCommandLineOption(u"name"_s, u"A new name."_s, u"NAME"_s) },
            editRoute),
        one(u"remove"_s, u"Remove a route."_s, u"route remove Wiki"_s, {}, removeRoute),
        one(u"show"_s, u"Show a route."_s, u"route show Wiki"_s, {}, showRoute),
    };
}

} // namespace portreeve::ctl
