// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/directoryrecords.h"
#include "tests/support/smalldirectory.h"
#include "tests/support/testregistry.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

QStringList userIds(const DirectoryRecords& records)
{
    QStringList out;
    for (const auto& user : records.users) {
        out.append(user.id);
    }
    return out;
}

DirectoryView oneConnection()
{
    return { .connections = { test::staffDirectory().connection(u"corp"_s) } };
}

} // namespace

class TstDirectoryRecords : public QObject
{
    Q_OBJECT

private slots:
    void groupsAreExpandedAndSorted();
    void suspendedPeopleAreLeftOutOrKeptWithoutGroups();
    void directOnlyKeepsDirectGroups();
    void theRecordIdIsWhatTheConnectionChooses();
    void anIdOfSeveralPeopleIsNobodys();
    void aSuspendedTwinElsewhereTakesNoId();
    void severalConnectionsPrefixGroupsAndSharedUsers();
};

void TstDirectoryRecords::groupsAreExpandedAndSorted()
{
    const auto records = directoryRecords(oneConnection());

    QCOMPARE(userIds(records), (QStringList { u"u-ann"_s, u"u-bob"_s, u"u-dee"_s }));
    QVERIFY(records.users[0].groupIds == (std::vector { u"g-eng"_s, u"g-staff"_s }));
    QVERIFY(records.users[2].groupIds.empty());
    QCOMPARE(records.groups.size(), std::size_t { 2 });
    QCOMPARE(QJsonDocument(records.users[0].toJson()).toJson(QJsonDocument::Compact),
        QByteArray(R"({"display_name":"U-ANN","email":"ann@corp.test",)"
                   R"("group_ids":["g-eng","g-staff"],"id":"u-ann"})"));
    QCOMPARE(records.groups[0].toJson().value(u"name").toString(), u"Engineering"_s);
}

void TstDirectoryRecords::suspendedPeopleAreLeftOutOrKeptWithoutGroups()
{
    auto corp = test::staffDirectory().connection(u"corp"_s);
    corp.rules.exportSuspended = true;

    const auto records = directoryRecords({ .connections = { corp } });

    QCOMPARE(records.users.size(), std::size_t { 4 });
    QCOMPARE(records.users[2].id, u"u-cid"_s);
    QVERIFY(records.users[2].groupIds.empty());
}

void TstDirectoryRecords::directOnlyKeepsDirectGroups()
{
    auto corp = test::staffDirectory().connection(u"corp"_s);
    corp.rules.directOnly = true;

    const auto records = directoryRecords({ .connections = { corp } });

    QVERIFY(records.users[0].groupIds == std::vector { u"g-eng"_s });
}

void TstDirectoryRecords::theRecordIdIsWhatTheConnectionChooses()
{
    auto corp = test::staffDirectory().connection(u"corp"_s);
    corp.rules.recordId = RecordIdSource::Email;

    const auto records = directoryRecords({ .connections = { corp } });

    QCOMPARE(userIds(records), (QStringList { u"ann@corp.test"_s, u"bob@other.test"_s }));
    QVERIFY(records.users[0].groupIds == (std::vector { u"g-eng"_s, u"g-staff"_s }));
    QCOMPARE(records.notes.size(), std::size_t { 1 });
    QVERIFY(records.notes[0].english().startsWith(u"People of corp without a record: 1."_s));
}

void TstDirectoryRecords::anIdOfSeveralPeopleIsNobodys()
{
    auto staff = test::staffDirectory();
    auto twin = staff.users.front(); // Ann
    twin.id = u"u-twin"_s;
    staff.users.push_back(twin);
    auto corp = staff.connection(u"corp"_s);
    corp.rules.recordId = RecordIdSource::Email;
    QCOMPARE(userIds(directoryRecords({ .connections = { corp } })),
        QStringList { u"bob@other.test"_s });

    staff.users.back().state = UserState::Suspended; // an old account of hers
    corp = staff.connection(u"corp"_s);
    corp.rules.recordId = RecordIdSource::Email;

    const auto records = directoryRecords({ .connections = { corp } });

    QCOMPARE(userIds(records), (QStringList { u"ann@corp.test"_s, u"bob@other.test"_s }));
    QVERIFY(!records.users[0].groupIds.empty());
}

void TstDirectoryRecords::aSuspendedTwinElsewhereTakesNoId()
{
    auto old = test::staffDirectory();
    old.users = { test::person(u"u-ann"_s) };
    old.users.front().state = UserState::Suspended;
    old.members = {};

    const auto records = directoryRecords(
        { .connections = { test::staffDirectory().connection(u"a"_s), old.connection(u"b"_s) } });

    QCOMPARE(userIds(records), (QStringList { u"u-ann"_s, u"u-bob"_s, u"u-dee"_s }));
    QVERIFY(records.notes.empty());
}

void TstDirectoryRecords::severalConnectionsPrefixGroupsAndSharedUsers()
{
    auto other = test::staffDirectory();
    other.users = { test::person(u"u-ann"_s), test::person(u"u-eve"_s) };
    other.members = { { u"g-eng"_s, u"u-eve"_s }, { u"g-staff"_s, u"g-eng"_s } };

    const auto records = directoryRecords(
        { .connections = { test::staffDirectory().connection(u"a"_s), other.connection(u"b"_s) } });

    QCOMPARE(userIds(records),
        (QStringList { u"a:u-ann"_s, u"b:u-ann"_s, u"u-bob"_s, u"u-dee"_s, u"u-eve"_s }));
    QVERIFY(records.users[4].groupIds == (std::vector { u"b:g-eng"_s, u"b:g-staff"_s }));
    QCOMPARE(records.groups.size(), std::size_t { 4 });
    QCOMPARE(records.notes.size(), std::size_t { 1 });
}

static const bool kDirectoryRecordsRegistered
    = test::registerTestClass<TstDirectoryRecords>("directoryrecords");

} // namespace portreeve

#include "tst_directoryrecords.moc"
