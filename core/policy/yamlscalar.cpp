// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/yamlscalar.h"

#include "core/policy/number.h"
#include "core/policy/wordlist.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace portreeve::policy {

namespace {

constexpr QStringView kStandardTags = u"tag:yaml.org,2002:";

bool isNullWord(const QString& text)
{
    static constexpr std::array<QStringView, 5> kWords { u"", u"~", u"null", u"Null", u"NULL" };
    return isOneOf(text, kWords);
}

std::optional<bool> boolWord(const QString& text)
{
    static constexpr std::array<QStringView, 3> kTrue { u"true", u"True", u"TRUE" };
    static constexpr std::array<QStringView, 3> kFalse { u"false", u"False", u"FALSE" };
    if (isOneOf(text, kTrue)) {
        return true;
    }
    return isOneOf(text, kFalse) ? std::optional(false) : std::nullopt;
}

bool isInfiniteOrNan(const QString& text)
{
    static constexpr std::array<QStringView, 12> kWords { u".nan", u".NaN", u".NAN", u".inf",
        u".Inf", u".INF", u"+.inf", u"+.Inf", u"+.INF", u"-.inf", u"-.Inf", u"-.INF" };
    return isOneOf(text, kWords);
}

int daysInMonth(int year, int month)
{
    static constexpr std::array<int, 12> kDays { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : kDays.at(static_cast<std::size_t>(month - 1));
}

/// The zone as RFC 3339 spells it; nothing when it is out of range.
std::optional<QString> zoneText(const QString& zone)
{
    if (zone.isEmpty() || zone == u"Z") {
        return u"Z"_s;
    }
    if (zone.mid(1, 2).toInt() > 23 || zone.mid(4, 2).toInt() > 59) {
        return std::nullopt;
    }
    return zone.mid(1) == u"00:00" ? u"Z"_s : zone;
}

/// RFC 3339 form of a date or time. A time after T needs a zone, one after a space has none.
std::optional<QString> timestampText(const QString& text)
{
    static const QRegularExpression pattern(
        uR"(^(\d{4})-(\d{1,2})-(\d{1,2})(?:([Tt]| +)(\d{1,2}):(\d{1,2}):(\d{1,2}))"
        uR"((?:[.,](\d+))?(Z|[+-]\d\d:\d\d)?)?\z)"_s);
    const auto match = pattern.match(text);
    if (!match.hasMatch()) {
        return std::nullopt;
    }
    const int year = match.captured(1).toInt();
    const int month = match.captured(2).toInt();
    const int day = match.captured(3).toInt();
    if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) {
        return std::nullopt;
    }
    const int hour = match.captured(5).toInt();
    const int minute = match.captured(6).toInt();
    const int second = match.captured(7).toInt();
    const auto separator = match.captured(4);
    const auto zone = match.captured(9);
    const bool zoneFits = separator.isEmpty() || separator.startsWith(u' ') == zone.isEmpty();
    const auto zoneOut = zoneText(zone);
    if (hour > 23 || minute > 59 || second > 59 || !zoneFits || !zoneOut) {
        return std::nullopt;
    }
    QString fraction = match.captured(8).left(9);
    while (fraction.endsWith(u'0')) {
        fraction.chop(1);
    }
    const auto two = [](int number) { return u"%1"_s.arg(number, 2, 10, QChar(u'0')); };
    return QString(match.captured(1) % u'-' % two(month) % u'-' % two(day) % u'T' % two(hour) % u':'
        % two(minute) % u':' % two(second) % (fraction.isEmpty() ? QString() : u'.' + fraction)
        % *zoneOut);
}

/// @p digits in @p base as decimal text; nothing for other characters, none at all, or overflow.
std::optional<QString> unsignedText(QStringView digits, int base, bool negative, bool isSigned)
{
    const bool clean = !digits.isEmpty() && std::all_of(digits.begin(), digits.end(), [](QChar c) {
        return c.unicode() < 0x80 && c.isLetterOrNumber();
    });
    bool ok = false;
    const quint64 value = clean ? digits.toULongLong(&ok, base) : 0;
    constexpr quint64 kSignedLimit = 1ULL << 63U;
    if (!ok || (negative && value > kSignedLimit)
        || (isSigned && !negative && value >= kSignedLimit)) {
        return std::nullopt;
    }
    return negative && value != 0 ? QString(u'-' + QString::number(value)) : QString::number(value);
}

/// An integer with optional sign in the given base.
std::optional<QString> signedText(QStringView text, int base)
{
    const bool hasSign = text.startsWith(u'-') || text.startsWith(u'+');
    return unsignedText(text.mid(hasSign ? 1 : 0), base, text.startsWith(u'-'), true);
}

/// Integers with the prefixes and the leading-zero octals of C.
std::optional<QString> integerText(const QString& plain)
{
    QStringView digits(plain);
    const bool hasSign = digits.startsWith(u'-') || digits.startsWith(u'+');
    const bool negative = digits.startsWith(u'-');
    digits = digits.mid(hasSign ? 1 : 0);
    int base = 10;
    if (digits.size() >= 3 && digits.startsWith(u'0') && digits.at(1).isLetter()) {
        const auto letter = digits.at(1).toLower();
        base = letter == u'b' ? 2 : letter == u'o' ? 8 : letter == u'x' ? 16 : 0;
        digits = digits.mid(2);
    } else if (digits.size() >= 2 && digits.startsWith(u'0')) {
        base = 8;
        digits = digits.mid(1);
    }
    return base == 0 ? std::nullopt : unsignedText(digits, base, negative, hasSign);
}

/// "0b-1" and "0o-7": the proxy's reader takes a sign behind these prefixes.
std::optional<QString> prefixedText(const QString& plain)
{
    for (const auto& [prefix, base] : { std::pair(u"0b"_s, 2), std::pair(u"0o"_s, 8) }) {
        if (plain.startsWith(prefix)) {
            return signedText(QStringView(plain).mid(2), base);
        }
        if (plain.startsWith(QString(u'-' + prefix))) {
            const QString digits = u'-' + plain.mid(3);
            return signedText(digits, base);
        }
    }
    return std::nullopt;
}

std::optional<QString> floatText(const QString& plain)
{
    static const QRegularExpression pattern(
        uR"(^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z)"_s);
    if (!pattern.match(plain).hasMatch()) {
        return std::nullopt;
    }
    const auto value = toDouble(QStringView(plain).mid(plain.startsWith(u'+') ? 1 : 0));
    return value ? std::optional(numberText(*value)) : std::nullopt;
}

Value number(QString text)
{
    return Value(Value::Number { .text = std::move(text) });
}

Value numberOrText(const QString& text)
{
    if (const auto timestamp = timestampText(text)) {
        return Value(*timestamp);
    }
    QString plain = text;
    plain.remove(u'_');
    if (plain.isEmpty()) {
        return Value(text);
    }
    for (const auto& reading : { integerText, floatText, prefixedText }) {
        if (const auto digits = reading(plain)) {
            return number(*digits);
        }
    }
    return Value(text);
}

std::optional<Value> decodeBinary(const QString& text)
{
    QByteArray base64 = text.toUtf8();
    base64.replace('\n', QByteArray()).replace('\r', QByteArray());
    const auto decoded
        = QByteArray::fromBase64Encoding(base64, QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded || base64.size() % 4 != 0) {
        return std::nullopt;
    }
    return Value(QString::fromUtf8(*decoded));
}

} // namespace

std::optional<Value> resolvePlainScalar(const QString& text)
{
    if (isNullWord(text)) {
        return Value();
    }
    if (const auto truth = boolWord(text)) {
        return Value(*truth);
    }
    if (isInfiniteOrNan(text)) {
        return std::nullopt;
    }
    const auto first = text.at(0);
    if (first == u'.') { // no underscores in this form
        const auto digits = floatText(text);
        return digits ? number(*digits) : Value(text);
    }
    const bool numeric = (first >= u'0' && first <= u'9') || first == u'+' || first == u'-';
    return numeric ? numberOrText(text) : Value(text);
}

std::optional<Value> resolveScalar(const QString& text, bool plain, const QString& tag)
{
    if (tag.isEmpty() || tag == u"!") {
        return plain ? resolvePlainScalar(text) : Value(text);
    }
    if (!tag.startsWith(kStandardTags)) {
        return Value(text);
    }
    const auto name = QStringView(tag).mid(kStandardTags.size());
    if (name == u"binary") {
        return decodeBinary(text);
    }
    static constexpr std::array<QStringView, 5> kTyped { u"bool", u"int", u"float", u"null",
        u"timestamp" };
    if (std::find(kTyped.begin(), kTyped.end(), name) == kTyped.end()) {
        return Value(text);
    }
    auto value = resolvePlainScalar(text);
    if (!value) {
        return std::nullopt;
    }
    const QString digits = QString(text).remove(u'_');
    const bool isInteger = integerText(digits).has_value() || prefixedText(digits).has_value();
    const bool fits = (name == u"bool" && value->asBool() != nullptr)
        || (name == u"null" && value->isNull())
        || (name == u"float" && value->asNumber() != nullptr)
        || (name == u"int" && value->asNumber() != nullptr && isInteger)
        || (name == u"timestamp" && timestampText(text).has_value());
    return fits ? value : std::nullopt;
}

} // namespace portreeve::policy
