// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/ldap/dn.h"
#include "core/connectors/ldap/opening.h"
#include "core/connectors/ldap/reader.h"
#include "core/membership/groupclosure.h"
#include "tests/interop/peer.h"
#include "tests/interop/snapshotlookup.h"
#include "tests/support/connectorrun.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <set>

using namespace Qt::StringLiterals;

namespace portreeve::test {

/// The LDAP connector against Samba as a controller of an Active Directory domain.
class TstSamba : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();

    void cleanupTestCase() { m_peer.stop(); }

    void theWholeDomainIsReadWithoutNamingABase();
    void disabledAccountsAreSuspended();
    void thePrimaryGroupIsAMembership();
    void theServersOwnChainRuleAgrees_data();
    void theServersOwnChainRuleAgrees();
    void longGroupsAreReadPartByPart();
    void orgUnitsBecomeGroupsOnRequest();
    void aTestTicksEveryStep();
    void signInFaultsNameTheirRemedy_data();
    void signInFaultsNameTheirRemedy();
    void aSignInWithoutEncryptionIsRefusedByTheServer();

private:
    OptionValues domain() const;
    QHash<QString, QString> secrets() const;
    Result<SnapshotPtr> fetch(const OptionValues& values);
    Result<ldap::Opened> open(ConnectorRun& run, ldap::Settings& settings) const;

    SystemClock m_clock;
    Peer m_peer;
};

namespace {
Row accountNamed(const Snapshot& snapshot, const QString& name)
{
    for (Row user = 0; user < snapshot.userCount(); ++user) {
        if (snapshot.user(user).login.startsWith(name + u'@')) {
            return user;
        }
    }
    return kNoRow;
}

} // namespace

void TstSamba::initTestCase()
{
    PORTREEVE_START_PEER(m_peer, "samba");
}

OptionValues TstSamba::domain() const
{
    return { { u"preset"_s, u"active_directory"_s }, { u"urls"_s, m_peer.value("PEER_TLS_URL") },
        { u"ca_file"_s, m_peer.value("PEER_CA") }, { u"bind_dn"_s, m_peer.value("PEER_BIND_DN") },
        { u"page_size"_s, u"100"_s } };
}

QHash<QString, QString> TstSamba::secrets() const
{
    return { { u"bind_password"_s, m_peer.value("PEER_PASSWORD") } };
}

Result<SnapshotPtr> TstSamba::fetch(const OptionValues& values)
{
    ConnectorRun run(m_clock, u"ldap"_s, values, secrets());
    return run.fetch();
}

Result<ldap::Opened> TstSamba::open(ConnectorRun& run, ldap::Settings& settings) const
{
    auto opened = ldap::open(settings, run.context(), [](const char*, const ldap::Server&) { });
    if (opened) {
        const auto bases = ldap::completeBases(settings, opened->root, opened->session->server());
        if (!bases) {
            return bases.error();
        }
    }
    return opened;
}

void TstSamba::theWholeDomainIsReadWithoutNamingABase()
{
    const auto result = fetch(domain());

    QVERIFY2(result.hasValue(), qPrintable(result ? QString() : result.error().toText()));
    const Snapshot& snapshot = **result;
    QVERIFY(snapshot.userCount() > 257); // ours and the domain's own
    const UserRecord john = snapshot.user(accountNamed(snapshot, u"john"_s));
    QCOMPARE(john.email, u"john@example.test"_s);
    QCOMPARE(john.login, u"john@example.test"_s);
    QCOMPARE(john.id.size(), 36); // objectGUID
    QVERIFY(snapshot.completeness().users && snapshot.completeness().groups
        && snapshot.completeness().memberships);
    // A domain always points to its own other partitions.
    QVERIFY2(!snapshot.notes().empty() && snapshot.notes().front().contains(u"not followed"),
        "continuation references are noted");
}

void TstSamba::disabledAccountsAreSuspended()
{
    const auto snapshot = fetch(domain());

    QVERIFY2(snapshot.hasValue(), qPrintable(snapshot ? QString() : snapshot.error().toText()));
    QCOMPARE((*snapshot)->userState(accountNamed(**snapshot, u"eve"_s)), UserState::Suspended);
    QCOMPARE((*snapshot)->userState(accountNamed(**snapshot, u"john"_s)), UserState::Active);
}

void TstSamba::thePrimaryGroupIsAMembership()
{
    const auto result = fetch(domain());
    QVERIFY2(result.hasValue(), qPrintable(result ? QString() : result.error().toText()));
    const GroupClosure closure(*result);

    QVERIFY(closure.isEffectiveMember(
        accountNamed(**result, u"bob"_s), groupNamed(**result, u"Staff"_s)));
    QVERIFY(closure.isEffectiveMember(
        accountNamed(**result, u"john"_s), groupNamed(**result, u"Domain Users"_s)));
}

void TstSamba::theServersOwnChainRuleAgrees_data()
{
    QTest::addColumn<QString>("group");
    QTest::addColumn<std::size_t>("people");
    QTest::addRow("three levels") << u"Everybody"_s << std::size_t(5);
    QTest::addRow("two levels") << u"Engineering"_s << std::size_t(3);
    QTest::addRow("one level") << u"DevOps"_s << std::size_t(1);
    QTest::addRow("a cycle") << u"CycleOne"_s << std::size_t(2);
    QTest::addRow("many members") << u"Bulk"_s << std::size_t(250);
}

void TstSamba::theServersOwnChainRuleAgrees()
{
    QFETCH(QString, group);
    QFETCH(std::size_t, people);
    // Ids and groups by DN, to compare with the DNs of the server's answer.
    OptionValues values = domain();
    values.insert(u"id_attribute"_s, u"distinguishedName"_s);
    values.insert(u"group_id"_s, u"dn"_s);
    ConnectorRun run(m_clock, u"ldap"_s, values, secrets());
    const auto snapshot = run.fetch();
    QVERIFY2(snapshot.hasValue(), qPrintable(snapshot ? QString() : snapshot.error().toText()));
    const Row row = groupNamed(**snapshot, group);
    const GroupClosure closure(*snapshot);

    std::set<QByteArray> ours;
    for (const Row user : closure.effectiveUsers(row)) {
        ours.insert(ldap::normalizedDn((*snapshot)->userId(user).toUtf8()).value());
    }
    auto settings
        = ldap::settingsFrom(makeOptions(*findConnector(u"ldap"), values, secrets(), u"chain"_s));
    const auto opened = open(run, settings);
    QVERIFY2(opened.hasValue(), qPrintable(opened ? QString() : opened.error().toText()));
    settings.userFilter = "(&(objectCategory=person)(objectClass=user)"
                          "(!(userAccountControl:1.2.840.113556.1.4.803:=2)))";
    const auto chain = ldap::usersInChain(
        *opened->session, settings, run.context(), (*snapshot)->groupId(row).toUtf8());

    QVERIFY2(chain.hasValue(), qPrintable(chain ? QString() : chain.error().toText()));
    std::set<QByteArray> theirs;
    for (const auto& dn : *chain) {
        theirs.insert(ldap::normalizedDn(dn).value());
    }
    QCOMPARE(ours, theirs);
    QCOMPARE(ours.size(), people);
}

void TstSamba::longGroupsAreReadPartByPart()
{
    ConnectorRun run(m_clock, u"ldap"_s, domain(), secrets());
    auto settings
        = ldap::settingsFrom(makeOptions(*findConnector(u"ldap"), domain(), secrets(), u"range"_s));
    const auto opened = open(run, settings);
    QVERIFY2(opened.hasValue(), qPrintable(opened ? QString() : opened.error().toText()));

    const auto members
        = ldap::readRange(*opened->session, "CN=Bulk,OU=Bulk,DC=example,DC=test", "member", 0, 60);

    QVERIFY2(members.hasValue(), qPrintable(members ? QString() : members.error().toText()));
    QCOMPARE(members->size(), 250U);
    QCOMPARE(std::set(members->begin(), members->end()).size(), 250U);
}

void TstSamba::orgUnitsBecomeGroupsOnRequest()
{
    OptionValues values = domain();
    values.insert(u"org_units"_s, u"true"_s);

    const auto snapshot = fetch(values);

    QVERIFY2(snapshot.hasValue(), qPrintable(snapshot ? QString() : snapshot.error().toText()));
    const GroupClosure closure(*snapshot);
    const Row alice = accountNamed(**snapshot, u"alice"_s);
    for (const auto& path : { u"/Example/North"_s, u"/Example"_s, u"/"_s }) {
        const Row unit = groupNamed(**snapshot, path);
        QVERIFY2(unit != kNoRow, qPrintable(path));
        QVERIFY2(closure.isEffectiveMember(alice, unit), qPrintable(path));
    }
}

void TstSamba::aTestTicksEveryStep()
{
    ConnectorRun run(m_clock, u"ldap"_s, domain(), secrets());

    const TestReport report = run.test();

    QVERIFY2(report.passed(), qPrintable(report.passed() ? QString() : report.failure->toText()));
    QCOMPARE(report.steps.size(), 6U);
    QVERIFY(report.userCount.value_or(0) > 257);
    QCOMPARE(report.tenantId.size(), 36);
}

void TstSamba::signInFaultsNameTheirRemedy_data()
{
    QTest::addColumn<QString>("account");
    QTest::addColumn<QString>("password");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("remedy");
    const QString good = u"Passw0rd!x"_s;
    QTest::addRow("wrong password") << u"john@example.test"_s << u"Wrong!12345"_s << u"auth"_s
                                    << u"did not accept"_s << u"Check the bind DN"_s;
    QTest::addRow("account that is not known")
        << u"nobody@example.test"_s << good << u"auth"_s << u"nobody@example.test"_s
        << u"Check the bind DN"_s;
    QTest::addRow("password to be changed first")
        << u"late@example.test"_s << good << u"auth"_s << u"must be changed first"_s
        << u"a new password"_s;
    QTest::addRow("disabled account") << u"eve@example.test"_s << good << u"permission"_s
                                      << u"is disabled"_s << u"Enable the account"_s;
}

void TstSamba::signInFaultsNameTheirRemedy()
{
    QFETCH(QString, account);
    QFETCH(QString, password);
    QFETCH(QString, code);
    QFETCH(QString, words);
    QFETCH(QString, remedy);
    OptionValues values = domain();
    values.insert(u"bind_dn"_s, account);
    ConnectorRun run(m_clock, u"ldap"_s, values, { { u"bind_password"_s, password } });

    const TestReport report = run.test();

    QVERIFY(!report.passed());
    QVERIFY2(report.failure->what.english().contains(words), qPrintable(report.failure->toText()));
    QCOMPARE(errorCodeName(report.failure->code), code);
    QVERIFY2(
        report.failure->remedy.english().contains(remedy), qPrintable(report.failure->toText()));
    QCOMPARE(report.steps.back().name, u"sign_in"_s);
    QVERIFY(!report.steps.back().remedy.isEmpty());
}

void TstSamba::aSignInWithoutEncryptionIsRefusedByTheServer()
{
    OptionValues values = domain();
    values.insert(u"urls"_s, m_peer.value("PEER_URL"));
    values.insert(u"security"_s, u"none"_s);

    const auto snapshot = fetch(values);

    QVERIFY(!snapshot.hasValue());
    QCOMPARE(snapshot.error().code, ErrorCode::Permission);
    QVERIFY(snapshot.error().remedy.english().contains(u"StartTLS"));
}

static const bool kSambaRegistered = registerTestClass<TstSamba>("samba");

} // namespace portreeve::test

#include "tst_samba.moc"
