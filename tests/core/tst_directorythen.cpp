// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/directorythen.h"
#include "tests/support/syncfixture.h"
#include "tests/support/testregistry.h"

#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::Listing;
using test::SyncFixture;

namespace {

/// Ids, names, states and members, in the order of the snapshot.
QStringList spelled(const Snapshot& snapshot)
{
    QStringList out;
    for (Row row = 0; row < snapshot.userCount(); ++row) {
        const auto user = snapshot.user(row);
        out.append(
            QStringList { user.id, user.displayName, user.email, userStateName(user.state) }.join(
                u' '));
    }
    for (Row row = 0; row < snapshot.groupCount(); ++row) {
        QStringList words { snapshot.groupId(row), snapshot.group(row).name };
        for (const Row user : snapshot.memberUsers(row)) {
            words.append(snapshot.userId(user));
        }
        for (const Row group : snapshot.memberGroups(row)) {
            words.append(u"group:"_s % snapshot.groupId(group));
        }
        out.append(words.join(u' '));
    }
    return out;
}

Listing firstDay()
{
    Listing listing;
    listing.group(u"all"_s).group(u"eng"_s);
    listing.members(u"all"_s, { u"ann"_s, u"bob"_s, u"cid"_s, u"eng"_s });
    listing.members(u"eng"_s, { u"ann"_s });
    return listing;
}

/// Everything a run can do: added, renamed, suspended and removed people, a removed group.
Listing secondDay()
{
    Listing listing = firstDay();
    listing.removeGroup(u"eng"_s).removeUser(u"cid"_s).user(u"dee"_s);
    listing.userOf(u"ann"_s).displayName = u"Ann Other"_s;
    listing.userOf(u"bob"_s).state = UserState::Suspended;
    listing.members(u"all"_s, { u"dee"_s });
    return listing;
}

DirectoryView viewOf(SyncFixture& fixture)
{
    return **fixture.store->directory().loadView();
}

/// Without guards, which have tests of their own.
void letEverythingThrough(SyncFixture& fixture)
{
    fixture.update([](Connection& connection) {
        connection.limits.userPercent = 0;
        connection.limits.groupPercent = 0;
        connection.limits.membershipPercent = 0;
    });
}

} // namespace

class TstDirectoryThen : public QObject
{
    Q_OBJECT

private slots:
    void aPlanIsAppliedToTheStoredDirectory();
    void aPlanOfAnotherGenerationIsRefused();
    void whatIsNoPlanIsRefused();
    void theRunsSinceAreTakenBack();
    void beforeTheFirstRunThereWasNobody();
    void removedConnectionsAreNamed();
};

void TstDirectoryThen::aPlanIsAppliedToTheStoredDirectory()
{
    SyncFixture fixture;
    fixture.directory.answer(firstDay());
    QVERIFY(fixture.sync().hasValue());
    fixture.directory.answer(secondDay());
    const auto plan = fixture.plan();
    QVERIFY(plan.hasValue());

    const auto after = directoriesAfterPlan(
        viewOf(fixture), QJsonDocument(plan->toJson()).toJson(QJsonDocument::Indented));

    QVERIFY(after.hasValue());
    const auto& directory = after->connections.front();
    QCOMPARE(spelled(*directory.snapshot), spelled(*secondDay().snapshot()));
    QCOMPARE(&directory.closure->snapshot(), directory.snapshot.get());
    QCOMPARE(spelled(*fixture.live()), spelled(*firstDay().snapshot()));
}

void TstDirectoryThen::aPlanOfAnotherGenerationIsRefused()
{
    SyncFixture fixture;
    fixture.directory.answer(firstDay());
    const auto plan = fixture.plan();
    QVERIFY(plan.hasValue());
    QVERIFY(fixture.sync().hasValue());

    const auto after = directoriesAfterPlan(viewOf(fixture), plan->toJsonText());

    QVERIFY(!after.hasValue());
    QCOMPARE(after.error().code, ErrorCode::Stale);
}

void TstDirectoryThen::whatIsNoPlanIsRefused()
{
    SyncFixture fixture;

    const auto after = directoriesAfterPlan(viewOf(fixture), "{}");

    QVERIFY(!after.hasValue());
    QCOMPARE(after.error().code, ErrorCode::InvalidInput);
}

void TstDirectoryThen::theRunsSinceAreTakenBack()
{
    SyncFixture fixture;
    letEverythingThrough(fixture);
    fixture.directory.answer(firstDay());
    QVERIFY(fixture.sync().hasValue());
    const auto moment = fixture.clock.nowUtc();
    fixture.clock.advance(std::chrono::hours(1));
    fixture.directory.answer(secondDay());
    QVERIFY(fixture.sync().hasValue());
    fixture.clock.advance(std::chrono::hours(1));
    fixture.directory.answer(firstDay());
    QVERIFY(fixture.sync().hasValue());
    fixture.clock.advance(std::chrono::hours(1));
    fixture.directory.answer(secondDay());
    QVERIFY(fixture.sync().hasValue());

    const auto then = directoriesAt(*fixture.store, viewOf(fixture), moment);
    const auto now = directoriesAt(*fixture.store, viewOf(fixture), fixture.clock.nowUtc());

    QVERIFY(then.hasValue());
    QCOMPARE(spelled(*then->view.connections.front().snapshot), spelled(*firstDay().snapshot()));
    QVERIFY(now.hasValue());
    QCOMPARE(spelled(*now->view.connections.front().snapshot), spelled(*fixture.live()));
    QVERIFY(then->gone.empty());
}

void TstDirectoryThen::beforeTheFirstRunThereWasNobody()
{
    SyncFixture fixture;
    const auto moment = fixture.clock.nowUtc();
    fixture.clock.advance(std::chrono::hours(1));
    fixture.directory.answer(firstDay());
    QVERIFY(fixture.sync().hasValue());

    const auto then = directoriesAt(*fixture.store, viewOf(fixture), moment);

    QVERIFY(then.hasValue());
    QCOMPARE(then->view.connections.front().snapshot->userCount(), 0U);
    QCOMPARE(then->view.connections.front().generation, 0);
}

void TstDirectoryThen::removedConnectionsAreNamed()
{
    SyncFixture fixture;
    fixture.directory.answer(firstDay());
    QVERIFY(fixture.sync().hasValue());
    QVERIFY(fixture.store->connections().remove(fixture.id).hasValue());

    const auto then = directoriesAt(*fixture.store, viewOf(fixture), fixture.clock.nowUtc());

    QVERIFY(then.hasValue());
    QCOMPARE(then->gone, std::vector<QString> { u"Staff"_s });
}

static const bool kDirectoryThenRegistered
    = test::registerTestClass<TstDirectoryThen>("directorythen");

} // namespace portreeve

#include "tst_directorythen.moc"
