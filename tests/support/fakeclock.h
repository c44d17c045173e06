// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"

#include <mutex>
#include <vector>

namespace portreeve::test {

/// Time moved by hand: sleep() returns at once and moves it by as much. Safe to share between
/// threads.
class FakeClock final : public Clock
{
public:
    explicit FakeClock(UtcTime start = UtcTime(std::chrono::hours(24 * 365 * 56)));

    UtcTime nowUtc() const override;
    std::chrono::milliseconds monotonic() const override;
    bool sleep(std::chrono::milliseconds duration, const std::stop_token& stop) override;

    void advance(std::chrono::milliseconds by);
    void setWallClock(UtcTime now); ///< also backwards; monotonic() does not follow
    std::vector<std::chrono::milliseconds> sleeps() const; ///< every duration asked for, in order

private:
    mutable std::mutex m_mutex;
    UtcTime m_now;
    std::chrono::milliseconds m_monotonic { 0 };
    std::vector<std::chrono::milliseconds> m_sleeps;
};

} // namespace portreeve::test
