// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/targetoptions.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

class TstTargetOptions : public QObject
{
    Q_OBJECT

private slots:
    void aNewTargetIsAProxyOnThisComputer();
    void aWrongOptionNamesItsField_data();
    void aWrongOptionNamesItsField();
    void theProxysOwnFileIsAskedForWhereItCounts_data();
    void theProxysOwnFileIsAskedForWhereItCounts();
    void aConsoleNeedsNoSharedSecret();
    void aVersionIsReadForTheChecksOfPolicies();
    void everyFieldHasALabelAndHelp();
};

using Options = QHash<QString, QString>;

void TstTargetOptions::aNewTargetIsAProxyOnThisComputer()
{
    const auto options = readTargetOptions({ .id = u"0f8fad5b-d9cb-469f-a165-70867728950e"_s });

    QVERIFY(options);
    QCOMPARE(options->serviceUrl(), QUrl(u"http://127.0.0.1:5443"_s));
    QCOMPARE(options->policyChannel, PolicyChannel::ConfigService);
    QCOMPARE(options->directoryChannel, DirectoryChannel::Databroker);
    QCOMPARE(options->originator, u"portreeve-0f8fad5b"_s);
    QVERIFY(options->automatic);
    QVERIFY(!options->readOnly);
}

void TstTargetOptions::aWrongOptionNamesItsField_data()
{
    QTest::addColumn<Options>("options");
    QTest::addColumn<QString>("field");
    QTest::addRow("no port") << Options { { u"address"_s, u"proxy"_s } } << u"address"_s;
    QTest::addRow("a path") << Options { { u"address"_s, u"proxy:5443/x"_s } } << u"address"_s;
    QTest::addRow("clear text over the network")
        << Options { { u"address"_s, u"proxy.example.org:5443"_s } } << u"tls"_s;
    QTest::addRow("no certificate to trust")
        << Options { { u"tls"_s, u"pinned"_s } } << u"ca_file"_s;
    QTest::addRow("no file for policies")
        << Options { { u"policy_channel"_s, u"config_file"_s } } << u"output_file"_s;
    const QString present = QStringLiteral(PORTREEVE_SOURCE_DIR "/README.md");
    QTest::addRow("base file overwritten") << Options { { u"policy_channel"_s, u"config_file"_s },
        { u"base_file"_s, present }, { u"output_file"_s, present } }
                                           << u"output_file"_s;
    QTest::addRow("no file for the bundle") << Options { { u"kind"_s, u"files"_s },
        { u"policy_channel"_s, u"none"_s }, { u"directory_channel"_s, u"bundle_file"_s } }
                                            << u"bundle_file"_s;
    QTest::addRow("records the console owns")
        << Options { { u"kind"_s, u"enterprise"_s } } << u"directory_channel"_s;
    QTest::addRow("file the proxy does not read") << Options { { u"kind"_s, u"zero"_s },
        { u"policy_channel"_s, u"config_file"_s }, { u"directory_channel"_s, u"none"_s } }
                                                  << u"policy_channel"_s;
    const Options console { { u"kind"_s, u"enterprise"_s }, { u"directory_channel"_s, u"none"_s },
        { u"policy_channel"_s, u"console_api"_s } };
    auto odd = console;
    odd.insert(u"address"_s, u"https://console-api.example.org"_s);
    QTest::addRow("console by URL") << odd << u"address"_s;
    odd.insert(u"address"_s, u"console-api.example.org:443"_s);
    QTest::addRow("console in clear text") << odd << u"tls"_s;
    odd = console;
    odd.insert(u"kind"_s, u"core"_s);
    QTest::addRow("console of a Core") << odd << u"policy_channel"_s;
    QTest::addRow("unknown kind") << Options { { u"kind"_s, u"squid"_s } } << u"kind"_s;
    QTest::addRow("odd version") << Options { { u"core_version"_s, u"33"_s } } << u"core_version"_s;
}

void TstTargetOptions::aWrongOptionNamesItsField()
{
    QFETCH(Options, options);
    QFETCH(QString, field);

    const auto read = readTargetOptions({ .id = u"x"_s, .options = options });

    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::InvalidInput);
    QCOMPARE(read.error().field, field);
    QVERIFY(!read.error().remedy.isEmpty());
}

void TstTargetOptions::theProxysOwnFileIsAskedForWhereItCounts_data()
{
    QTest::addColumn<Options>("options");
    QTest::addColumn<bool>("isAsked");
    const QString channel = u"policy_channel"_s;
    for (const auto& name : { u"config_service"_s, u"config_records"_s, u"whole_config"_s,
             u"console_api"_s, u"config_file"_s }) {
        QTest::addRow("%s", qPrintable(name)) << Options { { channel, name } } << true;
    }
    for (const auto& name : { u"kubernetes"_s, u"terraform"_s, u"none"_s }) {
        QTest::addRow("%s", qPrintable(name)) << Options { { channel, name } } << false;
    }
    QTest::addRow("block of a file")
        << Options { { channel, u"config_file"_s }, { u"file_mode"_s, u"block"_s } } << false;
}

void TstTargetOptions::theProxysOwnFileIsAskedForWhereItCounts()
{
    QFETCH(const Options, options);
    QFETCH(const bool, isAsked);
    const auto& fields = targetFields();
    const auto field = std::find_if(fields.begin(), fields.end(),
        [](const FieldDescriptor& candidate) { return candidate.key == u"base_file"; });

    QVERIFY(field != fields.end());
    QCOMPARE(isVisible(*field, fields, options), isAsked);
    QVERIFY(!field->required);
}

void TstTargetOptions::aConsoleNeedsNoSharedSecret()
{
    const auto options = readTargetOptions({ .id = u"x"_s,
        .options = { { u"kind"_s, u"enterprise"_s }, { u"directory_channel"_s, u"none"_s },
            { u"policy_channel"_s, u"console_api"_s }, { u"tls"_s, u"system"_s },
            { u"address"_s, u"console-api.example.org:443"_s },
            { u"console_namespace"_s, u" Production "_s } } });

    QVERIFY(options);
    QVERIFY(options->usesConsole() && options->writesEntities() && !options->usesSecret());
    QCOMPARE(options->host, u"console-api.example.org"_s);
    QCOMPARE(options->consoleNamespace, u"Production"_s);
}

void TstTargetOptions::aVersionIsReadForTheChecksOfPolicies()
{
    const auto options = readTargetOptions({ .id = u"x"_s,
        .options = { { u"core_version"_s, u"0.32.9"_s }, { u"kind"_s, u"enterprise"_s },
            { u"directory_channel"_s, u"bundle_endpoint"_s } } });

    QVERIFY(options);
    QCOMPARE(policyTarget(*options).coreMinor, std::optional(32));
    QCOMPARE(policyTarget(*options).edition, policy::Edition::Enterprise);
}

void TstTargetOptions::everyFieldHasALabelAndHelp()
{
    for (const auto& field : targetFields()) {
        QVERIFY2(*field.label != '\0' && *field.help != '\0', qPrintable(field.key));
    }
    QVERIFY(validate(targetFields(), {}, {}).empty());
}

static const bool kTargetOptionsRegistered
    = test::registerTestClass<TstTargetOptions>("targetoptions");

} // namespace portreeve

#include "tst_targetoptions.moc"
