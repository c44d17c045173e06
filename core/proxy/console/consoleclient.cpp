// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/console/consoleclient.h"

#include "core/proxy/console/consolecalls.h"
#include "core/proxy/databroker/databrokerchannel.h"

#include <console.grpc.pb.h>

#include <set>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

namespace wire = pomerium::dashboard;

constexpr std::int64_t kPage = 200;
/// Somebody may be at work there while a list is read.
constexpr int kListAttempts = 3;

/// The calls of one kind of object.
template <typename Wire> struct Calls;

template <> struct Calls<ConsolePolicy>
{
    using Service = wire::PolicyService;
    using ListRequest = wire::ListPoliciesRequest;
    using ListResponse = wire::ListPoliciesResponse;
    using GetRequest = wire::GetPolicyRequest;
    using GetResponse = wire::GetPolicyResponse;
    using SetRequest = wire::SetPolicyRequest;
    using SetResponse = wire::SetPolicyResponse;
    using RemoveRequest = wire::DeletePolicyRequest;
    using RemoveResponse = wire::DeletePolicyResponse;

    static constexpr auto kList = &Service::Stub::ListPolicies;
    static constexpr auto kGet = &Service::Stub::GetPolicy;
    static constexpr auto kSet = &Service::Stub::SetPolicy;
    static constexpr auto kRemove = &Service::Stub::DeletePolicy;

    static auto& itemsOf(ListResponse& response) { return *response.mutable_policies(); }

    static ConsolePolicy& itemOf(SetRequest& request) { return *request.mutable_policy(); }

    template <typename Response> static const ConsolePolicy& itemIn(const Response& response)
    {
        return response.policy();
    }
};

template <> struct Calls<ConsoleRoute>
{
    using Service = wire::RouteService;
    using ListRequest = wire::ListRoutesRequest;
    using ListResponse = wire::ListRoutesResponse;
    using GetRequest = wire::GetRouteRequest;
    using GetResponse = wire::GetRouteResponse;
    using SetRequest = wire::SetRouteRequest;
    using SetResponse = wire::SetRouteResponse;
    using RemoveRequest = wire::DeleteRouteRequest;
    using RemoveResponse = wire::DeleteRouteResponse;

    static constexpr auto kList = &Service::Stub::ListRoutes;
    static constexpr auto kGet = &Service::Stub::GetRoute;
    static constexpr auto kSet = &Service::Stub::SetRoute;
    static constexpr auto kRemove = &Service::Stub::DeleteRoute;

    static auto& itemsOf(ListResponse& response) { return *response.mutable_routes(); }

    static ConsoleRoute& itemOf(SetRequest& request) { return *request.mutable_route(); }

    template <typename Response> static const ConsoleRoute& itemIn(const Response& response)
    {
        return response.route();
    }
};

Error movingList(const QString& address)
{
    return { .code = ErrorCode::BadResponse,
        .what = message(
            QT_TRANSLATE_NOOP("Message", "The list of the console behind %1 is not complete."),
            address),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Somebody may be changing it right now. Nothing was changed from here; try again.")) };
}

} // namespace

struct ConsoleClient::Private
{
    ConsoleCalls calls;
    std::unique_ptr<wire::PolicyService::Stub> policies;
    std::unique_ptr<wire::RouteService::Stub> routes;
    std::unique_ptr<wire::NamespaceService::Stub> namespaces;

    wire::PolicyService::Stub& stubOf(const ConsolePolicy*) const { return *policies; }

    wire::RouteService::Stub& stubOf(const ConsoleRoute*) const { return *routes; }

    /// One reading of all pages; nothing when they do not fit together.
    template <typename Wire>
    Result<std::optional<std::vector<Wire>>> readPages(
        const QString& containing, const std::stop_token& stop) const
    {
        using Kind = Calls<Wire>;
        std::vector<Wire> out;
        std::set<std::string> ids;
        auto page = kPage;
        std::optional<std::int64_t> total;
        while (true) {
            typename Kind::ListRequest request;
            if (!containing.isEmpty()) {
                request.set_query(containing.toStdString());
            }
            request.set_offset(static_cast<std::int64_t>(out.size()));
            request.set_limit(page);
            auto answer = calls.make(
                "List", stubOf(static_cast<Wire*>(nullptr)), Kind::kList, request, stop);
            if (!answer && answer.error().code == ErrorCode::LimitExceeded && page > 1) {
                page /= 2; // routes may carry pictures
                continue;
            }
            if (!answer) {
                return answer.error();
            }
            if (total.value_or(answer->total_count()) != answer->total_count()) {
                return std::optional<std::vector<Wire>>(); // the pages behind have shifted
            }
            total = answer->total_count();
            const auto count = Kind::itemsOf(*answer).size();
            for (auto& item : Kind::itemsOf(*answer)) {
                ids.insert(item.id());
                out.push_back(std::move(item));
            }
            const auto read = static_cast<std::int64_t>(out.size());
            const bool isLast = answer->total_count() > 0 ? read >= answer->total_count()
                                                          : count < static_cast<int>(page);
            if (isLast || count == 0) {
                const bool isWhole = ids.size() == out.size() && read >= answer->total_count();
                return isWhole ? std::optional(std::move(out)) : std::nullopt;
            }
        }
    }
};

Result<std::unique_ptr<ConsoleClient>> ConsoleClient::open(
    const DatabrokerEndpoint& endpoint, TokenMint mint, const Clock& clock)
{
    const auto channel = openChannel(endpoint);
    if (!channel) {
        return channel.error();
    }
    auto d = std::make_unique<Private>(Private { .calls
        = { .endpoint = endpoint, .mint = std::move(mint), .clock = clock, .channel = *channel },
        .policies = wire::PolicyService::NewStub(*channel),
        .routes = wire::RouteService::NewStub(*channel),
        .namespaces = wire::NamespaceService::NewStub(*channel) });
    return std::unique_ptr<ConsoleClient>(new ConsoleClient(std::move(d)));
}

ConsoleClient::ConsoleClient(std::unique_ptr<Private> d)
    : m_d(std::move(d))
{
}

ConsoleClient::~ConsoleClient() = default;

const DatabrokerEndpoint& ConsoleClient::endpoint() const
{
    return m_d->calls.endpoint;
}

void ConsoleClient::setDeadline(std::chrono::milliseconds call)
{
    m_d->calls.deadline = call;
}

Result<std::vector<ConsoleNamespace>> ConsoleClient::namespaces(const std::stop_token& stop) const
{
    const auto answer = m_d->calls.make("ListNamespaces", *m_d->namespaces,
        &wire::NamespaceService::Stub::ListNamespaces, wire::ListNamespacesRequest(), stop);
    if (!answer) {
        return answer.error();
    }
    std::vector<ConsoleNamespace> out;
    for (const auto& one : answer->namespaces()) {
        out.push_back({ .id = QString::fromStdString(one.id()),
            .parentId = QString::fromStdString(one.parent_id()),
            .name = QString::fromStdString(one.name()) });
    }
    return out;
}

template <typename Wire>
Result<std::vector<Wire>> ConsoleClient::list(
    const QString& containing, const std::stop_token& stop) const
{
    for (int attempt = 0; attempt < kListAttempts; ++attempt) {
        auto pages = m_d->readPages<Wire>(containing, stop);
        if (!pages) {
            return pages.error();
        }
        if (*pages) {
            return **std::move(pages);
        }
    }
    return movingList(m_d->calls.endpoint.address());
}

template <typename Wire>
Result<std::int64_t> ConsoleClient::count(const std::stop_token& stop) const
{
    using Kind = Calls<Wire>;
    typename Kind::ListRequest request;
    request.set_limit(1);
    auto answer = m_d->calls.make(
        "List", m_d->stubOf(static_cast<Wire*>(nullptr)), Kind::kList, request, stop);
    if (!answer) {
        return answer.error();
    }
    return std::max<std::int64_t>(answer->total_count(), Kind::itemsOf(*answer).size());
}

template <typename Wire>
Result<Wire> ConsoleClient::get(const QString& id, const std::stop_token& stop) const
{
    using Kind = Calls<Wire>;
    typename Kind::GetRequest request;
    request.set_id(id.toStdString());
    const auto answer = m_d->calls.make(
        "Get", m_d->stubOf(static_cast<Wire*>(nullptr)), Kind::kGet, request, stop);
    return answer ? Result<Wire>(Kind::itemIn(*answer)) : answer.error();
}

template <typename Wire>
Result<Wire> ConsoleClient::set(const Wire& object, const std::stop_token& stop) const
{
    using Kind = Calls<Wire>;
    typename Kind::SetRequest request;
    Kind::itemOf(request) = object;
    const auto answer = m_d->calls.make("Set", m_d->stubOf(&object), Kind::kSet, request, stop);
    if (!answer) {
        return answer.error();
    }
    const Wire& kept = Kind::itemIn(*answer);
    const bool isSame = object.id().empty() || object.id() == kept.id();
    if (kept.id().empty() || !isSame) {
        return Error { .code = ErrorCode::BadResponse,
            .what = message(QT_TRANSLATE_NOOP("Message",
                                "The console behind %1 answered for another object than was sent."),
                m_d->calls.endpoint.address()),
            .remedy = message(QT_TRANSLATE_NOOP("Message",
                "Compare again and look at the console whether there are two of the same now.")) };
    }
    return kept;
}

template <typename Wire>
Result<void> ConsoleClient::remove(const QString& id, const std::stop_token& stop) const
{
    using Kind = Calls<Wire>;
    typename Kind::RemoveRequest request;
    request.set_id(id.toStdString());
    const auto answer = m_d->calls.make(
        "Delete", m_d->stubOf(static_cast<Wire*>(nullptr)), Kind::kRemove, request, stop);
    return answer || answer.error().code == ErrorCode::NotFound ? Result<void>()
                                                                : Result<void>(answer.error());
}

template Result<std::vector<ConsolePolicy>> ConsoleClient::list(
    const QString&, const std::stop_token&) const;
template Result<std::vector<ConsoleRoute>> ConsoleClient::list(
    const QString&, const std::stop_token&) const;
template Result<std::int64_t> ConsoleClient::count<ConsolePolicy>(const std::stop_token&) const;
template Result<std::int64_t> ConsoleClient::count<ConsoleRoute>(const std::stop_token&) const;
template Result<ConsolePolicy> ConsoleClient::get(const QString&, const std::stop_token&) const;
template Result<ConsoleRoute> ConsoleClient::get(const QString&, const std::stop_token&) const;
template Result<ConsolePolicy> ConsoleClient::set(
    const ConsolePolicy&, const std::stop_token&) const;
template Result<ConsoleRoute> ConsoleClient::set(const ConsoleRoute&, const std::stop_token&) const;
template Result<void> ConsoleClient::remove<ConsolePolicy>(
    const QString&, const std::stop_token&) const;
template Result<void> ConsoleClient::remove<ConsoleRoute>(
    const QString&, const std::stop_token&) const;

} // namespace portreeve
