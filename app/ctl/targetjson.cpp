// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/targetjson.h"

#include "app/ctl/json.h"
#include "core/proxy/delivery/blocklift.h"

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
QJsonObject countsJson(const DeliveryCounts& counts)
{
    return { { u"put"_s, qint64(counts.put) }, { u"deleted"_s, qint64(counts.deleted) },
        { u"unchanged"_s, qint64(counts.unchanged) } };
}

void insertCounts(QJsonObject& object, const PushCounts& counts)
{
    object.insert(u"users"_s, countsJson(counts.users));
    object.insert(u"groups"_s, countsJson(counts.groups));
    object.insert(u"policies"_s, countsJson(counts.policies));
    object.insert(u"routes"_s, countsJson(counts.routes));
}

QJsonValue errorOrNull(const std::optional<Error>& error)
{
    return error ? QJsonValue(error->toJson()) : QJsonValue();
}

QString causeName(JoinCause cause)
{
    switch (cause) {
    case JoinCause::OtherId:
        return u"other_id"_s;
    case JoinCause::NoRecordId:
        return u"no_record_id"_s;
    case JoinCause::Suspended:
        return u"suspended"_s;
    case JoinCause::NotExported:
        return u"not_exported"_s;
    case JoinCause::NotPushed:
        return u"not_pushed"_s;
    case JoinCause::NotInDirectory:
        return u"not_in_directory"_s;
    }
    return {};
}
} // namespace

QJsonObject toJson(const ProxyTarget& target)
{
    QJsonObject options;
    for (auto option = target.options.cbegin(); option != target.options.cend(); ++option) {
        options.insert(option.key(), option.value());
    }
    return { { u"id"_s, target.id }, { u"name"_s, target.name },
        { u"state"_s, targetStateName(target.state) },
        { u"state_reason"_s, target.stateReason.english() },
        { u"last_push_at"_s, timeOrNull(target.lastPushAt) },
        { u"last_success_at"_s, timeOrNull(target.lastSuccessAt) },
        { u"last_error"_s, errorOrNull(target.lastError) },
        { u"generation"_s, qint64(target.generation) }, { u"options"_s, options } };
}

QJsonObject toJson(const CapabilityRow& capability)
{
    return { { u"feature"_s, targetFeatureName(capability.feature) },
        { u"allowed"_s, capability.allowed }, { u"reason"_s, capability.reason.english() },
        { u"remedy"_s, capability.remedy.english() } };
}

QJsonObject toJson(const TargetReport& report)
{
    QJsonObject counts;
    const auto add = [&counts](const QString& name, const std::optional<std::int64_t>& count) {
        if (count) {
            counts.insert(name, qint64(*count));
        }
    };
    add(u"users"_s, report.userRecords);
    add(u"groups"_s, report.groupRecords);
    add(u"policies"_s, report.policies);
    add(u"routes"_s, report.routes);
    add(u"enrollments"_s, report.enrollments);
    add(u"credentials"_s, report.credentials);
    return { { u"steps"_s, toJson(report.steps) }, { u"counts"_s, counts },
        { u"server"_s,
            QJsonObject {
                { u"kind"_s, report.serverKind }, { u"version"_s, report.serverVersion } } } };
}

QJsonObject toJson(const PushRecord& push)
{
    QJsonObject object { { u"id"_s, QString::number(push.id) }, { u"target"_s, push.targetName },
        { u"trigger"_s, pushTriggerName(push.trigger) }, { u"actor"_s, push.actor },
        { u"started_at"_s, toRfc3339(push.startedAt) },
        { u"finished_at"_s, timeOrNull(push.finishedAt) },
        { u"outcome"_s, pushOutcomeName(push.outcome) },
        { u"generation"_s, qint64(push.generation) }, { u"error"_s, errorOrNull(push.error) },
        { u"notes"_s, toArray(push.notes) } };
    insertCounts(object, push.counts);
    return object;
}

QJsonObject toJson(const BlockReport& report)
{
    return { { u"state"_s, blockReportStateName(report.state) },
        { u"routes"_s, toArray(report.routes) },
        { u"public_routes"_s, toArray(report.publicRoutes) },
        { u"probed_route"_s, report.probedRoute }, { u"unknown_user"_s, report.isUnknown },
        { u"error"_s, errorOrNull(report.error) } };
}

QJsonObject toJson(const BlockedUser& user)
{
    return { { u"user"_s, user.userId }, { u"since"_s, toRfc3339(user.blockedAt) },
        { u"actor"_s, user.actor }, { u"lifts_at"_s, timeOrNull(liftsAt(user)) } };
}

QJsonObject toJson(const JoinReport& report)
{
    QJsonArray missing;
    for (const auto& row : report.missing) {
        missing.append(QJsonObject { { u"user"_s, row.userId }, { u"email"_s, row.email },
            { u"cause"_s, causeName(row.cause) }, { u"other_id"_s, row.otherId },
            { u"what"_s, row.reason.english() } });
    }
    QJsonArray warnings;
    for (const auto& warning : report.warnings) {
        warnings.append(warning.english());
    }
    return { { u"known"_s, report.known }, { u"matched"_s, report.matched },
        { u"missing"_s, missing }, { u"warnings"_s, warnings } };
}

QJsonObject toJson(const ForeignRoute& route)
{
    return { { u"id"_s, route.id }, { u"name"_s, route.name }, { u"address"_s, route.address },
        { u"keeper"_s, route.keeper }, { u"policies"_s, route.policies } };
}

QJsonObject toJson(const AttachedPolicy& attachment)
{
    return { { u"route"_s, attachment.routeId }, { u"route_name"_s, attachment.routeName },
        { u"policy"_s, attachment.policyId }, { u"policy_name"_s, attachment.policyName },
        { u"wanted"_s, attachment.wanted } };
}

QJsonObject toJson(const DeliveryOutcome& outcome)
{
    QJsonObject object = outcome.plan.toJson();
    if (outcome.push) {
        insertCounts(object, outcome.push->counts);
        object.insert(u"push_id"_s, QString::number(outcome.push->id));
        object.insert(u"outcome"_s, pushOutcomeName(outcome.push->outcome));
    }
    object.insert(u"confirmed"_s, outcome.confirmed);
    QJsonArray notes = object.value(u"notes"_s).toArray();
    for (const auto& note : outcome.notes) {
        notes.append(note.english());
    }
    object.insert(u"notes"_s, notes);
    return object;
}

} // namespace portreeve::ctl
