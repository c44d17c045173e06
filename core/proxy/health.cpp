// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/health.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr std::chrono::seconds kAnswerTime { 2 };
constexpr std::int64_t kLargestAnswer = std::int64_t { 1024 } * 1024;

Message healthRemedy()
{
    return message(QT_TRANSLATE_NOOP("Message",
        "Give the proxy's health_check_addr with /healthz, by default "
        "http://127.0.0.1:28080/healthz."));
}

/// UNAIVALABLE is how releases before 0.32 spell it.
bool isReported(const HealthCheck& check)
{
    return check.status != u"UNAVAILABLE" && check.status != u"UNAIVALABLE";
}

} // namespace

const HealthCheck* HealthReport::configurationError() const
{
    const auto found = std::find_if(checks.begin(), checks.end(), [](const HealthCheck& check) {
        const bool concerns
            = check.name == u"config.databroker.build" || check.name.startsWith(u"xds."_s);
        return concerns && isReported(check) && !check.error.isEmpty();
    });
    return found == checks.end() ? nullptr : &*found;
}

Result<HealthReport> parseHealth(const QByteArray& body)
{
    const auto document = QJsonDocument::fromJson(body);
    const auto object = document.object();
    HealthReport report;
    for (auto it = object.begin(); it != object.end(); ++it) {
        const auto entry = it.value().toObject();
        report.checks.push_back({ .name = it.key(),
            .status = entry.value(u"status").toString(),
            .error = entry.value(u"error").toString() });
    }
    const bool readable = document.isObject() && !object.isEmpty()
        && std::all_of(object.begin(), object.end(),
            [](const QJsonValueConstRef& value) { return value.isObject(); });
    if (!readable) {
        return Error { .code = ErrorCode::BadResponse,
            .what = message(QT_TRANSLATE_NOOP(
                "Message", "The health page did not answer with the proxy's checks.")),
            .remedy = healthRemedy() };
    }
    return report;
}

Result<HealthReport> readHealth(
    HttpClient& http, const QUrl& healthUrl, const std::stop_token& stop)
{
    const HttpRequest request {
        .url = healthUrl, .maxBodyBytes = kLargestAnswer, .timeout = kAnswerTime
    };
    const auto response = http.send(request, stop);
    if (!response) {
        return response.error();
    }
    if (response->status == 404) {
        return Error { .code = ErrorCode::NotFound,
            .what = message(QT_TRANSLATE_NOOP("Message", "There is no health page at %1."),
                healthUrl.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery)),
            .remedy = healthRemedy(),
            .detail = describeExchange(request, *response) };
    }
    auto report = parseHealth(response->body);
    if (!report) {
        auto error = report.error();
        error.detail = describeExchange(request, *response);
        return error;
    }
    return report;
}

} // namespace portreeve
