// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/consoledevicestore.h"

#include "tests/support/madeupdevices.h"

#include <QUrl>
#include <QUrlQuery>
#include <QUuid>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {

using grpc::Status;
namespace wire = pomerium::dashboard;

constexpr std::int64_t kIssuedAt = 1'767'139'200;
constexpr std::int64_t kExpiresAt = 1'767'225'600;
constexpr auto kAccount = "sa-1";

Status unknownDevice()
{
    return { grpc::StatusCode::NOT_FOUND, "record not found" };
}

QString asText(const std::string& value)
{
    return QString::fromStdString(value);
}

std::string linkOf(const wire::CreateDeviceEnrollmentRequest& request, bool hidesEnd)
{
    QUrl url(asText(request.route_url()) + u"/.pomerium/webauthn"_s);
    QUrlQuery query;
    query.addQueryItem(u"pomerium_device_type"_s, asText(request.enrollment().device_type_id()));
    query.addQueryItem(u"pomerium_enrollment_token"_s, u"planted-link-7c1e"_s);
    if (!hidesEnd) {
        query.addQueryItem(u"pomerium_expiry"_s, QString::number(kExpiresAt));
        query.addQueryItem(u"pomerium_issued"_s, QString::number(kIssuedAt));
    }
    query.addQueryItem(u"pomerium_redirect_uri"_s,
        QString::fromLatin1(QUrl::toPercentEncoding(asText(request.redirect_url()))));
    url.setQuery(query);
    return url.toString(QUrl::FullyEncoded).toStdString();
}

void approveNow(wire::DeviceEnrollment& enrollment)
{
    enrollment.set_approved_by_user_id(kAccount);
    enrollment.mutable_approved_at()->set_seconds(kIssuedAt);
}

} // namespace

void ConsoleDeviceStore::list(wire::ListDevicesResponse& out) const
{
    const std::lock_guard lock(m_mutex);
    for (const auto& device : m_devices) {
        auto& told = *out.add_devices();
        told = device;
        const auto& user = device.has_enrollment() ? device.enrollment().user_id()
                                                   : device.credential().user_id();
        if (const auto name = m_names.find(user); name != m_names.end()) {
            told.set_user_name(name->second);
        }
        if (!device.enrollment().approved_by_user_id().empty()) {
            told.set_approved_by_user_name("Deployment robot");
        }
    }
}

void ConsoleDeviceStore::listTypes(wire::ListDeviceTypesResponse& out) const
{
    const std::lock_guard lock(m_mutex);
    for (const auto& type : m_types) {
        *out.add_types() = type;
    }
}

Status ConsoleDeviceStore::create(const wire::CreateDeviceEnrollmentRequest& request,
    const ConsoleFaults& faults, wire::CreateDeviceEnrollmentResponse& out)
{
    const std::lock_guard lock(m_mutex);
    if (m_created == faults.failsAfterEnrollments) {
        return { grpc::StatusCode::UNAVAILABLE, "connection refused" };
    }
    if (request.enrollment().user_id().empty() || request.route_url().empty()
        || request.redirect_url().empty()) {
        return { grpc::StatusCode::INVALID_ARGUMENT, "user, route and redirect are needed" };
    }
    ++m_created;
    Device device;
    auto& enrollment = *device.mutable_enrollment();
    enrollment = request.enrollment();
    enrollment.set_id(QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString());
    if (!faults.enrollsInstead.isEmpty()) {
        enrollment.set_user_id(faults.enrollsInstead.toStdString());
    }
    approveNow(enrollment);
    m_devices.push_back(device);
    *out.mutable_enrollment() = enrollment;
    out.set_enrollment_url(linkOf(request, faults.hidesLinkEnd));
    return Status::OK;
}

template <typename Request>
std::vector<ConsoleDeviceStore::Device>::iterator ConsoleDeviceStore::find(const Request& request)
{
    return std::ranges::find_if(m_devices, [&request](const Device& device) {
        return request.has_credential_id() ? device.credential().id() == request.credential_id()
                                           : device.enrollment().id() == request.enrollment_id();
    });
}

Status ConsoleDeviceStore::approve(const wire::ApproveDeviceRequest& request)
{
    const std::lock_guard lock(m_mutex);
    const auto device = find(request);
    if (device == m_devices.end()) {
        return unknownDevice();
    }
    approveNow(*device->mutable_enrollment());
    return Status::OK;
}

Status ConsoleDeviceStore::remove(const wire::DeleteDeviceRequest& request, bool keepsEnrollment)
{
    const std::lock_guard lock(m_mutex);
    const auto device = find(request);
    if (device == m_devices.end()) {
        return unknownDevice();
    }
    if (keepsEnrollment && request.has_credential_id()) {
        device->clear_credential();
    } else {
        m_devices.erase(device);
    }
    return Status::OK;
}

void ConsoleDeviceStore::addType(const QString& id, const QString& name)
{
    const std::lock_guard lock(m_mutex);
    auto& type = m_types.emplace_back();
    type.set_id(id.toStdString());
    type.set_name(name.toStdString());
}

void ConsoleDeviceStore::namePerson(const QString& id, const QString& name)
{
    const std::lock_guard lock(m_mutex);
    m_names[id.toStdString()] = name.toStdString();
}

void ConsoleDeviceStore::enroll(Device& device, const QString& credentialId)
{
    auto& enrollment = *device.mutable_enrollment();
    enrollment.set_device_credential_id(credentialId.toStdString());
    enrollment.mutable_enrolled_at()->set_seconds(kIssuedAt);
    enrollment.set_user_agent("Mozilla/5.0 (X11; Linux x86_64)");
    auto& credential = *device.mutable_credential();
    credential.set_id(credentialId.toStdString());
    credential.set_device_type_id(enrollment.device_type_id());
    credential.set_device_enrollment_id(enrollment.id());
    credential.set_user_id(enrollment.user_id());
    credential.mutable_webauthn()->set_register_response(
        registerResponse(u"packed"_s).toStdString());
}

void ConsoleDeviceStore::addDevice(
    const QString& enrollmentId, const QString& credentialId, const QString& userId)
{
    const std::lock_guard lock(m_mutex);
    auto& device = m_devices.emplace_back();
    device.mutable_enrollment()->set_id(enrollmentId.toStdString());
    device.mutable_enrollment()->set_user_id(userId.toStdString());
    device.mutable_enrollment()->set_device_type_id("any");
    enroll(device, credentialId);
}

ConsoleDeviceStore::Device* ConsoleDeviceStore::byEnrollment(const QString& id)
{
    const auto found = std::ranges::find_if(
        m_devices, [&id](const Device& device) { return asText(device.enrollment().id()) == id; });
    return found == m_devices.end() ? nullptr : &*found;
}

void ConsoleDeviceStore::use(const QString& enrollmentId, const QString& credentialId)
{
    const std::lock_guard lock(m_mutex);
    if (auto* device = byEnrollment(enrollmentId)) {
        enroll(*device, credentialId);
    }
}

void ConsoleDeviceStore::dropEnrollment(const QString& id)
{
    const std::lock_guard lock(m_mutex);
    if (auto* device = byEnrollment(id)) {
        device->clear_enrollment();
    }
}

void ConsoleDeviceStore::dropCredential(const QString& enrollmentId)
{
    const std::lock_guard lock(m_mutex);
    if (auto* device = byEnrollment(enrollmentId)) {
        device->clear_credential();
    }
}

QStringList ConsoleDeviceStore::enrollmentIds() const
{
    const std::lock_guard lock(m_mutex);
    QStringList ids;
    for (const auto& device : m_devices) {
        ids.append(asText(device.enrollment().id()));
    }
    return ids;
}

bool ConsoleDeviceStore::isApproved(const QString& enrollmentId) const
{
    const std::lock_guard lock(m_mutex);
    return std::ranges::any_of(m_devices, [&enrollmentId](const Device& device) {
        return asText(device.enrollment().id()) == enrollmentId
            && !device.enrollment().approved_by_user_id().empty();
    });
}

} // namespace portreeve::test
