// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/editionchecks.h"

#include "core/policy/wordlist.h"

#include <QDate>
#include <QRegularExpression>
#include <QTime>
#include <QTimeZone>

#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve::policy {

namespace {

bool isDateText(const QString& text)
{
    // YAML turns a bare date into one with time and zone; the documentation's own have no zone.
    static const QRegularExpression form(
        u"^(\\d{4}-\\d\\d-\\d\\d)"
        "(?:T(\\d\\d:\\d\\d:\\d\\d)(?:\\.\\d+)?(?:Z|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)?)?\\z"_s);
    const auto match = form.match(text);
    return match.hasMatch() && QDate::fromString(match.captured(1), Qt::ISODate).isValid()
        && (!match.hasCaptured(2) || QTime::fromString(match.captured(2), Qt::ISODate).isValid());
}

bool isDays(const QString& text)
{
    static const QRegularExpression form = [] {
        const QString day = u"(?:mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?"
                            "|sat(?:urday)?|sun(?:day)?)"_s;
        return QRegularExpression(u"^(?:\\*|%1(?:-%1|(?:,%1)*))\\z"_s.arg(day),
            QRegularExpression::CaseInsensitiveOption);
    }();
    return form.match(text).hasMatch();
}

bool isTimeOfDay(const QString& text)
{
    static const QRegularExpression form(
        u"^(?:(?:0?[1-9]|1[0-2])(?::[0-5]\\d)? ?[AP]M"
        "|(?:[01]?\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,9})?)?)\\z"_s);
    return form.match(text).hasMatch();
}

bool isTimeZone(const QString& text)
{
    // Qt also takes offsets such as "UTC+01:00" and POSIX rules for a zone, which are no names.
    static const QRegularExpression form(u"^[A-Za-z_]+(?:/[A-Za-z0-9_+-]+){0,2}\\z"_s);
    if (!form.match(text).hasMatch()) {
        return false;
    }
    // Without the system's list of zones there is no telling which names exist.
    static const bool hasList = QTimeZone("Europe/London").isValid();
    return !hasList || QTimeZone(text.toLatin1()).isValid();
}

constexpr auto kComparisons = std::to_array<QStringView>({ u"<", u"<=", u"=", u">", u">=" });
constexpr auto kEqualities = std::to_array<QStringView>({ u"is", u"not", u"has", u"exclude" });
constexpr auto kLists = std::to_array<QStringView>({ u"in", u"not_in" });
constexpr auto kSubstrings
    = std::to_array<QStringView>({ u"starts_with", u"ends_with", u"contains" });

bool isFilledText(const Value* value)
{
    const auto* text = value == nullptr ? nullptr : value->asString();
    return text != nullptr && !text->isEmpty();
}

class EditionChecker
{
public:
    EditionChecker(const Criterion& criterion, std::vector<Diagnostic>& out)
        : m_criterion(criterion)
        , m_out(out)
    {
    }

    void check()
    {
        if (m_criterion.name == u"day_of_week") {
            checkDays();
            return;
        }
        const auto* members = m_criterion.data.asObject();
        if (members == nullptr) {
            refuse(u"mapping_expected"_s,
                message(QT_TRANSLATE_NOOP("Message", "\"%1\" needs a mapping."), m_criterion.name),
                message(QT_TRANSLATE_NOOP("Message", "Use the keys %1."), knownKeys()));
        } else if (m_criterion.name == u"record") {
            checkRecord(*members);
        } else {
            checkSpan(*members);
        }
    }

private:
    void refuse(const QString& code, Message what, Message fix)
    {
        m_out.push_back({ .kind = DiagnosticClass::Semantic,
            .code = code,
            .at = m_criterion.at,
            .what = std::move(what),
            .fix = std::move(fix) });
    }

    QString knownKeys() const
    {
        return m_criterion.name == u"record" ? u"type, field and an operator"_s
            : m_criterion.name == u"date"    ? u"after or before"_s
                                             : u"timezone, and after or before"_s;
    }

    void refuseKey(const QString& key)
    {
        refuse(u"unknown_matcher"_s,
            message(QT_TRANSLATE_NOOP("Message", "\"%1\" does not know \"%2\"."), m_criterion.name,
                key),
            message(QT_TRANSLATE_NOOP("Message", "Use %1."), knownKeys()));
    }

    void refuseForm(const QString& key, Message fix)
    {
        refuse(u"bad_format"_s,
            message(QT_TRANSLATE_NOOP("Message", "\"%1\" of \"%2\" has a wrong form."), key,
                m_criterion.name),
            std::move(fix));
    }

    void refuseMissing(const QString& key)
    {
        refuse(u"key_missing"_s,
            message(QT_TRANSLATE_NOOP("Message", "\"%1\" lacks \"%2\"."), m_criterion.name, key),
            message(QT_TRANSLATE_NOOP("Message", "Use the keys %1."), knownKeys()));
    }

    void checkDays()
    {
        const auto* text = m_criterion.data.asString();
        if (text == nullptr || !isDays(*text)) {
            refuseForm(text == nullptr ? QString() : text->left(80),
                message(QT_TRANSLATE_NOOP("Message",
                    "Write \"*\", a list such as \"sat,sun\" or a range such as \"mon-fri\".")));
        }
    }

    /// "date" and "time_of_day".
    void checkSpan(const Value::Object& members)
    {
        const bool isDate = m_criterion.name == u"date";
        for (const auto& [key, value] : members) {
            const QString text = value.isString() ? *value.asString() : QString();
            if (key == u"timezone" && !isDate) {
                checkZone(text);
            } else if (key != u"after" && key != u"before") {
                refuseKey(key);
            } else if (isDate ? !isDateText(text) : !isTimeOfDay(text)) {
                refuseForm(key,
                    isDate ? message(QT_TRANSLATE_NOOP("Message",
                                 "Write a date such as \"2026-01-31\" or \"2026-01-31T08:00:00\"."))
                           : message(QT_TRANSLATE_NOOP(
                                 "Message", "Write a time such as \"8:30 AM\" or \"17:00\".")));
            }
        }
        if (!isDate && m_criterion.data.member(u"timezone") == nullptr) {
            refuseMissing(u"timezone"_s);
        }
        if (m_criterion.data.member(u"after") == nullptr
            && m_criterion.data.member(u"before") == nullptr) {
            refuseMissing(u"after"_s);
        }
    }

    void checkZone(const QString& text)
    {
        if (!isTimeZone(text)) {
            refuseForm(u"timezone"_s,
                message(QT_TRANSLATE_NOOP(
                    "Message", "Write the name of a time zone, such as \"Europe/Berlin\".")));
        }
    }

    void checkRecord(const Value::Object& members)
    {
        bool hasOperator = false;
        for (const auto& [key, value] : members) {
            if (key != u"type" && key != u"field") {
                checkRecordOperator(key, value);
                hasOperator = true;
            } else if (!isFilledText(&value)) {
                refuseForm(
                    key, message(QT_TRANSLATE_NOOP("Message", "Put a name into double quotes.")));
            }
        }
        if (m_criterion.data.member(u"type") == nullptr) {
            refuseMissing(u"type"_s);
        }
        if (!hasOperator) {
            refuse(u"key_missing"_s,
                message(QT_TRANSLATE_NOOP("Message", "\"record\" compares nothing.")),
                message(QT_TRANSLATE_NOOP("Message", "Use the keys %1."), knownKeys()));
        } else if (m_criterion.data.member(u"field") == nullptr
            && m_criterion.data.member(u"exists") == nullptr) {
            refuseMissing(u"field"_s);
        }
    }

    void checkRecordOperator(const QString& key, const Value& value)
    {
        const bool isScalar = value.asArray() == nullptr && value.asObject() == nullptr;
        if (isOneOf(key, kLists)) {
            if (value.asArray() == nullptr) {
                refuseForm(
                    key, message(QT_TRANSLATE_NOOP("Message", "Write the value as [\"value\"].")));
            }
        } else if (isOneOf(key, kSubstrings)) {
            if (!value.isString()) {
                refuseForm(key,
                    message(QT_TRANSLATE_NOOP("Message", "Put the value into double quotes.")));
            }
        } else if (key == u"exists") {
            if (value.asBool() == nullptr) {
                refuseForm(key, message(QT_TRANSLATE_NOOP("Message", "Write true or false.")));
            }
        } else if (isOneOf(key, kEqualities) || isOneOf(key, kComparisons)) {
            if (!isScalar || value.isNull()) {
                refuseForm(
                    key, message(QT_TRANSLATE_NOOP("Message", "Compare with one text or number.")));
            }
        } else {
            refuseKey(key);
        }
    }

    const Criterion& m_criterion;
    std::vector<Diagnostic>& m_out;
};

} // namespace

void checkEditionCriterion(const Criterion& criterion, std::vector<Diagnostic>& out)
{
    EditionChecker(criterion, out).check();
}

} // namespace portreeve::policy
