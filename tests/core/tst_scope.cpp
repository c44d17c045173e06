// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/diff.h"
#include "core/sync/scope.h"
#include "tests/support/listing.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::Listing;

namespace {

Listing nested()
{
    Listing listing;
    listing.group(u"top"_s).group(u"hidden-a"_s).group(u"hidden-b"_s).group(u"low"_s);
    listing.members(u"top"_s, { u"ada"_s, u"hidden-a"_s });
    listing.members(u"hidden-a"_s, { u"bob"_s, u"hidden-b"_s });
    listing.members(u"hidden-b"_s, { u"cy"_s, u"low"_s, u"hidden-a"_s, u"top"_s });
    listing.members(u"low"_s, { u"dan"_s });
    return listing;
}

SnapshotPtr scoped(const Listing& listing, const SyncRules& rules)
{
    return applyRules(listing.snapshot(), rules).value();
}

QStringList memberIds(const Snapshot& snapshot, const QString& groupId)
{
    QStringList out;
    const Row group = snapshot.findGroup(groupId);
    for (const Row row : snapshot.memberUsers(group)) {
        out.append(snapshot.userId(row));
    }
    for (const Row row : snapshot.memberGroups(group)) {
        out.append(snapshot.groupId(row));
    }
    return out;
}

} // namespace

class TstScope : public QObject
{
    Q_OBJECT

private slots:
    void rulesThatLeaveEverythingReturnTheFetchItself();
    void globsCoverWholeNamesWithoutCase_data();
    void globsCoverWholeNamesWithoutCase();
    void groupsAreChosenByIdOrByName();
    void v7PeopleFlowThroughHiddenGroups();
    void withoutFlowThroughHiddenGroupsTakeTheirPeopleAlong();
    void v6AHiddenUnreadableGroupMakesItsKeptParentsIncomplete();
    void aGroupThatWasNotReadAtAllMakesEveryListUnproved();
    void activeUsersWithoutEmailAreQuarantinedAndKeepTheirStoredCopy();
    void suspendedUsersNeedNoEmail();
    void orgUnitsAreFilteredByTheirPath();
    void aFilterEntryThatMatchesNothingIsNoted();
};

void TstScope::rulesThatLeaveEverythingReturnTheFetchItself()
{
    const SnapshotPtr fetched = nested().snapshot();

    QCOMPARE(applyRules(fetched, {}).value().get(), fetched.get());
    QCOMPARE(applyRules(fetched, { .groupFilter = { u"*"_s }, .requireEmail = true }).value().get(),
        fetched.get());
}

void TstScope::globsCoverWholeNamesWithoutCase_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("matches");
    QTest::addRow("whole") << u"Staff"_s << u"staff"_s << true;
    QTest::addRow("part only") << u"Staff"_s << u"Staff EU"_s << false;
    QTest::addRow("star") << u"dev-*"_s << u"Dev-Tools"_s << true;
    QTest::addRow("star takes nothing") << u"dev*"_s << u"dev"_s << true;
    QTest::addRow("two stars") << u"*a*b"_s << u"xxabab"_s << true;
    QTest::addRow("two stars, no end") << u"*a*b"_s << u"abba"_s << false;
    QTest::addRow("question mark") << u"t?p"_s << u"Top"_s << true;
    QTest::addRow("question mark needs one") << u"top?"_s << u"top"_s << false;
    QTest::addRow("slashes are text") << u"/EU/*"_s << u"/EU/Sales/West"_s << true;
    QTest::addRow("brackets are text") << u"[a]"_s << u"a"_s << false;
    QTest::addRow("empty") << u""_s << u"x"_s << false;
}

void TstScope::globsCoverWholeNamesWithoutCase()
{
    QFETCH(QString, pattern);
    QFETCH(QString, name);
    QFETCH(bool, matches);

    QCOMPARE(matchesGlob(pattern, name), matches);
}

void TstScope::groupsAreChosenByIdOrByName()
{
    Listing listing = nested();
    listing.groupOf(u"low"_s).name = u"Lower Floor"_s;

    const auto kept = scoped(listing, { .groupFilter = { u"top"_s, u"lower*"_s } });

    QCOMPARE(kept->groupCount(), 2U);
    QCOMPARE(kept->groupId(0), u"low"_s);
    QCOMPARE(kept->groupId(1), u"top"_s);
    QCOMPARE(kept->userCount(), 4U);
    QVERIFY(kept->completeness().groups);
}

void TstScope::v7PeopleFlowThroughHiddenGroups()
{
    const auto kept = scoped(nested(), { .groupFilter = { u"top"_s, u"low"_s } });

    QCOMPARE(memberIds(*kept, u"top"_s), QStringList({ u"ada"_s, u"bob"_s, u"cy"_s, u"low"_s }));
    QCOMPARE(memberIds(*kept, u"low"_s), QStringList(u"dan"_s));
}

void TstScope::withoutFlowThroughHiddenGroupsTakeTheirPeopleAlong()
{
    const auto kept
        = scoped(nested(), { .groupFilter = { u"top"_s, u"low"_s }, .flowThrough = false });

    QCOMPARE(memberIds(*kept, u"top"_s), QStringList(u"ada"_s));
}

void TstScope::v6AHiddenUnreadableGroupMakesItsKeptParentsIncomplete()
{
    const SyncRules rules { .groupFilter = { u"top"_s, u"low"_s } };
    Listing later = nested();
    later.removeMember(u"hidden-b"_s, u"cy"_s);
    later.unreadableGroups = { u"hidden-b"_s };

    const auto before = scoped(nested(), rules);
    const auto after = scoped(later, rules);

    QVERIFY(!after->membersComplete(after->findGroup(u"top"_s)));
    QVERIFY(after->membersComplete(after->findGroup(u"low"_s)));
    QVERIFY(diffSnapshots(before, after).isEmpty());
}

void TstScope::aGroupThatWasNotReadAtAllMakesEveryListUnproved()
{
    const SyncRules rules { .groupFilter = { u"top"_s, u"low"_s } };
    Listing later = nested();
    later.removeGroup(u"hidden-a"_s);
    later.quarantine = { { .kind = ObjectKind::Group, .id = u"hidden-a"_s, .reason = u"403"_s } };

    const auto after = scoped(later, rules);

    QVERIFY(diffSnapshots(scoped(nested(), rules), after).isEmpty());
}

void TstScope::activeUsersWithoutEmailAreQuarantinedAndKeepTheirStoredCopy()
{
    const SyncRules rules { .requireEmail = true };
    Listing later = nested();
    later.userOf(u"ada"_s).email.clear();
    later.userOf(u"bob"_s).displayName = u"Bob B."_s;

    const auto after = scoped(later, rules);
    const ChangeSet changes = diffSnapshots(nested().snapshot(), after);

    QCOMPARE(after->findUser(u"ada"_s), kNoRow);
    QCOMPARE(after->quarantine().size(), 1U);
    QCOMPARE(after->quarantine().front().id, u"ada"_s);
    QVERIFY(after->quarantine().front().reason.contains(u"e-mail"));
    QCOMPARE(changes.users.size(), 1U);
    QCOMPARE(changes.objectId(changes.users.front()), u"bob"_s);
    QVERIFY(changes.memberships.empty());
}

void TstScope::suspendedUsersNeedNoEmail()
{
    Listing later = nested();
    later.userOf(u"ada"_s).email.clear();
    later.userOf(u"ada"_s).state = UserState::Suspended;

    const auto after = scoped(later, { .requireEmail = true });
    const ChangeSet changes = diffSnapshots(nested().snapshot(), after);

    QCOMPARE(changes.users.size(), 1U);
    QCOMPARE(changes.users.front().action, ChangeAction::Suspend);
}

void TstScope::orgUnitsAreFilteredByTheirPath()
{
    Listing listing;
    listing.group(u"ou:1"_s, GroupKind::OrgUnit).group(u"ou:2"_s, GroupKind::OrgUnit);
    listing.groupOf(u"ou:1"_s).name = u"/EU/Sales"_s;
    listing.groupOf(u"ou:2"_s).name = u"/US/Sales"_s;

    const auto kept = scoped(listing, { .groupFilter = { u"/EU/*"_s } });

    QCOMPARE(kept->groupCount(), 1U);
    QCOMPARE(kept->groupId(0), u"ou:1"_s);
    QCOMPARE(kept->groupKind(0), GroupKind::OrgUnit);
}

void TstScope::aFilterEntryThatMatchesNothingIsNoted()
{
    const auto kept = scoped(nested(), { .groupFilter = { u"*"_s, u"gone"_s } });

    QCOMPARE(kept->groupCount(), 4U);
    QCOMPARE(kept->notes().size(), 1U);
    QVERIFY(kept->notes().front().contains(u"gone"));
}

static const bool kScopeRegistered = test::registerTestClass<TstScope>("scope");

} // namespace portreeve

#include "tst_scope.moc"
