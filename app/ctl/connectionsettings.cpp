// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/connectionsettings.h"

#include "app/ctl/forminput.h"

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

Result<void> setRule(const Assignment& given, SyncRules& rules)
{
    if (given.key == u"group_filter") {
        rules.groupFilter.clear();
        for (const auto& part : given.value.split(u',', Qt::SkipEmptyParts)) {
            rules.groupFilter.push_back(part.trimmed());
        }
        return {};
    }
    if (given.key == u"record_id") {
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
    return unknownKey(u"rule"_s, given.key, kRuleFlags, { u"group_filter"_s, u"record_id"_s });
}

struct DelayOption
{
    const char* option;
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

Result<void> setDelay(
    const Arguments& arguments, const QString& option, std::chrono::milliseconds& delay)
{
    if (!arguments.has(option)) {
        return {};
    }
    const auto read = parseDuration(arguments.value(option));
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
        const auto set = setDelay(
            arguments, QString::fromLatin1(delay.option), connection.schedule.*delay.member);
        if (!set) {
            return set;
        }
    }
    return {};
}

} // namespace portreeve::ctl
