// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/net/httpclient.h"

#include <memory>

class QNetworkAccessManager;

namespace portreeve {

/// HTTP over Qt. Made, used and destroyed on one thread, where a local event loop runs during each
/// call; not for the GUI thread. TLS 1.2 or newer, no cookies, no HTTP/2.
class QtHttpClient final : public HttpClient
{
public:
    QtHttpClient(HttpSettings settings, const Clock& clock);
    ~QtHttpClient() override;

    Result<HttpResponse> send(const HttpRequest& request, const std::stop_token& stop) override;
    std::vector<Result<HttpResponse>> sendAll(const std::vector<HttpRequest>& requests,
        int maxInFlight, const std::stop_token& stop) override;

private:
    class Batch;

    std::optional<Error> readAuthorities();

    HttpSettings m_settings;
    const Clock& m_clock;
    std::unique_ptr<QNetworkAccessManager> m_network;
    struct Tls;
    std::unique_ptr<Tls> m_tls;
    std::optional<Error> m_unusable; ///< why no request can be sent with these settings
};

} // namespace portreeve
