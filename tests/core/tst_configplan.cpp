// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/configfixture.h"
#include "tests/support/testregistry.h"

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

using namespace configservice;
using test::ConfigFixture;
using test::steps;
using test::storedPolicy;
using test::storedRoute;

namespace {

const auto kEngAllowed = u"{allow: {and: [{groups: g-eng}]}}"_s;
const auto kBobDenied = u"{deny: {or: [{user: bob}]}}"_s;

/// A route of somebody else.
QJsonObject foreignRoute(const QString& id, const QString& from, const QStringList& policyIds = {})
{
    return { { u"id"_s, id }, { u"name"_s, id }, { u"from"_s, from },
        { u"originatorId"_s, u"terraform"_s }, { u"to"_s, QJsonArray { u"http://127.0.0.1"_s } },
        { u"policyIds"_s, QJsonArray::fromStringList(policyIds) } };
}

/// One route with one policy.
void fillTwo(ConfigFixture& on)
{
    on.source.policies = { storedPolicy(u"eng"_s, kEngAllowed) };
    on.source.routes = { storedRoute(u"app"_s, u"https://app.corp.test"_s, { u"eng"_s }) };
}

QStringList kinds(const std::vector<ConfigIssue>& issues)
{
    QStringList out;
    for (const auto& issue : issues) {
        out.append(QString::number(int(issue.kind)) % u' ' % issue.name);
    }
    return out;
}

QString kind(IssueKind kind, const QString& name)
{
    return QString::number(int(kind)) % u' ' % name;
}

} // namespace

/// What a push would do. Numbers are those of proxy.md 6.4.
class TstConfigPlan : public QObject
{
    Q_OBJECT

private slots:
    void policiesComeBeforeTheRoutesThatNeedThem();
    void whatIsInStepIsLeftAlone();
    void aChangedTextIsShownBothWays();
    void idsFollowFromTheTargetAlone();
    void case03AnIdOfOursKeptByAnotherIsAConflict();
    void case03And14AnAdoptedEntityBecomesOurs();
    void case05AForeignNameTwinIsUntouched();
    void case07TypeErrorsAreRefusedHere();
    void case09And15And16BadRoutesAreRefusedHere_data();
    void case09And15And16BadRoutesAreRefusedHere();
    void whatIsRefusedStaysAsItIsThere();
    void case11And22FiltersMakeNoDifference();
    void case18InlineTextIsReportedAndNeverWritten();
    void case19NamesOfMissingPoliciesAreReported();
    void case19DeletingWhatOthersNameNeedsAPerson();
    void case20AFileRouteWins();
    void aForeignRouteForTheSameRequestsIsAConflict();
    void enforcedPoliciesGoToEveryRoute();
    void attachingNeedsToBeAskedFor();
    void detachingPreservesTheRest();
    void theBlockIsOnAllButPublicRoutes();
    void blockedIdsThatNoPolicyCanHoldAreRefused();
    void accessCanBeCompared();
    void aRouteOfOthersIsComparedWhereItChanges();
};

void TstConfigPlan::policiesComeBeforeTheRoutesThatNeedThem()
{
    ConfigFixture on;
    fillTwo(on);
    on.push();
    on.source.policies = { storedPolicy(u"new"_s, kBobDenied) };
    on.source.routes = { storedRoute(u"wiki"_s, u"https://wiki.corp.test"_s, { u"new"_s }) };

    const auto plan = on.plan();

    QCOMPARE(steps(plan),
        QStringList({ u"create policy new"_s, u"create route wiki"_s, u"delete route app"_s,
            u"delete policy eng"_s }));
    QCOMPARE(plan.changes[1].needs, std::vector<std::size_t> { 0 });
    QCOMPARE(plan.changes[3].needs, std::vector<std::size_t> { 2 });
    QVERIFY(!plan.needsPerson());
}

void TstConfigPlan::whatIsInStepIsLeftAlone()
{
    ConfigFixture on;
    fillTwo(on);
    on.push();
    on.proxy.forgetCalls();

    const auto plan = on.plan();
    const auto report = on.apply(plan);

    QVERIFY(plan.isEmpty());
    QVERIFY(report->outcome().hasValue());
    QCOMPARE(on.proxy.methods(), QStringList({ u"ListPolicies"_s, u"ListRoutes"_s }));
}

void TstConfigPlan::aChangedTextIsShownBothWays()
{
    ConfigFixture on;
    fillTwo(on);
    on.push();
    on.source.policies.front().text = kBobDenied;

    const auto plan = on.plan();

    QCOMPARE(steps(plan), QStringList(u"update policy eng"_s));
    const auto& field = plan.changes[0].fields.front();
    QCOMPARE(field.field, u"sourcePpl"_s);
    QVERIFY(field.before.contains(u"has: \"g-eng\""));
    QVERIFY(field.after.contains(u"is: \"bob\""));
    const auto json = plan.toJson().value(u"changes").toArray().at(0).toObject();
    QCOMPARE(json.value(u"step"), QJsonValue(u"update"_s));
    QCOMPARE(
        json.value(u"fields").toArray().at(0).toObject().value(u"after").toString(), field.after);
}

void TstConfigPlan::idsFollowFromTheTargetAlone()
{
    const Ownership here { .idSpace = QUuid(u"6f7c2d1e-4f0b-4c55-9a53-0d8f0a3a9b11"_s) };
    const Ownership there { .idSpace = QUuid(u"7f7c2d1e-4f0b-4c55-9a53-0d8f0a3a9b11"_s) };

    QCOMPARE(here.policyId(u"x"_s), here.policyId(u"x"_s));
    QVERIFY(here.policyId(u"x"_s) != here.routeId(u"x"_s));
    QVERIFY(here.policyId(u"x"_s) != there.policyId(u"x"_s));
    QCOMPARE(QUuid(here.policyId(u"x"_s)).version(), QUuid::Sha1);
    QCOMPARE(here.policyId(u"a/b 🦊"_s).size(), 36);
}

void TstConfigPlan::case03AnIdOfOursKeptByAnotherIsAConflict()
{
    ConfigFixture on;
    fillTwo(on);
    on.proxy.putPolicy({ { u"id"_s, on.policyId(u"eng"_s) }, { u"name"_s, u"theirs"_s },
        { u"originatorId"_s, u"terraform"_s } });

    const auto plan = on.plan();

    QVERIFY(plan.isEmpty()); // the route needs that policy
    QCOMPARE(kinds(plan.conflicts),
        QStringList(
            { kind(IssueKind::ForeignId, u"theirs"_s), kind(IssueKind::ForeignId, u"app"_s) }));
    QVERIFY(plan.conflicts[0].what.english().contains(u"terraform"));
}

void TstConfigPlan::case03And14AnAdoptedEntityBecomesOurs()
{
    ConfigFixture on;
    fillTwo(on);
    on.push();
    auto lost = on.proxy.policies().value(on.policyId(u"eng"_s));
    lost.remove(u"originatorId"_s); // as an update without a mask does
    on.proxy.putPolicy(lost);
    QCOMPARE(on.plan().conflicts.size(), std::size_t { 2 });

    on.choices.adopt.insert(on.policyId(u"eng"_s));
    const auto plan = on.plan();
    on.push();

    QCOMPARE(steps(plan), QStringList(u"update policy eng"_s));
    QCOMPARE(fieldNames(plan.changes[0].fields), QStringList(u"originatorId"_s));
    on.choices.adopt.clear();
    QVERIFY(on.plan().isEmpty());
    QVERIFY(on.plan().conflicts.empty());
}

void TstConfigPlan::case05AForeignNameTwinIsUntouched()
{
    ConfigFixture on;
    fillTwo(on);
    const QJsonObject twin { { u"id"_s, u"t"_s }, { u"name"_s, u"eng"_s },
        { u"sourcePpl"_s, u"[]"_s } };
    on.proxy.putPolicy(twin);

    on.push();
    on.source = {};
    on.push(); // ours go, the twin stays

    QCOMPARE(on.proxy.policies().values(), QList { twin });
    QVERIFY(on.proxy.routes().isEmpty());
}

// A number compared with a group's id compiles, and never matches: a warning (policy.md 7.3).
void TstConfigPlan::case07TypeErrorsAreRefusedHere()
{
    ConfigFixture on;
    fillTwo(on);
    on.source.policies.front().text = u"{allow: {and: [{email: {starts_with: 5}}]}}"_s;

    const auto plan = on.plan();

    QVERIFY(plan.isEmpty());
    QCOMPARE(plan.refusals.size(), std::size_t { 1 });
    QCOMPARE(plan.refusals[0].policyName, u"eng"_s);
    QVERIFY(on.apply(plan).hasValue());
    QVERIFY(on.proxy.writes().isEmpty());
}

void TstConfigPlan::case09And15And16BadRoutesAreRefusedHere_data()
{
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("regex");
    const auto good = u"https://bad.corp.test"_s;
    const auto there = u"http://127.0.0.1"_s;
    QTest::addRow("9: scheme gopher") << good << u"gopher://127.0.0.1"_s << QString();
    QTest::addRow("15: no RE2") << good << there << u"["_s;
    QTest::addRow("15: look-ahead") << good << there << u"^/a(?!b)"_s;
    QTest::addRow("16: no from") << QString() << there << QString();
    QTest::addRow("from without scheme") << u"bad.corp.test"_s << there << QString();
    QTest::addRow("no to") << good << QString() << QString();
}

void TstConfigPlan::case09And15And16BadRoutesAreRefusedHere()
{
    QFETCH(QString, from);
    QFETCH(QString, to);
    QFETCH(QString, regex);
    ConfigFixture on;
    fillTwo(on);
    auto bad = storedRoute(u"bad"_s, from, { u"eng"_s });
    bad.to = to.isEmpty() ? std::vector<QString>() : std::vector { to };
    bad.regex = regex;
    on.source.routes.push_back(bad);

    const auto plan = on.plan();

    QCOMPARE(steps(plan), QStringList({ u"create policy eng"_s, u"create route app"_s }));
    QCOMPARE(plan.refusals.size(), std::size_t { 1 });
    QCOMPARE(plan.refusals[0].routeName, u"bad"_s);
    QVERIFY(!plan.refusals[0].fix.isEmpty());
}

void TstConfigPlan::whatIsRefusedStaysAsItIsThere()
{
    ConfigFixture on;
    fillTwo(on);
    on.source.policies.push_back(storedPolicy(u"bob"_s, kBobDenied));
    on.source.routes.front().policyIds = { u"eng"_s, u"bob"_s };
    on.push();
    on.source.policies = { storedPolicy(u"eng"_s, u"{allow: {xor: []}}"_s) };
    on.source.routes.front().policyIds = { u"eng"_s };

    const auto plan = on.plan();

    QVERIFY(plan.isEmpty());
    QVERIFY(!plan.refusals.empty());
    // the route there still names it, and would lose a deny rule with it
    QCOMPARE(kinds(plan.warnings), QStringList(kind(IssueKind::KeptPolicy, u"bob"_s)));
}

void TstConfigPlan::case11And22FiltersMakeNoDifference()
{
    ConfigFixture on;
    fillTwo(on);
    on.push();
    on.source.policies.push_back(storedPolicy(u"more"_s, kBobDenied));
    const auto plainly = on.plan().toJson();

    on.proxy.faults.honoursFilters = true;
    on.proxy.faults.rearrangesJson = true;

    QCOMPARE(on.plan().toJson(), plainly);
    for (const auto& call : on.proxy.calls()) {
        QVERIFY(!call.body.contains(u"filter"));
    }
}

void TstConfigPlan::case18InlineTextIsReportedAndNeverWritten()
{
    ConfigFixture on;
    fillTwo(on);
    on.push();
    auto foreign = foreignRoute(u"theirs"_s, u"https://theirs.corp.test"_s);
    foreign.insert(u"policies"_s, QJsonArray { QJsonObject { { u"sourcePpl"_s, kEngAllowed } } });
    on.proxy.putRoute(foreign);

    const auto plan = on.plan();

    QCOMPARE(kinds(plan.warnings), QStringList(kind(IssueKind::NotEvaluated, u"theirs"_s)));
    for (const auto& call : on.proxy.calls()) {
        QVERIFY(!call.body.value(u"route").toObject().contains(u"policies"));
    }
}

void TstConfigPlan::case19NamesOfMissingPoliciesAreReported()
{
    ConfigFixture on;
    on.proxy.putRoute(foreignRoute(u"theirs"_s, u"https://theirs.corp.test"_s, { u"gone"_s }));

    const auto plan = on.plan();

    QCOMPARE(kinds(plan.warnings), QStringList(kind(IssueKind::LostDeny, u"theirs"_s)));
    QVERIFY(plan.warnings[0].what.english().contains(u"gone"));
    QVERIFY(!plan.needsPerson());
}

void TstConfigPlan::case19DeletingWhatOthersNameNeedsAPerson()
{
    ConfigFixture on;
    fillTwo(on);
    on.push();
    on.proxy.putRoute(foreignRoute(
        u"theirs"_s, u"https://theirs.corp.test"_s, { on.policyId(u"eng"_s), u"own"_s }));
    on.proxy.putPolicy({ { u"id"_s, u"own"_s } });
    on.source = {};

    const auto plan = on.plan();

    QCOMPARE(steps(plan), QStringList({ u"delete route app"_s, u"delete policy eng"_s }));
    QCOMPARE(kinds(plan.warnings), QStringList(kind(IssueKind::LostDeny, u"theirs"_s)));
    QVERIFY(plan.needsPerson());
}

void TstConfigPlan::case20AFileRouteWins()
{
    ConfigFixture on;
    fillTwo(on);
    on.source.baseRoutes = { storedRoute(u"from the file"_s, u"https://APP.corp.test/"_s) };

    const auto plan = on.plan();

    QCOMPARE(steps(plan), QStringList(u"create policy eng"_s));
    QCOMPARE(kinds(plan.conflicts), QStringList(kind(IssueKind::FileRoute, u"app"_s)));
    QVERIFY(plan.conflicts[0].what.english().contains(u"from the file"));
}

void TstConfigPlan::aForeignRouteForTheSameRequestsIsAConflict()
{
    ConfigFixture on;
    fillTwo(on);
    on.proxy.putRoute(foreignRoute(u"theirs"_s, u"https://app.corp.test"_s));
    on.source.routes.push_back(storedRoute(u"deeper"_s, u"https://app.corp.test"_s, { u"eng"_s }));
    on.source.routes.back().prefix = u"/deep"_s;

    const auto plan = on.plan();

    QCOMPARE(steps(plan), QStringList({ u"create policy eng"_s, u"create route deeper"_s }));
    QCOMPARE(kinds(plan.conflicts), QStringList(kind(IssueKind::ForeignRoute, u"app"_s)));
}

void TstConfigPlan::enforcedPoliciesGoToEveryRoute()
{
    ConfigFixture on;
    fillTwo(on);
    on.source.routes.push_back(storedRoute(u"bare"_s, u"https://bare.corp.test"_s));
    on.source.policies.push_back(storedPolicy(u"house"_s, kBobDenied, true));

    on.push();

    const auto ids = [&](const QString& route) {
        return on.proxy.routes().value(on.routeId(route)).value(u"policyIds").toArray();
    };
    QCOMPARE(ids(u"app"_s), (QJsonArray { on.policyId(u"eng"_s), on.policyId(u"house"_s) }));
    QCOMPARE(ids(u"bare"_s), QJsonArray { on.policyId(u"house"_s) });
}

void TstConfigPlan::attachingNeedsToBeAskedFor()
{
    ConfigFixture on;
    fillTwo(on);
    auto foreign = foreignRoute(u"theirs"_s, u"https://theirs.corp.test"_s, { u"own"_s });
    foreign.insert(u"description"_s, u"unknown to us"_s);
    on.proxy.putPolicy({ { u"id"_s, u"own"_s } });
    on.proxy.putRoute(foreign);
    on.push();
    QCOMPARE(on.proxy.routes().value(u"theirs"_s), foreign);

    on.choices.attach = { { .routeId = u"theirs"_s, .policyId = u"eng"_s } };
    const auto plan = on.plan();
    on.push();

    QCOMPARE(steps(plan), QStringList(u"attach route theirs"_s));
    auto expected = foreign;
    expected.insert(u"policyIds"_s, QJsonArray { u"own"_s, on.policyId(u"eng"_s) });
    auto now = on.proxy.routes().value(u"theirs"_s);
    now.remove(u"modifiedAt"_s);
    QCOMPARE(now, expected);
    QVERIFY(on.plan().isEmpty());
    on.choices.attach.front().routeId = u"nowhere"_s;
    QCOMPARE(on.plan().warnings.front().kind, IssueKind::RouteGone);
}

void TstConfigPlan::detachingPreservesTheRest()
{
    ConfigFixture on;
    fillTwo(on);
    on.proxy.putPolicy({ { u"id"_s, u"own"_s } });
    on.proxy.putRoute(foreignRoute(u"theirs"_s, u"https://theirs.corp.test"_s, { u"own"_s }));
    on.choices.attach = { { .routeId = u"theirs"_s, .policyId = u"eng"_s } };
    on.push();

    std::swap(on.choices.attach, on.choices.detach);
    on.source = {}; // and the policy goes with it
    const auto plan = on.plan();
    on.push();

    QCOMPARE(steps(plan),
        QStringList({ u"detach route theirs"_s, u"delete route app"_s, u"delete policy eng"_s }));
    QVERIFY(!plan.needsPerson());
    QCOMPARE(on.proxy.routes().value(u"theirs"_s).value(u"policyIds").toArray(),
        QJsonArray { u"own"_s });
}

void TstConfigPlan::theBlockIsOnAllButPublicRoutes()
{
    ConfigFixture on;
    fillTwo(on);
    on.source.policies.push_back(storedPolicy(u"open"_s, u"{allow: {or: [{accept: true}]}}"_s));
    on.source.routes.push_back(storedRoute(u"site"_s, u"https://site.corp.test"_s, { u"open"_s }));
    on.blocked = { u"bob/🦊"_s, u"ann"_s, u"bob/🦊"_s };

    on.push();

    const auto block = on.ownership.blockPolicyId();
    const auto text = on.proxy.policies().value(block).value(u"sourcePpl").toString();
    QCOMPARE(text.count(u"is: \"bob/🦊\""), 1);
    QVERIFY(text.startsWith(u"- deny:\n    or:\n"));
    const auto ids = [&](const QString& route) {
        return on.proxy.routes().value(on.routeId(route)).value(u"policyIds").toArray();
    };
    QVERIFY(ids(u"app"_s).contains(block));
    QVERIFY(!ids(u"site"_s).contains(block));
    QVERIFY(on.plan().isEmpty()); // an ordinary push lets nobody back in
    on.blocked.clear();
    QCOMPARE(steps(on.plan()).back(), u"delete policy Portreeve: blocked people"_s);
}

void TstConfigPlan::blockedIdsThatNoPolicyCanHoldAreRefused()
{
    ConfigFixture on;
    fillTwo(on);
    on.blocked = { QString(QChar(7)) };

    const auto desired = on.desired();

    QCOMPARE(desired.refusals.size(), std::size_t { 1 });
    QVERIFY(desired.withheld.contains(on.ownership.blockPolicyId()));
}

void TstConfigPlan::accessCanBeCompared()
{
    ConfigFixture on;
    fillTwo(on);
    on.push();
    const auto current = readConfig(on.client(), {});

    const auto plan = on.plan();
    const auto after = afterChanges(*current, plan);
    const auto routes = comparedRoutes(*current, after, plan, on.ownership);

    QCOMPARE(routes.before.size(), std::size_t { 1 });
    QCOMPARE(routes.before[0].name, routes.after[0].name);
    QVERIFY(routes.before[0].policies[0] == routes.after[0].policies[0]);
    QVERIFY(comparedRoutes(*current, after, plan, { .originatorId = u"other"_s }).before.empty());
}

void TstConfigPlan::aRouteOfOthersIsComparedWhereItChanges()
{
    ConfigFixture on;
    fillTwo(on);
    on.proxy.putRoute(foreignRoute(u"theirs"_s, u"https://theirs.corp.test"_s));
    on.proxy.putRoute(foreignRoute(u"other"_s, u"https://other.corp.test"_s));
    on.push();
    on.choices.attach = { { .routeId = u"theirs"_s, .policyId = u"eng"_s } };
    on.source.routes.front().name = u"theirs"_s; // renamed to what somebody else's is called
    const auto current = readConfig(on.client(), {});

    const auto plan = on.plan();
    const auto routes = comparedRoutes(*current, afterChanges(*current, plan), plan, on.ownership);

    QStringList before;
    for (const auto& route : routes.before) {
        before.append(route.name);
    }
    QStringList after;
    for (const auto& route : routes.after) {
        after.append(route.name);
    }
    QCOMPARE(before.size(), 2);
    QVERIFY(before[0] != before[1]);
    QCOMPARE(before, after);
}

static const bool kConfigPlanRegistered = test::registerTestClass<TstConfigPlan>("configplan");

} // namespace portreeve

#include "tst_configplan.moc"
