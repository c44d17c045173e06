// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/keycloakapi.h"
#include "core/sync/diff.h"
#include "tests/support/fakekeycloak.h"
#include "tests/support/httprun.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::FakeKeycloak;
using test::FakeReply;
using test::groupIds;
using test::HttpRun;
using test::memberIds;
using test::recorded;
using test::userIds;

/// A run against the realm; the fake server must outlive it.
class KeycloakRun : public HttpRun
{
public:
    explicit KeycloakRun(FakeKeycloak& keycloak, const OptionValues& more = {})
        : HttpRun(u"keycloak"_s, options(more), { { u"client_secret"_s, u"planted-secret"_s } })
    {
        http().setServer([&](const HttpRequest& request) { return keycloak.answer(request); });
    }

private:
    static OptionValues options(const OptionValues& more)
    {
        OptionValues values { { u"url"_s, u"https://id.example.org"_s },
            { u"realm"_s, u"company"_s }, { u"client_id"_s, u"directory-sync"_s },
            { u"page_size"_s, u"100"_s } };
        values.insert(more);
        return values;
    }
};

class TstKeycloak : public QObject
{
    Q_OBJECT

private slots:
    void pastedAddressesAreCutToTheRoot_data();
    void pastedAddressesAreCutToTheRoot();
    void subGroupsBecomeNestedGroupsOnEveryRelease_data();
    void subGroupsBecomeNestedGroupsOnEveryRelease();
    void callsAreAsFewAsPromised_data();
    void callsAreAsFewAsPromised();
    void theWayGroupsAreListedIsRemembered();
    void peopleAreMappedByTheRules();
    void serviceAccountsAreLeftOutOfGroups();
    void aSkippedRowIsReadByASecondListing();
    void aCountThatNeverFitsRemovesNobody();
    void aGroupDeletedDuringTheRunIsNoError();
    void oneGroupThatCannotBeReadKeepsItsMembers_data();
    void oneGroupThatCannotBeReadKeepsItsMembers();
    void aFaultOfEveryGroupEndsTheRun();
    void aMissingRoleIsNeverAnEmptyDirectory_data();
    void aMissingRoleIsNeverAnEmptyDirectory();
    void lightTokensAreReadInFull();
    void errorsAreNamed_data();
    void errorsAreNamed();
    void theSecretGoesToTheConfiguredAddressOnly();
    void testTellsWhatItFound();
    void testComparesTheClocks_data();
    void testComparesTheClocks();
};

void TstKeycloak::pastedAddressesAreCutToTheRoot_data()
{
    QTest::addColumn<QString>("entered");
    QTest::addColumn<QString>("root");
    QTest::addRow("issuer") << u"https://a.org/realms/x"_s << u"https://a.org"_s;
    QTest::addRow("old server") << u"https://a.org/auth/"_s << u"https://a.org/auth"_s;
    QTest::addRow("port") << u"http://127.0.0.1:8080/"_s << u"http://127.0.0.1:8080"_s;
}

void TstKeycloak::pastedAddressesAreCutToTheRoot()
{
    QFETCH(QString, entered);
    QFETCH(QString, root);

    QCOMPARE(keycloakRoot(entered).toString(), root);
}

void TstKeycloak::subGroupsBecomeNestedGroupsOnEveryRelease_data()
{
    QTest::addColumn<int>("listing");
    QTest::addRow("26: flat") << static_cast<int>(FakeKeycloak::Listing::Flat);
    QTest::addRow("23: children") << static_cast<int>(FakeKeycloak::Listing::ChildrenOnly);
    QTest::addRow("22: whole tree") << static_cast<int>(FakeKeycloak::Listing::EmbeddedTree);
}

void TstKeycloak::subGroupsBecomeNestedGroupsOnEveryRelease()
{
    QFETCH(int, listing);
    auto keycloak = FakeKeycloak::withNestedGroups();
    keycloak.listing = static_cast<FakeKeycloak::Listing>(listing);
    KeycloakRun run(keycloak);

    const auto snapshot = run.fetch();

    QVERIFY(snapshot.hasValue());
    const auto& read = **snapshot;
    QCOMPARE(memberIds(read, u"everyone"_s),
        QStringList({ u"engineering"_s, u"steve"_s, u"support"_s }));
    QCOMPARE(memberIds(read, u"engineering"_s), QStringList({ u"alice"_s, u"bob"_s, u"devops"_s }));
    QCOMPARE(memberIds(read, u"devops"_s), QStringList({ u"john"_s }));
    QCOMPARE(read.group(read.findGroup(u"devops"_s)).name, u"/everyone/engineering/devops"_s);
    QVERIFY(read.completeness().users && read.completeness().groups);
    QVERIFY(read.completeness().memberships);
    QCOMPARE(run.outcome().tenantId, u"https://id.example.org/realms/company"_s);
}

void TstKeycloak::callsAreAsFewAsPromised_data()
{
    QTest::addColumn<bool>("walk"); // a server without the flat listing, known from the run before
    QTest::addColumn<int>("users");
    QTest::addColumn<int>("groups"); // top ones
    QTest::addColumn<int>("children"); // of each of the first two
    QTest::addColumn<int>("members"); // of each group
    for (const bool walk : { false, true }) {
        const auto row = [walk](const char* name) -> QTestData& {
            return QTest::addRow("%s, %s", walk ? "walk" : "flat", name) << walk;
        };
        if (!walk) {
            row("empty") << 0 << 0 << 0 << 0; // one listing is as good as the other
        }
        row("one page") << 99 << 5 << 4 << 10;
        row("a full page") << 100 << 100 << 100 << 100;
        row("three pages") << 260 << 210 << 205 << 3;
    }
}

void TstKeycloak::callsAreAsFewAsPromised()
{
    QFETCH(bool, walk);
    QFETCH(int, users);
    QFETCH(int, groups);
    QFETCH(int, children);
    QFETCH(int, members);
    FakeKeycloak keycloak;
    keycloak.listing = walk ? FakeKeycloak::Listing::ChildrenOnly : FakeKeycloak::Listing::Flat;
    QStringList ids;
    for (int i = 0; i < users; ++i) {
        ids.append(u"u%1"_s.arg(i));
        keycloak.addUser(ids.last());
    }
    const int parents = std::min(groups, 2);
    for (int i = 0; i < groups; ++i) {
        keycloak.addGroup(u"g%1"_s.arg(i), {}, ids.mid(0, members));
        for (int child = 0; i < parents && child < children; ++child) {
            keycloak.addGroup(u"g%1-%2"_s.arg(i).arg(child), u"g%1"_s.arg(i), ids.mid(0, members));
        }
    }
    auto known = FakeKeycloak::withNestedGroups();
    known.listing = keycloak.listing;
    KeycloakRun before(known);
    QVERIFY(before.fetch().hasValue());
    KeycloakRun run(keycloak);

    const auto snapshot = run.fetch(before.outcome().nextState);

    QVERIFY(snapshot.hasValue());
    const int all = groups + parents * children;
    QCOMPARE(userIds(**snapshot).size(), users);
    QCOMPARE((*snapshot)->groupCount(), static_cast<Row>(all));
    QCOMPARE((*snapshot)->userMembershipCount(), static_cast<std::size_t>(all * members));
    const auto pages = [](int rows) { return rows / 100 + 1; };
    const int listing = walk ? pages(groups) + parents * pages(children) : pages(all);
    const int counts = 2;
    QCOMPARE(static_cast<int>(run.http().requests().size()),
        2 + listing + all * pages(members) + pages(users) + counts);
    QCOMPARE_LE(run.http().highestInFlight(), 4);
}

void TstKeycloak::theWayGroupsAreListedIsRemembered()
{
    auto keycloak = FakeKeycloak::withNestedGroups();
    keycloak.listing = FakeKeycloak::Listing::ChildrenOnly;
    KeycloakRun first(keycloak);
    QVERIFY(first.fetch().hasValue());
    KeycloakRun second(keycloak);

    QVERIFY(second.fetch(first.outcome().nextState).hasValue());

    for (const auto& request : second.http().requests()) {
        QVERIFY(!request.url.query().contains(u"search"_s));
    }
}

void TstKeycloak::peopleAreMappedByTheRules()
{
    FakeKeycloak keycloak;
    keycloak.addUser(u"eve"_s, { { u"enabled"_s, false } });
    keycloak.addUser(u"una"_s, { { u"emailVerified"_s, false } });
    keycloak.addUser(u"noname"_s, { { u"firstName"_s, u""_s }, { u"lastName"_s, u""_s } });
    KeycloakRun run(keycloak);
    KeycloakRun trusting(keycloak, { { u"email_rule"_s, u"always"_s } });

    const auto snapshot = run.fetch();
    const auto trusted = trusting.fetch();

    QVERIFY(snapshot.hasValue());
    const auto user
        = [&](const QString& id) { return (*snapshot)->user((*snapshot)->findUser(id)); };
    QCOMPARE(user(u"eve"_s).state, UserState::Suspended);
    QCOMPARE(user(u"eve"_s).displayName, u"Bob Example"_s);
    QCOMPARE(user(u"eve"_s).email, u"eve@example.org"_s);
    QCOMPARE(user(u"una"_s).email, QString());
    QCOMPARE(user(u"noname"_s).displayName, u"noname"_s);
    QVERIFY(trusted.hasValue());
    QCOMPARE((*trusted)->user((*trusted)->findUser(u"una"_s)).email, u"una@example.org"_s);
}

void TstKeycloak::serviceAccountsAreLeftOutOfGroups()
{
    FakeKeycloak keycloak;
    keycloak.addUser(u"bob"_s);
    keycloak.hiddenMembers = QStringList { u"robot"_s };
    keycloak.addGroup(u"robots"_s, {}, { u"bob"_s, u"robot"_s, u"ghost"_s });
    KeycloakRun run(keycloak);

    const auto snapshot = run.fetch();

    QVERIFY(snapshot.hasValue());
    QCOMPARE(memberIds(**snapshot, u"robots"_s), QStringList { u"bob"_s });
    QCOMPARE((*snapshot)->danglingMembers(), std::size_t { 1 }); // ghost, but not robot
    QCOMPARE((*snapshot)->notes().size(), std::size_t { 1 });
}

void TstKeycloak::aSkippedRowIsReadByASecondListing()
{
    auto keycloak = FakeKeycloak::withNestedGroups();
    KeycloakRun run(keycloak);
    int listings = 0;
    run.http().setServer([&](const HttpRequest& request) {
        auto reply = keycloak.answer(request);
        if (request.url.path().endsWith(u"/users"_s) && ++listings == 1) {
            auto fewer = keycloak;
            fewer.users.pop_back();
            reply = fewer.answer(request);
        }
        return reply;
    });

    const auto snapshot = run.fetch();

    QVERIFY(snapshot.hasValue());
    QCOMPARE(listings, 2);
    QCOMPARE((*snapshot)->userCount(), Row { 5 });
    QVERIFY((*snapshot)->completeness().users);
}

void TstKeycloak::aCountThatNeverFitsRemovesNobody()
{
    auto keycloak = FakeKeycloak::withNestedGroups();
    KeycloakRun run(keycloak);
    run.http().on(u"GET /admin/realms/company/users/count"_s, { { .body = "6" } });
    run.http().on(u"GET /admin/realms/company/groups/count"_s, { { .body = "{\"count\":9}" } });

    const auto snapshot = run.fetch();

    QVERIFY(snapshot.hasValue());
    QVERIFY(!(*snapshot)->completeness().users);
    QVERIFY(!(*snapshot)->completeness().groups);
    QCOMPARE((*snapshot)->notes().size(), std::size_t { 2 });
}

void TstKeycloak::aGroupDeletedDuringTheRunIsNoError()
{
    auto keycloak = FakeKeycloak::withNestedGroups();
    KeycloakRun run(keycloak);
    run.http().setServer([&](const HttpRequest& request) {
        if (request.url.path().endsWith(u"/devops/members"_s)) {
            keycloak.groups.pop_back();
            keycloak.addGroup(u"new"_s, u"support"_s, { u"john"_s });
        }
        return keycloak.answer(request);
    });

    const auto snapshot = run.fetch();

    QVERIFY(snapshot.hasValue());
    QCOMPARE(groupIds(**snapshot),
        QStringList({ u"engineering"_s, u"everyone"_s, u"new"_s, u"support"_s }));
    QCOMPARE(memberIds(**snapshot, u"new"_s), QStringList { u"john"_s });
    QVERIFY((*snapshot)->completeness().groups);
}

void TstKeycloak::oneGroupThatCannotBeReadKeepsItsMembers_data()
{
    QTest::addColumn<int>("status");
    for (const int status : { 403, 429, 500 }) {
        QTest::addRow("%d", status) << status;
    }
}

void TstKeycloak::oneGroupThatCannotBeReadKeepsItsMembers()
{
    QFETCH(int, status);
    auto keycloak = FakeKeycloak::withNestedGroups();
    KeycloakRun run(keycloak);
    const auto before = run.fetch();
    run.http().setServer([&](const HttpRequest& request) {
        return request.url.path().endsWith(u"/devops/members"_s)
            ? std::optional(FakeReply { .status = status })
            : keycloak.answer(request);
    });

    const auto after = run.fetch();

    QVERIFY(before.hasValue());
    QVERIFY(after.hasValue());
    QVERIFY(!(*after)->membersComplete((*after)->findGroup(u"devops"_s)));
    QVERIFY((*after)->membersComplete((*after)->findGroup(u"support"_s)));
    QCOMPARE((*after)->quarantine().size(), std::size_t { 1 });
    QCOMPARE((*after)->quarantine().front().id, u"devops"_s);
    QVERIFY(diffSnapshots(*before, *after).isEmpty());
}

void TstKeycloak::aFaultOfEveryGroupEndsTheRun()
{
    auto keycloak = FakeKeycloak::withNestedGroups();
    KeycloakRun run(keycloak);
    run.http().setServer([&](const HttpRequest& request) {
        return request.url.path().endsWith(u"/members"_s)
            ? std::optional(FakeReply { .status = 403 })
            : keycloak.answer(request);
    });

    const auto snapshot = run.fetch();

    QVERIFY(!snapshot.hasValue());
    QCOMPARE(snapshot.error().code, ErrorCode::Permission);
}

void TstKeycloak::aMissingRoleIsNeverAnEmptyDirectory_data()
{
    QTest::addColumn<bool>("tokenListsRoles");
    QTest::addRow("the token says so") << true;
    QTest::addRow("empty pages where there are people") << false;
}

void TstKeycloak::aMissingRoleIsNeverAnEmptyDirectory()
{
    QFETCH(bool, tokenListsRoles);
    auto keycloak = FakeKeycloak::withNestedGroups();
    keycloak.roles = QStringList { u"query-users"_s, u"query-groups"_s };
    keycloak.hasResourceAccess = tokenListsRoles;
    KeycloakRun run(keycloak);
    run.http().setServer([&](const HttpRequest& request) -> std::optional<FakeReply> {
        const QString path = request.url.path();
        return path.endsWith(u"/users"_s) || path.endsWith(u"/groups"_s)
            ? FakeReply { .body = "[]" }
            : keycloak.answer(request);
    });

    const auto snapshot = run.fetch();
    const auto report = run.test();

    QVERIFY(!snapshot.hasValue());
    QCOMPARE(snapshot.error().code, ErrorCode::Permission);
    QVERIFY(snapshot.error().remedy.english().contains(u"view-users"_s));
    QVERIFY(!report.passed());
    QCOMPARE(report.failure->code, ErrorCode::Permission);
}

void TstKeycloak::lightTokensAreReadInFull()
{
    auto keycloak = FakeKeycloak::withNestedGroups();
    keycloak.hasResourceAccess = false;
    KeycloakRun run(keycloak);

    const auto snapshot = run.fetch();

    QVERIFY(snapshot.hasValue());
    QCOMPARE((*snapshot)->userCount(), Row { 5 });
    QVERIFY((*snapshot)->notes().front().contains(u"could not be checked"_s));
}

void TstKeycloak::errorsAreNamed_data()
{
    QTest::addColumn<QString>("target");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("inWhat");
    QTest::addColumn<QString>("inRemedy");
    const QString discovery = u"GET /realms/company/.well-known/openid-configuration"_s;
    const QString token = u"POST /realms/company/protocol/openid-connect/token"_s;
    const QString users
        = u"GET /admin/realms/company/users?first=0&max=100&briefRepresentation=true"_s;
    const auto row = [](const char* name, const QString& target, int status, const QString& file,
                         ErrorCode code, const QString& inWhat, const QString& inRemedy) {
        QTest::addRow("%s", name) << target << status << file << static_cast<int>(code) << inWhat
                                  << inRemedy;
    };
    row("realm", discovery, 404, u"realm-not-found.json"_s, ErrorCode::NotFound,
        u"no realm called company"_s, u"spelling"_s);
    row("surplus /auth", discovery, 404, u"no-resource.json"_s, ErrorCode::NotFound,
        u"No Keycloak answers"_s, u"/auth"_s);
    row("secret", token, 401, u"wrong-secret.json"_s, ErrorCode::Auth, u"secret"_s,
        u"Credentials"_s);
    row("client id", token, 401, u"unknown-client.json"_s, ErrorCode::Auth, u"client id"_s,
        u"enabled"_s);
    row("no service account", token, 401, u"no-service-account.json"_s, ErrorCode::Permission,
        u"no service account"_s, u"Service accounts roles"_s);
    row("disabled realm", token, 403, u"realm-disabled.json"_s, ErrorCode::Permission,
        u"the realm is disabled"_s, u"Enable"_s);
    row("no role", users, 403, u"forbidden.json"_s, ErrorCode::Permission, u"may not list"_s,
        u"view-users"_s);
    row("token for another host", users, 401, u"unauthorized.json"_s, ErrorCode::Auth,
        u"token it had just given out"_s, u"host name"_s);
}

void TstKeycloak::errorsAreNamed()
{
    QFETCH(QString, target);
    QFETCH(int, status);
    QFETCH(QString, file);
    QFETCH(int, code);
    QFETCH(QString, inWhat);
    QFETCH(QString, inRemedy);
    auto keycloak = FakeKeycloak::withNestedGroups();
    KeycloakRun run(keycloak);
    run.http().on(target, { { .status = status, .body = recorded(u"keycloak"_s, file) } });

    const auto snapshot = run.fetch();

    QVERIFY(!snapshot.hasValue());
    const auto& error = snapshot.error();
    QCOMPARE(static_cast<int>(error.code), code);
    QVERIFY2(error.what.english().contains(inWhat), qUtf8Printable(error.toText()));
    QVERIFY2(error.remedy.english().contains(inRemedy), qUtf8Printable(error.toText()));
    QVERIFY(!error.toText().contains(u"planted-secret"_s));
}

void TstKeycloak::theSecretGoesToTheConfiguredAddressOnly()
{
    auto keycloak = FakeKeycloak::withNestedGroups();
    keycloak.issuer = u"https://public.example.com/realms/company"_s;
    KeycloakRun run(keycloak);

    QVERIFY(run.fetch().hasValue());

    for (const auto& request : run.http().requests()) {
        QCOMPARE(request.url.host(), u"id.example.org"_s);
    }
}

void TstKeycloak::testTellsWhatItFound()
{
    auto keycloak = FakeKeycloak::withNestedGroups();
    keycloak.issuer = u"https://public.example.com/realms/company"_s;
    KeycloakRun run(keycloak);

    const auto report = run.test();

    QVERIFY(report.passed());
    QCOMPARE(report.userCount, std::optional<std::int64_t>(5));
    QCOMPARE(report.groupCount, std::optional<std::int64_t>(4));
    QCOMPARE(report.sampleUsers.size(), std::size_t { 5 });
    QVERIFY(report.steps.front().what.english().contains(u"public.example.com"_s));
    QCOMPARE(report.steps.back().name, u"groups"_s);
}

void TstKeycloak::testComparesTheClocks_data()
{
    QTest::addColumn<int>("minutes");
    QTest::addColumn<QString>("words");
    QTest::addRow("equal") << 0 << u"agree"_s;
    QTest::addRow("ahead") << 10 << u"about 600 seconds"_s;
    QTest::addRow("behind") << -10 << u"about 600 seconds"_s;
}

void TstKeycloak::testComparesTheClocks()
{
    QFETCH(int, minutes);
    QFETCH(QString, words);
    auto keycloak = FakeKeycloak::withNestedGroups();
    KeycloakRun run(keycloak);
    run.http().setServer([&](const HttpRequest& request) {
        auto reply = keycloak.answer(request);
        const auto now = run.clock().nowUtc() + std::chrono::minutes(minutes);
        if (reply) {
            reply->headers.push_back({ .name = "Date", .value = test::httpDateOf(now) });
        }
        return reply;
    });

    const auto report = run.test();

    QVERIFY(report.passed());
    const auto step = std::ranges::find(report.steps, u"clock"_s, &TestStep::name);
    QVERIFY(step != report.steps.end());
    QVERIFY2(step->what.english().contains(words), qUtf8Printable(step->what.english()));
}

static const bool kKeycloakRegistered = test::registerTestClass<TstKeycloak>("keycloak");

} // namespace portreeve

#include "tst_keycloak.moc"
