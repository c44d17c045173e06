// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/wholeconfig.h"
#include "core/proxy/targetoptions.h"
#include "tests/support/deliveryfixture.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::DeliveryFixture;

namespace {

/// Two routes with a policy each, for a target whose policies travel compiled.
class Fixture : public DeliveryFixture
{
public:
    Fixture()
    {
        commit(staff());
        addRoute(u"wiki"_s, u"engineering"_s);
        addRoute(u"mail"_s, u"devops"_s);
        target = addTarget(
            { { u"policy_channel"_s, u"whole_config"_s }, { u"originator"_s, u"ours"_s } });
    }

    std::vector<DatabrokerRecord> held() const { return broker.records(recordtype::kConfig); }

    std::optional<DatabrokerRecord> record(const QString& id = wholeConfigId(u"ours"_s)) const
    {
        const auto all = held();
        const auto found = std::find_if(all.begin(), all.end(),
            [&id](const DatabrokerRecord& record) { return record.id == id && !record.isDeleted; });
        return found == all.end() ? std::nullopt : std::optional(*found);
    }

    /// What our record says; empty without one.
    WholeConfig config() const
    {
        const auto ours = record();
        return ours ? readWholeConfig(*ours, u"ours"_s).value() : WholeConfig();
    }

    QStringList routeNames() const
    {
        QStringList out;
        for (const auto& route : config().state.routes) {
            out << route.name;
        }
        out.sort();
        return out;
    }

    void setText(const QString& policyName, const QString& text)
    {
        auto& policies = sync.store->policies();
        auto policy = policies.policy(policyName).value();
        policy.text = text;
        QVERIFY(policies.save(policy));
    }

    ProxyTarget target;
};

/// The fields of the change of that name, as "field".
QStringList changedFields(const DeliveryPlan& plan, const QString& name)
{
    QStringList out;
    for (const auto& change : plan.changes) {
        if (change.name == name) {
            for (const auto& field : change.fields) {
                out << field.name;
            }
        }
    }
    return out;
}

/// A record of somebody else with one route.
DatabrokerRecord foreignRecord(const QString& from)
{
    WholeConfig config;
    config.state.routes.push_back({ .id = u"theirs"_s, .from = from });
    auto record = wholeConfigRecord(config, u"x"_s);
    record.id = u"dashboard-settings"_s;
    return record;
}

} // namespace

/// Policies compiled into one record of the databroker: proxy.md 7.
class TstWholeConfig : public QObject
{
    Q_OBJECT

private slots:
    void policiesArriveCompiledInOneRecord();
    void whatIsInStepIsNotWrittenAgain();
    void aChangedPolicyIsShownWithItsRules();
    void aRouteTakenAwayLeavesTheRecord();
    void theLastRouteTakesTheRecordWithIt();
    void deletingEverythingIsHeld();
    void recordsOfOthersAreNamedAndNeverTouched();
    void aRouteThatSomebodyElseHasIsAConflict();
    void rulesSomebodyChangedAreRestored();
    void aRecordChangedMeanwhileIsNotOverwritten();
    void aDamagedRecordOfOursIsReplaced();
    void whatIsRefusedStaysAsItIs();
    void badRoutesAreRefusedHere();
    void blockedPeopleStayBlocked();
    void onlyCoreIsGivenRecords();
    void theTestSpeaksWithTheDatabroker();
};

void TstWholeConfig::policiesArriveCompiledInOneRecord()
{
    Fixture fixture;

    const auto outcome = fixture.push(fixture.target.id);

    QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().toText()));
    QCOMPARE(outcome->plan.counts.routes.put, 2);
    QCOMPARE(outcome->plan.counts.policies.put, 2);
    QCOMPARE(fixture.held().size(), std::size_t { 1 });
    QCOMPARE(fixture.record()->id, u"directory-console/ours"_s);
    QCOMPARE(fixture.routeNames(), QStringList({ u"mail"_s, u"wiki"_s }));
    const auto config = fixture.config();
    for (const auto& route : config.state.routes) {
        QCOMPARE(route.policyIds.size(), std::size_t { 1 });
        QVERIFY(config.rules.value(route.policyIds.front()).contains(u"package pomerium.policy"));
    }
    QVERIFY(config.state.policies.front().sourcePpl.contains(u"groups"));
    QVERIFY(fixture.proxy.writes().isEmpty());
}

void TstWholeConfig::whatIsInStepIsNotWrittenAgain()
{
    Fixture fixture;
    QVERIFY(fixture.push(fixture.target.id));
    const int before = fixture.putCount();

    const auto outcome = fixture.push(fixture.target.id);

    QVERIFY(outcome);
    QVERIFY(outcome->plan.isEmpty());
    QCOMPARE(outcome->plan.counts.routes.unchanged, 2);
    QCOMPARE(outcome->plan.counts.policies.unchanged, 2);
    QCOMPARE(fixture.putCount(), before);
}

void TstWholeConfig::aChangedPolicyIsShownWithItsRules()
{
    Fixture fixture;
    QVERIFY(fixture.push(fixture.target.id));
    fixture.setText(u"wiki policy"_s, u"allow: {and: [{user: alice}]}"_s);

    const auto plan = fixture.plan(fixture.target.id);

    QVERIFY(plan);
    QCOMPARE(plan->changes.size(), std::size_t { 1 });
    QCOMPARE(changedFields(*plan, u"wiki policy"_s), QStringList({ u"sourcePpl"_s, u"rego"_s }));
    QVERIFY(plan->changes.front().fields.back().after.contains(u"value == \"alice\""));
    QVERIFY(fixture.push(fixture.target.id));
    QVERIFY(fixture.plan(fixture.target.id)->isEmpty());
}

void TstWholeConfig::aRouteTakenAwayLeavesTheRecord()
{
    Fixture fixture;
    QVERIFY(fixture.push(fixture.target.id));
    auto& policies = fixture.sync.store->policies();
    QVERIFY(policies.removeRoute(policies.route(u"mail"_s)->id));

    const auto outcome = fixture.push(fixture.target.id);

    QVERIFY(outcome);
    QCOMPARE(outcome->plan.counts.routes.deleted, 1);
    QCOMPARE(outcome->plan.counts.policies.deleted, 1); // no route has it any more
    QCOMPARE(fixture.routeNames(), QStringList({ u"wiki"_s }));
    QVERIFY(fixture.plan(fixture.target.id)->isEmpty());
}

void TstWholeConfig::theLastRouteTakesTheRecordWithIt()
{
    Fixture fixture;
    QVERIFY(fixture.push(fixture.target.id));
    auto& policies = fixture.sync.store->policies();
    QVERIFY(policies.removeRoute(policies.route(u"mail"_s)->id));
    QVERIFY(policies.removeRoute(policies.route(u"wiki"_s)->id));

    const auto outcome = fixture.push(fixture.target.id);

    QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().toText()));
    QCOMPARE(outcome->plan.verdict, Verdict::Go); // the policies are still stored
    QVERIFY(!fixture.record());
    QVERIFY(fixture.plan(fixture.target.id)->isEmpty());
}

void TstWholeConfig::deletingEverythingIsHeld()
{
    Fixture fixture;
    QVERIFY(fixture.push(fixture.target.id));
    auto& policies = fixture.sync.store->policies();
    for (const auto& name : { u"mail"_s, u"wiki"_s }) {
        QVERIFY(policies.removeRoute(policies.route(name)->id));
        QVERIFY(policies.removePolicy(policies.policy(name + u" policy"_s)->id));
    }

    const auto outcome = fixture.push(fixture.target.id);

    QVERIFY(outcome);
    QCOMPARE(outcome->plan.verdict, Verdict::Held);
    QVERIFY(fixture.record().has_value());
}

void TstWholeConfig::recordsOfOthersAreNamedAndNeverTouched()
{
    Fixture fixture;
    fixture.broker.write({ foreignRecord(u"https://other.example.com"_s) });
    const auto before = fixture.record(u"dashboard-settings"_s);

    const auto outcome = fixture.push(fixture.target.id);

    QVERIFY(outcome);
    QVERIFY(std::any_of(outcome->plan.notes.begin(), outcome->plan.notes.end(),
        [](const Message& note) { return note.english().contains(u"dashboard-settings"); }));
    const auto after = fixture.record(u"dashboard-settings"_s);
    QCOMPARE(after->version, before->version);
    QCOMPARE(after->data, before->data);
    QCOMPARE(fixture.routeNames(), QStringList({ u"mail"_s, u"wiki"_s }));
}

void TstWholeConfig::aRouteThatSomebodyElseHasIsAConflict()
{
    Fixture fixture;
    fixture.broker.write({ foreignRecord(u"https://wiki.example.com"_s) });

    const auto plan = fixture.plan(fixture.target.id);
    const auto outcome = fixture.push(fixture.target.id);

    QVERIFY(plan);
    QCOMPARE(plan->conflicts.size(), std::size_t { 1 });
    QCOMPARE(plan->conflicts.front().name, u"wiki"_s);
    QVERIFY(!outcome); // not in step, for all that was written
    QCOMPARE(fixture.routeNames(), QStringList({ u"mail"_s }));
}

void TstWholeConfig::rulesSomebodyChangedAreRestored()
{
    Fixture fixture;
    QVERIFY(fixture.push(fixture.target.id));
    const auto data = fixture.record()->data;
    auto config = fixture.config();
    config.rules[config.state.policies.front().id] = u"package pomerium.policy\nallow = true"_s;
    fixture.broker.write({ wholeConfigRecord(config, u"ours"_s) });

    const auto plan = fixture.plan(fixture.target.id);

    QVERIFY(plan);
    QCOMPARE(plan->changes.size(), std::size_t { 1 });
    QCOMPARE(changedFields(*plan, config.state.policies.front().name), QStringList({ u"rego"_s }));
    QCOMPARE(plan->counts.policies.unchanged, 1);
    QVERIFY(fixture.push(fixture.target.id));
    QCOMPARE(fixture.record()->data, data);
}

/// The first Put is of a person: the record is compared by then, and not yet written.
void TstWholeConfig::aRecordChangedMeanwhileIsNotOverwritten()
{
    Fixture fixture;
    QVERIFY(fixture.push(fixture.target.id));
    fixture.commit(DeliveryFixture::staff().user(u"eve"_s));
    fixture.addRoute(u"news"_s, u"engineering"_s);
    const auto plan = fixture.plan(fixture.target.id);
    QVERIFY(plan);
    auto changed = foreignRecord(u"https://theirs.example.com"_s);
    changed.id = wholeConfigId(u"ours"_s);
    bool isChanged = false;
    fixture.broker.setFaults({ .beforePut = [&](int) {
        if (!std::exchange(isChanged, true)) {
            fixture.broker.write({ changed });
        }
    } });

    const auto bound = fixture.push(fixture.target.id, { .planHash = plan->planHash });

    QVERIFY(isChanged);
    QVERIFY(!bound);
    QCOMPARE(bound.error().code, ErrorCode::Stale);
    QCOMPARE(fixture.record()->data, changed.data);
    QVERIFY(fixture.push(fixture.target.id)); // planned anew
    QCOMPARE(fixture.routeNames(), QStringList({ u"mail"_s, u"news"_s, u"wiki"_s }));
}

void TstWholeConfig::aDamagedRecordOfOursIsReplaced()
{
    Fixture fixture;
    QVERIFY(fixture.push(fixture.target.id));
    auto damaged = *fixture.record();
    const auto data = damaged.data;
    damaged.data = QByteArray("\x0a\xff\xff", 3);
    fixture.broker.write({ damaged });

    const auto outcome = fixture.push(fixture.target.id);

    QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().toText()));
    QCOMPARE(fixture.record()->data, data);
}

void TstWholeConfig::whatIsRefusedStaysAsItIs()
{
    Fixture fixture;
    QVERIFY(fixture.push(fixture.target.id));
    const auto rules = fixture.config().rules;
    fixture.refusePolicy(u"wiki policy"_s);
    fixture.addRoute(u"news"_s, u"engineering"_s);

    const auto outcome = fixture.push(fixture.target.id);

    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::InvalidInput);
    QCOMPARE(fixture.routeNames(), QStringList({ u"mail"_s, u"news"_s, u"wiki"_s }));
    const auto now = fixture.config().rules;
    for (auto at = rules.cbegin(); at != rules.cend(); ++at) {
        QCOMPARE(now.value(at.key()), at.value());
    }
}

/// Case 16 of proxy.md 6.4 and its kin: nothing at the proxy would check what is put.
void TstWholeConfig::badRoutesAreRefusedHere()
{
    Fixture fixture;
    auto& policies = fixture.sync.store->policies();
    auto route = policies.route(u"wiki"_s).value();
    route.from = u"wiki.example.com"_s;
    QVERIFY(policies.save(route));

    const auto plan = fixture.plan(fixture.target.id);
    const auto outcome = fixture.push(fixture.target.id);

    QVERIFY(plan);
    QCOMPARE(plan->refusals.size(), std::size_t { 1 });
    QVERIFY(!outcome);
    QCOMPARE(fixture.routeNames(), QStringList({ u"mail"_s }));
}

void TstWholeConfig::blockedPeopleStayBlocked()
{
    Fixture fixture;
    QVERIFY(fixture.sync.store->targets().block(fixture.target.id, u"alice"_s, u"me"_s));

    const auto outcome = fixture.push(fixture.target.id);

    QVERIFY(outcome);
    for (const auto& route : fixture.config().state.routes) {
        QCOMPARE(route.policyIds.size(), std::size_t { 2 });
        QVERIFY(fixture.config().rules.value(route.policyIds.back()).contains(u"\"alice\""));
    }
}

void TstWholeConfig::onlyCoreIsGivenRecords()
{
    Fixture fixture;
    fixture.setOption(fixture.target.id, u"kind"_s, u"enterprise"_s);

    const auto plan = fixture.plan(fixture.target.id);

    QVERIFY(!plan);
    QCOMPARE(plan.error().field, u"policy_channel"_s);
}

void TstWholeConfig::theTestSpeaksWithTheDatabroker()
{
    Fixture fixture;
    fixture.proxy.faults.hasService = false; // as before 0.33

    const auto report = fixture.delivery().test({ .target = fixture.target }, fixture.control());
    fixture.setSecret(fixture.target.id, QString::fromLatin1(QByteArray(32, 'x').toBase64()));
    const auto refused = fixture.delivery().test({ .target = fixture.target }, fixture.control());

    QVERIFY(report);
    QVERIFY(!report->failure);
    QVERIFY(refused);
    QVERIFY(refused->failure.has_value());
    QCOMPARE(refused->failure->code, ErrorCode::Auth);
}

static const bool kWholeConfigRegistered = test::registerTestClass<TstWholeConfig>("wholeconfig");

} // namespace portreeve

#include "tst_wholeconfig.moc"
