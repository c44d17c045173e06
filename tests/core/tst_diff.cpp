// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/diff.h"
#include "tests/support/listing.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::Listing;

namespace {

/// One line a change: "+user a", "~group g", "-member g a".
QStringList told(const ChangeSet& changes)
{
    QStringList out;
    const auto sign = [](ChangeAction action) {
        switch (action) {
        case ChangeAction::Add:
            return u"+"_s;
        case ChangeAction::Update:
            return u"~"_s;
        case ChangeAction::Suspend:
            return u"suspend "_s;
        case ChangeAction::Resume:
            return u"resume "_s;
        case ChangeAction::Remove:
            return u"-"_s;
        }
        return QString();
    };
    for (const auto* objects : { &changes.groups, &changes.users }) {
        for (const ObjectChange& change : *objects) {
            out.append(sign(change.action) + objectKindName(change.kind) + u' '
                + changes.objectId(change));
        }
    }
    for (const MembershipChange& change : changes.memberships) {
        out.append(QString(change.removed ? u"-"_s : u"+"_s) + u"member "_s
            + changes.groupId(change) + u' ' + changes.memberId(change));
    }
    return out;
}

QStringList told(const Listing& before, const Listing& after)
{
    return told(diffSnapshots(before.snapshot(), after.snapshot()));
}

Listing base()
{
    Listing listing;
    listing.group(u"dev"_s).group(u"ops"_s);
    listing.members(u"dev"_s, { u"ada"_s, u"bob"_s, u"ops"_s });
    listing.members(u"ops"_s, { u"cy"_s });
    return listing;
}

} // namespace

class TstDiff : public QObject
{
    Q_OBJECT

private slots:
    void equalListingsDifferInNothing();
    void aFirstFetchIsAllAdditionsInOrder();
    void objectsAreMatchedByIdNotByNameOrEmail();
    void suspendingAndResumingAreExplicit();
    void removalsComeLastAndTakeTheirEdges();
    void anIncompleteCollectionRemovesNothing_data();
    void anIncompleteCollectionRemovesNothing();
    void edgesOfAMemberThatWasNotReadStay();
    void anUnreadableGroupKeepsItsMembersButTakesNewOnes();
    void v6AnUnreadableChildKeepsItsContribution();
    void aQuarantinedUserKeepsItsStoredCopyAndEdges();
    void edgesOfARemovedUserGoEvenFromUnreadableGroups();
    void v10AChildRemovedFromItsParentIsOneEdge();
    void v11ADirectEdgeBesideANestedOneIsOneEdge();
    void anEmptyMemberListIsAValue();
    void oneChangeAmongManyAlikeIsFound_data();
    void oneChangeAmongManyAlikeIsFound();
    void rowsThatShiftAmongManyAlikeStayMatched();
};

void TstDiff::equalListingsDifferInNothing()
{
    QVERIFY(diffSnapshots(base().snapshot(), base().shuffled(7).snapshot()).isEmpty());
    QVERIFY(diffSnapshots(nullptr, nullptr).isEmpty());
}

void TstDiff::aFirstFetchIsAllAdditionsInOrder()
{
    QCOMPARE(told({}, base()),
        QStringList({ u"+group dev"_s, u"+group ops"_s, u"+user ada"_s, u"+user bob"_s,
            u"+user cy"_s, u"+member dev ada"_s, u"+member dev bob"_s, u"+member dev ops"_s,
            u"+member ops cy"_s }));
}

void TstDiff::objectsAreMatchedByIdNotByNameOrEmail()
{
    Listing after = base();
    after.userOf(u"ada"_s).email = u"ada@new.example"_s;
    after.groupOf(u"ops"_s).name = u"Operations"_s;
    after.userOf(u"bob"_s).id = u"bob-2"_s;
    after.removeMember(u"dev"_s, u"bob"_s).members(u"dev"_s, { u"bob-2"_s });

    const ChangeSet changes = diffSnapshots(base().snapshot(), after.snapshot());

    QCOMPARE(told(changes),
        QStringList({ u"~group ops"_s, u"~user ada"_s, u"+user bob-2"_s, u"-user bob"_s,
            u"+member dev bob-2"_s, u"-member dev bob"_s }));
    const auto attributes = changes.attributes(changes.users.front());
    QCOMPARE(attributes.size(), 1U);
    QCOMPARE(attributes.front().after, u"ada@new.example"_s);
}

void TstDiff::suspendingAndResumingAreExplicit()
{
    Listing suspended = base();
    suspended.userOf(u"ada"_s).state = UserState::Suspended;

    const ChangeSet away = diffSnapshots(base().snapshot(), suspended.snapshot());
    const ChangeSet back = diffSnapshots(suspended.snapshot(), base().snapshot());

    QCOMPARE(told(away), QStringList(u"suspend user ada"_s));
    QVERIFY(away.users.front().explicitSignal);
    QCOMPARE(told(back), QStringList(u"resume user ada"_s));
}

void TstDiff::removalsComeLastAndTakeTheirEdges()
{
    Listing after = base();
    after.removeUser(u"ada"_s).removeGroup(u"ops"_s).group(u"zoo"_s);

    const ChangeSet changes = diffSnapshots(base().snapshot(), after.snapshot());

    QCOMPARE(told(changes),
        QStringList({ u"+group zoo"_s, u"-group ops"_s, u"-user ada"_s, u"-member dev ada"_s,
            u"-member dev ops"_s, u"-member ops cy"_s }));
    QVERIFY(!changes.users.front().explicitSignal);
}

void TstDiff::anIncompleteCollectionRemovesNothing_data()
{
    QTest::addColumn<bool>("users");
    QTest::addColumn<bool>("groups");
    QTest::addColumn<bool>("memberships");
    QTest::addColumn<QStringList>("expected");
    QTest::addRow("users") << false << true << true
                           << QStringList({ u"-group ops"_s, u"-member dev bob"_s,
                                  u"-member dev ops"_s, u"-member ops cy"_s });
    QTest::addRow("groups") << true << false << true
                            << QStringList(
                                   { u"-user ada"_s, u"-member dev ada"_s, u"-member dev bob"_s });
    QTest::addRow("memberships") << true << true << false
                                 << QStringList(
                                        { u"-group ops"_s, u"-user ada"_s, u"-member dev ada"_s,
                                            u"-member dev ops"_s, u"-member ops cy"_s });
    QTest::addRow("all") << false << false << false << QStringList();
}

void TstDiff::anIncompleteCollectionRemovesNothing()
{
    QFETCH(bool, users);
    QFETCH(bool, groups);
    QFETCH(bool, memberships);
    QFETCH(QStringList, expected);
    Listing after = base();
    after.removeUser(u"ada"_s).removeGroup(u"ops"_s).removeMember(u"dev"_s, u"bob"_s);
    after.usersComplete = users;
    after.groupsComplete = groups;
    after.membershipsComplete = memberships;

    QCOMPARE(told(base(), after), expected);
}

void TstDiff::edgesOfAMemberThatWasNotReadStay()
{
    Listing after = base();
    after.removeUser(u"ada"_s);
    after.usersComplete = false;

    QVERIFY(told(base(), after).isEmpty());
}

void TstDiff::anUnreadableGroupKeepsItsMembersButTakesNewOnes()
{
    Listing after = base();
    after.removeMember(u"dev"_s, u"bob"_s).members(u"dev"_s, { u"dan"_s });
    after.removeMember(u"ops"_s, u"cy"_s);
    after.unreadableGroups = { u"dev"_s };

    QCOMPARE(told(base(), after),
        QStringList({ u"+user dan"_s, u"+member dev dan"_s, u"-member ops cy"_s }));
}

void TstDiff::v6AnUnreadableChildKeepsItsContribution()
{
    Listing after = base();
    after.removeMember(u"ops"_s, u"cy"_s);
    after.unreadableGroups = { u"ops"_s };

    QVERIFY(told(base(), after).isEmpty());
}

void TstDiff::aQuarantinedUserKeepsItsStoredCopyAndEdges()
{
    Listing left = base();
    left.removeUser(u"ada"_s);
    left.quarantine = { { .id = u"ada"_s, .reason = u"No state."_s } };
    Listing garbled = base();
    garbled.userOf(u"ada"_s).displayName = u"???"_s;
    garbled.quarantine = left.quarantine;

    QVERIFY(told(base(), left).isEmpty());
    QVERIFY(told(base(), garbled).isEmpty());
}

void TstDiff::edgesOfARemovedUserGoEvenFromUnreadableGroups()
{
    Listing after = base();
    after.removeUser(u"ada"_s);
    after.unreadableGroups = { u"dev"_s };

    QCOMPARE(told(base(), after), QStringList({ u"-user ada"_s, u"-member dev ada"_s }));
}

void TstDiff::v10AChildRemovedFromItsParentIsOneEdge()
{
    Listing after = base();
    after.removeMember(u"dev"_s, u"ops"_s);

    QCOMPARE(told(base(), after), QStringList(u"-member dev ops"_s));
}

void TstDiff::v11ADirectEdgeBesideANestedOneIsOneEdge()
{
    Listing before = base();
    before.members(u"dev"_s, { u"cy"_s });

    QCOMPARE(told(before, base()), QStringList(u"-member dev cy"_s));
}

void TstDiff::anEmptyMemberListIsAValue()
{
    Listing after = base();
    after.removeMember(u"ops"_s, u"cy"_s);

    QCOMPARE(told(base(), after), QStringList(u"-member ops cy"_s));
}

void TstDiff::oneChangeAmongManyAlikeIsFound_data()
{
    QTest::addColumn<QString>("id");
    for (const char* id : { "u000", "u063", "u064", "u100", "u127", "u128", "u299" }) {
        QTest::addRow("%s", id) << QString::fromLatin1(id);
    }
}

void TstDiff::oneChangeAmongManyAlikeIsFound()
{
    QFETCH(const QString, id);
    const Listing before = test::crowd(300);
    Listing renamed = before;
    renamed.userOf(id).displayName = id.toUpper(); // as long as it was
    Listing moved = before;
    moved.userOf(id).email = id + u"@elsewhere.example"_s;
    Listing relogged = before;
    relogged.userOf(id).login = u"x"_s;
    Listing suspended = before;
    suspended.userOf(id).state = UserState::Suspended;

    QCOMPARE(told(before, renamed), QStringList(u"~user "_s + id));
    QCOMPARE(told(before, moved), QStringList(u"~user "_s + id));
    QCOMPARE(told(before, relogged), QStringList(u"~user "_s + id));
    QCOMPARE(told(before, suspended), QStringList(u"suspend user "_s + id));
}

void TstDiff::rowsThatShiftAmongManyAlikeStayMatched()
{
    const Listing before = test::crowd(300);
    Listing after = before;
    after.removeUser(u"u070"_s).members(u"everyone"_s, { u"u090x"_s });
    after.removeMember(u"everyone"_s, u"u080"_s).removeMember(u"everyone"_s, u"u299"_s);
    after.userOf(u"u085"_s).displayName = u"Other"_s;

    QCOMPARE(told(before, after),
        QStringList({ u"~user u085"_s, u"+user u090x"_s, u"-user u070"_s,
            u"+member everyone u090x"_s, u"-member everyone u070"_s, u"-member everyone u080"_s,
            u"-member everyone u299"_s }));
}

static const bool kDiffRegistered = test::registerTestClass<TstDiff>("diff");

} // namespace portreeve

#include "tst_diff.moc"
