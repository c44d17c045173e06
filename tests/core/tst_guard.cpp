// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/diff.h"
#include "core/sync/guard.h"
#include "tests/support/listing.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::Listing;

namespace {

/// A change set under guard, with what the tests ask of it.
struct Guarded
{
    ChangeSet changes;
    std::vector<GuardTrip> trips;

    const GuardTrip* trip(GuardId guard) const
    {
        const auto found = std::find_if(
            trips.begin(), trips.end(), [&](const GuardTrip& t) { return t.guard == guard; });
        return found == trips.end() ? nullptr : &*found;
    }

    std::int64_t heldUsers() const { return countChanges(changes).users.held; }

    std::int64_t heldGroups() const { return countChanges(changes).groups.held; }

    std::int64_t heldEdges() const { return countChanges(changes).memberships.held; }
};

Guarded guarded(const Listing& before, const Listing& after, const GuardInput& input = {})
{
    Guarded out { .changes = diffSnapshots(before.snapshot(), after.snapshot()), .trips = {} };
    out.trips = guardChanges(out.changes, input);
    return out;
}

QString id(int number)
{
    return u"u%1"_s.arg(number, 3, 10, QLatin1Char('0'));
}

Listing without(Listing listing, int users)
{
    for (int i = 0; i < users; ++i) {
        listing.removeUser(id(i));
    }
    return listing;
}

Listing suspending(Listing listing, int users)
{
    for (int i = 0; i < users; ++i) {
        listing.userOf(id(i)).state = UserState::Suspended;
    }
    return listing;
}

/// `count` users without any membership, so that only the user guards can trip.
Listing loners(int count)
{
    Listing listing;
    for (int i = 0; i < count; ++i) {
        listing.user(id(i));
    }
    listing.group(u"empty"_s);
    return listing;
}

Listing groups(int count)
{
    Listing listing;
    for (int i = 0; i < count; ++i) {
        listing.group(u"g%1"_s.arg(i, 3, 10, QLatin1Char('0')));
    }
    return listing;
}

/// One group a user, so that no single group is large enough for G4.
Listing pairs(int count)
{
    Listing listing = groups(count);
    for (int i = 0; i < count; ++i) {
        listing.members(u"g%1"_s.arg(i, 3, 10, QLatin1Char('0')), { id(i) });
    }
    return listing;
}

} // namespace

class TstGuard : public QObject
{
    Q_OBJECT

private slots:
    void point13G1UsersAbsent_data();
    void point13G1UsersAbsent();
    void point13G2GroupsAbsent_data();
    void point13G2GroupsAbsent();
    void point13G3MembershipsRemoved_data();
    void point13G3MembershipsRemoved();
    void point13G4MembersOfOneGroup_data();
    void point13G4MembersOfOneGroup();
    void point13G5Suspensions_data();
    void point13G5Suspensions();
    void point13G6ACollectionBecameEmpty_data();
    void point13G6ACollectionBecameEmpty();
    void point13G7TheLastProtectedUser_data();
    void point13G7TheLastProtectedUser();
    void point13G8AccessLost_data();
    void point13G8AccessLost();
    void point13G9IdentityChurn_data();
    void point13G9IdentityChurn();
    void point13AFirstRunTripsNothing();
    void onlyAbsenceIsHeld();
    void aPercentageOfZeroSwitchesThatPartOff();
    void edgesOfHeldUsersWaitAndThoseOfRemovedGroupsGo();
    void g3HoldsObjectsThatWouldTakeEdgesWithThem();
    void theReasonNamesTheNumbers();
    void neverRemoveHoldsEveryAbsence();
    void aChangedScopeHoldsEveryAbsence();
    void approvalLiftsWhatItNames();
    void point17ApprovalNeverTakesTheLastProtectedUser();
    void rejectedRemovalsLeaveThePlan();
};

void TstGuard::point13G1UsersAbsent_data()
{
    QTest::addColumn<int>("live");
    QTest::addColumn<int>("removed");
    QTest::addColumn<bool>("trips");
    QTest::addRow("9 %% of 100") << 100 << 9 << false;
    QTest::addRow("10 %% of 100") << 100 << 10 << true;
    QTest::addRow("1 of 20") << 20 << 1 << false;
    QTest::addRow("2 of 20") << 20 << 2 << true;
    QTest::addRow("small: 9 of 19") << 19 << 9 << false;
    QTest::addRow("small: 10 of 19") << 19 << 10 << true;
    QTest::addRow("small: half, but only 2") << 4 << 2 << false;
    QTest::addRow("small: half and 3") << 6 << 3 << true;
    QTest::addRow("499 of 6000") << 6000 << 499 << false;
    QTest::addRow("500 of 6000") << 6000 << 500 << true;
}

void TstGuard::point13G1UsersAbsent()
{
    QFETCH(int, live);
    QFETCH(int, removed);
    QFETCH(bool, trips);
    Listing after = loners(live);
    after.users.erase(after.users.begin(), after.users.begin() + removed);

    const Guarded result = guarded(loners(live), after);

    QCOMPARE(result.trip(GuardId::G1) != nullptr, trips);
    QCOMPARE(result.heldUsers(), trips ? removed : 0);
}

void TstGuard::point13G2GroupsAbsent_data()
{
    QTest::addColumn<int>("live");
    QTest::addColumn<int>("removed");
    QTest::addColumn<bool>("trips");
    QTest::addRow("9 %% of 100") << 100 << 9 << false;
    QTest::addRow("10 %% of 100") << 100 << 10 << true;
    QTest::addRow("small: 2 of 4") << 4 << 2 << false;
    QTest::addRow("small: 3 of 6") << 6 << 3 << true;
    QTest::addRow("99 of 1200") << 1200 << 99 << false;
    QTest::addRow("100 of 1200") << 1200 << 100 << true;
}

void TstGuard::point13G2GroupsAbsent()
{
    QFETCH(int, live);
    QFETCH(int, removed);
    QFETCH(bool, trips);
    Listing after = groups(live);
    after.groups.erase(after.groups.begin(), after.groups.begin() + removed);

    const Guarded result = guarded(groups(live), after);

    QCOMPARE(result.trip(GuardId::G2) != nullptr, trips);
    QCOMPARE(result.heldGroups(), trips ? removed : 0);
}

void TstGuard::point13G3MembershipsRemoved_data()
{
    QTest::addColumn<int>("live");
    QTest::addColumn<int>("removed");
    QTest::addColumn<bool>("trips");
    QTest::addRow("19 %% of 100") << 100 << 19 << false;
    QTest::addRow("20 %% of 100") << 100 << 20 << true;
    QTest::addRow("small: 29 of 49") << 49 << 29 << false;
    QTest::addRow("small: 30 of 49") << 49 << 30 << true;
}

void TstGuard::point13G3MembershipsRemoved()
{
    QFETCH(int, live);
    QFETCH(int, removed);
    QFETCH(bool, trips);
    Listing after = pairs(live);
    after.edges.erase(after.edges.begin(), after.edges.begin() + removed);

    const Guarded result = guarded(pairs(live), after);

    QCOMPARE(result.trip(GuardId::G3) != nullptr, trips);
    QCOMPARE(result.heldEdges(), trips ? removed : 0);
}

void TstGuard::point13G4MembersOfOneGroup_data()
{
    QTest::addColumn<int>("members");
    QTest::addColumn<int>("removed");
    QTest::addColumn<bool>("trips");
    QTest::addRow("4 of 10") << 10 << 4 << false;
    QTest::addRow("5 of 10") << 10 << 5 << true;
    QTest::addRow("too small a group") << 9 << 5 << false;
}

void TstGuard::point13G4MembersOfOneGroup()
{
    QFETCH(int, members);
    QFETCH(int, removed);
    QFETCH(bool, trips);
    Listing before = pairs(200); // keeps G3 out of it
    std::vector<QString> ids;
    for (int i = 0; i < members; ++i) {
        ids.push_back(id(i));
    }
    before.members(u"team"_s, ids);
    Listing after = before;
    for (int i = 0; i < removed; ++i) {
        after.removeMember(u"team"_s, id(i));
    }
    after.removeMember(u"g150"_s, id(150));

    const Guarded result = guarded(before, after);

    QCOMPARE(result.trip(GuardId::G4) != nullptr, trips);
    QCOMPARE(result.heldEdges(), trips ? removed : 0);
    if (trips) {
        QCOMPARE(result.trips.size(), 1U);
        QCOMPARE(result.trips.front().groups, std::vector<QString>({ u"team"_s }));
        QVERIFY(result.trips.front().reason.english().contains(u"team"));
    }
}

void TstGuard::point13G5Suspensions_data()
{
    QTest::addColumn<int>("live");
    QTest::addColumn<int>("suspended");
    QTest::addColumn<bool>("trips");
    QTest::addRow("19 %% of 100") << 100 << 19 << false;
    QTest::addRow("20 %% of 100") << 100 << 20 << true;
    QTest::addRow("small: 2 of 4") << 4 << 2 << false;
    QTest::addRow("small: 3 of 6") << 6 << 3 << true;
    QTest::addRow("199 of 1500") << 1500 << 199 << false;
    QTest::addRow("200 of 1500") << 1500 << 200 << true;
}

void TstGuard::point13G5Suspensions()
{
    QFETCH(int, live);
    QFETCH(int, suspended);
    QFETCH(bool, trips);
    Listing after = loners(live);
    for (int i = 0; i < suspended; ++i) {
        after.users[std::size_t(i)].state = UserState::Suspended;
    }

    const Guarded result = guarded(loners(live), after);

    QCOMPARE(result.trip(GuardId::G5) != nullptr, trips);
    QCOMPARE(result.heldUsers(), trips ? suspended : 0);
}

void TstGuard::point13G6ACollectionBecameEmpty_data()
{
    QTest::addColumn<int>("kind");
    QTest::addRow("users") << 0;
    QTest::addRow("groups") << 1;
    QTest::addRow("org units") << 2;
    QTest::addRow("memberships") << 3;
}

void TstGuard::point13G6ACollectionBecameEmpty()
{
    QFETCH(int, kind);
    const auto without = [kind](Listing listing) {
        if (kind == 0) {
            listing.removeUser(u"ada"_s);
        } else if (kind == 1) {
            listing.removeGroup(u"dev"_s);
        } else if (kind == 2) {
            listing.removeGroup(u"ou:1"_s);
        } else {
            listing.removeMember(u"dev"_s, u"ada"_s);
        }
        return listing;
    };
    Listing one;
    one.group(u"ou:1"_s, GroupKind::OrgUnit).members(u"dev"_s, { u"ada"_s });
    Listing two = one;
    two.group(u"ou:2"_s, GroupKind::OrgUnit).members(u"ops"_s, { u"bob"_s });

    const Guarded emptied = guarded(one, without(one));
    const Guarded partial = guarded(two, without(two));

    QVERIFY(emptied.trip(GuardId::G6) != nullptr);
    const auto counts = countChanges(emptied.changes);
    QCOMPARE(counts.users.held, counts.users.removed);
    QCOMPARE(counts.groups.held, counts.groups.removed);
    QCOMPARE(counts.memberships.held, counts.memberships.removed);
    QVERIFY(partial.trip(GuardId::G6) == nullptr);
}

void TstGuard::point13G7TheLastProtectedUser_data()
{
    QTest::addColumn<QStringList>("protectedIds");
    QTest::addColumn<bool>("suspend");
    QTest::addColumn<bool>("trips");
    QTest::addRow("removed, only one") << QStringList(id(0)) << false << true;
    QTest::addRow("suspended, only one") << QStringList(id(0)) << true << true;
    QTest::addRow("both go") << QStringList({ id(0), id(1) }) << false << true;
    QTest::addRow("another stays") << QStringList({ id(0), id(50) }) << false << false;
    QTest::addRow("none protected") << QStringList() << false << false;
    QTest::addRow("unknown id") << QStringList(u"nobody"_s) << false << false;
}

void TstGuard::point13G7TheLastProtectedUser()
{
    QFETCH(QStringList, protectedIds);
    QFETCH(bool, suspend);
    QFETCH(bool, trips);
    const Listing before = test::crowd(100);
    const Listing after = suspend ? suspending(before, 2) : without(before, 2);

    const Guarded result = guarded(before, after,
        { .protectedUsers = std::vector<QString>(protectedIds.begin(), protectedIds.end()) });

    QCOMPARE(result.trip(GuardId::G7) != nullptr, trips);
    QCOMPARE(result.heldUsers(), trips ? protectedIds.size() : 0);
    QVERIFY(!trips || !result.trip(GuardId::G7)->overridable);
}

void TstGuard::point13G8AccessLost_data()
{
    QTest::addColumn<int>("losing");
    QTest::addColumn<int>("total");
    QTest::addColumn<bool>("trips");
    QTest::addRow("19 of 100") << 19 << 100 << false;
    QTest::addRow("20 of 100") << 20 << 100 << true;
    QTest::addRow("small: 9 of 19") << 9 << 19 << false;
    QTest::addRow("small: 10 of 19") << 10 << 19 << true;
    QTest::addRow("nobody had any") << 0 << 0 << false;
}

void TstGuard::point13G8AccessLost()
{
    QFETCH(int, losing);
    QFETCH(int, total);
    QFETCH(bool, trips);

    const Guarded result = guarded(test::crowd(100), without(test::crowd(100), 1),
        { .access = AccessImpact { .losingAll = losing, .withAccess = total } });

    QCOMPARE(result.trip(GuardId::G8) != nullptr, trips);
    QCOMPARE(result.heldUsers(), trips ? 1 : 0);
}

void TstGuard::point13G9IdentityChurn_data()
{
    QTest::addColumn<int>("live");
    QTest::addColumn<int>("replaced");
    QTest::addColumn<bool>("trips");
    QTest::addRow("9 of 100") << 100 << 9 << false;
    QTest::addRow("10 of 100") << 100 << 10 << true;
    QTest::addRow("small: 9 of 19") << 19 << 9 << false;
    QTest::addRow("small: 10 of 19") << 19 << 10 << true;
}

void TstGuard::point13G9IdentityChurn()
{
    QFETCH(int, live);
    QFETCH(int, replaced);
    QFETCH(bool, trips);
    Listing after = loners(live);
    for (int i = 0; i < replaced; ++i) {
        UserRecord& user = after.userOf(id(i));
        user.id = u"new-"_s + user.id;
        user.email = user.email.toUpper();
    }
    const GuardLimits onlyChurn { .userPercent = 0, .userCount = 0 };

    const Guarded result = guarded(loners(live), after, { .limits = onlyChurn });

    QCOMPARE(result.trip(GuardId::G9) != nullptr, trips);
    QCOMPARE(result.heldUsers(), trips ? replaced : 0);
}

void TstGuard::point13AFirstRunTripsNothing()
{
    const Guarded result = guarded({}, test::crowd(100), { .neverRemove = true });

    QVERIFY(result.trips.empty());
    QCOMPARE(result.heldUsers() + result.heldGroups() + result.heldEdges(), 0);
}

void TstGuard::onlyAbsenceIsHeld()
{
    Listing after = suspending(without(test::crowd(100), 30), 0);
    after.user(u"new"_s).members(u"everyone"_s, { u"new"_s });
    after.userOf(id(40)).displayName = u"Renamed"_s;
    after.userOf(id(41)).state = UserState::Suspended;

    const Guarded result = guarded(test::crowd(100), after);

    for (const ObjectChange& change : result.changes.users) {
        QCOMPARE(change.held, change.action == ChangeAction::Remove);
    }
    for (const MembershipChange& change : result.changes.memberships) {
        QCOMPARE(change.held, change.removed);
    }
}

void TstGuard::aPercentageOfZeroSwitchesThatPartOff()
{
    const GuardLimits off { .userPercent = 0, .userCount = 0 };

    QVERIFY(guarded(loners(100), without(loners(100), 60), { .limits = off }).trips.empty());
}

void TstGuard::edgesOfHeldUsersWaitAndThoseOfRemovedGroupsGo()
{
    Listing before = pairs(100);
    before.members(u"dying"_s, { id(0) });
    Listing after = without(before, 12);
    after.removeGroup(u"dying"_s);
    const GuardLimits usersOnly { .membershipPercent = 0 };

    const Guarded result = guarded(before, after, { .limits = usersOnly });

    QCOMPARE(result.heldUsers(), 12);
    QCOMPARE(result.heldGroups(), 0);
    QCOMPARE(result.heldEdges(), 12);
    for (const MembershipChange& change : result.changes.memberships) {
        QCOMPARE(change.held, result.changes.groupId(change) != u"dying");
    }
}

void TstGuard::g3HoldsObjectsThatWouldTakeEdgesWithThem()
{
    Listing before = pairs(100);
    std::vector<QString> many;
    for (int i = 0; i < 60; ++i) {
        many.push_back(id(i));
    }
    before.members(u"large"_s, many);
    Listing after = before;
    after.removeGroup(u"large"_s);

    const Guarded result = guarded(before, after);

    QVERIFY(result.trip(GuardId::G3) != nullptr);
    QCOMPARE(result.heldGroups(), 1);
    QCOMPARE(result.heldEdges(), 60);
}

void TstGuard::theReasonNamesTheNumbers()
{
    const Guarded result = guarded(loners(200), without(loners(200), 40));

    QCOMPARE(result.trips.size(), 1U);
    QCOMPARE(
        result.trips.front().reason.english(), u"This sync would remove 40 of 200 users (20 %)."_s);
    QCOMPARE(result.trips.front().affected, 40);
    QCOMPARE(result.trips.front().total, 200);
}

void TstGuard::neverRemoveHoldsEveryAbsence()
{
    const Guarded result
        = guarded(test::crowd(100), without(test::crowd(100), 1), { .neverRemove = true });

    QVERIFY(result.trip(GuardId::NeverRemove) != nullptr);
    QCOMPARE(result.heldUsers(), 1);
    QCOMPARE(result.heldEdges(), 1);
}

void TstGuard::aChangedScopeHoldsEveryAbsence()
{
    const Guarded result
        = guarded(test::crowd(100), without(test::crowd(100), 1), { .scopeChanged = true });

    QVERIFY(result.trip(GuardId::ScopeChanged) != nullptr);
    QCOMPARE(result.heldUsers(), 1);
}

void TstGuard::approvalLiftsWhatItNames()
{
    const Guarded held = guarded(test::crowd(100), without(test::crowd(100), 20));
    ChangeSet some = held.changes;
    ChangeSet all = held.changes;

    releaseHeld(some, { .keys = { u"user:u003"_s } }, {});
    releaseHeld(all, { .everything = true }, {});

    QCOMPARE(countChanges(some).users.held, 19);
    QCOMPARE(countChanges(some).memberships.held, 19);
    QCOMPARE(countChanges(all).users.held + countChanges(all).memberships.held, 0);
}

void TstGuard::point17ApprovalNeverTakesTheLastProtectedUser()
{
    const std::vector<QString> admins { id(0), id(1) };
    const Guarded held
        = guarded(test::crowd(100), without(test::crowd(100), 20), { .protectedUsers = admins });
    ChangeSet all = held.changes;
    ChangeSet one = held.changes;

    releaseHeld(all, { .everything = true }, admins);
    releaseHeld(one, { .keys = { u"user:u000"_s } }, admins);

    QCOMPARE(countChanges(all).users.held, 2);
    QCOMPARE(countChanges(all).memberships.held, 2);
    QCOMPARE(countChanges(one).users.held, 19);
}

void TstGuard::rejectedRemovalsLeaveThePlan()
{
    Listing after = without(test::crowd(10), 2);
    after.removeMember(u"everyone"_s, id(5));
    ChangeSet changes = diffSnapshots(test::crowd(10).snapshot(), after.snapshot());

    excludePinned(changes, { u"member:everyone:user:u005"_s, u"user:u000"_s });

    QCOMPARE(changes.users.size(), 1U);
    QCOMPARE(changes.objectId(changes.users.front()), id(1));
    QCOMPARE(changes.memberships.size(), 1U);
    QCOMPARE(changes.memberId(changes.memberships.front()), id(1));
}

static const bool kGuardRegistered = test::registerTestClass<TstGuard>("guard");

} // namespace portreeve

#include "tst_guard.moc"
