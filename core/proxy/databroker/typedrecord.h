// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/databroker/databrokerrecord.h"

namespace portreeve {

/// A record whose data is a generated message; its type URL equals the record type.
template <typename Wire>
DatabrokerRecord typedRecord(QLatin1StringView type, const QString& id, const Wire& data)
{
    return { .type = type,
        .id = id,
        .typeUrl = type,
        .data = QByteArray::fromStdString(data.SerializeAsString()) };
}

/// @return nothing for data of another type and for damaged data
template <typename Wire> std::optional<Wire> unpack(const DatabrokerRecord& record)
{
    Wire wire;
    if (record.typeUrl != record.type
        || !wire.ParseFromArray(record.data.constData(), static_cast<int>(record.data.size()))) {
        return std::nullopt;
    }
    return wire;
}

} // namespace portreeve
