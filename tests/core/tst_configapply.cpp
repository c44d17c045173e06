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
using test::outcomes;
using test::steps;
using test::storedPolicy;
using test::storedRoute;

namespace {

const auto kAllowEng = u"{allow: {and: [{groups: g-eng}]}}"_s;
const auto kDenyBob = u"{deny: {or: [{user: bob}]}}"_s;

/// Two routes, each with a policy of its own.
void fill(ConfigFixture& on)
{
    on.source.policies = { storedPolicy(u"bob"_s, kDenyBob), storedPolicy(u"eng"_s, kAllowEng) };
    on.source.routes = { storedRoute(u"app"_s, u"https://app.corp.test"_s, { u"eng"_s }),
        storedRoute(u"wiki"_s, u"https://wiki.corp.test"_s, { u"bob"_s }) };
}

} // namespace

/// Sending a plan. Numbers are those of proxy.md 6.4.
class TstConfigApply : public QObject
{
    Q_OBJECT

private slots:
    void case01EverythingArrivesAndIsReadBack();
    void case02ATextTheProxyRefusesShowsOurPosition();
    void case03AnIdInUseIsAdoptedWhenItIsOurs();
    void case03AnIdTakenMeanwhileIsLeftAlone();
    void case04AnAttachedPolicyIsDetachedBeforeItGoes();
    void case08AForgetfulProxyGetsTheSameIdsAgain();
    void case13And14UpdatesCarryMaskAndOriginator();
    void case23ALostFieldIsFoundOnReadBack();
    void case24WhatNeedsARefusedPolicyIsNotSent();
    void case24ARefusedReplacementKeepsTheOldPolicy();
    void aPlanMadeTooEarlyIsNotSent();
    void aChangeBetweenWriteAndReadBackIsReported();
    void aBrokenLineEndsThePushAndTheNextOneHeals();
    void aCancelledPushSaysWhatWasDone();
    void progressIsTold();
};

void TstConfigApply::case01EverythingArrivesAndIsReadBack()
{
    ConfigFixture on;
    fill(on);
    on.source.policies[1].explanation = u"Engineers only"_s;
    on.source.routes[0].showErrorDetails = true;

    const auto report = on.apply(on.plan());

    QVERIFY(report->outcome().hasValue());
    QCOMPARE(report->count(ChangeOutcome::Done), std::size_t { 4 });
    const auto route = on.proxy.routes().value(on.routeId(u"app"_s));
    QCOMPARE(route.value(u"originatorId"), QJsonValue(on.ownership.originatorId));
    QCOMPARE(route.value(u"showErrorDetails"), QJsonValue(true));
    const auto policy = on.proxy.policies().value(on.policyId(u"eng"_s));
    QCOMPARE(policy.value(u"explanation"), QJsonValue(u"Engineers only"_s));
    QCOMPARE(policy.value(u"sourcePpl"),
        QJsonValue(u"- allow:\n    and:\n      - groups:\n          has: \"g-eng\"\n"_s));
}

void TstConfigApply::case02ATextTheProxyRefusesShowsOurPosition()
{
    ConfigFixture on;
    auto desired = on.desired();
    desired.policies = { { .id = u"p"_s,
        .originatorId = on.ownership.originatorId,
        .name = u"broken"_s,
        .sourcePpl = u"allow:\n  and: [\n"_s } };

    const auto report = on.apply(planConfig(desired, {}, on.ownership));

    const auto error = *report->results[0].error;
    QCOMPARE(error.code, ErrorCode::InvalidInput);
    QVERIFY(error.what.english().contains(u"\"broken\" is wrong in line"));
    QVERIFY(error.cause->toText().contains(u"did not find expected node content"));
}

void TstConfigApply::case03AnIdInUseIsAdoptedWhenItIsOurs()
{
    ConfigFixture on;
    fill(on);
    on.proxy.faults.losesAnswerOfNextWrite = true;
    QVERIFY(!on.apply(on.plan())->outcome().hasValue());
    // made by that push, or by another window of ours, with another text
    const auto id = on.policyId(u"bob"_s);
    const auto plan = [&] {
        on.proxy.removePolicy(id);
        return on.plan();
    }();
    on.proxy.faults.beforeCall = [&](const QString& method) {
        if (method == u"CreatePolicy" && !on.proxy.policies().contains(id)) {
            on.proxy.putPolicy({ { u"id"_s, id }, { u"name"_s, u"old"_s },
                { u"originatorId"_s, on.ownership.originatorId } });
        }
    };

    const auto report = on.apply(plan);

    QVERIFY(report->outcome().hasValue());
    QCOMPARE(on.proxy.policies().value(id).value(u"name"), QJsonValue(u"bob"_s));
}

void TstConfigApply::case03AnIdTakenMeanwhileIsLeftAlone()
{
    ConfigFixture on;
    fill(on);
    const auto id = on.policyId(u"bob"_s);
    const QJsonObject theirs { { u"id"_s, id }, { u"originatorId"_s, u"terraform"_s } };
    on.proxy.faults.beforeCall = [&](const QString& method) {
        if (method == u"CreatePolicy") {
            on.proxy.putPolicy(theirs);
        }
    };

    const auto report = on.apply(on.plan());

    QCOMPARE(on.proxy.policies().value(id), theirs);
    QCOMPARE(report->outcome().error().code, ErrorCode::Stale);
    QCOMPARE(outcomes(*report), QStringList({ u"failed"_s, u"done"_s, u"done"_s, u"skipped"_s }));
}

void TstConfigApply::case04AnAttachedPolicyIsDetachedBeforeItGoes()
{
    ConfigFixture on;
    fill(on);
    on.push();
    on.proxy.forgetCalls();
    on.source.policies.erase(on.source.policies.begin());
    on.source.routes[1].policyIds = { u"eng"_s };

    on.push();

    QCOMPARE(on.proxy.writes(), QStringList({ u"UpdateRoute"_s, u"DeletePolicy"_s }));
    for (const auto& call : on.proxy.calls()) {
        if (call.method == u"UpdateRoute") {
            QCOMPARE(call.body.value(u"updateMask"), QJsonValue(u"policyIds"_s));
        }
    }
}

void TstConfigApply::case08AForgetfulProxyGetsTheSameIdsAgain()
{
    ConfigFixture on;
    fill(on);
    on.push();
    const auto before = on.proxy.policies().keys() + on.proxy.routes().keys();

    on.proxy.restart();
    on.push();

    QCOMPARE(on.proxy.policies().keys() + on.proxy.routes().keys(), before);
}

void TstConfigApply::case13And14UpdatesCarryMaskAndOriginator()
{
    ConfigFixture on;
    fill(on);
    on.push();
    on.proxy.forgetCalls();
    on.source.policies[0].description = u"new"_s;
    on.source.routes[0].to = { u"http://127.0.0.2"_s };

    on.push();

    for (const auto& call : on.proxy.calls()) {
        if (call.method.startsWith(u"Update")) {
            const auto isPolicy = call.method == u"UpdatePolicy";
            QCOMPARE(
                call.body.value(u"updateMask").toString(), isPolicy ? u"description"_s : u"to"_s);
            QVERIFY(call.body.value(isPolicy ? u"policy" : u"route")
                    .toObject()
                    .contains(u"originatorId"));
        }
    }
    QCOMPARE(on.proxy.writes().size(), 2);
}

void TstConfigApply::case23ALostFieldIsFoundOnReadBack()
{
    ConfigFixture on;
    fill(on);
    on.proxy.faults.ignoredFields = { u"showErrorDetails"_s };
    on.source.routes[0].showErrorDetails = true;

    const auto report = on.apply(on.plan());

    QCOMPARE(report->count(ChangeOutcome::Done), std::size_t { 4 });
    QCOMPARE(report->mismatches.size(), std::size_t { 1 });
    QCOMPARE(report->mismatches[0].name, u"app"_s);
    QCOMPARE(report->mismatches[0].fields,
        (std::vector<FieldDifference> {
            { .field = u"showErrorDetails"_s, .before = u"true"_s, .after = u"false"_s } }));
    QVERIFY(report->outcome().error().what.english().contains(u"showErrorDetails"));
}

void TstConfigApply::case24WhatNeedsARefusedPolicyIsNotSent()
{
    ConfigFixture on;
    fill(on);
    on.proxy.faults.policyRefusal = u"rego cannot say that"_s;
    on.proxy.faults.refusedPolicyName = u"bob"_s;

    const auto plan = on.plan();
    const auto report = on.apply(plan);

    QCOMPARE(steps(plan),
        QStringList({ u"create policy bob"_s, u"create policy eng"_s, u"create route app"_s,
            u"create route wiki"_s }));
    QCOMPARE(outcomes(*report), QStringList({ u"failed"_s, u"done"_s, u"done"_s, u"skipped"_s }));
    const auto error = report->outcome().error();
    QVERIFY(error.what.english().contains(u"in which Portreeve finds no fault"));
    QVERIFY(error.cause->what.english().contains(u"rego cannot say that"));
    QCOMPARE(on.proxy.routes().keys(), QStringList(on.routeId(u"app"_s)));
}

void TstConfigApply::case24ARefusedReplacementKeepsTheOldPolicy()
{
    ConfigFixture on;
    fill(on);
    on.push();
    on.source.policies[0] = storedPolicy(u"stricter"_s, kDenyBob);
    on.source.routes[1].policyIds = { u"stricter"_s };
    on.proxy.faults.policyRefusal = u"no"_s;

    const auto report = on.apply(on.plan());

    QCOMPARE(outcomes(*report), QStringList({ u"failed"_s, u"skipped"_s, u"skipped"_s }));
    QVERIFY(on.proxy.policies().contains(on.policyId(u"bob"_s)));
}

void TstConfigApply::aPlanMadeTooEarlyIsNotSent()
{
    ConfigFixture on;
    fill(on);
    on.push();
    on.source.policies[0].description = u"mine"_s;
    const auto plan = on.plan();
    auto touched = on.proxy.policies().value(on.policyId(u"bob"_s));
    touched.insert(u"description"_s, u"theirs"_s);
    on.proxy.putPolicy(touched);
    on.proxy.forgetCalls();

    const auto report = on.apply(plan);

    QCOMPARE(report.error().code, ErrorCode::Stale);
    QVERIFY(report.error().what.english().contains(u"\"bob\""));
    QVERIFY(on.proxy.writes().isEmpty());
    on.push();
}

void TstConfigApply::aChangeBetweenWriteAndReadBackIsReported()
{
    ConfigFixture on;
    fill(on);
    const auto id = on.policyId(u"bob"_s);
    on.proxy.faults.beforeCall = [&](const QString& method) {
        if (method == u"ListPolicies" && on.proxy.policies().contains(id)) {
            on.proxy.putPolicy({ { u"id"_s, id }, { u"name"_s, u"bob"_s },
                { u"originatorId"_s, on.ownership.originatorId }, { u"sourcePpl"_s, u"[]"_s } });
        }
    };

    const auto report = on.apply(on.plan());

    QCOMPARE(report->mismatches.size(), std::size_t { 1 });
    QCOMPARE(report->mismatches[0].fields[0].field, u"sourcePpl"_s);
    QCOMPARE(report->outcome().error().code, ErrorCode::Stale);
    on.proxy.faults.beforeCall = {};
    on.push(); // the next push heals it
    QVERIFY(on.plan().isEmpty());
}

void TstConfigApply::aBrokenLineEndsThePushAndTheNextOneHeals()
{
    ConfigFixture on;
    fill(on);
    on.proxy.faults.writesUntilBreak = 2;

    const auto report = on.apply(on.plan());

    QCOMPARE(outcomes(*report), QStringList({ u"done"_s, u"done"_s, u"failed"_s, u"skipped"_s }));
    QCOMPARE(report->outcome().error().code, ErrorCode::Network);
    QVERIFY(report->mismatches.empty());
    on.proxy.faults.writesUntilBreak = -1;
    const auto rest = on.plan();
    QCOMPARE(steps(rest), QStringList({ u"create route app"_s, u"create route wiki"_s }));
    on.push();
}

void TstConfigApply::aCancelledPushSaysWhatWasDone()
{
    ConfigFixture on;
    fill(on);
    const auto plan = on.plan();
    on.hooks.progress = [&](std::size_t done, std::size_t) {
        if (done == 1) {
            on.stop.request_stop();
        }
    };

    const auto report = on.apply(plan);

    QCOMPARE(
        outcomes(*report), QStringList({ u"done"_s, u"skipped"_s, u"skipped"_s, u"skipped"_s }));
    QCOMPARE(report->outcome().error().code, ErrorCode::Cancelled);
    QCOMPARE(on.proxy.policies().size(), 1);
}

void TstConfigApply::progressIsTold()
{
    ConfigFixture on;
    fill(on);
    std::vector<std::size_t> seen;
    on.hooks.progress = [&](std::size_t done, std::size_t total) {
        QCOMPARE(total, std::size_t { 4 });
        seen.push_back(done);
    };

    QVERIFY(on.apply(on.plan()).hasValue());

    QCOMPARE(seen, (std::vector<std::size_t> { 0, 1, 2, 3 }));
}

static const bool kConfigApplyRegistered = test::registerTestClass<TstConfigApply>("configapply");

} // namespace portreeve

#include "tst_configapply.moc"
