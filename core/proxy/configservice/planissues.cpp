// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/configservice/planissues.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace portreeve::configservice {

namespace {

template <typename Value>
ConfigIssue issue(IssueKind kind, const Value& entity, const Message& what, const Message& remedy)
{
    return { .kind = kind,
        .entity = kindOf(Entity(entity)),
        .id = entity.id,
        .name = entity.name,
        .what = what,
        .remedy = remedy };
}

QString keeper(const QString& originatorId)
{
    return originatorId.isEmpty() ? u"-"_s : originatorId;
}

QString issueKindName(IssueKind kind)
{
    switch (kind) {
    case IssueKind::ForeignId:
        return u"foreign_id"_s;
    case IssueKind::FileRoute:
        return u"file_route"_s;
    case IssueKind::ForeignRoute:
        return u"foreign_route"_s;
    case IssueKind::RouteGone:
        return u"route_gone"_s;
    case IssueKind::NotEvaluated:
        return u"not_evaluated"_s;
    case IssueKind::LostDeny:
        return u"lost_deny"_s;
    case IssueKind::KeptPolicy:
        return u"kept_policy"_s;
    }
    return {};
}

QJsonArray toArray(const std::vector<ConfigIssue>& issues)
{
    QJsonArray out;
    for (const auto& issue : issues) {
        out.append(QJsonObject { { u"kind"_s, issueKindName(issue.kind) },
            { u"entity"_s, entityKindName(issue.entity) }, { u"id"_s, issue.id },
            { u"name"_s, issue.name }, { u"what"_s, issue.what.english() },
            { u"remedy"_s, issue.remedy.english() }, { u"needs_person"_s, issue.needsPerson } });
    }
    return out;
}

QJsonArray toArray(const std::vector<ConfigChange>& changes)
{
    QJsonArray out;
    for (const auto& change : changes) {
        QJsonArray fields;
        for (const auto& field : change.fields) {
            fields.append(QJsonObject { { u"field"_s, field.field }, { u"before"_s, field.before },
                { u"after"_s, field.after } });
        }
        out.append(QJsonObject { { u"step"_s, configStepName(change.step) },
            { u"entity"_s, entityKindName(kindOf(change.entity)) },
            { u"id"_s, idOf(change.entity) }, { u"name"_s, nameOf(change.entity) },
            { u"fields"_s, fields } });
    }
    return out;
}

QJsonArray toArray(const std::vector<ExportRefusal>& refusals)
{
    QJsonArray out;
    for (const auto& refusal : refusals) {
        out.append(
            QJsonObject { { u"route"_s, refusal.routeName }, { u"policy"_s, refusal.policyName },
                { u"what"_s, refusal.reason.english() }, { u"remedy"_s, refusal.fix.english() } });
    }
    return out;
}

template <typename Value> ConfigIssue foreign(const Value& existing)
{
    return issue(IssueKind::ForeignId, existing,
        message(QT_TRANSLATE_NOOP("Message",
                    "\"%1\" has an id of ours but is kept by \"%2\"; it is left as it is."),
            existing.name, keeper(existing.originatorId)),
        message(QT_TRANSLATE_NOOP("Message",
            "Adopt it if it was ours once, or check that no two targets share the same id.")));
}

} // namespace

ConfigIssue foreignId(const PolicyEntity& existing)
{
    return foreign(existing);
}

ConfigIssue foreignId(const RouteEntity& existing)
{
    return foreign(existing);
}

ConfigIssue fileRoute(const RouteEntity& ours, const QString& fileRouteName)
{
    return issue(IssueKind::FileRoute, ours,
        message(QT_TRANSLATE_NOOP("Message",
                    "The proxy's own file has a route for %1 (\"%2\"), which wins over this one."),
            ours.from, fileRouteName),
        message(QT_TRANSLATE_NOOP(
            "Message", "Remove the route from the file, or give this one another address.")));
}

ConfigIssue foreignRoute(const RouteEntity& ours, const RouteEntity& theirs)
{
    return issue(IssueKind::ForeignRoute, ours,
        message(QT_TRANSLATE_NOOP(
                    "Message", "\"%1\", kept by \"%2\", takes the same requests as this route."),
            theirs.name, keeper(theirs.originatorId)),
        message(QT_TRANSLATE_NOOP(
            "Message", "Have one of the two removed, or give this one another path.")));
}

ConfigIssue needsForeignPolicy(const RouteEntity& ours, const PolicyEntity& theirs)
{
    return issue(IssueKind::ForeignId, ours,
        message(QT_TRANSLATE_NOOP(
                    "Message", "The route needs the policy \"%1\", whose id belongs to \"%2\"."),
            theirs.name, keeper(theirs.originatorId)),
        message(QT_TRANSLATE_NOOP("Message", "Settle the conflict of that policy first.")));
}

ConfigIssue routeGone(const QString& routeId)
{
    return issue(IssueKind::RouteGone, RouteEntity { .id = routeId },
        message(QT_TRANSLATE_NOOP("Message",
                    "The route %1 of somebody else, which carried a policy of ours, is gone."),
            routeId),
        message(QT_TRANSLATE_NOOP("Message",
            "Take the attachment back, or attach the policy to the route that replaced it.")));
}

ConfigIssue notEvaluated(const RouteEntity& route)
{
    return issue(IssueKind::NotEvaluated, route,
        message(QT_TRANSLATE_NOOP("Message",
                    "The route \"%1\" holds policy text of its own, which the proxy does not "
                    "evaluate."),
            route.name),
        message(QT_TRANSLATE_NOOP("Message",
            "Whoever keeps the route should store the text as a policy and name it there.")));
}

ConfigIssue lostDeny(const RouteEntity& route, const QString& policyName, bool byThisPlan)
{
    auto out = issue(IssueKind::LostDeny, route,
        byThisPlan
            ? message(QT_TRANSLATE_NOOP("Message",
                          "The route \"%1\" of somebody else names the policy \"%2\", which is "
                          "about to be deleted: its deny rules are lost there."),
                  route.name, policyName)
            : message(QT_TRANSLATE_NOOP("Message",
                          "The route \"%1\" names the policy %2, which is not there: its deny "
                          "rules are lost."),
                  route.name, policyName),
        message(QT_TRANSLATE_NOOP(
            "Message", "Have the route's keeper take the policy out or name another one.")));
    out.needsPerson = byThisPlan;
    return out;
}

ConfigIssue keptPolicy(const PolicyEntity& policy, const RouteEntity& route)
{
    return issue(IssueKind::KeptPolicy, policy,
        message(QT_TRANSLATE_NOOP("Message",
                    "The policy \"%1\" stays on the proxy: the route \"%2\", which cannot be sent "
                    "now, still names it."),
            policy.name, route.name),
        message(QT_TRANSLATE_NOOP("Message", "Mend that route, then push again.")));
}

QString configStepName(ConfigStep step)
{
    switch (step) {
    case ConfigStep::Create:
        return u"create"_s;
    case ConfigStep::Update:
        return u"update"_s;
    case ConfigStep::Attach:
        return u"attach"_s;
    case ConfigStep::Detach:
        return u"detach"_s;
    case ConfigStep::Delete:
        return u"delete"_s;
    }
    return {};
}

QJsonObject ConfigPlan::toJson() const
{
    return { { u"changes"_s, toArray(changes) }, { u"conflicts"_s, toArray(conflicts) },
        { u"warnings"_s, toArray(warnings) }, { u"refusals"_s, toArray(refusals) } };
}

} // namespace portreeve::configservice
