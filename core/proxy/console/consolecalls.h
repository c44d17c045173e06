// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/console/consoleerror.h"
#include "core/proxy/console/consoletoken.h"
#include "core/proxy/databroker/databrokerclient.h"
#include "core/proxy/databroker/rpc.h"

#include <memory>

namespace portreeve {

/// What every client of Enterprise's console shares: a channel, and how one call is made on it.
/// Each blocks and ends within a second of a stop request with Cancelled.
///
/// ErrorCodes of every call: Network (not reached), Tls, Timeout, Auth (wrong token, audience),
/// Permission, LimitExceeded (message too large), BadResponse (not a console), Cancelled; NotFound;
/// for what is sent InvalidInput.
struct ConsoleCalls
{
    DatabrokerEndpoint endpoint;
    DatabrokerClient::TokenMint mint;
    const Clock& clock;
    std::shared_ptr<grpc::Channel> channel;
    std::chrono::milliseconds deadline { 30'000 };

    template <typename Stub, typename Request, typename Response>
    Result<Response> make(const char* method, Stub& stub,
        grpc::Status (Stub::*member)(grpc::ClientContext*, const Request&, Response*),
        const Request& request, const std::stop_token& stop) const
    {
        reconnect(*channel, stop);
        Rpc rpc(method, deadline, stop);
        const auto now = clock.nowUtc();
        auto* context = rpc.open("authorization", consoleAuthorization(mint(now)), now);
        Response response;
        const auto status = (stub.*member)(context, request, &response);
        const auto ended = rpc.finish("console", endpoint, status, consoleError);
        return ended ? Result<Response>(std::move(response)) : ended.error();
    }
};

} // namespace portreeve
