// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/configservice/configapply.h"
#include "core/proxy/console/consoleconfigeditor.h"
#include "tests/support/configfixture.h"
#include "tests/support/consoledouble.h"
#include "tests/support/testregistry.h"

#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

using namespace configservice;
using test::ConsoleDouble;
using test::ConsoleObject;
using test::outcomes;
using test::Reconciliation;
using test::steps;
using test::storedPolicy;
using test::storedRoute;

namespace {

const auto kEngineers = u"{allow: {and: [{groups: g-eng}]}}"_s;
const auto kBarBob = u"{deny: {or: [{user: bob}]}}"_s;
const auto kOriginator = u"portreeve-test"_s;

/// An Enterprise whose console is given policies and routes.
class ConsoleFixture final : public Reconciliation
{
public:
    explicit ConsoleFixture(const QString& namespaceText = {})
        : m_namespaceText(namespaceText)
    {
        ownership.originatorId = kOriginator;
        source.policies = { storedPolicy(u"bob"_s, kBarBob), storedPolicy(u"eng"_s, kEngineers) };
        source.routes = { storedRoute(u"app"_s, u"https://app.corp.test"_s, { u"eng"_s }),
            storedRoute(u"wiki"_s, u"https://wiki.corp.test"_s, { u"bob"_s }) };
    }

    ConsoleObject policy(const QString& name) const
    {
        return console.named(EntityKind::Policy, name).value_or(ConsoleObject {});
    }

    ConsoleObject route(const QString& name) const
    {
        return console.named(EntityKind::Route, name).value_or(ConsoleObject {});
    }

    ConsoleDouble console {};

private:
    std::unique_ptr<ConsoleClient> open() const
    {
        return std::move(*ConsoleClient::open(
            console.endpoint(), [](UtcTime) { return ConsoleDouble::token(); }, m_clock));
    }

    ConfigEditor& way() override { return editor; }

    SystemClock m_clock {};
    QString m_namespaceText;

public:
    ConsoleConfigClient client { u"Edge"_s, m_namespaceText, open() };
    ConsoleConfigEditor editor { client };
};

/// A route of somebody else with what nothing here knows: timeout (13), two entries of a map (23),
/// and a field of the future (1000).
ConsoleObject theirRoute(const QStringList& policyIds = {})
{
    return { .name = u"theirs"_s,
        .originator = u"terraform"_s,
        .from = u"https://theirs.corp.test"_s,
        .to = { u"http://127.0.0.1"_s },
        .policyIds = policyIds,
        .unknown = QByteArray::fromHex("6a02081e"
                                       "ba01060a0161120131"
                                       "ba01060a0162120132"
                                       "c23e0474657374") };
}

} // namespace

/// Channel F: policies and routes at Enterprise's own console, by the plan that all channels share.
class TstConsoleConfig : public QObject
{
    Q_OBJECT

private slots:
    void everythingArrivesAndTheSecondPushWritesNothing();
    void policyTextTravelsAsJson();
    void newObjectsGoToTheNamedNamespace();
    void aMissingNamespaceNamesThoseThereAre();
    void anAccountWithoutARoleIsToldToGetOne();
    void aNameOfTwoNamespacesAsksForTheId();
    void aLostAnswerMakesNoDuplicate();
    void anotherWindowsObjectIsAdopted();
    void ofTwoCopiesTheOlderIsOurs();
    void anIdOfOursKeptByAnotherIsAConflict();
    void unknownFieldsSurviveAnAttachment();
    void unknownFieldsOfOurOwnSurviveAnUpdate();
    void enforcedPoliciesAreNotTouched();
    void aPolicyIsDetachedBeforeItGoes();
    void aPolicyThatOthersUseIsKeptByTheConsole();
    void anObjectThatMovedOnIsLeftAlone();
    void aChangeOfWhatIsNotKnownHereCountsToo();
    void anObjectThatIsGoneIsNotMadeAgain();
    void whatTheConsoleRefusesStopsOnlyWhatNeedsIt();
    void aForbiddenWriteEndsThePush();
};

void TstConsoleConfig::everythingArrivesAndTheSecondPushWritesNothing()
{
    ConsoleFixture on;

    const auto plan = on.plan();
    const auto report = on.apply(plan);

    QVERIFY2(report, qPrintable(report ? QString() : report.error().toText()));
    QVERIFY2(report->outcome(),
        qPrintable(report->outcome() ? QString() : report->outcome().error().toText()));
    QCOMPARE(steps(plan),
        QStringList({ u"create policy bob"_s, u"create policy eng"_s, u"create route app"_s,
            u"create route wiki"_s }));
    QCOMPARE(on.route(u"app"_s).policyIds, QStringList { on.policy(u"eng"_s).id });
    QCOMPARE(on.policy(u"eng"_s).originator,
        QString(kOriginator % u'/' % on.ownership.policyId(u"eng"_s)));
    on.console.forgetCalls();
    QVERIFY(on.plan().isEmpty());
    on.push();
    QCOMPARE(on.console.writes(), QStringList());
}

void TstConsoleConfig::policyTextTravelsAsJson()
{
    ConsoleFixture on;
    on.push();

    const auto json = QJsonDocument::fromJson(on.policy(u"eng"_s).ppl.toUtf8());
    const auto read = on.client.policy(on.ownership.policyId(u"eng"_s), {});

    QVERIFY(json.isArray());
    QCOMPARE(
        (*read)->sourcePpl, u"- allow:\n    and:\n      - groups:\n          has: \"g-eng\"\n"_s);
    QCOMPARE((*read)->originatorId, kOriginator);
}

void TstConsoleConfig::newObjectsGoToTheNamedNamespace()
{
    const auto production = u"2d9a4d0f-70a9-4be5-96ef-9ea2f3f0a001"_s;
    for (const auto& text : { production, u"Production"_s }) {
        ConsoleFixture on(text);
        on.console.addNamespace(production, u"Production"_s);

        on.push();

        QCOMPARE(on.policy(u"eng"_s).namespaceId, production);
        QCOMPARE(on.route(u"app"_s).namespaceId, production);
        QVERIFY(on.plan().isEmpty());
    }
}

void TstConsoleConfig::aMissingNamespaceNamesThoseThereAre()
{
    ConsoleFixture on(u"Nowhere"_s);
    on.console.addNamespace(u"n-1"_s, u"Production"_s);

    const auto missing = on.client.policies({});

    QCOMPARE(missing.error().code, ErrorCode::NotFound);
    QCOMPARE(missing.error().field, u"console_namespace"_s);
    QVERIFY(missing.error().what.english().contains(u"Nowhere"));
    QVERIFY(missing.error().remedy.english().contains(u"Global, Production"));
}

void TstConsoleConfig::anAccountWithoutARoleIsToldToGetOne()
{
    ConsoleFixture on;
    on.console.hideNamespaces();

    const auto read = on.client.policies({});

    QVERIFY(!read);
    QCOMPARE(read.error().field, u"console_namespace"_s);
    QVERIFY(read.error().remedy.english().contains(u"a role"));
}

void TstConsoleConfig::aNameOfTwoNamespacesAsksForTheId()
{
    ConsoleFixture on(u"Team"_s);
    on.console.addNamespace(u"n-1"_s, u"Team"_s);
    on.console.addNamespace(u"n-2"_s, u"Team"_s);

    const auto unclear = on.client.home({});

    QCOMPARE(unclear.error().code, ErrorCode::InvalidInput);
    QVERIFY(unclear.error().remedy.english().contains(u"n-1, n-2"));
}

void TstConsoleConfig::aLostAnswerMakesNoDuplicate()
{
    ConsoleFixture on;
    on.console.setFaults({ .losesAnswerOfNextSet = true });

    const auto broken = on.apply(on.plan());
    on.push();

    QVERIFY(!broken->outcome());
    QCOMPARE(on.console.objects(EntityKind::Policy).size(), std::size_t { 2 });
    QCOMPARE(on.console.objects(EntityKind::Route).size(), std::size_t { 2 });
}

void TstConsoleConfig::anotherWindowsObjectIsAdopted()
{
    ConsoleFixture on;
    on.before(0, [&] {
        on.console.put(EntityKind::Policy,
            { .name = u"bob"_s,
                .originator = kOriginator % u'/' % on.ownership.policyId(u"bob"_s),
                .ppl = u"[]"_s });
    });

    on.push();

    QCOMPARE(on.console.objects(EntityKind::Policy).size(), std::size_t { 2 });
    QVERIFY(on.policy(u"bob"_s).ppl.contains(u"deny"));
}

void TstConsoleConfig::ofTwoCopiesTheOlderIsOurs()
{
    ConsoleFixture on;
    on.push();
    auto copy = on.route(u"app"_s);
    const auto original = copy.id;
    copy.id.clear();
    copy.name = u"app (copy)"_s;
    copy.from = u"https://copy.corp.test"_s;
    on.console.put(EntityKind::Route, copy);

    const auto plan = on.plan();
    on.source.routes.clear();
    on.push();

    QVERIFY(plan.isEmpty());
    QCOMPARE(on.console.objects(EntityKind::Route).size(), std::size_t { 1 });
    QVERIFY(!on.route(u"app (copy)"_s).id.isEmpty());
    QVERIFY(on.route(u"app (copy)"_s).id != original);
}

void TstConsoleConfig::anIdOfOursKeptByAnotherIsAConflict()
{
    ConsoleFixture on;
    on.push();
    on.ownership.originatorId = u"portreeve-new"_s;
    on.console.forgetCalls();

    const auto plan = on.plan();
    on.choices.adopt = { on.ownership.policyId(u"bob"_s), on.ownership.policyId(u"eng"_s),
        on.ownership.routeId(u"app"_s), on.ownership.routeId(u"wiki"_s) };
    QCOMPARE(on.console.writes(), QStringList());
    on.push();

    QVERIFY(plan.isEmpty());
    QCOMPARE(plan.conflicts.size(), std::size_t { 4 });
    QVERIFY(plan.conflicts.front().what.english().contains(kOriginator));
    QCOMPARE(on.policy(u"eng"_s).originator,
        QString(u"portreeve-new/"_s % on.ownership.policyId(u"eng"_s)));
    QCOMPARE(on.console.objects(EntityKind::Policy).size(), std::size_t { 2 });
}

void TstConsoleConfig::unknownFieldsSurviveAnAttachment()
{
    ConsoleFixture on;
    const auto theirPolicy
        = on.console.put(EntityKind::Policy, { .name = u"their policy"_s, .ppl = u"[]"_s });
    const auto id = on.console.put(EntityKind::Route, theirRoute({ theirPolicy }));
    on.choices.attach = { { .routeId = id, .policyId = u"bob"_s } };

    on.push();

    const auto attached = on.route(u"theirs"_s);
    QCOMPARE(attached.policyIds, QStringList({ theirPolicy, on.policy(u"bob"_s).id }));
    QCOMPARE(attached.originator, u"terraform"_s);
    for (const auto* field :
        { "6a02081e", "ba01060a0161120131", "ba01060a0162120132", "c23e0474657374" }) {
        QVERIFY2(attached.unknown.contains(QByteArray::fromHex(field)), field);
    }
    QCOMPARE(attached.unknown.size(), theirRoute().unknown.size());

    on.choices = { .detach = { { .routeId = id, .policyId = u"bob"_s } } };
    on.push();

    QCOMPARE(on.route(u"theirs"_s).policyIds, QStringList { theirPolicy });
}

void TstConsoleConfig::unknownFieldsOfOurOwnSurviveAnUpdate()
{
    ConsoleFixture on;
    on.push();
    auto edited = on.route(u"app"_s);
    edited.unknown = QByteArray::fromHex("6a02081e"); // a timeout, set by a person at the console
    on.console.put(EntityKind::Route, edited);
    on.source.routes[0].from = u"https://app2.corp.test"_s;

    on.push();

    QCOMPARE(on.route(u"app"_s).from, u"https://app2.corp.test"_s);
    QCOMPARE(on.route(u"app"_s).unknown, QByteArray::fromHex("6a02081e"));
}

void TstConsoleConfig::enforcedPoliciesAreNotTouched()
{
    ConsoleFixture on;
    on.console.enforce(
        on.console.put(EntityKind::Policy, { .name = u"everywhere"_s, .ppl = u"[]"_s }));
    on.push();
    on.source.routes[0].from = u"https://app2.corp.test"_s;

    on.push();

    QCOMPARE(on.route(u"app"_s).policyIds, QStringList { on.policy(u"eng"_s).id });
    QVERIFY(on.plan().isEmpty());
}

void TstConsoleConfig::aPolicyIsDetachedBeforeItGoes()
{
    ConsoleFixture on;
    on.push();
    on.console.forgetCalls();
    on.source.policies.erase(on.source.policies.begin());
    on.source.routes[1].policyIds = { u"eng"_s };

    on.push();

    QCOMPARE(on.console.writes(), QStringList({ u"SetRoute"_s, u"DeletePolicy"_s }));
    QVERIFY(on.policy(u"bob"_s).id.isEmpty());
}

void TstConsoleConfig::aPolicyThatOthersUseIsKeptByTheConsole()
{
    ConsoleFixture on;
    on.push();
    on.console.put(EntityKind::Route, theirRoute({ on.policy(u"bob"_s).id }));
    on.source.policies.erase(on.source.policies.begin());
    on.source.routes.pop_back();

    const auto plan = on.plan();
    const auto report = on.apply(plan);

    QVERIFY(plan.needsPerson()); // a deny rule of theirs would be lost
    QCOMPARE(report->outcome().error().code, ErrorCode::InvalidInput);
    QVERIFY(!on.policy(u"bob"_s).id.isEmpty());
}

void TstConsoleConfig::anObjectThatMovedOnIsLeftAlone()
{
    ConsoleFixture on;
    on.push();
    on.source.policies[0].description = u"mine"_s;
    on.source.policies[1].description = u"mine"_s;
    auto theirs = on.policy(u"bob"_s);
    theirs.description = u"theirs"_s;
    on.before(0, [&] { on.console.put(EntityKind::Policy, theirs); });

    const auto report = on.apply(on.plan());

    QCOMPARE(outcomes(*report), QStringList({ u"failed"_s, u"done"_s }));
    QCOMPARE(report->outcome().error().code, ErrorCode::Stale);
    QCOMPARE(on.policy(u"bob"_s).description, u"theirs"_s);
    QCOMPARE(on.policy(u"eng"_s).description, u"mine"_s);
}

void TstConsoleConfig::aChangeOfWhatIsNotKnownHereCountsToo()
{
    ConsoleFixture on;
    on.push();
    on.source.routes[0].from = u"https://app2.corp.test"_s;
    auto theirs = on.route(u"app"_s);
    theirs.unknown = QByteArray::fromHex("6a02081e");
    on.before(0, [&] { on.console.put(EntityKind::Route, theirs); });

    const auto report = on.apply(on.plan());

    QCOMPARE(report->outcome().error().code, ErrorCode::Stale);
    QCOMPARE(on.route(u"app"_s).from, u"https://app.corp.test"_s);
}

void TstConsoleConfig::anObjectThatIsGoneIsNotMadeAgain()
{
    ConsoleFixture on;
    on.push();
    on.source.policies[0].description = u"mine"_s;
    const auto id = on.ownership.policyId(u"bob"_s);
    on.before(0, [&] { on.console.remove(EntityKind::Policy, on.policy(u"bob"_s).id); });

    const auto report = on.apply(on.plan());

    QCOMPARE(report->outcome().error().code, ErrorCode::Stale);
    QVERIFY(on.policy(u"bob"_s).id.isEmpty());
    QVERIFY(on.editor.remove(EntityKind::Policy, id, {})); // again: no harm
}

void TstConsoleConfig::whatTheConsoleRefusesStopsOnlyWhatNeedsIt()
{
    ConsoleFixture on;
    const auto nowhere
        = on.editor.create(RouteEntity { .id = on.ownership.routeId(u"x"_s), .name = u"x"_s }, {});
    const auto unreadable = on.editor.create(
        PolicyEntity { .id = on.ownership.policyId(u"x"_s), .sourcePpl = u"allow: ["_s }, {});
    const auto homeless = on.editor.create(RouteEntity { .id = on.ownership.routeId(u"y"_s),
                                               .name = u"y"_s,
                                               .from = u"https://y.corp.test"_s,
                                               .to = { u"http://127.0.0.1"_s },
                                               .policyIds = { on.ownership.policyId(u"none"_s) } },
        {});

    QCOMPARE(nowhere.error().code, ErrorCode::InvalidInput);
    QCOMPARE(unreadable.error().code, ErrorCode::InvalidInput);
    QCOMPARE(homeless.error().code, ErrorCode::Stale);
    QVERIFY(on.console.objects(EntityKind::Route).empty());
    QVERIFY(on.console.objects(EntityKind::Policy).empty());
}

void TstConsoleConfig::aForbiddenWriteEndsThePush()
{
    ConsoleFixture on;
    on.console.setFaults({ .forbiddenWrites = u"viewer"_s });

    const auto report = on.apply(on.plan());

    QCOMPARE(
        outcomes(*report), QStringList({ u"failed"_s, u"skipped"_s, u"skipped"_s, u"skipped"_s }));
    QCOMPARE(report->outcome().error().code, ErrorCode::Permission);
    QVERIFY(report->outcome().error().remedy.english().contains(u"Manager"));
}

static const bool kConsoleConfigRegistered
    = test::registerTestClass<TstConsoleConfig>("consoleconfig");

} // namespace portreeve

#include "tst_consoleconfig.moc"
