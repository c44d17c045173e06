// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/registry.h"
#include "core/membership/groupclosure.h"
#include "core/net/qthttpclient.h"
#include "tests/interop/peer.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace Qt::StringLiterals;

namespace portreeve::test {

/// The Keycloak connector against Keycloak, with the realm of realm.py.
class TstKeycloakInterop : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();

    void cleanupTestCase() { m_peer.stop(); }

    void theWholeRealmIsRead_data();
    void theWholeRealmIsRead();
    void bothGroupListingsReadTheSame();
    void nestedGroupsCloseToTheRequiredPeople();
    void equalPathsAndNamesStayDifferentGroups();
    void disabledUsersAreSuspended();
    void unverifiedAddressesAreWithheld();
    void serviceAccountsAreNoMembers();
    void aTestTicksEveryStep();
    void aPastedIssuerIsCutToTheRoot();
    void tokensWithoutRolesAreToldOf();
    void faultsNameTheirRemedy_data();
    void faultsNameTheirRemedy();

private:
    OptionValues company() const;
    Result<SnapshotPtr> fetch(const OptionValues& values, const QByteArray& state = {});

    SystemClock m_clock;
    Peer m_peer;
};

namespace {
constexpr Row kUsers = 260;
constexpr Row kGroups = 280;
constexpr std::size_t kCrowd = 250;
const QByteArray kWalkNext = R"({"group_listing":"walk"})";

/// Everything one run borrows.
struct Run
{
    Run(Clock& clock, const OptionValues& values, const QString& secret)
        : http(httpSettings(values), clock)
        , context { .http = http,
            .clock = clock,
            .stop = {},
            .progress = [](const RunProgress&) { },
            .redactor = redactor }
        , connector(create(values, secret))
    {
        redactor.addSecret(secret);
    }

    static std::unique_ptr<Connector> create(const OptionValues& values, const QString& secret)
    {
        const ConnectorDescriptor* keycloak = findConnector(u"keycloak");
        return keycloak->create(
            makeOptions(*keycloak, values, { { u"client_secret"_s, secret } }, u"Staff"_s));
    }

    QtHttpClient http;
    Redactor redactor {};
    RunContext context;
    std::unique_ptr<Connector> connector;
};

std::vector<Row> groupsNamed(const Snapshot& snapshot, const QString& name)
{
    std::vector<Row> found;
    for (Row group = 0; group < snapshot.groupCount(); ++group) {
        if (snapshot.group(group).name == name) {
            found.push_back(group);
        }
    }
    return found;
}

std::set<QString> loginsOf(const Snapshot& snapshot, std::span<const Row> users)
{
    std::set<QString> logins;
    for (const Row user : users) {
        logins.insert(snapshot.user(user).login);
    }
    return logins;
}

UserRecord recordOf(const Snapshot& snapshot, const QString& login)
{
    for (Row user = 0; user < snapshot.userCount(); ++user) {
        if (snapshot.user(user).login == login) {
            return snapshot.user(user);
        }
    }
    return {};
}

QString textOf(const Result<SnapshotPtr>& snapshot)
{
    return snapshot ? QString() : snapshot.error().toText();
}
} // namespace

void TstKeycloakInterop::initTestCase()
{
    PORTREEVE_START_PEER(m_peer, "keycloak");
}

OptionValues TstKeycloakInterop::company() const
{
    return { { u"url"_s, m_peer.value("PEER_URL") }, { u"realm"_s, m_peer.value("PEER_REALM") },
        { u"client_id"_s, m_peer.value("PEER_CLIENT_ID") } };
}

Result<SnapshotPtr> TstKeycloakInterop::fetch(const OptionValues& values, const QByteArray& state)
{
    Run run(m_clock, values, m_peer.value("PEER_CLIENT_SECRET"));
    run.context.state = state;
    SnapshotBuilder builder;
    const auto outcome = run.connector->fetch(run.context, builder);
    if (!outcome) {
        return outcome.error();
    }
    return builder.build();
}

void TstKeycloakInterop::theWholeRealmIsRead_data()
{
    QTest::addColumn<QString>("pageSize");
    QTest::addColumn<QByteArray>("state");
    QTest::addRow("flat, three pages") << u"100"_s << QByteArray();
    QTest::addRow("flat, one page") << u"1000"_s << QByteArray();
    QTest::addRow("flat, full last page") << u"130"_s << QByteArray();
    QTest::addRow("walk, two pages of children") << u"100"_s << kWalkNext;
}

void TstKeycloakInterop::theWholeRealmIsRead()
{
    QFETCH(const QString, pageSize);
    QFETCH(const QByteArray, state);
    OptionValues values = company();
    values.insert(u"page_size"_s, pageSize);

    const auto snapshot = fetch(values, state);

    QVERIFY2(snapshot, qPrintable(textOf(snapshot)));
    QCOMPARE((*snapshot)->userCount(), kUsers);
    QCOMPARE((*snapshot)->groupCount(), kGroups);
    QVERIFY((*snapshot)->completeness().users);
    QVERIFY((*snapshot)->completeness().groups);
    QVERIFY((*snapshot)->completeness().memberships);
    QCOMPARE((*snapshot)->danglingMembers(), 0U);
    const auto crowd = groupsNamed(**snapshot, u"/Crowd"_s);
    QCOMPARE(crowd.size(), 1U);
    QCOMPARE((*snapshot)->memberUsers(crowd.front()).size(), kCrowd);
    const auto regions = groupsNamed(**snapshot, u"/Regions"_s);
    QCOMPARE(regions.size(), 1U);
    QCOMPARE((*snapshot)->memberGroups(regions.front()).size(), 120U);
    QCOMPARE(groupsNamed(**snapshot, u"/Zürich 東京"_s).size(), 1U);
}

void TstKeycloakInterop::bothGroupListingsReadTheSame()
{
    const auto flat = fetch(company());
    const auto walked = fetch(company(), kWalkNext);

    QVERIFY2(flat, qPrintable(textOf(flat)));
    QVERIFY2(walked, qPrintable(textOf(walked)));
    QVERIFY(**flat == **walked);
}

void TstKeycloakInterop::nestedGroupsCloseToTheRequiredPeople()
{
    OptionValues values = company();
    values.insert(u"group_name_source"_s, u"name"_s);
    const auto snapshot = fetch(values);
    QVERIFY2(snapshot, qPrintable(textOf(snapshot)));
    const GroupClosure closure(*snapshot);

    const auto people = [&](const QString& group) {
        return loginsOf(**snapshot, closure.effectiveUsers(groupsNamed(**snapshot, group).front()));
    };

    QCOMPARE(people(u"Everyone"_s),
        (std::set { u"steve"_s, u"patrick"_s, u"bob"_s, u"alice"_s, u"john"_s }));
    QCOMPARE(people(u"Engineering"_s), (std::set { u"bob"_s, u"alice"_s, u"john"_s }));
    QCOMPARE(people(u"Support"_s), std::set { u"patrick"_s });
    QCOMPARE(people(u"DevOps"_s), std::set { u"john"_s });
    QCOMPARE(people(u"Regions"_s), std::set { u"diana"_s });
}

void TstKeycloakInterop::equalPathsAndNamesStayDifferentGroups()
{
    OptionValues values = company();
    const auto byPath = fetch(values);
    values.insert(u"group_name_source"_s, u"name"_s);
    const auto byName = fetch(values);

    QVERIFY2(byPath, qPrintable(textOf(byPath)));
    QVERIFY2(byName, qPrintable(textOf(byName)));
    QCOMPARE(groupsNamed(**byPath, u"/a/b"_s).size(), 2U);
    const auto operations = groupsNamed(**byName, u"Operations"_s);
    QCOMPARE(operations.size(), 2U);
    std::set<QString> members;
    for (const Row group : operations) {
        const auto users = (*byName)->memberUsers(group);
        QCOMPARE(users.size(), 1U);
        members.merge(loginsOf(**byName, users));
    }
    QCOMPARE(members, (std::set { u"nomail"_s, u"una"_s }));
}

void TstKeycloakInterop::disabledUsersAreSuspended()
{
    const auto snapshot = fetch(company());
    QVERIFY2(snapshot, qPrintable(textOf(snapshot)));

    QCOMPARE(recordOf(**snapshot, u"eve"_s).state, UserState::Suspended);
    QCOMPARE(recordOf(**snapshot, u"john"_s).state, UserState::Active);
    // Still a member, so that enabling her again changes nothing else.
    const auto offices = groupsNamed(**snapshot, u"/Offices"_s);
    QCOMPARE(
        loginsOf(**snapshot, (*snapshot)->memberUsers(offices.front())), std::set { u"eve"_s });
}

void TstKeycloakInterop::unverifiedAddressesAreWithheld()
{
    OptionValues values = company();
    const auto verified = fetch(values);
    values.insert(u"email_rule"_s, u"always"_s);
    const auto always = fetch(values);

    QVERIFY2(verified, qPrintable(textOf(verified)));
    QVERIFY2(always, qPrintable(textOf(always)));
    QCOMPARE(recordOf(**verified, u"una"_s).email, QString());
    QCOMPARE(recordOf(**always, u"una"_s).email, u"una@example.org"_s);
    QCOMPARE(recordOf(**verified, u"john"_s).email, u"john@example.org"_s);
    const UserRecord nomail = recordOf(**always, u"nomail"_s);
    QCOMPARE(nomail.email, QString());
    QCOMPARE(nomail.displayName, u"nomail"_s);
}

void TstKeycloakInterop::serviceAccountsAreNoMembers()
{
    const auto snapshot = fetch(company());
    QVERIFY2(snapshot, qPrintable(textOf(snapshot)));

    const auto robots = groupsNamed(**snapshot, u"/Robots"_s);
    QCOMPARE(robots.size(), 1U);
    QCOMPARE(
        loginsOf(**snapshot, (*snapshot)->memberUsers(robots.front())), std::set { u"diana"_s });
    const auto& notes = (*snapshot)->notes();
    QVERIFY(std::find(notes.begin(), notes.end(), u"Service accounts left out of groups: 4."_s)
        != notes.end());
}

void TstKeycloakInterop::aTestTicksEveryStep()
{
    Run run(m_clock, company(), m_peer.value("PEER_CLIENT_SECRET"));

    const auto report = run.connector->test(run.context);

    QVERIFY2(report.passed(), qPrintable(report.failure ? report.failure->toText() : QString()));
    for (const auto& step : report.steps) {
        QVERIFY2(step.ok, qPrintable(step.name));
    }
    QCOMPARE(report.userCount, std::optional<std::int64_t>(kUsers));
    QCOMPARE(report.groupCount, std::optional<std::int64_t>(kGroups));
    QCOMPARE(report.sampleUsers.size(), 5U);
    QCOMPARE(report.tenantId,
        QString(m_peer.value("PEER_URL") + u"/realms/"_s + m_peer.value("PEER_REALM")));
}

void TstKeycloakInterop::aPastedIssuerIsCutToTheRoot()
{
    OptionValues values = company();
    values.insert(
        u"url"_s, m_peer.value("PEER_URL") + u"/realms/"_s + m_peer.value("PEER_REALM") + u'/');

    const auto snapshot = fetch(values);

    QVERIFY2(snapshot, qPrintable(textOf(snapshot)));
    QCOMPARE((*snapshot)->userCount(), kUsers);
}

void TstKeycloakInterop::tokensWithoutRolesAreToldOf()
{
    OptionValues values = company();
    values.insert(u"client_id"_s, u"directory-lightweight"_s);

    const auto snapshot = fetch(values);

    QVERIFY2(snapshot, qPrintable(textOf(snapshot)));
    QCOMPARE((*snapshot)->userCount(), kUsers);
    const auto& notes = (*snapshot)->notes();
    QVERIFY(std::any_of(notes.begin(), notes.end(),
        [](const QString& note) { return note.contains(u"could not be checked"); }));
}

void TstKeycloakInterop::faultsNameTheirRemedy_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("value");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("words");

    const QString client = u"client_id"_s;
    QTest::addRow("query roles only, which see empty lists")
        << client << m_peer.value("PEER_WEAK_CLIENT_ID") << ErrorCode::Permission
        << u"view-users"_s;
    QTest::addRow("the same with a token that hides its roles")
        << client << u"weak-lightweight"_s << ErrorCode::Permission << u"view-users"_s;
    QTest::addRow("no service account") << client << u"no-service-account"_s
                                        << ErrorCode::Permission << u"Service accounts roles"_s;
    QTest::addRow("unknown client") << client << u"nobody"_s << ErrorCode::Auth << u"nobody"_s;
    QTest::addRow("wrong secret") << u"client_secret"_s << u"not-the-s3cret"_s << ErrorCode::Auth
                                  << u"secret of the client directory-sync"_s;
    QTest::addRow("wrong realm") << u"realm"_s << u"Company"_s << ErrorCode::NotFound
                                 << u"no realm called Company"_s;
    QTest::addRow("surplus /auth") << u"url"_s << QString(m_peer.value("PEER_URL") + u"/auth"_s)
                                   << ErrorCode::NotFound << u"must not have it"_s;
}

void TstKeycloakInterop::faultsNameTheirRemedy()
{
    QFETCH(const QString, field);
    QFETCH(const QString, value);
    QFETCH(const ErrorCode, code);
    QFETCH(const QString, words);
    OptionValues values = company();
    QString secret = m_peer.value("PEER_CLIENT_SECRET");
    (field == u"client_secret" ? secret : values[field]) = value;
    Run run(m_clock, values, secret);
    SnapshotBuilder builder;

    const auto outcome = run.connector->fetch(run.context, builder);
    const auto report = run.connector->test(run.context);

    QVERIFY(!outcome);
    const QString text = outcome.error().toText();
    QCOMPARE(outcome.error().code, code);
    QVERIFY2(text.contains(words), qPrintable(text));
    QVERIFY2(!outcome.error().remedy.isEmpty(), qPrintable(text));
    QVERIFY2(!text.contains(secret), qPrintable(text));
    QVERIFY(report.failure);
    QCOMPARE(report.failure->code, code);
}

static const bool kKeycloakInteropRegistered
    = registerTestClass<TstKeycloakInterop>("keycloakinterop");

} // namespace portreeve::test

#include "tst_keycloakinterop.moc"
