// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/consoledouble.h"

#include "tests/support/consoledevicestore.h"
#include "tests/support/consolestore.h"
#include "tests/support/databrokerdouble.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QMessageAuthenticationCode>

#include <console.grpc.pb.h>
#include <consoledevices.grpc.pb.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <thread>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve::test {

namespace {

namespace wire = pomerium::dashboard;
using Status = grpc::Status;
using Context = grpc::ServerContext;

QByteArray fromUrlSafe(const QByteArray& text)
{
    return QByteArray::fromBase64(text, QByteArray::Base64UrlEncoding);
}

bool isBootstrapToken(const QByteArray& token)
{
    const auto parts = token.split('.');
    if (parts.size() != 3
        || QMessageAuthenticationCode::hash(
               parts[0] + '.' + parts[1], DatabrokerDouble::secret(), QCryptographicHash::Sha256)
            != fromUrlSafe(parts[2])) {
        return false;
    }
    const auto claims = QJsonDocument::fromJson(fromUrlSafe(parts[1])).object();
    const QStringList expected { u"iat"_s, u"jti"_s, u"nbf"_s, u"sub"_s };
    const QString id = u"014e587b-3f4b-4fcf-90a9-f6ecdf8154af"_s;
    const QString subject = u"bootstrap-"_s + id + u".pomerium"_s;
    return claims.keys() == expected && claims.value(u"jti").toString() == id
        && claims.value(u"sub").toString() == subject;
}

/// Tokens, faults and the log of calls, before anything is done.
class Gate
{
public:
    Status enter(Context& context, const google::protobuf::Message& request, const char* method)
    {
        ConsoleFaults now;
        bool isBootstrapAllowed = false;
        {
            const std::lock_guard lock(m_mutex);
            m_calls.append(QString::fromLatin1(method));
            now = m_faults;
            isBootstrapAllowed = m_allowsBootstrap;
        }
        const auto wakeAt = std::chrono::steady_clock::now() + now.delay;
        while (std::chrono::steady_clock::now() < wakeAt && !context.IsCancelled()) {
            std::this_thread::sleep_for(5ms);
        }
        if (now.isUnimplemented) {
            return { grpc::StatusCode::UNIMPLEMENTED, "unknown service" };
        }
        if (const auto size = request.ByteSizeLong(); size > now.maxMessageBytes) {
            return { grpc::StatusCode::RESOURCE_EXHAUSTED,
                "grpc: received message larger than max (" + std::to_string(size) + ")" };
        }
        if (!now.unauthenticated.isEmpty()) {
            return { grpc::StatusCode::UNAUTHENTICATED, now.unauthenticated.toStdString() };
        }
        if (!isKnown(context, isBootstrapAllowed)) {
            return { grpc::StatusCode::UNAUTHENTICATED, "invalid token" };
        }
        const auto name = QByteArrayView(method);
        const bool isRead = name.startsWith("List") || name.startsWith("Get");
        if (!now.forbiddenWrites.isEmpty() && !isRead) {
            return { grpc::StatusCode::PERMISSION_DENIED, now.forbiddenWrites.toStdString() };
        }
        if (now.beforeSet && name.startsWith("Set")) {
            now.beforeSet();
        }
        return Status::OK;
    }

    /// The end of a Set.
    Status leave()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_faults.losesAnswerOfNextSet, false)
            ? Status(grpc::StatusCode::UNAVAILABLE, "connection reset")
            : Status::OK;
    }

    int missingOfLists() const { return faults().missingOfLists; }

    ConsoleFaults faults() const
    {
        const std::lock_guard lock(m_mutex);
        return m_faults;
    }

    void setFaults(ConsoleFaults faults)
    {
        const std::lock_guard lock(m_mutex);
        m_faults = std::move(faults);
    }

    void allowBootstrap(bool allowed)
    {
        const std::lock_guard lock(m_mutex);
        m_allowsBootstrap = allowed;
    }

    QStringList calls() const
    {
        const std::lock_guard lock(m_mutex);
        return m_calls;
    }

    void forgetCalls()
    {
        const std::lock_guard lock(m_mutex);
        m_calls.clear();
    }

private:
    static bool isKnown(const Context& context, bool isBootstrapAllowed)
    {
        const auto found = context.client_metadata().find("authorization");
        if (found == context.client_metadata().end()) {
            return false;
        }
        const QByteArray value(found->second.data(), qsizetype(found->second.size()));
        return value == "Pomerium " + ConsoleDouble::token()
            || (isBootstrapAllowed && value.startsWith("Pomerium ")
                && isBootstrapToken(value.mid(9)));
    }

    mutable std::mutex m_mutex;
    ConsoleFaults m_faults;
    bool m_allowsBootstrap = false;
    QStringList m_calls;
};

class PolicyDesk final : public wire::PolicyService::Service
{
public:
    PolicyDesk(Gate& gate, ConsoleStore& store)
        : m_gate(gate)
        , m_store(store)
    {
    }

private:
    Status ListPolicies(Context* context, const wire::ListPoliciesRequest* request,
        wire::ListPoliciesResponse* response) override
    {
        const auto entered = m_gate.enter(*context, *request, "ListPolicies");
        if (entered.ok()) {
            response->set_total_count(m_store.listPolicies(
                *request, m_gate.missingOfLists(), *response->mutable_policies()));
        }
        return entered;
    }

    Status GetPolicy(Context* context, const wire::GetPolicyRequest* request,
        wire::GetPolicyResponse* response) override
    {
        const auto entered = m_gate.enter(*context, *request, "GetPolicy");
        return entered.ok() ? m_store.getPolicy(request->id(), *response->mutable_policy())
                            : entered;
    }

    Status SetPolicy(Context* context, const wire::SetPolicyRequest* request,
        wire::SetPolicyResponse* response) override
    {
        if (auto entered = m_gate.enter(*context, *request, "SetPolicy"); !entered.ok()) {
            return entered;
        }
        const auto done = m_store.setPolicy(request->policy(), *response->mutable_policy());
        return done.ok() ? m_gate.leave() : done;
    }

    Status DeletePolicy(Context* context, const wire::DeletePolicyRequest* request,
        wire::DeletePolicyResponse* /*response*/) override
    {
        const auto entered = m_gate.enter(*context, *request, "DeletePolicy");
        return entered.ok() ? m_store.deletePolicy(*request) : entered;
    }

    Gate& m_gate;
    ConsoleStore& m_store;
};

class RouteDesk final : public wire::RouteService::Service
{
public:
    RouteDesk(Gate& gate, ConsoleStore& store)
        : m_gate(gate)
        , m_store(store)
    {
    }

private:
    Status ListRoutes(Context* context, const wire::ListRoutesRequest* request,
        wire::ListRoutesResponse* response) override
    {
        const auto entered = m_gate.enter(*context, *request, "ListRoutes");
        if (entered.ok()) {
            response->set_total_count(
                m_store.listRoutes(*request, m_gate.missingOfLists(), *response->mutable_routes()));
        }
        return entered;
    }

    Status GetRoute(Context* context, const wire::GetRouteRequest* request,
        wire::GetRouteResponse* response) override
    {
        const auto entered = m_gate.enter(*context, *request, "GetRoute");
        return entered.ok() ? m_store.getRoute(request->id(), *response->mutable_route()) : entered;
    }

    Status SetRoute(Context* context, const wire::SetRouteRequest* request,
        wire::SetRouteResponse* response) override
    {
        if (auto entered = m_gate.enter(*context, *request, "SetRoute"); !entered.ok()) {
            return entered;
        }
        const auto done = m_store.setRoute(request->route(), *response->mutable_route());
        return done.ok() ? m_gate.leave() : done;
    }

    Status DeleteRoute(Context* context, const wire::DeleteRouteRequest* request,
        wire::DeleteRouteResponse* /*response*/) override
    {
        const auto entered = m_gate.enter(*context, *request, "DeleteRoute");
        return entered.ok() ? m_store.deleteRoute(request->id()) : entered;
    }

    Gate& m_gate;
    ConsoleStore& m_store;
};

class NamespaceDesk final : public wire::NamespaceService::Service
{
public:
    NamespaceDesk(Gate& gate, ConsoleStore& store)
        : m_gate(gate)
        , m_store(store)
    {
    }

private:
    Status ListNamespaces(Context* context, const wire::ListNamespacesRequest* request,
        wire::ListNamespacesResponse* response) override
    {
        const auto entered = m_gate.enter(*context, *request, "ListNamespaces");
        if (entered.ok()) {
            *response = m_store.namespaces();
        }
        return entered;
    }

    Gate& m_gate;
    ConsoleStore& m_store;
};

class DeviceDesk final : public wire::DeviceService::Service
{
public:
    DeviceDesk(Gate& gate, ConsoleDeviceStore& store)
        : m_gate(gate)
        , m_store(store)
    {
    }

private:
    Status ListDevices(Context* context, const wire::ListDevicesRequest* request,
        wire::ListDevicesResponse* response) override
    {
        const auto entered = m_gate.enter(*context, *request, "ListDevices");
        if (entered.ok()) {
            m_store.list(*response);
        }
        return entered;
    }

    Status ListDeviceTypes(Context* context, const wire::ListDeviceTypesRequest* request,
        wire::ListDeviceTypesResponse* response) override
    {
        const auto entered = m_gate.enter(*context, *request, "ListDeviceTypes");
        if (entered.ok()) {
            m_store.listTypes(*response);
        }
        return entered;
    }

    Status CreateDeviceEnrollment(Context* context,
        const wire::CreateDeviceEnrollmentRequest* request,
        wire::CreateDeviceEnrollmentResponse* response) override
    {
        const auto entered = m_gate.enter(*context, *request, "CreateDeviceEnrollment");
        return entered.ok() ? m_store.create(*request, m_gate.faults(), *response) : entered;
    }

    Status ApproveDevice(Context* context, const wire::ApproveDeviceRequest* request,
        google::protobuf::Empty* /*response*/) override
    {
        const auto entered = m_gate.enter(*context, *request, "ApproveDevice");
        return entered.ok() ? m_store.approve(*request) : entered;
    }

    Status DeleteDevice(Context* context, const wire::DeleteDeviceRequest* request,
        google::protobuf::Empty* /*response*/) override
    {
        const auto entered = m_gate.enter(*context, *request, "DeleteDevice");
        const auto faults = m_gate.faults();
        return !entered.ok() || faults.keepsDevices
            ? entered
            : m_store.remove(*request, faults.keepsEnrollments);
    }

    Gate& m_gate;
    ConsoleDeviceStore& m_store;
};

} // namespace

struct ConsoleDouble::Private
{
    Gate gate;
    ConsoleStore store;
    PolicyDesk policies { gate, store };
    RouteDesk routes { gate, store };
    NamespaceDesk namespaces { gate, store };
    ConsoleDeviceStore kept;
    DeviceDesk devices { gate, kept };
    std::unique_ptr<grpc::Server> server;
    int port = 0;
};

ConsoleDouble::ConsoleDouble()
    : m_d(std::make_unique<Private>())
{
    m_d->store.addNamespace(kGlobal, u"Global"_s);
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &m_d->port);
    builder.SetMaxReceiveMessageSize(-1); // the gate answers in the words of a Go server
    builder.RegisterService(&m_d->policies);
    builder.RegisterService(&m_d->routes);
    builder.RegisterService(&m_d->namespaces);
    builder.RegisterService(&m_d->devices);
    m_d->server = builder.BuildAndStart();
    if (!m_d->server) {
        qFatal("no port on 127.0.0.1");
    }
}

ConsoleDouble::~ConsoleDouble()
{
    m_d->server->Shutdown(std::chrono::system_clock::now());
    m_d->server->Wait();
}

DatabrokerEndpoint ConsoleDouble::endpoint() const
{
    return { .host = u"127.0.0.1"_s, .port = m_d->port };
}

QByteArray ConsoleDouble::token()
{
    return "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiJzYS0xIn0.cGxhbnRlZC00MWQ3";
}

void ConsoleDouble::allowBootstrap(bool allowed)
{
    m_d->gate.allowBootstrap(allowed);
}

void ConsoleDouble::setFaults(ConsoleFaults faults)
{
    m_d->gate.setFaults(std::move(faults));
}

void ConsoleDouble::addNamespace(const QString& id, const QString& name)
{
    m_d->store.addNamespace(id, name);
}

void ConsoleDouble::hideNamespaces()
{
    m_d->store.hideNamespaces();
}

void ConsoleDouble::enforce(const QString& policyId)
{
    m_d->store.enforce(policyId);
}

QString ConsoleDouble::put(Kind kind, const ConsoleObject& object)
{
    return m_d->store.put(kind, object);
}

void ConsoleDouble::remove(Kind kind, const QString& id)
{
    m_d->store.remove(kind, id);
}

std::vector<ConsoleObject> ConsoleDouble::objects(Kind kind) const
{
    return m_d->store.objects(kind);
}

std::optional<ConsoleObject> ConsoleDouble::named(Kind kind, const QString& name) const
{
    for (const auto& object : objects(kind)) {
        if (object.name == name) {
            return object;
        }
    }
    return std::nullopt;
}

ConsoleDeviceStore& ConsoleDouble::devices()
{
    return m_d->kept;
}

QStringList ConsoleDouble::calls() const
{
    return m_d->gate.calls();
}

QStringList ConsoleDouble::writes() const
{
    auto out = calls();
    out.removeIf([](const QString& call) {
        return call.startsWith(u"List"_s) || call.startsWith(u"Get"_s);
    });
    return out;
}

void ConsoleDouble::forgetCalls()
{
    m_d->gate.forgetCalls();
}

} // namespace portreeve::test
