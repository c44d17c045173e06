// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/access/directoryaccess.h"
#include "core/directory/snapshotbuilder.h"
#include "core/policy/parser.h"
#include "tests/support/smalldirectory.h"
#include "tests/support/testregistry.h"

#include <QElapsedTimer>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve::access {

namespace {

RouteRules route(const QByteArray& text)
{
    return { .name = u"app"_s,
        .policies = { policy::parsePolicy(text).policy.value_or(policy::Policy {}) } };
}

QString plainly(const QString& id)
{
    return id;
}

/// Answers for Ann, Bob, Cid and Dee as one letter each: y, d or n.
QString letters(const QByteArray& text, const SyncRules& rules = {})
{
    const auto closure = test::staffDirectory().closure();
    const auto reach = DirectoryAccess(*closure, plainly, rules).reach(route(text));
    QString out;
    for (Row user = 0; user < 4; ++user) {
        out += reachName(reach[user]).front();
    }
    return out;
}

} // namespace

class TstDirectoryAccess : public QObject
{
    Q_OBJECT

private slots:
    void everyUserIsAnswered_data();
    void everyUserIsAnswered();
    void directOnlyIgnoresNesting();
    void peopleAreAskedForByTheirRecordId();
    void whoIsInTwoConnectionsHasNoGroups();
    void reasonsNameTheDecidingRule();
    void prefixedIdsMatchTheirConnectionOnly();
    void aHundredThousandUsersAreFast();
};

void TstDirectoryAccess::everyUserIsAnswered_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("answers"); // Ann, Bob, Cid (suspended), Dee (no address)
    const auto row = [](const char* text, const char* answers) {
        QTest::addRow("%s", text) << QByteArray(text) << QString::fromLatin1(answers);
    };
    row("{}", "nnnn");
    row("{allow: {or: [{accept: 1}]}}", "yyny");
    row("{allow: {or: [{authenticated_user: 1}]}}", "yyny");
    row("{allow: {or: [{reject: 1}]}}", "nnnn");
    row("{allow: {and: [{groups: g-eng}]}}", "ynnn");
    row("{allow: {and: [{groups: g-staff}]}}", "yynn");
    row("{allow: {and: [{groups: {is: g-staff}}]}}", "nynn");
    row("{allow: {and: [{groups: {exclude: g-eng}}]}}", "nyny");
    row("{allow: {and: [{groups: {}}]}}", "yyny");
    row("{allow: {and: [{groups: Engineering}]}}", "nnnn");
    row("{allow: {and: [{groups: 5}]}}", "nnnn");
    row("{allow: {not: [{groups: g-eng}]}}", "nyny");
    row("{allow: {nor: [{groups: g-eng}, {groups: g-staff}]}}", "nyny");
    row("{allow: {and: [{user: {in: [u-ann, u-dee]}}]}}", "ynny");
    row("{allow: {and: [{user: {starts_with: u-, not: u-bob}}]}}", "ynny");
    row("{allow: {and: [{email: ann@corp.test}]}}", "ynnd");
    row("{allow: {and: [{domain: corp.test}]}}", "ynnd");
    row("{allow: {and: [{domain: {not: corp.test}}]}}", "nynd");
    row("{allow: {not: [{domain: corp.test}]}}", "nynd");
    row("{allow: {and: [{email: {ends_with: .test}}, {groups: g-staff}]}}", "yynn");
    row("{allow: {and: [{email: {}}]}}", "yyny");
    row("{allow: {and: [{source_ip: 10.0.0.1}]}}", "ddnd");
    row("{allow: {and: [{groups: g-eng}, {device: {type: any}}]}}", "dnnn");
    row("{allow: {or: [{groups: g-eng}, {claim/x: y}]}}", "ydnd");
    row("{allow: {or: [{accept: 1}]}, deny: {or: [{groups: g-eng}]}}", "nyny");
    row("{allow: {or: [{accept: 1}]}, deny: {and: [{groups: g-eng}, {http_method: GET}]}}", "dyny");
    row("{allow: {or: [{accept: 1}]}, deny: {or: [{accept: 1}]}}", "nnnn");
    row("{allow: {and: [{groups: g-none}], or: [{user: u-bob}]}}", "nynn");
    row("{allow: {nor: [{groups: g-eng}, {groups: g-none}]}}", "yyny");
}

void TstDirectoryAccess::everyUserIsAnswered()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, answers);

    QCOMPARE(letters(text), answers);
}

void TstDirectoryAccess::directOnlyIgnoresNesting()
{
    const SyncRules rules { .directOnly = true };
    QCOMPARE(letters("{allow: {and: [{groups: g-staff}]}}", rules), u"nynn"_s);
    QCOMPARE(letters("{allow: {and: [{groups: {is: g-eng}}]}}", rules), u"ynnn"_s);
}

void TstDirectoryAccess::peopleAreAskedForByTheirRecordId()
{
    const SyncRules rules { .recordId = RecordIdSource::Email }; // Dee has none

    QCOMPARE(letters("{allow: {and: [{user: ann@corp.test}]}}", rules), u"ynnd"_s);
    QCOMPARE(letters("{allow: {and: [{user: u-ann}]}}", rules), u"nnnd"_s);
    QCOMPARE(letters("{allow: {and: [{groups: g-staff}]}}", rules), u"yynn"_s);
    QCOMPARE(letters("{allow: {and: [{user: u-dee}]}}"), u"nnny"_s);
}

void TstDirectoryAccess::whoIsInTwoConnectionsHasNoGroups()
{
    auto other = test::staffDirectory();
    other.users = { test::person(u"u-ann"_s) };
    other.members = {};
    const DirectoryView view { .connections
        = { test::staffDirectory().connection(u"a"_s), other.connection(u"b"_s) } };
    const auto closure = test::staffDirectory().closure();
    DirectoryAccess access(*closure, plainly, {}, sharedRecordIds(view));

    const auto byGroup = access.evaluate(route("{allow: {and: [{groups: g-staff}]}}"));
    const auto byId = access.evaluate(route("{allow: {and: [{user: u-ann}]}}"));

    QCOMPARE(byGroup.reach(0), Reach::No); // Ann's records carry other ids, see directoryRecords()
    QCOMPARE(byGroup.reach(1), Reach::Yes);
    QCOMPARE(byId.reach(0), Reach::Yes);
}

void TstDirectoryAccess::reasonsNameTheDecidingRule()
{
    const auto closure = test::staffDirectory().closure();
    DirectoryAccess access(*closure, plainly);
    const auto answer = access.evaluate(route(
        "{allow: {or: [{groups: g-eng}, {source_ip: 10.0.0.1}]}, deny: {or: [{user: u-bob}]}}"));

    QCOMPARE(answer.because(0).front().english(),
        u"Allowed because of: groups has \"g-eng\" (Engineering)."_s);
    QCOMPARE(answer.because(1).front().english(), u"Denied because of: user is \"u-bob\"."_s);
    QCOMPARE(answer.because(2).front().english(), u"The account is suspended."_s);
    QVERIFY(answer.because(3).front().english().startsWith(u"Allowed depending on: source_ip"));
    QCOMPARE(access.evaluate(route("{}")).because(0).front().english(),
        u"No allow rule admits this person."_s);
    QCOMPARE(answer.count(Reach::Yes), Row { 1 });
    QCOMPARE(answer.count(Reach::No), Row { 2 });
}

void TstDirectoryAccess::prefixedIdsMatchTheirConnectionOnly()
{
    const auto closure = test::staffDirectory().closure();
    DirectoryAccess access(*closure, [](const QString& id) { return QString(u"corp:"_s % id); });

    QCOMPARE(access.evaluate(route("{allow: {and: [{groups: 'corp:g-eng'}]}}")).count(Reach::Yes),
        Row { 1 });
    QCOMPARE(
        access.evaluate(route("{allow: {and: [{groups: g-eng}]}}")).count(Reach::Yes), Row { 0 });
}

void TstDirectoryAccess::aHundredThousandUsersAreFast()
{
    SnapshotBuilder builder;
    constexpr int kUsers = 100'000;
    constexpr int kGroups = 500;
    for (int i = 0; i < kUsers; ++i) {
        const auto id = QString::number(i);
        builder.addUser({ .id = id, .displayName = id, .email = id % u"@d%1.test"_s.arg(i % 50) });
    }
    for (int i = 0; i < kGroups; ++i) {
        builder.addGroup({ .id = u"g%1"_s.arg(i), .name = u"G"_s });
    }
    for (int i = 0; i < kUsers * 3; ++i) {
        builder.addMember(
            u"g%1"_s.arg(i * 7 % kGroups), QString::number(i % kUsers), MemberKind::User);
    }
    const GroupClosure closure(*builder.build());
    QElapsedTimer timer;
    timer.start();

    DirectoryAccess access(closure, plainly);
    std::uint64_t admitted = 0;
    for (int i = 0; i < 100; ++i) {
        const auto text
            = u"[{allow: {and: [{groups: g%1}, {domain: d%2.test}]}}, "
              "{allow: {and: [{email: {ends_with: '%2.test'}}, {groups: {exclude: g%3}}]}}, "
              "{deny: {or: [{groups: g%3}]}}]"_s.arg(i)
                  .arg(i % 50)
                  .arg(i + 100);
        admitted += access.evaluate(route(text.toUtf8())).count(Reach::Yes);
    }

    QVERIFY(admitted > 0);
    qInfo("100 routes took %lld ms", timer.elapsed());
    QVERIFY2(timer.elapsed() < 20'000, "far above the two seconds of an idle machine");
}

static const bool kDirectoryAccessRegistered
    = test::registerTestClass<TstDirectoryAccess>("directoryaccess");

} // namespace portreeve::access

#include "tst_directoryaccess.moc"
