// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/ldap/identifiers.h"
#include "core/connectors/ldap/mapping.h"
#include "core/connectors/ldap/schema.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

class TstLdapMapping : public QObject
{
    Q_OBJECT

private slots:
    void aUserIsMadeFromItsFirstFilledAttributes();
    void theIdFollowsTheTemplate();
    void anEntryWithoutItsIdHasNone();
    void aGroupMayBeNamedByItsDn();
    void binaryIdsAreShownTheUsualWay();
    void theGroupOfAPrimaryGroupNumberIsInTheSameDomain();
    void membersAreFoundInWholeAndInParts_data();
    void membersAreFoundInWholeAndInParts();
    void theNextPartIsAskedForFromItsFirstValue();
    void onlyWhatIsNeededIsAskedFor();
    void theServersSchemaSaysWhichGroupsMayBeEmpty();
};

namespace {
ldap::Settings settings(const OptionValues& values = {})
{
    return ldap::settingsFrom({ .values = values });
}

const QByteArray kGuid = QByteArray::fromHex("67452301ab89efcd0123456789abcdef");
const QByteArray kSid
    = QByteArray::fromHex("010500000000000515000000010000000200000003000000f4010000");
} // namespace

void TstLdapMapping::aUserIsMadeFromItsFirstFilledAttributes()
{
    const ldap::Entry entry { .dn = "uid=bob,dc=org",
        .attributes = { { .name = "ENTRYUUID", .values = { "b0b" } },
            { .name = "displayName", .values = { "" } },
            { .name = "cn", .values = { "", "Bob Example" } },
            { .name = "mail", .values = { "bob@example.org", "second@example.org" } },
            { .name = "uid", .values = { "bob" } } } };

    const UserRecord user = ldap::userFrom(entry, settings(), true);

    QCOMPARE(user.id, u"b0b"_s);
    QCOMPARE(user.displayName, u"Bob Example"_s);
    QCOMPARE(user.email, u"bob@example.org"_s);
    QCOMPARE(user.login, u"bob"_s);
    QCOMPARE(user.state, UserState::Suspended);
}

void TstLdapMapping::theIdFollowsTheTemplate()
{
    const ldap::Entry entry { .attributes = { { .name = "uid", .values = { "{value}" } } } };

    const UserRecord user = ldap::userFrom(entry,
        settings({ { u"id_attribute"_s, u"uid"_s }, { u"id_template"_s, u"ldap:{value}!"_s } }),
        false);

    QCOMPARE(user.id, u"ldap:{value}!"_s); // what the value holds is not filled in again
}

void TstLdapMapping::anEntryWithoutItsIdHasNone()
{
    const ldap::Entry noText { .attributes = { { .name = "uid", .values = { "\xff\xfe" } } } };
    const auto byUid
        = settings({ { u"id_attribute"_s, u"uid"_s }, { u"id_template"_s, u"ldap:{value}"_s } });

    QVERIFY(ldap::userFrom({}, byUid, false).id.isEmpty());
    QVERIFY(ldap::userFrom(noText, byUid, false).id.isEmpty());
    QVERIFY(ldap::isServerGiven("entryUUID"));
    QVERIFY(!ldap::isServerGiven("mail"));
}

void TstLdapMapping::aGroupMayBeNamedByItsDn()
{
    const ldap::Entry entry { .dn = "cn=Support,dc=org",
        .attributes = { { .name = "cn", .values = { "Support" } },
            { .name = "mail", .values = { "support@example.org" } } } };

    const GroupRecord group = ldap::groupFrom(entry, settings({ { u"group_id"_s, u"dn"_s } }));

    QCOMPARE(group.id, u"cn=Support,dc=org"_s);
    QCOMPARE(group.name, u"Support"_s);
    QCOMPARE(group.email, u"support@example.org"_s);
}

void TstLdapMapping::binaryIdsAreShownTheUsualWay()
{
    QCOMPARE(ldap::guidText(kGuid), u"01234567-89ab-cdef-0123-456789abcdef"_s);
    QCOMPARE(ldap::sidText(kSid), u"S-1-5-21-1-2-3-500"_s);
    QCOMPARE(ldap::idText("objectguid", kGuid), ldap::guidText(kGuid));
    QCOMPARE(ldap::guidText("short"), QString());
    QCOMPARE(ldap::sidText(kSid.chopped(1)), QString());
}

void TstLdapMapping::theGroupOfAPrimaryGroupNumberIsInTheSameDomain()
{
    QCOMPARE(ldap::sidText(ldap::sidOfSameDomain(kSid, 513)), u"S-1-5-21-1-2-3-513"_s);
    QCOMPARE(ldap::sidOfSameDomain("short", 513), QByteArray());
}

void TstLdapMapping::membersAreFoundInWholeAndInParts_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<int>("next"); // -1: that was all
    QTest::addRow("the whole list") << QByteArray("member") << -1;
    QTest::addRow("a first part") << QByteArray("member;range=0-1499") << 1'500;
    QTest::addRow("a part from the middle") << QByteArray("Member;Range=1500-2999") << 3'000;
    QTest::addRow("the last part") << QByteArray("member;range=3000-*") << -1;
}

void TstLdapMapping::membersAreFoundInWholeAndInParts()
{
    QFETCH(QByteArray, name);
    QFETCH(int, next);
    // Active Directory sends an empty list under the plain name along with a part.
    const ldap::Entry entry { .attributes
        = { { .name = "member" }, { .name = name, .values = { "cn=a,dc=org" } } } };

    const auto members = name == "member"
        ? ldap::memberValues({ .attributes = { entry.attributes[1] } }, "member")
        : ldap::memberValues(entry, "member");

    QVERIFY(name == "member" || members.values != nullptr);
    QCOMPARE(members.next.value_or(-1), next);
    QVERIFY(name == "member" || members.values->size() == 1U);
}

void TstLdapMapping::theNextPartIsAskedForFromItsFirstValue()
{
    QCOMPARE(ldap::rangeAttribute("member", 1'500), QByteArray("member;range=1500-*"));
    QCOMPARE(ldap::rangeAttribute("member", 10, 5), QByteArray("member;range=10-14"));
}

void TstLdapMapping::onlyWhatIsNeededIsAskedFor()
{
    const auto asks = [](const std::vector<QByteArray>& names, const char* name) {
        return std::ranges::find(names, QByteArray(name)) != names.end();
    };
    const auto generic = settings();
    const auto directory = settings({ { u"preset"_s, u"active_directory"_s } });

    QVERIFY(asks(ldap::userAttributes(generic), "entryUUID"));
    QVERIFY(!asks(ldap::userAttributes(generic), "memberOf"));
    QVERIFY(asks(ldap::groupAttributes(generic), "memberUid"));
    QVERIFY(asks(ldap::userAttributes(directory), "primaryGroupID"));
    QVERIFY(!asks(ldap::groupAttributes(directory), "memberUid"));
    const auto byDn = settings({ { u"group_id"_s, u"dn"_s } });
    QVERIFY(!asks(ldap::groupAttributes(byDn), "dn"));
}

void TstLdapMapping::theServersSchemaSaysWhichGroupsMayBeEmpty()
{
    // As OpenLDAP and 389 Directory Server describe it.
    const QByteArray full
        = "( 2.5.6.9 NAME 'groupOfNames' DESC 'RFC2256: a group of names' SUP top "
          "STRUCTURAL MUST ( member $ cn ) MAY ( description $ o ) )";
    const QByteArray loose = "( 2.5.6.9 NAME 'groupOfNames' SUP top STRUCTURAL MUST cn MAY ( "
                             "member $ description ) X-ORIGIN 'RFC 4519' )";
    const QByteArray other = "( 2.5.6.17 NAME 'groupOfUniqueNames' DESC 'as groupOfNames' SUP top "
                             "STRUCTURAL MUST ( uniqueMember $ cn ) )";

    QVERIFY(ldap::isMandatory({ other, full }, "GroupOfNames", "Member"));
    QVERIFY(!ldap::isMandatory({ other, loose }, "groupOfNames", "member"));
    QVERIFY(ldap::isMandatory({}, "groupOfNames", "member"));
    QVERIFY(ldap::isMandatory({ "( broken", other }, "groupOfNames", "member"));
}

static const bool kLdapMappingRegistered = test::registerTestClass<TstLdapMapping>("ldapmapping");

} // namespace portreeve

#include "tst_ldapmapping.moc"
