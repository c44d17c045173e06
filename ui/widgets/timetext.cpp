// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/timetext.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

struct TimeText
{
    Q_DECLARE_TR_FUNCTIONS(TimeText)
};

using Millis = std::chrono::milliseconds;

QDateTime localTime(UtcTime when)
{
    return QDateTime::fromMSecsSinceEpoch(when.time_since_epoch().count()).toLocalTime();
}

int wholeCount(Millis duration, Millis unit)
{
    return static_cast<int>(duration / unit);
}

QString ago(Millis elapsed)
{
    if (elapsed < std::chrono::minutes(1)) {
        return TimeText::tr("just now");
    }
    if (elapsed < std::chrono::hours(1)) {
        return TimeText::tr(
            "%n minute(s) ago", nullptr, wholeCount(elapsed, std::chrono::minutes(1)));
    }
    return TimeText::tr("%n hour(s) ago", nullptr, wholeCount(elapsed, std::chrono::hours(1)));
}

QString ahead(Millis wait)
{
    if (wait < std::chrono::minutes(1)) {
        return TimeText::tr("in less than a minute");
    }
    if (wait < std::chrono::hours(1)) {
        return TimeText::tr("in %n minute(s)", nullptr, wholeCount(wait, std::chrono::minutes(1)));
    }
    return TimeText::tr("in %n hour(s)", nullptr, wholeCount(wait, std::chrono::hours(1)));
}

} // namespace

QString relativeTime(UtcTime when, UtcTime now)
{
    const QDateTime local = localTime(when);
    const qint64 days = local.date().daysTo(localTime(now).date());
    const QString clock = QLocale().toString(local.time(), QLocale::ShortFormat);
    constexpr auto nearby = std::chrono::hours(12);
    if (when <= now && now - when < nearby) {
        return ago(now - when);
    }
    if (when > now && when - now < nearby) {
        return ahead(when - now);
    }
    if (days == 0) {
        return TimeText::tr("today %1").arg(clock);
    }
    if (days == 1) {
        return TimeText::tr("yesterday %1").arg(clock);
    }
    if (days == -1) {
        return TimeText::tr("tomorrow %1").arg(clock);
    }
    return QLocale().toString(local, QLocale::ShortFormat);
}

QString exactTime(UtcTime when)
{
    const QDateTime local = localTime(when);
    return QLocale().toString(local, u"d MMM yyyy HH:mm:ss"_s) + u' '
        + local.timeZoneAbbreviation();
}

QString shortTime(UtcTime when, UtcTime now)
{
    const QDateTime local = localTime(when);
    if (local.date() == localTime(now).date()) {
        return QLocale().toString(local.time(), QLocale::ShortFormat);
    }
    return QLocale().toString(local, QLocale::ShortFormat);
}

QString durationText(Millis duration)
{
    if (duration < std::chrono::seconds(1)) {
        return TimeText::tr("under a second");
    }
    const auto days = wholeCount(duration, std::chrono::hours(24));
    const auto hours = wholeCount(duration % std::chrono::hours(24), std::chrono::hours(1));
    const auto minutes = wholeCount(duration % std::chrono::hours(1), std::chrono::minutes(1));
    const auto seconds = wholeCount(duration % std::chrono::minutes(1), std::chrono::seconds(1));
    QStringList parts;
    if (days > 0) {
        parts << TimeText::tr("%n day(s)", nullptr, days);
    }
    if (hours > 0) {
        parts << TimeText::tr("%n hour(s)", nullptr, hours);
    }
    if (minutes > 0 && days == 0) {
        parts << TimeText::tr("%n minute(s)", nullptr, minutes);
    }
    if (seconds > 0 && days == 0 && hours == 0) {
        parts << TimeText::tr("%n second(s)", nullptr, seconds);
    }
    return parts.join(u' ');
}

QString scheduleText(const Connection& connection, UtcTime now, bool allPaused)
{
    switch (connection.state) {
    case ConnectionState::Draft:
    case ConnectionState::Verifying:
    case ConnectionState::Verified:
        return TimeText::tr("Not scheduled until its first sync");
    case ConnectionState::Disabled:
        return TimeText::tr("Not scheduled while disabled");
    case ConnectionState::Paused:
        return TimeText::tr("Paused");
    case ConnectionState::NeedsAttention:
        return TimeText::tr("One try a day until the problem is fixed");
    case ConnectionState::Idle:
    case ConnectionState::Syncing:
    case ConnectionState::BackingOff:
    case ConnectionState::Held:
    case ConnectionState::Stale:
        break;
    }
    if (allPaused) {
        return TimeText::tr("Polling is paused");
    }
    const QString every = durationText(connection.schedule.minDelay);
    if (!connection.nextAttemptAt) {
        return TimeText::tr("Every %1").arg(every);
    }
    if (*connection.nextAttemptAt <= now) {
        return TimeText::tr("Every %1, next now").arg(every);
    }
    return TimeText::tr("Every %1, next %2").arg(every, shortTime(*connection.nextAttemptAt, now));
}

QString countText(std::int64_t count)
{
    return QLocale().toString(static_cast<qlonglong>(count));
}

} // namespace portreeve
