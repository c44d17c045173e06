// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/pushfixture.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <algorithm>
#include <numeric>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::directoryGroup;
using test::directoryOf;
using test::directoryUser;
using test::PushFixture;
using test::recordOf;

/// Channel B as it should go; numbers are those of proxy.md 5.6.
class TstDirectoryPush : public QObject
{
    Q_OBJECT

private slots:
    void case01ThreeUsersAreOnePutAndThenNone();
    void case03ARemovedUserIsGone();
    void case04ManyUsersAreManySmallPuts();
    void case05AnEmptyDirectoryIsHeldUntilAllowed();
    void case12NumericGroupIdsAreText();
    void case16AFreshClientReadsEverythingFirst();
    void case18NothingIsEverPatched();
    void case20IdsDeletedLatelyAreToldAndPutAgain();
    void consentIsForWhatWasShownOnly();
    void groupsComeBeforeUsersAndDeletionsLast();
    void oneChangeWritesOneRecord();
    void aUserLargerThanAMessageIsRefusedByName();
    void idsWithSlashesAndEmojiArriveWhole();
    void aCapacityOptionIsWarnedOf();
    void aHundredThousandUsersArrive();
    void theOutcomeSaysWhereToWatchFrom();
};

void TstDirectoryPush::case01ThreeUsersAreOnePutAndThenNone()
{
    PushFixture fixture;
    const auto records = directoryOf(3);

    const auto first = fixture.push(records);
    const auto second = fixture.push(records);

    QVERIFY(first.state == PushState::Done);
    QCOMPARE(first.users.added, 3);
    QVERIFY(fixture.putSizes() == std::vector { 3 });
    std::uint64_t version = 0;
    for (const auto& record : fixture.server.records(recordtype::kDirectoryUser)) {
        QVERIFY(record.version > version);
        version = record.version;
    }
    QVERIFY(second.state == PushState::Unchanged);
    QCOMPARE(second.puts, 0);
    QCOMPARE(second.plan.users.unchanged, 3);
}

void TstDirectoryPush::case03ARemovedUserIsGone()
{
    PushFixture fixture;
    QVERIFY(fixture.push(directoryOf(3)).state == PushState::Done);
    const auto before
        = fixture.client->syncLatest(recordtype::kDirectoryUser, [](DatabrokerRecord&&) { }, {});

    const auto outcome = fixture.push(directoryOf(2));

    QVERIFY(outcome.state == PushState::Done);
    QCOMPARE(outcome.users.deleted, 1);
    QCOMPARE(fixture.client->get(recordtype::kDirectoryUser, u"u-2"_s, {}).error().code,
        ErrorCode::NotFound);
    std::vector<DatabrokerRecord> changes;
    QVERIFY(
        bool(fixture.client->sync({ .from = before->position, .type = recordtype::kDirectoryUser },
            [&](DatabrokerRecord&& record) { changes.push_back(std::move(record)); }, {})));
    QCOMPARE(changes.size(), std::size_t { 1 });
    QCOMPARE(changes.front().id, u"u-2"_s);
    QVERIFY(changes.front().isDeleted);
    QVERIFY(!fixture.ownership.users.ours.contains(u"u-2"_s));
}

void TstDirectoryPush::case04ManyUsersAreManySmallPuts()
{
    PushFixture fixture;

    const auto outcome = fixture.push(directoryOf(10'001, 300));

    QVERIFY(outcome.state == PushState::Done);
    const auto sizes = fixture.putSizes();
    QVERIFY(sizes.size() >= 21);
    QCOMPARE(std::accumulate(sizes.begin(), sizes.end(), 0), 10'001);
    for (const auto& call : fixture.server.calls()) {
        QVERIFY(call.records <= 500);
        QVERIFY(call.bytes <= 1024 * 1024);
    }
    QCOMPARE(fixture.remoteUserIds().size(), 10'001);
}

void TstDirectoryPush::case05AnEmptyDirectoryIsHeldUntilAllowed()
{
    PushFixture fixture;
    QVERIFY(fixture.push(directoryOf(50)).state == PushState::Done);
    fixture.server.forgetCalls();

    const auto held = fixture.push({});
    QVERIFY(held.state == PushState::Held);
    QCOMPARE(held.plan.deletions(), 50);
    QCOMPARE(fixture.server.count(u"Put"_s), 0);
    QCOMPARE(fixture.remoteUserIds().size(), 50);

    fixture.options.allowedDeletions = 50;
    const auto allowed = fixture.push({});
    QVERIFY(allowed.state == PushState::Done);
    QCOMPARE(allowed.users.deleted, 50);
    QVERIFY(fixture.remoteUserIds().isEmpty());
}

void TstDirectoryPush::case12NumericGroupIdsAreText()
{
    PushFixture fixture;
    QVERIFY(fixture
                .push({ .groups = { directoryGroup(u"4711"_s) },
                    .users = { directoryUser(u"ann"_s, { u"4711"_s }) } })
                .state
        == PushState::Done);

    QVERIFY(fixture.remoteUsers().front().groupIds == std::vector { u"4711"_s });
}

void TstDirectoryPush::case16AFreshClientReadsEverythingFirst()
{
    PushFixture fixture;

    QVERIFY(fixture.plan(directoryOf(3)).changes.size() == 3);
    QVERIFY(fixture.push(directoryOf(3)).state == PushState::Done);
    QVERIFY(fixture.push(directoryOf(2)).state == PushState::Done);

    QCOMPARE(fixture.server.calls().front().method, u"SyncLatest"_s);
    QVERIFY(fixture.server.count(u"Sync"_s) > 0); // what was written is looked for
    QCOMPARE(fixture.server.syncsFromNothing(), 0);
}

void TstDirectoryPush::case18NothingIsEverPatched()
{
    PushFixture fixture;
    QVERIFY(fixture.push(directoryOf(3)).state == PushState::Done);
    auto records = directoryOf(3);
    records.users.front().email = u"new@corp.test"_s;

    QVERIFY(fixture.push(records).state == PushState::Done);

    QCOMPARE(fixture.server.count(u"Patch"_s), 0);
    QCOMPARE(fixture.remoteUsers().front().toJson(), records.users.front().toJson());
}

void TstDirectoryPush::case20IdsDeletedLatelyAreToldAndPutAgain()
{
    PushFixture fixture;
    const auto records = directoryOf(1'000);
    QVERIFY(fixture.push(records).state == PushState::Done);
    fixture.options.allowedDeletions = 1'000;
    QVERIFY(fixture.push({}).state == PushState::Done);
    fixture.progress.clear();
    for (const auto& user : records.users) {
        fixture.options.deletedLately.insert(user.id);
    }

    const auto outcome = fixture.push(records);

    QVERIFY(outcome.state == PushState::Done);
    QCOMPARE(fixture.remoteUserIds().size(), 1'000);
    QCOMPARE(outcome.plan.notes.size(), std::size_t { 1 });
    QVERIFY(outcome.plan.notes.front().english().startsWith(u"1000 of the new records"));
    std::vector<std::int64_t> written;
    for (const auto& step : fixture.progress) {
        if (step.phase == PushPhase::Writing) {
            QCOMPARE(step.total, 1'000);
            written.push_back(step.done);
        }
    }
    QVERIFY(written == (std::vector<std::int64_t> { 0, 500, 1'000 }));
}

void TstDirectoryPush::consentIsForWhatWasShownOnly()
{
    PushFixture fixture;
    QVERIFY(fixture.push(directoryOf(50)).state == PushState::Done);
    fixture.options.allowedDeletions = 40;

    QVERIFY(fixture.push({}).state == PushState::Held);
    QCOMPARE(fixture.remoteUserIds().size(), 50);
}

void TstDirectoryPush::groupsComeBeforeUsersAndDeletionsLast()
{
    PushFixture fixture;
    QVERIFY(fixture
                .push({ .groups = { directoryGroup(u"old"_s) },
                    .users = { directoryUser(u"gone"_s, { u"old"_s }) } })
                .state
        == PushState::Done);
    fixture.server.forgetCalls();

    QVERIFY(fixture
                .push({ .groups = { directoryGroup(u"new"_s) },
                    .users = { directoryUser(u"ann"_s, { u"new"_s }) } })
                .state
        == PushState::Done);

    QStringList order;
    for (const auto& call : fixture.server.calls()) {
        order += call.ids;
    }
    QCOMPARE(order, (QStringList { u"new"_s, u"ann"_s, u"gone"_s, u"old"_s }));
}

void TstDirectoryPush::oneChangeWritesOneRecord()
{
    PushFixture fixture;
    auto records = directoryOf(2'000);
    QVERIFY(fixture.push(records).state == PushState::Done);
    fixture.server.forgetCalls();
    records.users[7].groupIds = { u"g1"_s };

    const auto outcome = fixture.push(records);

    QVERIFY(fixture.putSizes() == std::vector { 1 });
    QCOMPARE(outcome.users.updated, 1);
    QCOMPARE(outcome.plan.users.unchanged, 1'999);
}

void TstDirectoryPush::aUserLargerThanAMessageIsRefusedByName()
{
    PushFixture fixture;
    auto records = directoryOf(2);
    for (int i = 0; i < 30'000; ++i) {
        records.users.back().groupIds.push_back(u"group-%1"_s.arg(i, 30));
    }

    const auto outcome = fixture.push(records);

    QVERIFY(outcome.state == PushState::Incomplete);
    QCOMPARE(outcome.error->code, ErrorCode::LimitExceeded);
    QVERIFY(outcome.error->what.english().contains(u"u-1"));
    QCOMPARE(fixture.remoteUserIds(), QStringList { u"u-0"_s });
}

void TstDirectoryPush::idsWithSlashesAndEmojiArriveWhole()
{
    PushFixture fixture;
    const auto id = u"org/people/\U0001F9D1\u200D\U0001F4BB|ann%20#?"_s;
    const DirectoryRecords records { .users = { directoryUser(id, { u"g/\U0001F600"_s }) } };

    QVERIFY(fixture.push(records).state == PushState::Done);

    QCOMPARE(fixture.remoteUserIds(), QStringList { id });
    QVERIFY(fixture.push(records).state == PushState::Unchanged);
}

void TstDirectoryPush::aCapacityOptionIsWarnedOf()
{
    PushFixture fixture;
    fixture.server.setCapacity(recordtype::kDirectoryUser, 2);

    const auto outcome = fixture.push(directoryOf(3));

    QVERIFY(outcome.plan.notes.front().english().contains(u"at most 2 records"));
    // The server threw the oldest away: what was written is not all there, and that is said.
    QVERIFY(outcome.state == PushState::Incomplete);
    QCOMPARE(outcome.unverified.size(), std::size_t { 1 });
    QCOMPARE(outcome.unverified.front().id, u"u-0"_s);
}

void TstDirectoryPush::aHundredThousandUsersArrive()
{
    PushFixture fixture;
    const auto records = directoryOf(100'000);

    const auto first = fixture.push(records);
    const auto second = fixture.push(records);

    QVERIFY(first.state == PushState::Done);
    QCOMPARE(first.puts, 200);
    QVERIFY(second.state == PushState::Unchanged);
    QCOMPARE(second.plan.users.unchanged, 100'000);
}

void TstDirectoryPush::theOutcomeSaysWhereToWatchFrom()
{
    PushFixture fixture;

    const auto outcome = fixture.push(directoryOf(3));

    int changes = 0;
    QVERIFY(bool(fixture.client->sync({ .from = outcome.position.of(DirectoryRecordKind::User),
                                          .type = recordtype::kDirectoryUser },
        [&](DatabrokerRecord&&) { ++changes; }, {})));
    QCOMPARE(changes, 0);
    fixture.server.write({ recordOf(directoryUser(u"u-1"_s)) });
    QVERIFY(bool(fixture.client->sync({ .from = outcome.position.of(DirectoryRecordKind::User),
                                          .type = recordtype::kDirectoryUser },
        [&](DatabrokerRecord&&) { ++changes; }, {})));
    QCOMPARE(changes, 1);
}

static const bool kDirectoryPushRegistered
    = test::registerTestClass<TstDirectoryPush>("directorypush");

} // namespace portreeve

#include "tst_directorypush.moc"
