// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/console/consoledeviceclient.h"

#include "core/proxy/console/consolecalls.h"
#include "core/proxy/console/consoleclient.h"
#include "core/proxy/databroker/databrokerchannel.h"
#include "core/proxy/databroker/recordwire.h"
#include "core/proxy/databroker/typedrecord.h"

#include <QUrl>

#include <consoledevices.grpc.pb.h>
#include <device.pb.h>
#include <user.pb.h>

#include <map>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

namespace wire = pomerium::dashboard;

/// The list comes in one answer, with what browsers sent at each registration and verification:
/// some kilobytes a device.
constexpr int kMaxListBytes = 256 * 1024 * 1024;

QString text(const std::string& value)
{
    return QString::fromStdString(value);
}

pomerium::device::Enrollment enrollmentOf(
    const wire::DeviceEnrollment& theirs, const std::string& approvedBy)
{
    pomerium::device::Enrollment out;
    out.set_id(theirs.id());
    out.set_user_id(theirs.user_id());
    out.set_type_id(theirs.device_type_id());
    out.set_credential_id(theirs.device_credential_id());
    out.set_approved_by(approvedBy);
    out.set_user_agent(theirs.user_agent());
    out.set_ip_address(theirs.ip_address());
    if (theirs.has_enrolled_at()) {
        *out.mutable_enrolled_at() = theirs.enrolled_at();
    }
    return out;
}

/// Who approved it, for people: an id where no name is known, and never empty for an approved one.
std::string approverOf(const wire::DeviceEnrollment& enrollment, const std::string& name)
{
    if (!name.empty() || !enrollment.approved_by_user_id().empty()) {
        return name.empty() ? enrollment.approved_by_user_id() : name;
    }
    return enrollment.has_approved_at() ? "?" : "";
}

pomerium::device::Credential credentialOf(const wire::DeviceCredential& theirs)
{
    pomerium::device::Credential out;
    out.set_id(theirs.id());
    out.set_type_id(theirs.device_type_id());
    out.set_enrollment_id(theirs.device_enrollment_id());
    out.set_user_id(theirs.user_id());
    const auto& from = theirs.webauthn();
    auto& to = *out.mutable_webauthn();
    to.set_id(from.id());
    to.set_public_key(from.public_key());
    to.set_register_options(from.register_options());
    to.set_register_response(from.register_response());
    *to.mutable_authenticate_response() = from.authenticate_response();
    return out;
}

/// The records a proxy would keep, each once although many rows name the same person and type.
class Records
{
public:
    void add(const wire::ListDevicesResponse::Device& row)
    {
        const auto& user = row.has_enrollment() && !row.enrollment().user_id().empty()
            ? row.enrollment().user_id()
            : row.credential().user_id();
        if (!row.enrollment().id().empty()) {
            put(recordtype::kEnrollment, row.enrollment().id(),
                enrollmentOf(
                    row.enrollment(), approverOf(row.enrollment(), row.approved_by_user_name())));
        }
        if (!row.credential().id().empty()) {
            put(recordtype::kCredential, row.credential().id(), credentialOf(row.credential()));
        }
        if (!user.empty() && !row.user_name().empty()) {
            user::User out;
            out.set_id(user);
            out.set_name(row.user_name());
            put(recordtype::kUser, user, out);
        }
        if (!row.type().id().empty()) {
            add({ .id = text(row.type().id()), .name = text(row.type().name()) });
        }
    }

    void add(const DeviceTypeData& type)
    {
        pomerium::device::Type out;
        out.set_id(type.id.toStdString());
        out.set_name(type.name.toStdString());
        put(recordtype::kDeviceType, out.id(), out);
    }

    std::vector<DatabrokerRecord> take()
    {
        std::vector<DatabrokerRecord> out;
        out.reserve(m_records.size());
        for (auto& [key, record] : m_records) {
            out.push_back(std::move(record));
        }
        return out;
    }

private:
    template <typename Wire>
    void put(QLatin1StringView type, const std::string& id, const Wire& data)
    {
        m_records.insert_or_assign(std::pair(type.latin1(), id), typedRecord(type, text(id), data));
    }

    std::map<std::pair<std::string, std::string>, DatabrokerRecord> m_records;
};

/// Whether it is what was asked for: a link for somebody else must not be handed out.
bool isAnswerTo(
    const ConsoleEnrollmentOrder& order, const wire::CreateDeviceEnrollmentResponse& answer)
{
    const QUrl url(text(answer.enrollment_url()), QUrl::StrictMode);
    return !answer.enrollment().id().empty() && text(answer.enrollment().user_id()) == order.userId
        && text(answer.enrollment().device_type_id()) == order.typeId && url.isValid()
        && url.scheme() == u"https" && !url.host().isEmpty();
}

/// What is explained for policies and routes, where that does not fit devices.
Error aboutDevices(Error error, const QString& address)
{
    if (error.code == ErrorCode::Timeout) {
        error.remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Check the network and the load of the console, then try again."));
    } else if (error.code == ErrorCode::NotFound) {
        error.remedy = message(QT_TRANSLATE_NOOP(
            "Message", "List the devices again: somebody else may have deleted it."));
    } else if (error.code == ErrorCode::LimitExceeded) {
        error.what = message(QT_TRANSLATE_NOOP("Message",
                                 "The console behind %1 lists more devices than fit one answer."),
            address);
        error.remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Delete devices that nobody uses any more in the console, then try again."));
    }
    return error;
}

} // namespace

struct ConsoleDeviceClient::Private
{
    ConsoleCalls calls;
    std::unique_ptr<wire::DeviceService::Stub> devices;
    std::unique_ptr<ConsoleClient> routes;

    template <typename Request, typename Response>
    Result<Response> call(const char* method,
        grpc::Status (wire::DeviceService::Stub::*member)(
            grpc::ClientContext*, const Request&, Response*),
        const Request& request, const std::stop_token& stop) const
    {
        auto answer = calls.make(method, *devices, member, request, stop);
        return answer ? std::move(answer)
                      : Result<Response>(aboutDevices(answer.error(), calls.endpoint.address()));
    }

    Result<void> remove(const wire::DeleteDeviceRequest& request, const std::stop_token& stop) const
    {
        const auto answer
            = call("DeleteDevice", &wire::DeviceService::Stub::DeleteDevice, request, stop);
        return answer ? Result<void>() : answer.error();
    }
};

Result<std::unique_ptr<ConsoleDeviceClient>> ConsoleDeviceClient::open(
    const DatabrokerEndpoint& endpoint, DatabrokerClient::TokenMint mint, const Clock& clock)
{
    const auto channel = openChannel(endpoint, kMaxListBytes);
    auto routes = ConsoleClient::open(endpoint, mint, clock);
    if (!channel || !routes) {
        return channel ? routes.error() : channel.error();
    }
    auto d = std::make_unique<Private>(Private { .calls
        = { .endpoint = endpoint, .mint = std::move(mint), .clock = clock, .channel = *channel },
        .devices = wire::DeviceService::NewStub(*channel),
        .routes = *std::move(routes) });
    return std::unique_ptr<ConsoleDeviceClient>(new ConsoleDeviceClient(std::move(d)));
}

ConsoleDeviceClient::ConsoleDeviceClient(std::unique_ptr<Private> d)
    : m_d(std::move(d))
{
}

ConsoleDeviceClient::~ConsoleDeviceClient() = default;

Result<std::vector<DatabrokerRecord>> ConsoleDeviceClient::records(
    const std::stop_token& stop) const
{
    const auto known = types(stop);
    if (!known) {
        return known.error();
    }
    const auto devices = m_d->call(
        "ListDevices", &wire::DeviceService::Stub::ListDevices, wire::ListDevicesRequest(), stop);
    if (!devices) {
        return devices.error();
    }
    Records records;
    for (const auto& row : devices->devices()) {
        records.add(row);
    }
    for (const auto& type : *known) {
        records.add(type);
    }
    return records.take();
}

Result<std::vector<DeviceTypeData>> ConsoleDeviceClient::types(const std::stop_token& stop) const
{
    const auto answer = m_d->call("ListDeviceTypes", &wire::DeviceService::Stub::ListDeviceTypes,
        wire::ListDeviceTypesRequest(), stop);
    if (!answer) {
        return answer.error();
    }
    std::vector<DeviceTypeData> out;
    for (const auto& type : answer->types()) {
        out.push_back({ .id = text(type.id()), .name = text(type.name()) });
    }
    return out;
}

Result<std::vector<QString>> ConsoleDeviceClient::routeAddresses(const std::stop_token& stop) const
{
    const auto routes = m_d->routes->list<ConsoleRoute>({}, stop);
    if (!routes) {
        return routes.error();
    }
    std::vector<QString> out;
    out.reserve(routes->size());
    for (const auto& route : *routes) {
        out.push_back(text(route.from()));
    }
    return out;
}

Result<ConsoleEnrollment> ConsoleDeviceClient::enroll(
    const ConsoleEnrollmentOrder& order, const std::stop_token& stop) const
{
    wire::CreateDeviceEnrollmentRequest request;
    request.mutable_enrollment()->set_user_id(order.userId.toStdString());
    request.mutable_enrollment()->set_device_type_id(order.typeId.toStdString());
    request.set_route_url(order.routeUrl.toStdString());
    request.set_redirect_url(order.redirectUrl.toStdString());
    const auto answer = m_d->call("CreateDeviceEnrollment",
        &wire::DeviceService::Stub::CreateDeviceEnrollment, request, stop);
    if (!answer) {
        return answer.error();
    }
    if (!isAnswerTo(order, *answer)) {
        return Error { .code = ErrorCode::BadResponse,
            .what = message(QT_TRANSLATE_NOOP("Message",
                                "The console behind %1 did not answer with a link for the person "
                                "and the device type that were asked for."),
                m_d->calls.endpoint.address()),
            .remedy = message(QT_TRANSLATE_NOOP("Message",
                "Look at the list of devices for an enrollment that should not be there, and "
                "revoke it.")) };
    }
    const auto& kept = answer->enrollment();
    return ConsoleEnrollment { .enrollment = { .id = text(kept.id()),
                                   .userId = text(kept.user_id()),
                                   .approvedBy = text(approverOf(kept, {})),
                                   .typeId = text(kept.device_type_id()) },
        .url = text(answer->enrollment_url()) };
}

Result<void> ConsoleDeviceClient::approve(
    const QString& enrollmentId, const std::stop_token& stop) const
{
    wire::ApproveDeviceRequest request;
    request.set_enrollment_id(enrollmentId.toStdString());
    const auto answer = m_d->calls.make(
        "ApproveDevice", *m_d->devices, &wire::DeviceService::Stub::ApproveDevice, request, stop);
    return answer ? Result<void>() : answer.error();
}

Result<void> ConsoleDeviceClient::removeEnrollment(
    const QString& id, const std::stop_token& stop) const
{
    wire::DeleteDeviceRequest request;
    request.set_enrollment_id(id.toStdString());
    return m_d->remove(request, stop);
}

Result<void> ConsoleDeviceClient::removeCredential(
    const QString& id, const std::stop_token& stop) const
{
    wire::DeleteDeviceRequest request;
    request.set_credential_id(id.toStdString());
    return m_d->remove(request, stop);
}

} // namespace portreeve
