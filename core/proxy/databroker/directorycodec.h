// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/databroker/databrokerrecord.h"
#include "core/proxy/directoryrecords.h"

#include <optional>

namespace portreeve {

enum class DirectoryRecordKind { Group, User };

constexpr QLatin1StringView recordTypeOf(DirectoryRecordKind kind)
{
    return kind == DirectoryRecordKind::Group ? recordtype::kDirectoryGroup
                                              : recordtype::kDirectoryUser;
}

/// Struct bytes of a directory record; the same record gives the same bytes.
QByteArray encodeDirectoryRecord(const DirectoryUserRecord& user);
QByteArray encodeDirectoryRecord(const DirectoryGroupRecord& group);

/// nullopt for data that is no Struct, or whose known keys are not of the types of proxy.md 5.1:
/// what the proxy could not use either.
std::optional<DirectoryUserRecord> decodeDirectoryUser(
    const QString& typeUrl, const QByteArray& data);
std::optional<DirectoryGroupRecord> decodeDirectoryGroup(
    const QString& typeUrl, const QByteArray& data);

/// Whether both are Structs that mean the same: key order and the order of group_ids are no
/// difference, a doubled group id and an additional key are.
bool isSameDirectoryRecord(
    const QByteArray& expected, const QString& typeUrl, const QByteArray& data);

} // namespace portreeve
