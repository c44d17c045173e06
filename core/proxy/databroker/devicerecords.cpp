// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/devicerecords.h"

#include "core/proxy/databroker/recordwire.h"
#include "core/proxy/databroker/typedrecord.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <device.pb.h>
#include <google/protobuf/util/json_util.h>
#include <session.pb.h>
#include <user.pb.h>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

using Claims = google::protobuf::Map<std::string, google::protobuf::ListValue>;

Error damaged(const DatabrokerRecord& record)
{
    return { .code = ErrorCode::BadResponse,
        .what = message(QT_TRANSLATE_NOOP("Message", "The record %1 of type %2 is damaged."),
            record.id, record.type),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Another program wrote it. Delete it there, or leave it: nothing else depends on "
            "it.")) };
}

QByteArray bytes(const std::string& value)
{
    return QByteArray::fromStdString(value);
}

QString text(const std::string& value)
{
    return QString::fromStdString(value);
}

QString emailClaim(const Claims& claims)
{
    const auto found = claims.find("email");
    if (found == claims.end() || found->second.values().empty()) {
        return {};
    }
    return text(found->second.values(0).string_value());
}

template <typename Wire> QJsonObject allFields(const DatabrokerRecord& record)
{
    const auto wire = unpack<Wire>(record);
    google::protobuf::util::JsonPrintOptions options;
    options.preserve_proto_field_names = true;
    std::string json;
    const bool isPrinted
        = wire && google::protobuf::util::MessageToJsonString(*wire, &json, options).ok();
    return isPrinted ? QJsonDocument::fromJson(bytes(json)).object() : QJsonObject();
}

/// What base64 says where that is JSON, else the base64.
QJsonValue opened(const QJsonValue& value)
{
    if (value.isArray()) {
        QJsonArray all;
        for (const auto& one : value.toArray()) {
            all.append(opened(one));
        }
        return all;
    }
    const auto inner = QJsonDocument::fromJson(QByteArray::fromBase64(value.toString().toLatin1()));
    return inner.isObject() ? QJsonValue(inner.object()) : value;
}

} // namespace

DatabrokerRecord toRecord(const EnrollmentData& data)
{
    pomerium::device::Enrollment wire;
    wire.set_id(data.id.toStdString());
    wire.set_user_id(data.userId.toStdString());
    wire.set_approved_by(data.approvedBy.toStdString());
    wire.set_user_agent(data.userAgent.toStdString());
    wire.set_ip_address(data.ipAddress.toStdString());
    wire.set_type_id(data.typeId.toStdString());
    wire.set_credential_id(data.credentialId.toStdString());
    if (data.enrolledAt) {
        toWire(*data.enrolledAt, *wire.mutable_enrolled_at());
    }
    return typedRecord(recordtype::kEnrollment, data.id, wire);
}

DatabrokerRecord toRecord(const ServiceAccountData& data)
{
    user::ServiceAccount wire;
    wire.set_id(data.id.toStdString());
    wire.set_user_id(data.userId.toStdString());
    if (data.issuedAt) {
        toWire(*data.issuedAt, *wire.mutable_issued_at());
    }
    if (data.expiresAt) {
        toWire(*data.expiresAt, *wire.mutable_expires_at());
    }
    return typedRecord(recordtype::kServiceAccount, data.id, wire);
}

DatabrokerRecord approvalPatch(const QString& enrollmentId, const QString& approvedBy)
{
    pomerium::device::Enrollment wire;
    wire.set_id(enrollmentId.toStdString());
    wire.set_approved_by(approvedBy.toStdString());
    return typedRecord(recordtype::kEnrollment, enrollmentId, wire);
}

DatabrokerRecord userDevicesPatch(const QString& userId, const QStringList& deviceCredentialIds)
{
    user::User wire;
    wire.set_id(userId.toStdString());
    for (const auto& id : deviceCredentialIds) {
        wire.add_device_credential_ids(id.toStdString());
    }
    return typedRecord(recordtype::kUser, userId, wire);
}

DatabrokerRecord sessionDevicesPatch(
    const QString& sessionId, const std::vector<SessionDevice>& devices)
{
    session::Session wire;
    wire.set_id(sessionId.toStdString());
    for (const auto& device : devices) {
        auto& out = *wire.add_device_credentials();
        out.set_type_id(device.typeId.toStdString());
        if (device.credentialId.isEmpty()) {
            out.mutable_unavailable();
        } else {
            out.set_id(device.credentialId.toStdString());
        }
    }
    return typedRecord(recordtype::kSession, sessionId, wire);
}

DatabrokerRecord tombstone(const QString& type, const QString& id)
{
    return { .type = type, .id = id, .isDeleted = true };
}

Result<EnrollmentData> enrollmentData(const DatabrokerRecord& record)
{
    const auto wire = unpack<pomerium::device::Enrollment>(record);
    if (!wire) {
        return damaged(record);
    }
    EnrollmentData data { .id = text(wire->id()),
        .userId = text(wire->user_id()),
        .approvedBy = text(wire->approved_by()),
        .userAgent = text(wire->user_agent()),
        .ipAddress = text(wire->ip_address()),
        .typeId = text(wire->type_id()),
        .credentialId = text(wire->credential_id()) };
    if (wire->has_enrolled_at()) {
        data.enrolledAt = fromWire(wire->enrolled_at());
    }
    return data;
}

Result<CredentialData> credentialData(const DatabrokerRecord& record)
{
    const auto wire = unpack<pomerium::device::Credential>(record);
    if (!wire) {
        return damaged(record);
    }
    const auto& webauthn = wire->webauthn();
    CredentialData data { .id = text(wire->id()),
        .typeId = text(wire->type_id()),
        .enrollmentId = text(wire->enrollment_id()),
        .userId = text(wire->user_id()),
        .publicKey = bytes(webauthn.public_key()),
        .registerResponse = bytes(webauthn.register_response()) };
    if (!webauthn.authenticate_response().empty()) {
        data.newestAuthenticateResponse = bytes(*webauthn.authenticate_response().rbegin());
    }
    return data;
}

Result<OwnerCredentialData> ownerCredentialData(const DatabrokerRecord& record)
{
    const auto wire = unpack<pomerium::device::OwnerCredentialRecord>(record);
    if (!wire) {
        return damaged(record);
    }
    return OwnerCredentialData { .id = bytes(wire->id()), .ownerId = bytes(wire->owner_id()) };
}

Result<DeviceTypeData> deviceTypeData(const DatabrokerRecord& record)
{
    const auto wire = unpack<pomerium::device::Type>(record);
    if (!wire) {
        return damaged(record);
    }
    return DeviceTypeData { .id = text(wire->id()), .name = text(wire->name()) };
}

Result<SignedInUserData> signedInUserData(const DatabrokerRecord& record)
{
    const auto wire = unpack<user::User>(record);
    if (!wire) {
        return damaged(record);
    }
    SignedInUserData data { .id = text(wire->id()),
        .name = text(wire->name()),
        .email = wire->email().empty() ? emailClaim(wire->claims()) : text(wire->email()) };
    for (const auto& id : wire->device_credential_ids()) {
        data.deviceCredentialIds.append(text(id));
    }
    return data;
}

Result<SessionData> sessionData(const DatabrokerRecord& record)
{
    const auto wire = unpack<session::Session>(record);
    if (!wire) {
        return damaged(record);
    }
    SessionData data {
        .id = text(wire->id()), .userId = text(wire->user_id()), .email = emailClaim(wire->claims())
    };
    if (wire->has_expires_at()) {
        data.expiresAt = fromWire(wire->expires_at());
    }
    for (const auto& device : wire->device_credentials()) {
        data.devices.push_back({ .typeId = text(device.type_id()),
            .credentialId = device.has_id() ? text(device.id()) : QString() });
    }
    return data;
}

Result<QJsonObject> deviceRecordJson(const DatabrokerRecord& record)
{
    QJsonObject fields;
    if (record.type == recordtype::kEnrollment) {
        fields = allFields<pomerium::device::Enrollment>(record);
    } else if (record.type == recordtype::kCredential) {
        fields = allFields<pomerium::device::Credential>(record);
    } else if (record.type == recordtype::kOwnerCredential) {
        fields = allFields<pomerium::device::OwnerCredentialRecord>(record);
    }
    if (fields.isEmpty()) { // none of these records is without any field
        return damaged(record);
    }
    if (auto webauthn = fields.value(u"webauthn").toObject(); !webauthn.isEmpty()) {
        for (const auto& key :
            { u"register_options"_s, u"register_response"_s, u"authenticate_response"_s }) {
            if (webauthn.contains(key)) {
                webauthn.insert(key, opened(webauthn.value(key)));
            }
        }
        fields.insert(u"webauthn"_s, webauthn);
    }
    return fields;
}

QJsonObject describedRecord(const DatabrokerRecord& record)
{
    QJsonObject out { { u"type"_s, record.type }, { u"id"_s, record.id } };
    if (record.version > 0) {
        out.insert(u"version"_s, static_cast<qint64>(record.version));
    }
    if (record.modifiedAt) {
        out.insert(u"modified_at"_s, toRfc3339(*record.modifiedAt));
    }
    if (const auto data = deviceRecordJson(record)) {
        out.insert(u"data"_s, *data);
    } else {
        out.insert(u"error"_s, data.error().toText());
    }
    return out;
}

Result<ServiceAccountData> serviceAccountData(const DatabrokerRecord& record)
{
    const auto wire = unpack<user::ServiceAccount>(record);
    if (!wire) {
        return damaged(record);
    }
    ServiceAccountData data { .id = text(wire->id()), .userId = text(wire->user_id()) };
    if (wire->has_issued_at()) {
        data.issuedAt = fromWire(wire->issued_at());
    }
    if (wire->has_expires_at()) {
        data.expiresAt = fromWire(wire->expires_at());
    }
    return data;
}

} // namespace portreeve
