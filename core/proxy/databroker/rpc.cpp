// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/rpc.h"

#include "core/base/logging.h"
#include "core/net/httpclient.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

namespace {

std::optional<UtcTime> dateIn(const std::multimap<grpc::string_ref, grpc::string_ref>& metadata)
{
    const auto found = metadata.find("date");
    if (found == metadata.end()) {
        return std::nullopt;
    }
    return httpDate(
        QByteArray(found->second.data(), static_cast<qsizetype>(found->second.length())));
}

} // namespace

void reconnect(grpc::Channel& channel, const std::stop_token& stop)
{
    constexpr auto slice = 100ms;
    constexpr int slices = 12; // longer than the library pauses between attempts
    for (int i = 0; i < slices && !stop.stop_requested(); ++i) {
        if (channel.GetState(true) != GRPC_CHANNEL_TRANSIENT_FAILURE) {
            return;
        }
        channel.WaitForConnected(std::chrono::system_clock::now() + slice);
    }
}

Rpc::Rpc(const char* method, std::optional<std::chrono::milliseconds> deadline,
    const std::stop_token& stop)
    : m_stopToken(stop)
    , m_method(method)
    , m_stop(stop, [this] { m_context.TryCancel(); })
{
    if (deadline) {
        m_context.set_deadline(std::chrono::system_clock::now() + *deadline);
    }
    m_timer.start();
}

grpc::ClientContext* Rpc::open(const char* header, const QByteArray& value, UtcTime now)
{
    if (!value.isEmpty()) {
        m_context.AddMetadata(header, value.toStdString());
    }
    m_localTime = now;
    return &m_context;
}

Result<void> Rpc::finish(const char* service, const DatabrokerEndpoint& endpoint,
    const grpc::Status& status, Explain explain) const
{
    qCDebug(lcNet).noquote() << service << m_method << endpoint.address() << "code"
                             << static_cast<int>(status.error_code()) << m_timer.elapsed() << "ms";
    if (status.ok()) {
        return {};
    }
    if (m_stopToken.stop_requested()) {
        return cancelledError();
    }
    auto serverTime = dateIn(m_context.GetServerInitialMetadata());
    if (!serverTime) {
        serverTime = dateIn(m_context.GetServerTrailingMetadata());
    }
    return explain(status,
        { .method = m_method,
            .address = endpoint.address(),
            .tls = endpoint.tls,
            .localTime = m_localTime,
            .serverTime = serverTime });
}

} // namespace portreeve
