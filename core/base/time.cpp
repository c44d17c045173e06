// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/base/time.h"

#include <QDateTime>
#include <QRegularExpression>
#include <QTimeZone>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
struct Unit
{
    QLatin1StringView name;
    qint64 milliseconds;
};

// From large to small, the order formatDuration writes them in.
constexpr std::array kUnits {
    Unit { "d"_L1, 86'400'000 },
    Unit { "h"_L1, 3'600'000 },
    Unit { "m"_L1, 60'000 },
    Unit { "s"_L1, 1'000 },
    Unit { "ms"_L1, 1 },
};

constexpr qint64 kLongest = 3650LL * 86'400'000;

Error badDuration(const QString& text)
{
    return { .code = ErrorCode::InvalidInput,
        .what = message(QT_TRANSLATE_NOOP("Message", "“%1” is not a duration."), text),
        .remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Write it like 90s, 10m, 1h30m or 2d, or as plain seconds.")) };
}

/// Milliseconds in "12" of "h"; nothing when that is longer than a duration may be.
std::optional<qint64> lengthOf(const QString& count, const QString& unitName)
{
    const auto* const unit = std::ranges::find_if(
        kUnits, [&unitName](const Unit& known) { return unitName == known.name; });
    const qint64 number = count.toLongLong();
    if (unit == kUnits.end() || number > kLongest / unit->milliseconds) {
        return std::nullopt;
    }
    return number * unit->milliseconds;
}
} // namespace

QString toRfc3339(UtcTime time)
{
    const auto ms = time.time_since_epoch().count();
    const QDateTime stamp = QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC);
    return stamp.toString(ms % 1000 == 0 ? Qt::ISODate : Qt::ISODateWithMs);
}

std::optional<UtcTime> fromRfc3339(const QString& text)
{
    const QDateTime stamp = QDateTime::fromString(text, Qt::ISODateWithMs);
    const bool hasZone
        = text.endsWith(u'Z') || text.lastIndexOf(u'+') > 10 || text.lastIndexOf(u'-') > 10;
    if (!stamp.isValid() || !hasZone) {
        return std::nullopt;
    }
    return UtcTime(std::chrono::milliseconds(stamp.toMSecsSinceEpoch()));
}

Result<std::chrono::milliseconds> parseDuration(const QString& text)
{
    const QString trimmed = text.trimmed();
    bool plain = false;
    const qint64 seconds = trimmed.toLongLong(&plain);
    if (plain) {
        if (seconds < 0 || seconds > kLongest / 1000) {
            return badDuration(text);
        }
        return std::chrono::milliseconds(seconds * 1000);
    }
    static const QRegularExpression part(u"\\G(\\d{1,12})(ms|d|h|m|s)"_s);
    qint64 total = 0;
    qsizetype position = 0;
    while (position < trimmed.size()) {
        const auto match = part.match(trimmed, position);
        const auto length
            = match.hasMatch() ? lengthOf(match.captured(1), match.captured(2)) : std::nullopt;
        if (!length) {
            return badDuration(text);
        }
        total += *length;
        position = match.capturedEnd(0);
    }
    if (trimmed.isEmpty() || total > kLongest) {
        return badDuration(text);
    }
    return std::chrono::milliseconds(total);
}

QString formatDuration(std::chrono::milliseconds duration)
{
    qint64 rest = duration.count();
    QString text;
    for (const auto& unit : kUnits) {
        const qint64 count = rest / unit.milliseconds;
        rest %= unit.milliseconds;
        if (count > 0) {
            text += QString::number(count) + unit.name;
        }
    }
    return text.isEmpty() ? u"0s"_s : text;
}

} // namespace portreeve
