// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/configfindings.h"

#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

using namespace configservice;

namespace {

DeliveredKind deliveredKindOf(EntityKind kind)
{
    return kind == EntityKind::Policy ? DeliveredKind::Policy : DeliveredKind::Route;
}

ChangeAction actionOf(ConfigStep step)
{
    switch (step) {
    case ConfigStep::Create:
        return ChangeAction::Add;
    case ConfigStep::Update:
    case ConfigStep::Attach:
    case ConfigStep::Detach:
        return ChangeAction::Update;
    case ConfigStep::Delete:
        return ChangeAction::Remove;
    }
    return ChangeAction::Update;
}

DeliveryRow rowOf(const ConfigIssue& issue)
{
    return { .kind = deliveredKindOf(issue.entity),
        .id = issue.id,
        .name = issue.name,
        .what = issue.what,
        .remedy = issue.remedy };
}

template <typename Value>
std::int64_t countOurs(const std::vector<Value>& entities, const QString& originatorId)
{
    return std::count_if(entities.begin(), entities.end(),
        [&](const Value& entity) { return entity.originatorId == originatorId; });
}

bool wasOurs(const ConfigChange& change, const QString& originatorId)
{
    return change.before
        && std::visit([](const auto& value) { return value.originatorId; }, *change.before)
        == originatorId;
}

/// Changes of what is ours there already.
std::int64_t touched(const ConfigPlan& plan, EntityKind kind, const QString& originatorId)
{
    return std::count_if(plan.changes.begin(), plan.changes.end(), [&](const ConfigChange& change) {
        return configservice::kindOf(change.entity) == kind
            && (change.step == ConfigStep::Delete
                || (change.step == ConfigStep::Update && wasOurs(change, originatorId)));
    });
}

} // namespace

QByteArray contentOf(const Entity& entity)
{
    const auto object = std::visit([](const auto& value) { return toJson(value); }, entity);
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

DeliveryChange deliveryChange(const ConfigChange& change)
{
    DeliveryChange out { .kind = deliveredKindOf(configservice::kindOf(change.entity)),
        .action = actionOf(change.step),
        .id = idOf(change.entity),
        .name = nameOf(change.entity),
        .isForeign = change.step == ConfigStep::Attach || change.step == ConfigStep::Detach };
    for (const auto& field : change.fields) {
        out.fields.push_back({ .name = field.field, .before = field.before, .after = field.after });
    }
    return out;
}

void addConfigFindings(
    const DeliveryJob& job, const ConfigPlan& plan, const ConfigState& current, PlanDraft& draft)
{
    draft.addRefusals(plan.refusals);
    auto& out = draft.plan();
    for (const auto& issue : plan.conflicts) {
        out.conflicts.push_back(rowOf(issue));
    }
    for (const auto& issue : plan.warnings) {
        out.warnings.push_back(rowOf(issue));
        if (issue.needsPerson) {
            draft.hold(issue.what);
        }
    }
    const QString& originatorId = job.link.options().originator;
    const auto policies = countOurs(current.policies, originatorId);
    const auto routes = countOurs(current.routes, originatorId);
    out.counts.policies.unchanged = policies - touched(plan, EntityKind::Policy, originatorId);
    out.counts.routes.unchanged = routes - touched(plan, EntityKind::Route, originatorId);
    draft.guardPolicies(policies + routes, job.link.options().limits,
        job.source.exports.routes.empty() && job.source.exports.policies.empty());
}

Result<void> nothingWithheld(const ConfigPlan& plan, AppliedDelivery& done)
{
    const PreparedExport refused { .refusals = plan.refusals };
    if (const auto outcome = refused.outcome(); !outcome) {
        done.withheld = true;
        return outcome;
    }
    if (plan.conflicts.empty()) {
        return {};
    }
    done.withheld = true;
    const auto& conflict = plan.conflicts.front();
    return Error { .code = ErrorCode::InvalidInput,
        .what = conflict.what,
        .remedy = conflict.remedy,
        .field = conflict.entity == EntityKind::Policy ? u"policies"_s : u"routes"_s };
}

SentRoutes sentRoutes(const ConfigPlan& plan, const ConfigState& after, const QString& originatorId)
{
    SentRoutes out;
    for (const auto& route : after.routes) {
        if (route.originatorId != originatorId) {
            continue;
        }
        const bool isChanged = std::any_of(plan.changes.begin(), plan.changes.end(),
            [&route](const ConfigChange& change) { return idOf(change.entity) == route.id; });
        (isChanged ? out.changed : out.others)
            .push_back({ .id = route.id,
                .from = route.from,
                .prefix = route.prefix,
                .path = route.path,
                .regex = route.regex });
    }
    return out;
}

} // namespace portreeve
