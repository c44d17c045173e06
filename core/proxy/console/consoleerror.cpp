// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/console/consoleerror.h"

#include "core/proxy/databroker/unreached.h"

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr ReachRemedies kReachRemedies {
    .noTls = QT_TRANSLATE_NOOP("Message",
        "Enter the host and port of the route to the console's API; routes speak TLS on port 443 "
        "unless changed."),
    .otherName = QT_TRANSLATE_NOOP("Message",
        "Enter the host of the route to the console's API, as it stands in its certificate."),
    .closed = QT_TRANSLATE_NOOP(
        "Message", "Switch TLS on for this target: a route to the console's API is encrypted."),
    .refused = QT_TRANSLATE_NOOP("Message",
        "Check that the proxy and the console are running, and that the route to the console's "
        "API can be reached from here."),
};

Explanation signInPage()
{
    return { .code = ErrorCode::Auth,
        .what = QT_TRANSLATE_NOOP(
            "Message", "%1 leads to its sign-in page: the proxy does not know the token."),
        .remedy = QT_TRANSLATE_NOOP("Message",
            "Enter the token of a service account of this Enterprise. With the bootstrap account, "
            "check the shared secret, both clocks, and that the console runs with "
            "BOOTSTRAP_SERVICE_ACCOUNT=true.") };
}

Explanation wrongAudience()
{
    return { .code = ErrorCode::Auth,
        .what
        = QT_TRANSLATE_NOOP("Message", "The console does not expect calls that come through %1."),
        .remedy = QT_TRANSLATE_NOOP("Message",
            "Add the host of this route to \"audience\" in the console's configuration, and have "
            "the route pass identity headers.") };
}

Explanation refusedByConsole()
{
    return { .code = ErrorCode::Auth,
        .what = QT_TRANSLATE_NOOP("Message", "The console behind %1 does not accept the token."),
        .remedy = QT_TRANSLATE_NOOP("Message",
            "Enter the token of a service account that still exists. If it does, see that the "
            "route passes identity headers and that its host is in the console's \"audience\".") };
}

std::optional<Explanation> byHttp(int status)
{
    constexpr int unauthorized = 401;
    constexpr int forbidden = 403;
    constexpr int notFound = 404;
    constexpr int firstRedirect = 301;
    constexpr int lastRedirect = 308;
    constexpr int badGateway = 502;
    constexpr int gatewayTimeout = 504;
    if ((status >= firstRedirect && status <= lastRedirect) || status == unauthorized) {
        return signInPage();
    }
    if (status == forbidden) {
        return Explanation { .code = ErrorCode::Permission,
            .what
            = QT_TRANSLATE_NOOP("Message", "The route to %1 does not let the service account in."),
            .remedy = QT_TRANSLATE_NOOP("Message",
                "Let the policy of that route allow the account, for example with "
                "allow_any_authenticated_user.") };
    }
    if (status == notFound) {
        return Explanation { .code = ErrorCode::BadResponse,
            .what = QT_TRANSLATE_NOOP("Message", "There is no console's API at %1."),
            .remedy = QT_TRANSLATE_NOOP("Message",
                "Enter the host of the proxy's route that leads to the console's port 8702.") };
    }
    if (status >= badGateway && status <= gatewayTimeout) {
        return Explanation { .code = ErrorCode::Network,
            .what
            = QT_TRANSLATE_NOOP("Message", "The proxy at %1 cannot reach the console behind it."),
            .remedy = QT_TRANSLATE_NOOP("Message",
                "Check that the console is running and that the route leads to its port 8702.") };
    }
    return std::nullopt;
}

std::optional<Explanation> aboutAccount(grpc::StatusCode code, const QString& text)
{
    const bool isRefused = code == grpc::StatusCode::UNAUTHENTICATED;
    const bool isForbidden = code == grpc::StatusCode::PERMISSION_DENIED;
    if (!isRefused && !isForbidden) {
        return std::nullopt;
    }
    if (text.contains("audience"_L1, Qt::CaseInsensitive)) {
        return wrongAudience();
    }
    if (isRefused) {
        return refusedByConsole();
    }
    return Explanation { .code = ErrorCode::Permission,
        .what = QT_TRANSLATE_NOOP(
            "Message", "The service account may not do this at the console behind %1."),
        .remedy = QT_TRANSLATE_NOOP("Message",
            "Give it the role Manager in the namespace of this target, or Viewer where the target "
            "is read only.") };
}

Explanation byStatus(grpc::StatusCode code)
{
    if (code == grpc::StatusCode::NOT_FOUND) {
        return { .code = ErrorCode::NotFound,
            .what = QT_TRANSLATE_NOOP("Message", "The console behind %1 has no such object."),
            .remedy
            = QT_TRANSLATE_NOOP("Message", "Compare again: somebody else may have deleted it.") };
    }
    if (code == grpc::StatusCode::ALREADY_EXISTS || code == grpc::StatusCode::ABORTED) {
        return { .code = ErrorCode::Stale,
            .what = QT_TRANSLATE_NOOP(
                "Message", "The console behind %1 has another object in its place by now."),
            .remedy = QT_TRANSLATE_NOOP("Message", "Compare again, then push the new plan.") };
    }
    if (code == grpc::StatusCode::INVALID_ARGUMENT
        || code == grpc::StatusCode::FAILED_PRECONDITION) {
        return { .code = ErrorCode::InvalidInput,
            .what = QT_TRANSLATE_NOOP("Message", "The console behind %1 refused what we sent."),
            .remedy = QT_TRANSLATE_NOOP("Message",
                "Look at the details and at the console's log; trying again does not help.") };
    }
    if (code == grpc::StatusCode::UNIMPLEMENTED) {
        return { .what = QT_TRANSLATE_NOOP("Message", "What answers at %1 is not the console."),
            .remedy = QT_TRANSLATE_NOOP("Message",
                "Enter the route to the console's API. A newer Enterprise has a configuration "
                "service: let policies travel by that.") };
    }
    if (code == grpc::StatusCode::DEADLINE_EXCEEDED) {
        return { .code = ErrorCode::Timeout,
            .what = QT_TRANSLATE_NOOP("Message", "The console behind %1 did not answer in time."),
            .remedy = QT_TRANSLATE_NOOP("Message",
                "Check the network and the load of the console; the next push tries again.") };
    }
    if (code == grpc::StatusCode::RESOURCE_EXHAUSTED) {
        return { .code = ErrorCode::LimitExceeded,
            .what
            = QT_TRANSLATE_NOOP("Message", "A message was too large for the console behind %1."),
            .remedy = QT_TRANSLATE_NOOP("Message",
                "Its limit is 4 MiB. Make the policy smaller, or split it into several.") };
    }
    return { .what
        = QT_TRANSLATE_NOOP("Message", "The console behind %1 had a problem of its own."),
        .remedy = QT_TRANSLATE_NOOP(
            "Message", "Look at the details and at the console's log, then try again.") };
}

Explanation read(const grpc::Status& status, const QString& text, const CallFacts& facts)
{
    if (const auto http = byHttp(httpStatusIn(text))) {
        return *http;
    }
    const auto code = status.error_code();
    if (const auto account = aboutAccount(code, text)) {
        return *account;
    }
    if (code == grpc::StatusCode::UNAVAILABLE || code == grpc::StatusCode::CANCELLED) {
        return explain(whyUnreached(text, facts.tls), kReachRemedies);
    }
    return byStatus(code);
}

} // namespace

Error consoleError(const grpc::Status& status, const CallFacts& facts)
{
    const auto text = QString::fromStdString(status.error_message());
    const auto explanation = read(status, text, facts);
    return { .code = explanation.code,
        .what = message(explanation.what, facts.address),
        .remedy = message(explanation.remedy),
        .detail = u"console.%1 on %2: code %3, %4"_s.arg(QString::fromLatin1(facts.method),
            facts.address, QString::number(static_cast<int>(status.error_code())), text),
        .field = QString::fromLatin1(explanation.field) };
}

} // namespace portreeve
