// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/proxy/health.h"

#include <optional>

namespace portreeve {

/// What a request for one route must meet with once the proxy has taken over what was written.
enum class ProbeExpectation {
    Known, ///< any answer of the route, a refusal too; 404 = the route is not there
    Admitted, ///< the proxy forwards it
    Refused, ///< the proxy does not forward it
};

/// One request through the proxy to a route that was changed.
struct RouteProbe
{
    QUrl url {}; ///< of the route, or of the listener with the route's name in `host`
    QByteArray host {}; ///< Host header; empty = as in the URL
    QByteArray token {}; ///< of a service account; never logged. Empty = like an unknown visitor
    ProbeExpectation expectation = ProbeExpectation::Known;
};

enum class AdoptionState {
    Confirmed, ///< the proxy acts on what was written
    NotConfirmed, ///< written; whether the proxy acts on it could not be seen
    Refused, ///< written, and the proxy keeps its old state
};

QString adoptionStateName(AdoptionState state); ///< "confirmed", "written_not_confirmed", "refused"

struct Adoption
{
    AdoptionState state = AdoptionState::NotConfirmed;
    Message reason {}; ///< empty when confirmed
    Message remedy {};
    QString detail {}; ///< the proxy's own words, or how the check failed

    /// Refused as an error for callers that stop there.
    Result<void> outcome() const;
};

struct AdoptionCheck
{
    QUrl healthUrl {}; ///< empty = not reachable from here
    std::optional<RouteProbe> probe {};

    /// Channels C and D: the proxy reports there whether it built its configuration. A file's
    /// broken YAML or unknown criterion shows nothing (proxy.md 2.2), so it confirms nothing.
    bool healthConfirms = false;

    std::chrono::milliseconds timeout { 2'000 }; ///< new state bites after 13 to 368 ms
};

/// Watches the proxy after a write until it is confirmed or the time is over. An error that the
/// proxy reports counts only when it is still there at the end: it may be older than the write.
/// Blocks. @return Cancelled; everything else is a state
Result<Adoption> checkAdoption(
    const AdoptionCheck& check, HttpClient& http, Clock& clock, const std::stop_token& stop);

} // namespace portreeve
