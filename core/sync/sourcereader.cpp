// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/sourcereader.h"

#include "core/sync/scope.h"
#include "core/sync/stallwatch.h"

#include <exception>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// Provider text may hold a secret anywhere, also where an argument of a sentence was meant.
Message redacted(const Message& text, const Redactor& redactor)
{
    const QString english = text.english();
    const QString clean = redactor.redact(english);
    return clean == english ? text : Message::verbatim(clean);
}

Error redacted(Error error, const Redactor& redactor)
{
    error.what = redacted(error.what, redactor);
    error.remedy = redacted(error.remedy, redactor);
    error.detail = redactor.redact(error.detail);
    if (error.cause) {
        error.cause = std::make_shared<const Error>(redacted(*error.cause, redactor));
    }
    return error;
}

TestReport redacted(TestReport report, const Redactor& redactor)
{
    for (TestStep& step : report.steps) {
        step.what = redacted(step.what, redactor);
        step.remedy = redacted(step.remedy, redactor);
        step.detail = redactor.redact(step.detail);
    }
    if (report.failure) {
        report.failure = redacted(*std::move(report.failure), redactor);
    }
    return report;
}

Error crashed(const QString& connection, const char* reason)
{
    return { .code = ErrorCode::Internal,
        .what
        = message(QT_TRANSLATE_NOOP("Message", "Reading “%1” failed for a reason of our own."),
            connection),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Nothing was changed. Report this with the detail below if it happens again.")),
        .detail = QString::fromUtf8(reason) };
}

Error stalled(const QString& connection, std::chrono::milliseconds timeout)
{
    return { .code = ErrorCode::Timeout,
        .what = message(
            QT_TRANSLATE_NOOP("Message", "Reading “%1” made no progress for %2 and was stopped."),
            connection, formatDuration(timeout)),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Nothing was changed. Raise the connection's stall time-out when the provider is just "
            "slow.")) };
}

Error cancelled(const QString& connection)
{
    return { .code = ErrorCode::Cancelled,
        .what = message(QT_TRANSLATE_NOOP("Message", "Reading “%1” was cancelled."), connection) };
}

Error tenantChanged(const Connection& connection, const QString& found)
{
    return { .code = ErrorCode::InvalidInput,
        .what = message(
            QT_TRANSLATE_NOOP("Message", "“%1” now answers for another tenant: %2 instead of %3."),
            connection.name, found, connection.tenantId),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Nothing was changed. Correct the connection's options, or add a new connection for "
            "the new tenant.")),
        .field = u"tenant_id"_s };
}

} // namespace

struct SourceReader::Session
{
    Session(Clock& clock, const Connection& connection, const RunControl& control)
        : watch(clock, connection.schedule.stallTimeout, control.stop)
    {
    }

    Redactor redactor;
    StallWatch watch;
    std::unique_ptr<HttpClient> http;
    std::unique_ptr<Connector> connector;
    std::unique_ptr<RunContext> context;
};

SourceReader::SourceReader(const SyncRunner::Services& services, const RunControl& control)
    : m_services(services)
    , m_control(control)
{
}

Result<QHash<QString, QString>> SourceReader::secrets(
    const ConnectionDraft& draft, const ConnectorDescriptor& connector)
{
    QHash<QString, QString> values = draft.typedSecrets;
    for (const FieldDescriptor& field : connector.fields) {
        if (field.kind != FieldKind::Secret || values.contains(field.key)) {
            continue;
        }
        const auto stored = m_services.secrets.read({ .connectionId = draft.connection.id,
            .connectionName = draft.connection.name,
            .field = field.key });
        if (!stored) {
            return stored.error();
        }
        if (stored->has_value()) {
            values.insert(field.key, **stored);
        }
    }
    return values;
}

Result<std::unique_ptr<SourceReader::Session>> SourceReader::open(
    const ConnectionDraft& draft, const QByteArray& state)
{
    const Connection& connection = draft.connection;
    const ConnectorDescriptor* connector = m_services.findConnector(connection.provider);
    if (connector == nullptr) {
        return Error { .code = ErrorCode::InvalidInput,
            .what
            = message(QT_TRANSLATE_NOOP("Message", "This version knows no provider called “%1”."),
                connection.provider),
            .remedy
            = message(QT_TRANSLATE_NOOP("Message", "Update Portreeve, or remove the connection.")),
            .field = u"provider"_s };
    }
    auto values = secrets(draft, *connector);
    if (!values) {
        return values.error();
    }
    std::vector<QString> present;
    auto session = std::make_unique<Session>(m_services.clock, connection, m_control);
    for (auto it = values->cbegin(); it != values->cend(); ++it) {
        present.push_back(it.key());
        session->redactor.addSecret(it.value());
    }
    if (const auto problem
        = firstProblem(validateOptions(*connector, connection.options, present))) {
        return *problem;
    }
    ConnectorOptions options
        = makeOptions(*connector, connection.options, *values, connection.name);
    session->http = m_services.makeHttp(httpSettings(options.values));
    session->connector = connector->create(std::move(options));
    session->context = std::make_unique<RunContext>(RunContext { .http = *session->http,
        .clock = session->watch.clock(),
        .stop = session->watch.token(),
        .progress =
            [watch = &session->watch, sink = m_control.progress](const RunProgress& progress) {
                watch->touch();
                sink(progress);
            },
        .redactor = session->redactor,
        .state = state });
    return session;
}

Result<Reading> SourceReader::read(const Connection& connection, const QByteArray& state)
{
    auto session = open({ .connection = connection }, state);
    if (!session) {
        return session.error();
    }
    Session& run = **session;
    SnapshotBuilder builder;
    std::optional<Result<FetchOutcome>> outcome;
    try {
        outcome = run.connector->fetch(*run.context, builder);
    } catch (const std::exception& fault) {
        outcome = Result<FetchOutcome>(crashed(connection.name, fault.what()));
    }
    if (run.watch.hasStalled()) {
        return stalled(connection.name, connection.schedule.stallTimeout);
    }
    if (m_control.stop.stop_requested()) {
        return cancelled(connection.name);
    }
    if (!*outcome) {
        return redacted(outcome->error(), run.redactor)
            .wrappedIn(
                message(QT_TRANSLATE_NOOP("Message", "“%1” could not be read."), connection.name));
    }
    return finish(connection, **outcome, builder, run.redactor);
}

Result<Reading> SourceReader::finish(const Connection& connection, const FetchOutcome& outcome,
    SnapshotBuilder& builder, const Redactor& redactor)
{
    if (!connection.tenantId.isEmpty() && !outcome.tenantId.isEmpty()
        && connection.tenantId != outcome.tenantId) {
        return tenantChanged(connection, outcome.tenantId);
    }
    if (outcome.unchanged) {
        return Reading {
            .unchanged = true, .nextState = outcome.nextState, .tenantId = outcome.tenantId
        };
    }
    const auto inConnection = [&](const Error& error) {
        return redacted(error, redactor)
            .wrappedIn(
                message(QT_TRANSLATE_NOOP("Message", "“%1” could not be read."), connection.name));
    };
    const auto fetched = builder.build();
    if (!fetched) {
        return inConnection(fetched.error());
    }
    const auto scoped = applyRules(*fetched, connection.rules);
    if (!scoped) {
        return inConnection(scoped.error());
    }
    Reading reading { .snapshot = *scoped,
        .nextState = outcome.nextState,
        .tenantId = outcome.tenantId.isEmpty() ? connection.tenantId : outcome.tenantId };
    for (const Quarantined& entry : (*scoped)->quarantine()) {
        reading.quarantine.push_back({ .kind = entry.kind,
            .id = redactor.redact(entry.id),
            .reason = redactor.redact(entry.reason) });
    }
    for (const QString& note : (*scoped)->notes()) {
        reading.notes.push_back(redactor.redact(note));
    }
    return reading;
}

Result<TestReport> SourceReader::test(const ConnectionDraft& draft)
{
    auto session = open(draft, {});
    if (!session) {
        return session.error();
    }
    Session& run = **session;
    std::optional<TestReport> report;
    try {
        report = run.connector->test(*run.context);
    } catch (const std::exception& fault) {
        return redacted(crashed(draft.connection.name, fault.what()), run.redactor);
    }
    if (run.watch.hasStalled()) {
        return stalled(draft.connection.name, draft.connection.schedule.stallTimeout);
    }
    if (m_control.stop.stop_requested()) {
        return cancelled(draft.connection.name);
    }
    return redacted(*std::move(report), run.redactor);
}

} // namespace portreeve
