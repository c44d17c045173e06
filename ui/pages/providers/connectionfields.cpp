// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/providers/connectionfields.h"

#include "core/base/time.h"
#include "core/sync/scheduler.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace portreeve::connectionfields {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr int kWholePercent = 100;

struct PercentField
{
    const char* key;
    const char* label;
    const char* help;
    int GuardLimits::* member;
};

struct CountField
{
    const char* key;
    const char* label;
    const char* help;
    std::int64_t GuardLimits::* member;
};

const PercentField kPercents[] {
    { "user_percent", QT_TRANSLATE_NOOP("Connector", "Users removed"),
        QT_TRANSLATE_NOOP("Connector",
            "A sync that would remove this share of the users, or more, waits for you. 0 switches "
            "a limit off."),
        &GuardLimits::userPercent },
    { "group_percent", QT_TRANSLATE_NOOP("Connector", "Groups removed"), "",
        &GuardLimits::groupPercent },
    { "membership_percent", QT_TRANSLATE_NOOP("Connector", "Memberships removed"), "",
        &GuardLimits::membershipPercent },
    { "single_group_percent", QT_TRANSLATE_NOOP("Connector", "Members of one group"),
        QT_TRANSLATE_NOOP("Connector", "Of any single group that has enough members to count."),
        &GuardLimits::singleGroupPercent },
    { "suspension_percent", QT_TRANSLATE_NOOP("Connector", "Users suspended"), "",
        &GuardLimits::suspensionPercent },
    { "access_percent", QT_TRANSLATE_NOOP("Connector", "People losing all access"), "",
        &GuardLimits::accessPercent },
    { "churn_percent", QT_TRANSLATE_NOOP("Connector", "Ids replaced"),
        QT_TRANSLATE_NOOP(
            "Connector", "New ids behind unchanged emails: a sign that another directory answers."),
        &GuardLimits::churnPercent },
};

const CountField kCounts[] {
    { "user_count", QT_TRANSLATE_NOOP("Connector", "Users removed, number"),
        QT_TRANSLATE_NOOP("Connector", "Holds the sync too, whatever share it is."),
        &GuardLimits::userCount },
    { "group_count", QT_TRANSLATE_NOOP("Connector", "Groups removed, number"), "",
        &GuardLimits::groupCount },
    { "single_group_minimum", QT_TRANSLATE_NOOP("Connector", "Group counts from"),
        QT_TRANSLATE_NOOP("Connector", "Members a group must have for its own limit to apply."),
        &GuardLimits::singleGroupMinimum },
    { "suspension_count", QT_TRANSLATE_NOOP("Connector", "Users suspended, number"), "",
        &GuardLimits::suspensionCount },
};

FieldDescriptor duration(
    const char* key, const char* label, const char* help, milliseconds usual, milliseconds least)
{
    return { .key = QString::fromLatin1(key),
        .kind = FieldKind::Duration,
        .label = label,
        .help = help,
        .required = true,
        .defaultValue = formatDuration(usual),
        .minimum = least.count(),
        .example = u"90s, 10m, 4h, 2d"_s };
}

FieldDescriptor flag(const char* key, const char* label, const char* help, bool usual)
{
    return { .key = QString::fromLatin1(key),
        .kind = FieldKind::Flag,
        .label = label,
        .help = help,
        .defaultValue = usual ? u"true"_s : u"false"_s };
}

QString flagText(bool isOn)
{
    return isOn ? u"true"_s : u"false"_s;
}

milliseconds durationOf(const OptionValues& values, const QString& key, milliseconds usual)
{
    return values.contains(key) ? parseDuration(values.value(key)).valueOr(usual) : usual;
}

bool flagOf(const OptionValues& values, const QString& key, bool usual)
{
    return values.contains(key) ? values.value(key) == u"true" : usual;
}

} // namespace

std::vector<FieldDescriptor> identity()
{
    return { { .key = u"name"_s,
        .kind = FieldKind::Text,
        .label = QT_TRANSLATE_NOOP("Connector", "Name"),
        .help = QT_TRANSLATE_NOOP("Connector", "Shown in lists. 1 to 64 characters, unique."),
        .required = true,
        .pattern = u".{1,64}"_s,
        .example = u"Staff"_s } };
}

std::vector<FieldDescriptor> schedule(const ConnectorCapabilities& capabilities)
{
    const Schedule usual;
    const milliseconds least = leastDelay(capabilities);
    auto recheck = duration("recheck_delay", QT_TRANSLATE_NOOP("Connector", "Second look after"),
        QT_TRANSLATE_NOOP("Connector",
            "Before a scheduled sync is held, the directory is read once more after this time."),
        usual.recheckDelay, milliseconds(0));
    auto stall
        = duration("stall_timeout", QT_TRANSLATE_NOOP("Connector", "Give up when silent for"),
            QT_TRANSLATE_NOOP("Connector",
                "A run without any progress for this long is stopped. Long runs are fine."),
            usual.stallTimeout, minutes(1));
    recheck.advanced = true;
    stall.advanced = true;
    auto minDelay
        = duration("polling_min_delay", QT_TRANSLATE_NOOP("Connector", "Polling min delay"),
            QT_TRANSLATE_NOOP(
                "Connector", "Time between two syncs while everything is well, e.g. 10m or 1h30m."),
            usual.minDelay, least);
    auto maxDelay = duration("polling_max_delay",
        QT_TRANSLATE_NOOP("Connector", "Polling max delay"),
        QT_TRANSLATE_NOOP("Connector", "After failures the wait doubles each time, up to this."),
        usual.maxDelay, least);
    minDelay.maximum = kMostMinDelay.count();
    maxDelay.maximum = kMostMaxDelay.count();
    return { minDelay, maxDelay, recheck, stall };
}

std::vector<FieldDescriptor> limits()
{
    const GuardLimits usual;
    std::vector<FieldDescriptor> fields;
    for (const auto& field : kPercents) {
        fields.push_back({ .key = QString::fromLatin1(field.key),
            .kind = FieldKind::Integer,
            .label = field.label,
            .help = field.help,
            .required = true,
            .defaultValue = QString::number(usual.*field.member),
            .minimum = 0,
            .maximum = kWholePercent,
            .unit = QT_TRANSLATE_NOOP("Connector", "%") });
    }
    for (const auto& field : kCounts) {
        fields.push_back({ .key = QString::fromLatin1(field.key),
            .kind = FieldKind::Integer,
            .label = field.label,
            .help = field.help,
            .required = true,
            .defaultValue = QString::number(usual.*field.member),
            .minimum = 0,
            .advanced = true });
    }
    return fields;
}

std::vector<FieldDescriptor> rules(const ConnectorCapabilities& capabilities)
{
    const SyncRules usual;
    FieldDescriptor filter { .key = u"group_filter"_s,
        .kind = FieldKind::Text,
        .label = QT_TRANSLATE_NOOP("Connector", "Only these groups"),
        .help = QT_TRANSLATE_NOOP("Connector",
            "Ids or patterns on names such as eng-*, parted by commas. Empty: all groups."),
        .placeholder = u"eng-*, sales"_s };
    std::vector<FieldDescriptor> fields { filter };
    if (capabilities.nestedGroups) {
        fields.push_back(
            flag("flow_through", QT_TRANSLATE_NOOP("Connector", "Count people of left-out groups"),
                QT_TRANSLATE_NOOP("Connector", "As members of the groups above that are kept."),
                usual.flowThrough));
        fields.push_back(
            flag("direct_only", QT_TRANSLATE_NOOP("Connector", "Export direct groups only"),
                QT_TRANSLATE_NOOP(
                    "Connector", "Otherwise a person also has every group above their groups."),
                usual.directOnly));
    }
    fields.push_back(flag("require_email",
        QT_TRANSLATE_NOOP("Connector", "Leave out people without e-mail"), "", usual.requireEmail));
    fields.push_back(flag("never_remove",
        QT_TRANSLATE_NOOP("Connector", "Hold every removal by absence"),
        QT_TRANSLATE_NOOP("Connector", "Who is missing from the directory waits for your word."),
        usual.neverRemove));
    fields.push_back(flag("export_suspended",
        QT_TRANSLATE_NOOP("Connector", "Export suspended people too"), "", usual.exportSuspended));
    fields.push_back({ .key = u"record_id"_s,
        .kind = FieldKind::Choice,
        .label = QT_TRANSLATE_NOOP("Connector", "Record id at the proxy"),
        .help = QT_TRANSLATE_NOOP("Connector",
            "What the sign-in provider issues as the id of a person. “Check sign-ins” of a proxy "
            "shows whether it fits. Who has none, or shares it, gets no record."),
        .defaultValue = recordIdSourceName(usual.recordId),
        .choices = { { recordIdSourceName(RecordIdSource::ProviderId),
                         QT_TRANSLATE_NOOP("Connector", "Id of the provider") },
            { recordIdSourceName(RecordIdSource::Email),
                QT_TRANSLATE_NOOP("Connector", "E-mail address") },
            { recordIdSourceName(RecordIdSource::Login),
                QT_TRANSLATE_NOOP("Connector", "Login name") } },
        .advanced = true });
    auto kept = duration("tombstone_retention",
        QT_TRANSLATE_NOOP("Connector", "Keep removed records for"),
        QT_TRANSLATE_NOOP("Connector", "So that who comes back is the same person."),
        usual.tombstoneRetention, hours(24 * 30));
    kept.advanced = true;
    fields.push_back(kept);
    return fields;
}

OptionValues identityOf(const Connection& connection)
{
    return { { u"name"_s, connection.name } };
}

OptionValues scheduleOf(const Connection& connection)
{
    const Schedule& schedule = connection.schedule;
    return { { u"polling_min_delay"_s, formatDuration(schedule.minDelay) },
        { u"polling_max_delay"_s, formatDuration(schedule.maxDelay) },
        { u"recheck_delay"_s, formatDuration(schedule.recheckDelay) },
        { u"stall_timeout"_s, formatDuration(schedule.stallTimeout) } };
}

OptionValues limitsOf(const Connection& connection)
{
    OptionValues values;
    for (const auto& field : kPercents) {
        values.insert(
            QString::fromLatin1(field.key), QString::number(connection.limits.*field.member));
    }
    for (const auto& field : kCounts) {
        values.insert(
            QString::fromLatin1(field.key), QString::number(connection.limits.*field.member));
    }
    return values;
}

OptionValues rulesOf(const Connection& connection)
{
    const SyncRules& rules = connection.rules;
    const QStringList filter(rules.groupFilter.begin(), rules.groupFilter.end());
    return { { u"group_filter"_s, filter.join(u", "_s) },
        { u"flow_through"_s, flagText(rules.flowThrough) },
        { u"direct_only"_s, flagText(rules.directOnly) },
        { u"record_id"_s, recordIdSourceName(rules.recordId) },
        { u"require_email"_s, flagText(rules.requireEmail) },
        { u"never_remove"_s, flagText(rules.neverRemove) },
        { u"export_suspended"_s, flagText(rules.exportSuspended) },
        { u"tombstone_retention"_s, formatDuration(rules.tombstoneRetention) } };
}

void setIdentity(Connection& connection, const OptionValues& values)
{
    connection.name = values.value(u"name"_s).trimmed();
}

void setSchedule(Connection& connection, const OptionValues& values)
{
    const Schedule usual;
    connection.schedule = { .minDelay = durationOf(values, u"polling_min_delay"_s, usual.minDelay),
        .maxDelay = durationOf(values, u"polling_max_delay"_s, usual.maxDelay),
        .stallTimeout = durationOf(values, u"stall_timeout"_s, usual.stallTimeout),
        .recheckDelay = durationOf(values, u"recheck_delay"_s, usual.recheckDelay) };
}

void setLimits(Connection& connection, const OptionValues& values)
{
    connection.limits = {};
    for (const auto& field : kPercents) {
        if (const auto found = values.find(QString::fromLatin1(field.key)); found != values.end()) {
            connection.limits.*field.member = found->toInt();
        }
    }
    for (const auto& field : kCounts) {
        if (const auto found = values.find(QString::fromLatin1(field.key)); found != values.end()) {
            connection.limits.*field.member = found->toLongLong();
        }
    }
}

void setRules(Connection& connection, const OptionValues& values)
{
    static const QRegularExpression separator(u"[,\\r\\n]"_s);
    const SyncRules usual;
    SyncRules& rules = connection.rules;
    rules.groupFilter.clear();
    const auto parts = values.value(u"group_filter"_s).split(separator, Qt::SkipEmptyParts);
    for (const QString& part : parts) {
        if (const QString item = part.trimmed(); !item.isEmpty()) {
            rules.groupFilter.push_back(item);
        }
    }
    rules.flowThrough = flagOf(values, u"flow_through"_s, usual.flowThrough);
    rules.directOnly = flagOf(values, u"direct_only"_s, usual.directOnly);
    rules.requireEmail = flagOf(values, u"require_email"_s, usual.requireEmail);
    rules.neverRemove = flagOf(values, u"never_remove"_s, usual.neverRemove);
    rules.exportSuspended = flagOf(values, u"export_suspended"_s, usual.exportSuspended);
    rules.recordId = recordIdSourceFromName(values.value(u"record_id"_s)).value_or(usual.recordId);
    rules.tombstoneRetention
        = durationOf(values, u"tombstone_retention"_s, usual.tombstoneRetention);
}

std::vector<FieldProblem> checkSchedule(
    const std::vector<FieldDescriptor>& fields, const OptionValues& values)
{
    auto problems = validate(fields, values, {});
    Connection connection;
    if (problems.empty()) {
        setSchedule(connection, values);
    }
    if (connection.schedule.maxDelay < connection.schedule.minDelay) {
        problems.push_back({ .key = u"polling_max_delay"_s,
            .what
            = message(QT_TRANSLATE_NOOP("Message", "The max delay is shorter than the min delay.")),
            .remedy = message(QT_TRANSLATE_NOOP("Message", "Enter at least %1."),
                formatDuration(connection.schedule.minDelay)) });
    }
    return problems;
}

} // namespace portreeve::connectionfields
