// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/fakeclock.h"

namespace portreeve::test {

FakeClock::FakeClock(UtcTime start)
    : m_now(start)
{
}

UtcTime FakeClock::nowUtc() const
{
    const std::lock_guard lock(m_mutex);
    return m_now;
}

std::chrono::milliseconds FakeClock::monotonic() const
{
    const std::lock_guard lock(m_mutex);
    return m_monotonic;
}

bool FakeClock::sleep(std::chrono::milliseconds duration, const std::stop_token& stop)
{
    const std::lock_guard lock(m_mutex);
    m_sleeps.push_back(duration);
    if (stop.stop_requested()) {
        return false;
    }
    m_now += duration;
    m_monotonic += duration;
    return true;
}

void FakeClock::advance(std::chrono::milliseconds by)
{
    const std::lock_guard lock(m_mutex);
    m_now += by;
    m_monotonic += by;
}

void FakeClock::setWallClock(UtcTime now)
{
    const std::lock_guard lock(m_mutex);
    m_now = now;
}

std::vector<std::chrono::milliseconds> FakeClock::sleeps() const
{
    const std::lock_guard lock(m_mutex);
    return m_sleeps;
}

} // namespace portreeve::test
