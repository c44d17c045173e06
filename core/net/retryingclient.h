// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/net/httpclient.h"

#include <functional>

namespace portreeve {

struct RetryPolicy
{
    int maxTries = 6; ///< where the server answers
    int maxTriesWithoutAnswer = 3; ///< where the exchange itself fails
    std::chrono::milliseconds firstPause { 1'000 }; ///< doubled with each try, full jitter
    std::chrono::milliseconds longestPause { 60'000 };
    std::chrono::milliseconds longestAskedPause { 900'000 }; ///< where the server names the pause
    int maxInFlight = 4; ///< halved on each 429, one more after 100 successes, never above this
    /// Pause a vendor's own header asks for; asked before Retry-After.
    std::function<std::optional<std::chrono::milliseconds>(const HttpResponse&)> vendorPause {};
    std::function<double()> jitter {}; ///< 0 to 1; empty = random
};

/// Hears what is waited for ("rate limited, resumes in 41 s"), each second; empty = going on.
using WaitSink = std::function<void(const QString&)>;

/// Pause that Retry-After asks for, in seconds or as a date.
std::optional<std::chrono::milliseconds> retryAfter(const HttpResponse& response, UtcTime now);

/// Repeats what can be repeated: 408, 429, 500, 502, 503, 504, failed connections and time-outs,
/// for requests that change nothing. When the tries are used up the last answer is returned as it
/// is.
class RetryingClient final : public HttpClient
{
public:
    RetryingClient(HttpClient& inner, Clock& clock, RetryPolicy policy, WaitSink waiting);

    Result<HttpResponse> send(const HttpRequest& request, const std::stop_token& stop) override;
    std::vector<Result<HttpResponse>> sendAll(const std::vector<HttpRequest>& requests,
        int maxInFlight, const std::stop_token& stop) override;

    int inFlightLimit() const { return m_limit; }

private:
    struct Round;

    std::chrono::milliseconds pauseAfter(const Result<HttpResponse>& result, int tries) const;
    bool isWorthAnotherTry(
        const HttpRequest& request, const Result<HttpResponse>& result, int tries) const;
    void adapt(const Result<HttpResponse>& result);
    bool wait(std::chrono::milliseconds pause, bool isRateLimited, const std::stop_token& stop);

    HttpClient& m_inner;
    Clock& m_clock;
    RetryPolicy m_policy;
    WaitSink m_waiting;
    int m_limit;
    int m_successes = 0;
};

} // namespace portreeve
