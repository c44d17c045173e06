// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/diff.h"
#include "core/sync/syncplan.h"
#include "tests/support/listing.h"
#include "tests/support/testregistry.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::Listing;

namespace {

Listing before()
{
    return test::crowd(8);
}

Listing after()
{
    Listing listing = test::crowd(8);
    listing.removeUser(u"u003"_s).members(u"new \"group\"\n\u00e9"_s, { u"u001"_s, u"zoe"_s });
    listing.userOf(u"u002"_s).email = u"two@example.com"_s;
    listing.notes = { u"first"_s, u"second"_s };
    listing.quarantine = { { .id = u"x"_s, .reason = u"No id."_s } };
    return listing;
}

SyncPlan planOf(const Listing& from, const Listing& to)
{
    SyncPlan plan { .connectionId = u"c1"_s,
        .connectionName = u"Staff"_s,
        .baseGeneration = 7,
        .fingerprint = u"f"_s,
        .changes = diffSnapshots(from.snapshot(), to.snapshot()),
        .sourceState = "cursor",
        .tenantId = u"t1"_s };
    plan.quarantine = plan.changes.after->quarantine();
    plan.notes = plan.changes.after->notes();
    sealPlan(plan);
    return plan;
}

} // namespace

class TstSyncPlan : public QObject
{
    Q_OBJECT

private slots:
    void point15ShuffledPagesGiveTheSameHashAndBytes();
    void whateverDecidesWhatIsAppliedChangesTheHash_data();
    void whateverDecidesWhatIsAppliedChangesTheHash();
    void namesAndCursorsDoNotChangeTheHash();
    void theJsonHasTheKeysOfTheCommandLine();
    void theTextIsTheJsonToTheByte();
    void everyChangeIsListed();
    void verdictsFollowChangesAndHolds();
    void aPlanFileIsReadBack();
    void otherFilesAreRefused_data();
    void otherFilesAreRefused();
};

void TstSyncPlan::point15ShuffledPagesGiveTheSameHashAndBytes()
{
    const SyncPlan plan = planOf(before(), after());

    for (unsigned seed = 1; seed <= 20; ++seed) {
        const SyncPlan other = planOf(before().shuffled(seed), after().shuffled(seed + 100));
        QCOMPARE(other.planHash, plan.planHash);
        QCOMPARE(other.toJsonText(), plan.toJsonText());
    }
    QCOMPARE(plan.planHash.size(), 64);
}

void TstSyncPlan::whateverDecidesWhatIsAppliedChangesTheHash_data()
{
    QTest::addColumn<int>("what");
    QTest::addRow("connection") << 0;
    QTest::addRow("settings") << 2;
    QTest::addRow("tenant") << 3;
    QTest::addRow("a held flag") << 4;
    QTest::addRow("an attribute of a new user") << 5;
    QTest::addRow("a membership") << 6;
    QTest::addRow("the reverted run") << 7;
}

void TstSyncPlan::whateverDecidesWhatIsAppliedChangesTheHash()
{
    QFETCH(int, what);
    SyncPlan plan = planOf(before(), after());
    const QString original = plan.planHash;
    Listing other = after();
    if (what == 5) {
        other.userOf(u"zoe"_s).email = u"zoe@other.example"_s;
        plan = planOf(before(), other);
    } else if (what == 6) {
        plan = planOf(before(), other.removeMember(u"everyone"_s, u"u005"_s));
    }
    plan.connectionId = what == 0 ? u"c2"_s : plan.connectionId;
    plan.fingerprint = what == 2 ? u"g"_s : plan.fingerprint;
    plan.tenantId = what == 3 ? u"t2"_s : plan.tenantId;
    plan.changes.users.back().held = what == 4;
    plan.revertsRun = what == 7 ? std::optional<std::int64_t>(3) : std::nullopt;

    sealPlan(plan);

    QVERIFY(plan.planHash != original);
}

void TstSyncPlan::namesAndCursorsDoNotChangeTheHash()
{
    SyncPlan plan = planOf(before(), after());
    const QString original = plan.planHash;
    plan.connectionName = u"Renamed"_s;
    plan.sourceState = "another cursor";
    plan.baseGeneration = 8;
    plan.notes.push_back(u"third"_s);

    sealPlan(plan);

    QCOMPARE(plan.planHash, original);
}

void TstSyncPlan::theJsonHasTheKeysOfTheCommandLine()
{
    SyncPlan plan = planOf(before(), after());
    plan.access = { { .userId = u"u003"_s, .userName = u"Three"_s, .route = u"wiki"_s } };
    plan.trips = { { .guard = GuardId::G1, .reason = message("Too many."), .affected = 1 } };

    const QJsonObject json = plan.toJson();

    QCOMPARE(json.value(u"connection"_s).toString(), u"Staff"_s);
    QCOMPARE(json.value(u"generation"_s).toInteger(), 7);
    QCOMPARE(json.value(u"verdict"_s).toString(), u"go"_s);
    QCOMPARE(json.value(u"plan_hash"_s).toString(), plan.planHash);
    QCOMPARE(json.value(u"held_reasons"_s).toArray(), QJsonArray { u"Too many."_s });
    const QJsonObject users = json.value(u"counts"_s).toObject().value(u"users"_s).toObject();
    QCOMPARE(users.value(u"added"_s).toInteger(), 1);
    QCOMPARE(users.value(u"updated"_s).toInteger(), 1);
    QCOMPARE(users.value(u"removed"_s).toInteger(), 1);
    QCOMPARE(json.value(u"access"_s).toObject().value(u"lost"_s).toInteger(), 1);
    QCOMPARE(json.value(u"access"_s).toObject().value(u"gained"_s).toInteger(), 0);
}

void TstSyncPlan::theTextIsTheJsonToTheByte()
{
    const SyncPlan plan = planOf(before(), after());

    QCOMPARE(QJsonDocument(plan.toJson()).toJson(QJsonDocument::Compact), plan.toJsonText());
}

void TstSyncPlan::everyChangeIsListed()
{
    const SyncPlan plan = planOf(before(), after());

    const QJsonArray changes = plan.toJson().value(u"changes"_s).toArray();

    QCOMPARE(changes.size(), 1 + 3 + 3);
    const QJsonObject group = changes.at(0).toObject();
    QCOMPARE(group.value(u"id"_s).toString(), u"new \"group\"\n\u00e9"_s);
    const QJsonObject edge = changes.last().toObject();
    QCOMPARE(edge.value(u"kind"_s).toString(), u"membership"_s);
    QCOMPARE(edge.value(u"action"_s).toString(), u"remove"_s);
    QCOMPARE(edge.value(u"member_id"_s).toString(), u"u003"_s);
}

void TstSyncPlan::verdictsFollowChangesAndHolds()
{
    SyncPlan plan = planOf(before(), after());
    QCOMPARE(plan.verdict, Verdict::Go);

    plan.changes.users.back().held = true;
    sealPlan(plan);
    QCOMPARE(plan.verdict, Verdict::Held);
    QCOMPARE(plan.counts.users.held, 1);

    QCOMPARE(planOf(before(), before()).verdict, Verdict::Nothing);
}

void TstSyncPlan::aPlanFileIsReadBack()
{
    const SyncPlan plan = planOf(before(), after());

    const auto file = readPlanFile(plan.toJsonText());

    QVERIFY(file.hasValue());
    QCOMPARE(file->connectionId, u"c1"_s);
    QCOMPARE(file->connectionName, u"Staff"_s);
    QCOMPARE(file->baseGeneration, 7);
    QCOMPARE(file->planHash, plan.planHash);
}

void TstSyncPlan::otherFilesAreRefused_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addRow("empty") << QByteArray();
    QTest::addRow("cut off") << QByteArray("{\"connection\":");
    QTest::addRow("a list") << QByteArray("[]");
    QTest::addRow("another format") << QByteArray("{\"format\":99}");
    QTest::addRow("no hash") << QByteArray("{\"format\":1,\"connection_id\":\"a\"}");
}

void TstSyncPlan::otherFilesAreRefused()
{
    QFETCH(QByteArray, json);

    const auto file = readPlanFile(json);

    QVERIFY(!file.hasValue());
    QCOMPARE(file.error().code, ErrorCode::InvalidInput);
    QVERIFY(!file.error().remedy.isEmpty());
}

static const bool kSyncPlanRegistered = test::registerTestClass<TstSyncPlan>("syncplan");

} // namespace portreeve

#include "tst_syncplan.moc"
