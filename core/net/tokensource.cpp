// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/net/tokensource.h"

#include <algorithm>
#include <utility>

using namespace std::chrono_literals;

namespace portreeve {

namespace {
constexpr int kUnauthorized = 401;

std::vector<HttpRequest> withToken(std::vector<HttpRequest> requests, const QString& token)
{
    for (auto& request : requests) {
        request.headers.push_back(
            { .name = "Authorization", .value = "Bearer " + token.toLatin1() });
    }
    return requests;
}
} // namespace

TokenSource::TokenSource(Fetch fetch, const Clock& clock)
    : m_fetch(std::move(fetch))
    , m_clock(clock)
{
}

Result<QString> TokenSource::token()
{
    constexpr std::chrono::milliseconds early = 60s;
    if (!m_token || m_clock.monotonic() >= m_renewAt) {
        const auto askedAt = m_clock.monotonic(); // its life began before the answer arrived
        auto fetched = m_fetch();
        if (!fetched) {
            m_token.reset();
            return fetched.error();
        }
        m_token = std::move(*fetched);
        m_renewAt = askedAt + m_token->lifetime - std::min(early, m_token->lifetime / 2);
    }
    return m_token->value;
}

AuthorizedClient::AuthorizedClient(HttpClient& inner, TokenSource& tokens)
    : m_inner(inner)
    , m_tokens(tokens)
{
}

Result<HttpResponse> AuthorizedClient::send(const HttpRequest& request, const std::stop_token& stop)
{
    return std::move(sendAll({ request }, 1, stop).front());
}

std::vector<Result<HttpResponse>> AuthorizedClient::sendAll(
    const std::vector<HttpRequest>& requests, int maxInFlight, const std::stop_token& stop)
{
    const auto token = m_tokens.token();
    if (!token) {
        return std::vector<Result<HttpResponse>>(requests.size(), token.error());
    }
    auto results = m_inner.sendAll(withToken(requests, *token), maxInFlight, stop);

    std::vector<std::size_t> refused;
    std::vector<HttpRequest> again;
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (results[i] && results[i]->status == kUnauthorized) {
            refused.push_back(i);
            again.push_back(requests[i]);
        }
    }
    if (refused.empty()) {
        return results;
    }
    m_tokens.forget();
    const auto renewed = m_tokens.token();
    if (!renewed) {
        return std::vector<Result<HttpResponse>>(requests.size(), renewed.error());
    }
    auto repeated = m_inner.sendAll(withToken(std::move(again), *renewed), maxInFlight, stop);
    for (std::size_t i = 0; i < refused.size(); ++i) {
        results[refused[i]] = std::move(repeated[i]);
    }
    return results;
}

} // namespace portreeve
