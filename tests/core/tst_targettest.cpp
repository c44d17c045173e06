// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/certificates.h"
#include "tests/support/deliveryfixture.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QTcpServer>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

using test::DeliveryFixture;

namespace {

/// "secret+ reach+ sign_in-"
QString ticks(const TargetReport& report)
{
    QStringList out;
    for (const auto& step : report.steps) {
        out.append(step.name + (step.ok ? u'+' : u'-'));
    }
    return out.join(u' ');
}

const TestStep* stepOf(const TargetReport& report, const QString& name)
{
    const auto found = std::find_if(report.steps.begin(), report.steps.end(),
        [&](const TestStep& step) { return step.name == name; });
    return found == report.steps.end() ? nullptr : &*found;
}

} // namespace

/// "Test connection" of a target: every step by itself, every failure with a remedy.
class TstTargetTest : public QObject
{
    Q_OBJECT

private slots:
    void everythingIsTickedOnAGoodTarget();
    void unsavedFormWithATypedSecretIsTested();
    void wrongSecretIsCrossedAtSignIn();
    void missingMethodDecidesNotTheVersion();
    void databrokerAloneNeedsNoService();
    void configRecordsAreCounted();
    void configRecordsWithoutAServiceAreAWarning();
    void capacityIsAWarning();
    void capacityOfConfigRecordsIsAWarning();
    void clockTenMinutesAheadIsNamed();
    void nothingListening();
    void badFormIsCrossedFirst();
    void missingMarkersAreNamed();
    void unwritableFolderIsNamed();
    void endpointNeedsAToken_data();
    void endpointNeedsAToken();
    void endpointNeedsACertificateThatFitsItsKey();
    void endpointNeedsAPortOfItsOwn();
    void debugServerIsAWarning_data();
    void debugServerIsAWarning();
    void devicesAreCounted();

private:
    static Result<TargetReport> run(DeliveryFixture& fixture, const TargetDraft& draft)
    {
        return fixture.delivery().test(draft, fixture.control());
    }
};

void TstTargetTest::everythingIsTickedOnAGoodTarget()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addFullTarget();
    QVERIFY(fixture.push(target.id));

    const auto report = run(fixture, { .target = target });

    QVERIFY(report);
    QCOMPARE(ticks(*report),
        u"options+ secret+ reach+ service+ sign_in+ clock+ records+ devices+ capacity+"_s);
    QVERIFY(report->passed());
    QCOMPARE(report->serverKind, u"core"_s);
    QCOMPARE(report->serverVersion, u"v0.33.0"_s);
    QCOMPARE(report->userRecords, std::int64_t { 3 });
    QCOMPARE(report->groupRecords, std::int64_t { 2 });
}

void TstTargetTest::unsavedFormWithATypedSecretIsTested()
{
    DeliveryFixture fixture;
    ProxyTarget draft { .id = u"none"_s, .name = u"Draft"_s };
    draft.options.insert(u"address"_s, fixture.broker.endpoint().address());

    const auto report = run(fixture,
        { .target = draft,
            .typedSecrets = { { u"shared_secret"_s, DeliveryFixture::secretText() } } });

    QVERIFY(report);
    QVERIFY2(report->passed(), qPrintable(ticks(*report)));
    QVERIFY(fixture.sync.store->targets().list()->empty());
}

void TstTargetTest::wrongSecretIsCrossedAtSignIn()
{
    DeliveryFixture fixture;
    const auto target = fixture.addFullTarget();

    const auto report = run(fixture,
        { .target = target,
            .typedSecrets
            = { { u"shared_secret"_s, QString::fromLatin1(QByteArray(32, 'x').toBase64()) } } });

    QVERIFY(report);
    QCOMPARE(ticks(*report), u"options+ secret+ reach+ service+ sign_in- clock+"_s);
    QCOMPARE(report->failure->code, ErrorCode::Auth);
    QVERIFY(!stepOf(*report, u"sign_in"_s)->remedy.isEmpty());
}

void TstTargetTest::missingMethodDecidesNotTheVersion()
{
    DeliveryFixture fixture;
    const auto target = fixture.addFullTarget();

    fixture.proxy.faults.version = u"v0.0.0"_s;
    const auto odd = run(fixture, { .target = target });
    fixture.proxy.faults.hasService = false;
    const auto old = run(fixture, { .target = target });

    QVERIFY(odd && odd->passed());
    QVERIFY(old);
    QVERIFY(!stepOf(*old, u"service"_s)->ok);
    QVERIFY(stepOf(*old, u"sign_in"_s)->ok);
    QVERIFY(stepOf(*old, u"records"_s)->ok);
    QCOMPARE(old->failure->code, ErrorCode::NotFound);
    QCOMPARE(odd->measured.configService, true);
    QCOMPARE(old->measured.configService, false);
}

void TstTargetTest::databrokerAloneNeedsNoService()
{
    DeliveryFixture fixture;
    fixture.proxy.faults.hasService = false;
    const auto target = fixture.addRecordsTarget();

    const auto report = run(fixture, { .target = target });

    QVERIFY(report);
    QVERIFY2(report->passed(), qPrintable(ticks(*report)));
    QVERIFY(stepOf(*report, u"clock"_s)->ok); // its 404 carries a date as well
}

void TstTargetTest::capacityIsAWarning()
{
    DeliveryFixture fixture;
    fixture.broker.setCapacity(recordtype::kDirectoryUser, 10);
    const auto target = fixture.addRecordsTarget();

    const auto report = run(fixture, { .target = target });

    QVERIFY(report);
    QVERIFY(!stepOf(*report, u"capacity"_s)->ok);
    QVERIFY(report->passed());
}

void TstTargetTest::configRecordsAreCounted()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target = fixture.addTarget({ { u"policy_channel"_s, u"config_records"_s } });
    QVERIFY(fixture.push(target.id));

    const auto report = run(fixture, { .target = target });

    QVERIFY(report);
    QCOMPARE(ticks(*report),
        u"options+ secret+ reach+ service+ sign_in+ clock+ records+ devices+ capacity+"_s);
    QCOMPARE(report->policies, std::int64_t { 1 });
    QCOMPARE(report->routes, std::int64_t { 1 });
    QVERIFY(fixture.proxy.policies().isEmpty());
}

void TstTargetTest::configRecordsWithoutAServiceAreAWarning()
{
    DeliveryFixture fixture;
    fixture.proxy.faults.hasService = false;
    const auto target = fixture.addTarget(
        { { u"policy_channel"_s, u"config_records"_s }, { u"directory_channel"_s, u"none"_s } });

    const auto report = run(fixture, { .target = target });

    QVERIFY(report);
    QVERIFY2(report->passed(), qPrintable(ticks(*report)));
    const auto* service = stepOf(*report, u"service"_s);
    QVERIFY(!service->ok);
    QVERIFY(service->what.english().contains(u"0.33"));
    QVERIFY(!service->remedy.isEmpty());
    QVERIFY(stepOf(*report, u"sign_in"_s)->ok);
    QCOMPARE(report->routes, std::int64_t { 0 });
}

void TstTargetTest::capacityOfConfigRecordsIsAWarning()
{
    DeliveryFixture fixture;
    fixture.broker.setCapacity(recordtype::kConfigRoute, 10);
    const auto target = fixture.addTarget({ { u"policy_channel"_s, u"config_records"_s } });

    const auto report = run(fixture, { .target = target });

    QVERIFY(report);
    QVERIFY(!stepOf(*report, u"capacity"_s)->ok);
}

void TstTargetTest::clockTenMinutesAheadIsNamed()
{
    DeliveryFixture fixture;
    fixture.proxy.faults.clockAhead = 10min;
    fixture.broker.setClockAhead(10min);
    const auto target = fixture.addFullTarget();

    const auto report = run(fixture, { .target = target });

    QVERIFY(report);
    QVERIFY(!stepOf(*report, u"clock"_s)->ok);
    QCOMPARE(report->failure->code, ErrorCode::ClockSkew);
}

void TstTargetTest::nothingListening()
{
    DeliveryFixture fixture;
    const auto target = fixture.addRecordsTarget();
    fixture.broker.goAway();
    const auto unreachable = [&fixture](const HttpSettings&) -> std::unique_ptr<HttpClient> {
        auto client = std::make_unique<test::FakeHttpClient>(fixture.sync.clock);
        client->setServer([](const HttpRequest&) {
            return test::FakeReply { .failure = Error { .code = ErrorCode::Network,
                                         .what = message("Nobody answers."),
                                         .remedy = message("Start the proxy.") } };
        });
        return client;
    };
    Delivery delivery({ .store = *fixture.sync.store,
        .secrets = fixture.sync.secrets,
        .clock = fixture.sync.clock,
        .makeHttp = unreachable });

    const auto report = delivery.test({ .target = target }, fixture.control());

    QVERIFY(report);
    QCOMPARE(ticks(*report), u"options+ secret+ reach-"_s);
    QVERIFY(!stepOf(*report, u"reach"_s)->remedy.isEmpty());
}

void TstTargetTest::badFormIsCrossedFirst()
{
    DeliveryFixture fixture;
    ProxyTarget draft { .id = u"none"_s, .name = u"Draft"_s };
    draft.options.insert(u"address"_s, u"proxy.example.org:5443"_s);

    const auto report = run(fixture, { .target = draft });

    QVERIFY(report);
    QCOMPARE(ticks(*report), u"options-"_s);
    QCOMPARE(report->failure->field, u"tls"_s);
}

void TstTargetTest::missingMarkersAreNamed()
{
    DeliveryFixture fixture;
    const QString path = fixture.sync.folder.filePath(u"config.yaml"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("routes:\n  - from: https://a.example.com\n    to: http://127.0.0.1:1\n");
    file.close();
    ProxyTarget draft { .id = u"none"_s, .name = u"Draft"_s };
    draft.options
        = { { u"policy_channel"_s, u"config_file"_s }, { u"directory_channel"_s, u"none"_s },
              { u"file_mode"_s, u"block"_s }, { u"output_file"_s, path } };

    const auto report = run(fixture, { .target = draft });

    QVERIFY(report);
    QCOMPARE(ticks(*report), u"options+ file-"_s);
    QVERIFY(!stepOf(*report, u"file"_s)->remedy.isEmpty());
}

void TstTargetTest::unwritableFolderIsNamed()
{
    DeliveryFixture fixture;
    ProxyTarget draft { .id = u"none"_s, .name = u"Draft"_s };
    draft.options = { { u"kind"_s, u"files"_s }, { u"policy_channel"_s, u"terraform"_s },
        { u"directory_channel"_s, u"bundle_file"_s }, { u"output_file"_s, u"/nowhere/at/all.tf"_s },
        { u"bundle_file"_s, fixture.sync.folder.filePath(u"bundle.zip"_s) } };

    const auto report = run(fixture, { .target = draft });

    QVERIFY(report);
    QCOMPARE(ticks(*report), u"options+ file- bundle+"_s);
    QCOMPARE(report->failure->field, u"output_file"_s);
}

namespace {

ProxyTarget endpointDraft(const QString& listen = u"127.0.0.1:0"_s)
{
    return { .id = u"none"_s,
        .name = u"Draft"_s,
        .options = { { u"kind"_s, u"files"_s }, { u"policy_channel"_s, u"none"_s },
            { u"directory_channel"_s, u"bundle_endpoint"_s }, { u"bundle_listen"_s, listen } } };
}

const QHash<QString, QString> kGoodToken { { u"bundle_token"_s, u"0123456789abcdef"_s } };

QString addressOf(const QTcpServer& server)
{
    return u"127.0.0.1:%1"_s.arg(server.serverPort());
}

} // namespace

void TstTargetTest::endpointNeedsAToken_data()
{
    QTest::addColumn<QString>("token");
    QTest::addRow("none") << QString();
    QTest::addRow("too short") << u"0123456789abcde"_s;
    QTest::addRow("with a space") << u"0123456789abcdef x"_s;
}

void TstTargetTest::endpointNeedsAToken()
{
    QFETCH(const QString, token);
    DeliveryFixture fixture;
    QHash<QString, QString> secrets;
    if (!token.isEmpty()) {
        secrets.insert(u"bundle_token"_s, token);
    }

    const auto report
        = run(fixture, { .target = endpointDraft(u"127.0.0.1:8743"_s), .typedSecrets = secrets });

    QVERIFY(report);
    QCOMPARE(ticks(*report), u"options+ certificate+ bundle-"_s);
    QCOMPARE(report->failure->field, u"bundle_token"_s);
    QVERIFY(!stepOf(*report, u"bundle"_s)->remedy.isEmpty());
}

void TstTargetTest::endpointNeedsACertificateThatFitsItsKey()
{
    const test::Certificate one(u"one"_s);
    const test::Certificate other(u"other"_s);
    QVERIFY2(one.isValid() && other.isValid(), "the openssl tool is missing");
    DeliveryFixture fixture;
    auto draft = endpointDraft(u"0.0.0.0:8743"_s);

    const auto none = run(fixture, { .target = draft, .typedSecrets = kGoodToken });
    draft.options.insert(u"bundle_certificate"_s, one.certificateFile());
    draft.options.insert(u"bundle_key"_s, other.keyFile());
    const auto foreign = run(fixture, { .target = draft, .typedSecrets = kGoodToken });
    draft.options.insert(u"bundle_key"_s, one.keyFile());
    const auto good = run(fixture, { .target = draft, .typedSecrets = kGoodToken });

    QVERIFY(none && foreign && good);
    QCOMPARE(none->failure->field, u"bundle_certificate"_s);
    QVERIFY(!stepOf(*foreign, u"certificate"_s)->ok);
    QCOMPARE(foreign->failure->field, u"bundle_key"_s);
    QVERIFY(stepOf(*good, u"certificate"_s)->ok);
}

void TstTargetTest::endpointNeedsAPortOfItsOwn()
{
    DeliveryFixture fixture;
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    auto added = fixture.sync.store->targets().add(endpointDraft(addressOf(other)));
    QVERIFY(added);
    const TargetDraft draft { .target = *added, .typedSecrets = kGoodToken };

    const auto taken = run(fixture, draft);
    // The one that listens is ours, in this or another process.
    QVERIFY(fixture.sync.store->targets().setListener(
        added->id, BundleListener { .address = addressOf(other) }));
    const auto served = run(fixture, draft);
    QVERIFY(fixture.sync.store->targets().setListener(added->id, std::nullopt));
    const auto takenAgain = run(fixture, draft);

    QVERIFY(taken && served && takenAgain);
    QCOMPARE(ticks(*taken), u"options+ certificate+ bundle-"_s);
    QCOMPARE(taken->failure->field, u"bundle_listen"_s);
    QVERIFY(served->passed());
    QVERIFY(!takenAgain->passed());
}

void TstTargetTest::debugServerIsAWarning_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QString>("ticks");
    QTest::addRow("off") << QByteArray("debug_admin_endpoints: false\ndebug_address: \"\"\n")
                         << u"options+ file+"_s;
    QTest::addRow("admin endpoints")
        << QByteArray("debug_address: 127.0.0.1:6060\ndebug_admin_endpoints: true\n")
        << u"options+ debug- file+"_s;
    QTest::addRow("address") << QByteArray("debug_address: 127.0.0.1:6060\n")
                             << u"options+ debug- file+"_s;
}

void TstTargetTest::debugServerIsAWarning()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QString, ticks);
    DeliveryFixture fixture;
    for (const auto& mode : { u"merge"_s, u"block"_s }) {
        const QString path = fixture.sync.folder.filePath(mode + u".yaml"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(config
            + "routes:\n  # portreeve: begin of managed routes\n"
              "  # portreeve: end of managed routes\n");
        file.close();
        const bool merges = mode == u"merge";
        ProxyTarget draft { .id = u"none"_s, .name = u"Draft"_s };
        draft.options = { { u"policy_channel"_s, u"config_file"_s },
            { u"directory_channel"_s, u"none"_s }, { u"file_mode"_s, mode },
            { u"base_file"_s, merges ? path : QString() },
            { u"output_file"_s, merges ? fixture.sync.folder.filePath(u"out.yaml"_s) : path } };

        const auto report = run(fixture, { .target = draft });

        QVERIFY(report);
        QCOMPARE(portreeve::ticks(*report), ticks);
        QVERIFY2(report->passed(), "it can be delivered to all the same");
        const auto* step = stepOf(*report, u"debug"_s);
        QVERIFY(step == nullptr || !step->remedy.isEmpty());
    }
}

void TstTargetTest::devicesAreCounted()
{
    DeliveryFixture fixture;
    const auto target = fixture.addRecordsTarget();
    const auto record = [](const QString& type, const QString& id) {
        return DatabrokerRecord { .type = type, .id = id, .typeUrl = type };
    };
    fixture.broker.write({ record(recordtype::kEnrollment, u"e1"_s),
        record(recordtype::kEnrollment, u"e2"_s), record(recordtype::kCredential, u"c1"_s) });

    const auto report = run(fixture, { .target = target });

    QVERIFY(report);
    QCOMPARE(report->enrollments, std::int64_t { 2 });
    QCOMPARE(report->credentials, std::int64_t { 1 });
    const auto* step = stepOf(*report, u"devices"_s);
    QVERIFY(step != nullptr && step->ok);
    QCOMPARE(step->what.english(), u"Enrollments: 2, enrolled devices: 1, whoever made them."_s);
}

static const bool kTargetTestRegistered = test::registerTestClass<TstTargetTest>("targettest");

} // namespace portreeve

#include "tst_targettest.moc"
