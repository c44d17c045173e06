// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/ldap/filter.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

class TstLdapFilter : public QObject
{
    Q_OBJECT

private slots:
    void filtersOfTheStandardAreAccepted_data();
    void filtersOfTheStandardAreAccepted();
    void faultsAreFoundWhereTheyAre_data();
    void faultsAreFoundWhereTheyAre();
    void deepNestingIsRefusedRatherThanFollowed();
    void valuesCannotBreakOutOfTheirFilter();
    void twoFiltersAreJoined();
};

void TstLdapFilter::filtersOfTheStandardAreAccepted_data()
{
    QTest::addColumn<QString>("filter");
    for (const auto* filter : { "(cn=Babs Jensen)", "(!(cn=Tim Howes))",
             "(&(objectClass=Person)(|(sn=Jensen)(cn=Babs J*)))", "(o=univ*of*mich*)", "(seeAlso=)",
             "(cn:caseExactMatch:=Fred Flintstone)", "(cn:=Betty Rubble)",
             "(sn:dn:2.4.6.8.10:=Barney Rubble)", "(:1.2.3:=Wilma Flintstone)",
             "(o=Parens R Us \\28for all your parenthetical needs\\29)", "(cn=*\\2A*)", "(&)",
             "(userAccountControl:1.2.840.113556.1.4.803:=2)", "(age>=18)", "(age<=65)",
             "(cn~=Smith)", "(objectClass=*)", "(cn;lang-de=M\xc3\xbcller)" }) {
        QTest::addRow("%s", filter) << QString::fromUtf8(filter);
    }
}

void TstLdapFilter::filtersOfTheStandardAreAccepted()
{
    QFETCH(QString, filter);

    const auto fault = ldap::findFilterFault(filter);

    QVERIFY2(!fault, fault ? qPrintable(fault->what.english()) : "");
}

void TstLdapFilter::faultsAreFoundWhereTheyAre_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<qsizetype>("position");
    QTest::addRow("nothing at all") << QString() << qsizetype(0);
    QTest::addRow("no parentheses") << u"cn=Steve"_s << qsizetype(0);
    QTest::addRow("not closed") << u"(&(cn=a)(cn=b)"_s << qsizetype(14);
    QTest::addRow("closed once too often") << u"(cn=a))"_s << qsizetype(6);
    QTest::addRow("no attribute") << u"(=a)"_s << qsizetype(1);
    QTest::addRow("no comparison") << u"(cn)"_s << qsizetype(3);
    QTest::addRow("open parenthesis in a value") << u"(cn=a(b)"_s << qsizetype(5);
    QTest::addRow("backslash without digits") << u"(cn=a\\b)"_s << qsizetype(5);
    QTest::addRow("star in an ordering") << u"(age>=1*)"_s << qsizetype(7);
    QTest::addRow("nothing negated") << u"(!)"_s << qsizetype(2);
    QTest::addRow("rule without its colon") << u"(cn:rule=a)"_s << qsizetype(9);
}

void TstLdapFilter::faultsAreFoundWhereTheyAre()
{
    QFETCH(QString, filter);
    QFETCH(qsizetype, position);

    const auto fault = ldap::findFilterFault(filter);

    QVERIFY(fault.has_value());
    QCOMPARE(fault->position, position);
    QVERIFY(!fault->what.isEmpty());
}

void TstLdapFilter::deepNestingIsRefusedRatherThanFollowed()
{
    const QString filter = u"(!"_s.repeated(100'000);

    QVERIFY(ldap::findFilterFault(filter).has_value());
}

void TstLdapFilter::valuesCannotBreakOutOfTheirFilter()
{
    const QByteArray value("*)(uid=*))(|(a=\\\0", 17);

    const QByteArray escaped = ldap::escapeFilterValue(value);

    QCOMPARE(escaped, QByteArray("\\2a\\29\\28uid=\\2a\\29\\29\\28|\\28a=\\5c\\00"));
    QVERIFY(!ldap::findFilterFault(QString::fromUtf8("(cn=" + escaped + ')')));
}

void TstLdapFilter::twoFiltersAreJoined()
{
    QCOMPARE(ldap::bothFilters("(a=1)", "(b=2)"), QByteArray("(&(a=1)(b=2))"));
    QCOMPARE(ldap::bothFilters("(a=1)", {}), QByteArray("(a=1)"));
}

static const bool kLdapFilterRegistered = test::registerTestClass<TstLdapFilter>("ldapfilter");

} // namespace portreeve

#include "tst_ldapfilter.moc"
