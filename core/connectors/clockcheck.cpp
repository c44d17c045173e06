// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/clockcheck.h"

#include "core/net/httpclient.h"

#include <cstdlib>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

namespace {

Message clockWords(const std::optional<std::chrono::milliseconds>& skew)
{
    if (!skew) {
        return message(QT_TRANSLATE_NOOP("Message", "The server does not tell its time."));
    }
    const auto seconds = std::abs(std::chrono::duration_cast<std::chrono::seconds>(*skew).count());
    constexpr std::int64_t tolerated = 5;
    if (seconds <= tolerated) {
        return message(QT_TRANSLATE_NOOP("Message", "Both clocks agree."));
    }
    return message(
        QT_TRANSLATE_NOOP("Message",
            "This computer's clock and the server's differ by about %1 seconds; set the wrong one "
            "right."),
        QString::number(seconds));
}

} // namespace

std::optional<std::chrono::milliseconds> clockSkew(const HttpResponse& response)
{
    const auto date = httpDate(response.header("Date"));
    return date ? std::optional(response.receivedAt - *date) : std::nullopt;
}

TestStep clockStep(const std::optional<std::chrono::milliseconds>& skew)
{
    return { .name = u"clock"_s,
        .title = message(QT_TRANSLATE_NOOP("Message", "Compare the clocks")),
        .ok = true,
        .what = clockWords(skew) };
}

void noteClockSkew(const std::optional<std::chrono::milliseconds>& skew, SnapshotBuilder& out)
{
    // Whole minutes, so that two readings of the same directory say the same.
    constexpr auto worthANote = 1min;
    if (skew && std::chrono::abs(*skew) >= worthANote) {
        const auto minutes = std::chrono::round<std::chrono::minutes>(std::chrono::abs(*skew));
        out.note(u"This computer's clock and the server's differ by about "_s
            + QString::number(minutes.count()) + u" minutes; set the wrong one right."_s);
    }
}

} // namespace portreeve
