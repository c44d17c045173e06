// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/proxy/configservice/entities.h"
#include "core/proxy/databroker/databrokerrecord.h"

namespace portreeve {

/// Policies and routes as records of their own, which Core reads since 0.33 (proxy.md 7). The
/// record id is the entity's.
QLatin1StringView configRecordType(configservice::EntityKind kind);

/// A whole record to put.
DatabrokerRecord toRecord(const configservice::PolicyEntity& policy);
DatabrokerRecord toRecord(const configservice::RouteEntity& route);

/// @return BadResponse naming the record when its data is of another type or damaged
Result<configservice::PolicyEntity> policyEntity(const DatabrokerRecord& record);
Result<configservice::RouteEntity> routeEntity(const DatabrokerRecord& record);

/// The record with the named fields as the entity has them. All others stay as they are, those
/// included of which nothing here knows.
/// @return as policyEntity()
Result<DatabrokerRecord> withFields(const DatabrokerRecord& record,
    const configservice::PolicyEntity& policy, const QStringList& fields);
Result<DatabrokerRecord> withFields(const DatabrokerRecord& record,
    const configservice::RouteEntity& route, const QStringList& fields);

} // namespace portreeve
