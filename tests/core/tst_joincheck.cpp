// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/devicerecords.h"
#include "core/proxy/databroker/joincheck.h"
#include "tests/support/pushfixture.h"
#include "tests/support/smalldirectory.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <session.pb.h>
#include <user.pb.h>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

using test::directoryOf;
using test::directoryUser;
using test::PushFixture;
using test::recordOf;

/// Whether those who sign in are those of the directory (proxy.md 5.2).
class TstJoinCheck : public QObject
{
    Q_OBJECT

private slots:
    void twoOfFortyHaveNoRecordAndTheReasonIsNamed();
    void everyCauseIsTold();
    void expiredSessionsDoNotCount();
    void serviceAccountsJoinByTheirUser();
    void idsThatMatchNobodyHintAtTheMapping();
    void aCapacityIsWarnedOf();
    void nobodyKnownIsSaid();
    void peopleNotExportedAreFound();
    void whoHasNoRecordIdIsTold();
};

namespace {

DatabrokerRecord signIn(const QString& id, const QString& email)
{
    user::User wire;
    wire.set_id(id.toStdString());
    wire.set_email(email.toStdString());
    return { .type = recordtype::kUser,
        .id = id,
        .typeUrl = recordtype::kUser,
        .data = QByteArray::fromStdString(wire.SerializeAsString()) };
}

DatabrokerRecord sessionOf(const QString& userId, std::int64_t expiresInSeconds)
{
    session::Session wire;
    wire.set_id("s-" + userId.toStdString());
    wire.set_user_id(userId.toStdString());
    wire.mutable_expires_at()->set_seconds(std::chrono::duration_cast<std::chrono::seconds>(
                                               std::chrono::system_clock::now().time_since_epoch())
                                               .count()
        + expiresInSeconds);
    return { .type = recordtype::kSession,
        .id = QString::fromStdString(wire.id()),
        .typeUrl = recordtype::kSession,
        .data = QByteArray::fromStdString(wire.SerializeAsString()) };
}

JoinReport check(PushFixture& fixture, const JoinDirectory& directory)
{
    auto report = checkJoin(*fixture.client, directory, fixture.clock.nowUtc(), {});
    if (!report) {
        qFatal("no report: %s", qPrintable(report.error().toText()));
    }
    return std::move(*report);
}

} // namespace

void TstJoinCheck::twoOfFortyHaveNoRecordAndTheReasonIsNamed()
{
    PushFixture fixture;
    const auto records = directoryOf(38);
    QVERIFY(fixture.push(records).state == PushState::Done);
    for (const auto& user : records.users) {
        fixture.server.write({ signIn(user.id, user.email) });
    }
    fixture.server.write({ signIn(u"oidc|7"_s, u"U-7@Corp.test"_s), signIn(u"guest"_s, {}) });

    const auto report = check(fixture, { .records = records });

    QCOMPARE(report.summary().english(), u"38 of 40 known sign-ins have a directory record."_s);
    QCOMPARE(report.missing.size(), std::size_t { 2 });
    QCOMPARE(report.missing[0].userId, u"guest"_s);
    QVERIFY(report.missing[0].cause == JoinCause::NotInDirectory);
    QCOMPARE(report.missing[1].userId, u"oidc|7"_s);
    QVERIFY(report.missing[1].cause == JoinCause::OtherId);
    QCOMPARE(report.missing[1].otherId, u"u-7"_s);
    QVERIFY(report.missing[1].reason.english().contains(u"u-7"));
    QVERIFY(report.warnings.empty());
}

void TstJoinCheck::everyCauseIsTold()
{
    PushFixture fixture;
    for (const auto& id : { u"sleeper"_s, u"hidden"_s, u"fresh"_s }) {
        fixture.server.write({ signIn(id, {}) });
    }
    const DirectoryRecords records { .users = { directoryUser(u"fresh"_s) } };

    const auto report = check(fixture,
        { .records = records,
            .unexported = { { .id = u"sleeper"_s, .isSuspended = true }, { .id = u"hidden"_s } } });

    QCOMPARE(report.matched, 0);
    QVERIFY(report.missing[0].cause == JoinCause::NotPushed);
    QVERIFY(report.missing[1].cause == JoinCause::NotExported);
    QVERIFY(report.missing[2].cause == JoinCause::Suspended);
    for (const auto& mismatch : report.missing) {
        QVERIFY(mismatch.reason.english().contains(mismatch.userId));
    }
}

void TstJoinCheck::expiredSessionsDoNotCount()
{
    PushFixture fixture;
    QVERIFY(fixture.push(directoryOf(1)).state == PushState::Done);
    fixture.server.write({ sessionOf(u"u-0"_s, 3'600), sessionOf(u"long-gone"_s, -60) });

    const auto report = check(fixture, { .records = directoryOf(1) });

    QCOMPARE(report.known, 1);
    QCOMPARE(report.matched, 1);
}

void TstJoinCheck::serviceAccountsJoinByTheirUser()
{
    PushFixture fixture;
    QVERIFY(fixture.push(directoryOf(1)).state == PushState::Done);
    const auto now = fixture.clock.nowUtc();
    fixture.server.write({ toRecord(ServiceAccountData { .id = u"sa-1"_s, .userId = u"u-0"_s }),
        toRecord(ServiceAccountData { .id = u"sa-2"_s, .userId = u"ci"_s, .expiresAt = now + 1h }),
        toRecord(
            ServiceAccountData { .id = u"sa-3"_s, .userId = u"gone"_s, .expiresAt = now - 1h }) });

    const auto report = check(fixture, { .records = directoryOf(1) });

    QCOMPARE(report.known, 2);
    QCOMPARE(report.matched, 1);
    QCOMPARE(report.missing.size(), std::size_t { 1 });
    QCOMPARE(report.missing.front().userId, u"ci"_s);
}

void TstJoinCheck::idsThatMatchNobodyHintAtTheMapping()
{
    PushFixture fixture;
    const auto records = directoryOf(2);
    QVERIFY(fixture.push(records).state == PushState::Done);
    fixture.server.write({ signIn(u"pairwise-1"_s, {}), signIn(u"pairwise-2"_s, {}) });

    const auto report = check(fixture, { .records = records });

    QCOMPARE(report.warnings.size(), std::size_t { 1 });
    QVERIFY(report.warnings.front().english().contains(u"Not one sign-in"));
}

void TstJoinCheck::aCapacityIsWarnedOf()
{
    PushFixture fixture;
    fixture.server.setCapacity(recordtype::kDirectoryGroup, 100);
    const DirectoryRecords none;

    const auto report = check(fixture, { .records = none });

    QCOMPARE(report.warnings.size(), std::size_t { 1 });
    QVERIFY(report.warnings.front().english().contains(u"at most 100"));
}

void TstJoinCheck::nobodyKnownIsSaid()
{
    PushFixture fixture;
    const DirectoryRecords none;

    QVERIFY(check(fixture, { .records = none }).summary().english().startsWith(u"Nobody"));
}

void TstJoinCheck::peopleNotExportedAreFound()
{
    const DirectoryView view { .connections = { test::staffDirectory().connection(u"corp"_s) } };
    auto records = directoryRecords(view);
    records.users.erase(records.users.begin());

    const auto people = unexportedPeople(view, records);

    QCOMPARE(people.size(), std::size_t { 2 });
    QCOMPARE(std::ranges::count(people, true, &UnexportedPerson::isSuspended), 1);
}

void TstJoinCheck::whoHasNoRecordIdIsTold()
{
    auto staff = test::staffDirectory();
    staff.users.push_back(test::person(u"u-twin"_s, u"ann@corp.test"_s));
    auto corp = staff.connection(u"corp"_s);
    corp.rules.recordId = RecordIdSource::Email;
    const DirectoryView view { .connections = { corp } };
    const auto records = directoryRecords(view);
    PushFixture fixture;
    fixture.server.write({ signIn(u"0ff1ce"_s, u"ann@corp.test"_s) });

    const auto report
        = check(fixture, { .records = records, .unexported = unexportedPeople(view, records) });

    QCOMPARE(report.missing.size(), std::size_t { 1 });
    QCOMPARE(report.missing[0].cause, JoinCause::NoRecordId);
    QVERIFY(report.missing[0].reason.english().contains(u"record id"));
}

static const bool kJoinCheckRegistered = test::registerTestClass<TstJoinCheck>("joincheck");

} // namespace portreeve

#include "tst_joincheck.moc"
