// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/adoptioncheck.h"

#include "core/proxy/adoption.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// Whether a request for it can be made up: of a pattern nobody knows a name or a path.
bool canBeAskedFor(const StoredRoute& route)
{
    const QUrl from(route.from);
    const bool isWeb = from.scheme() == u"https" || from.scheme() == u"http";
    return isWeb && !from.host().isEmpty() && !from.host().contains(u'*') && route.regex.isEmpty();
}

/// A route of ours to ask the proxy for; nothing without a listener or such a route.
Result<std::optional<RouteProbe>> probeOf(
    const DeliveryJob& job, const std::vector<StoredRoute>& sent)
{
    const auto found = std::find_if(sent.begin(), sent.end(), canBeAskedFor);
    if (job.link.options().probeUrl.isEmpty() || found == sent.end()) {
        return std::optional<RouteProbe>();
    }
    const auto token = job.link.secret(kProbeTokenField);
    if (!token) {
        return token.error();
    }
    const QUrl route(found->from);
    QUrl url = job.link.options().probeUrl;
    url.setPath(found->path.isEmpty() ? found->prefix : found->path);
    return std::optional(RouteProbe { .url = url,
        .host = route.host(QUrl::FullyEncoded).toLatin1(),
        .token = token->value_or(QString()).toUtf8() });
}

} // namespace

Result<void> confirmAdoption(const DeliveryJob& job, const std::vector<StoredRoute>& sent,
    bool healthConfirms, AppliedDelivery& done)
{
    auto probe = probeOf(job, sent);
    if (!probe) {
        return probe.error();
    }
    job.control.progress({ .phase = DeliveryProgress::Phase::Verifying });
    const auto adoption = checkAdoption({ .healthUrl = job.link.options().healthUrl,
                                            .probe = *std::move(probe),
                                            .healthConfirms = healthConfirms },
        job.link.http(), job.clock, job.control.stop);
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
