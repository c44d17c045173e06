// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/adoptioncheck.h"

#include "core/proxy/adoption.h"

#include <algorithm>
#include <iterator>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// So that a proxy that refuses everything holds up no delivery for long.
constexpr std::size_t kMostProbes = 10;

/// Whether a request for it can be made up: of a pattern nobody knows a name or a path.
bool canBeAskedFor(const StoredRoute& route)
{
    const QUrl from(route.from);
    const bool isWeb = from.scheme() == u"https" || from.scheme() == u"http";
    return isWeb && !from.host().isEmpty() && !from.host().contains(u'*') && route.regex.isEmpty();
}

std::vector<StoredRoute> routesToTry(const SentRoutes& sent)
{
    std::vector<StoredRoute> out;
    std::copy_if(sent.changed.begin(), sent.changed.end(), std::back_inserter(out), canBeAskedFor);
    if (out.empty()) {
        const auto found = std::find_if(sent.others.begin(), sent.others.end(), canBeAskedFor);
        if (found != sent.others.end()) {
            out.push_back(*found);
        }
    }
    return out;
}

RouteProbe probeOf(const StoredRoute& route, const QUrl& listener, const QByteArray& token)
{
    QUrl url = listener;
    url.setPath(route.path.isEmpty() ? route.prefix : route.path);
    return {
        .url = url, .host = QUrl(route.from).host(QUrl::FullyEncoded).toLatin1(), .token = token
    };
}

/// Of the routes to ask the proxy for; empty without a listener or such a route.
Result<std::vector<RouteProbe>> probesOf(
    const DeliveryJob& job, const SentRoutes& sent, AppliedDelivery& done)
{
    const auto& listener = job.link.options().probeUrl;
    const auto routes = routesToTry(sent);
    if (listener.isEmpty() || routes.empty()) {
        return std::vector<RouteProbe> {};
    }
    const auto token = job.link.secret(kProbeTokenField);
    if (!token) {
        return token.error();
    }
    const auto count = std::min(routes.size(), kMostProbes);
    if (count < routes.size()) {
        done.notes.push_back(
            message(QT_TRANSLATE_NOOP("Message", "Of %2 changed routes, %1 were tried."),
                QString::number(count), QString::number(routes.size())));
    }
    std::vector<RouteProbe> out;
    out.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        out.push_back(probeOf(routes[i], listener, token->value_or(QString()).toUtf8()));
    }
    return out;
}

/// One after the other: only the first has to wait for the proxy. Ends with the first that is not
/// confirmed.
Result<Adoption> lookAt(
    const DeliveryJob& job, const std::vector<RouteProbe>& probes, bool healthConfirms)
{
    AdoptionCheck check { .healthUrl = job.link.options().healthUrl,
        .healthConfirms = healthConfirms };
    auto adoption = Result<Adoption>(Adoption {});
    for (std::size_t i = 0; i < std::max(probes.size(), std::size_t { 1 }); ++i) {
        check.probe = probes.empty() ? std::nullopt : std::optional(probes[i]);
        adoption = checkAdoption(check, job.link.http(), job.clock, job.control.stop);
        if (!adoption || adoption->state != AdoptionState::Confirmed) {
            break;
        }
    }
    if (adoption && check.probe && adoption->state == AdoptionState::Refused) {
        adoption->detail += u" (Host: "_s + QString::fromLatin1(check.probe->host) + u')';
    }
    return adoption;
}

} // namespace

Result<void> confirmAdoption(
    const DeliveryJob& job, const SentRoutes& sent, bool healthConfirms, AppliedDelivery& done)
{
    const auto probes = probesOf(job, sent, done);
    if (!probes) {
        return probes.error();
    }
    job.control.progress({ .phase = DeliveryProgress::Phase::Verifying });
    const auto adoption = lookAt(job, *probes, healthConfirms);
    if (!adoption) {
        return adoption.error();
    }
    if (adoption->state == AdoptionState::NotConfirmed) {
        done.notes.push_back(adoption->reason);
        done.notes.push_back(adoption->remedy);
    }
    done.confirmed = done.confirmed && adoption->state == AdoptionState::Confirmed;
    return adoption->outcome();
}

} // namespace portreeve
