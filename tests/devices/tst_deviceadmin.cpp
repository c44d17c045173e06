// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/deviceadmin.h"
#include "core/devices/devicereader.h"
#include "core/devices/housekeeping.h"
#include "core/proxy/databroker/databrokerclient.h"
#include "tests/support/devicesfixture.h"
#include "tests/support/madeupdevices.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace portreeve::test;

namespace portreeve::devices {

/// Approval, revocation and housekeeping at a proxy; cases numbered as in devices.md 4.1.
class TstDeviceAdmin : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void approvalIsWrittenAndTakenBack();
    void case7VanishedEnrollmentIsReported();
    void case8RevokingTakesFiveSteps();
    void case8BrokenRevocationIsCompletedByTheNext_data();
    void case8BrokenRevocationIsCompletedByTheNext();
    void case22DeletedEnrollmentAloneLeavesTheCredential();
    void revokingLeavesOtherDevicesAlone();
    void revokingAPendingEnrollmentMarksItsLink();
    void deviceIsFoundByEitherId();
    void case20HousekeepingDeletesWhatIsOldAndUnused();
    void housekeepingLooksTwice();
    void housekeepingStopsAtARecordItCannotRead();
    void loadedTableFollowsChanges();

private:
    DeviceAdmin admin() const
    {
        return DeviceAdmin({ .client = m_fixture->client(),
            .store = m_fixture->store(),
            .clock = m_fixture->clock(),
            .targetId = m_fixture->targetId(),
            .actor = u"admin-1"_s });
    }

    void putDevice(const MadeUpDevice& device) const;
    EnrollmentData enrollment(const QString& id) const;
    void addLink(const QString& enrollmentId, UtcTime expiresAt) const;

    std::unique_ptr<DevicesFixture> m_fixture;
};

namespace {
const MadeUpDevice kAnn {
    .enrollmentId = u"e-ann"_s, .credentialId = u"CAnn"_s, .userId = u"u-ann"_s
};
const MadeUpDevice kBob {
    .enrollmentId = u"e-bob"_s, .credentialId = u"CBob"_s, .userId = u"u-bob"_s
};

QStringList keptIds(const Housekeeping& found, KeptReason reason)
{
    QStringList ids;
    for (const auto& record : found.kept) {
        if (record.reason == reason) {
            ids.append(record.id);
        }
    }
    return ids;
}

std::vector<StepState> statesOf(const RevokeReport& report)
{
    std::vector<StepState> states;
    for (const auto& step : report.steps) {
        states.push_back(step.state);
    }
    return states;
}
} // namespace

void TstDeviceAdmin::init()
{
    m_fixture = std::make_unique<DevicesFixture>();
}

void TstDeviceAdmin::cleanup()
{
    m_fixture.reset();
}

void TstDeviceAdmin::putDevice(const MadeUpDevice& device) const
{
    m_fixture->proxy().write({ enrollmentRecord(device) });
    m_fixture->proxy().write({ credentialRecord(device) });
    m_fixture->proxy().write({ ownerRecord(device.credentialId, device.userId) });
    m_fixture->proxy().write({ userRecord(
        device.userId, u"Name"_s, u"x@corp.test"_s, { u"COther"_s, device.credentialId }) });
    m_fixture->proxy().write({ sessionRecord(u"s-"_s + device.userId, device.userId,
        { { u"any"_s, device.credentialId }, { u"any"_s, u"COther"_s } }) });
}

EnrollmentData TstDeviceAdmin::enrollment(const QString& id) const
{
    const auto record = m_fixture->client().get(recordtype::kEnrollment, id, {});
    return record ? *enrollmentData(*record) : EnrollmentData {};
}

void TstDeviceAdmin::addLink(const QString& enrollmentId, UtcTime expiresAt) const
{
    const DeviceLink link { .enrollmentId = enrollmentId,
        .targetId = m_fixture->targetId(),
        .userId = u"u-ann"_s,
        .userName = u"Ann"_s,
        .type = u"any"_s,
        .host = u"app.corp.test"_s,
        .redirect = u"https://app.corp.test/"_s,
        .issuedAt = expiresAt - 1h,
        .expiresAt = expiresAt,
        .creator = u"admin-1"_s };
    QVERIFY(m_fixture->store().deviceLinks().add({ link }).hasValue());
}

void TstDeviceAdmin::approvalIsWrittenAndTakenBack()
{
    putDevice(kAnn);

    QCOMPARE(admin().approve({ kAnn.enrollmentId }, {})->changed.size(), std::size_t(1));
    QCOMPARE(enrollment(kAnn.enrollmentId).approvedBy, u"admin-1"_s);
    QCOMPARE(enrollment(kAnn.enrollmentId).credentialId, kAnn.credentialId); // the rest stays
    QCOMPARE(admin().undoApproval({ kAnn.enrollmentId }, {})->changed.size(), std::size_t(1));

    QVERIFY(enrollment(kAnn.enrollmentId).approvedBy.isEmpty());
    const auto entries = m_fixture->store().audit().list(1, 10); // after the target
    QCOMPARE(entries->at(0).event, u"device_approved"_s);
    QCOMPARE(entries->at(1).event, u"device_approval_undone"_s);
    QCOMPARE(entries->at(1).subject, kAnn.enrollmentId);
}

void TstDeviceAdmin::case7VanishedEnrollmentIsReported()
{
    putDevice(kAnn);

    const auto report = admin().approve({ u"e-gone"_s, kAnn.enrollmentId }, {});

    QCOMPARE(report->changed, std::vector<QString> { kAnn.enrollmentId });
    QCOMPARE(report->missing, std::vector<QString> { u"e-gone"_s });
    QCOMPARE(enrollment(kAnn.enrollmentId).approvedBy, u"admin-1"_s);
}

void TstDeviceAdmin::case8RevokingTakesFiveSteps()
{
    putDevice(kAnn);
    m_fixture->proxy().forgetCalls();

    const auto report = admin().revoke({ .enrollmentId = kAnn.enrollmentId }, {});

    QVERIFY2(report.hasValue(), report ? "" : qPrintable(report.error().toText()));
    QVERIFY(report->isComplete());
    QCOMPARE(statesOf(*report), std::vector(5, StepState::Done));
    QCOMPARE(m_fixture->writes(),
        QStringList({ u"Patch s-u-ann"_s, u"Patch u-ann"_s, u"Put CAnn"_s, u"Put e-ann"_s,
            u"Put CAnn"_s }));
    const auto session = sessionData(m_fixture->proxy().records(recordtype::kSession).front());
    QCOMPARE(session->devices,
        std::vector<SessionDevice>({ { .typeId = u"any"_s, .credentialId = u"COther"_s } }));
    const auto user = signedInUserData(m_fixture->proxy().records(recordtype::kUser).front());
    QCOMPARE(user->deviceCredentialIds, QStringList { u"COther"_s });
    QCOMPARE(user->email, u"x@corp.test"_s);
    QCOMPARE(m_fixture->store().audit().list(0, 10)->back().event, u"device_revoked"_s);
}

void TstDeviceAdmin::case8BrokenRevocationIsCompletedByTheNext_data()
{
    QTest::addColumn<int>("allowedWrites");
    for (int i = 0; i < 5; ++i) {
        QTest::addRow("step %d fails", i + 1) << i;
    }
}

void TstDeviceAdmin::case8BrokenRevocationIsCompletedByTheNext()
{
    QFETCH(int, allowedWrites);
    putDevice(kAnn);
    m_fixture->proxy().setFaults({ .refusedAfterWrites = allowedWrites });

    const auto broken = admin().revoke({ .enrollmentId = kAnn.enrollmentId }, {});

    QVERIFY(!broken->isComplete());
    QVERIFY(broken->error() != nullptr);
    for (int i = 0; i < 5; ++i) {
        const auto expected = i < allowedWrites ? StepState::Done
            : i == allowedWrites                ? StepState::Failed
                                                : StepState::NotReached;
        QCOMPARE(broken->steps.at(static_cast<std::size_t>(i)).state, expected);
    }
    m_fixture->proxy().setFaults({});

    const auto again = admin().revoke(broken->device, {});

    QVERIFY(again->isComplete());
    QVERIFY(m_fixture->proxy().records(recordtype::kEnrollment).empty());
    QVERIFY(m_fixture->proxy().records(recordtype::kCredential).empty());
    QVERIFY(m_fixture->proxy().records(recordtype::kOwnerCredential).empty());
}

void TstDeviceAdmin::case22DeletedEnrollmentAloneLeavesTheCredential()
{
    putDevice(kAnn);
    m_fixture->proxy().write({ tombstone(recordtype::kEnrollment, kAnn.enrollmentId) });

    const auto loaded = loadDevices(m_fixture->client(), {});

    const auto rows = loaded->table.rows({ .now = m_fixture->clock().nowUtc() });
    QCOMPARE(rows.front().status, DeviceStatus::Orphan); // a rule for the type still lets it in
    const auto house = housekeepingOf(*loaded, {}, m_fixture->clock().nowUtc() + 2h);
    QVERIFY(house.isEmpty());
    QCOMPARE(keptIds(house, KeptReason::ForAPerson), QStringList { kAnn.credentialId });
    const auto key = admin().find(kAnn.credentialId, {});
    QVERIFY(admin().revoke(*key, {})->isComplete());
    QVERIFY(m_fixture->proxy().records(recordtype::kCredential).empty());
}

void TstDeviceAdmin::revokingLeavesOtherDevicesAlone()
{
    putDevice(kAnn);
    putDevice(kBob);

    QVERIFY(admin().revoke({ .enrollmentId = kAnn.enrollmentId }, {})->isComplete());

    QCOMPARE(m_fixture->proxy().records(recordtype::kEnrollment).size(), std::size_t(1));
    QCOMPARE(m_fixture->proxy().records(recordtype::kCredential).front().id, kBob.credentialId);
    for (const auto& record : m_fixture->proxy().records(recordtype::kSession)) {
        QCOMPARE(sessionData(record)->devices.size(),
            record.id == u"s-u-bob" ? std::size_t(2) : std::size_t(1));
    }
}

void TstDeviceAdmin::revokingAPendingEnrollmentMarksItsLink()
{
    m_fixture->proxy().write({ pendingRecord(kAnn) });
    addLink(kAnn.enrollmentId, m_fixture->clock().nowUtc() + 1h);

    const auto report = admin().revoke({ .enrollmentId = kAnn.enrollmentId }, {});

    QVERIFY(report->isComplete());
    QCOMPARE(report->steps.at(0).state, StepState::NothingToDo);
    QCOMPARE(report->steps.at(3).state, StepState::Done);
    QVERIFY(
        m_fixture->store().deviceLinks().byEnrollment(kAnn.enrollmentId)->revokedAt.has_value());
}

void TstDeviceAdmin::deviceIsFoundByEitherId()
{
    putDevice(kAnn);

    for (const auto& id : { kAnn.enrollmentId, kAnn.credentialId }) {
        const auto key = admin().find(id, {});
        QVERIFY(key.hasValue());
        QCOMPARE(key->enrollmentId, kAnn.enrollmentId);
        QCOMPARE(key->credentialId, kAnn.credentialId);
    }
    QCOMPARE(admin().find(u"nothing"_s, {}).error().code, ErrorCode::NotFound);
}

void TstDeviceAdmin::case20HousekeepingDeletesWhatIsOldAndUnused()
{
    putDevice(kAnn);
    for (int i = 0; i < 5; ++i) {
        m_fixture->proxy().write({ ownerRecord(u"D"_s + QString::number(i), u"u-ann"_s) });
    }
    m_fixture->proxy().write(
        { pendingRecord({ .enrollmentId = u"e-old"_s, .userId = u"u-ann"_s }) });
    m_fixture->proxy().write(
        { pendingRecord({ .enrollmentId = u"e-new"_s, .userId = u"u-ann"_s }) });
    m_fixture->proxy().write(
        { pendingRecord({ .enrollmentId = u"e-foreign"_s, .userId = u"u-ann"_s }) });
    addLink(u"e-old"_s, m_fixture->clock().nowUtc() + 1h);
    addLink(u"e-new"_s, m_fixture->clock().nowUtc() + 48h);
    m_fixture->advance(2h);
    const auto loaded = loadDevices(m_fixture->client(), {});
    const auto links = m_fixture->store().deviceLinks().list(m_fixture->targetId());

    const auto early = housekeepingOf(*loaded, *links, m_fixture->clock().nowUtc() - 2h);
    const auto found = housekeepingOf(*loaded, *links, m_fixture->clock().nowUtc());
    const auto gone = keepHouse({ .client = m_fixture->client(),
                                    .store = m_fixture->store(),
                                    .clock = m_fixture->clock(),
                                    .targetId = m_fixture->targetId(),
                                    .actor = u"admin-1"_s },
        found, {});

    QCOMPARE(keptIds(early, KeptReason::Recent).size(), 5); // somebody may be in the middle of it
    QVERIFY(early.abandonedOwners.empty());
    QCOMPARE(found.expiredEnrollments, std::vector<QString> { u"e-old"_s });
    QCOMPARE(keptIds(found, KeptReason::NoLink), QStringList { u"e-foreign"_s });
    QCOMPARE(found.kept.size(), std::size_t(1)); // what somebody may still use is not spoken of
    QCOMPARE(gone->expiredEnrollments, std::vector<QString> { u"e-old"_s });
    QCOMPARE(gone->abandonedOwners.size(), std::size_t(5));
    QCOMPARE(m_fixture->proxy().records(recordtype::kOwnerCredential).size(), std::size_t(1));
    QCOMPARE(m_fixture->proxy().records(recordtype::kEnrollment).size(), std::size_t(3));
    QVERIFY(m_fixture->store().deviceLinks().byEnrollment(u"e-old"_s)->revokedAt.has_value());
}

void TstDeviceAdmin::housekeepingLooksTwice()
{
    m_fixture->proxy().write({ pendingRecord(kAnn) });
    addLink(kAnn.enrollmentId, m_fixture->clock().nowUtc() - 1h);
    const Housekeeping agreed { .expiredEnrollments = { kAnn.enrollmentId },
        .abandonedOwners = {} };
    putDevice(kAnn); // used at the last moment

    const auto gone = keepHouse({ .client = m_fixture->client(),
                                    .store = m_fixture->store(),
                                    .clock = m_fixture->clock(),
                                    .targetId = m_fixture->targetId(),
                                    .actor = u"admin-1"_s },
        agreed, {});

    QVERIFY(gone->isEmpty());
    QCOMPARE(m_fixture->proxy().records(recordtype::kEnrollment).size(), std::size_t(1));
}

void TstDeviceAdmin::housekeepingStopsAtARecordItCannotRead()
{
    putDevice(kAnn);
    m_fixture->advance(2h);
    auto damaged = enrollmentRecord(kAnn);
    damaged.data = "\xff\xff";
    m_fixture->proxy().write({ damaged });
    damaged = credentialRecord(kAnn);
    damaged.data = "\xff\xff";
    m_fixture->proxy().write({ damaged });
    const auto loaded = loadDevices(m_fixture->client(), {});
    const auto found = housekeepingOf(*loaded, {}, m_fixture->clock().nowUtc());
    QVERIFY(found.isEmpty()); // nor is it announced
    QCOMPARE(keptIds(found, KeptReason::Unreadable), QStringList { kAnn.credentialId });
    const Housekeeping agreed { .abandonedOwners = { kAnn.credentialId } }; // read before

    const auto gone = keepHouse({ .client = m_fixture->client(),
                                    .store = m_fixture->store(),
                                    .clock = m_fixture->clock(),
                                    .targetId = m_fixture->targetId(),
                                    .actor = u"admin-1"_s },
        agreed, {});

    QVERIFY(!gone.hasValue());
    QCOMPARE(gone.error().code, ErrorCode::BadResponse);
    QVERIFY2(gone.error().toText().contains(kAnn.enrollmentId), qPrintable(gone.error().toText()));
    QCOMPARE(m_fixture->proxy().records(recordtype::kOwnerCredential).size(), std::size_t(1));
}

void TstDeviceAdmin::loadedTableFollowsChanges()
{
    putDevice(kAnn);
    auto loaded = loadDevices(m_fixture->client(), {});
    QVERIFY2(loaded.hasValue(), loaded ? "" : qPrintable(loaded.error().toText()));
    QCOMPARE(loaded->followed.size(), std::size_t(DeviceTable::recordTypes().size()));
    putDevice(kBob);
    QVERIFY(admin().approve({ kAnn.enrollmentId }, {}).hasValue());
    QVERIFY(admin().revoke({ .enrollmentId = kAnn.enrollmentId }, {})->isComplete());

    for (const auto& [type, position] : loaded->followed) {
        const auto followed = m_fixture->client().sync({ .from = position, .type = type },
            [&](DatabrokerRecord&& record) { QVERIFY(loaded->table.apply(record).hasValue()); },
            {});
        QVERIFY(followed.hasValue());
    }

    const auto rows = loaded->table.rows({ .now = m_fixture->clock().nowUtc() });
    QCOMPARE(rows.size(), std::size_t(1));
    QCOMPARE(rows.front().enrollmentId, kBob.enrollmentId);
    QVERIFY(loaded->table.orphans().isEmpty());
}

static const bool kDeviceAdminRegistered = test::registerTestClass<TstDeviceAdmin>("deviceadmin");

} // namespace portreeve::devices

#include "tst_deviceadmin.moc"
