// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/stallwatch.h"

namespace portreeve {

namespace {
// How often the watch looks, in real time; how long is too long is decided by the given clock.
constexpr std::chrono::milliseconds kLookEvery { 200 };
} // namespace

StallWatch::StallWatch(
    Clock& clock, std::chrono::milliseconds timeout, const std::stop_token& outer)
    : m_clock(clock)
    , m_timeout(timeout)
    , m_lastProgress(clock.monotonic())
    , m_forward(outer, [this] { m_source.request_stop(); })
{
    if (timeout > std::chrono::milliseconds(0)) {
        m_thread = std::jthread([this](const std::stop_token& stop) { watch(stop); });
    }
}

StallWatch::~StallWatch() = default;

bool StallWatch::WaitingClock::sleep(
    std::chrono::milliseconds duration, const std::stop_token& stop)
{
    {
        const std::lock_guard lock(m_watch.m_mutex);
        ++m_watch.m_sleepers;
    }
    const bool slept = m_watch.m_clock.sleep(duration, stop);
    {
        const std::lock_guard lock(m_watch.m_mutex);
        --m_watch.m_sleepers;
    }
    m_watch.touch();
    return slept;
}

void StallWatch::touch()
{
    const auto now = m_clock.monotonic();
    const std::lock_guard lock(m_mutex);
    m_lastProgress = now;
}

bool StallWatch::hasStalled() const
{
    const std::lock_guard lock(m_mutex);
    return m_stalled;
}

void StallWatch::watch(const std::stop_token& stop)
{
    std::unique_lock lock(m_mutex);
    while (!stop.stop_requested()) {
        m_ended.wait_for(lock, stop, kLookEvery, [] { return false; });
        const bool stalled = m_sleepers == 0 && m_clock.monotonic() - m_lastProgress >= m_timeout;
        if (stalled && !stop.stop_requested()) {
            m_stalled = true;
            lock.unlock(); // stop callbacks may well touch()
            m_source.request_stop();
            return;
        }
    }
}

} // namespace portreeve
