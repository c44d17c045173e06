// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/adoption.h"

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr std::chrono::milliseconds kBetweenLooks { 200 };
/// The slowest take-over seen was 368 ms; a sound health page before that says nothing.
constexpr std::chrono::milliseconds kSettled { 600 };
constexpr std::chrono::seconds kProbeTime { 2 };

Adoption notConfirmed(Message reason, Message remedy, const QString& detail = {})
{
    return { .state = AdoptionState::NotConfirmed,
        .reason = std::move(reason),
        .remedy = std::move(remedy),
        .detail = detail };
}

Adoption refusedBy(const HealthCheck& check)
{
    const bool build = check.name == u"config.databroker.build";
    return { .state = AdoptionState::Refused,
        .reason = build ? message(QT_TRANSLATE_NOOP("Message",
                              "The proxy could not build its configuration and keeps the old one."))
                        : message(QT_TRANSLATE_NOOP("Message",
                              "The proxy refused its own routing table and keeps the old one; "
                              "every route made later stays unreachable.")),
        .remedy = build
            ? message(QT_TRANSLATE_NOOP("Message",
                  "Look for a route without an address, also among those of other writers."))
            : message(QT_TRANSLATE_NOOP("Message",
                  "Look for a wrong regular expression, also in routes of other writers.")),
        .detail = check.name + u": "_s + check.error };
}

/// What one look at the route showed.
struct Sighting
{
    bool asExpected = false;
    std::optional<Adoption> obstacle {}; ///< why it could not be looked at
    QString detail {};
};

/// The proxy's own refusals: 450 = device not accepted, 495 = client certificate missing.
bool isRefusal(int status)
{
    return status == 403 || status == 450 || status == 495;
}

bool isAsExpected(ProbeExpectation expectation, int status)
{
    switch (expectation) {
    case ProbeExpectation::Known:
        return status != 404;
    case ProbeExpectation::Admitted:
        return status != 404 && !isRefusal(status);
    case ProbeExpectation::Refused:
        break;
    }
    return isRefusal(status);
}

Adoption signInAsked(const RouteProbe& probe, const QString& detail)
{
    return notConfirmed(message(QT_TRANSLATE_NOOP("Message",
                            "Written, not confirmed: the proxy asks the probe to sign in.")),
        probe.token.isEmpty()
            ? message(QT_TRANSLATE_NOOP(
                  "Message", "Give the probe a service account that the route admits."))
            : message(QT_TRANSLATE_NOOP("Message",
                  "Make a new service account: with memory storage the proxy forgets them at every "
                  "restart.")),
        detail);
}

Sighting sightingOf(
    const RouteProbe& probe, const HttpRequest& request, const Result<HttpResponse>& response)
{
    // a redirect to another origin is the way to the sign-in page
    const bool signIn
        = response ? response->status == 401 : response.error().code == ErrorCode::BadResponse;
    const QString detail
        = response ? describeExchange(request, *response) : response.error().what.english();
    if (signIn) {
        const bool known = probe.expectation == ProbeExpectation::Known;
        return { .asExpected = known, .obstacle = signInAsked(probe, detail) };
    }
    if (!response) {
        return { .obstacle = notConfirmed(message(QT_TRANSLATE_NOOP("Message",
                                              "Written, not confirmed: the route could not be "
                                              "asked.")),
                     response.error().remedy, detail) };
    }
    return { .asExpected = isAsExpected(probe.expectation, response->status), .detail = detail };
}

Adoption unchanged(const Sighting& last)
{
    return { .state = AdoptionState::Refused,
        .reason = message(QT_TRANSLATE_NOOP("Message",
            "The route still answers as before: the proxy does not act on what was written.")),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Read the proxy's log. A criterion it does not know, anywhere in its file, freezes "
            "every policy, also those sent over its interface.")),
        .detail = last.detail };
}

class Watch
{
public:
    Watch(const AdoptionCheck& check, HttpClient& http, Clock& clock, const std::stop_token& stop)
        : m_check(check)
        , m_http(http)
        , m_clock(clock)
        , m_stop(stop)
        , m_start(clock.monotonic())
    {
        if (check.probe) {
            m_request = { .url = check.probe->url,
                .headers = { { "Accept", "text/html" } },
                .timeout = kProbeTime };
            if (!check.probe->host.isEmpty()) {
                m_request.headers.push_back({ "Host", check.probe->host });
            }
            if (!check.probe->token.isEmpty()) {
                m_request.headers.push_back({ "Authorization", "Pomerium " + check.probe->token });
            }
        }
    }

    Result<Adoption> run()
    {
        for (;;) {
            look();
            if (m_stop.stop_requested()) {
                return cancelledError();
            }
            if (const auto verdict = verdictNow(isOver())) {
                return *verdict;
            }
            if (!m_clock.sleep(kBetweenLooks, m_stop)) {
                return cancelledError();
            }
        }
    }

private:
    std::chrono::milliseconds elapsed() const { return m_clock.monotonic() - m_start; }

    bool isOver() const { return elapsed() >= m_check.timeout; }

    void look()
    {
        if (m_check.healthUrl.isValid()) {
            m_health = readHealth(m_http, m_check.healthUrl, m_stop);
        }
        if (m_check.probe) {
            m_sighting = sightingOf(*m_check.probe, m_request, m_http.send(m_request, m_stop));
        }
    }

    /// Nothing = look again.
    std::optional<Adoption> verdictNow(bool over) const
    {
        const auto* error = m_health && *m_health ? (*m_health)->configurationError() : nullptr;
        if (error != nullptr) {
            return over ? std::optional(refusedBy(*error)) : std::nullopt;
        }
        if (m_check.probe) {
            return verdictOfProbe(over);
        }
        return verdictOfHealth(over);
    }

    std::optional<Adoption> verdictOfProbe(bool over) const
    {
        if (m_sighting.asExpected) {
            return Adoption { .state = AdoptionState::Confirmed };
        }
        if (!over) {
            return std::nullopt;
        }
        return m_sighting.obstacle ? *m_sighting.obstacle : unchanged(m_sighting);
    }

    std::optional<Adoption> verdictOfHealth(bool over) const
    {
        if (!m_health) {
            return notConfirmed(message(QT_TRANSLATE_NOOP(
                                    "Message", "Written, not confirmed: nothing was set to ask.")),
                message(QT_TRANSLATE_NOOP(
                    "Message", "Set the target's health page, or a route to try.")));
        }
        if (!*m_health) {
            const auto& error = m_health->error();
            return notConfirmed(message(QT_TRANSLATE_NOOP("Message",
                                    "Written, not confirmed: the proxy's health page could not "
                                    "be read.")),
                error.remedy, error.what.english());
        }
        if (!over && elapsed() < kSettled) {
            return std::nullopt;
        }
        if (m_check.healthConfirms) {
            return Adoption { .state = AdoptionState::Confirmed };
        }
        return notConfirmed(
            message(QT_TRANSLATE_NOOP("Message",
                "Written, not confirmed: the proxy reports no error, but its health page would not "
                "show a broken file either.")),
            message(
                QT_TRANSLATE_NOOP("Message", "Set a route to try, or read the proxy's log once.")));
    }

    const AdoptionCheck& m_check;
    HttpClient& m_http;
    Clock& m_clock;
    const std::stop_token& m_stop;
    std::chrono::milliseconds m_start;
    HttpRequest m_request {};
    std::optional<Result<HealthReport>> m_health {};
    Sighting m_sighting {};
};

} // namespace

QString adoptionStateName(AdoptionState state)
{
    switch (state) {
    case AdoptionState::Confirmed:
        return u"confirmed"_s;
    case AdoptionState::NotConfirmed:
        return u"written_not_confirmed"_s;
    case AdoptionState::Refused:
        return u"refused"_s;
    }
    return {};
}

Result<void> Adoption::outcome() const
{
    if (state != AdoptionState::Refused) {
        return {};
    }
    return Error {
        .code = ErrorCode::BadResponse, .what = reason, .remedy = remedy, .detail = detail
    };
}

Result<Adoption> checkAdoption(
    const AdoptionCheck& check, HttpClient& http, Clock& clock, const std::stop_token& stop)
{
    return Watch(check, http, clock, stop).run();
}

} // namespace portreeve
