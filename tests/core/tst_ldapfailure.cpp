// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/ldap/failure.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <ldap.h>

using namespace Qt::StringLiterals;

namespace portreeve {

class TstLdapFailure : public QObject
{
    Q_OBJECT

private slots:
    void everyResultCodeHasItsSentence_data();
    void everyResultCodeHasItsSentence();
    void activeDirectorysReasonsAreTold_data();
    void activeDirectorysReasonsAreTold();
    void theNearestKnownEntryIsShown();
    void aWrongBaseNamesItsField();
    void detailsAreRedacted();
};

namespace {
ldap::FailureContext context(ldap::Operation operation)
{
    return { .operation = operation,
        .server = u"ldaps://dc1.example.org:636"_s,
        .account = u"reader@example.org"_s,
        .base = u"ou=people,dc=example,dc=org"_s,
        .field = u"user_base"_s };
}
} // namespace

void TstLdapFailure::everyResultCodeHasItsSentence_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("operation");
    QTest::addColumn<QString>("expected");
    const auto row
        = [](const char* name, int code, ldap::Operation operation, const char* expected) {
              QTest::addRow("%s", name)
                  << code << static_cast<int>(operation) << QString::fromLatin1(expected);
          };
    using enum ldap::Operation;
    row("invalidCredentials", LDAP_INVALID_CREDENTIALS, SignIn, "auth");
    row("strongerAuthRequired", LDAP_STRONG_AUTH_REQUIRED, SignIn, "permission");
    row("confidentialityRequired", LDAP_CONFIDENTIALITY_REQUIRED, SignIn, "permission");
    row("invalidDNSyntax of a bind", LDAP_INVALID_DN_SYNTAX, SignIn, "invalid_input");
    row("no Kerberos ticket", LDAP_LOCAL_ERROR, SignIn, "auth");
    row("noSuchObject", LDAP_NO_SUCH_OBJECT, Read, "not_found");
    row("insufficientAccessRights", LDAP_INSUFFICIENT_ACCESS, Read, "permission");
    row("operationsError", LDAP_OPERATIONS_ERROR, Read, "permission");
    row("busy", LDAP_BUSY, Read, "rate_limited");
    row("timeLimitExceeded", LDAP_TIMELIMIT_EXCEEDED, Read, "rate_limited");
    row("sizeLimitExceeded", LDAP_SIZELIMIT_EXCEEDED, Read, "limit_exceeded");
    row("adminLimitExceeded", LDAP_ADMINLIMIT_EXCEEDED, Read, "limit_exceeded");
    row("unavailable", LDAP_UNAVAILABLE, Read, "network");
    row("connection lost", LDAP_SERVER_DOWN, Read, "network");
    row("no answer", LDAP_TIMEOUT, Read, "timeout");
    row("bad filter", LDAP_FILTER_ERROR, Read, "invalid_input");
    row("garbage", LDAP_DECODING_ERROR, Read, "bad_response");
    row("a code of its own", 9'999, Read, "bad_response");
    row("hand-shake", LDAP_CONNECT_ERROR, Reach, "tls");
    row("StartTLS not offered", LDAP_PROTOCOL_ERROR, StartTls, "tls");
}

void TstLdapFailure::everyResultCodeHasItsSentence()
{
    QFETCH(int, code);
    QFETCH(int, operation);
    QFETCH(QString, expected);

    const Error error = ldap::toError(
        { .code = code }, context(static_cast<ldap::Operation>(operation)), Redactor());

    QCOMPARE(errorCodeName(error.code), expected);
    QVERIFY(!error.what.isEmpty());
    QVERIFY(!error.remedy.isEmpty());
    QVERIFY(error.detail.contains(QString::number(code)));
}

void TstLdapFailure::activeDirectorysReasonsAreTold_data()
{
    QTest::addColumn<QString>("data");
    QTest::addColumn<QString>("expected");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* data, const char* expected, const char* words) {
        QTest::addRow("%s", data) << QString::fromLatin1(data) << QString::fromLatin1(expected)
                                  << QString::fromLatin1(words);
    };
    row("52e", "auth", "did not accept the password");
    row("525", "auth", "knows no account");
    row("532", "auth", "has expired");
    row("773", "auth", "must be changed");
    row("701", "auth", "account reader@example.org has expired");
    row("533", "permission", "is disabled");
    row("775", "permission", "is locked");
    row("530", "permission", "at this time");
    row("531", "permission", "from here");
    row("fff", "auth", "did not accept the sign-in");
}

void TstLdapFailure::activeDirectorysReasonsAreTold()
{
    QFETCH(QString, data);
    QFETCH(QString, expected);
    QFETCH(QString, words);
    const QString diagnostic = u"80090308: LdapErr: DSID-0C0903A9, comment: "
                               "AcceptSecurityContext error, data %1, v1db1"_s.arg(data);

    const Error error
        = ldap::toError({ .code = LDAP_INVALID_CREDENTIALS, .diagnostic = diagnostic },
            context(ldap::Operation::SignIn), Redactor());

    QCOMPARE(errorCodeName(error.code), expected);
    QVERIFY2(error.what.english().contains(words), qPrintable(error.what.english()));
}

void TstLdapFailure::theNearestKnownEntryIsShown()
{
    const Error error
        = ldap::toError({ .code = LDAP_NO_SUCH_OBJECT, .matchedDn = u"dc=example,dc=org"_s },
            context(ldap::Operation::Read), Redactor());

    QVERIFY(error.what.english().contains(u"ou=people,dc=example,dc=org"));
    QVERIFY(error.what.english().contains(u"above it is dc=example,dc=org"));
}

void TstLdapFailure::aWrongBaseNamesItsField()
{
    const Error error = ldap::toError(
        { .code = LDAP_INVALID_DN_SYNTAX }, context(ldap::Operation::Read), Redactor());

    QCOMPARE(error.field, u"user_base"_s);
}

void TstLdapFailure::detailsAreRedacted()
{
    Redactor redactor;
    redactor.addSecret(u"Correct-Horse"_s);

    const Error error
        = ldap::toError({ .code = LDAP_OTHER, .diagnostic = u"refused Correct-Horse"_s },
            context(ldap::Operation::SignIn), redactor);

    QVERIFY(error.detail.contains(u"refused"));
    QVERIFY(!error.detail.contains(u"Correct-Horse"));
}

static const bool kLdapFailureRegistered = test::registerTestClass<TstLdapFailure>("ldapfailure");

} // namespace portreeve

#include "tst_ldapfailure.moc"
