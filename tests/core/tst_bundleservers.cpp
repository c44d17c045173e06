// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/export/bundle.h"
#include "core/proxy/delivery/bundleservers.h"
#include "core/store/database.h"
#include "tests/support/deliveryfixture.h"
#include "tests/support/patience.h"
#include "tests/support/testregistry.h"

#include <QTcpServer>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

using test::DeliveryFixture;

namespace {

/// A target whose bundle is to be served, its servers, and all that these say.
struct Serving
{
    explicit Serving(const QString& listen, const QString& token = u"0123456789abcdef"_s)
        : target(fixture.addTarget({ { u"kind"_s, u"files"_s }, { u"policy_channel"_s, u"none"_s },
              { u"directory_channel"_s, u"bundle_endpoint"_s }, { u"bundle_listen"_s, listen } }))
        , worker(fixture.sync.storeOptions(), fixture.sync.clock)
        , servers({ .store = worker, .secrets = fixture.sync.secrets, .retryEvery = 20ms })
    {
        setToken(token);
        QObject::connect(&servers, &BundleServers::started, &servers, [this] { ++started; });
        QObject::connect(&servers, &BundleServers::failed, &servers,
            [this](const QString&, const Error& error) { failures.push_back(error); });
    }

    void setToken(const QString& token)
    {
        const auto written = fixture.sync.secrets.write(
            { .connectionId = target.id, .field = kBundleTokenField.toString() }, token);
        Q_ASSERT(written.hasValue());
    }

    ProxyTarget now() { return fixture.target(target.id); }

    /// As serve delivers: the bundle goes to the servers.
    bool push()
    {
        Delivery delivery({ .store = *fixture.sync.store,
            .secrets = fixture.sync.secrets,
            .clock = fixture.sync.clock,
            .makeHttp = fixture.http(),
            .publishBundle = [this](const QString& id, const BundleFile& bundle) {
                servers.publish(id, bundle);
                given = bundle;
            } });
        return delivery.push({ .targetId = target.id }, fixture.control()).hasValue();
    }

    DeliveryFixture fixture;
    ProxyTarget target;
    StoreWorker worker;
    BundleServers servers;
    int started = 0;
    std::vector<Error> failures;
    std::optional<BundleFile> given;
};

QString addressOf(const QTcpServer& server)
{
    return u"127.0.0.1:%1"_s.arg(server.serverPort());
}

} // namespace

/// Listeners of bundles, and what their targets say of them.
class TstBundleServers : public QObject
{
    Q_OBJECT

private slots:
    void aTakenPortShowsOnTheTargetUntilItIsFree();
    void aDeliveryDoesNotHideAClosedListener();
    void aWeakTokenShowsOnTheTarget();
    void aRemovedChannelLeavesNoError();
    void theFaultOfAnEndedServiceEndsWithIt();
    void anUnchangedBundleKeepsItsDate();
};

void TstBundleServers::aTakenPortShowsOnTheTargetUntilItIsFree()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    Serving serving(addressOf(other));
    serving.fixture.commit(DeliveryFixture::staff());
    QVERIFY(serving.push());
    QCOMPARE(serving.now().state, TargetState::InStep);

    serving.servers.refresh();
    QTRY_COMPARE_WITH_TIMEOUT(serving.now().state, TargetState::NeedsAttention, test::kPatienceMs);
    const auto failing = serving.now();
    other.close();
    QTRY_COMPARE_WITH_TIMEOUT(serving.now().state, TargetState::InStep, test::kPatienceMs);

    QCOMPARE(failing.lastError->field, u"bundle_listen"_s);
    QVERIFY(!failing.lastError->remedy.isEmpty());
    QVERIFY(!failing.stateReason.isEmpty());
    QVERIFY(!serving.now().lastError);
    QVERIFY(serving.now().listener && !serving.now().listener->error);
    QCOMPARE(serving.started, 1);
    QCOMPARE(serving.failures.size(), std::size_t { 1 }); // told once, however often it is tried
}

void TstBundleServers::aDeliveryDoesNotHideAClosedListener()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    Serving serving(addressOf(other));
    serving.servers.refresh();
    QTRY_COMPARE_WITH_TIMEOUT(serving.now().state, TargetState::NeedsAttention, test::kPatienceMs);

    serving.fixture.commit(DeliveryFixture::staff());
    QVERIFY(serving.push());

    QCOMPARE(serving.now().state, TargetState::NeedsAttention);
    QCOMPARE(serving.now().lastError->field, u"bundle_listen"_s);
}

void TstBundleServers::aWeakTokenShowsOnTheTarget()
{
    QTcpServer free;
    QVERIFY(free.listen(QHostAddress::LocalHost));
    const QString address = addressOf(free);
    free.close();
    Serving serving(address, u"short"_s);

    serving.servers.refresh();
    QTRY_COMPARE_WITH_TIMEOUT(serving.now().state, TargetState::NeedsAttention, test::kPatienceMs);
    QCOMPARE(serving.now().lastError->field, u"bundle_token"_s);
    serving.setToken(u"0123456789abcdef"_s);
    serving.servers.refresh();

    QTRY_COMPARE_WITH_TIMEOUT(serving.now().state, TargetState::New, test::kPatienceMs);
    QVERIFY(!serving.now().lastError);
}

void TstBundleServers::aRemovedChannelLeavesNoError()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    Serving serving(addressOf(other));
    serving.servers.refresh();
    QTRY_COMPARE_WITH_TIMEOUT(serving.now().state, TargetState::NeedsAttention, test::kPatienceMs);

    serving.fixture.setOption(serving.target.id, u"directory_channel"_s, u"none"_s);
    serving.servers.refresh();

    QTRY_COMPARE_WITH_TIMEOUT(serving.now().state, TargetState::New, test::kPatienceMs);
    QVERIFY(!serving.now().listener);
}

void TstBundleServers::theFaultOfAnEndedServiceEndsWithIt()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    Serving serving(addressOf(other));
    serving.servers.refresh();
    QTRY_COMPARE_WITH_TIMEOUT(serving.now().state, TargetState::NeedsAttention, test::kPatienceMs);

    const auto door = Database::open({ .path = serving.fixture.sync.storeOptions().path });
    QVERIFY(door && (*door)->execute(u"UPDATE target SET listener_process = 'gone/1/1'"_s));

    QCOMPARE(serving.now().state, TargetState::New);
    QVERIFY(!serving.now().lastError);
    QVERIFY(serving.now().stateReason.isEmpty());
}

void TstBundleServers::anUnchangedBundleKeepsItsDate()
{
    Serving serving(u"127.0.0.1:8743"_s);
    serving.fixture.commit(DeliveryFixture::staff());
    QVERIFY(serving.push());
    const auto first = serving.given->modifiedAt;

    serving.fixture.sync.clock.advance(1h);
    QVERIFY(serving.push());
    const auto same = serving.given->modifiedAt;
    serving.fixture.commit(DeliveryFixture::staff().user(u"eve"_s));
    QVERIFY(serving.push());

    QVERIFY(first);
    QCOMPARE(same, first);
    QVERIFY(*serving.given->modifiedAt >= *first + 1h);
}

static const bool kBundleServersRegistered
    = test::registerTestClass<TstBundleServers>("bundleservers");

} // namespace portreeve

#include "tst_bundleservers.moc"
