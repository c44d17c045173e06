// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/time.h"

#include <QByteArray>
#include <QLatin1StringView>
#include <QString>

#include <cstdint>
#include <map>
#include <optional>

namespace portreeve {

/// Record types exactly as the proxy looks them up (proxy.md 5.1, 5.2 and 7, devices.md 2).
namespace recordtype {
constexpr QLatin1StringView kDirectoryUser { "pomerium.io/DirectoryUser" };
constexpr QLatin1StringView kDirectoryGroup { "pomerium.io/DirectoryGroup" };
constexpr QLatin1StringView kUser { "type.googleapis.com/user.User" };
constexpr QLatin1StringView kServiceAccount { "type.googleapis.com/user.ServiceAccount" };
constexpr QLatin1StringView kSession { "type.googleapis.com/session.Session" };
constexpr QLatin1StringView kEnrollment { "type.googleapis.com/pomerium.device.Enrollment" };
constexpr QLatin1StringView kCredential { "type.googleapis.com/pomerium.device.Credential" };
constexpr QLatin1StringView kOwnerCredential {
    "type.googleapis.com/pomerium.device.OwnerCredentialRecord"
};
constexpr QLatin1StringView kDeviceType { "type.googleapis.com/pomerium.device.Type" };
constexpr QLatin1StringView kConfig { "type.googleapis.com/pomerium.config.Config" };
constexpr QLatin1StringView kConfigPolicy { "type.googleapis.com/pomerium.config.Policy" };
constexpr QLatin1StringView kConfigRoute { "type.googleapis.com/pomerium.config.Route" };
} // namespace recordtype

/// The type URL of the data of directory records; that of all other types equals the record type.
constexpr QLatin1StringView kStructTypeUrl { "type.googleapis.com/google.protobuf.Struct" };

/// A record of the databroker. The data stays packed: structjson.h, devicerecords.h and
/// configrecords.h read it.
struct DatabrokerRecord
{
    QString type {};
    QString id {};
    QString typeUrl {}; ///< what the data is; empty in a tombstone that was put without data
    QByteArray data {};
    std::uint64_t version = 0; ///< given by the server, one counter over all types
    std::optional<UtcTime> modifiedAt {}; ///< given by the server
    bool isDeleted = false; ///< a tombstone; put as such it deletes
};

/// A point in a databroker's history. A changed server version means another, usually empty, store.
struct DatabrokerPosition
{
    std::uint64_t serverVersion = 0;
    std::uint64_t recordVersion = 0;

    friend bool operator==(const DatabrokerPosition&, const DatabrokerPosition&) = default;
};

/// By record type.
using RecordPositions = std::map<QString, DatabrokerPosition>;

struct DatabrokerServerInfo
{
    std::uint64_t serverVersion = 0;
    std::uint64_t earliestRecordVersion = 0;
    std::uint64_t latestRecordVersion = 0;
};

/// Options of a record type. A capacity makes the server delete the oldest records by itself.
struct RecordTypeOptions
{
    std::optional<std::uint64_t> capacity {};
};

} // namespace portreeve
