// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/databrokererror.h"

#include "core/proxy/databroker/unreached.h"
#include "core/proxy/sharedsecret.h"

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr std::chrono::seconds kClockTolerance { 30 };

Explanation refusedToken(const QString& text, const CallFacts& facts)
{
    if (!text.contains("invalid JWT"_L1, Qt::CaseInsensitive)) {
        return { .code = ErrorCode::Auth,
            .what = QT_TRANSLATE_NOOP("Message", "%1 says that no token came with the request."),
            .remedy = QT_TRANSLATE_NOOP("Message",
                "Something on the way removes the header \"jwt\". Connect to the proxy's gRPC "
                "address itself, not through another server.") };
    }
    if (!facts.serverTime) {
        return { .code = ErrorCode::Auth,
            .what = QT_TRANSLATE_NOOP("Message", "%1 does not accept our token."),
            .remedy = QT_TRANSLATE_NOOP("Message",
                "Enter the shared secret of the proxy's configuration. If it is the right one, "
                "compare the clocks: the one here must not be five minutes behind the proxy's.") };
    }
    if (*facts.serverTime - facts.localTime > kTokenLife - kClockTolerance) {
        return { .code = ErrorCode::ClockSkew,
            .what = QT_TRANSLATE_NOOP("Message",
                "The clock of this computer is %2 behind that of %1, so each token is expired "
                "before it arrives."),
            .remedy = QT_TRANSLATE_NOOP("Message",
                "Set both clocks right, best by NTP. The shared secret may be the right one.") };
    }
    return { .code = ErrorCode::Auth,
        .what = QT_TRANSLATE_NOOP("Message", "The shared secret is not the one of %1."),
        .remedy = QT_TRANSLATE_NOOP("Message",
            "Enter the value of shared_secret from the proxy's configuration. The clocks agree, so "
            "they are not the reason.") };
}

std::optional<Explanation> byHttpStatus(int status)
{
    constexpr int requestTimeout = 408;
    constexpr int notFound = 404;
    if (status == requestTimeout) {
        return Explanation { .code = ErrorCode::Timeout,
            .what = QT_TRANSLATE_NOOP("Message",
                "%1 gave up waiting: a request has to arrive completely within 15 seconds."),
            .remedy = QT_TRANSLATE_NOOP("Message",
                "The network to the proxy is too slow or stalls. Nothing was refused; the next "
                "push tries again.") };
    }
    if (status == notFound) {
        return Explanation { .code = ErrorCode::BadResponse,
            .what = QT_TRANSLATE_NOOP("Message", "%1 is a web server, but no databroker."),
            .remedy = QT_TRANSLATE_NOOP("Message",
                "Enter the proxy's gRPC address (grpc_address, port 5443 unless changed).") };
    }
    return std::nullopt;
}

Explanation byCode(grpc::StatusCode code)
{
    if (code == grpc::StatusCode::NOT_FOUND) {
        return { .code = ErrorCode::NotFound,
            .what = QT_TRANSLATE_NOOP("Message", "%1 has no such record."),
            .remedy = QT_TRANSLATE_NOOP("Message",
                "Read the list again: somebody else may have deleted it, or the proxy restarted "
                "with an empty store.") };
    }
    if (code == grpc::StatusCode::ALREADY_EXISTS) {
        return { .code = ErrorCode::Held,
            .what = QT_TRANSLATE_NOOP("Message", "Another writer is at work on %1."),
            .remedy = QT_TRANSLATE_NOOP("Message",
                "Only one console may deliver to a proxy. End the other one; the next push tries "
                "again.") };
    }
    if (code == grpc::StatusCode::ABORTED) {
        return { .code = ErrorCode::Stale,
            .what = QT_TRANSLATE_NOOP("Message", "The store of %1 is no longer the one we read."),
            .remedy = QT_TRANSLATE_NOOP(
                "Message", "The proxy was restarted, or a long time went by. Push again.") };
    }
    if (code == grpc::StatusCode::PERMISSION_DENIED) {
        return { .code = ErrorCode::Permission,
            .what = QT_TRANSLATE_NOOP("Message", "%1 does not allow this call."),
            .remedy = QT_TRANSLATE_NOOP("Message", "Look at the proxy's log for the reason.") };
    }
    if (code == grpc::StatusCode::INVALID_ARGUMENT
        || code == grpc::StatusCode::FAILED_PRECONDITION) {
        return { .code = ErrorCode::InvalidInput,
            .what = QT_TRANSLATE_NOOP("Message", "%1 refused what we sent."),
            .remedy = QT_TRANSLATE_NOOP("Message",
                "Look at the details and at the proxy's log; trying again does not help.") };
    }
    if (code == grpc::StatusCode::UNIMPLEMENTED) {
        return { .code = ErrorCode::BadResponse,
            .what = QT_TRANSLATE_NOOP("Message", "%1 does not know this call."),
            .remedy = QT_TRANSLATE_NOOP("Message",
                "Check that the address is the gRPC address of a Pomerium proxy, and its "
                "version.") };
    }
    return { .what = QT_TRANSLATE_NOOP("Message", "%1 had a problem of its own."),
        .remedy = QT_TRANSLATE_NOOP(
            "Message", "Look at the details and at the proxy's log, then try again.") };
}

Explanation explain(const grpc::Status& status, const QString& text, const CallFacts& facts)
{
    if (const auto http = byHttpStatus(httpStatusIn(text))) {
        return *http;
    }
    const auto code = status.error_code();
    if (code == grpc::StatusCode::UNAUTHENTICATED) {
        return refusedToken(text, facts);
    }
    if (code == grpc::StatusCode::UNAVAILABLE || code == grpc::StatusCode::CANCELLED) {
        return explain(whyUnreached(text, facts.tls), kListenerRemedies);
    }
    if (code == grpc::StatusCode::DEADLINE_EXCEEDED) {
        return { .code = ErrorCode::Timeout,
            .what = QT_TRANSLATE_NOOP("Message", "%1 did not answer in time."),
            .remedy = QT_TRANSLATE_NOOP("Message",
                "Check the network and the load of the proxy; the next push tries again.") };
    }
    if (code == grpc::StatusCode::RESOURCE_EXHAUSTED) {
        return { .code = ErrorCode::LimitExceeded,
            .what = QT_TRANSLATE_NOOP("Message", "A message was too large for %1."),
            .remedy = QT_TRANSLATE_NOOP("Message",
                "Its limit is 4 MiB. Look at the details for the record that is larger.") };
    }
    return byCode(code);
}

QString describe(const CallFacts& facts, const grpc::Status& status, const QString& text)
{
    return u"databroker.%1 on %2: code %3, %4"_s.arg(QString::fromLatin1(facts.method),
        facts.address, QString::number(static_cast<int>(status.error_code())), text);
}

} // namespace

Error databrokerError(const grpc::Status& status, const CallFacts& facts)
{
    const auto text = QString::fromStdString(status.error_message());
    const auto explanation = explain(status, text, facts);
    const auto behind = facts.serverTime.value_or(facts.localTime) - facts.localTime;
    const auto wholeSeconds = std::chrono::floor<std::chrono::seconds>(behind);
    auto what = explanation.code == ErrorCode::ClockSkew
        ? message(explanation.what, facts.address, formatDuration(wholeSeconds))
        : message(explanation.what, facts.address);
    return { .code = explanation.code,
        .what = std::move(what),
        .remedy = message(explanation.remedy),
        .detail = describe(facts, status, text),
        .field = QString::fromLatin1(explanation.field) };
}

} // namespace portreeve
