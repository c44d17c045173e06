// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/net/httpclient.h"

#include <QHash>
#include <QString>
#include <QStringList>

#include <functional>
#include <optional>
#include <vector>

namespace portreeve::test {

struct FakeReply
{
    int status = 200;
    QByteArray body {};
    std::vector<HttpHeader> headers {};
    std::optional<Error> failure {}; ///< the exchange itself fails
    std::chrono::milliseconds delay { 0 }; ///< taken from the fake clock
};

/// A network without a network. Replies are given by method and target ("GET /users?first=0") or by
/// a function that plays the server; a request nobody expects fails the test. One thread.
class FakeHttpClient final : public HttpClient
{
public:
    using Server = std::function<std::optional<FakeReply>(const HttpRequest&)>;

    explicit FakeHttpClient(Clock& clock);

    /// Replies to one target, given out in turn; the last one stays.
    void on(const QString& target, std::vector<FakeReply> replies);

    /// Asked for every request on() does not know; nullopt = unexpected.
    void setServer(Server server);

    Result<HttpResponse> send(const HttpRequest& request, const std::stop_token& stop) override;
    std::vector<Result<HttpResponse>> sendAll(const std::vector<HttpRequest>& requests,
        int maxInFlight, const std::stop_token& stop) override;

    const std::vector<HttpRequest>& requests() const { return m_requests; }

    /// How many requests had a target that begins so.
    int count(const QString& targetPrefix) const;

    int highestInFlight() const { return m_highestInFlight; }

    /// "GET /path?query"
    static QString target(const HttpRequest& request);

private:
    Clock& m_clock;
    QHash<QString, std::vector<FakeReply>> m_replies;
    QHash<QString, std::size_t> m_given;
    Server m_server;
    std::vector<HttpRequest> m_requests;
    int m_highestInFlight = 0;
};

} // namespace portreeve::test
