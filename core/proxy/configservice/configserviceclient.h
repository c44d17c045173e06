// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/net/httpclient.h"
#include "core/proxy/configservice/configclient.h"

#include <QJsonArray>

#include <functional>
#include <variant>

namespace portreeve::configservice {

/// A fresh token, signed with the proxy's shared secret; asked for once per call.
using TokenMint = std::function<QByteArray()>;

struct ServiceAddress
{
    QString targetName {}; ///< as it stands in sentences
    QUrl url {}; ///< scheme, host and port of the proxy's gRPC listener
    TokenMint mint {};
    /// The proxy itself gives up a request that takes 15 s to arrive.
    std::chrono::milliseconds timeout { 20'000 };
};

struct ServerInfo
{
    QString kind {}; ///< "core", "enterprise", "zero", or what else the server says in lower case
    QString version {}; ///< what was linked into the binary; to be shown, never compared
};

/// What the service said instead of a result, as far as callers treat it differently.
enum class FaultKind {
    WrongSecret, ///< told by the text; the status is 500
    NoService, ///< 404 in plain text: this proxy has no such method
    SlowNetwork, ///< 408
    AlreadyExists,
    NotFound,
    Refused, ///< the content
    Other,
};

struct Fault
{
    FaultKind kind = FaultKind::Other;
    Error error {};
};

/// The reading half of Core's ConfigService over HTTP JSON (proxy.md 6). Blocks; one thread, that
/// of the HttpClient. Errors beside those of HttpClient: Auth for a wrong secret, ClockSkew when
/// the clocks are the reason, NotFound where the proxy has no such service, Timeout, InvalidInput,
/// BadResponse.
class ConfigServiceClient final : public ConfigClient
{
public:
    /// @param http  borrowed; must not repeat by itself, since a wrong secret looks like a fault
    ConfigServiceClient(HttpClient& http, ServiceAddress address);

    /// Nothing when the proxy has no ConfigService: before 0.33. Needs no token.
    Result<std::optional<ServerInfo>> serverInfo(const std::stop_token& stop);

    /// Asks without a filter: it would find nothing and look like an empty server.
    Result<std::vector<PolicyEntity>> policies(const std::stop_token& stop) override;
    Result<std::vector<RouteEntity>> routes(const std::stop_token& stop) override;

    Result<std::optional<PolicyEntity>> policy(
        const QString& id, const std::stop_token& stop) override;
    Result<std::optional<RouteEntity>> route(
        const QString& id, const std::stop_token& stop) override;
    Result<std::int64_t> count(EntityKind kind, const std::stop_token& stop) override;

    const QString& targetName() const override { return m_address.targetName; }

    /// How far the proxy's clock was ahead of ours at its last answer, whatever that was; tokens
    /// are bound to it. Absent without a date.
    std::optional<std::chrono::milliseconds> clockAhead() const { return m_clockAhead; }

private:
    friend class ConfigServiceEditor;

    enum class Signing { Signed, Open };
    using Answer = std::variant<QJsonObject, Fault>;

    struct Call
    {
        QLatin1StringView method;
        QJsonObject body {};
        Signing signing = Signing::Signed;
    };

    Answer call(const Call& call, const std::stop_token& stop);
    Result<QJsonArray> list(
        QLatin1StringView method, QLatin1StringView member, const std::stop_token& stop);
    Result<std::optional<QJsonObject>> get(QLatin1StringView method, QLatin1StringView member,
        const QString& id, const std::stop_token& stop);

    HttpClient& m_http;
    ServiceAddress m_address;
    std::optional<std::chrono::milliseconds> m_clockAhead;
};

/// The proxy has no configuration service: an old version, or another program at that address.
Error noConfigService(const QString& targetName);

} // namespace portreeve::configservice
