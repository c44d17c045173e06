// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/ldap/failure.h"

#include <QRegularExpression>

#include <ldap.h>

#include <array>

using namespace Qt::StringLiterals;

namespace portreeve::ldap {

namespace {
struct SignInReason
{
    QLatin1StringView data;
    ErrorCode code;
    const char* what;
    const char* remedy;
};

constexpr const char* kWrongPassword = QT_TRANSLATE_NOOP("Message",
    "Check the bind DN and the password, then test again. Repeated wrong passwords can lock the "
    "account.");
constexpr const char* kNewPassword = QT_TRANSLATE_NOOP(
    "Message", "Give the account a new password that does not expire and enter it here.");

// "data" of Active Directory's diagnostic text.
constexpr std::array kSignInReasons {
    SignInReason { "52e"_L1, ErrorCode::Auth,
        QT_TRANSLATE_NOOP("Message", "%1 did not accept the password of %2."), kWrongPassword },
    SignInReason { "525"_L1, ErrorCode::Auth,
        QT_TRANSLATE_NOOP("Message", "%1 knows no account %2."), kWrongPassword },
    SignInReason { "532"_L1, ErrorCode::Auth,
        QT_TRANSLATE_NOOP("Message", "The password of %2 has expired, says %1."), kNewPassword },
    SignInReason { "773"_L1, ErrorCode::Auth,
        QT_TRANSLATE_NOOP("Message", "The password of %2 must be changed first, says %1."),
        kNewPassword },
    SignInReason { "701"_L1, ErrorCode::Auth,
        QT_TRANSLATE_NOOP("Message", "The account %2 has expired, says %1."),
        QT_TRANSLATE_NOOP("Message", "Extend the account in Active Directory, then test again.") },
    SignInReason { "533"_L1, ErrorCode::Permission,
        QT_TRANSLATE_NOOP("Message", "The account %2 is disabled, says %1."),
        QT_TRANSLATE_NOOP("Message", "Enable the account in Active Directory, then test again.") },
    SignInReason { "775"_L1, ErrorCode::Permission,
        QT_TRANSLATE_NOOP("Message", "The account %2 is locked, says %1."),
        QT_TRANSLATE_NOOP(
            "Message", "Unlock the account in Active Directory and find what keeps locking it.") },
    SignInReason { "530"_L1, ErrorCode::Permission,
        QT_TRANSLATE_NOOP("Message", "The account %2 may not sign in at this time, says %1."),
        QT_TRANSLATE_NOOP("Message", "Widen the account's logon hours in Active Directory.") },
    SignInReason { "531"_L1, ErrorCode::Permission,
        QT_TRANSLATE_NOOP("Message", "The account %2 may not sign in from here, says %1."),
        QT_TRANSLATE_NOOP(
            "Message", "Let the account sign in from this computer in Active Directory.") },
};

Error make(ErrorCode code, Message what, Message remedy)
{
    return { .code = code, .what = std::move(what), .remedy = std::move(remedy) };
}

bool mentionsClock(const QString& diagnostic)
{
    return diagnostic.contains(u"clock skew", Qt::CaseInsensitive);
}

Error signInRefused(const Failure& failure, const FailureContext& context)
{
    const QString reason = activeDirectoryReason(failure.diagnostic);
    for (const auto& known : kSignInReasons) {
        if (reason == known.data) {
            return make(known.code, message(known.what, context.server, context.account),
                message(known.remedy));
        }
    }
    if (failure.diagnostic.contains(u"expired", Qt::CaseInsensitive)) {
        return make(ErrorCode::Auth,
            message(QT_TRANSLATE_NOOP("Message", "The password of %2 has expired, says %1."),
                context.server, context.account),
            message(kNewPassword));
    }
    return make(ErrorCode::Auth,
        message(QT_TRANSLATE_NOOP("Message", "%1 did not accept the sign-in as %2."),
            context.server, context.account),
        message(kWrongPassword));
}

Error kerberosFailed(const FailureContext& context)
{
    return make(ErrorCode::Auth,
        message(QT_TRANSLATE_NOOP("Message", "Signing in to %1 with Kerberos did not work."),
            context.server),
        message(QT_TRANSLATE_NOOP("Message",
            "Check with klist that the account this program runs as has a ticket, that the "
            "server's address is the host name in its service principal, and that the SASL module "
            "for GSSAPI is installed.")));
}

Error baseMissing(const Failure& failure, const FailureContext& context)
{
    const Message what = failure.matchedDn.isEmpty()
        ? message(QT_TRANSLATE_NOOP("Message", "%1 has no entry %2."), context.server, context.base)
        : message(
              QT_TRANSLATE_NOOP("Message", "%1 has no entry %2. The nearest one above it is %3."),
              context.server, context.base, failure.matchedDn);
    return make(ErrorCode::NotFound, what,
        message(QT_TRANSLATE_NOOP("Message",
            "Correct the DN. Some servers also answer so when the account may not read it.")));
}

Error lost(const FailureContext& context)
{
    if (context.operation == Operation::Read) {
        return make(ErrorCode::Network,
            message(QT_TRANSLATE_NOOP("Message", "%1 ended the connection while it was read."),
                context.server),
            message(QT_TRANSLATE_NOOP("Message",
                "Nothing was changed here. If it repeats, look into the server's log for what "
                "ended the connection.")));
    }
    return make(ErrorCode::Network,
        message(QT_TRANSLATE_NOOP("Message", "%1 ended the connection before the sign-in."),
            context.server),
        message(QT_TRANSLATE_NOOP("Message",
            "Check that the port is the one for the transport security chosen: 636 for ldaps, 389 "
            "for StartTLS.")));
}

Error limited(const FailureContext& context)
{
    return make(ErrorCode::LimitExceeded,
        message(QT_TRANSLATE_NOOP("Message",
                    "%1 stopped before the end of %2, at its size limit for this account."),
            context.server, context.base),
        message(QT_TRANSLATE_NOOP("Message",
            "Nothing was changed here. Let the account read without a limit (OpenLDAP: olcLimits "
            "with size.prtotal=unlimited; Active Directory: MaxPageSize), or narrow the filter.")));
}

Error busy(const FailureContext& context)
{
    return make(ErrorCode::RateLimited,
        message(QT_TRANSLATE_NOOP("Message", "%1 is too busy to answer."), context.server),
        message(QT_TRANSLATE_NOOP("Message",
            "Nothing was changed here; the next run tries again. If it repeats, lower the page "
            "size or sync less often.")));
}

Error unusable(const FailureContext& context, const char* what)
{
    Error error = make(ErrorCode::InvalidInput, message(what, context.server, context.base),
        message(QT_TRANSLATE_NOOP("Message", "Correct the setting, then test again.")));
    error.field = context.field;
    return error;
}

Error serverCodeError(const Failure& failure, const FailureContext& context)
{
    switch (failure.code) {
    case LDAP_INVALID_CREDENTIALS:
    case LDAP_INAPPROPRIATE_AUTH:
        return signInRefused(failure, context);
    case LDAP_STRONG_AUTH_REQUIRED:
    case LDAP_CONFIDENTIALITY_REQUIRED:
        return make(ErrorCode::Permission,
            message(
                QT_TRANSLATE_NOOP("Message", "%1 demands encryption or signing."), context.server),
            message(QT_TRANSLATE_NOOP("Message", "Choose ldaps or StartTLS.")));
    case LDAP_NO_SUCH_OBJECT:
        return baseMissing(failure, context);
    case LDAP_INSUFFICIENT_ACCESS:
        return make(ErrorCode::Permission,
            message(QT_TRANSLATE_NOOP("Message", "%1 may not read %2 on %3."), context.account,
                context.base, context.server),
            message(QT_TRANSLATE_NOOP(
                "Message", "Give the account the right to read the users and groups there.")));
    case LDAP_INVALID_DN_SYNTAX:
        return unusable(context,
            context.operation == Operation::SignIn
                ? QT_TRANSLATE_NOOP("Message", "%1 takes the bind DN for no valid name.")
                : QT_TRANSLATE_NOOP("Message", "%1 takes %2 for no valid DN."));
    case LDAP_SIZELIMIT_EXCEEDED:
    case LDAP_ADMINLIMIT_EXCEEDED:
        return limited(context);
    case LDAP_BUSY:
    case LDAP_TIMELIMIT_EXCEEDED:
        return busy(context);
    case LDAP_UNAVAILABLE:
        return lost(context);
    case LDAP_OPERATIONS_ERROR: // Active Directory's answer to a search without a sign-in
        return make(ErrorCode::Permission,
            message(QT_TRANSLATE_NOOP("Message", "%1 refused to be read."), context.server),
            message(QT_TRANSLATE_NOOP(
                "Message", "Sign in with an account: this server is not read anonymously.")));
    default:
        return make(ErrorCode::BadResponse,
            message(QT_TRANSLATE_NOOP("Message", "%1 answered with the LDAP error %2."),
                context.server, QString::number(failure.code)),
            message(QT_TRANSLATE_NOOP("Message",
                "Nothing was changed here. The details below hold the server's own words.")));
    }
}

Error libraryError(const Failure& failure, const FailureContext& context)
{
    switch (failure.code) {
    case LDAP_TIMEOUT:
        return make(ErrorCode::Timeout,
            message(QT_TRANSLATE_NOOP("Message", "%1 did not answer in time."), context.server),
            message(QT_TRANSLATE_NOOP("Message",
                "Nothing was changed here; the next run tries again. A smaller page size helps a "
                "slow server.")));
    case LDAP_SERVER_DOWN:
        return lost(context);
    case LDAP_FILTER_ERROR:
        return unusable(context,
            QT_TRANSLATE_NOOP("Message", "%1 cannot be searched: the filter is no LDAP filter."));
    case LDAP_AUTH_UNKNOWN:
    case LDAP_LOCAL_ERROR:
        return kerberosFailed(context);
    default:
        return make(ErrorCode::BadResponse,
            message(QT_TRANSLATE_NOOP(
                        "Message", "%1 answered in a form this program does not understand."),
                context.server),
            message(QT_TRANSLATE_NOOP(
                "Message", "Nothing was changed here. Check that the address is an LDAP server.")));
    }
}

Error tlsFailed(const FailureContext& context)
{
    if (context.operation == Operation::StartTls) {
        return make(ErrorCode::Tls,
            message(QT_TRANSLATE_NOOP(
                        "Message", "No encrypted connection to %1: StartTLS did not work."),
                context.server),
            message(QT_TRANSLATE_NOOP("Message",
                "Enter the CA that signed the server's certificate, check that the certificate "
                "names this host and is not over, and that the server offers StartTLS.")));
    }
    return make(ErrorCode::Tls,
        message(QT_TRANSLATE_NOOP("Message",
                    "No encrypted connection to %1: its certificate is not trusted, or it does "
                    "not speak TLS on this port."),
            context.server),
        message(QT_TRANSLATE_NOOP("Message",
            "Enter the CA that signed the server's certificate, check that the certificate names "
            "this host and is not over, and that the port is one for ldaps.")));
}
} // namespace

QString activeDirectoryReason(const QString& diagnostic)
{
    static const QRegularExpression pattern(u"\\bdata ([0-9a-f]+)\\b"_s);
    return pattern.match(diagnostic).captured(1);
}

Error toError(const Failure& failure, const FailureContext& context, const Redactor& redactor)
{
    const bool encrypting = failure.code == LDAP_CONNECT_ERROR
        || (context.operation == Operation::StartTls && failure.code != LDAP_TIMEOUT);
    Error error;
    if (encrypting) {
        error = tlsFailed(context);
    } else if (mentionsClock(failure.diagnostic)) {
        error = make(ErrorCode::ClockSkew,
            message(QT_TRANSLATE_NOOP(
                        "Message", "%1 refused the sign-in because the clocks differ too much."),
                context.server),
            message(QT_TRANSLATE_NOOP("Message", "Set this computer's clock right.")));
    } else {
        error
            = failure.code < 0 ? libraryError(failure, context) : serverCodeError(failure, context);
    }
    const QString text = QString::fromUtf8(ldap_err2string(failure.code));
    error.detail = redactor.redact(u"%1: LDAP result %2 (%3) %4"_s.arg(context.server)
            .arg(failure.code)
            .arg(text, failure.diagnostic)
            .trimmed());
    return error;
}

} // namespace portreeve::ldap
