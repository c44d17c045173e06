// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/export/bundle.h"
#include "core/proxy/delivery/duetargets.h"
#include "core/proxy/managedfile.h"
#include "tests/support/deliveryfixture.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::DeliveryFixture;

namespace {

void writeFile(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
}

QByteArray readFile(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

/// Deliveries into files: what the operator wrote stays, and what it says is never told.
class TstDeliveryFiles : public QObject
{
    Q_OBJECT

private slots:
    void mergedFileIsWrittenOnceAndComparedByRoute();
    void blockKeepsEveryByteOutside();
    void editDuringADeliveryIsKept();
    void refusedPolicyWritesNothing();
    void operatorsSecretsStayOutOfThePlan();
    void bundleFileIsComparedByPerson();
    void otherFileIsNeverTakenForABundle();
    void endpointIsPublishedEvenWhenNothingChanged();
    void emptyDirectoryIsNotPublished();
    void heldBundleLetThroughIsDueWhereItIsServed();
    void endpointNobodyTakesUpIsNotInStep();
    void terraformCountsWhatItHolds();
    void case20ARouteOfTheProxysOwnFileWins_data();
    void case20ARouteOfTheProxysOwnFileWins();
    void ownFileThatCannotBeUsedIsNamedAndPeopleGoOn_data();
    void ownFileThatCannotBeUsedIsNamedAndPeopleGoOn();

private:
    static QString path(const DeliveryFixture& fixture, const QString& name)
    {
        return fixture.sync.folder.filePath(name);
    }

    static ProxyTarget fileTarget(DeliveryFixture& fixture, const QString& mode);
};

ProxyTarget TstDeliveryFiles::fileTarget(DeliveryFixture& fixture, const QString& mode)
{
    return fixture.addTarget({ { u"kind"_s, u"files"_s }, { u"policy_channel"_s, u"config_file"_s },
        { u"directory_channel"_s, u"none"_s }, { u"file_mode"_s, mode },
        { u"base_file"_s, mode == u"merge" ? path(fixture, u"base.yaml"_s) : QString() },
        { u"output_file"_s, path(fixture, u"config.yaml"_s) } });
}

void TstDeliveryFiles::mergedFileIsWrittenOnceAndComparedByRoute()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    writeFile(path(fixture, u"base.yaml"_s), "address: 127.0.0.1:8000\n");
    const auto target = fileTarget(fixture, u"merge"_s);

    const auto first = fixture.push(target.id);
    QVERIFY2(first, qPrintable(first ? QString() : first.error().toText()));
    const QByteArray written = readFile(path(fixture, u"config.yaml"_s));
    const auto again = fixture.push(target.id);
    fixture.addRoute(u"blog"_s, u"devops"_s);
    const auto plan = fixture.plan(target.id);

    QVERIFY(written.contains("wiki.example.com") && written.contains("address"));
    QCOMPARE(first->push->counts.routes.put, 1);
    QVERIFY(again && again->plan.verdict == Verdict::Nothing);
    QVERIFY(plan);
    QCOMPARE(plan->changes.size(), std::size_t { 1 });
    QCOMPARE(plan->changes.front().name, u"blog"_s);
    QCOMPARE(plan->counts.routes.unchanged, 1);
}

void TstDeliveryFiles::blockKeepsEveryByteOutside()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const QByteArray head
        = "# mine\naddress:   127.0.0.1:8000\nroutes:\n  " + kBlockBegin.toByteArray() + "\n";
    const QByteArray tail = "  " + kBlockEnd.toByteArray() + "\n# the end\n";
    writeFile(path(fixture, u"config.yaml"_s), head + tail);
    const auto target = fileTarget(fixture, u"block"_s);

    const auto outcome = fixture.push(target.id);

    QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().toText()));
    const QByteArray after = readFile(path(fixture, u"config.yaml"_s));
    QVERIFY(after.startsWith(head));
    QVERIFY(after.endsWith(tail));
    QVERIFY(after.contains("wiki.example.com"));
    QCOMPARE(fixture.plan(target.id)->verdict, Verdict::Nothing);
}

void TstDeliveryFiles::editDuringADeliveryIsKept()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const QString file = path(fixture, u"config.yaml"_s);
    const QByteArray block
        = "routes:\n  " + kBlockBegin.toByteArray() + "\n  " + kBlockEnd.toByteArray() + "\n";
    writeFile(file, "address: 127.0.0.1:8000\n" + block);
    const auto target = fileTarget(fixture, u"block"_s);
    DeliveryControl control = fixture.control();
    control.attempts = 1;
    control.progress = [&](const DeliveryProgress& step) {
        if (step.phase == DeliveryProgress::Phase::Planning) {
            writeFile(file, "address: 127.0.0.1:9000\n" + block);
        }
    };

    const auto outcome = fixture.delivery().push({ .targetId = target.id }, control);

    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Stale);
    QCOMPARE(readFile(file), "address: 127.0.0.1:9000\n" + block);
    QVERIFY(fixture.push(target.id));
    QVERIFY(readFile(file).contains("9000") && readFile(file).contains("wiki.example.com"));
}

void TstDeliveryFiles::refusedPolicyWritesNothing()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    auto& policies = fixture.sync.store->policies();
    auto policy = policies.policy(u"wiki policy"_s).value();
    policy.text = u"- allow:\n    or:\n      - record:\n          type: x\n"_s;
    QVERIFY(policies.save(policy));
    writeFile(path(fixture, u"base.yaml"_s), "address: 127.0.0.1:8000\n");
    const auto target = fileTarget(fixture, u"merge"_s);

    const auto outcome = fixture.push(target.id);

    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::InvalidInput);
    QVERIFY(!QFile::exists(path(fixture, u"config.yaml"_s)));
    QCOMPARE(fixture.target(target.id).state, TargetState::NeedsAttention);
}

void TstDeliveryFiles::operatorsSecretsStayOutOfThePlan()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    writeFile(path(fixture, u"base.yaml"_s), "cookie_secret: do-not-tell-me\n");
    const auto target = fileTarget(fixture, u"merge"_s);

    const auto plan = fixture.plan(target.id);

    QVERIFY(plan);
    const QByteArray told = QJsonDocument(plan->toJson()).toJson();
    QVERIFY(told.contains("config.yaml"));
    QVERIFY(!told.contains("do-not-tell-me"));
}

void TstDeliveryFiles::bundleFileIsComparedByPerson()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addTarget({ { u"kind"_s, u"files"_s },
        { u"policy_channel"_s, u"none"_s }, { u"directory_channel"_s, u"bundle_file"_s },
        { u"bundle_file"_s, path(fixture, u"bundle.zip"_s) } });

    const auto first = fixture.push(target.id);
    QVERIFY2(first, qPrintable(first ? QString() : first.error().toText()));
    fixture.commit(DeliveryFixture::staff().removeMember(u"engineering"_s, u"devops"_s));
    const auto plan = fixture.plan(target.id);

    QCOMPARE(first->push->counts.users.put, 3);
    QVERIFY(plan);
    QCOMPARE(plan->changes.size(), std::size_t { 1 });
    QCOMPARE(plan->changes.front().id, u"john"_s);
    QVERIFY(!plan->changes.front().isForeign);
    QCOMPARE(plan->counts.users.unchanged, 2);
}

void TstDeliveryFiles::otherFileIsNeverTakenForABundle()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const QString file = path(fixture, u"bundle.zip"_s);
    writeFile(file, "my thesis");
    const auto target
        = fixture.addTarget({ { u"kind"_s, u"files"_s }, { u"policy_channel"_s, u"none"_s },
            { u"directory_channel"_s, u"bundle_file"_s }, { u"bundle_file"_s, file } });

    const auto outcome = fixture.push(target.id);

    QVERIFY(!outcome);
    QCOMPARE(readFile(file), QByteArray("my thesis"));
}

void TstDeliveryFiles::endpointIsPublishedEvenWhenNothingChanged()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addTarget({ { u"kind"_s, u"files"_s },
        { u"policy_channel"_s, u"none"_s }, { u"directory_channel"_s, u"bundle_endpoint"_s } });
    QByteArray published;
    Delivery delivery({ .store = *fixture.sync.store,
        .secrets = fixture.sync.secrets,
        .clock = fixture.sync.clock,
        .makeHttp = fixture.http(),
        .publishBundle = [&](const QString& id, const BundleFile& bundle) {
            QCOMPARE(id, target.id);
            published = bundle.etag;
        } });

    const auto outcome = delivery.push({ .targetId = target.id }, fixture.control());

    QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().toText()));
    QVERIFY(!published.isEmpty());
    QCOMPARE(fixture.target(target.id).state, TargetState::InStep);
}

void TstDeliveryFiles::emptyDirectoryIsNotPublished()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addTarget({ { u"kind"_s, u"files"_s },
        { u"policy_channel"_s, u"none"_s }, { u"directory_channel"_s, u"bundle_endpoint"_s } });
    int published = 0;
    Delivery delivery({ .store = *fixture.sync.store,
        .secrets = fixture.sync.secrets,
        .clock = fixture.sync.clock,
        .makeHttp = fixture.http(),
        .publishBundle = [&](const QString&, const BundleFile&) { ++published; } });
    const auto first = delivery.push({ .targetId = target.id }, fixture.control());
    QVERIFY(first && first->push);
    QCOMPARE(first->push->counts.users.put, 3);
    QVERIFY(fixture.sync.store->connections().remove(fixture.sync.id));

    const auto held = delivery.push({ .targetId = target.id }, fixture.control());

    QVERIFY(held);
    QCOMPARE(held->plan.verdict, Verdict::Held);
    QCOMPARE(held->plan.counts.users.deleted, 3);
    QCOMPARE(published, 1);
    QVERIFY(delivery.push(
        { .targetId = target.id, .allowHeld = held->plan.planHash }, fixture.control()));
    QCOMPARE(published, 2);
    const auto again = delivery.push({ .targetId = target.id }, fixture.control());
    QVERIFY(again && again->plan.verdict == Verdict::Nothing);
}

void TstDeliveryFiles::heldBundleLetThroughIsDueWhereItIsServed()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target = fixture.addTarget({ { u"kind"_s, u"files"_s },
        { u"policy_channel"_s, u"none"_s }, { u"directory_channel"_s, u"bundle_endpoint"_s } });
    const auto look = [&fixture] { return lookAtTargets(*fixture.sync.store, -1, {}).value(); };
    QVERIFY(fixture.push(target.id));
    QVERIFY(fixture.sync.store->connections().remove(fixture.sync.id));
    const auto held = fixture.push(target.id);
    QVERIFY(held && held->plan.verdict == Verdict::Held);
    DueTargets due({});
    due.take(look().targets);
    due.noteEnd(target.id, { .fingerprint = look().targets.front().fingerprint });
    due.take(look().targets);
    QVERIFY(due.at({}).empty());

    const auto allowed = fixture.push(target.id, { .allowHeld = held->plan.planHash });
    due.take(look().targets);

    QVERIFY(allowed && !allowed->confirmed);
    QCOMPARE(due.at({}).size(), std::size_t { 1 });
}

void TstDeliveryFiles::endpointNobodyTakesUpIsNotInStep()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    const auto target
        = fixture.addTarget({ { u"kind"_s, u"files"_s }, { u"policy_channel"_s, u"none"_s },
            { u"directory_channel"_s, u"bundle_endpoint"_s }, { u"automatic"_s, u"false"_s } });

    const auto outcome = fixture.push(target.id);

    QVERIFY(!outcome);
    QCOMPARE(outcome.error().field, u"automatic"_s);
    QCOMPARE(fixture.target(target.id).state, TargetState::NeedsAttention);
}

void TstDeliveryFiles::terraformCountsWhatItHolds()
{
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const auto target = fixture.addTarget({ { u"kind"_s, u"files"_s },
        { u"policy_channel"_s, u"terraform"_s }, { u"directory_channel"_s, u"none"_s },
        { u"output_file"_s, path(fixture, u"routes.tf"_s) } });

    const auto outcome = fixture.push(target.id);

    QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().toText()));
    QCOMPARE(outcome->push->counts.policies.put, 1);
    QCOMPARE(outcome->push->counts.routes.put, 1);
    QVERIFY(!outcome->confirmed);
    QVERIFY(readFile(path(fixture, u"routes.tf"_s)).contains("pomerium_route"));
}

void TstDeliveryFiles::case20ARouteOfTheProxysOwnFileWins_data() // proxy.md 6.4
{
    QTest::addColumn<QString>("channel");
    QTest::addRow("configuration service") << u"config_service"_s;
    QTest::addRow("databroker records") << u"config_records"_s;
    QTest::addRow("compiled rules") << u"whole_config"_s;
}

void TstDeliveryFiles::case20ARouteOfTheProxysOwnFileWins()
{
    QFETCH(const QString, channel);
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const QString file = path(fixture, u"proxy.yaml"_s);
    const QByteArray own = "address: 127.0.0.1:8000\nroutes:\n  - name: old wiki\n"
                           "    from: https://wiki.example.com/\n    to: http://127.0.0.1:1\n";
    writeFile(file, own);
    const auto target
        = fixture.addTarget({ { u"policy_channel"_s, channel }, { u"base_file"_s, file } });

    const auto plan = fixture.plan(target.id);
    const auto pushed = fixture.push(target.id);

    QVERIFY2(plan, qPrintable(plan ? QString() : plan.error().toText()));
    QCOMPARE(plan->conflicts.size(), std::size_t { 1 });
    QCOMPARE(plan->conflicts.front().name, u"wiki"_s);
    QVERIFY(plan->conflicts.front().what.english().contains(u"old wiki"));
    QVERIFY(!pushed);
    QCOMPARE(pushed.error().code, ErrorCode::InvalidInput);
    QVERIFY(!fixture.proxy.methods().contains(u"CreateRoute"_s));
    QVERIFY(fixture.broker.records(recordtype::kConfigRoute).empty());
    QVERIFY(fixture.broker.records(recordtype::kConfig).empty());
    QCOMPARE(fixture.target(target.id).state, TargetState::NeedsAttention);
    QCOMPARE(readFile(file), own);
}

void TstDeliveryFiles::ownFileThatCannotBeUsedIsNamedAndPeopleGoOn_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addRow("missing") << QByteArray();
    QTest::addRow("no settings") << QByteArray("- a list\n");
    QTest::addRow("would freeze the proxy")
        << QByteArray("routes:\n  - from: https://a.example.com\n    to: http://127.0.0.1:1\n"
                      "    policy:\n      - allow:\n          or:\n            - nosuch: 1\n");
}

void TstDeliveryFiles::ownFileThatCannotBeUsedIsNamedAndPeopleGoOn()
{
    QFETCH(const QByteArray, content);
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    const QString file = path(fixture, u"proxy.yaml"_s);
    if (!content.isEmpty()) {
        writeFile(file, content);
    }
    const auto target = fixture.addTarget({ { u"base_file"_s, file } });

    const auto pushed = fixture.push(target.id);
    const auto report
        = fixture.delivery().test({ .target = fixture.target(target.id) }, fixture.control());

    QVERIFY(!pushed);
    QCOMPARE(pushed.error().field, u"base_file"_s);
    QVERIFY(!pushed.error().remedy.isEmpty());
    QVERIFY(fixture.proxy.writes().isEmpty());
    QVERIFY(fixture.groupsAt(u"john"_s).has_value());
    QVERIFY(report && report->failure);
    QCOMPARE(report->failure->field, u"base_file"_s);
}

static const bool kDeliveryFilesRegistered
    = test::registerTestClass<TstDeliveryFiles>("deliveryfiles");

} // namespace portreeve

#include "tst_deliveryfiles.moc"
