// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/capabilities.h"
#include "core/proxy/exporttext.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

QStringList refusedBy(const TargetOptions& options, const MeasuredCapabilities& measured = {})
{
    QStringList out;
    for (const auto& row : targetCapabilities(options, measured)) {
        if (!row.allowed) {
            out.append(targetFeatureName(row.feature));
        }
    }
    return out;
}

} // namespace

class TstCapabilities : public QObject
{
    Q_OBJECT

private slots:
    void eachKindOfTargetRefusesItsOwn_data();
    void eachKindOfTargetRefusesItsOwn();
    void everyRefusalSaysWhyAndWhatHelps();
    void theMethodDecidesNotTheVersion();
    void configRecordsRestOnTheStatedVersion();
    void theConsoleBlocksAndGivesItsDevices();
    void groupsNeedARecentProxyAndARoad();
    void channelsTheTargetCannotTakeAreNamed_data();
    void channelsTheTargetCannotTakeAreNamed();
    void policiesWithGroupsAreRefusedWithoutARoad();
};

void TstCapabilities::eachKindOfTargetRefusesItsOwn_data()
{
    QTest::addColumn<TargetKind>("kind");
    QTest::addColumn<QStringList>("refused");
    const QString file = u"config_file"_s;
    const QString service = u"config_service"_s;
    const QString records = u"config_records"_s;
    const QString whole = u"whole_config"_s;
    const QString console = u"console_api"_s;
    const QString block = u"block_now"_s;
    const QString devices = u"devices"_s;
    const QString broker = u"databroker"_s;
    const QStringList bundles { u"bundle_file"_s, u"bundle_endpoint"_s };
    const QStringList time { u"time_criteria"_s };
    const QStringList record { u"record_criterion"_s };
    QTest::addRow("core") << TargetKind::Core << QStringList { console } + bundles + time + record;
    QTest::addRow("enterprise") << TargetKind::Enterprise
                                << QStringList { file, records, whole, devices, broker };
    QTest::addRow("zero") << TargetKind::Zero
                          << QStringList { file, records, whole, console, devices, broker }
            + bundles + record;
    QTest::addRow("kubernetes") << TargetKind::Kubernetes
                                << QStringList { file, service, records, whole, console, block }
            + bundles + time + record;
    QTest::addRow("files") << TargetKind::Files
                           << QStringList { service, records, whole, console, block, devices,
                                  broker }
            + time + record;
}

void TstCapabilities::eachKindOfTargetRefusesItsOwn()
{
    QFETCH(TargetKind, kind);
    QFETCH(QStringList, refused);

    QCOMPARE(refusedBy({ .kind = kind }), refused);
}

void TstCapabilities::everyRefusalSaysWhyAndWhatHelps()
{
    for (const auto kind : { TargetKind::Core, TargetKind::Enterprise, TargetKind::Zero,
             TargetKind::Kubernetes, TargetKind::Files }) {
        const auto rows
            = targetCapabilities({ .kind = kind, .coreMinor = 24 }, { .configService = false });
        QCOMPARE(rows.size(), std::size_t { 14 });
        for (const auto& row : rows) {
            QVERIFY(!row.what.isEmpty());
            QCOMPARE(row.reason.isEmpty(), row.allowed);
            QCOMPARE(row.remedy.isEmpty(), row.allowed);
        }
    }
}

void TstCapabilities::theMethodDecidesNotTheVersion() // proxy.md 6.4 case 6
{
    const TargetOptions old { .coreMinor = 32 };

    QVERIFY(requireFeature(TargetFeature::ConfigService, old).hasValue());
    QVERIFY(
        requireFeature(TargetFeature::ConfigService, old, { .configService = true }).hasValue());
    const auto missing = requireFeature(
        TargetFeature::ConfigService, { .coreMinor = 33 }, { .configService = false });
    QCOMPARE(missing.error().code, ErrorCode::InvalidInput);
    QVERIFY(missing.error().what.english().contains(u"404"));
    QVERIFY(!requireFeature(TargetFeature::BlockNow, {}, { .configService = false }));
    QVERIFY(!requireFeature(TargetFeature::Terraform, {}, { .configService = false }));
    QVERIFY(requireFeature(TargetFeature::BlockNow, {}).hasValue());
    QVERIFY(
        !requireFeature(TargetFeature::BlockNow, { .policyChannel = PolicyChannel::ConfigFile }));
}

void TstCapabilities::configRecordsRestOnTheStatedVersion()
{
    const auto records = TargetFeature::ConfigRecords;
    const auto old = requireFeature(records, { .coreMinor = 32 });

    QVERIFY(requireFeature(records, {}).hasValue());
    QVERIFY(requireFeature(records, { .coreMinor = 33 }, { .configService = false }).hasValue());
    QCOMPARE(old.error().code, ErrorCode::InvalidInput);
    QVERIFY(old.error().what.english().contains(u"0.33"));
    const TargetOptions blocking { .coreMinor = 33, .policyChannel = PolicyChannel::ConfigRecords };
    QVERIFY(requireFeature(TargetFeature::BlockNow, blocking, { .configService = false }));
    QVERIFY(!requireFeature(TargetFeature::BlockNow,
        { .coreMinor = 32, .policyChannel = PolicyChannel::ConfigRecords }));
}

void TstCapabilities::theConsoleBlocksAndGivesItsDevices()
{
    const TargetOptions console { .kind = TargetKind::Enterprise,
        .policyChannel = PolicyChannel::ConsoleApi,
        .directoryChannel = DirectoryChannel::None };

    QVERIFY(requireFeature(TargetFeature::BlockNow, console, { .configService = false }));
    QVERIFY(requireFeature(TargetFeature::Devices, console));
    QVERIFY(requireFeature(TargetFeature::Devices, {}));
}

void TstCapabilities::groupsNeedARecentProxyAndARoad()
{
    const auto groups = TargetFeature::Groups;

    QVERIFY(requireFeature(groups, { .coreMinor = 26 }).hasValue());
    QVERIFY(!requireFeature(groups, { .coreMinor = 25 }));
    QVERIFY(!requireFeature(TargetFeature::Databroker, { .coreMinor = 25 }));
    QVERIFY(!requireFeature(groups, { .directoryChannel = DirectoryChannel::None }));
    for (const auto kind : { TargetKind::Enterprise, TargetKind::Zero, TargetKind::Files }) {
        QVERIFY(requireFeature(groups, { .kind = kind, .directoryChannel = DirectoryChannel::None })
                .hasValue());
    }
}

void TstCapabilities::channelsTheTargetCannotTakeAreNamed_data()
{
    QTest::addColumn<TargetOptions>("options");
    QTest::addColumn<QString>("field");
    QTest::addRow("core, both") << TargetOptions {} << QString();
    QTest::addRow("enterprise, records")
        << TargetOptions { .kind = TargetKind::Enterprise } << u"directory_channel"_s;
    QTest::addRow("enterprise, bundle") << TargetOptions { .kind = TargetKind::Enterprise,
        .directoryChannel = DirectoryChannel::BundleEndpoint }
                                        << QString();
    QTest::addRow("core, bundle") << TargetOptions { .directoryChannel
        = DirectoryChannel::BundleFile }
                                  << u"directory_channel"_s;
    QTest::addRow("zero, file") << TargetOptions { .kind = TargetKind::Zero,
        .policyChannel = PolicyChannel::ConfigFile,
        .directoryChannel = DirectoryChannel::None }
                                << u"policy_channel"_s;
    QTest::addRow("core, config records")
        << TargetOptions { .policyChannel = PolicyChannel::ConfigRecords } << QString();
    QTest::addRow("core 0.32, config records")
        << TargetOptions { .coreMinor = 32, .policyChannel = PolicyChannel::ConfigRecords }
        << u"policy_channel"_s;
    QTest::addRow("enterprise, console") << TargetOptions { .kind = TargetKind::Enterprise,
        .policyChannel = PolicyChannel::ConsoleApi,
        .directoryChannel = DirectoryChannel::None }
                                         << QString();
    QTest::addRow("core, console")
        << TargetOptions { .policyChannel = PolicyChannel::ConsoleApi } << u"policy_channel"_s;
    QTest::addRow("kubernetes, manifests") << TargetOptions { .kind = TargetKind::Kubernetes,
        .policyChannel = PolicyChannel::Kubernetes }
                                           << QString();
}

void TstCapabilities::channelsTheTargetCannotTakeAreNamed()
{
    QFETCH(TargetOptions, options);
    QFETCH(QString, field);

    const auto checked = checkChannels(options);

    QCOMPARE(checked.hasValue() ? QString() : checked.error().field, field);
}

void TstCapabilities::policiesWithGroupsAreRefusedWithoutARoad()
{
    const ExportSource source { .routes = { { .id = u"r"_s,
                                    .name = u"app"_s,
                                    .from = u"https://app.corp.test"_s,
                                    .to = { u"http://127.0.0.1:8080"_s },
                                    .policyIds = { u"p"_s } } },
        .policies = { { .id = u"p"_s,
            .name = u"Engineers"_s,
            .text = u"{allow: {or: [{groups: g-eng}]}}"_s } } };
    const auto refusals = [&source](DirectoryChannel channel) {
        const TargetOptions options { .policyChannel = PolicyChannel::Terraform,
            .directoryChannel = channel };
        const auto text = exportText(
            source, { .format = ExportFormat::Terraform, .target = policyTarget(options) });
        return text->prepared.refusals;
    };

    QVERIFY(refusals(DirectoryChannel::Databroker).empty());
    QCOMPARE(refusals(DirectoryChannel::None).size(), std::size_t { 1 });
    const auto refusal = refusals(DirectoryChannel::None).front();
    QCOMPARE(refusal.policyName, u"Engineers"_s);
    QVERIFY(refusal.reason.english().contains(u"false for everybody"));
    QVERIFY(!refusal.fix.isEmpty());
}

static const bool kCapabilitiesRegistered
    = test::registerTestClass<TstCapabilities>("capabilities");

} // namespace portreeve

#include "tst_capabilities.moc"
