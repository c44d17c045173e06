// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/consolestore.h"

#include <QJsonDocument>
#include <QUuid>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {

using google::protobuf::UnknownFieldSet;

constexpr int kRoutesOfPolicy = 11;
constexpr int kNamespaceNameOfPolicy = 12;
constexpr int kPolicyNames = 34;
constexpr int kNamespaceNameOfRoute = 35;
constexpr int kEnforcedPolicyIds = 63;

grpc::Status refused(const char* text)
{
    return { grpc::StatusCode::INVALID_ARGUMENT, text };
}

grpc::Status notThere()
{
    return { grpc::StatusCode::NOT_FOUND, "record not found" };
}

template <typename Wire> UnknownFieldSet& unknownOf(Wire& wire)
{
    return *wire.GetReflection()->MutableUnknownFields(&wire);
}

template <typename Wire> void dropComputed(Wire& wire, std::initializer_list<int> numbers)
{
    for (const int number : numbers) {
        unknownOf(wire).DeleteByNumber(number);
    }
}

/// As a Go server tells maps: the same fields, beginning somewhere else.
template <typename Wire> void shuffle(Wire& wire, int turn)
{
    auto& fields = unknownOf(wire);
    UnknownFieldSet turned;
    const int count = fields.field_count();
    for (int i = 0; i < count; ++i) {
        turned.AddField(fields.field((i + turn) % count));
    }
    fields.Swap(&turned);
}

template <typename Wire> QByteArray bytesOfUnknown(const Wire& wire)
{
    std::string out;
    wire.GetReflection()->GetUnknownFields(wire).SerializeToString(&out);
    return QByteArray::fromStdString(out);
}

QString text(const std::string& value)
{
    return QString::fromStdString(value);
}

template <typename Wire> ConsoleObject common(const Wire& wire)
{
    return { .id = text(wire.id()),
        .name = text(wire.name()),
        .originator = text(wire.originator_id()),
        .namespaceId = text(wire.namespace_id()),
        .unknown = bytesOfUnknown(wire) };
}

ConsoleObject objectOf(const ConsoleStore::Policy& policy)
{
    auto out = common(policy);
    out.ppl = text(policy.source_ppl());
    out.description = text(policy.description());
    return out;
}

ConsoleObject objectOf(const ConsoleStore::Route& route)
{
    auto out = common(route);
    out.from = text(route.from());
    for (const auto& to : route.to()) {
        out.to.append(text(to));
    }
    for (const auto& id : route.policy_ids()) {
        out.policyIds.append(text(id));
    }
    return out;
}

template <typename Wire> Wire wireOf(const ConsoleObject& object)
{
    Wire wire;
    wire.ParseFromArray(object.unknown.constData(), static_cast<int>(object.unknown.size()));
    wire.set_id(
        (object.id.isEmpty() ? QUuid::createUuid().toString(QUuid::WithoutBraces) : object.id)
            .toStdString());
    wire.set_name(object.name.toStdString());
    if (!object.originator.isEmpty()) {
        wire.set_originator_id(object.originator.toStdString());
    }
    wire.set_namespace_id(
        (object.namespaceId.isEmpty() ? ConsoleDouble::kGlobal : object.namespaceId).toStdString());
    return wire;
}

template <typename Wire, typename Request>
std::vector<const Wire*> found(const std::map<std::string, Wire>& kept, const Request& request)
{
    std::vector<const Wire*> out;
    for (const auto& [id, wire] : kept) {
        const bool isThere
            = request.namespace_().empty() || request.namespace_() == wire.namespace_id();
        if (isThere && text(wire.name()).contains(text(request.query()), Qt::CaseInsensitive)) {
            out.push_back(&wire);
        }
    }
    std::sort(
        out.begin(), out.end(), [](const Wire* a, const Wire* b) { return a->name() < b->name(); });
    return out;
}

/// The page of a list: offset and limit, which absent means all.
template <typename Wire, typename Request>
std::vector<const Wire*> page(std::vector<const Wire*> all, const Request& request, int missing)
{
    const auto size = static_cast<std::int64_t>(all.size());
    const auto from = std::min(request.offset(), size);
    const auto to = request.has_limit() ? std::min(from + request.limit(), size) : size;
    const auto last = std::max(from, to - missing);
    return { all.begin() + from, all.begin() + last };
}

} // namespace

void ConsoleStore::addNamespace(const QString& id, const QString& name)
{
    const std::lock_guard lock(m_mutex);
    auto& added = *m_namespaces.add_namespaces();
    added.set_id(id.toStdString());
    added.set_name(name.toStdString());
}

void ConsoleStore::hideNamespaces()
{
    const std::lock_guard lock(m_mutex);
    m_namespaces.clear_namespaces();
}

void ConsoleStore::enforce(const QString& policyId)
{
    const std::lock_guard lock(m_mutex);
    m_enforced.push_back(policyId.toStdString());
}

pomerium::dashboard::ListNamespacesResponse ConsoleStore::namespaces() const
{
    const std::lock_guard lock(m_mutex);
    return m_namespaces;
}

bool ConsoleStore::hasNamespace(const std::string& id) const
{
    const auto& all = m_namespaces.namespaces();
    return std::any_of(all.begin(), all.end(), [&id](const auto& one) { return one.id() == id; });
}

ConsoleStore::Policy ConsoleStore::told(Policy policy) const
{
    for (const auto& [id, route] : m_routes) {
        const auto& ids = route.policy_ids();
        if (std::find(ids.begin(), ids.end(), policy.id()) != ids.end()) {
            auto* entry = unknownOf(policy).AddLengthDelimited(kRoutesOfPolicy);
            entry->append("\n").append(1, static_cast<char>(id.size())).append(id);
        }
    }
    unknownOf(policy).AddLengthDelimited(kNamespaceNameOfPolicy)->append("Global");
    shuffle(policy, ++m_turn);
    return policy;
}

ConsoleStore::Route ConsoleStore::told(Route route) const
{
    for (const auto& id : route.policy_ids()) {
        const auto policy = m_policies.find(id);
        unknownOf(route)
            .AddLengthDelimited(kPolicyNames)
            ->append(policy == m_policies.end() ? "" : policy->second.name());
    }
    for (const auto& id : m_enforced) {
        unknownOf(route).AddLengthDelimited(kEnforcedPolicyIds)->append(id);
    }
    unknownOf(route).AddLengthDelimited(kNamespaceNameOfRoute)->append("Global");
    shuffle(route, ++m_turn);
    return route;
}

std::int64_t ConsoleStore::listPolicies(
    const pomerium::dashboard::ListPoliciesRequest& request, int missing, Policies& out) const
{
    const std::lock_guard lock(m_mutex);
    const auto all = found(m_policies, request);
    for (const auto* policy : page(all, request, missing)) {
        *out.Add() = told(*policy);
    }
    return static_cast<std::int64_t>(all.size());
}

std::int64_t ConsoleStore::listRoutes(
    const pomerium::dashboard::ListRoutesRequest& request, int missing, Routes& out) const
{
    const std::lock_guard lock(m_mutex);
    const auto all = found(m_routes, request);
    for (const auto* route : page(all, request, missing)) {
        *out.Add() = told(*route);
    }
    return static_cast<std::int64_t>(all.size());
}

grpc::Status ConsoleStore::getPolicy(const std::string& id, Policy& out) const
{
    const std::lock_guard lock(m_mutex);
    const auto kept = m_policies.find(id);
    if (kept == m_policies.end()) {
        return notThere();
    }
    out = told(kept->second);
    return grpc::Status::OK;
}

grpc::Status ConsoleStore::getRoute(const std::string& id, Route& out) const
{
    const std::lock_guard lock(m_mutex);
    const auto kept = m_routes.find(id);
    if (kept == m_routes.end()) {
        return notThere();
    }
    out = told(kept->second);
    return grpc::Status::OK;
}

template <typename Wire> void ConsoleStore::stamp(Wire& wire, const Wire* before)
{
    ++m_now;
    wire.mutable_created_at()->set_seconds(
        before == nullptr ? m_now : before->created_at().seconds());
    wire.mutable_modified_at()->set_seconds(m_now);
}

template <typename Wire> grpc::Status ConsoleStore::keep(Kept<Wire>& kept, Wire& given)
{
    if (!hasNamespace(given.namespace_id())) {
        return refused("namespace not found");
    }
    const Wire* before = nullptr;
    if (given.id().empty()) {
        given.set_id(QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString());
    } else {
        const auto existing = kept.find(given.id());
        if (existing == kept.end()) {
            return notThere(); // an id that is sent names one to be replaced
        }
        before = &existing->second;
    }
    stamp(given, before);
    kept[given.id()] = given;
    return grpc::Status::OK;
}

grpc::Status ConsoleStore::setPolicy(Policy given, Policy& out)
{
    const std::lock_guard lock(m_mutex);
    dropComputed(given, { kRoutesOfPolicy, kNamespaceNameOfPolicy });
    if (!given.source_ppl().empty()) {
        const auto json = QJsonDocument::fromJson(QByteArray::fromStdString(given.source_ppl()));
        if (json.isNull()) {
            return refused("invalid PPL: not JSON");
        }
        given.set_source_ppl(json.toJson(QJsonDocument::Indented).toStdString());
    }
    if (auto kept = keep(m_policies, given); !kept.ok()) {
        return kept;
    }
    out = told(given);
    return grpc::Status::OK;
}

grpc::Status ConsoleStore::setRoute(Route given, Route& out)
{
    const std::lock_guard lock(m_mutex);
    dropComputed(given, { kPolicyNames, kNamespaceNameOfRoute, kEnforcedPolicyIds });
    if (given.from().empty() || given.to().empty()) {
        return refused("a route needs from and to");
    }
    for (const auto& id : given.policy_ids()) {
        if (!m_policies.contains(id)) {
            return refused("policy not found");
        }
    }
    if (auto kept = keep(m_routes, given); !kept.ok()) {
        return kept;
    }
    out = told(given);
    return grpc::Status::OK;
}

grpc::Status ConsoleStore::deletePolicy(const pomerium::dashboard::DeletePolicyRequest& request)
{
    const std::lock_guard lock(m_mutex);
    const bool isUsed
        = std::any_of(m_routes.begin(), m_routes.end(), [&request](const auto& route) {
              const auto& ids = route.second.policy_ids();
              return std::find(ids.begin(), ids.end(), request.id()) != ids.end();
          });
    if (isUsed && !request.remove_from_any_assigned_routes()) {
        return { grpc::StatusCode::FAILED_PRECONDITION, "policy is assigned to routes" };
    }
    return m_policies.erase(request.id()) > 0 ? grpc::Status::OK : notThere();
}

grpc::Status ConsoleStore::deleteRoute(const std::string& id)
{
    const std::lock_guard lock(m_mutex);
    return m_routes.erase(id) > 0 ? grpc::Status::OK : notThere();
}

QString ConsoleStore::put(ConsoleDouble::Kind kind, const ConsoleObject& object)
{
    const std::lock_guard lock(m_mutex);
    if (kind == ConsoleDouble::Kind::Policy) {
        auto wire = wireOf<Policy>(object);
        wire.set_source_ppl(object.ppl.toStdString());
        wire.set_description(object.description.toStdString());
        stamp<Policy>(wire, nullptr);
        m_policies[wire.id()] = wire;
        return text(wire.id());
    }
    auto wire = wireOf<Route>(object);
    wire.set_from(object.from.toStdString());
    for (const auto& to : object.to) {
        wire.add_to(to.toStdString());
    }
    for (const auto& id : object.policyIds) {
        wire.add_policy_ids(id.toStdString());
    }
    stamp<Route>(wire, nullptr);
    m_routes[wire.id()] = wire;
    return text(wire.id());
}

void ConsoleStore::remove(ConsoleDouble::Kind kind, const QString& id)
{
    const std::lock_guard lock(m_mutex);
    if (kind == ConsoleDouble::Kind::Policy) {
        m_policies.erase(id.toStdString());
    } else {
        m_routes.erase(id.toStdString());
    }
}

std::vector<ConsoleObject> ConsoleStore::objects(ConsoleDouble::Kind kind) const
{
    const std::lock_guard lock(m_mutex);
    std::vector<ConsoleObject> out;
    if (kind == ConsoleDouble::Kind::Policy) {
        for (const auto& [id, policy] : m_policies) {
            out.push_back(objectOf(policy));
        }
    } else {
        for (const auto& [id, route] : m_routes) {
            out.push_back(objectOf(route));
        }
    }
    std::sort(out.begin(), out.end(),
        [](const ConsoleObject& a, const ConsoleObject& b) { return a.name < b.name; });
    return out;
}

} // namespace portreeve::test
