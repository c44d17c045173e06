// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/devicerecords.h"
#include "tests/support/testregistry.h"

#include <QJsonArray>
#include <QTest>

#include <device.pb.h>
#include <session.pb.h>
#include <user.pb.h>

using namespace Qt::StringLiterals;

namespace portreeve {

/// The typed records of devices.md 2.
class TstDeviceRecords : public QObject
{
    Q_OBJECT

private slots:
    void anEnrollmentReadsBackAsItWasPut();
    void thePatchesHoldOnlyWhatTheySet();
    void aCredentialKeepsTheBrowsersAnswer();
    void everyFieldIsThereToBeLookedAt();
    void theEMailClaimStandsInForTheField();
    void sessionsTellTheirDevicesAndNoToken();
    void damagedRecordsAreNamed();
};

namespace {
DatabrokerRecord packed(QLatin1StringView type, const google::protobuf::Message& data)
{
    return { .type = type,
        .id = u"r1"_s,
        .typeUrl = type,
        .data = QByteArray::fromStdString(data.SerializeAsString()) };
}

void addClaim(google::protobuf::Map<std::string, google::protobuf::ListValue>& claims,
    const char* name, const char* value)
{
    claims[name].add_values()->set_string_value(value);
}
} // namespace

void TstDeviceRecords::anEnrollmentReadsBackAsItWasPut()
{
    const EnrollmentData data { .id = u"e1"_s,
        .userId = u"ann"_s,
        .approvedBy = u"admin"_s,
        .enrolledAt = UtcTime(std::chrono::milliseconds(1'767'139'200'250)),
        .userAgent = u"Browser"_s,
        .ipAddress = u"10.0.0.1"_s,
        .typeId = u"any"_s,
        .credentialId = u"c1"_s };

    const auto record = toRecord(data);
    const auto read = enrollmentData(record);

    QCOMPARE(record.type, u"type.googleapis.com/pomerium.device.Enrollment"_s);
    QCOMPARE(record.typeUrl, record.type);
    QCOMPARE(record.id, u"e1"_s);
    QVERIFY(bool(read));
    QCOMPARE(read->userId, data.userId);
    QCOMPARE(read->approvedBy, data.approvedBy);
    QVERIFY(read->enrolledAt == data.enrolledAt);
    QCOMPARE(read->userAgent, data.userAgent);
    QCOMPARE(read->ipAddress, data.ipAddress);
    QCOMPARE(read->typeId, data.typeId);
    QCOMPARE(read->credentialId, data.credentialId);
    QVERIFY(!enrollmentData(toRecord(EnrollmentData { .id = u"e2"_s }))->enrolledAt);
}

void TstDeviceRecords::thePatchesHoldOnlyWhatTheySet()
{
    pomerium::device::Enrollment enrollment;
    enrollment.ParseFromString(approvalPatch(u"e1"_s, u"admin"_s).data.toStdString());
    session::Session session;
    session.ParseFromString(sessionDevicesPatch(
        u"s1"_s, { { .typeId = u"any"_s, .credentialId = u"c1"_s }, { .typeId = u"x"_s } })
            .data.toStdString());

    QCOMPARE(enrollment.ShortDebugString(), std::string(R"(id: "e1" approved_by: "admin")"));
    QCOMPARE(session.device_credentials_size(), 2);
    QCOMPARE(session.device_credentials(0).id(), std::string("c1"));
    QVERIFY(session.device_credentials(1).has_unavailable());
    QCOMPARE(
        signedInUserData(userDevicesPatch(u"ann"_s, { u"c1"_s, u"c2"_s }))->deviceCredentialIds,
        (QStringList { u"c1"_s, u"c2"_s }));
}

void TstDeviceRecords::aCredentialKeepsTheBrowsersAnswer()
{
    pomerium::device::Credential wire;
    wire.set_id("c1");
    wire.set_enrollment_id("e1");
    wire.mutable_webauthn()->set_register_response("{\"id\":\"x\"}");

    const auto read = credentialData(packed(recordtype::kCredential, wire));

    QVERIFY(bool(read));
    QCOMPARE(read->enrollmentId, u"e1"_s);
    QCOMPARE(read->registerResponse, QByteArray("{\"id\":\"x\"}"));
}

void TstDeviceRecords::everyFieldIsThereToBeLookedAt()
{
    pomerium::device::Credential wire;
    wire.set_id("c1");
    wire.set_user_id("ann");
    wire.mutable_webauthn()->set_public_key("\x01\x02");
    wire.mutable_webauthn()->set_register_response("{\"id\":\"x\"}");
    wire.mutable_webauthn()->add_authenticate_response("{\"id\":\"y\"}");
    wire.mutable_webauthn()->add_authenticate_response("no JSON");

    const auto fields = deviceRecordJson(packed(recordtype::kCredential, wire));

    QVERIFY(bool(fields));
    QCOMPARE(fields->value(u"user_id").toString(), u"ann"_s);
    const auto webauthn = fields->value(u"webauthn").toObject();
    QCOMPARE(webauthn.value(u"public_key").toString(), u"AQI="_s);
    QCOMPARE(webauthn.value(u"register_response").toObject().value(u"id").toString(), u"x"_s);
    const auto answers = webauthn.value(u"authenticate_response").toArray();
    QCOMPARE(answers.at(0).toObject().value(u"id").toString(), u"y"_s);
    QCOMPARE(answers.at(1).toString(), u"bm8gSlNPTg=="_s);
    QCOMPARE(deviceRecordJson({ .type = recordtype::kCredential,
                                  .id = u"c1"_s,
                                  .typeUrl = recordtype::kCredential,
                                  .data = "\xff\xff" })
                 .error()
                 .code,
        ErrorCode::BadResponse);
}

void TstDeviceRecords::theEMailClaimStandsInForTheField()
{
    user::User wire;
    wire.set_id("ann");
    addClaim(*wire.mutable_claims(), "email", "claim@corp.test");

    QCOMPARE(signedInUserData(packed(recordtype::kUser, wire))->email, u"claim@corp.test"_s);
    wire.set_email("field@corp.test");
    QCOMPARE(signedInUserData(packed(recordtype::kUser, wire))->email, u"field@corp.test"_s);
}

void TstDeviceRecords::sessionsTellTheirDevicesAndNoToken()
{
    session::Session wire;
    wire.set_id("s1");
    wire.set_user_id("ann");
    wire.mutable_expires_at()->set_seconds(1'767'139'200);
    auto& device = *wire.add_device_credentials();
    device.set_type_id("any");
    device.set_id("c1");

    const auto read = sessionData(packed(recordtype::kSession, wire));

    QVERIFY(bool(read));
    QCOMPARE(read->userId, u"ann"_s);
    QVERIFY(read->expiresAt == UtcTime(std::chrono::seconds(1'767'139'200)));
    QVERIFY(read->devices
        == (std::vector<SessionDevice> { { .typeId = u"any"_s, .credentialId = u"c1"_s } }));
    // Fields 6 and 7 hold tokens: our message does not name them.
    QVERIFY(session::Session::descriptor()->FindFieldByNumber(6) == nullptr);
    QVERIFY(session::Session::descriptor()->FindFieldByNumber(7) == nullptr);
}

void TstDeviceRecords::damagedRecordsAreNamed()
{
    auto record = toRecord(EnrollmentData { .id = u"e1"_s });
    record.typeUrl = u"type.googleapis.com/user.User"_s;

    const auto read = enrollmentData(record);

    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::BadResponse);
    QVERIFY(read.error().what.english().contains(u"e1"_s));
}

static const bool kDeviceRecordsRegistered
    = test::registerTestClass<TstDeviceRecords>("devicerecords");

} // namespace portreeve

#include "tst_devicerecords.moc"
