// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/madeupdevices.h"

#include "device.pb.h"
#include "session.pb.h"
#include "user.pb.h"

#include <QCborMap>
#include <QCborValue>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUuid>
#include <QtEndian>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {
QString unpadded(const QByteArray& bytes)
{
    return QString::fromLatin1(
        bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
}

QByteArray credentialJson(const QJsonObject& response)
{
    return QJsonDocument(QJsonObject { { u"id"_s, u"AQID"_s }, { u"rawId"_s, u"AQID"_s },
                             { u"type"_s, u"public-key"_s }, { u"response"_s, response } })
        .toJson(QJsonDocument::Compact);
}

template <typename Message>
DatabrokerRecord packed(QLatin1StringView type, const QString& id, const Message& data)
{
    return { .type = type,
        .id = id,
        .typeUrl = type,
        .data = QByteArray::fromStdString(data.SerializeAsString()) };
}

pomerium::device::Enrollment enrollmentOf(const MadeUpDevice& device)
{
    pomerium::device::Enrollment data;
    data.set_id(device.enrollmentId.toStdString());
    data.set_user_id(device.userId.toStdString());
    data.set_approved_by(device.approvedBy.toStdString());
    data.set_type_id(device.typeId.toStdString());
    return data;
}
} // namespace

std::vector<DatabrokerRecord> madeUpDevices(int count, UtcTime verifiedAt)
{
    std::vector<DatabrokerRecord> records;
    for (int i = 0; i < count; ++i) {
        const QString number = QString::number(i);
        const MadeUpDevice device { .enrollmentId = u"e-"_s + number,
            .credentialId = u"C"_s + number,
            .userId = u"u-"_s + number };
        records.push_back(userRecord(device.userId, u"User "_s + number,
            u"user%1@corp.test"_s.arg(i), { device.credentialId }));
        records.push_back(enrollmentRecord(device));
        records.push_back(credentialRecord(device, verifiedAt));
        records.push_back(ownerRecord(device.credentialId, device.userId));
        records.push_back(sessionRecord(
            u"s-"_s + number, device.userId, { { device.typeId, device.credentialId } }));
    }
    return records;
}

QByteArray registerResponse(const QString& attestationFormat)
{
    const QCborMap attestation { { u"fmt"_s, attestationFormat }, { u"attStmt"_s, QCborMap() },
        { u"authData"_s, QByteArray(200, 'd') } };
    return credentialJson({ { u"clientDataJSON"_s, unpadded("{}") },
        { u"attestationObject"_s, unpadded(QCborValue(attestation).toCbor()) } });
}

QByteArray authenticateResponse(UtcTime begun)
{
    const auto ends = begun + std::chrono::minutes(15);
    QByteArray challenge(56, 'x');
    qToBigEndian(static_cast<qint64>(ends.time_since_epoch().count()), challenge.data() + 16);
    const QByteArray clientData = QJsonDocument(
        QJsonObject { { u"type"_s, u"webauthn.get"_s }, { u"challenge"_s, unpadded(challenge) } })
                                      .toJson(QJsonDocument::Compact);
    return credentialJson({ { u"clientDataJSON"_s, unpadded(clientData) },
        { u"authenticatorData"_s, u"AQ"_s }, { u"signature"_s, u"AQ"_s } });
}

DatabrokerRecord pendingRecord(const MadeUpDevice& device)
{
    return packed(recordtype::kEnrollment, device.enrollmentId, enrollmentOf(device));
}

DatabrokerRecord enrollmentRecord(const MadeUpDevice& device)
{
    auto data = enrollmentOf(device);
    data.set_credential_id(device.credentialId.toStdString());
    data.set_user_agent("Mozilla/5.0 (X11; Linux x86_64)");
    data.set_ip_address("192.0.2.7");
    const auto ms = device.enrolledAt.time_since_epoch().count();
    data.mutable_enrolled_at()->set_seconds(ms / 1000);
    data.mutable_enrolled_at()->set_nanos(static_cast<int>(ms % 1000) * 1'000'000);
    return packed(recordtype::kEnrollment, device.enrollmentId, data);
}

DatabrokerRecord credentialRecord(const MadeUpDevice& device, std::optional<UtcTime> verifiedAt)
{
    pomerium::device::Credential data;
    data.set_id(device.credentialId.toStdString());
    data.set_type_id(device.typeId.toStdString());
    data.set_enrollment_id(device.enrollmentId.toStdString());
    data.set_user_id(device.userId.toStdString());
    auto* const webauthn = data.mutable_webauthn();
    webauthn->set_public_key("a public key");
    webauthn->set_register_response(registerResponse(device.attestationFormat).toStdString());
    if (verifiedAt) {
        webauthn->add_authenticate_response(
            authenticateResponse(*verifiedAt - std::chrono::hours(1)).toStdString());
        webauthn->add_authenticate_response(authenticateResponse(*verifiedAt).toStdString());
    }
    return packed(recordtype::kCredential, device.credentialId, data);
}

DatabrokerRecord ownerRecord(const QString& credentialId, const QString& userId)
{
    const QUuid space(u"2929d3f7-f0b0-478f-9dd5-970d51eb3859"_s);
    pomerium::device::OwnerCredentialRecord data;
    data.set_owner_id(QUuid::createUuidV5(space, userId.toUtf8()).toRfc4122().toStdString());
    return packed(recordtype::kOwnerCredential, credentialId, data);
}

DatabrokerRecord typeRecord(const QString& id, const QString& name)
{
    pomerium::device::Type data;
    data.set_id(id.toStdString());
    data.set_name(name.toStdString());
    return packed(recordtype::kDeviceType, id, data);
}

DatabrokerRecord userRecord(
    const QString& id, const QString& name, const QString& email, const QStringList& credentials)
{
    user::User data;
    data.set_id(id.toStdString());
    data.set_name(name.toStdString());
    data.set_email(email.toStdString());
    for (const auto& credential : credentials) {
        data.add_device_credential_ids(credential.toStdString());
    }
    return packed(recordtype::kUser, id, data);
}

DatabrokerRecord sessionRecord(
    const QString& id, const QString& userId, const std::vector<std::pair<QString, QString>>& tags)
{
    session::Session data;
    data.set_id(id.toStdString());
    data.set_user_id(userId.toStdString());
    for (const auto& [type, credential] : tags) {
        auto* const tag = data.add_device_credentials();
        tag->set_type_id(type.toStdString());
        tag->set_id(credential.toStdString());
    }
    return packed(recordtype::kSession, id, data);
}

} // namespace portreeve::test
