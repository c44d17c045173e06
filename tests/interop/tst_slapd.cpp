// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/membership/groupclosure.h"
#include "core/sync/diff.h"
#include "tests/interop/peer.h"
#include "tests/interop/snapshotlookup.h"
#include "tests/support/connectorrun.h"
#include "tests/support/fakeclock.h"
#include "tests/support/syncfixture.h"
#include "tests/support/testregistry.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTest>

#include <set>
#include <thread>

using namespace Qt::StringLiterals;

namespace portreeve::test {

/// The LDAP connector against OpenLDAP.
class TstSlapd : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();

    void cleanupTestCase() { m_peer.stop(); }

    void theExampleIsReadAsItIs_data();
    void theExampleIsReadAsItIs();
    void nestedGroupsCloseToTheRequiredPeople();
    void cornerCasesOfTheTreeAreKeptApart();
    void membersAreFoundByEveryStyle_data();
    void membersAreFoundByEveryStyle();
    void aGroupWhoseMembersAreHiddenKeepsThem();
    void orgUnitsBecomeGroupsOnRequest();
    void manyPagesGiveEveryUserOnce();
    void searchesAreOneForEachPage_data();
    void searchesAreOneForEachPage();
    void pagesAreMadeSmallerWhereTheServerWantsIt();
    void anEmptyTreeIsReadAsEmpty();
    void aClientCertificateSignsIn();
    void aTestTicksEveryStep();
    void anotherServerIsTriedWhenTheFirstDoesNotAnswer();
    void faultsNameTheirRemedy_data();
    void faultsNameTheirRemedy();
    void aLimitedAccountNeverGivesAShortAnswer();
    void aServerThatHangsIsLeftWithinASecondOfCancelling();
    void aServerThatEndsInMidPageFailsTheRun();

private:
    OptionValues example() const;
    OptionValues company() const;
    Result<SnapshotPtr> fetch(const OptionValues& values);
    int searches() const; ///< that the server has been asked for so far
    QHash<QString, QString> secrets() const;

    SystemClock m_clock;
    Peer m_peer;
};

namespace {
std::set<QString> namesOf(const Snapshot& snapshot, std::span<const Row> users)
{
    std::set<QString> names;
    for (const Row user : users) {
        names.insert(snapshot.user(user).login);
    }
    return names;
}
} // namespace

void TstSlapd::initTestCase()
{
    PORTREEVE_START_PEER(m_peer, "slapd");
}

OptionValues TstSlapd::example() const
{
    return { { u"preset"_s, u"generic"_s }, { u"urls"_s, m_peer.value("PEER_TLS_URL") },
        { u"ca_file"_s, m_peer.value("PEER_CA") }, { u"bind_dn"_s, m_peer.value("PEER_BIND_DN") },
        { u"user_base"_s, u"ou=people,ou=example,dc=example,dc=org"_s },
        { u"group_base"_s, u"ou=groups,ou=example,dc=example,dc=org"_s },
        { u"disabled_rule"_s, u"(employeeType=disabled)"_s } };
}

OptionValues TstSlapd::company() const
{
    OptionValues values = example();
    values.insert(u"user_base"_s, u"ou=people,ou=company,dc=example,dc=org"_s);
    values.insert(u"group_base"_s, u"ou=groups,ou=company,dc=example,dc=org"_s);
    values.insert(u"page_size"_s, u"300"_s);
    return values;
}

QHash<QString, QString> TstSlapd::secrets() const
{
    return { { u"bind_password"_s, m_peer.value("PEER_PASSWORD") } };
}

Result<SnapshotPtr> TstSlapd::fetch(const OptionValues& values)
{
    ConnectorRun run(m_clock, u"ldap"_s, values, secrets());
    return run.fetch();
}

void TstSlapd::theExampleIsReadAsItIs_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("security");
    QTest::addRow("ldaps") << m_peer.value("PEER_TLS_URL") << u"ldaps"_s;
    QTest::addRow("StartTLS") << m_peer.value("PEER_URL") << u"starttls"_s;
    QTest::addRow("in clear on loopback") << m_peer.value("PEER_URL") << u"none"_s;
}

void TstSlapd::theExampleIsReadAsItIs()
{
    QFETCH(QString, url);
    QFETCH(QString, security);
    OptionValues values = example();
    values.insert(u"urls"_s, url);
    values.insert(u"security"_s, security);

    const auto snapshot = fetch(values);

    QVERIFY2(snapshot.hasValue(), qPrintable(snapshot ? QString() : snapshot.error().toText()));
    QCOMPARE((*snapshot)->userCount(), 7U);
    QCOMPARE((*snapshot)->groupCount(), 9U);
    const UserRecord steve = (*snapshot)->user(userNamed(**snapshot, u"steve"_s));
    QCOMPARE(steve.displayName, u"Steve"_s);
    QCOMPARE(steve.email, u"steve@example.org"_s);
    QCOMPARE(steve.id.size(), 36); // entryUUID
}

void TstSlapd::nestedGroupsCloseToTheRequiredPeople()
{
    OptionValues values = example();
    values.insert(u"id_attribute"_s, u"uid"_s);
    values.insert(u"group_id"_s, u"dn"_s);
    const auto snapshot = fetch(values);
    QVERIFY2(snapshot.hasValue(), qPrintable(snapshot ? QString() : snapshot.error().toText()));
    const GroupClosure closure(*snapshot);

    const auto people = [&](const QString& group) {
        return namesOf(**snapshot, closure.effectiveUsers(groupNamed(**snapshot, group)));
    };

    QCOMPARE(people(u"Everyone"_s),
        (std::set { u"steve"_s, u"patrick"_s, u"bob"_s, u"alice"_s, u"john"_s }));
    QCOMPARE(people(u"Engineering"_s), (std::set { u"bob"_s, u"alice"_s, u"john"_s }));
    QCOMPARE(people(u"DevOps"_s), std::set { u"john"_s });
    QCOMPARE(people(u"Cycle one"_s), std::set { u"steve"_s });
    QCOMPARE(people(u"Cycle two"_s), std::set { u"steve"_s });
    QCOMPARE(closure.nesting().cycles.size(), 1U);
}

void TstSlapd::cornerCasesOfTheTreeAreKeptApart()
{
    const auto result = fetch(example());
    QVERIFY2(result.hasValue(), qPrintable(result ? QString() : result.error().toText()));
    const Snapshot& snapshot = **result;

    const UserRecord eve = snapshot.user(userNamed(snapshot, u"eve"_s));
    QCOMPARE(eve.state, UserState::Suspended);
    QCOMPARE(eve.displayName, u"Quill, Eve"_s); // no displayName: the common name
    QVERIFY(eve.email.isEmpty());
    QCOMPARE(snapshot.user(userNamed(snapshot, u"bob"_s)).displayName,
        snapshot.user(userNamed(snapshot, u"bob2"_s)).displayName);

    QCOMPARE(groupNamed(snapshot, u"Support"_s), kNoRow); // there are two of that name
    // A printer, a DN that is gone, and a login nobody has.
    QCOMPARE(snapshot.danglingMembers(), 3U);
    QVERIFY(snapshot.completeness().users && snapshot.completeness().groups
        && snapshot.completeness().memberships);
    QCOMPARE(snapshot.notes().size(), 1U);
    QVERIFY2(snapshot.notes().front().contains(u"elsewhere.example.org"),
        qPrintable(snapshot.notes().front()));
}

void TstSlapd::membersAreFoundByEveryStyle_data()
{
    QTest::addColumn<QString>("style");
    QTest::addColumn<QString>("group");
    QTest::addColumn<QString>("person");
    QTest::addRow("member") << u"member"_s << u"Engineering"_s << u"bob"_s;
    QTest::addRow("uniqueMember") << u"uniqueMember"_s << u"Unique"_s << u"alice"_s;
    QTest::addRow("memberUid") << u"memberUid"_s << u"Posix"_s << u"bob"_s;
    QTest::addRow("memberOf") << u"memberOf"_s << u"Engineering"_s << u"bob"_s;
    QTest::addRow("memberOf, through a group") << u"memberOf"_s << u"Everyone"_s << u"john"_s;
    QTest::addRow("automatic: uniqueMember") << u"auto"_s << u"Unique"_s << u"john"_s;
    QTest::addRow("automatic: memberUid") << u"auto"_s << u"Posix"_s << u"bob"_s;
}

void TstSlapd::membersAreFoundByEveryStyle()
{
    QFETCH(QString, style);
    QFETCH(QString, group);
    QFETCH(QString, person);
    OptionValues values = example();
    values.insert(u"member_style"_s, style);

    const auto snapshot = fetch(values);

    QVERIFY2(snapshot.hasValue(), qPrintable(snapshot ? QString() : snapshot.error().toText()));
    const GroupClosure closure(*snapshot);
    QVERIFY(
        closure.isEffectiveMember(userNamed(**snapshot, person), groupNamed(**snapshot, group)));
}

void TstSlapd::aGroupWhoseMembersAreHiddenKeepsThem()
{
    OptionValues values = example();
    const auto before = fetch(values);
    values.insert(u"bind_dn"_s, m_peer.value("PEER_NO_MEMBERS_DN"));

    const auto after = fetch(values);

    QVERIFY2(before && after, qPrintable(after ? QString() : after.error().toText()));
    QVERIFY((*before)->completeness().incompleteGroups.empty());
    const auto& hidden = (*after)->completeness().incompleteGroups;
    QCOMPARE(hidden.size(), 1U);
    QCOMPARE((*after)->groupNames().text(hidden.front()), u"Support"_s);
    QVERIFY((*after)->userMembershipCount() < (*before)->userMembershipCount());
    QVERIFY(diffSnapshots(*before, *after).isEmpty());
}

void TstSlapd::orgUnitsBecomeGroupsOnRequest()
{
    OptionValues values = example();
    values.insert(u"org_units"_s, u"true"_s);

    const auto snapshot = fetch(values);

    QVERIFY2(snapshot.hasValue(), qPrintable(snapshot ? QString() : snapshot.error().toText()));
    const Row root = groupNamed(**snapshot, u"/"_s);
    const Row north = groupNamed(**snapshot, u"/north"_s);
    QVERIFY(root != kNoRow && north != kNoRow);
    QCOMPARE((*snapshot)->groupKind(north), GroupKind::OrgUnit);
    QVERIFY((*snapshot)->groupId(north).startsWith(u"ou:"));
    const GroupClosure closure(*snapshot);
    QCOMPARE(namesOf(**snapshot, closure.effectiveUsers(north)), std::set { u"alice"_s });
    QCOMPARE(closure.effectiveUsers(root).size(), 6U); // everybody but the disabled one
}

void TstSlapd::manyPagesGiveEveryUserOnce()
{
    ConnectorRun run(m_clock, u"ldap"_s, company(), secrets());
    std::int64_t reported = 0;
    run.onProgress = [&reported](const RunProgress& progress) {
        reported = progress.phase == RunProgress::Phase::Users ? progress.done : reported;
    };

    const auto snapshot = run.fetch();

    QVERIFY2(snapshot.hasValue(), qPrintable(snapshot ? QString() : snapshot.error().toText()));
    QCOMPARE((*snapshot)->userCount(), 2'000U);
    QCOMPARE((*snapshot)->groupCount(), 100U);
    QCOMPARE((*snapshot)->userMembershipCount(), 2'000U);
    QCOMPARE((*snapshot)->groupMembershipCount(), 100U);
    QCOMPARE(reported, 2'000);
    QVERIFY((*snapshot)->completeness().users);
    QCOMPARE(run.outcome().tenantId.size(), 36);
}

int TstSlapd::searches() const
{
    QFile log(m_peer.value("PEER_LOG"));
    return log.open(QIODevice::ReadOnly) ? static_cast<int>(log.readAll().count(" SRCH base="))
                                         : -1;
}

void TstSlapd::searchesAreOneForEachPage_data()
{
    QTest::addColumn<OptionValues>("values");
    QTest::addColumn<int>("pages"); // of people and of groups

    OptionValues small = example();
    small.insert(u"page_size"_s, u"10"_s);
    QTest::addRow("7 people, 9 groups, pages of 10") << small << 1 + 1;
    QTest::addRow("2,000 people, 100 groups, pages of 300") << company() << 7 + 1;
    OptionValues fine = company();
    fine.insert(u"page_size"_s, u"40"_s);
    QTest::addRow("2,000 people, 100 groups, pages of 40") << fine << 50 + 3;
}

/// connectors.md 17, point 7.
void TstSlapd::searchesAreOneForEachPage()
{
    QFETCH(const OptionValues, values);
    QFETCH(const int, pages);
    // What the server is, whether the base of the people is there, and whom the rule disables.
    constexpr int others = 3;
    const int known = searches();

    const auto snapshot = fetch(values);

    QVERIFY2(snapshot.hasValue(), qPrintable(snapshot ? QString() : snapshot.error().toText()));
    QCOMPARE(searches() - known, others + pages);
}

void TstSlapd::pagesAreMadeSmallerWhereTheServerWantsIt()
{
    OptionValues values = company();
    values.insert(u"bind_dn"_s, m_peer.value("PEER_SMALL_PAGES_DN"));
    FakeClock clock;
    ConnectorRun run(clock, u"ldap"_s, values, secrets());

    const auto snapshot = run.fetch();

    QVERIFY2(snapshot.hasValue(), qPrintable(snapshot ? QString() : snapshot.error().toText()));
    QCOMPARE((*snapshot)->userCount(), 2'000U);
    QVERIFY(clock.sleeps().size() >= 2); // 300 and 150 were refused, each followed by a pause
}

void TstSlapd::anEmptyTreeIsReadAsEmpty()
{
    OptionValues values = example();
    values.insert(u"user_base"_s, u"ou=empty,dc=example,dc=org"_s);
    values.insert(u"group_base"_s, u"ou=empty,dc=example,dc=org"_s);

    const auto snapshot = fetch(values);
    ConnectorRun run(m_clock, u"ldap"_s, values, secrets());
    const TestReport report = run.test();

    QVERIFY(snapshot.hasValue());
    QCOMPARE((*snapshot)->userCount(), 0U);
    QVERIFY(!report.passed()); // what sync may read, a person should be asked about
    QCOMPARE(report.failure->field, u"user_filter"_s);
}

void TstSlapd::aClientCertificateSignsIn()
{
    QFile key(m_peer.value("PEER_CLIENT_KEY"));
    QVERIFY(key.open(QIODevice::ReadOnly));
    OptionValues values = example();
    values.insert(u"bind_method"_s, u"sasl_external"_s);
    values.insert(u"client_cert"_s, m_peer.value("PEER_CLIENT_CERT"));
    ConnectorRun run(
        m_clock, u"ldap"_s, values, { { u"client_key"_s, QString::fromUtf8(key.readAll()) } });

    const auto snapshot = run.fetch();

    QVERIFY2(snapshot.hasValue(), qPrintable(snapshot ? QString() : snapshot.error().toText()));
    QCOMPARE((*snapshot)->userCount(), 7U);
}

void TstSlapd::aTestTicksEveryStep()
{
    ConnectorRun run(m_clock, u"ldap"_s, company(), secrets());

    const TestReport report = run.test();

    QVERIFY(report.passed());
    QStringList names;
    for (const auto& step : report.steps) {
        QVERIFY(step.ok);
        names.append(step.name);
    }
    QCOMPARE(names.join(u' '), u"reach tls sign_in base users groups"_s);
    QCOMPARE(report.sampleUsers.size(), 5U);
    QCOMPARE(report.userCount, std::optional<std::int64_t>(2'000));
    QCOMPARE(report.groupCount, std::optional<std::int64_t>(100));
    QVERIFY(!report.tenantId.isEmpty());
}

void TstSlapd::anotherServerIsTriedWhenTheFirstDoesNotAnswer()
{
    OptionValues values = example();
    values.insert(u"urls"_s, QString(u"ldaps://127.0.0.1:1, "_s + m_peer.value("PEER_TLS_URL")));
    ConnectorRun run(m_clock, u"ldap"_s, values, secrets());

    const TestReport report = run.test();

    QVERIFY(report.passed());
    QVERIFY(report.steps.front().what.english().contains(m_peer.value("PEER_TLS_URL")));
}

void TstSlapd::faultsNameTheirRemedy_data()
{
    QTest::addColumn<OptionValues>("changes");
    QTest::addColumn<QString>("password");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("step");
    QTest::addColumn<QString>("words");
    const QString good = m_peer.value("PEER_PASSWORD");
    const QString plain = m_peer.value("PEER_URL");
    const auto row = [](const char* name, const OptionValues& changes, const QString& password,
                         const char* code, const char* step, const char* words) {
        QTest::addRow("%s", name) << changes << password << QString::fromLatin1(code)
                                  << QString::fromLatin1(step) << QString::fromLatin1(words);
    };
    row("wrong password", {}, u"not-the-one"_s, "auth", "sign_in", "did not accept the sign-in");
    row("empty password", {}, {}, "invalid_input", "sign_in", "password is empty");
    row("certificate of another CA", { { u"ca_file"_s, m_peer.value("PEER_OTHER_CA") } }, good,
        "tls", "tls", "not trusted");
    row("StartTLS with the certificate of another CA",
        { { u"urls"_s, plain }, { u"security"_s, u"starttls"_s },
            { u"ca_file"_s, m_peer.value("PEER_OTHER_CA") } },
        good, "tls", "tls", "StartTLS did not work");
    row("no CA at all", { { u"ca_file"_s, QString() } }, good, "tls", "tls", "not trusted");
    row("a CA file that is none", { { u"ca_file"_s, m_peer.value("PEER_CLIENT_KEY") } }, good,
        "invalid_input", "tls", "no certificate");
    row("ldaps on the port without TLS",
        { { u"urls"_s, QString(plain).replace(u"ldap:"_s, u"ldaps:"_s) } }, good, "tls", "tls",
        "does not speak TLS");
    row("base that is missing", { { u"user_base"_s, u"ou=nobody,ou=example,dc=example,dc=org"_s } },
        good, "not_found", "base", "nearest one above it is ou=example,dc=example,dc=org");
    row("base that may not be read", { { u"group_base"_s, u"ou=secret,dc=example,dc=org"_s } },
        good, "not_found", "base", "ou=secret");
    row("id attribute nobody has", { { u"id_attribute"_s, u"employeeNumber"_s } }, good,
        "permission", "users", "employeeNumber");
    row("nobody listens", { { u"urls"_s, u"ldaps://127.0.0.1:1"_s } }, good, "network", "reach",
        "refused the connection");
    row("host name that is not known", { { u"urls"_s, u"ldaps://ldap.invalid"_s } }, good,
        "network", "reach", "ldap.invalid");
}

void TstSlapd::faultsNameTheirRemedy()
{
    QFETCH(OptionValues, changes);
    QFETCH(QString, password);
    QFETCH(QString, code);
    QFETCH(QString, step);
    QFETCH(QString, words);
    OptionValues values = example();
    values.insert(changes);
    ConnectorRun run(m_clock, u"ldap"_s, values, { { u"bind_password"_s, password } });

    const TestReport report = run.test();

    QVERIFY(!report.passed());
    QCOMPARE(errorCodeName(report.failure->code), code);
    QCOMPARE(report.steps.back().name, step);
    QVERIFY2(report.failure->what.english().contains(words), qPrintable(report.failure->toText()));
    QVERIFY(!report.failure->remedy.isEmpty());
    QVERIFY(password.isEmpty() || !report.failure->toText().contains(password));
}

void TstSlapd::aLimitedAccountNeverGivesAShortAnswer()
{
    OptionValues values = company();
    values.insert(u"bind_dn"_s, m_peer.value("PEER_LIMITED_DN"));

    const auto snapshot = fetch(values);

    QVERIFY(!snapshot.hasValue());
    QCOMPARE(snapshot.error().code, ErrorCode::LimitExceeded);
    QVERIFY(snapshot.error().remedy.english().contains(u"size.prtotal=unlimited"));
}

void TstSlapd::aServerThatHangsIsLeftWithinASecondOfCancelling()
{
    ConnectorRun run(m_clock, u"ldap"_s, company(), secrets());
    QElapsedTimer sinceCancel;
    std::jthread canceller;
    run.onProgress = [&](const RunProgress& progress) {
        if (progress.phase == RunProgress::Phase::Users && !canceller.joinable()) {
            QVERIFY(m_peer.tell("pause"));
            canceller = std::jthread([&] {
                sinceCancel.start();
                run.cancel();
            });
        }
    };

    const auto snapshot = run.fetch();
    const qint64 waited = sinceCancel.elapsed();
    canceller.join();
    QVERIFY(m_peer.tell("resume"));

    QVERIFY(!snapshot.hasValue());
    QCOMPARE(snapshot.error().code, ErrorCode::Cancelled);
    QVERIFY2(waited < 1'000, qPrintable(QString::number(waited)));
}

// Last: the server is gone afterwards.
void TstSlapd::aServerThatEndsInMidPageFailsTheRun()
{
    SyncFixture fixture;
    const auto added = fixture.store->connections().add({ .name = u"Company"_s,
        .provider = u"ldap"_s,
        .options = company(),
        .storedSecrets = { u"bind_password"_s } });
    QVERIFY(added.hasValue());
    QVERIFY(fixture.secrets.write({ .connectionId = added->id, .field = u"bind_password"_s },
        secrets().value(u"bind_password"_s)));
    SyncRunner runner({ .store = *fixture.store,
        .secrets = fixture.secrets,
        .clock = m_clock,
        .makeHttp = noNetwork() });
    const auto first = runner.sync(added->id, {});
    QVERIFY2(first, qPrintable(first ? QString() : first.error().toText()));
    const auto before = fixture.store->directory().load(added->id);
    QCOMPARE(before->snapshot->userCount(), 2'000U);
    bool killed = false;
    std::int64_t users = 0;
    const auto kill = [&](const RunProgress& progress) {
        if (progress.phase == RunProgress::Phase::Users) {
            killed = killed || m_peer.tell("kill");
            users = std::max(users, progress.done);
        }
    };

    const auto outcome = runner.sync(added->id, { .progress = kill });

    QVERIFY(killed);
    QVERIFY(!outcome.hasValue());
    const Error error = outcome.error();
    QCOMPARE(error.code, ErrorCode::Network);
    QVERIFY(users < 2'000);
    QVERIFY2(error.what.english().contains(u"Company"), qPrintable(error.toText()));
    QVERIFY2(error.toText().contains(u"ended the connection while it was read"),
        qPrintable(error.toText()));
    QVERIFY2(error.remedy.english().contains(u"server's log"), qPrintable(error.toText()));
    const auto after = fixture.store->directory().load(added->id);
    QCOMPARE(after->generation, before->generation);
    QCOMPARE(after->snapshot->userCount(), before->snapshot->userCount());
    QCOMPARE(after->snapshot->groupCount(), before->snapshot->groupCount());
    QCOMPARE(fixture.store->connections().byId(added->id)->state, ConnectionState::BackingOff);
}

static const bool kSlapdRegistered = registerTestClass<TstSlapd>("slapd");

} // namespace portreeve::test

#include "tst_slapd.moc"
