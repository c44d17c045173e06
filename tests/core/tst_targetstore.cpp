// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/testdatabase.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <thread>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

class TstTargetStore : public QObject
{
    Q_OBJECT

private slots:
    void aTargetIsReadBackAsStored();
    void namesAreUniqueWithoutRegardToCase();
    void aMistypedNameIsGuessed();
    void whatWeDeliveredAndWhatWasKeptIsRemembered();
    void blockedPeopleStayUntilTheyAreLetIn();
    void blockedPeopleWhoLeaveAreNoted();
    void removingATargetTakesItsLinksButKeepsItsHistory();
    void oneDeliveryAtATime();
    void aDeliveryIsListedWithItsOutcome();
    void aLinkKeepsEverythingButItself();
};

namespace {

ProxyTarget addTarget(test::TestDatabase& database, const QString& name = u"Office"_s)
{
    const auto added = database.store().targets().add(
        { .name = name, .options = { { u"address"_s, u"127.0.0.1:5443"_s } } });
    return added ? *added : ProxyTarget {};
}

DeviceLink linkOf(const ProxyTarget& target, const QString& enrollment)
{
    return { .enrollmentId = enrollment,
        .targetId = target.id,
        .userId = u"u-ann"_s,
        .userName = u"Ann"_s,
        .type = u"any"_s,
        .host = u"app.example.org"_s,
        .redirect = u"https://app.example.org/"_s,
        .issuedAt = UtcTime(1000s),
        .expiresAt = UtcTime(2000s),
        .creator = u"admin"_s,
        .approved = true };
}

} // namespace

void TstTargetStore::aTargetIsReadBackAsStored()
{
    test::TestDatabase database;
    auto target = addTarget(database);
    target.options.insert(u"tls"_s, u"system"_s);
    target.storedSecrets = { u"shared_secret"_s };
    target.state = TargetState::InStep;
    target.lastPushAt = UtcTime(5s);
    target.recordVersion = 17'446'744'073'709'551'615ULL; // beyond a signed number
    target.generation = 7;
    target.lastError = Error { .code = ErrorCode::Auth, .what = Message::verbatim(u"no"_s) };

    QVERIFY(database.store().targets().updateSettings(target));
    QVERIFY(database.store().targets().updateState(target));
    const auto read = database.store().targets().byName(u" office "_s);

    QVERIFY(read);
    QCOMPARE(read->options, target.options);
    QCOMPARE(read->storedSecrets, target.storedSecrets);
    QCOMPARE(read->state, TargetState::InStep);
    QCOMPARE(read->lastPushAt, target.lastPushAt);
    QCOMPARE(read->recordVersion, target.recordVersion);
    QCOMPARE(read->generation, 7);
    QCOMPARE(read->lastError->code, ErrorCode::Auth);
}

void TstTargetStore::namesAreUniqueWithoutRegardToCase()
{
    test::TestDatabase database;
    addTarget(database);

    const auto again = database.store().targets().add({ .name = u"OFFICE"_s });

    QVERIFY(!again);
    QCOMPARE(again.error().code, ErrorCode::InvalidInput);
    QCOMPARE(again.error().field, u"name"_s);
}

void TstTargetStore::aMistypedNameIsGuessed()
{
    test::TestDatabase database;
    addTarget(database);

    const auto found = database.store().targets().byName(u"Ofice"_s);

    QVERIFY(!found);
    QCOMPARE(found.error().code, ErrorCode::NotFound);
    QVERIFY(found.error().remedy.english().contains(u"Office"_s));
}

void TstTargetStore::whatWeDeliveredAndWhatWasKeptIsRemembered()
{
    test::TestDatabase database;
    const auto target = addTarget(database);
    auto& targets = database.store().targets();

    QVERIFY(targets.setOurs(target.id, DeliveredKind::User, { u"b"_s, u"a"_s, u"😀/x"_s }));
    QVERIFY(targets.setKept(target.id, DeliveredKind::User, { u"b"_s, u"f"_s }));
    QVERIFY(targets.setOurs(target.id, DeliveredKind::Group, { u"g"_s }));
    QVERIFY(targets.forget(target.id, DeliveredKind::User, { u"a"_s }));

    const auto users = targets.ownership(target.id, DeliveredKind::User);
    QVERIFY(users);
    QCOMPARE(users->ours, std::vector { u"😀/x"_s });
    QCOMPARE(users->kept, (std::vector { u"b"_s, u"f"_s }));
    QCOMPARE(targets.ownership(target.id, DeliveredKind::Group)->ours, std::vector { u"g"_s });
}

void TstTargetStore::blockedPeopleStayUntilTheyAreLetIn()
{
    test::TestDatabase database;
    const auto target = addTarget(database);
    auto& targets = database.store().targets();

    QVERIFY(targets.block(target.id, u"u-2"_s, u"admin"_s));
    QVERIFY(targets.block(target.id, u"u-1"_s, u"admin"_s));
    QVERIFY(targets.block(target.id, u"u-1"_s, u"somebody else"_s));
    QVERIFY(targets.unblock(target.id, u"u-2"_s));

    const auto blocked = targets.blockedUsers(target.id);
    QVERIFY(blocked);
    QCOMPARE(blocked->size(), 1U);
    QCOMPARE(blocked->front().userId, u"u-1"_s);
    QCOMPARE(blocked->front().actor, u"admin"_s);
}

void TstTargetStore::blockedPeopleWhoLeaveAreNoted()
{
    test::TestDatabase database;
    const auto target = addTarget(database);
    auto& targets = database.store().targets();
    const auto only = [&] { return targets.blockedUsers(target.id)->front(); };
    QVERIFY(targets.setOurs(target.id, DeliveredKind::User, { u"u-1"_s }));

    QVERIFY(targets.block(target.id, u"u-1"_s, u"admin"_s));
    QVERIFY(only().exported);
    QVERIFY(!*targets.lift(target.id, only()));

    QVERIFY(targets.noteExported(target.id, u"u-1"_s, false));
    const auto gone = only();
    QVERIFY(gone.absentSince);
    QVERIFY(targets.noteExported(target.id, u"u-1"_s, true));
    QVERIFY(!only().absentSince);
    QVERIFY(targets.noteExported(target.id, u"u-1"_s, false));
    QVERIFY(targets.block(target.id, u"u-1"_s, u"admin"_s)); // meant anew
    QVERIFY(!only().absentSince);
    QVERIFY(!*targets.lift(target.id, gone));

    QVERIFY(targets.noteExported(target.id, u"u-1"_s, false));
    QVERIFY(*targets.lift(target.id, only()));
    QVERIFY(targets.blockedUsers(target.id)->empty());
}

void TstTargetStore::removingATargetTakesItsLinksButKeepsItsHistory()
{
    test::TestDatabase database;
    const auto target = addTarget(database);
    QVERIFY(database.store().deviceLinks().add({ linkOf(target, u"e-1"_s) }));
    QVERIFY(database.store().pushes().begin({ .targetId = target.id, .targetName = target.name }));

    QVERIFY(database.store().targets().remove(target.id));

    QVERIFY(!database.store().deviceLinks().byEnrollment(u"e-1"_s));
    QCOMPARE(database.store().pushes().list(target.id, 10)->size(), 1U);
}

void TstTargetStore::oneDeliveryAtATime()
{
    test::TestDatabase database;
    const auto target = addTarget(database);

    QVERIFY(*database.store().targets().claimPush(target.id));
    bool other = true;
    std::thread([&] {
        auto store = database.open();
        other = *(*store)->targets().claimPush(target.id);
    }).join();
    QVERIFY(!other);

    QVERIFY(database.store().targets().releasePush(target.id));
    std::thread([&] {
        auto store = database.open();
        other = *(*store)->targets().claimPush(target.id);
    }).join();
    QVERIFY(other);
}

void TstTargetStore::aDeliveryIsListedWithItsOutcome()
{
    test::TestDatabase database;
    const auto target = addTarget(database);
    auto& pushes = database.store().pushes();
    auto push = pushes.begin({ .targetId = target.id,
        .targetName = target.name,
        .trigger = PushTrigger::Drift,
        .actor = u"system"_s });
    QVERIFY(push);
    push->outcome = PushOutcome::Held;
    push->counts = { .users = { .put = 3, .deleted = 1, .unchanged = 40 } };
    push->notes = { u"one"_s };

    QVERIFY(pushes.finish(*push));

    const auto listed = pushes.list(target.id, 10);
    QVERIFY(listed);
    QCOMPARE(listed->size(), 1U);
    QCOMPARE(listed->front().trigger, PushTrigger::Drift);
    QCOMPARE(listed->front().outcome, PushOutcome::Held);
    QCOMPARE(listed->front().counts, push->counts);
    QCOMPARE(listed->front().notes, push->notes);
    QVERIFY(listed->front().finishedAt);
}

void TstTargetStore::aLinkKeepsEverythingButItself()
{
    test::TestDatabase database;
    const auto target = addTarget(database);
    auto& links = database.store().deviceLinks();
    auto link = linkOf(target, u"e-1"_s);
    QVERIFY(links.add({ link, linkOf(target, u"e-2"_s) }));
    QVERIFY(!links.add({ linkOf(target, u"e-3"_s), linkOf(target, u"e-1"_s) })); // all or none

    link.expiresAt = UtcTime(3000s);
    link.revokedAt = UtcTime(2500s);
    QVERIFY(links.update(link));
    QVERIFY(links.remove(u"e-2"_s));

    const auto listed = links.list(target.id);
    QVERIFY(listed);
    QCOMPARE(listed->size(), 1U);
    QCOMPARE(listed->front().expiresAt, link.expiresAt);
    QCOMPARE(listed->front().revokedAt, link.revokedAt);
    QVERIFY(listed->front().approved);
}

static const bool kTargetStoreRegistered = test::registerTestClass<TstTargetStore>("targetstore");

} // namespace portreeve

#include "tst_targetstore.moc"
