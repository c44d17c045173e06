// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/proxy/databroker/databrokerclient.h"
#include "core/proxy/databroker/databrokererror.h"

#include <QElapsedTimer>

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

namespace portreeve {

/// Only threads that wait inside the library move its sockets. While the connection is broken calls
/// fail without waiting, so that without this it would never be made again (seen with a real
/// databroker that was restarted; one in this process lends its own threads).
void reconnect(grpc::Channel& channel, const std::stop_token& stop);

/// One call on its way: token, deadline and the stop request that ends it.
class Rpc
{
public:
    using Explain = Error (*)(const grpc::Status& status, const CallFacts& facts);

    Rpc(const char* method, std::optional<std::chrono::milliseconds> deadline,
        const std::stop_token& stop);

    /// @param value  of the header; none is sent when it is empty
    grpc::ClientContext* open(const char* header, const QByteArray& value, UtcTime now);

    /// @param service  for the log
    Result<void> finish(const char* service, const DatabrokerEndpoint& endpoint,
        const grpc::Status& status, Explain explain) const;

private:
    std::stop_token m_stopToken;
    const char* m_method;
    grpc::ClientContext m_context;
    std::stop_callback<std::function<void()>> m_stop;
    QElapsedTimer m_timer;
    UtcTime m_localTime {};
};

} // namespace portreeve
