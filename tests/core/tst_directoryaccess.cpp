// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/access/directoryaccess.h"
#include "core/directory/snapshotbuilder.h"
#include "core/policy/parser.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve::access {

class TstDirectoryAccess : public QObject
{
    Q_OBJECT

private slots:
    void policyDecidesByDirectoryAlone_data();
    void policyDecidesByDirectoryAlone();
    void suspendedPeopleReachNothing();
    void leavingANestedGroupLosesTheRoute();
    void peopleWhoLoseEverythingAreCounted();
};

namespace {
/// ann in Engineering through DevOps, bob nowhere; "sue" is suspended.
SnapshotPtr directory(bool nested)
{
    SnapshotBuilder builder;
    builder.addUser({ .id = u"u-ann"_s, .displayName = u"Ann"_s, .email = u"ann@corp.test"_s });
    builder.addUser({ .id = u"u-bob"_s, .displayName = u"Bob"_s });
    builder.addUser({ .id = u"u-sue"_s, .displayName = u"Sue"_s, .state = UserState::Suspended });
    builder.addGroup({ .id = u"g-dev"_s, .name = u"DevOps"_s });
    builder.addGroup({ .id = u"g-eng"_s, .name = u"Engineering"_s });
    builder.addMember(u"g-dev"_s, u"u-ann"_s, MemberKind::User);
    builder.addMember(u"g-dev"_s, u"u-sue"_s, MemberKind::User);
    if (nested) {
        builder.addMember(u"g-eng"_s, u"g-dev"_s, MemberKind::Group);
    }
    return *builder.build();
}

RouteRules route(const QByteArray& policy)
{
    const auto parsed = policy::parsePolicy(policy);
    return { .name = u"Wiki"_s, .policies = { parsed.policy.value_or(policy::Policy {}) } };
}

QString unchanged(const QString& id)
{
    return id;
}
} // namespace

void TstDirectoryAccess::policyDecidesByDirectoryAlone_data()
{
    QTest::addColumn<QByteArray>("policy");
    QTest::addColumn<QList<int>>("expected"); // ann, bob; 0 no, 1 depends, 2 yes
    const auto row = [](const char* name, const char* policy, QList<int> expected) {
        QTest::addRow("%s", name) << QByteArray(policy) << expected;
    };
    row("nested group", "{allow: {and: [{groups: g-eng}]}}", { 2, 0 });
    row("names never match", "{allow: {and: [{groups: Engineering}]}}", { 0, 0 });
    row("user id", "{allow: {or: [{user: u-bob}]}}", { 0, 2 });
    row("unknown address depends", "{allow: {or: [{email: ann@corp.test}]}}", { 2, 1 });
    row("domain", "{allow: {or: [{domain: corp.test}]}}", { 2, 1 });
    row("request decides", "{allow: {and: [{groups: g-eng}, {source_ip: 10.0.0.0/8}]}}", { 1, 0 });
    row("deny wins", "{allow: {or: [{accept: 1}]}, deny: {or: [{groups: g-dev}]}}", { 0, 2 });
    row("not is none of", "{allow: {not: [{groups: g-eng}]}}", { 0, 2 });
    row("nor is not all of", "{allow: {nor: [{groups: g-eng}, {groups: g-none}]}}", { 2, 2 });
    row("exclude", "{allow: {and: [{groups: {exclude: g-eng}}]}}", { 0, 2 });
    row("operators of a block are ORed", "{allow: {and: [{groups: g-none}], or: [{user: u-bob}]}}",
        { 0, 2 });
    row("empty policy", "[]", { 0, 0 });
}

void TstDirectoryAccess::policyDecidesByDirectoryAlone()
{
    QFETCH(QByteArray, policy);
    QFETCH(QList<int>, expected);
    const GroupClosure closure(directory(true));

    const auto reach = DirectoryAccess(closure, unchanged).reach(route(policy));

    QCOMPARE(static_cast<int>(reach[0]), expected.at(0));
    QCOMPARE(static_cast<int>(reach[1]), expected.at(1));
}

void TstDirectoryAccess::suspendedPeopleReachNothing()
{
    const GroupClosure closure(directory(true));

    const auto reach
        = DirectoryAccess(closure, unchanged).reach(route("{allow: {or: [{accept: 1}]}}"));

    QCOMPARE(reach[2], Reach::No);
}

void TstDirectoryAccess::leavingANestedGroupLosesTheRoute()
{
    const GroupClosure before(directory(true));
    const GroupClosure after(directory(false));

    const auto diff
        = compareReach(before, after, { route("{allow: {and: [{groups: g-eng}]}}") }, unchanged);

    QCOMPARE(diff.changes.size(), std::size_t(1));
    QCOMPARE(diff.changes.front().userId, u"u-ann"_s);
    QCOMPARE(diff.changes.front().route, u"Wiki"_s);
    QVERIFY(!diff.changes.front().gained);
}

void TstDirectoryAccess::peopleWhoLoseEverythingAreCounted()
{
    const GroupClosure before(directory(true));
    const GroupClosure after(directory(false));

    const auto one
        = compareReach(before, after, { route("{allow: {and: [{groups: g-eng}]}}") }, unchanged);
    const auto two = compareReach(before, after,
        { route("{allow: {and: [{groups: g-eng}]}}"), route("{allow: {or: [{user: u-ann}]}}") },
        unchanged);

    QCOMPARE(one.hadAny, 1);
    QCOMPARE(one.lostAll, 1);
    QCOMPARE(two.lostAll, 0);
}

static const bool kRegistered = test::registerTestClass<TstDirectoryAccess>("directoryaccess");

} // namespace portreeve::access

#include "tst_directoryaccess.moc"
