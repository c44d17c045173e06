// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/configdelivery.h"
#include "core/proxy/delivery/deliverysource.h"
#include "tests/support/deliveryfixture.h"
#include "tests/support/testregistry.h"

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::DeliveryFixture;

/// Policies of ours on routes of others, from the wish to the proxy (proxy.md 6.3, last paragraph).
class TstAttachments : public QObject
{
    Q_OBJECT

private slots:
    void whatIsAttachedIsRememberedUntilItIsGone();
    void onlyRoutesOfOthersAreOffered();
    void onlyRoutesOfOthersCanBeAttachedTo();
    void withoutTheConfigurationServiceThereIsNoWay();
    void theNextDeliveryAttachesAndTouchesNothingElse();
    void thePreviewSaysWhoGainsARouteOfOthers();
    void detachingTakesOursOffAndIsThenForgotten();
    void removingThePolicyDetachesItFirst();
    void aPolicyRefusedForNowStaysAttached();
    void aWishMakesATargetDue();
};

namespace {

const QString kWiki = u"wiki policy"_s;

/// alice, bob and john, a wiki for engineers, and a shop that somebody else keeps.
struct Desk : DeliveryFixture
{
    Desk()
    {
        commit(staff());
        addRoute(u"wiki"_s, u"engineering"_s);
        target = addFullTarget();
        proxy.putPolicy({ { u"id"_s, u"own"_s }, { u"name"_s, u"own"_s },
            { u"originatorId"_s, u"terraform"_s },
            { u"sourcePpl"_s, u"- allow:\n    or:\n      - user:\n          is: \"bob\"\n"_s } });
        proxy.putRoute(shop);
        if (!push(target.id)) {
            qFatal("the first delivery failed");
        }
        proxy.forgetCalls();
    }

    Result<AttachedPolicy> setAttached(
        bool isAttached, const QString& route = u"shop"_s, const QString& policy = kWiki)
    {
        return delivery().setAttached(
            { .targetId = target.id, .routeId = route, .policy = policy, .attached = isAttached },
            control());
    }

    std::vector<AttachedPolicy> attached()
    {
        return sync.store->attachments().list(target.id).value();
    }

    QJsonArray policiesOfShop() const
    {
        return proxy.routes().value(u"shop"_s).value(u"policyIds"_s).toArray();
    }

    QString policyId()
    {
        const auto stored = sync.store->policies().policy(kWiki);
        return configOwnership(target, readTargetOptions(target).value()).policyId(stored->id);
    }

    const QJsonObject shop { { u"id"_s, u"shop"_s }, { u"name"_s, u"Shop"_s },
        { u"from"_s, u"https://shop.example.com"_s }, { u"to"_s, QJsonArray { u"http://shop"_s } },
        { u"originatorId"_s, u"terraform"_s }, { u"description"_s, u"unknown to us"_s },
        { u"policyIds"_s, QJsonArray { u"own"_s } } };
    ProxyTarget target {};
};

} // namespace

void TstAttachments::whatIsAttachedIsRememberedUntilItIsGone()
{
    DeliveryFixture fixture;
    const auto target = fixture.addFullTarget();
    auto& attachments = fixture.sync.store->attachments();
    const AttachedPolicy first { .routeId = u"r-1"_s,
        .routeName = u"Shop"_s,
        .policyId = u"p-1"_s,
        .policyName = u"Staff"_s,
        .actor = u"admin"_s };
    auto second = first;
    second.routeId = u"r-2"_s;
    second.routeName = u"Bar"_s;

    QVERIFY(attachments.attach(target.id, first));
    QVERIFY(attachments.attach(target.id, second));
    QVERIFY(attachments.detach(target.id, u"r-1"_s, u"p-1"_s));
    QCOMPARE(attachments.detach(target.id, u"r-1"_s, u"p-2"_s).error().code, ErrorCode::NotFound);

    auto listed = attachments.list(target.id).value();
    QCOMPARE(listed.size(), std::size_t { 2 });
    QCOMPARE(listed[0].routeName, u"Bar"_s);
    QVERIFY(listed[0].wanted);
    QVERIFY(!listed[1].wanted);
    QCOMPARE(listed[1].actor, u"admin"_s);

    QVERIFY(attachments.attach(target.id, first)); // wanted again meanwhile
    QVERIFY(attachments.forget(target.id, { listed[1] }));
    QCOMPARE(attachments.list(target.id)->size(), std::size_t { 2 });
    QVERIFY(attachments.forget(target.id, attachments.list(target.id).value()));
    QVERIFY(attachments.list(target.id)->empty());
}

void TstAttachments::onlyRoutesOfOthersAreOffered()
{
    Desk desk;

    const auto routes = desk.delivery().routesOfOthers(desk.target.id, desk.control());

    QVERIFY2(routes, qPrintable(routes ? QString() : routes.error().toText()));
    QCOMPARE(routes->size(), std::size_t { 1 });
    QCOMPARE(routes->front().id, u"shop"_s);
    QCOMPARE(routes->front().name, u"Shop"_s);
    QCOMPARE(routes->front().address, u"https://shop.example.com"_s);
    QCOMPARE(routes->front().keeper, u"terraform"_s);
    QCOMPARE(routes->front().policies, 1);
    QVERIFY(desk.proxy.writes().isEmpty());
}

void TstAttachments::onlyRoutesOfOthersCanBeAttachedTo()
{
    Desk desk;
    const auto ours = desk.proxy.routes().keys();
    const auto own
        = std::find_if(ours.begin(), ours.end(), [](const QString& id) { return id != u"shop"; });

    QCOMPARE(desk.setAttached(true, *own).error().code, ErrorCode::InvalidInput);
    QCOMPARE(desk.setAttached(true, u"nowhere"_s).error().code, ErrorCode::NotFound);
    QCOMPARE(desk.setAttached(true, u"shop"_s, u"nobody's"_s).error().code, ErrorCode::NotFound);
    QCOMPARE(desk.setAttached(false).error().code, ErrorCode::NotFound);
    QVERIFY(desk.attached().empty());
}

void TstAttachments::withoutTheConfigurationServiceThereIsNoWay()
{
    Desk desk;
    desk.setOption(desk.target.id, u"policy_channel"_s, u"none"_s);

    QCOMPARE(desk.setAttached(true).error().field, u"policy_channel"_s);
    QVERIFY(!desk.delivery().routesOfOthers(desk.target.id, desk.control()));

    desk.setOption(desk.target.id, u"policy_channel"_s, u"config_service"_s);
    desk.setOption(desk.target.id, u"read_only"_s, u"true"_s);
    QCOMPARE(desk.setAttached(true).error().code, ErrorCode::InvalidInput);
}

void TstAttachments::theNextDeliveryAttachesAndTouchesNothingElse()
{
    Desk desk;
    QCOMPARE(desk.plan(desk.target.id)->verdict, Verdict::Nothing); // nobody asked for it

    const auto attached = desk.setAttached(true);
    QVERIFY2(attached, qPrintable(attached ? QString() : attached.error().toText()));
    QVERIFY(desk.proxy.writes().isEmpty());
    const auto plan = desk.plan(desk.target.id);
    QVERIFY(desk.push(desk.target.id));

    QCOMPARE(plan->changes.size(), std::size_t { 1 });
    QCOMPARE(plan->changes.front().id, u"shop"_s);
    QVERIFY(plan->changes.front().isForeign);
    QCOMPARE(desk.proxy.writes(), QStringList(u"UpdateRoute"_s));
    auto now = desk.proxy.routes().value(u"shop"_s);
    now.remove(u"modifiedAt"_s);
    auto expected = desk.shop;
    expected.insert(u"policyIds"_s, QJsonArray { u"own"_s, desk.policyId() });
    QCOMPARE(now, expected);
    QCOMPARE(desk.plan(desk.target.id)->verdict, Verdict::Nothing);
    const auto audit = desk.sync.store->audit().list(0, 100).value();
    QVERIFY(std::any_of(audit.begin(), audit.end(), [&](const AuditEntry& entry) {
        return entry.event == u"policy_attached" && entry.subject == desk.target.id
            && entry.details.contains(u"\"route\":\"shop\"");
    }));
}

void TstAttachments::thePreviewSaysWhoGainsARouteOfOthers()
{
    Desk desk;
    QVERIFY(desk.setAttached(true));

    const auto plan = desk.plan(desk.target.id);

    QVERIFY(plan->accessKnown);
    QStringList gains;
    for (const auto& change : plan->access) {
        QVERIFY(change.gained);
        QCOMPARE(change.route, u"Shop"_s);
        gains.append(change.userId);
    }
    QCOMPARE(gains, QStringList({ u"alice"_s, u"john"_s })); // bob is in already
}

void TstAttachments::detachingTakesOursOffAndIsThenForgotten()
{
    Desk desk;
    QVERIFY(desk.setAttached(true));
    QVERIFY(desk.push(desk.target.id));

    QVERIFY(desk.setAttached(false));
    QCOMPARE(desk.attached().size(), std::size_t { 1 });
    QVERIFY(!desk.attached().front().wanted);
    const auto plan = desk.plan(desk.target.id);
    QVERIFY(desk.push(desk.target.id));

    QVERIFY(plan->changes.front().isForeign);
    QCOMPARE(desk.policiesOfShop(), QJsonArray { u"own"_s });
    QVERIFY(desk.attached().empty());
    QCOMPARE(desk.proxy.policies().size(), 2); // ours stays for its own route
}

void TstAttachments::removingThePolicyDetachesItFirst()
{
    Desk desk;
    auto& policies = desk.sync.store->policies();
    const auto more = policies.save(StoredPolicy { .name = u"more"_s,
        .text = u"- allow:\n    or:\n      - user:\n          is: \"ann\"\n"_s });
    QVERIFY(more);
    QVERIFY(desk.setAttached(true, u"shop"_s, u"more"_s));
    QVERIFY(desk.push(desk.target.id));
    QCOMPARE(desk.policiesOfShop().size(), 2);
    desk.proxy.forgetCalls();

    QVERIFY(policies.removePolicy(more->id));
    QVERIFY(desk.push(desk.target.id));

    QCOMPARE(desk.proxy.writes(), QStringList({ u"UpdateRoute"_s, u"DeletePolicy"_s }));
    QCOMPARE(desk.policiesOfShop(), QJsonArray { u"own"_s });
    QVERIFY(desk.attached().empty());
}

void TstAttachments::aPolicyRefusedForNowStaysAttached()
{
    Desk desk;
    QVERIFY(desk.setAttached(true));
    QVERIFY(desk.push(desk.target.id));
    desk.refusePolicy(kWiki);

    QVERIFY(!desk.push(desk.target.id)); // because of the refusal

    QCOMPARE(desk.policiesOfShop().size(), 2);
    QCOMPARE(desk.attached().size(), std::size_t { 1 });
}

void TstAttachments::aWishMakesATargetDue()
{
    Desk desk;
    auto& store = *desk.sync.store;
    const auto before = deliveryFingerprint(store, desk.target, {}).value();

    QVERIFY(desk.setAttached(true));
    const auto wanted = deliveryFingerprint(store, desk.target, {}).value();
    QVERIFY(desk.setAttached(false));

    QVERIFY(wanted != before);
    QVERIFY(deliveryFingerprint(store, desk.target, {}).value() != wanted);
}

static const bool kAttachmentsRegistered = test::registerTestClass<TstAttachments>("attachments");

} // namespace portreeve

#include "tst_attachments.moc"
