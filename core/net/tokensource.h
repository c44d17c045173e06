// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/net/httpclient.h"

#include <functional>

namespace portreeve {

struct AccessToken
{
    QString value {};
    std::chrono::milliseconds lifetime { 0 };
};

/// An access token that is fetched when first needed and renewed 60 s before it ends (after half of
/// its life when that is shorter).
class TokenSource
{
public:
    using Fetch = std::function<Result<AccessToken>()>;

    TokenSource(Fetch fetch, const Clock& clock);

    /// Passes on whatever the fetch fails with.
    Result<QString> token();

    /// The next token() fetches a new one.
    void forget() { m_token.reset(); }

private:
    Fetch m_fetch;
    const Clock& m_clock;
    std::optional<AccessToken> m_token;
    std::chrono::milliseconds m_renewAt { 0 };
};

/// Puts "Authorization: Bearer ..." on every request. A 401 renews the token once and repeats the
/// request; a second 401 is returned for the connector to explain.
class AuthorizedClient final : public HttpClient
{
public:
    AuthorizedClient(HttpClient& inner, TokenSource& tokens);

    Result<HttpResponse> send(const HttpRequest& request, const std::stop_token& stop) override;
    std::vector<Result<HttpResponse>> sendAll(const std::vector<HttpRequest>& requests,
        int maxInFlight, const std::stop_token& stop) override;

private:
    HttpClient& m_inner;
    TokenSource& m_tokens;
};

} // namespace portreeve
