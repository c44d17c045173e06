// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/configservice/configclient.h"
#include "core/proxy/delivery/configdelivery.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

using configservice::RouteEntity;

Error needsRoutesOfOthers(const QString& target)
{
    return { .code = ErrorCode::InvalidInput,
        .what = message(QT_TRANSLATE_NOOP("Message",
                            "“%1” gets its policies another way, so none can be attached to routes "
                            "of others."),
            target),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Attaching needs the configuration service or the console's API, and a target that is "
            "not read only.")),
        .field = u"policy_channel"_s };
}

Error noSuchRoute(const QString& target, const QString& routeId)
{
    return { .code = ErrorCode::NotFound,
        .what = message(
            QT_TRANSLATE_NOOP("Message", "“%1” holds no route with the id %2."), target, routeId),
        .remedy = message(QT_TRANSLATE_NOOP(
            "Message", "List the routes of others at the target and pick one of them.")),
        .field = u"route"_s };
}

Error ownRoute(const QString& name)
{
    return { .code = ErrorCode::InvalidInput,
        .what = message(QT_TRANSLATE_NOOP("Message", "The route “%1” is managed from here."), name),
        .remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Give the policy to the route itself; it goes with the next delivery.")),
        .field = u"route"_s };
}

QString addressOf(const RouteEntity& route)
{
    return route.from + (route.path.isEmpty() ? route.prefix : route.path);
}

Result<std::vector<RouteEntity>> routesAt(TargetLink& link, const std::stop_token& stop)
{
    const auto& options = link.options();
    if (!options.attachesToOthers() || options.readOnly) {
        return needsRoutesOfOthers(link.target().name);
    }
    const auto client = link.config();
    if (!client) {
        return client.error();
    }
    return (*client)->routes(stop);
}

/// What is to be attached where, looked up on both sides.
Result<AttachedPolicy> attachmentOf(
    Store& store, TargetLink& link, const AttachRequest& request, const std::stop_token& stop)
{
    const auto policy = store.policies().policy(request.policy);
    if (!policy) {
        return policy.error();
    }
    const auto routes = routesAt(link, stop);
    if (!routes) {
        return routes.error();
    }
    const auto route = std::find_if(routes->begin(), routes->end(),
        [&request](const RouteEntity& other) { return other.id == request.routeId; });
    if (route == routes->end()) {
        return noSuchRoute(link.target().name, request.routeId);
    }
    if (route->originatorId == link.options().originator) {
        return ownRoute(route->name);
    }
    return AttachedPolicy { .routeId = route->id,
        .routeName = route->name,
        .policyId = policy->id,
        .policyName = policy->name };
}

/// What was attached: its policy may be gone from the store by now.
Result<AttachedPolicy> attachmentIn(Store& store, const AttachRequest& request)
{
    const auto attached = store.attachments().list(request.targetId);
    if (!attached) {
        return attached.error();
    }
    const auto found = std::find_if(
        attached->begin(), attached->end(), [&request](const AttachedPolicy& attachment) {
            return attachment.routeId == request.routeId
                && (attachment.policyId == request.policy
                    || attachment.policyName == request.policy);
        });
    return found == attached->end()
        ? AttachedPolicy { .routeId = request.routeId, .policyId = request.policy }
        : *found;
}

} // namespace

Result<std::vector<ForeignRoute>> Delivery::routesOfOthers(
    const QString& targetId, const DeliveryControl& control)
{
    const auto opened = link(targetId);
    if (!opened) {
        return opened.error();
    }
    const auto routes = routesAt(**opened, control.stop);
    if (!routes) {
        return routes.error();
    }
    std::vector<ForeignRoute> out;
    for (const auto& route : *routes) {
        if (route.originatorId != (*opened)->options().originator) {
            out.push_back({ .id = route.id,
                .name = route.name,
                .address = addressOf(route),
                .keeper = route.originatorId,
                .policies = static_cast<int>(route.policyIds.size()) });
        }
    }
    return out;
}

Result<AttachedPolicy> Delivery::setAttached(
    const AttachRequest& request, const DeliveryControl& control)
{
    const auto opened = link(request.targetId);
    if (!opened) {
        return opened.error();
    }
    auto& store = m_services.store;
    auto attachment = request.attached ? attachmentOf(store, **opened, request, control.stop)
                                       : attachmentIn(store, request);
    if (!attachment) {
        return attachment.error();
    }
    attachment->wanted = request.attached;
    attachment->actor = control.actor;
    const auto changed = request.attached
        ? store.attachments().attach(request.targetId, *attachment)
        : store.attachments().detach(request.targetId, attachment->routeId, attachment->policyId);
    if (!changed) {
        return changed.error();
    }
    const QJsonObject details { { u"route"_s, attachment->routeId },
        { u"route_name"_s, attachment->routeName }, { u"policy"_s, attachment->policyId },
        { u"policy_name"_s, attachment->policyName } };
    const auto audited = store.audit().append({ .actor = control.actor,
        .event = request.attached ? u"policy_attached"_s : u"policy_detached"_s,
        .subject = request.targetId,
        .details = auditDetails(details) });
    return audited ? std::move(attachment) : Result<AttachedPolicy>(audited.error());
}

} // namespace portreeve
