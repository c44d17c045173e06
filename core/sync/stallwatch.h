// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace portreeve {

/// Stops a run that makes no progress: neither a page, a row nor a phase for the time-out. A wait
/// asked for by the provider is no stall, so runs wait on clock(). Also stops with the outer token.
class StallWatch
{
public:
    /// @param timeout  zero: never
    StallWatch(Clock& clock, std::chrono::milliseconds timeout, const std::stop_token& outer);
    ~StallWatch();
    StallWatch(const StallWatch&) = delete;
    StallWatch& operator=(const StallWatch&) = delete;

    std::stop_token token() const { return m_source.get_token(); }

    Clock& clock() { return m_waitingClock; }

    void touch(); ///< progress was made; any thread
    bool hasStalled() const;

private:
    /// Passes everything on; a sleep counts as progress while it lasts.
    class WaitingClock final : public Clock
    {
    public:
        explicit WaitingClock(StallWatch& watch)
            : m_watch(watch)
        {
        }

        UtcTime nowUtc() const override { return m_watch.m_clock.nowUtc(); }

        std::chrono::milliseconds monotonic() const override { return m_watch.m_clock.monotonic(); }

        bool sleep(std::chrono::milliseconds duration, const std::stop_token& stop) override;

    private:
        StallWatch& m_watch;
    };

    void watch(const std::stop_token& stop);

    Clock& m_clock;
    std::chrono::milliseconds m_timeout;
    WaitingClock m_waitingClock { *this };
    std::stop_source m_source;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_ended;
    std::chrono::milliseconds m_lastProgress;
    int m_sleepers = 0;
    bool m_stalled = false;
    std::stop_callback<std::function<void()>> m_forward;
    std::jthread m_thread;
};

} // namespace portreeve
