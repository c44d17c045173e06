// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/configservice/fault.h"

#include "core/base/redactor.h"
#include "core/net/noanswer.h"
#include "core/proxy/databroker/unreached.h"
#include "core/proxy/sharedsecret.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace portreeve::configservice {

namespace {

/// The error body of the Connect protocol; both empty for anything else.
struct Complaint
{
    QString code {};
    QString message {};
};

Complaint complaintOf(const QByteArray& body)
{
    const auto object = QJsonDocument::fromJson(body).object();
    return { .code = object.value(u"code").toString(),
        .message = object.value(u"message").toString() };
}

QString detailOf(const AnsweredCall& call, const QString& said)
{
    constexpr qsizetype longestQuote = 400;
    Redactor redactor;
    redactor.addSecret(QString::fromLatin1(call.token));
    auto text = describeExchange(call.request, call.response);
    if (!said.isEmpty()) {
        text += u", the proxy says: "_s + said.left(longestQuote);
    }
    return redactor.redact(text);
}

Fault fault(FaultKind kind, Error error, const AnsweredCall& call, const QString& said)
{
    error.detail = detailOf(call, said);
    return { .kind = kind, .error = std::move(error) };
}

Error wrongSecret(const AnsweredCall& call, bool tokenArrived)
{
    if (tokenArrived && call.clockAhead && *call.clockAhead >= kTokenLife) {
        const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(*call.clockAhead);
        return { .code = ErrorCode::ClockSkew,
            .what = message(QT_TRANSLATE_NOOP("Message",
                                "The clock of the proxy \"%1\" is %2 minutes ahead of this "
                                "computer's, so every token arrives expired."),
                call.targetName, QString::number(minutes.count())),
            .remedy
            = message(QT_TRANSLATE_NOOP("Message", "Set both clocks right, then try again.")) };
    }
    if (!tokenArrived) {
        return { .code = ErrorCode::Auth,
            .what = message(QT_TRANSLATE_NOOP("Message",
                                "The proxy \"%1\" did not get the token that proves the shared "
                                "secret."),
                call.targetName),
            .remedy = message(QT_TRANSLATE_NOOP("Message",
                "Enter the shared secret of this target. If it is stored, look for something on "
                "the way that drops the header \"jwt\".")) };
    }
    return { .code = ErrorCode::Auth,
        .what = message(
            QT_TRANSLATE_NOOP("Message", "The proxy \"%1\" did not accept the shared secret."),
            call.targetName),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Replace the secret of this target by the shared_secret of the proxy's own "
            "configuration, and check both clocks: a token lives five minutes.")) };
}

Error slowNetwork(const AnsweredCall& call)
{
    return { .code = ErrorCode::Timeout,
        .what = message(QT_TRANSLATE_NOOP("Message",
                            "The network to the proxy \"%1\" is too slow: the request did not "
                            "arrive within 15 seconds."),
            call.targetName),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Nothing was refused, and the next push tries again. Look at the line to the proxy "
            "if this repeats.")) };
}

Error entityError(const char* what, const char* remedy, ErrorCode code, const AnsweredCall& call)
{
    return { .code = code, .what = message(what, call.targetName), .remedy = message(remedy) };
}

Fault serviceFault(const AnsweredCall& call, const Complaint& complaint)
{
    const auto& [code, said] = complaint;
    if (code == u"already_exists") {
        return fault(FaultKind::AlreadyExists,
            entityError(
                QT_TRANSLATE_NOOP("Message", "The proxy \"%1\" has an object of that id already."),
                QT_TRANSLATE_NOOP("Message", "Compare again, then push the new plan."),
                ErrorCode::Stale, call),
            call, said);
    }
    if (code == u"not_found") {
        return fault(FaultKind::NotFound,
            entityError(
                QT_TRANSLATE_NOOP("Message", "The proxy \"%1\" has no object of that id any more."),
                QT_TRANSLATE_NOOP("Message", "Compare again, then push the new plan."),
                ErrorCode::Stale, call),
            call, said);
    }
    if (code == u"invalid_argument") {
        return fault(FaultKind::Refused,
            { .code = ErrorCode::InvalidInput,
                .what = message(QT_TRANSLATE_NOOP("Message", "The proxy \"%1\" refused it: %2"),
                    call.targetName, said),
                .remedy = message(QT_TRANSLATE_NOOP(
                    "Message", "Change what the proxy names, then push again.")) },
            call, {});
    }
    return fault(FaultKind::Other,
        { .code = ErrorCode::BadResponse,
            .what
            = message(QT_TRANSLATE_NOOP("Message", "The proxy \"%1\" had a problem (HTTP %2)."),
                call.targetName, QString::number(call.response.status)),
            .remedy = message(QT_TRANSLATE_NOOP(
                "Message", "The next push tries again. If it lasts, look at the proxy's log.")) },
        call, said);
}

std::optional<Unreached> whyUnreached(NoAnswer why, bool tls)
{
    switch (why) {
    case NoAnswer::NoTls:
        return Unreached::NoTls;
    case NoAnswer::OtherName:
        return Unreached::OtherName;
    case NoAnswer::Untrusted:
        return Unreached::Untrusted;
    case NoAnswer::Closed:
        return tls ? std::nullopt : std::optional(Unreached::Closed);
    case NoAnswer::Other:
        break;
    }
    return std::nullopt;
}

} // namespace

Error noConfigService(const QString& targetName)
{
    return { .code = ErrorCode::NotFound,
        .what
        = message(QT_TRANSLATE_NOOP("Message", "“%1” has no configuration service."), targetName),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Pomerium Core has one since 0.33. Deliver policies by configuration file, or upgrade "
            "the proxy.")),
        .field = u"policy_channel"_s };
}

Fault faultOf(const AnsweredCall& call)
{
    constexpr int requestTimeout = 408;
    constexpr int notFound = 404;
    const auto complaint = complaintOf(call.response.body);
    if (complaint.message.contains(u"invalid JWT")) {
        return fault(FaultKind::WrongSecret, wrongSecret(call, true), call, complaint.message);
    }
    if (complaint.message.contains(u"unauthenticated", Qt::CaseInsensitive)) {
        return fault(FaultKind::WrongSecret, wrongSecret(call, false), call, complaint.message);
    }
    if (call.response.status == requestTimeout) {
        return fault(FaultKind::SlowNetwork, slowNetwork(call), call, complaint.message);
    }
    if (call.response.status == notFound && complaint.code.isEmpty()) {
        return fault(FaultKind::NoService, noConfigService(call.targetName), call, {});
    }
    return serviceFault(call, complaint);
}

Fault unanswered(const Error& error, const QUrl& service)
{
    const auto why = whyUnreached(noAnswerOf(error), service.scheme() == u"https");
    if (!why) {
        return { .kind = FaultKind::Other, .error = error };
    }
    const auto explanation = explain(*why, kListenerRemedies);
    return { .kind = FaultKind::Other,
        .error = { .code = explanation.code,
            .what = message(explanation.what, service.authority()),
            .remedy = message(explanation.remedy),
            .detail = error.detail,
            .field = QString::fromLatin1(explanation.field) } };
}

Fault unreadable(const AnsweredCall& call)
{
    return fault(FaultKind::Other,
        { .code = ErrorCode::BadResponse,
            .what = message(QT_TRANSLATE_NOOP(
                                "Message", "The proxy \"%1\" gave an answer that cannot be read."),
                call.targetName),
            .remedy = message(QT_TRANSLATE_NOOP("Message",
                "Check that the address leads to the proxy's gRPC port, and that nothing else "
                "answers in its place.")) },
        call, {});
}

} // namespace portreeve::configservice
