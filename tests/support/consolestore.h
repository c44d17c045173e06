// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/consoledouble.h"

#include <console.pb.h>
#include <grpcpp/support/status.h>

#include <map>
#include <mutex>

namespace portreeve::test {

/// What a ConsoleDouble keeps, with the rules of the public protos. Safe from any thread.
class ConsoleStore
{
public:
    using Policy = pomerium::dashboard::Policy;
    using Route = pomerium::dashboard::Route;
    using Policies = google::protobuf::RepeatedPtrField<Policy>;
    using Routes = google::protobuf::RepeatedPtrField<Route>;

    void addNamespace(const QString& id, const QString& name);
    void hideNamespaces();
    void enforce(const QString& policyId);
    pomerium::dashboard::ListNamespacesResponse namespaces() const;

    /// @return how many there are in all
    std::int64_t listPolicies(
        const pomerium::dashboard::ListPoliciesRequest& request, int missing, Policies& out) const;
    std::int64_t listRoutes(
        const pomerium::dashboard::ListRoutesRequest& request, int missing, Routes& out) const;
    grpc::Status getPolicy(const std::string& id, Policy& out) const;
    grpc::Status getRoute(const std::string& id, Route& out) const;
    grpc::Status setPolicy(Policy given, Policy& out);
    grpc::Status setRoute(Route given, Route& out);
    grpc::Status deletePolicy(const pomerium::dashboard::DeletePolicyRequest& request);
    grpc::Status deleteRoute(const std::string& id);

    QString put(ConsoleDouble::Kind kind, const ConsoleObject& object);
    void remove(ConsoleDouble::Kind kind, const QString& id);
    std::vector<ConsoleObject> objects(ConsoleDouble::Kind kind) const;

private:
    template <typename Wire> using Kept = std::map<std::string, Wire>;

    template <typename Wire> grpc::Status keep(Kept<Wire>& kept, Wire& given);
    template <typename Wire> void stamp(Wire& wire, const Wire* before);
    Policy told(Policy policy) const; ///< with what is computed
    Route told(Route route) const;
    bool hasNamespace(const std::string& id) const;

    mutable std::recursive_mutex m_mutex;
    pomerium::dashboard::ListNamespacesResponse m_namespaces;
    Kept<Policy> m_policies;
    Kept<Route> m_routes;
    std::vector<std::string> m_enforced;
    std::int64_t m_now = 1'760'000'000; // seconds; one more with each write
    mutable int m_turn = 0; // of unknown fields in answers
};

} // namespace portreeve::test
