// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/connectorrun.h"

namespace portreeve::test {

Result<HttpResponse> NoHttp::send(const HttpRequest& /*request*/, const std::stop_token& /*stop*/)
{
    return Error { .code = ErrorCode::Internal,
        .what = Message::verbatim(QStringLiteral("This connector was to use no HTTP.")) };
}

std::vector<Result<HttpResponse>> NoHttp::sendAll(
    const std::vector<HttpRequest>& requests, int /*maxInFlight*/, const std::stop_token& stop)
{
    std::vector<Result<HttpResponse>> answers;
    for (const auto& request : requests) {
        answers.push_back(send(request, stop));
    }
    return answers;
}

ConnectorRun::ConnectorRun(Clock& clock, const QString& connectorId, const OptionValues& values,
    const QHash<QString, QString>& secrets)
    : onProgress([](const RunProgress&) {})
    , m_context { .http = m_http,
        .clock = clock,
        .stop = m_stop.get_token(),
        .progress = [this](const RunProgress& progress) { onProgress(progress); },
        .redactor = m_redactor }
{
    for (const auto& secret : secrets) {
        m_redactor.addSecret(secret);
    }
    const ConnectorDescriptor* connector = findConnector(connectorId);
    Q_ASSERT(connector != nullptr);
    m_connector = connector->create(makeOptions(*connector, values, secrets, connectorId));
}

Result<SnapshotPtr> ConnectorRun::fetch()
{
    SnapshotBuilder builder;
    const auto outcome = m_connector->fetch(m_context, builder);
    m_usersRead = builder.userCount();
    if (!outcome) {
        return outcome.error();
    }
    m_outcome = *outcome;
    return builder.build();
}

} // namespace portreeve::test
