// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/configexport.h"

#include "core/access/groupreferences.h"
#include "core/access/routerules.h"
#include "core/policy/writer.h"

#include <QUrl>

#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <tuple>

using namespace Qt::StringLiterals;

namespace portreeve {

using namespace policy;

namespace {

struct Reason
{
    Message what {};
    Message fix {};
};

std::optional<Reason> addressProblem(const StoredRoute& route)
{
    static const QStringList schemes { u"https"_s, u"http"_s, u"ssh"_s, u"tcp+https"_s,
        u"udp+https"_s };
    const QUrl from(route.from, QUrl::StrictMode);
    const bool bare = (from.path().isEmpty() || from.path() == u"/") && !from.hasQuery()
        && !from.hasFragment() && from.userInfo().isEmpty();
    const bool isTunnel = from.scheme().contains(u'+');
    if (!from.isValid() || !schemes.contains(from.scheme()) || from.host().isEmpty()
        || (!bare && !isTunnel)) {
        return Reason { message(QT_TRANSLATE_NOOP(
                                    "Message", "\"%1\" is no address a route can listen on."),
                            route.from),
            message(QT_TRANSLATE_NOOP(
                "Message", "Write scheme and host only, for example https://app.example.com.")) };
    }
    if (route.to.empty()) {
        return Reason { message(QT_TRANSLATE_NOOP("Message", "The route leads nowhere.")),
            message(QT_TRANSLATE_NOOP("Message", "Add a destination.")) };
    }
    // the proxy takes any other scheme and answers 503 on the route
    static const QStringList destinationSchemes { u"https"_s, u"http"_s, u"h2c"_s, u"ssh"_s,
        u"tcp"_s, u"udp"_s };
    for (const auto& destination : route.to) {
        const QUrl to(destination, QUrl::StrictMode);
        if (!to.isValid() || !destinationSchemes.contains(to.scheme()) || to.host().isEmpty()) {
            return Reason { message(QT_TRANSLATE_NOOP(
                                        "Message", "\"%1\" is no address a route can lead to."),
                                destination),
                message(QT_TRANSLATE_NOOP(
                    "Message", "Write scheme and host, for example http://127.0.0.1:8080.")) };
        }
    }
    return std::nullopt;
}

std::optional<Reason> pathProblem(const StoredRoute& route)
{
    const auto matchers = (route.prefix.isEmpty() ? 0 : 1) + (route.path.isEmpty() ? 0 : 1)
        + (route.regex.isEmpty() ? 0 : 1);
    if (matchers > 1) {
        return Reason { message(QT_TRANSLATE_NOOP(
                            "Message", "The route has more than one of prefix, path and regex.")),
            message(QT_TRANSLATE_NOOP("Message", "Keep one of them.")) };
    }
    for (const auto& path : { route.prefix, route.path }) {
        if (!path.isEmpty() && !path.startsWith(u'/')) {
            return Reason { message(QT_TRANSLATE_NOOP(
                                        "Message", "The path \"%1\" does not start with a slash."),
                                path),
                message(QT_TRANSLATE_NOOP("Message", "Put a slash in front.")) };
        }
    }
    if (route.regex.isEmpty()) {
        return std::nullopt;
    }
    const re2::RE2 regex(route.regex.toStdString(), re2::RE2::Quiet);
    if (regex.ok()) {
        return std::nullopt;
    }
    return Reason { message(QT_TRANSLATE_NOOP("Message",
                                "The proxy cannot read the regular expression \"%1\": %2."),
                        route.regex, QString::fromStdString(regex.error())),
        message(QT_TRANSLATE_NOOP("Message",
            "The proxy uses RE2, which knows neither look-around nor back references.")) };
}

QString matcherKey(const StoredRoute& route)
{
    return route.from.toLower() % u'\n' % route.prefix % u'\n' % route.path % u'\n' % route.regex;
}

/// Routes of the operator's own file may have no name.
QString nameOf(const StoredRoute& route)
{
    return route.name.isEmpty() ? route.from : route.name;
}

/// Whether every request for @p later is taken by @p earlier.
bool shadows(const StoredRoute& earlier, const StoredRoute& later)
{
    if (earlier.from.compare(later.from, Qt::CaseInsensitive) != 0) {
        return false;
    }
    if (!earlier.path.isEmpty()) {
        return earlier.path == later.path;
    }
    if (!earlier.regex.isEmpty()) {
        const re2::RE2 regex(earlier.regex.toStdString(), re2::RE2::Quiet);
        return earlier.regex == later.regex
            || (!later.path.isEmpty() && regex.ok()
                && re2::RE2::FullMatch(later.path.toStdString(), regex));
    }
    if (earlier.prefix.isEmpty() || earlier.prefix == u"/") {
        return true;
    }
    const auto& start = later.path.isEmpty() ? later.prefix : later.path;
    return start.startsWith(earlier.prefix);
}

/// Exact paths, then regular expressions, then prefixes from long to short: no prefix hides a
/// longer one, whatever the routes are called.
bool isMoreSpecific(const StoredRoute& a, const StoredRoute& b)
{
    const auto rank = [](const StoredRoute& route) {
        return std::tuple(route.path.isEmpty(), route.regex.isEmpty(), -route.prefix.size(),
            route.path, route.regex, route.prefix, route.name);
    };
    return std::pair(a.from, rank(a)) < std::pair(b.from, rank(b));
}

void addProblem(std::vector<Diagnostic>& out, Position at, Message what, Message fix)
{
    out.push_back({ .kind = DiagnosticClass::Semantic,
        .code = u"not_exportable"_s,
        .at = at,
        .what = std::move(what),
        .fix = std::move(fix) });
}

void fileProblems(const Criterion& criterion, std::vector<Diagnostic>& out)
{
    if (criterion.name == u"claim" && criterion.subPath != criterion.subPath.toLower()) {
        addProblem(out, criterion.at,
            message(
                QT_TRANSLATE_NOOP("Message",
                    "config.yaml turns the claim name \"%1\" into lower case, so it would never "
                    "match."),
                criterion.subPath),
            message(QT_TRANSLATE_NOOP("Message",
                "Send the policy over the proxy's API, or let the provider issue a lower-case "
                "claim.")));
    }
}

void coreProblems(const Criterion& criterion, std::vector<Diagnostic>& out)
{
    const bool unreliable = criterion.name == u"http_path" || criterion.name == u"http_method";
    if (unreliable
        && (criterion.data.member(u"not") != nullptr
            || criterion.data.member(u"not_in") != nullptr)) {
        addProblem(out, criterion.at,
            message(QT_TRANSLATE_NOOP("Message",
                        "The proxy cannot negate \"%1\": the condition would hold for every "
                        "request."),
                criterion.name),
            message(QT_TRANSLATE_NOOP("Message",
                "Split the route with prefix, path or regex, which the proxy matches properly.")));
    }
}

void directoryProblems(const Criterion& criterion, std::vector<Diagnostic>& out)
{
    if (criterion.name == u"groups") {
        addProblem(out, criterion.at,
            message(QT_TRANSLATE_NOOP("Message",
                "The target gets no directory records, so \"groups\" is false for everybody.")),
            message(QT_TRANSLATE_NOOP(
                "Message", "Choose a way for users and groups to travel to the target.")));
    }
}

void criteriaProblems(const OperatorList& list, const Target& target, std::vector<Diagnostic>& out)
{
    for (const auto& criterion : list.criteria) {
        if (target.configFile) {
            fileProblems(criterion, out);
        }
        if (!target.hasDirectory) {
            directoryProblems(criterion, out);
        }
        coreProblems(criterion, out);
    }
}

class Preparation
{
public:
    explicit Preparation(const ExportSource& source)
        : m_source(source)
        , m_liveGroups(source.groups.liveIds())
    {
    }

    PreparedExport run()
    {
        auto routes = m_source.routes;
        std::stable_sort(routes.begin(), routes.end(), isMoreSpecific);
        for (const auto& route : routes) {
            m_refusedHere = false;
            for (const auto& problem : { addressProblem(route), pathProblem(route) }) {
                if (problem) {
                    refuse(route, {}, *problem);
                }
            }
            checkOrder(route);
            checkLaterRoutes(route);
            ExportedRoute exported { .route = route };
            collectRules(exported);
            checkRoundTrip(exported);
            if (!m_refusedHere) {
                m_out.routes.push_back(std::move(exported));
            }
            m_earlier.push_back(route);
        }
        collectPolicies();
        return std::move(m_out);
    }

private:
    void refuse(const StoredRoute& route, const QString& policyName, const Reason& reason)
    {
        m_refusedHere = true;
        m_out.refusals.push_back({ .routeName = route.name,
            .policyName = policyName,
            .reason = reason.what,
            .fix = reason.fix });
    }

    void checkOrder(const StoredRoute& route)
    {
        for (const auto& earlierRoutes :
            { std::span(m_source.baseRoutes), std::span(std::as_const(m_earlier)) }) {
            for (const auto& earlier : earlierRoutes) {
                if (matcherKey(earlier) == matcherKey(route)) {
                    refuse(route, {},
                        { message(QT_TRANSLATE_NOOP("Message",
                                      "The route \"%1\" has the same address and path; the proxy "
                                      "would mix the two up."),
                              nameOf(earlier)),
                            message(QT_TRANSLATE_NOOP(
                                "Message", "Join the two, or change one's path.")) });
                    return;
                }
                if (shadows(earlier, route)) {
                    refuse(route, {},
                        { message(QT_TRANSLATE_NOOP("Message",
                                      "The route \"%1\" stands before it and takes all its "
                                      "requests."),
                              nameOf(earlier)),
                            message(
                                QT_TRANSLATE_NOOP("Message", "Narrow the path of that route.")) });
                    return;
                }
            }
        }
    }

    void checkLaterRoutes(const StoredRoute& route)
    {
        const auto hidden = std::find_if(m_source.laterRoutes.begin(), m_source.laterRoutes.end(),
            [&route](const StoredRoute& later) { return shadows(route, later); });
        if (hidden != m_source.laterRoutes.end()) {
            refuse(route, {},
                { message(QT_TRANSLATE_NOOP("Message",
                              "It would take all requests of the file's own route \"%1\", which "
                              "stands behind it."),
                      nameOf(*hidden)),
                    message(QT_TRANSLATE_NOOP("Message",
                        "Narrow its path, or move the managed block behind that route.")) });
        }
    }

    void collectRules(ExportedRoute& exported)
    {
        for (const auto& id : exported.route.policyIds) {
            const bool exists = std::any_of(m_source.policies.begin(), m_source.policies.end(),
                [&id](const StoredPolicy& policy) { return policy.id == id; });
            if (!exists) {
                refuse(exported.route, id,
                    { message(QT_TRANSLATE_NOOP(
                          "Message", "The route uses a policy that does not exist any more.")),
                        message(QT_TRANSLATE_NOOP(
                            "Message", "Edit the route and choose its policies again.")) });
            }
        }
        for (const auto* policy : access::policiesOf(exported.route, m_source.policies)) {
            addRules(exported, *policy);
        }
    }

    /// A policy as the target would get it, and why it cannot be given to it.
    struct Checked
    {
        Policy rules {};
        std::vector<Reason> problems {};
    };

    const Checked& check(const StoredPolicy& stored)
    {
        const auto known = m_checked.find(stored.id);
        if (known != m_checked.end()) {
            return known->second;
        }
        const auto parsed = parsePolicy(stored.text.toUtf8());
        std::vector<Diagnostic> problems;
        std::copy_if(parsed.diagnostics.begin(), parsed.diagnostics.end(),
            std::back_inserter(problems), [](const Diagnostic& diagnostic) {
                return diagnostic.severity == Severity::Error
                    && diagnostic.kind == DiagnosticClass::Parse;
            });
        Checked out;
        if (parsed.policy) {
            problems = exportProblems(*parsed.policy, m_source.target);
            // before the first sync no group can be told missing
            out.rules = m_source.groups.isKnown()
                ? access::withNegationGuard(*parsed.policy, m_liveGroups)
                : *parsed.policy;
        }
        std::transform(problems.begin(), problems.end(), std::back_inserter(out.problems),
            [](const Diagnostic& problem) { return Reason { problem.what, problem.fix }; });
        return m_checked.emplace(stored.id, std::move(out)).first->second;
    }

    void addRules(ExportedRoute& exported, const StoredPolicy& stored)
    {
        const auto& checked = check(stored);
        for (const auto& problem : checked.problems) {
            refuse(exported.route, stored.name, problem);
        }
        exported.policyIds.push_back(stored.id);
        m_used.insert(stored.id);
        std::copy(checked.rules.rules.begin(), checked.rules.rules.end(),
            std::back_inserter(exported.rules.rules));
    }

    void collectPolicies()
    {
        for (const auto& stored : m_source.policies) {
            const bool used = m_used.contains(stored.id);
            if (!used && !m_source.everyPolicy) {
                continue;
            }
            const auto& checked = check(stored);
            for (const auto& problem : checked.problems) {
                if (!used) { // else it stands beside its routes
                    m_out.refusals.push_back(
                        { .policyName = stored.name, .reason = problem.what, .fix = problem.fix });
                }
            }
            if (checked.problems.empty()) {
                m_out.policies.push_back({ .stored = stored, .rules = checked.rules });
            }
        }
        std::stable_sort(m_out.policies.begin(), m_out.policies.end(),
            [](const ExportedPolicy& a, const ExportedPolicy& b) {
                return std::tie(a.stored.name, a.stored.id) < std::tie(b.stored.name, b.stored.id);
            });
    }

    /// Our own output, read as the proxy reads it, must say the same.
    void checkRoundTrip(const ExportedRoute& exported)
    {
        if (m_refusedHere) {
            return;
        }
        const auto written = writeFragment({ exported });
        if (!written) {
            refuse(exported.route, {}, { written.error().what, written.error().remedy });
            return;
        }
        const auto back = readFragment(*written);
        const bool same = back && back->size() == 1
            && normalForm(back->front().rules) == normalForm(exported.rules);
        if (m_source.target.configFile && !same) {
            refuse(exported.route, {},
                { message(QT_TRANSLATE_NOOP("Message",
                      "config.yaml cannot carry this route's policies unchanged: it turns every "
                      "key "
                      "into lower case.")),
                    message(QT_TRANSLATE_NOOP("Message",
                        "Send the policies over the proxy's API, or remove upper-case keys.")) });
        }
    }

    const ExportSource& m_source;
    QSet<QString> m_liveGroups;
    PreparedExport m_out;
    std::vector<StoredRoute> m_earlier;
    std::map<QString, Checked> m_checked; ///< by policy id
    QSet<QString> m_used; ///< ids of policies that routes have
    bool m_refusedHere = false;
};

} // namespace

Result<void> PreparedExport::outcome() const
{
    if (refusals.empty()) {
        return {};
    }
    const auto& first = refusals.front();
    return Error { .code = ErrorCode::InvalidInput,
        .what = first.routeName.isEmpty()
            ? message(QT_TRANSLATE_NOOP("Message", "The policy \"%1\" cannot be exported: %2"),
                  first.policyName, first.reason.english())
            : message(QT_TRANSLATE_NOOP("Message", "The route \"%1\" cannot be exported: %2"),
                  first.routeName, first.reason.english()),
        .remedy = first.fix,
        .field = first.routeName.isEmpty() ? u"policies"_s : u"routes"_s };
}

Result<void> checkRoute(const StoredRoute& route)
{
    for (const auto& problem : { addressProblem(route), pathProblem(route) }) {
        if (problem) {
            return Error {
                .code = ErrorCode::InvalidInput, .what = problem->what, .remedy = problem->fix
            };
        }
    }
    return {};
}

std::vector<Diagnostic> exportProblems(const Policy& policy, const Target& target)
{
    std::vector<Diagnostic> out;
    for (const auto& rule : policy.rules) {
        for (const auto& list : rule.lists) {
            criteriaProblems(list, target, out);
        }
    }
    auto refused = checkPolicy(policy);
    for (const auto& finding : lintPolicy(policy, { .target = target })) {
        // the lint knows which edition and version have a criterion
        if (finding.code == u"lint_7_6" && finding.severity == Severity::Error) {
            refused.push_back(finding);
        }
    }
    std::remove_copy_if(
        refused.begin(), refused.end(), std::back_inserter(out), isOfAnotherEdition);
    return out;
}

PreparedExport prepareExport(const ExportSource& source)
{
    return Preparation(source).run();
}

} // namespace portreeve
