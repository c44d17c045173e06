// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/json.h"

#include "app/ctl/connectionsettings.h"

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
QString kindName(FieldKind kind)
{
    switch (kind) {
    case FieldKind::Text:
        return u"text"_s;
    case FieldKind::Secret:
        return u"secret"_s;
    case FieldKind::Url:
        return u"url"_s;
    case FieldKind::Integer:
        return u"integer"_s;
    case FieldKind::Duration:
        return u"duration"_s;
    case FieldKind::Choice:
        return u"choice"_s;
    case FieldKind::Flag:
        return u"flag"_s;
    case FieldKind::File:
        return u"file"_s;
    }
    return {};
}

// Labels carry a mnemonic for the form; "&&" is a real ampersand.
QString withoutMnemonic(const char* label)
{
    QString text = QString::fromUtf8(label);
    const QString doubled = u"\x01"_s;
    return text.replace(u"&&"_s, doubled).remove(u'&').replace(doubled, u"&"_s);
}

} // namespace

QJsonObject toJson(const FieldDescriptor& field)
{
    QJsonArray choices;
    for (const auto& choice : field.choices) {
        choices.append(choice.value);
    }
    return {
        { u"key"_s, field.key },
        { u"kind"_s, kindName(field.kind) },
        { u"label"_s, withoutMnemonic(field.label) },
        { u"help"_s, QString::fromUtf8(field.help) },
        { u"required"_s, field.required },
        { u"default"_s, field.defaultValue },
        { u"choices"_s, choices },
        { u"secret"_s, field.kind == FieldKind::Secret },
        { u"advanced"_s, field.advanced },
    };
}

namespace {
QJsonObject kindCountsJson(const KindCounts& counts)
{
    return {
        { u"added"_s, qint64(counts.added) },
        { u"updated"_s, qint64(counts.updated) },
        { u"removed"_s, qint64(counts.removed) },
        { u"held"_s, qint64(counts.held) },
    };
}
} // namespace

QJsonValue timeOrNull(const std::optional<UtcTime>& time)
{
    return time ? QJsonValue(toRfc3339(*time)) : QJsonValue();
}

QJsonArray toArray(const std::vector<QString>& texts)
{
    QJsonArray array;
    for (const auto& text : texts) {
        array.append(text);
    }
    return array;
}

QJsonObject toJson(const ConnectorDescriptor& connector)
{
    const auto& can = connector.capabilities;
    QJsonArray capabilities;
    const auto add = [&](bool present, const QString& name) {
        if (present) {
            capabilities.append(name);
        }
    };
    add(can.nestedGroups, u"nested_groups"_s);
    add(can.conditionalRead, u"conditional_read"_s);
    add(can.local, u"local"_s);
    add(can.offline, u"offline"_s);
    QJsonArray fields;
    for (const auto& field : connector.fields) {
        fields.append(toJson(field));
    }
    return {
        { u"id"_s, connector.id },
        { u"name"_s, QString::fromUtf8(connector.name) },
        { u"summary"_s, QString::fromUtf8(connector.summary) },
        { u"capabilities"_s, capabilities },
        { u"fields"_s, fields },
    };
}

QJsonObject toJson(const Connection& connection)
{
    QJsonObject options;
    for (auto option = connection.options.cbegin(); option != connection.options.cend(); ++option) {
        options.insert(option.key(), option.value());
    }
    QJsonObject object {
        { u"id"_s, connection.id },
        { u"name"_s, connection.name },
        { u"provider"_s, connection.provider },
        { u"state"_s, connectionStateName(shownState(connection)) },
        { u"state_reason"_s, connection.stateReason.english() },
        { u"last_attempt_at"_s, timeOrNull(connection.lastAttemptAt) },
        { u"last_success_at"_s, timeOrNull(connection.lastSuccessAt) },
        { u"next_attempt_at"_s, timeOrNull(connection.nextAttemptAt) },
        { u"last_error"_s,
            connection.lastError ? QJsonValue(connection.lastError->toJson()) : QJsonValue() },
        { u"failures"_s, connection.failureCount },
        { u"generation"_s, qint64(connection.generation) },
        { u"options"_s, options },
    };
    addSettings(object, connection);
    return object;
}

QJsonArray toJson(const std::vector<TestStep>& steps)
{
    QJsonArray out;
    for (const auto& step : steps) {
        out.append(QJsonObject {
            { u"name"_s, step.name },
            { u"ok"_s, step.ok },
            { u"what"_s, step.what.english() },
            { u"remedy"_s, step.remedy.english() },
            { u"detail"_s, step.detail },
        });
    }
    return out;
}

QJsonObject toJson(const TestReport& report)
{
    QJsonArray users;
    for (const auto& user : report.sampleUsers) {
        users.append(QJsonObject {
            { u"id"_s, user.id },
            { u"display_name"_s, user.displayName },
            { u"email"_s, user.email },
        });
    }
    QJsonObject counts;
    if (report.userCount) {
        counts.insert(u"users"_s, qint64(*report.userCount));
    }
    if (report.groupCount) {
        counts.insert(u"groups"_s, qint64(*report.groupCount));
    }
    return {
        { u"steps"_s, toJson(report.steps) },
        { u"sample_users"_s, users },
        { u"counts"_s, counts },
        { u"tenant"_s, report.tenantId },
    };
}

QJsonObject toJson(const ChangeCounts& counts)
{
    return {
        { u"users"_s, kindCountsJson(counts.users) },
        { u"groups"_s, kindCountsJson(counts.groups) },
        { u"memberships"_s, kindCountsJson(counts.memberships) },
    };
}

QJsonObject toJson(const RunRecord& run)
{
    return {
        { u"run_id"_s, QString::number(run.id) },
        { u"connection"_s, run.connectionName },
        { u"trigger"_s, runTriggerName(run.trigger) },
        { u"started_at"_s, toRfc3339(run.startedAt) },
        { u"finished_at"_s, timeOrNull(run.finishedAt) },
        { u"outcome"_s, runOutcomeName(run.outcome) },
        { u"counts"_s, toJson(run.counts) },
        { u"generation"_s, qint64(run.generation) },
        { u"plan_hash"_s, run.planHash },
        { u"reverts_run"_s,
            run.revertsRun ? QJsonValue(QString::number(*run.revertsRun)) : QJsonValue() },
        { u"quarantined"_s, qint64(run.quarantined) },
        { u"notes"_s, toArray(run.notes) },
        { u"error"_s, run.error ? QJsonValue(run.error->toJson()) : QJsonValue() },
    };
}

QJsonObject toJson(const RunChange& change)
{
    QJsonObject object {
        { u"kind"_s, objectKindName(change.kind) },
        { u"action"_s, changeActionName(change.action) },
        { u"id"_s, change.id },
        { u"name"_s, change.name },
    };
    if (change.kind == ObjectKind::Membership) {
        object.insert(u"member_id"_s, change.memberId);
        object.insert(u"member_name"_s, change.memberName);
        object.insert(u"member_kind"_s, change.memberIsGroup ? u"group"_s : u"user"_s);
    }
    QJsonArray attributes;
    for (const auto& attribute : change.attributes) {
        attributes.append(QJsonObject { { u"name"_s, attribute.name },
            { u"before"_s, attribute.before }, { u"after"_s, attribute.after } });
    }
    if (!attributes.isEmpty()) {
        object.insert(u"attributes"_s, attributes);
    }
    return object;
}

QJsonObject toJson(const StoredPolicy& policy)
{
    return {
        { u"id"_s, policy.id },
        { u"name"_s, policy.name },
        { u"description"_s, policy.description },
        { u"enforced"_s, policy.enforced },
        { u"text"_s, policy.text },
        { u"explanation"_s, policy.explanation },
        { u"remediation"_s, policy.remediation },
        { u"updated_at"_s, toRfc3339(policy.updatedAt) },
    };
}

QJsonObject toJson(const StoredRoute& route)
{
    return {
        { u"id"_s, route.id },
        { u"name"_s, route.name },
        { u"from"_s, route.from },
        { u"to"_s, toArray(route.to) },
        { u"prefix"_s, route.prefix },
        { u"path"_s, route.path },
        { u"regex"_s, route.regex },
        { u"policies"_s, toArray(route.policyIds) },
        { u"pass_identity_headers"_s, route.passIdentityHeaders },
        { u"show_error_details"_s, route.showErrorDetails },
        { u"updated_at"_s, toRfc3339(route.updatedAt) },
    };
}

QString severityName(policy::Severity severity)
{
    switch (severity) {
    case policy::Severity::Error:
        return u"error"_s;
    case policy::Severity::Warning:
        return u"warning"_s;
    case policy::Severity::Note:
        return u"note"_s;
    }
    return {};
}

QJsonObject toJson(const policy::Diagnostic& diagnostic)
{
    return {
        { u"severity"_s, severityName(diagnostic.severity) },
        { u"code"_s, diagnostic.code },
        { u"line"_s, diagnostic.at.line },
        { u"column"_s, diagnostic.at.column },
        { u"message"_s, diagnostic.what.english() },
        { u"fix"_s, diagnostic.fix.english() },
    };
}

} // namespace portreeve::ctl
