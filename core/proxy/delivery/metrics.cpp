// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/metrics.h"

#include "core/proxy/targetoptions.h"

#include <QSaveFile>

#include <algorithm>
#include <array>
#include <vector>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

struct Label
{
    QByteArray name {};
    QString value {};
};

using Labels = std::vector<Label>;

QByteArray escaped(QByteArray text, bool isLabel)
{
    text.replace('\\', "\\\\");
    text.replace('\n', "\\n");
    return isLabel ? text.replace('"', "\\\"") : text;
}

/// All samples of one metric stand together behind its help and type.
class Family
{
public:
    Family(QByteArrayView name, QByteArrayView type, const QByteArray& help)
        : m_name(name.toByteArray())
        , m_text("# HELP " + m_name + ' ' + escaped(help, false) + "\n# TYPE " + m_name + ' '
              + type.toByteArray() + '\n')
    {
    }

    void add(const Labels& labels, std::int64_t value)
    {
        m_text += m_name;
        QByteArray separator = "{";
        for (const auto& label : labels) {
            m_text += separator + label.name + "=\"" + escaped(label.value.toUtf8(), true) + '"';
            separator = ",";
        }
        m_text += (labels.empty() ? " " : "} ") + QByteArray::number(qint64(value)) + '\n';
    }

    void addTime(const Labels& labels, const std::optional<UtcTime>& time)
    {
        if (time) {
            add(labels,
                std::chrono::duration_cast<std::chrono::seconds>(time->time_since_epoch()).count());
        }
    }

    const QByteArray& text() const { return m_text; }

private:
    QByteArray m_name;
    QByteArray m_text;
};

QByteArray buildInfo()
{
    Family info("portreeve_build_info", "gauge", "Version of the running program.");
    info.add({ { "version", QStringLiteral(PORTREEVE_VERSION) } }, 1);
    return info.text();
}

/// Those that another process can see.
constexpr std::array kConnectionStates { ConnectionState::Draft, ConnectionState::Verified,
    ConnectionState::Idle, ConnectionState::Syncing, ConnectionState::BackingOff,
    ConnectionState::Held, ConnectionState::NeedsAttention, ConnectionState::Stale,
    ConnectionState::Disabled };

constexpr std::array kTargetStates { TargetState::New, TargetState::InStep, TargetState::Behind,
    TargetState::Held, TargetState::Drifted, TargetState::Unreachable, TargetState::NeedsAttention,
    TargetState::Disabled };

QByteArray directorySizes(const DirectoryView& view)
{
    Family users("portreeve_connection_users", "gauge", "People last synced.");
    Family groups("portreeve_connection_groups", "gauge", "Groups last synced.");
    for (const auto& directory : view.connections) {
        const Labels labels { { "connection", directory.connectionName } };
        users.add(labels, directory.snapshot->userCount());
        groups.add(labels, directory.snapshot->groupCount());
    }
    return users.text() + groups.text();
}

QByteArray connectionMetrics(
    const std::vector<Connection>& connections, const std::vector<Hold>& holds)
{
    Family success("portreeve_connection_last_success_timestamp_seconds", "gauge",
        "When the last sync succeeded.");
    Family created("portreeve_connection_created_timestamp_seconds", "gauge",
        "When the connection was added; counts as long as no sync succeeded.");
    Family attempt("portreeve_connection_last_attempt_timestamp_seconds", "gauge",
        "When the last sync began.");
    Family state("portreeve_connection_state", "gauge", "1 for the state a connection is in.");
    Family failures("portreeve_connection_consecutive_failures", "gauge",
        "Failed syncs since the last success.");
    Family held("portreeve_connection_held_plans", "gauge", "Plans that wait for a person.");
    for (const auto& connection : connections) {
        const Labels labels { { "connection", connection.name } };
        success.addTime(labels, connection.lastSuccessAt);
        created.addTime(labels, connection.createdAt);
        attempt.addTime(labels, connection.lastAttemptAt);
        failures.add(labels, connection.failureCount);
        held.add(labels, std::count_if(holds.begin(), holds.end(), [&](const Hold& hold) {
            return hold.connectionId == connection.id;
        }));
        for (const auto one : kConnectionStates) {
            state.add({ labels.front(), { "state", connectionStateName(one) } },
                shownState(connection) == one ? 1 : 0);
        }
    }
    return success.text() + created.text() + attempt.text() + state.text() + failures.text()
        + held.text();
}

QByteArray targetStates(const std::vector<ProxyTarget>& targets)
{
    Family success("portreeve_target_last_success_timestamp_seconds", "gauge",
        "When a target was last seen to hold what it should.");
    Family push(
        "portreeve_target_last_push_timestamp_seconds", "gauge", "When a delivery was last tried.");
    Family automatic("portreeve_target_automatic", "gauge",
        "1 where a target is delivered to without being asked, 0 where it waits for a person, is "
        "read only or disabled.");
    Family state("portreeve_target_state", "gauge", "1 for the state a target is in.");
    Family generation("portreeve_target_generation", "gauge",
        "Generation of the directory that was last delivered.");
    Family error("portreeve_target_last_error", "gauge",
        "1 with the code of the last delivery's error; absent without one.");
    for (const auto& target : targets) {
        const Labels labels { { "target", target.name } };
        success.addTime(labels, target.lastSuccessAt);
        push.addTime(labels, target.lastPushAt);
        generation.add(labels, target.generation);
        automatic.add(labels, isDeliveredByItself(target) ? 1 : 0);
        if (target.lastError) {
            error.add({ labels.front(), { "code", errorCodeName(target.lastError->code) } }, 1);
        }
        for (const auto one : kTargetStates) {
            state.add(
                { labels.front(), { "state", targetStateName(one) } }, target.state == one ? 1 : 0);
        }
    }
    return success.text() + push.text() + automatic.text() + state.text() + generation.text()
        + error.text();
}

void addCounts(
    Family& family, const QString& target, const QString& kind, const DeliveryCounts& counts)
{
    const auto add = [&](const QString& change, std::int64_t count) {
        family.add({ { "target", target }, { "kind", kind }, { "change", change } }, count);
    };
    add(u"put"_s, counts.put);
    add(u"deleted"_s, counts.deleted);
    add(u"unchanged"_s, counts.unchanged);
}

Result<QByteArray> lastPushes(Store& store, const std::vector<ProxyTarget>& targets)
{
    Family records("portreeve_target_last_push_records", "gauge",
        "What the last recorded delivery did, by kind.");
    for (const auto& target : targets) {
        const auto last = store.pushes().list(target.id, 1);
        if (!last) {
            return last.error();
        }
        if (!last->empty()) {
            const auto& counts = last->front().counts;
            addCounts(records, target.name, u"user"_s, counts.users);
            addCounts(records, target.name, u"group"_s, counts.groups);
            addCounts(records, target.name, u"policy"_s, counts.policies);
            addCounts(records, target.name, u"route"_s, counts.routes);
        }
    }
    return records.text();
}

QByteArray processMetrics(const std::vector<ProxyTarget>& targets, const ProcessCounters& counters)
{
    Family pushes("portreeve_target_pushes_total", "counter",
        "Deliveries since this process began, by outcome.");
    Family drifts("portreeve_target_drift_total", "counter",
        "Records somebody else changed since this process began.");
    for (const auto& target : targets) {
        for (const auto& [key, count] : counters.pushes) {
            if (key.first == target.id) {
                pushes.add({ { "target", target.name }, { "outcome", key.second } }, count);
            }
        }
        const auto drift = counters.drifts.find(target.id);
        drifts.add(
            { { "target", target.name } }, drift == counters.drifts.end() ? 0 : drift->second);
    }
    return pushes.text() + drifts.text();
}

} // namespace

Result<QByteArray> metricsText(Store& store, const ProcessCounters& counters)
{
    const auto connections = store.connections().list();
    const auto holds = store.directory().holds();
    const auto view = store.directory().loadView();
    if (!connections || !holds || !view) {
        return !connections ? connections.error() : !holds ? holds.error() : view.error();
    }
    const auto targets = store.targets().list();
    const auto generation = store.directory().generation();
    if (!targets || !generation) {
        return targets ? generation.error() : targets.error();
    }
    const auto pushed = lastPushes(store, *targets);
    if (!pushed) {
        return pushed.error();
    }
    Family directory(
        "portreeve_directory_generation", "gauge", "Generation of the stored directory.");
    directory.add({}, *generation);
    return QByteArray(buildInfo() + directory.text() + connectionMetrics(*connections, *holds)
        + directorySizes(**view) + targetStates(*targets) + *pushed
        + processMetrics(*targets, counters));
}

Result<void> writeMetricsFile(const QString& path, const QByteArray& text)
{
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.commit()) {
        return {};
    }
    return Error { .code = ErrorCode::Storage,
        .what
        = message(QT_TRANSLATE_NOOP("Message", "The metrics could not be written to %1."), path),
        .remedy = message(
            QT_TRANSLATE_NOOP("Message", "Choose a folder you may write to, with room left.")),
        .detail = file.errorString() };
}

} // namespace portreeve
