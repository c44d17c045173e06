// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/connectionsettings.h"

#include "app/ctl/forminput.h"
#include "app/ctl/json.h"

#include <QFile>
#include <QJsonDocument>

#include <array>

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
struct LimitField
{
    QLatin1StringView key;
    int GuardLimits::* percent = nullptr;
    std::int64_t GuardLimits::* count = nullptr;
};

constexpr std::array kLimits {
    LimitField { .key = "user_percent"_L1, .percent = &GuardLimits::userPercent },
    LimitField { .key = "user_count"_L1, .count = &GuardLimits::userCount },
    LimitField { .key = "group_percent"_L1, .percent = &GuardLimits::groupPercent },
    LimitField { .key = "group_count"_L1, .count = &GuardLimits::groupCount },
    LimitField { .key = "membership_percent"_L1, .percent = &GuardLimits::membershipPercent },
    LimitField { .key = "single_group_percent"_L1, .percent = &GuardLimits::singleGroupPercent },
    LimitField { .key = "single_group_minimum"_L1, .count = &GuardLimits::singleGroupMinimum },
    LimitField { .key = "suspension_percent"_L1, .percent = &GuardLimits::suspensionPercent },
    LimitField { .key = "suspension_count"_L1, .count = &GuardLimits::suspensionCount },
    LimitField { .key = "access_percent"_L1, .percent = &GuardLimits::accessPercent },
    LimitField { .key = "churn_percent"_L1, .percent = &GuardLimits::churnPercent },
};

template <typename Fields>
Error unknownKey(
    const QString& option, const QString& key, const Fields& fields, QStringList keys = {})
{
    for (const auto& field : fields) {
        keys.append(field.key);
    }
    return usageError(message(QT_TRANSLATE_NOOP("Message", "--%1 has no key “%2”."), option, key),
        message(QT_TRANSLATE_NOOP("Message", "It is one of: %1."), keys.join(u", "_s)));
}

Result<void> setLimit(const Assignment& given, GuardLimits& limits)
{
    for (const auto& field : kLimits) {
        if (given.key != field.key) {
            continue;
        }
        bool ok = false;
        const qint64 number = given.value.toLongLong(&ok);
        const qint64 most = field.percent != nullptr ? 100 : 100'000'000;
        if (!ok || number < 0 || number > most) {
            return usageError(message(QT_TRANSLATE_NOOP("Message", "--limit %1 cannot be “%2”."),
                                  given.key, given.value),
                message(QT_TRANSLATE_NOOP("Message", "Give a whole number from %1 to %2."),
                    QString::number(0), QString::number(most)));
        }
        if (field.percent != nullptr) {
            limits.*field.percent = static_cast<int>(number);
        } else {
            limits.*field.count = number;
        }
        return {};
    }
    return unknownKey(u"limit"_s, given.key, kLimits);
}

struct RuleFlag
{
    QLatin1StringView key;
    bool SyncRules::* flag;
};

constexpr std::array kRuleFlags {
    RuleFlag { .key = "flow_through"_L1, .flag = &SyncRules::flowThrough },
    RuleFlag { .key = "require_email"_L1, .flag = &SyncRules::requireEmail },
    RuleFlag { .key = "never_remove"_L1, .flag = &SyncRules::neverRemove },
    RuleFlag { .key = "export_suspended"_L1, .flag = &SyncRules::exportSuspended },
    RuleFlag { .key = "direct_only"_L1, .flag = &SyncRules::directOnly },
};

const QString kGroupFilter = u"group_filter"_s;
const QString kRetention = u"tombstone_retention"_s;
const QString kRecordId = u"record_id"_s;

Result<void> setRetention(const QString& text, SyncRules& rules)
{
    constexpr std::chrono::hours shortest(24 * 30);
    const auto read = parseDuration(text);
    if (!read || *read < shortest) {
        return usageError(
            message(QT_TRANSLATE_NOOP("Message", "--rule %1 cannot be “%2”."), kRetention, text),
            message(QT_TRANSLATE_NOOP("Message", "Give a duration of at least %1."),
                formatDuration(shortest)));
    }
    rules.tombstoneRetention = *read;
    return {};
}

Result<void> setRule(const Assignment& given, SyncRules& rules)
{
    if (given.key == kRetention) {
        return setRetention(given.value, rules);
    }
    if (given.key == kGroupFilter) {
        rules.groupFilter.clear();
        for (const auto& part : given.value.split(u',', Qt::SkipEmptyParts)) {
            rules.groupFilter.push_back(part.trimmed());
        }
        return {};
    }
    if (given.key == kRecordId) {
        const auto source = recordIdSourceFromName(given.value);
        if (!source) {
            return usageError(message(QT_TRANSLATE_NOOP("Message", "--rule %1 cannot be “%2”."),
                                  given.key, given.value),
                message(QT_TRANSLATE_NOOP("Message", "Give id, email or login.")));
        }
        rules.recordId = *source;
        return {};
    }
    for (const auto& field : kRuleFlags) {
        if (given.key == field.key) {
            if (given.value != u"true" && given.value != u"false") {
                return usageError(message(QT_TRANSLATE_NOOP("Message", "--rule %1 cannot be “%2”."),
                                      given.key, given.value),
                    message(QT_TRANSLATE_NOOP("Message", "Give true or false.")));
            }
            rules.*field.flag = given.value == u"true";
            return {};
        }
    }
    return unknownKey(u"rule"_s, given.key, kRuleFlags, { kGroupFilter, kRetention, kRecordId });
}

QString textOf(const QJsonValue& value)
{
    if (value.isArray()) {
        QStringList parts;
        for (const auto& part : value.toArray()) {
            parts.append(part.toString());
        }
        return parts.join(u',');
    }
    return value.toVariant().toString();
}

Error notAConnection(const QString& path, const QString& detail)
{
    Error error = usageError(
        message(QT_TRANSLATE_NOOP("Message", "The file %1 describes no connection."), path),
        message(QT_TRANSLATE_NOOP(
            "Message", "Make one with portreevectl --json connection show NAME.")));
    error.detail = detail;
    return error;
}

Result<QJsonObject> readObject(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return notAConnection(path, file.errorString());
    }
    QJsonParseError fault;
    const auto document = QJsonDocument::fromJson(file.readAll(), &fault);
    return document.isObject() ? Result<QJsonObject>(document.object())
                               : notAConnection(path, fault.errorString());
}

struct DelayOption
{
    const char* option; ///< in JSON with an underscore
    const char* help;
    std::chrono::milliseconds Schedule::* member;
};

constexpr DelayOption kDelays[] {
    { "min-delay", "Pause after a successful sync, like 10m.", &Schedule::minDelay },
    { "max-delay", "Longest pause after failures, like 4h.", &Schedule::maxDelay },
    { "stall-timeout", "A run without progress for this long is stopped, like 10m.",
        &Schedule::stallTimeout },
    { "recheck-delay", "Wait before the second look at removals, like 60s.",
        &Schedule::recheckDelay },
};

QString jsonKey(const DelayOption& delay)
{
    return QString::fromLatin1(delay.option).replace(u'-', u'_');
}

Result<void> setDelay(const QString& text, const QString& option, std::chrono::milliseconds& delay)
{
    const auto read = parseDuration(text);
    if (!read) {
        Error error = read.error();
        error.field = option;
        return error;
    }
    delay = *read;
    return {};
}

} // namespace

QList<QCommandLineOption> connectionOptions()
{
    QList<QCommandLineOption> options = formOptions()
        + QList<QCommandLineOption> {
              QCommandLineOption(u"limit"_s,
                  u"A guard's limit, like user_percent=10; 0 switches it off."_s, u"KEY=NUMBER"_s),
              QCommandLineOption(u"rule"_s,
                  u"What of a fetch is used, like group_filter=Eng*,Ops."_s, u"KEY=VALUE"_s),
          };
    for (const auto& delay : kDelays) {
        options.append(QCommandLineOption(
            QString::fromLatin1(delay.option), QString::fromLatin1(delay.help), u"DURATION"_s));
    }
    return options;
}

Result<void> readSettings(const Arguments& arguments, Connection& connection)
{
    if (const auto read = readOptionValues(arguments, connection.options); !read) {
        return read;
    }
    for (const auto& text : arguments.values(u"limit"_s)) {
        const auto given = splitAssignment(u"limit"_s, text);
        const auto done = given ? setLimit(*given, connection.limits) : Result<void>(given.error());
        if (!done) {
            return done;
        }
    }
    for (const auto& text : arguments.values(u"rule"_s)) {
        const auto given = splitAssignment(u"rule"_s, text);
        const auto done = given ? setRule(*given, connection.rules) : Result<void>(given.error());
        if (!done) {
            return done;
        }
    }
    for (const auto& delay : kDelays) {
        const QString option = QString::fromLatin1(delay.option);
        const auto set = arguments.has(option)
            ? setDelay(arguments.value(option), option, connection.schedule.*delay.member)
            : Result<void>();
        if (!set) {
            return set;
        }
    }
    return {};
}

void addSettings(QJsonObject& object, const Connection& connection)
{
    for (const auto& delay : kDelays) {
        object.insert(jsonKey(delay), formatDuration(connection.schedule.*delay.member));
    }
    QJsonObject limits;
    for (const auto& field : kLimits) {
        limits.insert(field.key,
            field.percent != nullptr ? qint64 { connection.limits.*field.percent }
                                     : qint64 { connection.limits.*field.count });
    }
    QJsonObject rules { { kGroupFilter, toArray(connection.rules.groupFilter) },
        { kRetention, formatDuration(connection.rules.tombstoneRetention) },
        { kRecordId, recordIdSourceName(connection.rules.recordId) } };
    for (const auto& field : kRuleFlags) {
        rules.insert(field.key, connection.rules.*field.flag);
    }
    object.insert(u"limits"_s, limits);
    object.insert(u"rules"_s, rules);
}

Result<Connection> readConnectionFile(const QString& path)
{
    const auto object = readObject(path);
    if (!object) {
        return object.error();
    }
    Connection connection { .provider = object->value(u"provider"_s).toString() };
    const auto options = object->value(u"options"_s).toObject();
    if (connection.provider.isEmpty() || !object->contains(u"options"_s)) {
        return notAConnection(path, u"provider or options is missing"_s);
    }
    for (auto option = options.begin(); option != options.end(); ++option) {
        connection.options.insert(option.key(), textOf(option.value()));
    }
    const auto limits = object->value(u"limits"_s).toObject();
    for (auto limit = limits.begin(); limit != limits.end(); ++limit) {
        const Assignment given { .key = limit.key(), .value = textOf(limit.value()) };
        if (const auto set = setLimit(given, connection.limits); !set) {
            return set.error();
        }
    }
    const auto rules = object->value(u"rules"_s).toObject();
    for (auto rule = rules.begin(); rule != rules.end(); ++rule) {
        const Assignment given { .key = rule.key(), .value = textOf(rule.value()) };
        if (const auto set = setRule(given, connection.rules); !set) {
            return set.error();
        }
    }
    for (const auto& delay : kDelays) {
        const QString key = jsonKey(delay);
        const auto set = object->contains(key)
            ? setDelay(object->value(key).toString(), key, connection.schedule.*delay.member)
            : Result<void>();
        if (!set) {
            return set.error();
        }
    }
    return connection;
}

} // namespace portreeve::ctl
