// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/daemon.h"

#include "app/ctl/targetjson.h"
#include "core/access/storedaccess.h"
#include "core/settings/datadirectory.h"

#include <QUrl>

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
constexpr std::chrono::seconds kMetricsEvery { 5 };

ServerResponse answerMetrics(const ServerRequest& request, const QByteArray& text)
{
    if (request.path != "/metrics") {
        return { .status = 404 };
    }
    if (request.method != "GET" && request.method != "HEAD") {
        return { .status = 405, .headers = { { .name = "Allow", .value = "GET, HEAD" } } };
    }
    return { .status = text.isEmpty() ? 503 : 200,
        .headers
        = { { .name = "Content-Type", .value = "text/plain; version=0.0.4; charset=utf-8" } },
        .body = text };
}

QJsonObject errorDetails(const Error& error)
{
    return { { u"code"_s, errorCodeName(error.code) }, { u"what"_s, error.what.english() },
        { u"remedy"_s, error.remedy.english() } };
}
} // namespace

Result<ServeOptions> readServeOptions(const Arguments& arguments)
{
    ServeOptions options { .metricsFile = arguments.value(u"metrics-file"_s) };
    if (!arguments.has(u"metrics"_s)) {
        return options;
    }
    const QString text = arguments.value(u"metrics"_s);
    const QUrl url(u"tcp://"_s + text, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty() || url.port() < 0) {
        return usageError(
            message(QT_TRANSLATE_NOOP("Message", "--%1 cannot be “%2”."), u"metrics"_s, text),
            message(QT_TRANSLATE_NOOP(
                "Message", "Give an address of this computer and a port, like 127.0.0.1:9464.")));
    }
    options.metrics
        = ListenerSettings { .address = url.host(), .port = static_cast<quint16>(url.port()) };
    return options;
}

void logEvent(Session& session, const QString& event, const QJsonObject& details)
{
    QJsonObject line { { u"at"_s, toRfc3339(session.clock().nowUtc()) }, { u"event"_s, event } };
    for (auto detail = details.constBegin(); detail != details.constEnd(); ++detail) {
        line.insert(detail.key(), detail.value());
    }
    if (session.out().isJson()) {
        session.out().line(line);
        return;
    }
    QStringList words { line.value(u"at"_s).toString(), event };
    for (auto detail = details.constBegin(); detail != details.constEnd(); ++detail) {
        words.append(detail.key() + u'=' + detail->toVariant().toString());
    }
    session.out().text(words.join(u' '));
}

void logSync(Session& session, const QString& connectionId, const Result<SyncOutcome>& outcome)
{
    if (!outcome) {
        QJsonObject details = errorDetails(outcome.error());
        details.insert(u"connection_id"_s, connectionId);
        const auto store = session.store();
        if (const auto found = store ? (*store)->connections().byId(connectionId) : store.error()) {
            details.insert(u"connection"_s, found->name);
        }
        logEvent(session, u"sync_failed"_s, details);
        return;
    }
    QJsonObject details { { u"connection"_s, outcome->plan.connectionName },
        { u"verdict"_s, verdictName(outcome->plan.verdict) } };
    if (outcome->run) {
        details.insert(u"run_id"_s, QString::number(outcome->run->id));
        details.insert(u"generation"_s, qint64(outcome->run->generation));
    }
    logEvent(session, u"sync_finished"_s, details);
}

void logPush(Session& session, const QString& targetId, const Result<DeliveryOutcome>& outcome)
{
    if (!outcome) {
        QJsonObject details = errorDetails(outcome.error());
        details.insert(u"target_id"_s, targetId);
        const auto store = session.store();
        if (const auto found = store ? (*store)->targets().byId(targetId) : store.error()) {
            details.insert(u"target"_s, found->name);
        }
        logEvent(session, u"push_failed"_s, details);
        return;
    }
    QJsonObject details { { u"target"_s, outcome->plan.targetName },
        { u"verdict"_s, verdictName(outcome->plan.verdict) },
        { u"generation"_s, qint64(outcome->plan.generation) } };
    if (outcome->push) {
        details.insert(u"push_id"_s, QString::number(outcome->push->id));
        details.insert(u"trigger"_s, pushTriggerName(outcome->push->trigger));
        details.insert(u"outcome"_s, pushOutcomeName(outcome->push->outcome));
    }
    logEvent(session, u"push_finished"_s, details);
}

void logDrift(Session& session, const QString& targetId, const DriftReport& drift)
{
    QJsonObject details { { u"target_id"_s, targetId }, { u"changes"_s, qint64(drift.changes) },
        { u"what"_s, whatHappened(drift).english() } };
    const auto store = session.store();
    if (const auto found = store ? (*store)->targets().byId(targetId) : store.error()) {
        details.insert(u"target"_s, found->name);
    }
    if (!drift.id.isEmpty()) {
        details.insert(u"kind"_s, deliveredKindName(drift.kind));
        details.insert(u"id"_s, drift.id);
        details.insert(u"deleted"_s, drift.isDeleted);
    }
    logEvent(session, drift.isRestart ? u"proxy_restarted"_s : u"drift_seen"_s, details);
}

Daemon::Daemon(Session& session, SecretStore& secrets, ServeOptions options)
    : m_session(session)
    , m_options(std::move(options))
    , m_store({ .path = databasePath(session.options().dataDirectory) }, session.clock())
    , m_sync({ .store = { .path = databasePath(session.options().dataDirectory) },
          .secrets = secrets,
          .clock = session.clock(),
          .makeHttp = session.httpFactory(),
          .evaluateAccess = access::storedAccessImpact })
    , m_bundles({ .store = m_store, .secrets = secrets })
    , m_deliveries({ .store = { .path = databasePath(session.options().dataDirectory) },
          .secrets = secrets,
          .clock = session.clock(),
          .makeHttp = session.httpFactory(),
          .publishBundle = [this](const QString& targetId,
                               const BundleFile& bundle) { m_bundles.publish(targetId, bundle); } })
    , m_listener([this](const ServerRequest& request) { return answerMetrics(request, m_metrics); })
{
    connectLog();
    QObject::connect(&m_sync, &SyncService::storeChanged, &m_deliveries, &DeliveryService::look);
    QObject::connect(
        &m_deliveries, &DeliveryService::targetChanged, &m_bundles, &BundleServers::refresh);
    QObject::connect(&m_metricsTimer, &QTimer::timeout, &m_bundles, [this] { refreshMetrics(); });
}

void Daemon::connectLog()
{
    QObject::connect(&m_sync, &SyncService::syncFinished, &m_sync,
        [this](const QString& id, const Result<SyncOutcome>& outcome) {
            logSync(m_session, id, outcome);
        });
    QObject::connect(&m_sync, &SyncService::runStarted, &m_sync, [this](const QString& id) {
        logEvent(m_session, u"run_started"_s, { { u"connection_id"_s, id } });
    });
    QObject::connect(
        &m_deliveries, &DeliveryService::pushStarted, &m_deliveries, [this](const QString& id) {
            logEvent(m_session, u"push_started"_s, { { u"target_id"_s, id } });
        });
    QObject::connect(&m_deliveries, &DeliveryService::pushFinished, &m_deliveries,
        [this](const QString& id, const Result<DeliveryOutcome>& outcome) {
            logPush(m_session, id, outcome);
            const PushOutcome end = !outcome             ? PushOutcome::Failed
                : outcome->push                          ? outcome->push->outcome
                : outcome->plan.verdict == Verdict::Held ? PushOutcome::Held
                                                         : PushOutcome::Unchanged;
            ++m_counters.pushes[{ id, pushOutcomeName(end) }];
            refreshMetrics();
        });
    QObject::connect(&m_deliveries, &DeliveryService::driftSeen, &m_deliveries,
        [this](const QString& id, const DriftReport& drift) {
            m_counters.drifts[id] += drift.changes;
            logDrift(m_session, id, drift);
        });
    QObject::connect(
        &m_bundles, &BundleServers::started, &m_bundles, [this](const QString& id, quint16 port) {
            logEvent(
                m_session, u"bundle_listening"_s, { { u"target_id"_s, id }, { u"port"_s, port } });
        });
    QObject::connect(&m_bundles, &BundleServers::failed, &m_bundles,
        [this](const QString& id, const Error& error) {
            QJsonObject details = errorDetails(error);
            details.insert(u"target_id"_s, id);
            logEvent(m_session, u"bundle_failed"_s, details);
        });
    QObject::connect(
        &m_bundles, &BundleServers::stateStored, &m_bundles, [this] { refreshMetrics(); });
}

Result<void> Daemon::start()
{
    if (m_options.metrics) {
        if (const auto started = m_listener.start(*m_options.metrics); !started) {
            return started;
        }
        logEvent(m_session, u"metrics_listening"_s, { { u"port"_s, m_listener.port() } });
    }
    m_sync.start();
    m_bundles.refresh();
    m_deliveries.start();
    if (m_options.metrics || !m_options.metricsFile.isEmpty()) {
        m_metricsTimer.start(kMetricsEvery);
        refreshMetrics();
    }
    return {};
}

void Daemon::refreshMetrics()
{
    if (!m_metricsTimer.isActive()) {
        return;
    }
    m_store.run([counters = m_counters](Store& store) { return metricsText(store, counters); })
        .then(&m_bundles, [this](const Result<QByteArray>& text) { takeMetrics(text); });
}

void Daemon::takeMetrics(const Result<QByteArray>& text)
{
    if (text) {
        m_metrics = *text;
    }
    const bool writes = text && !m_options.metricsFile.isEmpty();
    const auto done = writes ? writeMetricsFile(m_options.metricsFile, *text)
        : text               ? Result<void>()
                             : Result<void>(text.error());
    if (!done && !m_metricsFailed) {
        logEvent(m_session, u"metrics_failed"_s, errorDetails(done.error()));
    }
    m_metricsFailed = !done;
}

} // namespace portreeve::ctl
