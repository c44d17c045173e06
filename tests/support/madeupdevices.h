// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/databroker/databrokerrecord.h"

#include <QStringList>

#include <utility>
#include <vector>

namespace portreeve::test {

/// One enrolled device as a proxy would have stored it.
struct MadeUpDevice
{
    QString enrollmentId {};
    QString credentialId {}; ///< base58
    QString userId {};
    QString typeId = QStringLiteral("any");
    QString approvedBy {};
    UtcTime enrolledAt { std::chrono::hours(24 * 365 * 55) };
    QString attestationFormat = QStringLiteral("packed");
};

// Records with the wire form the proxy's own code gives them.
DatabrokerRecord enrollmentRecord(const MadeUpDevice& device); ///< used
DatabrokerRecord pendingRecord(const MadeUpDevice& device); ///< not used yet
DatabrokerRecord credentialRecord(
    const MadeUpDevice& device, std::optional<UtcTime> verifiedAt = {});
DatabrokerRecord ownerRecord(const QString& credentialId, const QString& userId);
DatabrokerRecord typeRecord(const QString& id, const QString& name);
DatabrokerRecord userRecord(
    const QString& id, const QString& name, const QString& email, const QStringList& credentials);

/// @param tags  type id and credential id of each device of the session
DatabrokerRecord sessionRecord(
    const QString& id, const QString& userId, const std::vector<std::pair<QString, QString>>& tags);

/// Enrolled devices of "User 0", "User 1", ...: user, enrollment, credential, owner and session
/// each.
std::vector<DatabrokerRecord> madeUpDevices(int count, UtcTime verifiedAt);

/// A register_response of that attestation format, as the proxy stores it.
QByteArray registerResponse(const QString& attestationFormat);

/// An authenticate_response of a ceremony that began then.
QByteArray authenticateResponse(UtcTime begun);

} // namespace portreeve::test
