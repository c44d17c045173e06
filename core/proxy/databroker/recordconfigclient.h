// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/configservice/configclient.h"
#include "core/proxy/databroker/databrokerclient.h"

#include <QHash>

#include <array>

namespace portreeve {

/// Policies and routes as databroker records: the reading half (proxy.md 7). Remembers the records
/// it read, against which a write tells whether somebody else came in between. Errors as
/// DatabrokerClient's; BadResponse also for a record that cannot be read.
class RecordConfigClient final : public configservice::ConfigClient
{
public:
    RecordConfigClient(QString targetName, std::unique_ptr<DatabrokerClient> databroker);

    const QString& targetName() const override { return m_targetName; }

    Result<std::vector<configservice::PolicyEntity>> policies(const std::stop_token& stop) override;
    Result<std::vector<configservice::RouteEntity>> routes(const std::stop_token& stop) override;
    Result<std::optional<configservice::PolicyEntity>> policy(
        const QString& id, const std::stop_token& stop) override;
    Result<std::optional<configservice::RouteEntity>> route(
        const QString& id, const std::stop_token& stop) override;
    Result<std::int64_t> count(
        configservice::EntityKind kind, const std::stop_token& stop) override;

    /// Behind what was read and written so far.
    RecordPositions positions() const { return m_positions; }

private:
    friend class RecordConfigEditor;

    using Records = QHash<QString, DatabrokerRecord>; // by id

    Records& known(configservice::EntityKind kind);
    Result<std::vector<DatabrokerRecord>> list(
        configservice::EntityKind kind, const std::stop_token& stop);

    /// As it is now; what is remembered stays.
    Result<std::optional<DatabrokerRecord>> current(
        configservice::EntityKind kind, const QString& id, const std::stop_token& stop) const;

    QString m_targetName;
    std::unique_ptr<DatabrokerClient> m_databroker;
    std::array<Records, 2> m_known; // by kind
    RecordPositions m_positions;
};

} // namespace portreeve
