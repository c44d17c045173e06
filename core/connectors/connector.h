// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/base/redactor.h"
#include "core/base/result.h"
#include "core/connectors/fields.h"
#include "core/directory/snapshotbuilder.h"
#include "core/net/httpclient.h"

#include <QByteArray>
#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace portreeve {

/// Option values and secrets of one connection, handed to its connector for one run.
struct ConnectorOptions
{
    OptionValues values {}; ///< effective values, defaults filled in
    QHash<QString, QString> secrets {};
    QString connectionName {};

    QString text(const QString& key) const { return values.value(key).trimmed(); }

    QString secret(const QString& key) const { return secrets.value(key); }

    bool flag(const QString& key) const { return values.value(key) == u"true"; }

    qint64 integer(const QString& key) const { return values.value(key).toLongLong(); }

    std::vector<QString> list(
        const QString& key) const; ///< split at commas and line breaks, trimmed
};

/// What a run is doing, for people. Throttled to ten a second by the receiver.
struct RunProgress
{
    enum class Phase { Connect, Users, Groups, Members, Plan, Apply };
    Phase phase = Phase::Connect;
    std::int64_t done = 0;
    std::int64_t total = -1; ///< -1: unknown
    QString waitingFor {}; ///< "rate limited, resumes in 41 s"; empty while work goes on
};

using ProgressSink = std::function<void(const RunProgress&)>;

/// What a connector gets for one run. Everything is borrowed and outlives the run.
struct RunContext
{
    HttpClient& http; ///< single exchanges; connectors put a RetryingClient before it
    Clock& clock;
    std::stop_token stop;
    ProgressSink progress; ///< always callable
    const Redactor& redactor;
    QByteArray state {}; ///< what the last committed fetch returned as nextState; empty = first run

    void report(RunProgress::Phase phase, std::int64_t done, std::int64_t total = -1) const
    {
        progress({ .phase = phase, .done = done, .total = total });
    }
};

struct FetchOutcome
{
    bool unchanged
        = false; ///< the source says nothing changed since `state`; the builder is to be ignored
    QByteArray nextState {}; ///< stored with the commit
    QString tenantId {}; ///< immutable id of the tenant, realm, domain or file read; empty = none
};

/// One ticked or crossed step of "Test connection".
struct TestStep
{
    QString name {}; ///< stable: "reach", "sign_in", "permissions", "users", "groups", "clock", ...
    Message title {};
    bool ok = false;
    Message what {}; ///< what was found, or what went wrong
    Message remedy {};
    QString detail {}; ///< redacted
};

struct TestReport
{
    std::vector<TestStep> steps {}; ///< in order; the first failed one is the last
    std::vector<UserRecord> sampleUsers {}; ///< up to five
    std::optional<std::int64_t> userCount {};
    std::optional<std::int64_t> groupCount {};
    std::optional<Error> failure {}; ///< of the failed step
    QString tenantId {};

    bool passed() const { return !failure.has_value(); }
};

/// Reads one kind of identity provider. Straight-line, blocking, on a run thread; made for one run.
class Connector
{
public:
    Connector() = default;
    Connector(const Connector&) = delete;
    Connector& operator=(const Connector&) = delete;
    virtual ~Connector() = default;

    /// Reach, sign in, permissions, sample users: stores nothing.
    virtual TestReport test(RunContext& run) = 0;

    /// Reads everything. On error nothing of @p out is used.
    virtual Result<FetchOutcome> fetch(RunContext& run, SnapshotBuilder& out) = 0;
};

struct ConnectorCapabilities
{
    bool nestedGroups = false;
    bool conditionalRead = false; ///< can tell "unchanged" without reading everything
    bool local = false; ///< polling floor of 1 min instead of 5 min (sync-lifecycle.md 1.4)
    bool offline = false; ///< needs no network at all
    bool transitiveSource = false; ///< its memberships are already transitive
};

struct ConnectorDescriptor
{
    QString id {}; ///< stored; never renamed
    const char* name = ""; ///< QT_TRANSLATE_NOOP("Connector", ...)
    const char* summary = ""; ///< one sentence for the picker
    QString helpUrl {}; ///< the provider's own page
    ConnectorCapabilities capabilities {};
    std::vector<FieldDescriptor> fields {};
    /// Rules over several fields that field descriptions cannot say; may be empty.
    std::function<std::vector<FieldProblem>(const OptionValues&)> crossCheck {};
    std::function<std::unique_ptr<Connector>(ConnectorOptions)> create {};
};

/// What connectors that speak HTTP have besides their own fields: ca_file, http_proxy, allow_http.
std::vector<FieldDescriptor> commonHttpFields();

/// TLS and proxy settings as commonHttpFields() describes them.
HttpSettings httpSettings(const OptionValues& values);

/// validate() and then, when every field is right by itself, the connector's crossCheck.
std::vector<FieldProblem> validateOptions(const ConnectorDescriptor& connector,
    const OptionValues& values, const std::vector<QString>& storedSecrets);

/// What create() wants: effective values, secrets and the name for messages.
ConnectorOptions makeOptions(const ConnectorDescriptor& connector, const OptionValues& values,
    QHash<QString, QString> secrets, QString connectionName);

} // namespace portreeve
