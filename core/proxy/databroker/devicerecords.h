// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/proxy/databroker/databrokerrecord.h"

#include <QJsonObject>
#include <QStringList>

#include <optional>
#include <vector>

namespace portreeve {

/// Typed data of the records that belong to devices (devices.md 2). Only the fields we read or
/// write: what else a record holds is kept by Patch, so none of these is ever put back whole over a
/// record of the proxy's own.

/// A device waiting to be registered, or registered.
struct EnrollmentData
{
    QString id {};
    QString userId {};
    QString approvedBy {}; ///< empty = not approved
    std::optional<UtcTime> enrolledAt {};
    QString userAgent {};
    QString ipAddress {};
    QString typeId {};
    QString credentialId {};
};

struct CredentialData
{
    QString id {};
    QString typeId {};
    QString enrollmentId {};
    QString userId {};
    QByteArray publicKey {};
    QByteArray registerResponse {}; ///< JSON of the browser; holds the attestation
    QByteArray newestAuthenticateResponse {}; ///< JSON likewise; empty before the first one
};

/// Stops one authenticator from being registered by two people.
struct OwnerCredentialData
{
    QByteArray id {};
    QByteArray ownerId {};
};

struct DeviceTypeData
{
    QString id {};
    QString name {};
};

/// What the devices pages and the join check read of user.User.
struct SignedInUserData
{
    QString id {};
    QString name {};
    QString email {}; ///< the field, else the claim
    QStringList deviceCredentialIds {};
};

struct SessionDevice
{
    QString typeId {};
    QString credentialId {}; ///< empty = the person said that no such device is there

    friend bool operator==(const SessionDevice&, const SessionDevice&) = default;
};

/// What may be read of session.Session; its tokens are dropped while decoding.
struct SessionData
{
    QString id {};
    QString userId {};
    QString email {}; ///< the claim
    std::optional<UtcTime> expiresAt {};
    std::vector<SessionDevice> devices {};
};

struct ServiceAccountData
{
    QString id {};
    QString userId {};
    std::optional<UtcTime> issuedAt {};
    std::optional<UtcTime> expiresAt {};
};

/// Whole records to put. The record id is the data's id.
DatabrokerRecord toRecord(const EnrollmentData& data);
DatabrokerRecord toRecord(const ServiceAccountData& data);

/// Records for DatabrokerClient::patch with the one field that goes with each of them.
DatabrokerRecord approvalPatch(const QString& enrollmentId, const QString& approvedBy);
DatabrokerRecord userDevicesPatch(const QString& userId, const QStringList& deviceCredentialIds);
DatabrokerRecord sessionDevicesPatch(
    const QString& sessionId, const std::vector<SessionDevice>& devices);

namespace patchfield {
constexpr QLatin1StringView kApprovedBy { "approved_by" };
constexpr QLatin1StringView kUserDevices { "device_credential_ids" };
constexpr QLatin1StringView kSessionDevices { "device_credentials" };
} // namespace patchfield

/// A record that deletes; the server keeps the old data in its tombstone.
DatabrokerRecord tombstone(const QString& type, const QString& id);

/// @return BadResponse naming the record when its data is of another type or damaged
Result<EnrollmentData> enrollmentData(const DatabrokerRecord& record);
Result<CredentialData> credentialData(const DatabrokerRecord& record);
Result<OwnerCredentialData> ownerCredentialData(const DatabrokerRecord& record);
Result<DeviceTypeData> deviceTypeData(const DatabrokerRecord& record);
Result<SignedInUserData> signedInUserData(const DatabrokerRecord& record);
Result<SessionData> sessionData(const DatabrokerRecord& record);
Result<ServiceAccountData> serviceAccountData(const DatabrokerRecord& record);

/// Every field of an Enrollment, Credential or OwnerCredentialRecord, for people to look at: bytes
/// in base64, but the browser's answers, which are JSON in bytes, opened.
/// @return as the above; records of other types count as damaged
Result<QJsonObject> deviceRecordJson(const DatabrokerRecord& record);

/// The record itself: type, id, version and time as far as known, and "data" or the "error" that
/// deviceRecordJson() gives.
QJsonObject describedRecord(const DatabrokerRecord& record);

} // namespace portreeve
