// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/targetjson.h"
#include "app/ctl/targetsupport.h"

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
CommandResult listRoutes(Session& session, const Arguments& arguments)
{
    const auto target = targetNamed(session, arguments.at(0));
    if (!target) {
        return target.error();
    }
    auto deliveries = delivery(session);
    if (!deliveries) {
        return deliveries.error();
    }
    const auto routes = deliveries->routesOfOthers(target->id, deliveryControl(session));
    if (!routes) {
        return routes.error();
    }
    std::vector<QStringList> rows;
    for (const auto& route : *routes) {
        if (session.out().isJson()) {
            session.out().line(toJson(route));
        }
        rows.push_back(
            { route.id, route.name, route.address, route.keeper, QString::number(route.policies) });
    }
    if (!session.out().isJson()) {
        session.out().table(
            { u"ROUTE"_s, u"NAME"_s, u"ADDRESS"_s, u"KEPT BY"_s, u"POLICIES"_s }, rows);
    }
    return ExitCode::Done;
}

CommandResult setAttached(Session& session, const Arguments& arguments, bool isAttached)
{
    const auto route = arguments.value(u"route"_s);
    const auto policy = arguments.value(u"policy"_s);
    if (route.isEmpty() || policy.isEmpty()) {
        return usageError(
            message(QT_TRANSLATE_NOOP("Message", "Both --route and --policy are needed.")),
            message(QT_TRANSLATE_NOOP(
                "Message", "List the routes of others with: portreevectl target routes TARGET")));
    }
    const auto target = targetNamed(session, arguments.at(0));
    if (!target) {
        return target.error();
    }
    auto deliveries = delivery(session);
    if (!deliveries) {
        return deliveries.error();
    }
    const auto changed = deliveries->setAttached(
        { .targetId = target->id, .routeId = route, .policy = policy, .attached = isAttached },
        deliveryControl(session));
    if (!changed) {
        return changed.error();
    }
    if (session.out().isJson()) {
        session.out().document(toJson(*changed));
    } else {
        session.out().text((isAttached ? u"%1 goes to the route %2 with the next delivery: %3"_s
                                       : u"%1 leaves the route %2 with the next delivery: %3"_s)
                .arg(changed->policyName, changed->routeName,
                    u"portreevectl push "_s + target->name));
    }
    return ExitCode::Done;
}

CommandResult attachPolicy(Session& session, const Arguments& arguments)
{
    return setAttached(session, arguments, true);
}

CommandResult detachPolicy(Session& session, const Arguments& arguments)
{
    return setAttached(session, arguments, false);
}

Command verbOfAttachment(const QString& verb, const QString& summary,
    const std::function<CommandResult(Session&, const Arguments&)>& run)
{
    return { .noun = u"target"_s,
        .verb = verb,
        .arguments = u"TARGET --route ID --policy POLICY"_s,
        .summary = summary,
        .example = u"target "_s + verb + u" Office --route 7d1b40c6 --policy Staff"_s,
        .minimumArguments = 1,
        .maximumArguments = 1,
        .options = { QCommandLineOption(u"route"_s, u"Its id at the proxy."_s, u"ID"_s),
            QCommandLineOption(u"policy"_s, u"Name or id of a policy of ours."_s, u"POLICY"_s) },
        .run = run };
}
} // namespace

std::vector<Command> attachCommands()
{
    return {
        { .noun = u"target"_s,
            .verb = u"routes"_s,
            .arguments = u"TARGET"_s,
            .summary = u"Routes of others at a proxy, to which policies can be attached."_s,
            .example = u"target routes Office"_s,
            .minimumArguments = 1,
            .maximumArguments = 1,
            .run = listRoutes },
        verbOfAttachment(u"attach"_s,
            u"Let a policy of ours apply to one route of somebody else."_s, attachPolicy),
        verbOfAttachment(
            u"detach"_s, u"Take a policy of ours off a route of somebody else."_s, detachPolicy),
    };
}

} // namespace portreeve::ctl
