// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/jsoncolumns.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

QString compact(const QJsonObject& object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

QJsonObject parsed(const QString& json)
{
    return QJsonDocument::fromJson(json.toUtf8()).object();
}

QJsonArray toArray(const std::vector<QString>& strings)
{
    QJsonArray array;
    for (const QString& string : strings) {
        array.append(string);
    }
    return array;
}

std::vector<QString> fromArray(const QJsonArray& array)
{
    std::vector<QString> strings;
    for (const auto& value : array) {
        strings.push_back(value.toString());
    }
    return strings;
}

// One list of names for writing and for reading: visit(key, member) for every field.
template <typename Type, typename Visit> void visitSchedule(Type& schedule, Visit visit)
{
    visit(u"min_delay_ms"_s, schedule.minDelay);
    visit(u"max_delay_ms"_s, schedule.maxDelay);
    visit(u"stall_timeout_ms"_s, schedule.stallTimeout);
    visit(u"recheck_delay_ms"_s, schedule.recheckDelay);
}

template <typename Type, typename Visit> void visitLimits(Type& limits, Visit visit)
{
    visit(u"user_percent"_s, limits.userPercent);
    visit(u"user_count"_s, limits.userCount);
    visit(u"group_percent"_s, limits.groupPercent);
    visit(u"group_count"_s, limits.groupCount);
    visit(u"membership_percent"_s, limits.membershipPercent);
    visit(u"single_group_percent"_s, limits.singleGroupPercent);
    visit(u"single_group_minimum"_s, limits.singleGroupMinimum);
    visit(u"suspension_percent"_s, limits.suspensionPercent);
    visit(u"suspension_count"_s, limits.suspensionCount);
    visit(u"access_percent"_s, limits.accessPercent);
    visit(u"churn_percent"_s, limits.churnPercent);
}

template <typename Type, typename Visit> void visitRules(Type& rules, Visit visit)
{
    visit(u"group_filter"_s, rules.groupFilter);
    visit(u"flow_through"_s, rules.flowThrough);
    visit(u"require_email"_s, rules.requireEmail);
    visit(u"never_remove"_s, rules.neverRemove);
    visit(u"export_suspended"_s, rules.exportSuspended);
    visit(u"direct_only"_s, rules.directOnly);
    visit(u"record_id"_s, rules.recordId);
    visit(u"tombstone_retention_ms"_s, rules.tombstoneRetention);
}

template <typename Type, typename Visit> void visitCounts(Type& counts, Visit visit)
{
    visit(u"added"_s, counts.added);
    visit(u"updated"_s, counts.updated);
    visit(u"removed"_s, counts.removed);
    visit(u"suspended"_s, counts.suspended);
    visit(u"held"_s, counts.held);
}

template <typename Type, typename Visit> void visitDelivery(Type& counts, Visit visit)
{
    visit(u"put"_s, counts.put);
    visit(u"deleted"_s, counts.deleted);
    visit(u"unchanged"_s, counts.unchanged);
}

struct Writer
{
    QJsonObject& object;

    void operator()(const QString& key, std::chrono::milliseconds value) const
    {
        object.insert(key, qint64(value.count()));
    }

    void operator()(const QString& key, std::int64_t value) const
    {
        object.insert(key, qint64(value));
    }

    void operator()(const QString& key, int value) const { object.insert(key, value); }

    void operator()(const QString& key, bool value) const { object.insert(key, value); }

    void operator()(const QString& key, RecordIdSource value) const
    {
        object.insert(key, recordIdSourceName(value));
    }

    void operator()(const QString& key, const std::vector<QString>& value) const
    {
        object.insert(key, toArray(value));
    }
};

struct Reader
{
    const QJsonObject& object;

    void operator()(const QString& key, std::chrono::milliseconds& value) const
    {
        value = std::chrono::milliseconds(object.value(key).toInteger(value.count()));
    }

    void operator()(const QString& key, std::int64_t& value) const
    {
        value = object.value(key).toInteger(value);
    }

    void operator()(const QString& key, int& value) const
    {
        value = object.value(key).toInt(value);
    }

    void operator()(const QString& key, bool& value) const
    {
        value = object.value(key).toBool(value);
    }

    void operator()(const QString& key, RecordIdSource& value) const
    {
        value = recordIdSourceFromName(object.value(key).toString()).value_or(value);
    }

    void operator()(const QString& key, std::vector<QString>& value) const
    {
        value = fromArray(object.value(key).toArray());
    }
};

QJsonObject countsObject(const KindCounts& counts)
{
    QJsonObject object;
    visitCounts(counts, Writer { object });
    return object;
}

KindCounts countsFrom(const QJsonObject& object)
{
    KindCounts counts;
    visitCounts(counts, Reader { object });
    return counts;
}

QJsonObject deliveryObject(const DeliveryCounts& counts)
{
    QJsonObject object;
    visitDelivery(counts, Writer { object });
    return object;
}

DeliveryCounts deliveryFrom(const QJsonObject& object)
{
    DeliveryCounts counts;
    visitDelivery(counts, Reader { object });
    return counts;
}

Error errorFrom(const QJsonObject& object)
{
    Error error { .code
        = errorCodeFromName(object.value(u"code"_s).toString()).value_or(ErrorCode::Internal),
        .what = Message::verbatim(object.value(u"what"_s).toString()),
        .remedy = Message::verbatim(object.value(u"remedy"_s).toString()),
        .detail = object.value(u"detail"_s).toString(),
        .cause = {},
        .field = object.value(u"field"_s).toString() };
    if (object.contains(u"cause"_s)) {
        error.cause = std::make_shared<const Error>(errorFrom(object.value(u"cause"_s).toObject()));
    }
    return error;
}

} // namespace

QString stringsToJson(const std::vector<QString>& strings)
{
    return QString::fromUtf8(QJsonDocument(toArray(strings)).toJson(QJsonDocument::Compact));
}

std::vector<QString> stringsFromJson(const QString& json)
{
    return fromArray(QJsonDocument::fromJson(json.toUtf8()).array());
}

QString optionsToJson(const QHash<QString, QString>& options)
{
    QJsonObject object;
    for (auto option = options.cbegin(); option != options.cend(); ++option) {
        object.insert(option.key(), option.value());
    }
    return compact(object);
}

QHash<QString, QString> optionsFromJson(const QString& json)
{
    QHash<QString, QString> options;
    const QJsonObject object = parsed(json);
    for (auto option = object.begin(); option != object.end(); ++option) {
        options.insert(option.key(), option.value().toString());
    }
    return options;
}

QString scheduleToJson(const Schedule& schedule)
{
    QJsonObject object;
    visitSchedule(schedule, Writer { object });
    return compact(object);
}

Schedule scheduleFromJson(const QString& json)
{
    Schedule schedule;
    visitSchedule(schedule, Reader { parsed(json) });
    return schedule;
}

QString limitsToJson(const GuardLimits& limits)
{
    QJsonObject object;
    visitLimits(limits, Writer { object });
    return compact(object);
}

GuardLimits limitsFromJson(const QString& json)
{
    GuardLimits limits;
    visitLimits(limits, Reader { parsed(json) });
    return limits;
}

QString rulesToJson(const SyncRules& rules)
{
    QJsonObject object;
    visitRules(rules, Writer { object });
    return compact(object);
}

SyncRules rulesFromJson(const QString& json)
{
    SyncRules rules;
    visitRules(rules, Reader { parsed(json) });
    return rules;
}

QString countsToJson(const ChangeCounts& counts)
{
    return compact(
        { { u"users"_s, countsObject(counts.users) }, { u"groups"_s, countsObject(counts.groups) },
            { u"memberships"_s, countsObject(counts.memberships) } });
}

ChangeCounts countsFromJson(const QString& json)
{
    const QJsonObject object = parsed(json);
    return { .users = countsFrom(object.value(u"users"_s).toObject()),
        .groups = countsFrom(object.value(u"groups"_s).toObject()),
        .memberships = countsFrom(object.value(u"memberships"_s).toObject()) };
}

QString pushCountsToJson(const PushCounts& counts)
{
    return compact({ { u"users"_s, deliveryObject(counts.users) },
        { u"groups"_s, deliveryObject(counts.groups) },
        { u"policies"_s, deliveryObject(counts.policies) },
        { u"routes"_s, deliveryObject(counts.routes) } });
}

PushCounts pushCountsFromJson(const QString& json)
{
    const QJsonObject object = parsed(json);
    return { .users = deliveryFrom(object.value(u"users"_s).toObject()),
        .groups = deliveryFrom(object.value(u"groups"_s).toObject()),
        .policies = deliveryFrom(object.value(u"policies"_s).toObject()),
        .routes = deliveryFrom(object.value(u"routes"_s).toObject()) };
}

std::optional<QString> errorToJson(const std::optional<Error>& error)
{
    return error ? std::optional(compact(error->toJson())) : std::nullopt;
}

std::optional<Error> errorFromJson(const QString& json)
{
    return json.isEmpty() ? std::nullopt : std::optional(errorFrom(parsed(json)));
}

} // namespace portreeve
