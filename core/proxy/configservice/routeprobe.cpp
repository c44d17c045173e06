// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/configservice/routeprobe.h"

using namespace Qt::StringLiterals;

namespace portreeve::configservice {

namespace {

constexpr std::chrono::minutes kAccountLife { 10 };
constexpr std::chrono::milliseconds kProbeTimeout { 2'000 }; // a block waits for the first ones
constexpr int kNotSignedIn = 401;

/// The page of a route that surely matches it; nothing for a regular expression.
std::optional<QString> pageOf(const RouteEntity& route)
{
    if (!route.regex.isEmpty()) {
        return std::nullopt;
    }
    const auto& page = route.path.isEmpty() ? route.prefix : route.path;
    return page.isEmpty() ? u"/"_s : page;
}

Error noPage(const RouteEntity& route)
{
    return { .code = ErrorCode::InvalidInput,
        .what = message(QT_TRANSLATE_NOOP("Message",
                            "The route \"%1\" takes its requests by a regular expression, so no "
                            "page of it is known to try."),
            route.name),
        .remedy
        = message(QT_TRANSLATE_NOOP("Message", "Try one of its pages in a browser instead.")) };
}

} // namespace

AccountProbe::AccountProbe(
    HttpClient& http, ConfigServiceEditor& editor, const Clock& clock, QUrl listener)
    : m_http(http)
    , m_editor(editor)
    , m_clock(clock)
    , m_listener(std::move(listener))
{
}

Result<ProbeAnswer> AccountProbe::ask(
    const RouteEntity& route, const QString& userId, const std::stop_token& stop)
{
    auto status = statusAs(route, userId, stop);
    if (status && *status == kNotSignedIn) {
        m_accounts.remove(userId); // gone with the proxy's memory
        status = statusAs(route, userId, stop);
    }
    if (!status) {
        return status.error();
    }
    constexpr int forbidden = 403;
    constexpr int deviceNeeded = 450;
    constexpr int firstSuccess = 200;
    constexpr int firstRedirect = 300;
    if (*status == forbidden || *status == deviceNeeded) {
        return ProbeAnswer::Refused;
    }
    if (*status >= firstSuccess && *status < firstRedirect) {
        return ProbeAnswer::LetIn;
    }
    return Error { .code = ErrorCode::BadResponse,
        .what = message(QT_TRANSLATE_NOOP("Message",
                            "Trying the route \"%1\" told neither yes nor no (HTTP %2)."),
            route.name, QString::number(*status)),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Check that the application behind the route runs, and that the target's address for "
            "trying routes is the proxy's own.")) };
}

Result<int> AccountProbe::statusAs(
    const RouteEntity& route, const QString& userId, const std::stop_token& stop)
{
    const auto page = pageOf(route);
    if (!page) {
        return noPage(route);
    }
    if (!m_accounts.contains(userId)) {
        const auto made
            = m_editor.createServiceAccount(userId, m_clock.nowUtc() + kAccountLife, stop);
        if (!made) {
            return made.error();
        }
        m_accounts.insert(userId, *made);
    }
    const QUrl from(route.from);
    HttpRequest request { .url = m_listener.isEmpty() ? from : m_listener,
        .headers
        = { { .name = "Authorization", .value = "Pomerium " + m_accounts.value(userId).token } },
        .timeout = kProbeTimeout };
    request.url.setPath(*page);
    if (!m_listener.isEmpty()) {
        request.headers.push_back({ .name = "Host", .value = from.authority().toLatin1() });
    }
    const auto response = m_http.send(request, stop);
    return response ? Result<int>(response->status) : response.error();
}

Result<void> AccountProbe::finish(const std::stop_token& stop)
{
    Result<void> out;
    for (const auto& account : std::as_const(m_accounts)) {
        const auto removed = m_editor.removeServiceAccount(account.id, stop);
        if (!removed) {
            out = removed.error();
        }
    }
    m_accounts.clear();
    return out;
}

} // namespace portreeve::configservice
