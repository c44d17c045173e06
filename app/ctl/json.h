// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/connector.h"
#include "core/policy/parser.h"
#include "core/settings/connection.h"
#include "core/store/records.h"
#include "core/sync/syncplan.h"

#include <QJsonArray>
#include <QJsonObject>

namespace portreeve::ctl {

// The keys below are a contract with scripts: adding is free, renaming is a breaking change.

QJsonValue timeOrNull(const std::optional<UtcTime>& time);
QJsonArray toArray(const std::vector<QString>& texts);
QJsonObject toJson(const FieldDescriptor& field);
QJsonObject toJson(const ConnectorDescriptor& connector);
QJsonObject toJson(const Connection& connection);
QJsonArray toJson(const std::vector<TestStep>& steps);
QJsonObject toJson(const TestReport& report);
QJsonObject toJson(const ChangeCounts& counts);
QJsonObject toJson(const RunRecord& run);
QJsonObject toJson(const RunChange& change);
QJsonObject toJson(const StoredPolicy& policy);
QJsonObject toJson(const StoredRoute& route);
QJsonObject toJson(const policy::Diagnostic& diagnostic);
QString severityName(policy::Severity severity); ///< "warning"

} // namespace portreeve::ctl
