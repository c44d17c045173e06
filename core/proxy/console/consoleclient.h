// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/databroker/databrokerclient.h"

#include <console.pb.h>

namespace portreeve {

using ConsolePolicy = pomerium::dashboard::Policy;
using ConsoleRoute = pomerium::dashboard::Route;

struct ConsoleNamespace
{
    QString id {};
    QString parentId {}; ///< empty for "Global"
    QString name {};
};

/// Speaks gRPC with Enterprise's own console (proxy.md 9), for policies and routes: `Wire` is
/// ConsolePolicy or ConsoleRoute. Errors are those of ConsoleCalls besides the ones named.
class ConsoleClient final
{
public:
    using TokenMint = DatabrokerClient::TokenMint;

    /// Connects with the first call, not here.
    /// @param mint  gives the token of a service account
    /// @return InvalidInput naming the field for an unusable address or certificate file
    static Result<std::unique_ptr<ConsoleClient>> open(
        const DatabrokerEndpoint& endpoint, TokenMint mint, const Clock& clock);

    ~ConsoleClient();
    ConsoleClient(const ConsoleClient&) = delete;
    ConsoleClient& operator=(const ConsoleClient&) = delete;

    const DatabrokerEndpoint& endpoint() const;
    void setDeadline(std::chrono::milliseconds call); ///< before the first call

    Result<std::vector<ConsoleNamespace>> namespaces(const std::stop_token& stop) const;

    /// Of all namespaces, in pages.
    /// @param containing  part of the name; empty = everything
    /// @return BadResponse when the list kept changing under the reading, so that nothing is taken
    /// for missing
    template <typename Wire>
    Result<std::vector<Wire>> list(const QString& containing, const std::stop_token& stop) const;
    template <typename Wire> Result<std::int64_t> count(const std::stop_token& stop) const;

    /// @return NotFound
    template <typename Wire> Result<Wire> get(const QString& id, const std::stop_token& stop) const;

    /// Replaces the whole object; makes a new one, whose id the console chooses, when it has none.
    /// @return as it is kept now
    template <typename Wire> Result<Wire> set(const Wire& wire, const std::stop_token& stop) const;

    /// Also succeeds when there is none of that id.
    template <typename Wire>
    Result<void> remove(const QString& id, const std::stop_token& stop) const;

private:
    struct Private;
    explicit ConsoleClient(std::unique_ptr<Private> d);

    std::unique_ptr<Private> m_d;
};

} // namespace portreeve
