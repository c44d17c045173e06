// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/ldap/servers.h"
#include "core/connectors/registry.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

class TstLdapSettings : public QObject
{
    Q_OBJECT

private slots:
    void thePresetDecidesWhatEmptyFieldsMean();
    void whatIsEnteredWinsOverThePreset();
    void addressesAreReadWithTheirUsualPorts_data();
    void addressesAreReadWithTheirUsualPorts();
    void goodOptionsAreAccepted_data();
    void goodOptionsAreAccepted();
    void optionsThatDoNotFitAreRefusedAtTheirField_data();
    void optionsThatDoNotFitAreRefusedAtTheirField();
    void anEmptyPasswordCannotBeSaved();
};

namespace {
const std::vector<QString> kStored { u"bind_password"_s };

OptionValues good()
{
    return { { u"urls"_s, u"ldaps://ldap.example.org"_s },
        { u"bind_dn"_s, u"cn=reader,dc=example,dc=org"_s },
        { u"user_base"_s, u"ou=people,dc=example,dc=org"_s },
        { u"group_base"_s, u"ou=groups,dc=example,dc=org"_s } };
}

OptionValues with(OptionValues changes)
{
    OptionValues values = good();
    values.insert(changes);
    return values;
}

std::vector<FieldProblem> problems(const OptionValues& values)
{
    return validateOptions(*findConnector(u"ldap"), values, kStored);
}
} // namespace

void TstLdapSettings::thePresetDecidesWhatEmptyFieldsMean()
{
    const auto generic = ldap::settingsFrom({ .values = good() });
    const auto directory
        = ldap::settingsFrom({ .values = with({ { u"preset"_s, u"active_directory"_s } }) });

    QCOMPARE(generic.userId, QByteArray("entryUUID"));
    QCOMPARE(generic.userFilter, QByteArray("(objectClass=inetOrgPerson)"));
    QCOMPARE(generic.pageSize, 500);
    QCOMPARE(generic.memberStyle, ldap::MemberStyle::Auto);
    QVERIFY(generic.disabledRule.isEmpty());
    QCOMPARE(directory.userId, QByteArray("objectGUID"));
    QCOMPARE(directory.groupFilter, QByteArray("(objectCategory=group)"));
    QCOMPARE(directory.pageSize, 1'000);
    QCOMPARE(directory.memberStyle, ldap::MemberStyle::Member);
    QVERIFY(directory.disabledRule.contains("userAccountControl"));
}

void TstLdapSettings::whatIsEnteredWinsOverThePreset()
{
    const auto settings = ldap::settingsFrom(
        { .values = with({ { u"page_size"_s, u"50"_s }, { u"attr_name"_s, u"cn, sn"_s },
              { u"member_style"_s, u"memberOf"_s } }) });

    QCOMPARE(settings.pageSize, 50);
    QCOMPARE(settings.nameAttributes, (std::vector<QByteArray> { "cn", "sn" }));
    QCOMPARE(settings.memberStyle, ldap::MemberStyle::MemberOf);
}

void TstLdapSettings::addressesAreReadWithTheirUsualPorts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("url"); // empty: refused
    QTest::addRow("ldaps") << u"ldaps://a.example.org"_s << u"ldaps://a.example.org:636"_s;
    QTest::addRow("ldap") << u"ldap://a.example.org/"_s << u"ldap://a.example.org:389"_s;
    QTest::addRow("a port") << u"ldaps://127.0.0.1:1636"_s << u"ldaps://127.0.0.1:1636"_s;
    QTest::addRow("IPv6") << u"ldap://[::1]:389"_s << u"ldap://[::1]:389"_s;
    QTest::addRow("another scheme") << u"https://a.example.org"_s << QString();
    QTest::addRow("a base in the address") << u"ldap://a.example.org/dc=org"_s << QString();
    QTest::addRow("a password in the address") << u"ldap://u:p@a.example.org"_s << QString();
    QTest::addRow("no host") << u"ldap://"_s << QString();
}

void TstLdapSettings::addressesAreReadWithTheirUsualPorts()
{
    QFETCH(QString, text);
    QFETCH(QString, url);

    const auto server = ldap::parseServer(text);

    QCOMPARE(server ? server->url() : QString(), url);
}

void TstLdapSettings::goodOptionsAreAccepted_data()
{
    QTest::addColumn<OptionValues>("values");
    QTest::addRow("the least") << good();
    QTest::addRow("in clear on this computer")
        << with({ { u"urls"_s, u"ldap://127.0.0.1:1389"_s }, { u"security"_s, u"none"_s } });
    QTest::addRow("in clear with Kerberos") << with({ { u"urls"_s, u"ldap://dc1.example.org"_s },
        { u"security"_s, u"none"_s }, { u"bind_method"_s, u"gssapi"_s } });
    QTest::addRow("a domain, a user name, no bases")
        << OptionValues { { u"preset"_s, u"active_directory"_s }, { u"urls"_s, u"example.test"_s },
               { u"bind_dn"_s, u"reader@example.test"_s } };
    QTest::addRow("several servers")
        << with({ { u"urls"_s, u"ldaps://a.example.org,\nldaps://b.example.org:1636"_s } });
    QTest::addRow("anonymous") << with({ { u"bind_method"_s, u"anonymous"_s } });
}

void TstLdapSettings::goodOptionsAreAccepted()
{
    QFETCH(OptionValues, values);

    const auto found = problems(values);

    QVERIFY2(found.empty(), found.empty() ? "" : qPrintable(found.front().what.english()));
}

void TstLdapSettings::optionsThatDoNotFitAreRefusedAtTheirField_data()
{
    QTest::addColumn<OptionValues>("values");
    QTest::addColumn<QString>("field");
    const auto row = [](const char* name, const OptionValues& changes, const char* field) {
        QTest::addRow("%s", name) << with(changes) << QString::fromLatin1(field);
    };
    row("no address", { { u"urls"_s, u"https://ldap.example.org"_s } }, "urls");
    row("ldap with ldaps", { { u"urls"_s, u"ldap://ldap.example.org"_s } }, "urls");
    row("in clear", { { u"urls"_s, u"ldap://ldap.example.org"_s }, { u"security"_s, u"none"_s } },
        "security");
    row("a domain in clear", { { u"urls"_s, u"example.org"_s }, { u"security"_s, u"none"_s } },
        "security");
    row("no user base", { { u"user_base"_s, QString() } }, "user_base");
    row("a group base that is no DN", { { u"group_base"_s, u"groups"_s } }, "group_base");
    row("a user filter that is none", { { u"user_filter"_s, u"uid=*"_s } }, "user_filter");
    row("a group filter that is none", { { u"group_filter_ldap"_s, u"(a=b"_s } },
        "group_filter_ldap");
    row("a disabled rule that is none", { { u"disabled_rule"_s, u"(a)"_s } }, "disabled_rule");
    row("a mail address to bind with", { { u"bind_dn"_s, u"reader@example.org"_s } }, "bind_dn");
    row("a template without the value", { { u"id_template"_s, u"user"_s } }, "id_template");
    row("an attribute with blanks", { { u"id_attribute"_s, u"entry uuid"_s } }, "id_attribute");
    row("a page that is too small", { { u"page_size"_s, u"5"_s } }, "page_size");
}

void TstLdapSettings::optionsThatDoNotFitAreRefusedAtTheirField()
{
    QFETCH(OptionValues, values);
    QFETCH(QString, field);

    const auto found = problems(values);

    QCOMPARE(found.size(), 1U);
    QCOMPARE(found.front().key, field);
    QVERIFY(!found.front().what.isEmpty());
    QVERIFY(!found.front().remedy.isEmpty());
}

void TstLdapSettings::anEmptyPasswordCannotBeSaved()
{
    const auto found = validateOptions(*findConnector(u"ldap"), good(), {});

    QCOMPARE(found.size(), 1U);
    QCOMPARE(found.front().key, u"bind_password"_s);
}

static const bool kLdapSettingsRegistered
    = test::registerTestClass<TstLdapSettings>("ldapsettings");

} // namespace portreeve

#include "tst_ldapsettings.moc"
