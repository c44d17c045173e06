// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/ldap/dn.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

class TstLdapDn : public QObject
{
    Q_OBJECT

private slots:
    void spellingsOfOneDnAreOne_data();
    void spellingsOfOneDnAreOne();
    void differentDnsStayDifferent_data();
    void differentDnsStayDifferent();
    void whatIsNoDnIsRefused_data();
    void whatIsNoDnIsRefused();
    void theParentIsWhatFollowsTheFirstPart();
    void theLeafKeepsItsSpelling();
    void aUniqueIdIsLeftOut();
};

void TstLdapDn::spellingsOfOneDnAreOne_data()
{
    QTest::addColumn<QByteArray>("one");
    QTest::addColumn<QByteArray>("other");
    const auto row = [](const char* name, const char* one, const char* other) {
        QTest::addRow("%s", name) << QByteArray(one) << QByteArray(other);
    };
    row("case and blanks", "UID=Bob, OU=People,DC=Example , DC=Org",
        "uid=bob,ou=people,dc=example,dc=org");
    row("blanks inside", "cn=Bob   Example,dc=org", "cn=Bob Example,dc=org");
    row("escapes", "cn=Quill\\, Eve,dc=org", "cn=Quill\\2C Eve,dc=org");
    row("letters as bytes", "cn=J\\c3\\bcrgen,dc=org", "cn=J\xc3\xbcrgen,dc=org");
    row("case beyond ASCII", "cn=J\xc3\x9crgen,dc=org", "cn=j\xc3\xbcrgen,dc=org");
    row("order in a multi-valued part", "cn=Bob+uid=7,dc=org", "uid=7+cn=Bob,dc=org");
    row("long attribute names", "commonName=Bob,domainComponent=org", "cn=bob,dc=org");
    row("numbers for attributes", "2.5.4.3=Bob,0.9.2342.19200300.100.1.25=org", "cn=Bob,dc=org");
}

void TstLdapDn::spellingsOfOneDnAreOne()
{
    QFETCH(QByteArray, one);
    QFETCH(QByteArray, other);

    QVERIFY(ldap::normalizedDn(one).has_value());
    QCOMPARE(ldap::normalizedDn(one), ldap::normalizedDn(other));
}

void TstLdapDn::differentDnsStayDifferent_data()
{
    QTest::addColumn<QByteArray>("one");
    QTest::addColumn<QByteArray>("other");
    QTest::addRow("a comma that belongs to the value")
        << QByteArray("cn=a\\,ou=b,dc=org") << QByteArray("cn=a,ou=b,dc=org");
    QTest::addRow("a plus that belongs to the value")
        << QByteArray("cn=a\\+uid=b,dc=org") << QByteArray("cn=a+uid=b,dc=org");
    QTest::addRow("another attribute") << QByteArray("cn=a,dc=org") << QByteArray("uid=a,dc=org");
    QTest::addRow("another branch")
        << QByteArray("cn=a,ou=x,dc=org") << QByteArray("cn=a,ou=y,dc=org");
}

void TstLdapDn::differentDnsStayDifferent()
{
    QFETCH(QByteArray, one);
    QFETCH(QByteArray, other);

    QVERIFY(ldap::normalizedDn(one) != ldap::normalizedDn(other));
}

void TstLdapDn::whatIsNoDnIsRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addRow("a word") << QByteArray("bob");
    QTest::addRow("a mail address") << QByteArray("bob@example.org");
    QTest::addRow("a missing value name") << QByteArray("=bob,dc=org");
    QTest::addRow("a NUL") << QByteArray("cn=a\0,dc=org", 12);
}

void TstLdapDn::whatIsNoDnIsRefused()
{
    QFETCH(QByteArray, text);

    QVERIFY(!ldap::normalizedDn(text).has_value());
}

void TstLdapDn::theParentIsWhatFollowsTheFirstPart()
{
    QCOMPARE(ldap::parentDn("cn=a\\,b,ou=x,dc=org"), QByteArray("ou=x,dc=org"));
    QCOMPARE(ldap::parentDn("dc=org"), QByteArray());
}

void TstLdapDn::theLeafKeepsItsSpelling()
{
    QCOMPARE(ldap::leafName("OU=North\\, West,DC=org"), QByteArray("North, West"));
    QCOMPARE(ldap::leafName("no dn"), QByteArray());
}

void TstLdapDn::aUniqueIdIsLeftOut()
{
    QCOMPARE(ldap::withoutUniqueId("cn=a,dc=org#'0101'B"), QByteArray("cn=a,dc=org"));
    QCOMPARE(ldap::withoutUniqueId("cn=a#1,dc=org"), QByteArray("cn=a#1,dc=org"));
}

static const bool kLdapDnRegistered = test::registerTestClass<TstLdapDn>("ldapdn");

} // namespace portreeve

#include "tst_ldapdn.moc"
