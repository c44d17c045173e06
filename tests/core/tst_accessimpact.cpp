// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/access/accessimpact.h"
#include "core/access/storedaccess.h"
#include "core/policy/parser.h"
#include "tests/support/smalldirectory.h"
#include "tests/support/testdatabase.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve::access {

namespace {

StoredPolicy policyOf(const QString& id, const QString& text, bool enforced = false)
{
    return {
        .id = id, .name = id.isEmpty() ? u"policy"_s : id, .text = text, .enforced = enforced
    };
}

QStringList spelled(const AccessImpact& impact)
{
    QStringList out;
    for (const auto& change : impact.changes) {
        out.append((change.gained ? u"+"_s : u"-"_s) % change.userId % u' ' % change.route);
    }
    return out;
}

AccessImpact impactOf(const test::SmallDirectory& before, const test::SmallDirectory& after,
    const std::vector<StoredPolicy>& policies)
{
    const auto directory = before.connection(u"corp"_s);
    const ChangeSet changes { .before = directory.snapshot, .after = after.snapshot() };
    StoredRoute app { .name = u"app"_s };
    for (const auto& policy : policies) {
        app.policyIds.push_back(policy.id);
    }
    return accessImpact(changes, { .id = u"corp"_s }, { .connections = { directory } },
        { .routes = { app }, .policies = policies });
}

} // namespace

class TstAccessImpact : public QObject
{
    Q_OBJECT

private slots:
    void gainsAndLossesAreNamed();
    void aVanishedGroupTakesAccessInTheSameStep();
    void aVanishedDenyGroupClosesTheRoute();
    void aFirstImportListsNoGains();
    void enforcedPoliciesCount();
    void storedRulesDecide();
    void everyAnswerThatDiffersIsListed();
};

void TstAccessImpact::gainsAndLossesAreNamed()
{
    auto after = test::staffDirectory();
    after.members = { { u"g-eng"_s, u"u-dee"_s }, { u"g-staff"_s, u"u-bob"_s } };

    const auto impact = impactOf(test::staffDirectory(), after,
        { policyOf(u"p"_s, u"{allow: {and: [{groups: g-eng}]}}"_s) });

    QCOMPARE(spelled(impact), (QStringList { u"-u-ann app"_s, u"+u-dee app"_s }));
    QCOMPARE(impact.withAccess, 1);
    QCOMPARE(impact.losingAll, 1);
}

void TstAccessImpact::aVanishedGroupTakesAccessInTheSameStep()
{
    auto after = test::staffDirectory();
    after.groups.erase(after.groups.begin());

    const auto impact = impactOf(test::staffDirectory(), after,
        { policyOf(
            u"p"_s, u"[{allow: {and: [{groups: g-eng}]}}, {allow: {not: [{groups: g-eng}]}}]"_s) });

    QCOMPARE(spelled(impact), (QStringList { u"-u-ann app"_s, u"-u-bob app"_s, u"-u-dee app"_s }));
}

void TstAccessImpact::aVanishedDenyGroupClosesTheRoute()
{
    auto after = test::staffDirectory();
    after.groups.erase(after.groups.begin());

    const auto impact = impactOf(test::staffDirectory(), after,
        { policyOf(u"p"_s,
            u"{allow: {or: [{authenticated_user: 1}]}, deny: {or: [{groups: g-eng}]}}"_s) });

    QCOMPARE(impact.losingAll, 2);
    QCOMPARE(impact.withAccess, 2);
}

void TstAccessImpact::aFirstImportListsNoGains()
{
    const auto impact = impactOf({}, test::staffDirectory(),
        { policyOf(u"p"_s, u"{allow: {or: [{authenticated_user: 1}]}}"_s) });

    QVERIFY(impact.changes.empty());
    QCOMPARE(impact.withAccess, 0);
}

void TstAccessImpact::enforcedPoliciesCount()
{
    const std::vector policies { policyOf(u"own"_s, u"{allow: {or: [{user: u-ann}]}}"_s),
        policyOf(u"house"_s, u"{deny: {or: [{domain: other.test}]}}"_s, true) };
    const StoredRoute app { .name = u"app"_s, .policyIds = { u"gone"_s, u"own"_s } };

    const auto used = policiesOf(app, policies);
    const auto rules = routeRules(policies, { app }, {});

    QCOMPARE(used.size(), std::size_t { 2 });
    QCOMPARE(used.back()->id, u"house"_s);
    QCOMPARE(rules.front().policies.size(), std::size_t { 2 });
}

void TstAccessImpact::storedRulesDecide()
{
    test::TestDatabase database;
    const auto connection = database.addConnection(u"corp"_s);
    const ChangeSet changes { .before = test::staffDirectory().snapshot(),
        .after = test::SmallDirectory {}.snapshot() };
    const auto none = storedAccessImpact(database.store(), connection, changes);
    const auto policy = database.store().policies().save(
        policyOf({}, u"[{allow: {or: [{authenticated_user: true}]}}]"_s));
    QVERIFY(policy.hasValue());
    QVERIFY(database.store()
            .policies()
            .save(StoredRoute { .name = u"app"_s,
                .from = u"https://app.corp.test"_s,
                .to = { u"http://127.0.0.1:8080"_s },
                .policyIds = { policy->id } })
            .hasValue());

    const auto impact = storedAccessImpact(database.store(), connection, changes);

    QVERIFY(none.hasValue());
    QVERIFY(none->changes.empty());
    QVERIFY(impact.hasValue());
    QCOMPARE(impact->losingAll, 3);
    QCOMPARE(impact->changes.size(), std::size_t { 3 });
}

void TstAccessImpact::everyAnswerThatDiffersIsListed()
{
    auto later = test::staffDirectory();
    later.users.erase(later.users.begin());
    AccessMoment before { .view
        = { .connections = { test::staffDirectory().connection(u"corp"_s) } },
        .rules = { .routes = { { .name = u"app"_s, .policyIds = { u"p"_s } } },
            .policies = { policyOf(u"p"_s, u"{allow: {or: [{authenticated_user: 1}]}}"_s) } } };
    AccessMoment after = before;
    after.view.connections = { later.connection(u"corp"_s) };
    after.rules.policies
        = { policyOf(u"p"_s, u"{allow: {and: [{user: u-bob}, {http_method: {is: GET}}]}}"_s) };

    const auto changes = compareReach(before, after, { { .id = u"corp"_s, .name = u"Corp"_s } });
    const auto none = compareReach(before, before, { { .id = u"corp"_s } });

    QStringList seen;
    for (const auto& change : changes) {
        QVERIFY(!change.because.empty());
        seen.append(QStringList { change.connectionName, change.userId, change.route,
            reachName(change.before), reachName(change.after) }
                .join(u' '));
    }
    QCOMPARE(seen,
        (QStringList { u"Corp u-ann app yes no"_s, u"Corp u-bob app yes depends"_s,
            u"Corp u-dee app yes no"_s }));
    QCOMPARE(changes.front().because.front().english(), u"The account is gone."_s);
    QVERIFY(none.empty());
}

static const bool kAccessImpactRegistered
    = test::registerTestClass<TstAccessImpact>("accessimpact");

} // namespace portreeve::access

#include "tst_accessimpact.moc"
