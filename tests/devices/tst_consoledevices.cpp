// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/deviceservice.h"
#include "core/devices/linkrules.h"
#include "core/devices/linktexts.h"
#include "core/settings/memorysecretstore.h"
#include "core/store/store.h"
#include "tests/support/consoledevicestore.h"
#include "tests/support/consoledouble.h"
#include "tests/support/testdatabase.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace portreeve::test;

namespace portreeve::devices {

/// Devices that Enterprise's own console keeps ("Enterprise targets" of devices.md 4).
class TstConsoleDevices : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void devicesAreListedAsThoseOfAProxy();
    void theConsoleMakesTheLinkAndApproves();
    void aLinkWithoutAnEndIsHandedOutAllTheSame();
    void aLinkForSomebodyElseIsNotHandedOut();
    void linksAreMadeForAllOrNone();
    void hostsAreThoseOfTheConsolesRoutes();
    void typesOfTheConsoleCanBeAskedFor();
    void vanishedEnrollmentsAreReportedAtAnApproval();
    void revokingDeletesTheWholeDevice();
    void halfADeviceIsRevokedToo_data();
    void halfADeviceIsRevokedToo();
    void aDeviceEnrolledMeanwhileIsRevokedWhole();
    void whatTheConsoleStillListsIsNotRevoked();
    void whatAConsoleCannotDoSaysWhy();
    void targetsWithoutAWayToDevicesSayWhy_data();
    void targetsWithoutAWayToDevicesSayWhy();
    void noLinkReachesTheAuditLog();

private:
    LinkOrder orderFor(const std::vector<QString>& userIds) const;
    std::vector<DeviceRow> rows() const;
    QStringList events() const; ///< about devices, in order

    std::unique_ptr<TestDatabase> m_database;
    std::unique_ptr<ConsoleDouble> m_console;
    std::unique_ptr<SecretStore> m_secrets;
    std::unique_ptr<DeviceService> m_service;
    ProxyTarget m_target;
};

void TstConsoleDevices::init()
{
    m_database = std::make_unique<TestDatabase>();
    m_console = std::make_unique<ConsoleDouble>();
    m_console->put(ConsoleDouble::Kind::Route,
        { .name = u"Wiki"_s, .from = u"https://wiki.example.org"_s, .to = { u"http://wiki"_s } });
    m_secrets = std::make_unique<MemorySecretStore>();
    const auto target = m_database->store().targets().add({ .name = u"Office"_s,
        .options = { { u"kind"_s, u"enterprise"_s }, { u"policy_channel"_s, u"console_api"_s },
            { u"directory_channel"_s, u"none"_s },
            { u"address"_s, u"127.0.0.1:"_s + QString::number(m_console->endpoint().port) } },
        .storedSecrets = { u"console_token"_s } });
    QVERIFY2(target, target ? "" : qPrintable(target.error().toText()));
    m_target = *target;
    QVERIFY(m_secrets->write({ .connectionId = m_target.id,
                                 .connectionName = m_target.name,
                                 .field = u"console_token"_s },
        QString::fromLatin1(ConsoleDouble::token())));
    auto service = DeviceService::open(
        { .store = m_database->store(), .clock = m_database->clock(), .actor = u"admin-1"_s },
        m_target, *m_secrets);
    QVERIFY2(service, service ? "" : qPrintable(service.error().toText()));
    m_service = std::move(*service);
}

void TstConsoleDevices::cleanup()
{
    m_service.reset();
    m_secrets.reset();
    m_console.reset();
    m_database.reset();
}

LinkOrder TstConsoleDevices::orderFor(const std::vector<QString>& userIds) const
{
    LinkOrder order { .targetId = m_target.id,
        .host = u"wiki.example.org"_s,
        .routeHosts = { u"wiki.example.org"_s } };
    for (const QString& id : userIds) {
        order.users.push_back({ .id = id, .name = id.mid(2), .email = id.mid(2) + u"@x.test"_s });
    }
    return order;
}

std::vector<DeviceRow> TstConsoleDevices::rows() const
{
    const auto loaded = m_service->load({});
    return loaded ? loaded->table.rows({ .now = m_database->clock().nowUtc() })
                  : std::vector<DeviceRow>();
}

QStringList TstConsoleDevices::events() const
{
    QStringList out;
    for (const auto& entry : m_database->store().audit().list(0, 1'000).valueOr({})) {
        if (entry.event.startsWith(u"device_")) {
            out.append(entry.event);
        }
    }
    return out;
}

void TstConsoleDevices::devicesAreListedAsThoseOfAProxy()
{
    auto& kept = m_console->devices();
    kept.namePerson(u"u-ann"_s, u"Ann Alder"_s);
    kept.addDevice(u"e-ann"_s, u"CAnn"_s, u"u-ann"_s);
    kept.addDevice(u"e-bob"_s, u"CBob"_s, u"u-bob"_s);
    kept.dropEnrollment(u"e-bob"_s);
    QVERIFY(m_service->create(orderFor({ u"u-cyd"_s }), {}));

    const auto all = rows();

    QCOMPARE(all.size(), std::size_t { 3 });
    QCOMPARE(all[0].userName, u"Ann Alder"_s);
    QCOMPARE(all[0].status, DeviceStatus::PendingApproval);
    QCOMPARE(all[0].attestationFormat, u"packed"_s);
    QCOMPARE(all[1].userId, u"u-bob"_s);
    QCOMPARE(all[1].status, DeviceStatus::Orphan);
    QCOMPARE(all[2].userId, u"u-cyd"_s);
    QCOMPARE(all[2].status, DeviceStatus::PendingEnrollment);
    QCOMPARE(all[2].approvedBy, u"Deployment robot"_s);
}

void TstConsoleDevices::theConsoleMakesTheLinkAndApproves()
{
    auto order = orderFor({ u"u-ann"_s });
    order.validity = 5min; // what the console does not listen to must not be warned of

    const auto issued = m_service->create(order, {});

    QVERIFY2(issued, issued ? "" : qPrintable(issued.error().toText()));
    const auto& one = issued->links.front();
    QVERIFY(one.url.startsWith(u"https://wiki.example.org/.pomerium/webauthn?"));
    QVERIFY(one.link.approved);
    QCOMPARE(one.expiresAt, UtcTime(1'767'225'600s));
    QCOMPARE(one.link.redirect, u"https://wiki.example.org/.pomerium/device-enrolled"_s);
    QVERIFY(issued->warnings.empty());
    QVERIFY(!issued->areStored);
    QCOMPARE(m_console->devices().enrollmentIds(), QStringList { one.link.enrollmentId });
    QVERIFY(m_database->store().deviceLinks().list(m_target.id)->empty());

    m_console->devices().use(one.link.enrollmentId, u"CAnn"_s);
    QCOMPARE(rows().front().status, DeviceStatus::Approved);
}

void TstConsoleDevices::aLinkWithoutAnEndIsHandedOutAllTheSame()
{
    m_console->setFaults({ .hidesLinkEnd = true });

    const auto issued = m_service->create(orderFor({ u"u-ann"_s }), {});

    QVERIFY(issued);
    QCOMPARE(issued->links.front().expiresAt, std::optional<UtcTime>());
    QVERIFY(!mailText(issued->links.front()).contains(u"1970"));
    QVERIFY(!QString::fromUtf8(linksCsv(issued->links)).contains(u"1970"));
}

void TstConsoleDevices::aLinkForSomebodyElseIsNotHandedOut()
{
    m_console->setFaults({ .enrollsInstead = u"u-eve"_s });

    const auto issued = m_service->create(orderFor({ u"u-ann"_s }), {});

    QCOMPARE(issued.error().code, ErrorCode::BadResponse);
    QVERIFY(!issued.error().remedy.isEmpty());
    QVERIFY(!issued.error().toText().contains(u"planted-link"));
}

void TstConsoleDevices::linksAreMadeForAllOrNone()
{
    m_console->setFaults({ .failsAfterEnrollments = 2 });

    const auto issued = m_service->create(orderFor({ u"u-a"_s, u"u-b"_s, u"u-c"_s }), {});

    QCOMPARE(issued.error().code, ErrorCode::Network);
    QVERIFY(issued.error().what.english().contains(u"not certain"));
    QCOMPARE(m_console->devices().enrollmentIds(), QStringList());
    QCOMPARE(events(),
        QStringList({ u"device_link_created"_s, u"device_link_created"_s, u"device_link_revoked"_s,
            u"device_link_revoked"_s }));
}

void TstConsoleDevices::hostsAreThoseOfTheConsolesRoutes()
{
    QVERIFY(m_database->store().policies().save(StoredRoute {
        .name = u"Shop"_s, .from = u"https://shop.example.org"_s, .to = { u"http://shop"_s } }));

    QCOMPARE(m_service->hosts({}).valueOr({}),
        (std::vector<QString> { u"shop.example.org"_s, u"wiki.example.org"_s }));
}

void TstConsoleDevices::typesOfTheConsoleCanBeAskedFor()
{
    auto order = orderFor({ u"u-ann"_s });
    order.deviceType = u"corp_key"_s;
    const auto unknown = m_service->create(order, {});
    m_console->devices().addType(u"corp_key"_s, u"Company key"_s);

    const auto known = m_service->create(order, {});

    QCOMPARE(unknown.error().field, u"device_type"_s);
    QVERIFY(known);
    QCOMPARE(m_service->load({})->table.customTypes().front().name, u"Company key"_s);
}

void TstConsoleDevices::vanishedEnrollmentsAreReportedAtAnApproval()
{
    m_console->devices().addDevice(u"e-ann"_s, u"CAnn"_s, u"u-ann"_s);

    const auto report = m_service->approve({ u"e-ann"_s, u"e-gone"_s }, {});

    QVERIFY(report);
    QCOMPARE(report->changed, std::vector<QString> { u"e-ann"_s });
    QCOMPARE(report->missing, std::vector<QString> { u"e-gone"_s });
    QVERIFY(m_console->devices().isApproved(u"e-ann"_s));
}

void TstConsoleDevices::revokingDeletesTheWholeDevice()
{
    m_console->devices().addDevice(u"e-ann"_s, u"CAnn"_s, u"u-ann"_s);
    m_console->devices().addDevice(u"e-bob"_s, u"CBob"_s, u"u-bob"_s);
    const auto key = m_service->find(u"CAnn"_s, {});
    QCOMPARE(key->enrollmentId, u"e-ann"_s);
    QCOMPARE(m_service->records(*key, {})->size(), 2);

    const auto report = m_service->revoke(*key, {});

    QVERIFY(report);
    QVERIFY(report->isComplete());
    QCOMPARE(m_console->devices().enrollmentIds(), QStringList { u"e-bob"_s });
    QVERIFY(m_service->records(*key, {})->isEmpty());
    QCOMPARE(m_service->revoke(*key, {})->steps.front().state, StepState::NothingToDo);
    QCOMPARE(m_service->find(u"CAnn"_s, {}).error().code, ErrorCode::NotFound);
}

void TstConsoleDevices::halfADeviceIsRevokedToo_data()
{
    QTest::addColumn<bool>("hasCredential");

    QTest::newRow("the console deletes the credential alone") << true;
    QTest::newRow("the credential has gone before") << false;
}

void TstConsoleDevices::halfADeviceIsRevokedToo()
{
    QFETCH(const bool, hasCredential);
    m_console->devices().addDevice(u"e-ann"_s, u"CAnn"_s, u"u-ann"_s);
    m_console->setFaults({ .keepsEnrollments = true });
    if (!hasCredential) {
        m_console->devices().dropCredential(u"e-ann"_s);
    }

    const auto report
        = m_service->revoke({ .enrollmentId = u"e-ann"_s, .credentialId = u"CAnn"_s }, {});

    QVERIFY2(report && report->isComplete(),
        report && report->error() != nullptr ? qPrintable(report->error()->toText()) : "");
    QCOMPARE(m_console->devices().enrollmentIds(), QStringList());
}

/// The list it was chosen from may be half a minute old.
void TstConsoleDevices::aDeviceEnrolledMeanwhileIsRevokedWhole()
{
    const auto issued = m_service->create(orderFor({ u"u-ann"_s }), {});
    const QString id = issued->links.front().link.enrollmentId;
    m_console->devices().use(id, u"CAnn"_s);
    m_console->devices().dropEnrollment(id);

    const auto report = m_service->revoke({ .enrollmentId = id }, {});

    QVERIFY(report && report->isComplete());
    QCOMPARE(report->device.credentialId, u"CAnn"_s);
    QVERIFY(rows().empty());
}

/// Else an administrator would believe that a lost key is shut out.
void TstConsoleDevices::whatTheConsoleStillListsIsNotRevoked()
{
    m_console->devices().addDevice(u"e-ann"_s, u"CAnn"_s, u"u-ann"_s);
    m_console->setFaults({ .keepsDevices = true });

    const auto report
        = m_service->revoke({ .enrollmentId = u"e-ann"_s, .credentialId = u"CAnn"_s }, {});

    QVERIFY(report);
    QVERIFY(!report->isComplete());
    QCOMPARE(report->error()->code, ErrorCode::BadResponse);
    QCOMPARE(events(), QStringList { u"device_revoke_failed"_s });
}

void TstConsoleDevices::whatAConsoleCannotDoSaysWhy()
{
    for (const Error& error : { m_service->undoApproval({ u"e-ann"_s }, {}).error(),
             m_service->renew(u"e-ann"_s, kDefaultValidity, {}).error(),
             m_service->recreate(u"e-ann"_s, kDefaultValidity, {}).error(),
             m_service->linkAgain(u"e-ann"_s, LinkForm::Signed).error(),
             m_service->keepHouse({}, {}).error() }) {
        QCOMPARE(error.code, ErrorCode::InvalidInput);
        QVERIFY(!error.remedy.isEmpty());
    }
    QCOMPARE(m_console->writes(), QStringList());
}

void TstConsoleDevices::targetsWithoutAWayToDevicesSayWhy_data()
{
    QTest::addColumn<TargetOptions>("options");
    QTest::addColumn<QString>("reason");

    QTest::newRow("Enterprise through the newer service") << TargetOptions {
        .kind = TargetKind::Enterprise, .directoryChannel = DirectoryChannel::None
    } << u"its own console"_s;
    QTest::newRow("Zero") << TargetOptions { .kind = TargetKind::Zero,
        .directoryChannel = DirectoryChannel::None }
                          << u"Zero itself"_s;
    QTest::newRow("a proxy that is given files only") << TargetOptions {
        .policyChannel = PolicyChannel::ConfigFile, .directoryChannel = DirectoryChannel::None
    } << u"databroker"_s;
}

void TstConsoleDevices::targetsWithoutAWayToDevicesSayWhy()
{
    QFETCH(const TargetOptions, options);
    QFETCH(const QString, reason);

    const auto keeper = deviceKeeper(options);

    QVERIFY(!keeper);
    QVERIFY2(keeper.error().what.english().contains(reason), qPrintable(keeper.error().toText()));
    QVERIFY(!keeper.error().remedy.isEmpty());
}

void TstConsoleDevices::noLinkReachesTheAuditLog()
{
    m_console->devices().addDevice(u"e-bob"_s, u"CBob"_s, u"u-bob"_s);
    QVERIFY(m_service->create(orderFor({ u"u-ann"_s }), {}));
    QVERIFY(m_service->approve({ u"e-bob"_s }, {}));
    QVERIFY(m_service->revoke({ .enrollmentId = u"e-bob"_s, .credentialId = u"CBob"_s }, {}));

    const auto log = m_database->store().audit().list(0, 100);

    QVERIFY(log);
    QStringList events;
    for (const auto& entry : *log) {
        if (!entry.event.startsWith(u"device_")) {
            continue;
        }
        events.append(entry.event);
        QCOMPARE(entry.actor, u"admin-1"_s);
        QVERIFY(!entry.details.contains(u"planted-link"));
        QVERIFY(!entry.details.contains(u"webauthn"));
    }
    events.sort();
    QCOMPARE(events,
        QStringList({ u"device_approved"_s, u"device_link_created"_s, u"device_revoked"_s }));
}

static const bool kConsoleDevicesRegistered
    = test::registerTestClass<TstConsoleDevices>("consoledevices");

} // namespace portreeve::devices

#include "tst_consoledevices.moc"
