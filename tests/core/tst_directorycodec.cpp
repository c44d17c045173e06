// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/structjson.h"
#include "tests/support/pushfixture.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <google/protobuf/struct.pb.h>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::directoryUser;
using test::userRecordFromJson;

/// The Structs of proxy.md 5.1.
class TstDirectoryCodec : public QObject
{
    Q_OBJECT

private slots:
    void aRecordIsAStructOfExactlyItsKeys();
    void aRecordReadsBackAsItWas();
    void longListsAndTextsAreWholeOnTheWire();
    void whatTheProxyCouldNotUseIsNoRecord_data();
    void whatTheProxyCouldNotUseIsNoRecord();
    void sameness_data();
    void sameness();
};

void TstDirectoryCodec::aRecordIsAStructOfExactlyItsKeys()
{
    const auto user = structToJson(encodeDirectoryRecord(directoryUser(u"ann"_s, { u"g1"_s })));
    const auto group = structToJson(encodeDirectoryRecord(test::directoryGroup(u"g1"_s)));

    QCOMPARE(*user, directoryUser(u"ann"_s, { u"g1"_s }).toJson());
    QCOMPARE(*group, test::directoryGroup(u"g1"_s).toJson());
}

void TstDirectoryCodec::aRecordReadsBackAsItWas()
{
    auto user = directoryUser(u"org/people/\U0001F9D1 ann"_s, { u"g/1"_s, u"\u00e9"_s });
    user.displayName = QString();

    const auto read = decodeDirectoryUser(kStructTypeUrl, encodeDirectoryRecord(user));

    QVERIFY(read.has_value());
    QCOMPARE(read->toJson(), user.toJson());
}

void TstDirectoryCodec::longListsAndTextsAreWholeOnTheWire()
{
    std::vector<QString> groupIds;
    for (int i = 0; i < 3'000; ++i) {
        groupIds.push_back(u"group-%1"_s.arg(i, 30));
    }
    auto user = directoryUser(u"ann"_s, groupIds);
    user.displayName = QString(20'000, u'x');

    google::protobuf::Struct parsed;
    QVERIFY(parsed.ParseFromString(encodeDirectoryRecord(user).toStdString()));

    QCOMPARE(parsed.fields().at("group_ids").list_value().values_size(), 3'000);
    QCOMPARE(parsed.fields().at("display_name").string_value().size(), std::size_t { 20'000 });
}

void TstDirectoryCodec::whatTheProxyCouldNotUseIsNoRecord_data()
{
    QTest::addColumn<QString>("typeUrl");
    QTest::addColumn<QByteArray>("data");
    const auto bytes = [](const char* json) { return userRecordFromJson({}, json).data; };
    QTest::addRow("another type") << u"type.googleapis.com/user.User"_s << bytes("{}");
    QTest::addRow("no protobuf") << QString(kStructTypeUrl) << QByteArray("\xff\xff\xff");
    QTest::addRow("a numeric id") << QString(kStructTypeUrl) << bytes(R"({"id":7})");
    QTest::addRow("groups as text")
        << QString(kStructTypeUrl) << bytes(R"({"id":"a","group_ids":"g"})");
    QTest::addRow("a numeric group")
        << QString(kStructTypeUrl) << bytes(R"({"id":"a","group_ids":[5]})");
}

void TstDirectoryCodec::whatTheProxyCouldNotUseIsNoRecord()
{
    QFETCH(QString, typeUrl);
    QFETCH(QByteArray, data);

    QVERIFY(!decodeDirectoryUser(typeUrl, data).has_value());
}

void TstDirectoryCodec::sameness_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<bool>("isSame");
    QTest::addRow("other key order") << QByteArray(
        R"({"email":"a@corp.test","group_ids":["g1","g2"],"id":"a","display_name":"A"})")
                                     << true;
    QTest::addRow("other order of groups") << QByteArray(
        R"({"id":"a","group_ids":["g2","g1"],"display_name":"A","email":"a@corp.test"})")
                                           << true;
    QTest::addRow("a group twice") << QByteArray(
        R"({"id":"a","group_ids":["g1","g2","g2"],"display_name":"A","email":"a@corp.test"})")
                                   << false;
    QTest::addRow("another name") << QByteArray(
        R"({"id":"a","group_ids":["g1","g2"],"display_name":"B","email":"a@corp.test"})")
                                  << false;
    QTest::addRow("a key more") << QByteArray(
        R"({"id":"a","group_ids":["g1","g2"],"display_name":"A","email":"a@corp.test","x":1})")
                                << false;
    QTest::addRow("a key less") << QByteArray(
        R"({"id":"a","group_ids":["g1","g2"],"display_name":"A"})")
                                << false;
}

void TstDirectoryCodec::sameness()
{
    QFETCH(QByteArray, json);
    QFETCH(bool, isSame);
    const auto ours = encodeDirectoryRecord(directoryUser(u"a"_s, { u"g1"_s, u"g2"_s }));

    QCOMPARE(isSameDirectoryRecord(
                 ours, kStructTypeUrl, userRecordFromJson(u"a"_s, json.constData()).data),
        isSame);
    QVERIFY(!isSameDirectoryRecord(ours, u"type.googleapis.com/user.User"_s, ours));
}

static const bool kDirectoryCodecRegistered
    = test::registerTestClass<TstDirectoryCodec>("directorycodec");

} // namespace portreeve

#include "tst_directorycodec.moc"
