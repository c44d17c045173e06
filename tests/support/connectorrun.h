// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/registry.h"

namespace portreeve::test {

/// For connectors that use no HTTP: any request is a mistake and fails.
class NoHttp final : public HttpClient
{
public:
    Result<HttpResponse> send(const HttpRequest& request, const std::stop_token& stop) override;
    std::vector<Result<HttpResponse>> sendAll(const std::vector<HttpRequest>& requests,
        int maxInFlight, const std::stop_token& stop) override;
};

/// One run of a connector without HTTP, with everything it borrows.
class ConnectorRun
{
public:
    /// @param clock  outlives the run
    ConnectorRun(Clock& clock, const QString& connectorId, const OptionValues& values,
        const QHash<QString, QString>& secrets = {});

    TestReport test() { return m_connector->test(m_context); }

    /// The snapshot, or what fetch or build failed with.
    Result<SnapshotPtr> fetch();

    /// Called with every progress report, on the run's thread.
    std::function<void(const RunProgress&)> onProgress;

    void cancel() { m_stop.request_stop(); }

    RunContext& context() { return m_context; }

    const FetchOutcome& outcome() const { return m_outcome; } ///< of the last fetch that worked

    std::size_t usersRead() const { return m_usersRead; } ///< also of a fetch that failed

private:
    NoHttp m_http;
    std::stop_source m_stop;
    Redactor m_redactor;
    RunContext m_context;
    std::unique_ptr<Connector> m_connector;
    FetchOutcome m_outcome;
    std::size_t m_usersRead = 0;
};

} // namespace portreeve::test
