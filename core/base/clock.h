// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/time.h"

#include <chrono>
#include <stop_token>

namespace portreeve {

/// Time as the core sees it; FakeClock in tests makes waits and schedules instant.
class Clock
{
public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;

    virtual UtcTime nowUtc() const = 0;

    /// Never runs backwards; only differences mean anything.
    virtual std::chrono::milliseconds monotonic() const = 0;

    /// Blocks the calling thread. @return false when the token was stopped before the time was over
    virtual bool sleep(std::chrono::milliseconds duration, const std::stop_token& stop) = 0;
};

class SystemClock final : public Clock
{
public:
    UtcTime nowUtc() const override;
    std::chrono::milliseconds monotonic() const override;
    bool sleep(std::chrono::milliseconds duration, const std::stop_token& stop) override;
};

} // namespace portreeve
