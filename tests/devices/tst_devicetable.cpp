// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/attestation.h"
#include "core/devices/devicetable.h"
#include "tests/support/madeupdevices.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace portreeve::test;

namespace portreeve::devices {

/// The device list; cases numbered as in devices.md 4.1.
class TstDeviceTable : public QObject
{
    Q_OBJECT

private slots:
    void statusFollowsTheRecords_data();
    void statusFollowsTheRecords();
    void case6UseChangesRowAndLinkState_data();
    void case6UseChangesRowAndLinkState();
    void case12SecondClaimOfACredentialIsFlagged_data();
    void case12SecondClaimOfACredentialIsFlagged();
    void claimByAListAloneIsFlagged();
    void case13TypesOfTheProxyAreThereByName();
    void case15TenThousandDevicesAreListedAndFiltered();
    void case18LinkIsExpiredFromItsEndOn();
    void case20RefusedSubmitsAreOrphansAndNoDevices();
    void credentialWithoutEnrollmentIsAnOrphanRow();
    void enrollmentWithoutCredentialIsFlagged();
    void sessionTagOfAnotherTypeIsFlagged();
    void namesComeFromDirectoryThenProxyThenId();
    void newestVerificationIsShown();
    void attestationFormatNamesTheFamily_data();
    void attestationFormatNamesTheFamily();
    void tombstoneTakesTheRowAway();
    void damagedRecordIsNamedAndTheOthersStay();
    void everyWordOfTheFilterMustMatch();
    void lostAndRevokedLinks();
    void linksWithoutEnrollmentHaveRows();
    void aDeviceThatOutlivedItsEnrollmentHasOneRow();
};

namespace {
const UtcTime kNow(std::chrono::hours(24 * 365 * 56));

MadeUpDevice device(const QString& number, const QString& user)
{
    return { .enrollmentId = u"e-"_s + number, .credentialId = u"C"_s + number, .userId = user };
}

DeviceTable tableOf(const std::vector<DatabrokerRecord>& records)
{
    DeviceTable table;
    for (const auto& record : records) {
        [&] { QVERIFY(table.apply(record).hasValue()); }();
    }
    return table;
}

std::vector<DeviceRow> rowsOf(const DeviceTable& table)
{
    return table.rows({ .people = {}, .links = nullptr, .now = kNow });
}

DeviceLink link(const QString& enrollmentId, UtcTime expiresAt)
{
    return { .enrollmentId = enrollmentId, .userId = u"u-ann"_s, .expiresAt = expiresAt };
}
} // namespace

void TstDeviceTable::statusFollowsTheRecords_data()
{
    QTest::addColumn<bool>("used");
    QTest::addColumn<QString>("approvedBy");
    QTest::addColumn<DeviceStatus>("status");
    QTest::addRow("waiting") << false << QString() << DeviceStatus::PendingEnrollment;
    QTest::addRow("waiting, approved before")
        << false << u"admin"_s << DeviceStatus::PendingEnrollment;
    QTest::addRow("used") << true << QString() << DeviceStatus::PendingApproval;
    QTest::addRow("used and approved") << true << u"admin"_s << DeviceStatus::Approved;
}

void TstDeviceTable::statusFollowsTheRecords()
{
    QFETCH(bool, used);
    QFETCH(QString, approvedBy);
    QFETCH(DeviceStatus, status);
    auto ann = device(u"1"_s, u"u-ann"_s);
    ann.approvedBy = approvedBy;

    const auto rows = rowsOf(used ? tableOf({ enrollmentRecord(ann), credentialRecord(ann) })
                                  : tableOf({ pendingRecord(ann) }));

    QCOMPARE(rows.size(), std::size_t(1));
    QCOMPARE(rows.front().status, status);
    QCOMPARE(rows.front().approvedBy, approvedBy);
    QVERIFY(!rows.front().credentialMissing);
}

void TstDeviceTable::case6UseChangesRowAndLinkState_data()
{
    QTest::addColumn<QString>("approvedBy");
    QTest::addColumn<DeviceStatus>("status");
    QTest::addRow("approved before") << u"admin"_s << DeviceStatus::Approved;
    QTest::addRow("to be approved") << QString() << DeviceStatus::PendingApproval;
}

void TstDeviceTable::case6UseChangesRowAndLinkState()
{
    QFETCH(QString, approvedBy);
    QFETCH(DeviceStatus, status);
    auto ann = device(u"1"_s, u"u-ann"_s);
    ann.approvedBy = approvedBy;
    auto table = tableOf({ pendingRecord(ann) });
    const std::vector links { link(ann.enrollmentId, kNow + std::chrono::hours(1)) };
    const DeviceTable::Context context { .people = {}, .links = &links, .now = kNow };
    QCOMPARE(table.rows(context).front().linkState, LinkState::Waiting);

    QVERIFY(table.apply(enrollmentRecord(ann)).hasValue());
    QVERIFY(table.apply(credentialRecord(ann)).hasValue());

    const auto row = table.rows(context).front();
    QCOMPARE(row.status, status);
    QCOMPARE(row.linkState, LinkState::Used);
    QCOMPARE(row.credentialId, ann.credentialId);
}

void TstDeviceTable::case12SecondClaimOfACredentialIsFlagged_data()
{
    QTest::addColumn<QString>("owner");
    QTest::addColumn<QString>("flagged");
    QTest::addRow("without owner record the earlier one holds it") << QString() << u"u-bob"_s;
    QTest::addRow("the owner record decides") << u"u-bob"_s << u"u-ann"_s;
}

void TstDeviceTable::case12SecondClaimOfACredentialIsFlagged()
{
    QFETCH(QString, owner);
    QFETCH(QString, flagged);
    const auto ann = device(u"1"_s, u"u-ann"_s);
    auto bob = device(u"2"_s, u"u-bob"_s);
    bob.credentialId = ann.credentialId;
    bob.enrolledAt = ann.enrolledAt + std::chrono::hours(1);
    std::vector records { enrollmentRecord(ann), enrollmentRecord(bob), credentialRecord(ann) };
    if (!owner.isEmpty()) {
        records.push_back(ownerRecord(ann.credentialId, owner));
    }

    for (const auto& row : rowsOf(tableOf(records))) {
        QCOMPARE(row.claimedTwice, row.userId == flagged);
    }
}

void TstDeviceTable::claimByAListAloneIsFlagged()
{
    const auto ann = device(u"1"_s, u"u-ann"_s);

    const auto rows = rowsOf(tableOf({ enrollmentRecord(ann), credentialRecord(ann),
        userRecord(u"u-ann"_s, u"Ann"_s, {}, { ann.credentialId }),
        userRecord(u"u-eve"_s, u"Eve"_s, {}, { ann.credentialId }) }));

    QVERIFY(rows.front().claimedTwice);
}

void TstDeviceTable::case13TypesOfTheProxyAreThereByName()
{
    auto table = tableOf({ typeRecord(u"corp_key"_s, u"Corporate key"_s) });

    QCOMPARE(table.customTypes().size(), std::size_t(1));
    QCOMPARE(table.customTypes().front().id, u"corp_key"_s);
    QCOMPARE(table.customTypes().front().name, u"Corporate key"_s);
    QVERIFY(table.apply(tombstone(recordtype::kDeviceType, u"corp_key"_s)).hasValue());
    QVERIFY(table.customTypes().empty());
}

void TstDeviceTable::case15TenThousandDevicesAreListedAndFiltered()
{
    const auto table = tableOf(madeUpDevices(10'000, kNow));
    const auto rows = rowsOf(table);
    const auto found = std::ranges::count_if(
        rows, [](const DeviceRow& row) { return matches(row, u"user99 packed"_s); });

    QCOMPARE(rows.size(), std::size_t(10'000));
    QVERIFY(table.orphans().isEmpty());
    QCOMPARE(found, 111); // 99, 990 to 999, 9900 to 9999
}

void TstDeviceTable::case18LinkIsExpiredFromItsEndOn()
{
    const auto ann = device(u"1"_s, u"u-ann"_s);
    const EnrollmentData waiting { .id = ann.enrollmentId };
    const auto made = link(ann.enrollmentId, kNow);

    QCOMPARE(linkState(made, &waiting, kNow - std::chrono::seconds(1)), LinkState::Waiting);
    QCOMPARE(linkState(made, &waiting, kNow), LinkState::Expired);
    QCOMPARE(linkState(made, &waiting, kNow + std::chrono::seconds(30)), LinkState::Expired);
}

void TstDeviceTable::case20RefusedSubmitsAreOrphansAndNoDevices()
{
    std::vector<DatabrokerRecord> records;
    for (int i = 0; i < 5; ++i) {
        auto owner = ownerRecord(u"D"_s + QString::number(i), u"u-ann"_s);
        owner.modifiedAt = kNow - std::chrono::minutes(i);
        records.push_back(owner);
    }

    const auto table = tableOf(records);

    QVERIFY(rowsOf(table).empty());
    QCOMPARE(table.orphans().owners.size(), std::size_t(5));
    QCOMPARE(table.abandonedOwners(kNow - std::chrono::minutes(2)),
        std::vector<QString>({ u"D3"_s, u"D4"_s }));
}

void TstDeviceTable::credentialWithoutEnrollmentIsAnOrphanRow()
{
    const auto ann = device(u"1"_s, u"u-ann"_s);

    const auto table = tableOf({ credentialRecord(ann) });

    const auto row = rowsOf(table).front();
    QCOMPARE(row.status, DeviceStatus::Orphan);
    QCOMPARE(row.userId, u"u-ann"_s);
    QVERIFY(row.enrollmentId.isEmpty());
    QCOMPARE(table.orphans().credentials, std::vector<QString> { ann.credentialId });
}

void TstDeviceTable::enrollmentWithoutCredentialIsFlagged()
{
    const auto ann = device(u"1"_s, u"u-ann"_s);

    const auto table = tableOf({ enrollmentRecord(ann) });

    QVERIFY(rowsOf(table).front().credentialMissing);
    QCOMPARE(table.orphans().enrollments, std::vector<QString> { ann.enrollmentId });
}

void TstDeviceTable::sessionTagOfAnotherTypeIsFlagged()
{
    const auto ann = device(u"1"_s, u"u-ann"_s);
    const auto bob = device(u"2"_s, u"u-bob"_s);

    const auto rows = rowsOf(tableOf({ enrollmentRecord(ann), credentialRecord(ann),
        enrollmentRecord(bob), credentialRecord(bob),
        sessionRecord(u"s-1"_s, u"u-ann"_s,
            { { u"any"_s, ann.credentialId }, { u"enclave_only"_s, ann.credentialId } }),
        sessionRecord(u"s-2"_s, u"u-bob"_s, { { u"any"_s, bob.credentialId } }) }));

    QCOMPARE(rows.at(0).otherSessionTypes, std::vector<QString> { u"enclave_only"_s });
    QVERIFY(rows.at(1).otherSessionTypes.empty());
}

void TstDeviceTable::namesComeFromDirectoryThenProxyThenId()
{
    const auto table = tableOf({ pendingRecord(device(u"1"_s, u"u-ann"_s)),
        pendingRecord(device(u"2"_s, u"u-bob"_s)), pendingRecord(device(u"3"_s, u"u-zoe"_s)),
        userRecord(u"u-ann"_s, u"Other"_s, u"other@corp.test"_s, {}),
        userRecord(u"u-bob"_s, u"Bob"_s, u"bob@corp.test"_s, {}) });
    const PersonLookup people = [](const QString& id) {
        return id == u"u-ann" ? std::optional(Person { u"Ann"_s, u"ann@corp.test"_s })
                              : std::nullopt;
    };

    const auto rows = table.rows({ .people = people, .links = nullptr, .now = kNow });

    QCOMPARE(rows.at(0).userName + rows.at(0).email, u"Annann@corp.test"_s);
    QCOMPARE(rows.at(1).userName + rows.at(1).email, u"Bobbob@corp.test"_s);
    QCOMPARE(rows.at(2).userName + rows.at(2).email, u"u-zoe"_s);
}

void TstDeviceTable::newestVerificationIsShown()
{
    const auto ann = device(u"1"_s, u"u-ann"_s);
    const auto bob = device(u"2"_s, u"u-bob"_s);

    const auto rows = rowsOf(tableOf({ enrollmentRecord(ann), credentialRecord(ann, kNow),
        enrollmentRecord(bob), credentialRecord(bob) }));

    QCOMPARE(rows.at(0).lastVerifiedAt, std::optional(kNow));
    QVERIFY(!rows.at(1).lastVerifiedAt);
    QCOMPARE(rows.at(0).keyThumbprint.size(), 95); // 32 bytes in hex, parted by colons
    QCOMPARE(rows.at(0).userAgent, u"Mozilla/5.0 (X11; Linux x86_64)"_s);
}

void TstDeviceTable::attestationFormatNamesTheFamily_data()
{
    QTest::addColumn<QByteArray>("response");
    QTest::addColumn<QString>("label");
    QTest::addRow("packed") << registerResponse(u"packed"_s) << u"Security key (packed)"_s;
    QTest::addRow("apple") << registerResponse(u"apple"_s) << u"Apple device (apple)"_s;
    QTest::addRow("none") << registerResponse(u"none"_s) << u"Unknown (none)"_s;
    QTest::addRow("of tomorrow") << registerResponse(u"quantum"_s) << u"Unknown (quantum)"_s;
    QTest::addRow("no JSON") << QByteArray("\x00\xff") << u"Unknown"_s;
    QTest::addRow("no CBOR") << QByteArray(R"({"response":{"attestationObject":"!!!"}})")
                             << u"Unknown"_s;
    QTest::addRow("empty") << QByteArray() << u"Unknown"_s;
}

void TstDeviceTable::attestationFormatNamesTheFamily()
{
    QFETCH(QByteArray, response);
    QFETCH(QString, label);

    QCOMPARE(familyLabel(attestationFormat(response)), label);
    QVERIFY(!verifiedAt(response));
}

void TstDeviceTable::tombstoneTakesTheRowAway()
{
    const auto ann = device(u"1"_s, u"u-ann"_s);
    auto table = tableOf({ enrollmentRecord(ann), credentialRecord(ann) });

    for (auto record : { credentialRecord(ann), enrollmentRecord(ann) }) {
        record.isDeleted = true;
        QVERIFY(table.apply(record).hasValue());
    }

    QVERIFY(rowsOf(table).empty());
}

void TstDeviceTable::damagedRecordIsNamedAndTheOthersStay()
{
    const auto ann = device(u"1"_s, u"u-ann"_s);
    auto table = tableOf({ enrollmentRecord(ann), credentialRecord(ann) });
    auto damaged = credentialRecord(device(u"2"_s, u"u-bob"_s));
    damaged.data = "\xff\xff\xff";

    const auto applied = table.apply(damaged);

    QVERIFY(!applied.hasValue());
    QCOMPARE(applied.error().code, ErrorCode::BadResponse);
    QCOMPARE(rowsOf(table).size(), std::size_t(1));
}

void TstDeviceTable::everyWordOfTheFilterMustMatch()
{
    const DeviceRow row {
        .userName = u"Ann Roe"_s, .typeId = u"any"_s, .attestationFormat = u"tpm"_s
    };

    QVERIFY(matches(row, {}));
    QVERIFY(matches(row, u"ROE tpm"_s));
    QVERIFY(!matches(row, u"roe apple"_s));
}

void TstDeviceTable::lostAndRevokedLinks()
{
    auto made = link(u"e-1"_s, kNow + std::chrono::hours(1));
    const EnrollmentData enrollment { .id = u"e-1"_s };

    QCOMPARE(linkState(made, nullptr, kNow), LinkState::Lost);
    made.revokedAt = kNow;
    QCOMPARE(linkState(made, nullptr, kNow), LinkState::Revoked);
    QCOMPARE(linkState(made, &enrollment, kNow), LinkState::Revoked);
}

void TstDeviceTable::linksWithoutEnrollmentHaveRows()
{
    auto lost = link(u"e-1"_s, kNow - std::chrono::hours(1)); // over, but nobody knows if used
    lost.userName = u"Ann"_s;
    lost.type = u"enclave_only"_s;
    auto revoked = link(u"e-2"_s, kNow + std::chrono::hours(1));
    revoked.revokedAt = kNow;
    auto forgotten = link(u"e-3"_s, kNow);
    forgotten.revokedAt = kNow;
    const std::vector links { lost, revoked, forgotten };

    const auto rows = DeviceTable().rows({ .people = {}, .links = &links, .now = kNow });

    QCOMPARE(rows.size(), std::size_t(2));
    QCOMPARE(rows.at(0).enrollmentId, u"e-1"_s);
    QCOMPARE(rows.at(0).status, DeviceStatus::Lost);
    QCOMPARE(rows.at(0).linkState, LinkState::Lost);
    QCOMPARE(rows.at(0).userName + u' ' + rows.at(0).userId, u"Ann u-ann"_s);
    QCOMPARE(rows.at(0).typeId, u"enclave_only"_s);
    QCOMPARE(rows.at(1).enrollmentId, u"e-2"_s);
    QCOMPARE(rows.at(1).status, DeviceStatus::Revoked);
    QCOMPARE(rows.at(1).linkState, LinkState::Revoked);
}

void TstDeviceTable::aDeviceThatOutlivedItsEnrollmentHasOneRow()
{
    const auto ann = device(u"1"_s, u"u-ann"_s);
    const std::vector links { link(ann.enrollmentId, kNow + std::chrono::hours(1)) };

    const auto rows
        = tableOf({ credentialRecord(ann) }).rows({ .people = {}, .links = &links, .now = kNow });

    // Its link is not to be recreated: the device would look unused, and still be let in.
    QCOMPARE(rows.size(), std::size_t(1));
    QCOMPARE(rows.front().status, DeviceStatus::Orphan);
}

static const bool kDeviceTableRegistered = test::registerTestClass<TstDeviceTable>("devicetable");

} // namespace portreeve::devices

#include "tst_devicetable.moc"
