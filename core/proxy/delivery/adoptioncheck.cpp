// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/adoptioncheck.h"

#include "core/proxy/adoption.h"

namespace portreeve {

namespace {

/// A route of ours to ask the proxy for, or nothing without a listener and a token.
Result<std::optional<RouteProbe>> probeOf(const DeliveryJob& job)
{
    const auto& routes = job.source.exports.routes;
    if (job.link.options().probeUrl.isEmpty() || routes.empty()) {
        return std::optional<RouteProbe>();
    }
    const auto token = job.link.secret(kProbeTokenField);
    if (!token) {
        return token.error();
    }
    const QUrl route(routes.front().from);
    QUrl url = job.link.options().probeUrl;
    url.setPath(routes.front().path.isEmpty() ? routes.front().prefix : routes.front().path);
    return std::optional(RouteProbe { .url = url,
        .host = route.host(QUrl::FullyEncoded).toLatin1(),
        .token = token->value_or(QString()).toUtf8() });
}

} // namespace

Result<void> confirmAdoption(const DeliveryJob& job, bool healthConfirms, AppliedDelivery& done)
{
    auto probe = probeOf(job);
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
