// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/directory/changeset.h"
#include "core/directory/snapshotbuilder.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

ChangeSet exampleChanges()
{
    SnapshotBuilder before;
    before.addUser({ .id = u"u1"_s, .displayName = u"Ada"_s, .email = u"ada@example.com"_s });
    before.addUser({ .id = u"u2"_s, .login = u"bob"_s });
    before.addGroup({ .id = u"g1"_s, .name = u"Staff"_s });
    before.addMember(u"g1"_s, u"u2"_s, MemberKind::User);
    SnapshotBuilder after;
    after.addUser({ .id = u"u0"_s });
    after.addUser({ .id = u"u1"_s, .displayName = u"Ada L."_s, .state = UserState::Suspended });
    after.addGroup({ .id = u"g1"_s, .name = u"Staff"_s, .kind = GroupKind::OrgUnit });
    after.addGroup({ .id = u"g2"_s, .name = u"Guests"_s });
    after.addMember(u"g1"_s, u"g2"_s, MemberKind::Group);
    return {
        .before = before.build().value(),
        .after = after.build().value(),
        .groups
        = { { .kind = ObjectKind::Group, .action = ChangeAction::Update, .before = 0, .after = 0 },
            { .kind = ObjectKind::Group, .action = ChangeAction::Add, .after = 1 } },
        .users = { { .action = ChangeAction::Add, .after = 0 },
            { .action = ChangeAction::Suspend, .before = 0, .after = 1 },
            { .action = ChangeAction::Remove, .before = 1, .held = true } },
        .memberships = { { .group = 0, .member = 1, .memberIsGroup = true },
            { .group = 0, .member = 1, .removed = true, .held = true } },
    };
}

} // namespace

class TstChangeSet : public QObject
{
    Q_OBJECT

private slots:
    void objectsAreNamedFromTheSideThatHasThem();
    void membershipsNameTheirEnds();
    void attributesShowOldAndNewValues();
    void countsFollowActionsAndHolds();
    void aChangeSetWithoutEntriesIsEmpty();
    void actionsHaveStableNames();
};

void TstChangeSet::objectsAreNamedFromTheSideThatHasThem()
{
    const ChangeSet changes = exampleChanges();

    QCOMPARE(changes.objectId(changes.users[0]), u"u0"_s);
    QCOMPARE(changes.objectName(changes.users[0]), u"u0"_s);
    QCOMPARE(changes.objectName(changes.users[1]), u"Ada L."_s);
    QCOMPARE(changes.objectId(changes.users[2]), u"u2"_s);
    QCOMPARE(changes.objectName(changes.users[2]), u"bob"_s);
    QCOMPARE(changes.objectName(changes.groups[1]), u"Guests"_s);
}

void TstChangeSet::membershipsNameTheirEnds()
{
    const ChangeSet changes = exampleChanges();

    QCOMPARE(changes.groupId(changes.memberships[0]), u"g1"_s);
    QCOMPARE(changes.memberId(changes.memberships[0]), u"g2"_s);
    QCOMPARE(changes.memberId(changes.memberships[1]), u"u2"_s);
}

void TstChangeSet::attributesShowOldAndNewValues()
{
    const ChangeSet changes = exampleChanges();

    const auto user = changes.attributes(changes.users[1]);
    const auto group = changes.attributes(changes.groups[0]);

    QCOMPARE(user.size(), 3U);
    QCOMPARE(user[0].name, u"display_name"_s);
    QCOMPARE(user[0].before, u"Ada"_s);
    QCOMPARE(user[0].after, u"Ada L."_s);
    QCOMPARE(user[1].name, u"email"_s);
    QVERIFY(user[1].after.isEmpty());
    QCOMPARE(user[2].name, u"state"_s);
    QCOMPARE(user[2].after, u"suspended"_s);
    QCOMPARE(group.size(), 1U);
    QCOMPARE(group[0].name, u"kind"_s);
    QCOMPARE(group[0].after, u"org_unit"_s);
    QVERIFY(changes.attributes(changes.users[0]).empty());
    QVERIFY(changes.attributes(changes.users[2]).empty());
}

void TstChangeSet::countsFollowActionsAndHolds()
{
    const ChangeCounts counts = countChanges(exampleChanges());

    QCOMPARE(counts.users.added, 1);
    QCOMPARE(counts.users.updated, 1);
    QCOMPARE(counts.users.suspended, 1);
    QCOMPARE(counts.users.removed, 1);
    QCOMPARE(counts.users.held, 1);
    QCOMPARE(counts.groups.added, 1);
    QCOMPARE(counts.groups.updated, 1);
    QCOMPARE(counts.groups.held, 0);
    QCOMPARE(counts.memberships.added, 1);
    QCOMPARE(counts.memberships.removed, 1);
    QCOMPARE(counts.memberships.held, 1);
}

void TstChangeSet::aChangeSetWithoutEntriesIsEmpty()
{
    QVERIFY(ChangeSet().isEmpty());
    QVERIFY(!exampleChanges().isEmpty());
}

void TstChangeSet::actionsHaveStableNames()
{
    QCOMPARE(changeActionName(ChangeAction::Add), u"add"_s);
    QCOMPARE(changeActionName(ChangeAction::Update), u"update"_s);
    QCOMPARE(changeActionName(ChangeAction::Suspend), u"suspend"_s);
    QCOMPARE(changeActionName(ChangeAction::Resume), u"resume"_s);
    QCOMPARE(changeActionName(ChangeAction::Remove), u"remove"_s);
    QCOMPARE(objectKindName(ObjectKind::Membership), u"membership"_s);
}

static const bool kChangeSetRegistered = test::registerTestClass<TstChangeSet>("changeset");

} // namespace portreeve

#include "tst_changeset.moc"
