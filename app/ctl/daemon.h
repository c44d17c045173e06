// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/ctl/command.h"
#include "core/net/httplistener.h"
#include "core/proxy/delivery/bundleservers.h"
#include "core/proxy/delivery/deliveryservice.h"
#include "core/proxy/delivery/metrics.h"
#include "core/sync/syncservice.h"

#include <QTimer>

#include <optional>

namespace portreeve::ctl {

struct ServeOptions
{
    std::optional<ListenerSettings> metrics {}; ///< of this computer only
    QString metricsFile {};
};

/// @return InvalidInput naming the option
Result<ServeOptions> readServeOptions(const Arguments& arguments);

/// One line of the log, or one JSON line with --json.
void logEvent(Session& session, const QString& event, const QJsonObject& details);
void logSync(Session& session, const QString& connectionId, const Result<SyncOutcome>& outcome);
void logPush(Session& session, const QString& targetId, const Result<DeliveryOutcome>& outcome);
void logDrift(Session& session, const QString& targetId, const DriftReport& drift);

/// What `serve` keeps going: polling, deliveries, bundle listeners and metrics. Needs an event
/// loop.
class Daemon
{
public:
    Daemon(Session& session, SecretStore& secrets, ServeOptions options);

    /// @return Network or InvalidInput when the metrics cannot be served
    Result<void> start();

private:
    void connectLog();
    void refreshMetrics();
    void takeMetrics(const Result<QByteArray>& text);

    Session& m_session;
    ServeOptions m_options;
    StoreWorker m_store;
    SyncService m_sync;
    BundleServers m_bundles;
    DeliveryService m_deliveries;
    ProcessCounters m_counters;
    QByteArray m_metrics; // as last computed: a request must not wait for the database
    bool m_metricsFailed = false; // told once
    HttpListener m_listener;
    QTimer m_metricsTimer;
};

} // namespace portreeve::ctl
