// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/databrokerclient.h"
#include "core/proxy/databroker/databrokererror.h"
#include "core/proxy/databroker/devicerecords.h"
#include "core/proxy/sharedsecret.h"
#include "tests/support/databrokerdouble.h"
#include "tests/support/pushfixture.h"
#include "tests/support/testregistry.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

using test::DatabrokerDouble;
using test::FakeClock;

/// The calls of proxy.md 4 and their failures; numbers are those of proxy.md 5.6.
class TstDatabrokerClient : public QObject
{
    Q_OBJECT

private slots:
    void recordsAreWhatWasPut();
    void case08AClockTwoHoursSlowIsNamed();
    void aClockAheadDoesNoHarm();
    void case10AQueryAlwaysHasALimit();
    void case15AnExpiredTokenHintsAtTheClock();
    void case15NoTokenIsNotCalledAWrongSecret();
    void aWrongSecretIsNamedWithoutShowingIt();
    void case16AFreshSyncFromNothingIsRefused();
    void case21ADeletionKeepsTheOldDataAndIsDoneOnce();
    void case23NoOptionsIsNoError();
    void case26ASlowNetworkIsNoRefusal_data();
    void case26ASlowNetworkIsNoRefusal();
    void leasesAreHeldByOne();
    void case17ALostLeaseIsToldAndAWrongReleaseDoesNothing();
    void patchesLeaveOtherFieldsAndSkipMissingRecords();
    void aMessageTooLargeSaysSo();
    void tlsMismatches_data();
    void tlsMismatches();
    void pinnedTlsWorks();
    void wrongInputNamesItsField_data();
    void wrongInputNamesItsField();
    void nobodyThereIsANetworkError();
    void cancelEndsACallWithinASecond();
    void aSilentServerEndsInTime();

private:
    static FakeClock systemTime()
    {
        return FakeClock(
            std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
    }
};

namespace {

DatabrokerClient::TokenMint mintWith(const QByteArray& secret)
{
    const auto key = SharedSecret::fromBase64(QString::fromLatin1(secret.toBase64()));
    return [key = *key](UtcTime now) { return mintToken(key, now + kTokenLife); };
}

std::unique_ptr<DatabrokerClient> opened(
    const DatabrokerEndpoint& endpoint, DatabrokerClient::TokenMint mint, const Clock& clock)
{
    auto client = DatabrokerClient::open(endpoint, std::move(mint), clock);
    return client ? std::move(*client) : nullptr;
}

} // namespace

void TstDatabrokerClient::recordsAreWhatWasPut()
{
    const DatabrokerDouble server;
    const auto clock = systemTime();
    const auto client = server.client(clock);
    const auto id = u"org/people/\U0001F9D1 ann"_s;

    const auto put = client->put({ test::recordOf(test::directoryUser(id)) }, {});
    const auto got = client->get(recordtype::kDirectoryUser, id, {});

    QVERIFY(bool(put));
    QVERIFY(bool(got));
    QCOMPARE(got->id, id);
    QCOMPARE(got->version, put->records.front().version);
    QVERIFY(got->modifiedAt.has_value());
    QCOMPARE(
        decodeDirectoryUser(got->typeUrl, got->data)->toJson(), test::directoryUser(id).toJson());
    QCOMPARE(*client->listTypes({}), QStringList { recordtype::kDirectoryUser });
    QCOMPARE(client->serverInfo({})->serverVersion, put->serverVersion);
}

void TstDatabrokerClient::case08AClockTwoHoursSlowIsNamed()
{
    DatabrokerDouble server;
    const auto clock = systemTime();
    const auto client = server.client(clock);

    server.setClockAhead(2h);
    const auto info = client->serverInfo({});

    QVERIFY(!info);
    QCOMPARE(info.error().code, ErrorCode::ClockSkew);
    const auto text = info.error().toText();
    QVERIFY2(text.contains(u"clock") && (text.contains(u"2h") || text.contains(u"1h59m")),
        qPrintable(text));
}

void TstDatabrokerClient::aClockAheadDoesNoHarm()
{
    DatabrokerDouble server;
    const auto clock = systemTime();
    const auto client = server.client(clock);

    server.setClockAhead(-10min);

    QVERIFY(bool(client->serverInfo({})));
}

void TstDatabrokerClient::case10AQueryAlwaysHasALimit()
{
    DatabrokerDouble server;
    const auto clock = systemTime();
    const auto client = server.client(clock);
    server.write({ test::recordOf(test::directoryUser(u"ann"_s)) });

    const auto found
        = client->query({ .type = recordtype::kDirectoryUser, .text = u"ANN@"_s, .limit = 0 }, {});

    QCOMPARE(found->records.size(), std::size_t { 1 });
    QCOMPARE(found->totalCount, 1);
    QCOMPARE(server.calls().back().limit, 1);
}

void TstDatabrokerClient::case15AnExpiredTokenHintsAtTheClock()
{
    DatabrokerDouble server;
    const auto clock = systemTime();
    const auto secret
        = SharedSecret::fromBase64(QString::fromLatin1(DatabrokerDouble::secret().toBase64()));
    const auto client = opened(
        server.endpoint(), [&](UtcTime now) { return mintToken(*secret, now - 1s); }, clock);

    server.setFaults({ .hidesDate = true });
    const auto info = client->serverInfo({});

    QCOMPARE(info.error().code, ErrorCode::Auth);
    QVERIFY(info.error().remedy.english().contains(u"clock"));
    QVERIFY(info.error().detail.contains(u"invalid JWT"));
}

void TstDatabrokerClient::case15NoTokenIsNotCalledAWrongSecret()
{
    const DatabrokerDouble server;
    const auto clock = systemTime();
    const auto client = opened(server.endpoint(), [](UtcTime) { return QByteArray(); }, clock);

    const auto info = client->serverInfo({});

    QCOMPARE(info.error().code, ErrorCode::Auth);
    QVERIFY(info.error().what.english().contains(u"no token"));
}

void TstDatabrokerClient::aWrongSecretIsNamedWithoutShowingIt()
{
    const DatabrokerDouble server;
    const auto clock = systemTime();
    const QByteArray wrong(32, 'w');
    QByteArray token;
    const auto client = opened(
        server.endpoint(), [&](UtcTime now) { return token = mintWith(wrong)(now); }, clock);

    const auto info = client->serverInfo({});

    QCOMPARE(info.error().code, ErrorCode::Auth);
    const auto text = info.error().toText();
    QVERIFY2(text.contains(u"shared secret is not"), qPrintable(text));
    QVERIFY(!token.isEmpty());
    QVERIFY(!text.contains(QString::fromLatin1(token)));
    QVERIFY(!text.contains(QString::fromLatin1(wrong.toBase64())));
}

void TstDatabrokerClient::case16AFreshSyncFromNothingIsRefused()
{
    const DatabrokerDouble server;
    const auto clock = systemTime();
    const auto client = server.client(clock);
    const auto ignore = [](DatabrokerRecord&&) { };

    const auto fromNothing = client->sync({ .type = recordtype::kDirectoryUser }, ignore, {});
    const auto latest = client->syncLatest(recordtype::kDirectoryUser, ignore, {});
    const auto fromLatest = client->sync(
        { .from = latest->position, .type = recordtype::kDirectoryUser }, ignore, {});

    QCOMPARE(fromNothing.error().code, ErrorCode::Stale);
    QVERIFY(bool(fromLatest));
}

void TstDatabrokerClient::case21ADeletionKeepsTheOldDataAndIsDoneOnce()
{
    DatabrokerDouble server;
    const auto clock = systemTime();
    const auto client = server.client(clock);
    const auto user = test::recordOf(test::directoryUser(u"ann"_s));
    server.write({ user });
    const auto start = client->syncLatest(user.type, [](DatabrokerRecord&&) { }, {})->position;

    QVERIFY(bool(client->put({ tombstone(user.type, user.id) }, {})));
    QVERIFY(bool(client->put({ tombstone(user.type, user.id) }, {})));

    std::vector<DatabrokerRecord> changes;
    QVERIFY(bool(client->sync({ .from = start, .type = user.type },
        [&](DatabrokerRecord&& record) { changes.push_back(std::move(record)); }, {})));
    QCOMPARE(changes.size(), std::size_t { 1 });
    QVERIFY(changes.front().isDeleted);
    QCOMPARE(changes.front().data, user.data);
    QCOMPARE(changes.front().version, start.recordVersion + 1);
    QCOMPARE(client->get(user.type, user.id, {}).error().code, ErrorCode::NotFound);
}

void TstDatabrokerClient::case23NoOptionsIsNoError()
{
    DatabrokerDouble server;
    const auto clock = systemTime();
    const auto client = server.client(clock);
    const auto latest = [&] {
        return client->syncLatest(recordtype::kDirectoryUser, [](DatabrokerRecord&&) { }, {});
    };

    QVERIFY(!latest()->options.has_value());
    QVERIFY(!client->options(recordtype::kDirectoryUser, {})->has_value());

    server.setCapacity(recordtype::kDirectoryUser, 500);
    QCOMPARE(*latest()->options->capacity, std::uint64_t { 500 });
    QCOMPARE(*(*client->options(recordtype::kDirectoryUser, {}))->capacity, std::uint64_t { 500 });
}

void TstDatabrokerClient::case26ASlowNetworkIsNoRefusal_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("text");
    QTest::addColumn<ErrorCode>("expected");
    QTest::addRow("408") << int { grpc::StatusCode::UNKNOWN }
                         << u"Received http2 header with status: 408"_s << ErrorCode::Timeout;
    QTest::addRow("404") << int { grpc::StatusCode::UNIMPLEMENTED }
                         << u"Received http2 header with status: 404"_s << ErrorCode::BadResponse;
    QTest::addRow("refused") << int { grpc::StatusCode::INVALID_ARGUMENT } << u"bad record"_s
                             << ErrorCode::InvalidInput;
}

void TstDatabrokerClient::case26ASlowNetworkIsNoRefusal()
{
    QFETCH(int, code);
    QFETCH(QString, text);
    QFETCH(ErrorCode, expected);

    const auto error = databrokerError(
        { static_cast<grpc::StatusCode>(code), text.toStdString() }, { .method = "Put" });

    QCOMPARE(error.code, expected);
    QVERIFY(!error.remedy.isEmpty());
}

void TstDatabrokerClient::leasesAreHeldByOne()
{
    const DatabrokerDouble server;
    const auto clock = systemTime();
    const auto first = server.client(clock);
    const auto second = server.client(clock);

    const auto lease = first->acquireLease(u"x"_s, 60s, {});
    QVERIFY(bool(lease));
    QCOMPARE(second->acquireLease(u"x"_s, 60s, {}).error().code, ErrorCode::Held);
    QVERIFY(bool(first->renewLease(u"x"_s, *lease, 60s, {})));
    QVERIFY(bool(first->releaseLease(u"x"_s, *lease, {})));
    QVERIFY(bool(second->acquireLease(u"x"_s, 60s, {})));
}

void TstDatabrokerClient::case17ALostLeaseIsToldAndAWrongReleaseDoesNothing()
{
    DatabrokerDouble server;
    const auto clock = systemTime();
    const auto client = server.client(clock);
    const auto lease = client->acquireLease(u"x"_s, 60s, {});

    QVERIFY(bool(client->releaseLease(u"x"_s, u"not-it"_s, {})));
    QVERIFY(bool(client->renewLease(u"x"_s, *lease, 60s, {})));
    server.loseLeases();

    const auto renewed = client->renewLease(u"x"_s, *lease, 60s, {});
    QCOMPARE(renewed.error().code, ErrorCode::Held);
    QVERIFY(renewed.error().detail.contains(u"lease no longer held"));
}

void TstDatabrokerClient::patchesLeaveOtherFieldsAndSkipMissingRecords()
{
    DatabrokerDouble server;
    const auto clock = systemTime();
    const auto client = server.client(clock);
    server.write({ toRecord(EnrollmentData {
        .id = u"e1"_s, .userId = u"ann"_s, .approvedBy = u"old"_s, .typeId = u"any"_s }) });

    const auto patched = client->patch(
        { approvalPatch(u"e1"_s, u"admin"_s), approvalPatch(u"gone"_s, u"admin"_s) },
        { patchfield::kApprovedBy }, {});
    const auto undone
        = client->patch({ approvalPatch(u"e1"_s, {}) }, { patchfield::kApprovedBy }, {});

    QCOMPARE(patched->size(), std::size_t { 1 });
    const auto after = enrollmentData(patched->front());
    QCOMPARE(after->approvedBy, u"admin"_s);
    QCOMPARE(after->userId, u"ann"_s);
    QCOMPARE(after->typeId, u"any"_s);
    QCOMPARE(enrollmentData(undone->front())->approvedBy, QString());
}

void TstDatabrokerClient::aMessageTooLargeSaysSo()
{
    const DatabrokerDouble server;
    const auto clock = systemTime();
    const auto client = server.client(clock);
    auto user = test::directoryUser(u"ann"_s);
    user.displayName = QString(4 * 1024 * 1024, u'x');

    const auto put = client->put({ test::recordOf(user) }, {});

    QCOMPARE(put.error().code, ErrorCode::LimitExceeded);
    QVERIFY(put.error().what.english().contains(server.endpoint().address()));
    QVERIFY(put.error().remedy.english().contains(u"4 MiB"));
    QVERIFY(put.error().detail.contains(u"larger than max"));
    QVERIFY(server.records(recordtype::kDirectoryUser).empty());
}

void TstDatabrokerClient::tlsMismatches_data()
{
    QTest::addColumn<bool>("serverHasTls");
    QTest::addColumn<bool>("weUseTls");
    QTest::addColumn<QString>("host");
    QTest::addColumn<bool>("pinned");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("says");
    QTest::addRow("we speak TLS, it does not")
        << false << true << u"127.0.0.1"_s << false << ErrorCode::Tls << u"does not speak TLS"_s;
    QTest::addRow("it speaks TLS, we do not")
        << true << false << u"127.0.0.1"_s << false << ErrorCode::Network << u"switch TLS on"_s;
    QTest::addRow("not trusted") << true << true << u"127.0.0.1"_s << false << ErrorCode::Tls
                                 << u"not trusted"_s;
    QTest::addRow("another name") << true << true << u"localhost"_s << true << ErrorCode::Tls
                                  << u"another name"_s;
}

void TstDatabrokerClient::tlsMismatches()
{
    QFETCH(bool, serverHasTls);
    QFETCH(bool, weUseTls);
    QFETCH(QString, host);
    QFETCH(bool, pinned);
    QFETCH(ErrorCode, code);
    QFETCH(QString, says);
    const DatabrokerDouble server(
        serverHasTls ? DatabrokerDouble::Transport::Tls : DatabrokerDouble::Transport::Plain);
    const auto clock = systemTime();
    auto endpoint = server.endpoint();
    endpoint.host = host;
    endpoint.tls = weUseTls;
    if (!pinned) {
        endpoint.caFile.clear();
    }
    const auto client = opened(endpoint, DatabrokerDouble::mint(), clock);

    const auto info = client->serverInfo({});

    QVERIFY(!info);
    QVERIFY2(info.error().code == code, qPrintable(info.error().toText()));
    QVERIFY2(info.error().toText().contains(says), qPrintable(info.error().toText()));
}

void TstDatabrokerClient::pinnedTlsWorks()
{
    const DatabrokerDouble server(DatabrokerDouble::Transport::Tls);
    const auto clock = systemTime();

    const auto info = server.client(clock)->serverInfo({});

    QVERIFY2(info, info ? "" : qPrintable(info.error().toText()));
}

void TstDatabrokerClient::wrongInputNamesItsField_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<int>("port");
    QTest::addColumn<QString>("caFile");
    QTest::addColumn<QString>("field");
    QTest::addRow("no host") << QString() << 5443 << QString() << u"address"_s;
    QTest::addRow("a URL") << u"https://proxy"_s << 5443 << QString() << u"address"_s;
    QTest::addRow("no port") << u"proxy"_s << 0 << QString() << u"address"_s;
    QTest::addRow("no file") << u"proxy"_s << 5443 << u"/nowhere/ca.pem"_s << u"ca_file"_s;
    QTest::addRow("no certificate")
        << u"proxy"_s << 5443 << QStringLiteral(__FILE__) << u"ca_file"_s;
}

void TstDatabrokerClient::wrongInputNamesItsField()
{
    QFETCH(QString, host);
    QFETCH(int, port);
    QFETCH(QString, caFile);
    QFETCH(QString, field);
    const auto clock = systemTime();

    const auto client = DatabrokerClient::open(
        { .host = host, .port = port, .tls = !caFile.isEmpty(), .caFile = caFile },
        DatabrokerDouble::mint(), clock);

    QVERIFY(!client);
    QCOMPARE(client.error().code, ErrorCode::InvalidInput);
    QCOMPARE(client.error().field, field);
}

void TstDatabrokerClient::nobodyThereIsANetworkError()
{
    DatabrokerDouble server;
    const auto clock = systemTime();
    const auto client = server.client(clock);

    server.goAway();
    const auto away = client->serverInfo({});
    server.comeBack(false);

    QCOMPARE(away.error().code, ErrorCode::Network);
    QVERIFY(away.error().what.english().contains(server.endpoint().address()));
    QTRY_VERIFY(bool(client->serverInfo({})));
}

void TstDatabrokerClient::cancelEndsACallWithinASecond()
{
    DatabrokerDouble server;
    const auto clock = systemTime();
    const auto client = server.client(clock);
    server.setFaults({ .delay = 20s });
    std::stop_source stop;
    QElapsedTimer timer;
    timer.start();

    const std::jthread canceller([&] {
        while (server.count(u"ServerInfo"_s) == 0) {
            std::this_thread::yield();
        }
        stop.request_stop();
    });
    const auto info = client->serverInfo(stop.get_token());

    QCOMPARE(info.error().code, ErrorCode::Cancelled);
    QVERIFY(timer.elapsed() < 1'000);
    QCOMPARE(client->listTypes(stop.get_token()).error().code, ErrorCode::Cancelled);
}

void TstDatabrokerClient::aSilentServerEndsInTime()
{
    DatabrokerDouble server;
    const auto clock = systemTime();
    const auto client = server.client(clock);
    client->setDeadlines({ .call = 100ms });
    server.setFaults({ .delay = 20s });

    QCOMPARE(client->serverInfo({}).error().code, ErrorCode::Timeout);
}

static const bool kDatabrokerClientRegistered
    = test::registerTestClass<TstDatabrokerClient>("databrokerclient");

} // namespace portreeve

#include "tst_databrokerclient.moc"
