// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/net/retryingclient.h"

#include "core/base/logging.h"

#include <QRandomGenerator>

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <utility>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

namespace {
constexpr int kTooManyRequests = 429;

bool isRepeatable(const HttpRequest& request)
{
    constexpr std::array methods { "GET", "HEAD", "PUT", "DELETE", "OPTIONS" };
    return request.isRepeatable
        || std::any_of(methods.begin(), methods.end(),
            [&](const char* method) { return request.method == method; });
}

bool isTemporary(int status)
{
    constexpr std::array temporary { 408, kTooManyRequests, 500, 502, 503, 504 };
    return std::find(temporary.begin(), temporary.end(), status) != temporary.end();
}
} // namespace

std::optional<std::chrono::milliseconds> retryAfter(const HttpResponse& response, UtcTime now)
{
    const QByteArray value = response.header("Retry-After").trimmed();
    constexpr int mostSeconds = 1'000'000'000;
    bool isNumber = false;
    const int seconds = value.toInt(&isNumber);
    if (isNumber) {
        return std::chrono::seconds(std::clamp(seconds, 0, mostSeconds));
    }
    const auto date = httpDate(value);
    if (!date) {
        return std::nullopt;
    }
    return std::max(std::chrono::milliseconds(0), *date - now);
}

RetryingClient::RetryingClient(
    HttpClient& inner, Clock& clock, RetryPolicy policy, WaitSink waiting)
    : m_inner(inner)
    , m_clock(clock)
    , m_policy(std::move(policy))
    , m_waiting(std::move(waiting))
    , m_limit(std::max(m_policy.maxInFlight, 1))
{
    if (!m_policy.jitter) {
        m_policy.jitter = [] { return QRandomGenerator::global()->generateDouble(); };
    }
}

Result<HttpResponse> RetryingClient::send(const HttpRequest& request, const std::stop_token& stop)
{
    return std::move(sendAll({ request }, 1, stop).front());
}

/// What is still to be sent, in order, and what has come of the rest.
struct RetryingClient::Round
{
    const std::vector<HttpRequest>& requests;
    std::deque<std::size_t> pending {};
    std::vector<int> tries {};
    std::vector<Result<HttpResponse>> results {};

    explicit Round(const std::vector<HttpRequest>& all)
        : requests(all)
        , tries(all.size(), 0)
        , results(all.size(), cancelledError())
    {
        for (std::size_t i = 0; i < all.size(); ++i) {
            pending.push_back(i);
        }
    }

    std::vector<std::size_t> take(std::size_t most)
    {
        const auto count = static_cast<std::ptrdiff_t>(std::min(most, pending.size()));
        std::vector<std::size_t> indexes(pending.begin(), pending.begin() + count);
        pending.erase(pending.begin(), pending.begin() + count);
        return indexes;
    }
};

std::vector<Result<HttpResponse>> RetryingClient::sendAll(
    const std::vector<HttpRequest>& requests, int maxInFlight, const std::stop_token& stop)
{
    // Small bites, so that a limit learned in one already holds for the next.
    constexpr std::size_t requestsPerSlot = 8;
    Round round(requests);
    while (!round.pending.empty() && !stop.stop_requested()) {
        const int inFlight = std::clamp(maxInFlight, 1, m_limit);
        const auto indexes = round.take(static_cast<std::size_t>(inFlight) * requestsPerSlot);
        std::vector<HttpRequest> batch;
        batch.reserve(indexes.size());
        for (const auto index : indexes) {
            batch.push_back(requests[index]);
        }
        auto answers = m_inner.sendAll(batch, inFlight, stop);
        std::chrono::milliseconds pause { 0 };
        bool isRateLimited = false;
        for (std::size_t i = 0; i < indexes.size(); ++i) {
            const auto index = indexes[i];
            adapt(answers[i]);
            ++round.tries[index];
            if (isWorthAnotherTry(requests[index], answers[i], round.tries[index])) {
                pause = std::max(pause, pauseAfter(answers[i], round.tries[index]));
                isRateLimited |= answers[i] && answers[i]->status == kTooManyRequests;
                round.pending.push_back(index);
            }
            round.results[index] = std::move(answers[i]);
        }
        if (pause > 0ms && !wait(pause, isRateLimited, stop)) {
            break;
        }
    }
    for (const auto index : round.pending) {
        round.results[index] = cancelledError();
    }
    return std::move(round.results);
}

bool RetryingClient::isWorthAnotherTry(
    const HttpRequest& request, const Result<HttpResponse>& result, int tries) const
{
    if (!isRepeatable(request)) {
        return false;
    }
    if (result) {
        return isTemporary(result->status) && tries < m_policy.maxTries;
    }
    const auto code = result.error().code;
    return (code == ErrorCode::Network || code == ErrorCode::Timeout)
        && tries < m_policy.maxTriesWithoutAnswer;
}

std::chrono::milliseconds RetryingClient::pauseAfter(
    const Result<HttpResponse>& result, int tries) const
{
    if (result) {
        auto asked = m_policy.vendorPause ? m_policy.vendorPause(*result) : std::nullopt;
        if (!asked) {
            asked = retryAfter(*result, m_clock.nowUtc());
        }
        if (asked) {
            return std::clamp(*asked, 1ms, m_policy.longestAskedPause);
        }
    }
    const double doubled = std::ldexp(static_cast<double>(m_policy.firstPause.count()), tries - 1);
    const double longest = std::min(doubled, static_cast<double>(m_policy.longestPause.count()));
    return std::chrono::milliseconds(1 + std::llround(longest * m_policy.jitter()));
}

void RetryingClient::adapt(const Result<HttpResponse>& result)
{
    constexpr int successesPerStep = 100;
    if (!result) {
        return;
    }
    if (result->status == kTooManyRequests) {
        m_limit = std::max(m_limit / 2, 1);
        m_successes = 0;
        return;
    }
    if (++m_successes >= successesPerStep) {
        m_successes = 0;
        m_limit = std::min(m_limit + 1, std::max(m_policy.maxInFlight, 1));
    }
}

bool RetryingClient::wait(
    std::chrono::milliseconds pause, bool isRateLimited, const std::stop_token& stop)
{
    constexpr std::chrono::milliseconds step = 1s;
    qCDebug(lcNet, "waiting %lld ms before the next try", static_cast<long long>(pause.count()));
    bool goesOn = true;
    while (goesOn && pause > 0ms) {
        const auto seconds
            = QString::number(std::chrono::ceil<std::chrono::seconds>(pause).count());
        m_waiting(isRateLimited ? QString(u"rate limited, resumes in "_s + seconds + u" s"_s)
                                : QString(u"no answer yet, next try in "_s + seconds + u" s"_s));
        const auto now = std::min(pause, step);
        goesOn = m_clock.sleep(now, stop);
        pause -= now;
    }
    m_waiting({});
    return goesOn;
}

} // namespace portreeve
