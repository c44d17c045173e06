// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/configservice/configapply.h"
#include "core/proxy/databroker/configrecords.h"
#include "core/proxy/databroker/recordconfigeditor.h"
#include "tests/support/configfixture.h"
#include "tests/support/databrokerdouble.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

using namespace configservice;
using test::DatabrokerDouble;
using test::Reconciliation;
using test::steps;
using test::storedPolicy;
using test::storedRoute;

namespace {

const auto kEngOnly = u"{allow: {and: [{groups: g-eng}]}}"_s;
const auto kNotBob = u"{deny: {or: [{user: bob}]}}"_s;

/// A proxy that is given its policies and routes as records.
class RecordsFixture final : public Reconciliation
{
public:
    RecordsFixture()
    {
        source.policies = { storedPolicy(u"bob"_s, kNotBob), storedPolicy(u"eng"_s, kEngOnly) };
        source.routes = { storedRoute(u"app"_s, u"https://app.corp.test"_s, { u"eng"_s }),
            storedRoute(u"wiki"_s, u"https://wiki.corp.test"_s, { u"bob"_s }) };
    }

    std::optional<DatabrokerRecord> held(EntityKind kind, const QString& id) const
    {
        const auto records = broker.records(configRecordType(kind));
        const auto found = std::find_if(records.begin(), records.end(),
            [&id](const DatabrokerRecord& record) { return record.id == id; });
        return found == records.end() ? std::nullopt : std::optional(*found);
    }

    PolicyEntity policyAt(const QString& storedId) const
    {
        const auto record = held(EntityKind::Policy, ownership.policyId(storedId));
        return record ? policyEntity(*record).value() : PolicyEntity {};
    }

    QStringList putIds() const
    {
        QStringList out;
        for (const auto& call : broker.calls()) {
            if (call.method == u"Put") {
                out += call.ids;
            }
        }
        return out;
    }

    SystemClock clock {};
    DatabrokerDouble broker {};
    RecordConfigClient client { u"Edge"_s, broker.client(clock) };
    RecordConfigEditor editor { client };

private:
    ConfigEditor& way() override { return editor; }
};

/// A route of somebody else with what nothing here knows: timeout (12), a field of the future
/// (1000), and a switch that was set to its default.
DatabrokerRecord foreignRoute(const QString& id)
{
    auto record = toRecord(RouteEntity { .id = id,
        .originatorId = u"terraform"_s,
        .name = u"theirs"_s,
        .from = u"https://theirs.corp.test"_s,
        .to = { u"http://127.0.0.1"_s },
        .policyIds = { u"their-policy"_s } });
    record.data += QByteArray::fromHex("6202081e"
                                       "c23e0474657374"
                                       "c80100");
    return record;
}

QStringList outcomesOf(const ConfigReport& report)
{
    QStringList out;
    for (const auto& result : report.results) {
        out.append(changeOutcomeName(result.outcome));
    }
    return out;
}

} // namespace

/// Channel D: policies and routes as databroker records. Numbers are those of proxy.md 6.4.
class TstConfigRecords : public QObject
{
    Q_OBJECT

private slots:
    void recordsHaveTheProxysFieldNumbers();
    void case01EverythingArrivesAndIsReadBack();
    void case03AnIdInUseIsAdoptedWhenItIsOurs();
    void case03AnIdTakenMeanwhileIsLeftAlone();
    void case04AnAttachedPolicyIsDetachedBeforeItGoes();
    void case05AForeignNameTwinIsUntouched();
    void case07TypeErrorsAreRefusedHere();
    void case08AForgetfulProxyGetsTheSameIdsAgain();
    void case09And15And16WhatTheProxyCouldNotLoadIsNeverSent_data();
    void case09And15And16WhatTheProxyCouldNotLoadIsNeverSent();
    void case19NamesOfMissingPoliciesAreReported();
    void unknownFieldsSurviveAnAttachment();
    void aRecordThatMovedOnIsLeftAlone();
    void aDeletionOfWhatMovedOnIsRefused();
    void aRecordThatIsGoneIsNotMadeAgain();
    void aPlanMadeTooEarlyIsNotSent();
    void aChangeBetweenWriteAndReadBackIsReported();
    void aDamagedRecordEndsThePush();
    void aDeletedEntityLeavesATombstoneAndOthersStay();
    void anUpdateWithoutNamesSendsNothing();
    void countingFetchesNothing();
};

void TstConfigRecords::recordsHaveTheProxysFieldNumbers()
{
    const auto policy = toRecord(PolicyEntity { .id = u"i"_s,
        .originatorId = u"o"_s,
        .namespaceId = u"s"_s,
        .name = u"n"_s,
        .description = u"d"_s,
        .sourcePpl = u"p"_s,
        .explanation = u"e"_s,
        .remediation = u"r"_s });
    const auto route = toRecord(RouteEntity { .id = u"i"_s,
        .originatorId = u"o"_s,
        .name = u"n"_s,
        .from = u"f"_s,
        .to = { u"t"_s, u"u"_s },
        .prefix = u"p"_s,
        .policyIds = { u"a"_s },
        .passIdentityHeaders = true,
        .showErrorDetails = true });

    QCOMPARE(policy.type, u"type.googleapis.com/pomerium.config.Policy"_s);
    QCOMPARE(policy.typeUrl, policy.type);
    // 1 id, 2 name, 8 explanation, 9 remediation, 10 text, 11 namespace, 12 originator, 13 words
    QCOMPARE(policy.data.toHex(),
        QByteArray("0a0169"
                   "12016e"
                   "420165"
                   "4a0172"
                   "520170"
                   "5a0173"
                   "62016f"
                   "6a0164"));
    QCOMPARE(route.type, u"type.googleapis.com/pomerium.config.Route"_s);
    // 1 name, 2 from, 3 to, 7 prefix, 25, 28 id, 59, 81 originator, 86 policies
    QCOMPARE(route.data.toHex(),
        QByteArray("0a016e"
                   "120166"
                   "1a0174"
                   "1a0175"
                   "3a0170"
                   "c80101"
                   "e20101"
                   "69"
                   "d80301"
                   "8a05016f"
                   "b2050161"));
}

void TstConfigRecords::case01EverythingArrivesAndIsReadBack()
{
    RecordsFixture on;
    on.source.policies[1].explanation = u"Engineers only"_s;

    const auto plan = on.plan();
    const auto report = on.apply(plan);

    QVERIFY2(report && report->outcome(), "nothing arrived");
    QCOMPARE(steps(plan),
        QStringList({ u"create policy bob"_s, u"create policy eng"_s, u"create route app"_s,
            u"create route wiki"_s }));
    QCOMPARE(report->count(ChangeOutcome::Done), std::size_t { 4 });
    const auto eng = on.policyAt(u"eng"_s);
    QCOMPARE(eng.sourcePpl, u"- allow:\n    and:\n      - groups:\n          has: \"g-eng\"\n"_s);
    QCOMPARE(eng.explanation, u"Engineers only"_s);
    QCOMPARE(eng.originatorId, on.ownership.originatorId);
    on.broker.forgetCalls();
    QVERIFY(on.plan().isEmpty());
    QVERIFY(on.apply(on.plan())->outcome().hasValue());
    QCOMPARE(on.broker.count(u"Put"_s), 0);
}

void TstConfigRecords::case03AnIdInUseIsAdoptedWhenItIsOurs()
{
    RecordsFixture on;
    const auto id = on.ownership.policyId(u"bob"_s);
    on.before(0, [&] { // another window of ours, with another text
        on.broker.write({ toRecord(PolicyEntity { .id = id,
            .originatorId = on.ownership.originatorId,
            .name = u"old"_s,
            .sourcePpl = u"[]"_s }) });
    });

    const auto report = on.apply(on.plan());

    QVERIFY(report->outcome().hasValue());
    QCOMPARE(on.policyAt(u"bob"_s).name, u"bob"_s);
}

void TstConfigRecords::case03AnIdTakenMeanwhileIsLeftAlone()
{
    RecordsFixture on;
    const auto theirs = toRecord(PolicyEntity { .id = on.ownership.policyId(u"bob"_s),
        .originatorId = u"terraform"_s,
        .name = u"theirs"_s });
    on.before(0, [&] { on.broker.write({ theirs }); });

    const auto report = on.apply(on.plan());

    QCOMPARE(on.held(EntityKind::Policy, theirs.id)->data, theirs.data);
    QCOMPARE(report->outcome().error().code, ErrorCode::Stale);
    QCOMPARE(outcomesOf(*report), QStringList({ u"failed"_s, u"done"_s, u"done"_s, u"skipped"_s }));
}

void TstConfigRecords::case04AnAttachedPolicyIsDetachedBeforeItGoes()
{
    RecordsFixture on;
    on.push();
    on.broker.forgetCalls();
    on.source.policies.erase(on.source.policies.begin());
    on.source.routes[1].policyIds = { u"eng"_s };

    on.push();

    QCOMPARE(on.putIds(),
        QStringList({ on.ownership.routeId(u"wiki"_s), on.ownership.policyId(u"bob"_s) }));
    QVERIFY(!on.held(EntityKind::Policy, on.ownership.policyId(u"bob"_s)));
}

void TstConfigRecords::case05AForeignNameTwinIsUntouched()
{
    RecordsFixture on;
    const auto twin = toRecord(PolicyEntity { .id = u"x"_s,
        .originatorId = u"terraform"_s,
        .name = u"eng"_s,
        .sourcePpl = u"- allow:\n    and:\n      - accept: true\n"_s });
    on.broker.write({ twin });

    on.push();
    on.source.policies.clear();
    on.source.routes.clear();
    on.push();

    const auto left = on.broker.records(recordtype::kConfigPolicy);
    QCOMPARE(left.size(), std::size_t { 1 });
    QCOMPARE(left.front().data, twin.data);
    QVERIFY(on.broker.records(recordtype::kConfigRoute).empty());
}

void TstConfigRecords::case07TypeErrorsAreRefusedHere()
{
    RecordsFixture on;
    on.source.policies
        = { storedPolicy(u"eng"_s, u"{allow: {and: [{email: {starts_with: 5}}]}}"_s) };
    on.source.routes.clear();

    const auto plan = on.plan();

    QVERIFY(plan.isEmpty());
    QCOMPARE(plan.refusals.size(), std::size_t { 1 });
    QVERIFY(on.apply(plan).hasValue());
    QCOMPARE(on.broker.count(u"Put"_s), 0);
}

void TstConfigRecords::case08AForgetfulProxyGetsTheSameIdsAgain()
{
    RecordsFixture on;
    on.push();
    const auto ids = on.putIds();

    on.broker.restart();
    on.broker.forgetCalls();
    on.push();

    QCOMPARE(on.putIds(), ids);
}

void TstConfigRecords::case09And15And16WhatTheProxyCouldNotLoadIsNeverSent_data()
{
    QTest::addColumn<RouteEntity>("route");
    const RouteEntity good { .id = u"r"_s,
        .name = u"bad"_s,
        .from = u"https://bad.corp.test"_s,
        .to = { u"http://127.0.0.1"_s } };
    auto bad = good;
    bad.to = { u"gopher://127.0.0.1"_s };
    QTest::addRow("9: scheme gopher") << bad;
    bad = good;
    bad.regex = u"["_s;
    QTest::addRow("15: no RE2") << bad;
    bad = good;
    bad.from.clear();
    QTest::addRow("16: no from") << bad;
    bad.from = u"bad.corp.test"_s;
    QTest::addRow("from without scheme") << bad;
    bad = good;
    bad.to.clear();
    QTest::addRow("no to") << bad;
}

/// Once by the plan, and once more by the last hand before the store, which itself takes anything.
void TstConfigRecords::case09And15And16WhatTheProxyCouldNotLoadIsNeverSent()
{
    QFETCH(const RouteEntity, route);
    RecordsFixture on;
    on.push();
    on.broker.forgetCalls();
    auto stored = storedRoute(u"bad"_s, route.from);
    stored.to = route.to;
    stored.regex = route.regex;
    on.source.routes.push_back(stored);

    const auto plan = on.plan();
    const auto created = on.editor.create(route, {});
    auto changed = route;
    changed.id = on.ownership.routeId(u"app"_s);
    const auto updated = on.editor.update(changed, { u"from"_s, u"to"_s, u"regex"_s }, {});

    QVERIFY(plan.isEmpty());
    QCOMPARE(plan.refusals.size(), std::size_t { 1 });
    QCOMPARE(plan.refusals[0].routeName, u"bad"_s);
    QCOMPARE(created.error().code, ErrorCode::InvalidInput);
    QCOMPARE(updated.error().code, ErrorCode::InvalidInput);
    QVERIFY(!on.editor.create(PolicyEntity { .id = u"p"_s, .sourcePpl = u"allow: ["_s }, {}));
    QCOMPARE(on.broker.count(u"Put"_s), 0);
}

void TstConfigRecords::case19NamesOfMissingPoliciesAreReported()
{
    RecordsFixture on;
    on.broker.write({ foreignRoute(u"theirs"_s) });

    const auto plan = on.plan();

    QCOMPARE(plan.warnings.size(), std::size_t { 1 });
    QVERIFY(plan.warnings.front().kind == IssueKind::LostDeny);
    QCOMPARE(plan.warnings.front().name, u"theirs"_s);
}

void TstConfigRecords::unknownFieldsSurviveAnAttachment()
{
    RecordsFixture on;
    const auto before = foreignRoute(u"theirs"_s);
    on.broker.write({ before });
    on.choices.attach = { { .routeId = u"theirs"_s, .policyId = u"bob"_s } };

    on.push();

    const auto attached = on.held(EntityKind::Route, u"theirs"_s);
    const auto route = routeEntity(*attached).value();
    const std::vector<QString> both { u"their-policy"_s, on.ownership.policyId(u"bob"_s) };
    QCOMPARE(route.policyIds, both);
    QCOMPARE(route.originatorId, u"terraform"_s);
    for (const auto* field : { "6202081e", "c23e0474657374", "c80100" }) {
        QVERIFY2(attached->data.contains(QByteArray::fromHex(field)), field);
    }

    on.choices = { .detach = { { .routeId = u"theirs"_s, .policyId = u"bob"_s } } };
    on.push();

    QCOMPARE(on.held(EntityKind::Route, u"theirs"_s)->data.size(), before.data.size());
    QCOMPARE(
        routeEntity(*on.held(EntityKind::Route, u"theirs"_s)).value(), routeEntity(before).value());
}

void TstConfigRecords::aRecordThatMovedOnIsLeftAlone()
{
    RecordsFixture on;
    on.push();
    on.source.policies[0].description = u"mine"_s;
    on.source.policies[1].description = u"mine"_s;
    auto theirs = on.policyAt(u"bob"_s);
    theirs.description = u"theirs"_s;
    on.before(0, [&] { on.broker.write({ toRecord(theirs) }); });

    const auto report = on.apply(on.plan());

    QCOMPARE(outcomesOf(*report), QStringList({ u"failed"_s, u"done"_s }));
    QCOMPARE(report->outcome().error().code, ErrorCode::Stale);
    QCOMPARE(on.policyAt(u"bob"_s).description, u"theirs"_s);
    QCOMPARE(on.policyAt(u"eng"_s).description, u"mine"_s);
}

void TstConfigRecords::aDeletionOfWhatMovedOnIsRefused()
{
    RecordsFixture on;
    on.push();
    on.source.routes.pop_back();
    const auto id = on.ownership.routeId(u"wiki"_s);
    auto theirs = routeEntity(*on.held(EntityKind::Route, id)).value();
    theirs.originatorId = u"terraform"_s;
    on.before(0, [&] { on.broker.write({ toRecord(theirs) }); });

    const auto report = on.apply(on.plan());

    QCOMPARE(report->outcome().error().code, ErrorCode::Stale);
    QVERIFY(on.held(EntityKind::Route, id));
}

void TstConfigRecords::aRecordThatIsGoneIsNotMadeAgain()
{
    RecordsFixture on;
    on.push();
    on.source.policies[0].description = u"mine"_s;
    const auto id = on.ownership.policyId(u"bob"_s);
    on.before(0, [&] {
        on.broker.write({ { .type = recordtype::kConfigPolicy, .id = id, .isDeleted = true } });
    });

    const auto report = on.apply(on.plan());

    QCOMPARE(report->outcome().error().code, ErrorCode::Stale);
    QVERIFY(!on.held(EntityKind::Policy, id));
    QVERIFY(on.editor.remove(EntityKind::Policy, id, {})); // again: no harm
}

void TstConfigRecords::aPlanMadeTooEarlyIsNotSent()
{
    RecordsFixture on;
    on.push();
    on.source.policies[0].description = u"mine"_s;
    const auto plan = on.plan();
    auto theirs = on.policyAt(u"bob"_s);
    theirs.description = u"theirs"_s;
    on.broker.write({ toRecord(theirs) });
    on.broker.forgetCalls();

    const auto report = on.apply(plan);

    QCOMPARE(report.error().code, ErrorCode::Stale);
    QVERIFY(report.error().what.english().contains(u"\"bob\""));
    QCOMPARE(on.broker.count(u"Put"_s), 0);
}

void TstConfigRecords::aChangeBetweenWriteAndReadBackIsReported()
{
    RecordsFixture on;
    on.before(3, [&] {
        auto theirs = on.policyAt(u"bob"_s);
        theirs.sourcePpl = u"[]"_s;
        on.broker.write({ toRecord(theirs) });
    });

    const auto report = on.apply(on.plan());

    QCOMPARE(report->mismatches.size(), std::size_t { 1 });
    QCOMPARE(report->mismatches[0].fields[0].field, u"sourcePpl"_s);
    on.hooks = {};
    on.push(); // the next push heals it
    QVERIFY(on.plan().isEmpty());
}

void TstConfigRecords::aDamagedRecordEndsThePush()
{
    RecordsFixture on;
    const auto plan = on.plan();
    on.broker.write({ { .type = recordtype::kConfigRoute,
        .id = u"odd"_s,
        .typeUrl = u"type.googleapis.com/google.protobuf.Empty"_s } });

    const auto report = on.apply(plan);

    QCOMPARE(report.error().code, ErrorCode::BadResponse);
    QVERIFY(report.error().what.english().contains(u"odd"));
    QVERIFY(!report.error().remedy.isEmpty());
    QCOMPARE(on.broker.count(u"Put"_s), 0);
}

void TstConfigRecords::aDeletedEntityLeavesATombstoneAndOthersStay()
{
    RecordsFixture on;
    on.broker.write({ foreignRoute(u"theirs"_s) });
    on.push();
    const auto latest = on.broker.client(on.clock)->syncLatest(
        recordtype::kConfigRoute, [](DatabrokerRecord&&) { }, {});
    on.source.routes.pop_back();

    on.push();

    std::vector<DatabrokerRecord> changes;
    QVERIFY(on.broker.client(on.clock)->sync(
        { .from = latest->position, .type = recordtype::kConfigRoute },
        [&](DatabrokerRecord&& record) { changes.push_back(std::move(record)); }, {}));
    QCOMPARE(changes.size(), std::size_t { 1 });
    QCOMPARE(changes.front().id, on.ownership.routeId(u"wiki"_s));
    QVERIFY(changes.front().isDeleted);
    QCOMPARE(on.held(EntityKind::Route, u"theirs"_s)->data, foreignRoute(u"theirs"_s).data);
}

void TstConfigRecords::anUpdateWithoutNamesSendsNothing()
{
    RecordsFixture on;
    on.push();
    on.broker.forgetCalls();

    const auto policy = on.editor.update(on.policyAt(u"bob"_s), {}, {});
    const auto route = on.editor.update(RouteEntity { .id = u"r"_s }, {}, {});

    QCOMPARE(policy.error().code, ErrorCode::Internal);
    QCOMPARE(route.error().code, ErrorCode::Internal);
    QVERIFY(on.broker.calls().empty());
}

void TstConfigRecords::countingFetchesNothing()
{
    RecordsFixture on;
    on.push();
    on.broker.forgetCalls();

    QCOMPARE(on.client.count(EntityKind::Policy, {}).value(), std::int64_t { 2 });
    QCOMPARE(on.client.count(EntityKind::Route, {}).value(), std::int64_t { 2 });
    QCOMPARE(on.broker.count(u"SyncLatest"_s), 0);
}

static const bool kConfigRecordsRegistered
    = test::registerTestClass<TstConfigRecords>("configrecords");

} // namespace portreeve

#include "tst_configrecords.moc"
