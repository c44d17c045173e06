// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/configservice/configapply.h"
#include "core/proxy/databroker/configrecords.h"
#include "core/proxy/databroker/databrokerlease.h"
#include "core/proxy/databroker/directorywatcher.h"
#include "core/proxy/databroker/recordconfigeditor.h"
#include "core/proxy/sharedsecret.h"
#include "tests/interop/peer.h"
#include "tests/support/configfixture.h"
#include "tests/support/databrokerreplay.h"
#include "tests/support/pushfixture.h"
#include "tests/support/testregistry.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QMutex>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve::test {

/// Channel B against the databroker of a real proxy; numbers are those of proxy.md 5.6. Every test
/// begins with an empty one.
class TstDatabrokerInterop : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();

    void cleanupTestCase() { m_peer.stop(); }

    void itAnswersAsRecorded();
    void case01APushIsReadBackAndTheNextWritesNothing();
    void case02TheOrderOfGroupsIsNoChange();
    void case03ARemovedUserLeavesATombstone();
    void case05AnEmptyDirectoryIsHeldUntilAllowed();
    void case06ARestartInMidPushEndsInTheWholeDirectory();
    void case07AKilledWritersLeaseRunsOut();
    void case08RefusedTokensNameTheirReason_data();
    void case08RefusedTokensNameTheirReason();
    void case09AForeignChangeIsToldAndRestored();
    void case11ACorruptRecordIsOverwritten();
    void case20TenThousandDeletedIdsAreAllPutAgain();
    void case24AStreamOutlivesItsToken();
    void aCancelledPushIsHealedByTheNext();
    void aFrozenServerIsATimeoutAndNothingIsLost();
    void theWatcherTellsOfARestart();
    void strangeIdsArriveWhole();
    void policiesAndRoutesAreKeptAsRecords();
    void transportFaultsNameTheirRemedy_data();
    void transportFaultsNameTheirRemedy();
    void aPinnedAuthorityIsTrusted();

private:
    enum class Port { Plain, Tls };

    DatabrokerEndpoint endpoint(Port port = Port::Plain) const;
    SharedSecret secret(const char* file = "PEER_SECRET_FILE") const;
    DatabrokerClient::TokenMint mint() const;
    std::unique_ptr<DatabrokerClient> client(const DatabrokerEndpoint& endpoint) const;

    DirectoryPushOutcome push(const DirectoryRecords& records, PushOptions options = {});
    std::vector<DatabrokerRecord> held(QLatin1StringView type) const;
    std::vector<DirectoryUserRecord> heldUsers() const;
    std::uint64_t latestVersion() const;

    SystemClock m_clock;
    Peer m_peer;
    std::unique_ptr<DatabrokerClient> m_client;
    DirectoryOwnership m_ownership;
    std::stop_source m_stop;
    std::function<Result<void>(const PushBatch&)> m_onBegin;
};

namespace {

void add(QSet<QString>& ids, const PushBatch& batch)
{
    for (const auto& change : batch.changes) {
        ids.insert(change.id);
    }
}

QJsonArray contents(const std::vector<DirectoryUserRecord>& users)
{
    QJsonArray all;
    for (const auto& user : users) {
        all.append(user.toJson());
    }
    return all;
}

/// Events of a watcher, from its threads to the test's.
class Events
{
public:
    DirectoryWatcher::Sink sink()
    {
        return [this](const WatchEvent& event) {
            const QMutexLocker lock(&m_mutex);
            m_events.push_back(event);
        };
    }

    qsizetype count(WatchEventKind kind) const
    {
        const QMutexLocker lock(&m_mutex);
        return std::ranges::count(m_events, kind, &WatchEvent::kind);
    }

private:
    mutable QMutex m_mutex;
    std::vector<WatchEvent> m_events;
};

} // namespace

void TstDatabrokerInterop::initTestCase()
{
    PORTREEVE_START_PEER(m_peer, "pomerium");
}

void TstDatabrokerInterop::init()
{
    QVERIFY(m_peer.tell("restart"));
    m_client = client(endpoint());
    m_ownership = {};
    m_stop = {};
    m_onBegin = {};
}

DatabrokerEndpoint TstDatabrokerInterop::endpoint(Port port) const
{
    const QString address = m_peer.value(port == Port::Tls ? "PEER_TLS_ADDRESS" : "PEER_ADDRESS");
    return { .host = address.section(u':', 0, 0),
        .port = address.section(u':', 1).toInt(),
        .tls = port == Port::Tls };
}

SharedSecret TstDatabrokerInterop::secret(const char* file) const
{
    QFile stored(m_peer.value(file));
    if (!stored.open(QIODevice::ReadOnly)) {
        qFatal("no secret");
    }
    return SharedSecret::fromBase64(QString::fromLatin1(stored.readAll())).value();
}

DatabrokerClient::TokenMint TstDatabrokerInterop::mint() const
{
    return [key = secret()](UtcTime now) { return mintToken(key, now + kTokenLife); };
}

std::unique_ptr<DatabrokerClient> TstDatabrokerInterop::client(
    const DatabrokerEndpoint& endpoint) const
{
    return DatabrokerClient::open(endpoint, mint(), m_clock).value();
}

DirectoryPushOutcome TstDatabrokerInterop::push(
    const DirectoryRecords& records, PushOptions options)
{
    DirectoryPush push(*m_client, m_clock, std::move(options));
    const auto idsOf = [this](const PushBatch& batch) -> QSet<QString>& {
        return batch.kind == DirectoryRecordKind::User ? m_ownership.users.ours
                                                       : m_ownership.groups.ours;
    };
    push.setJournal({ .begin = [this, idsOf](const PushBatch& batch) -> Result<void> {
        if (!batch.isDeletion) {
            add(idsOf(batch), batch);
        }
        return m_onBegin ? m_onBegin(batch) : Result<void>();
    } });
    return push.push(
        { .records = std::make_shared<const DirectoryRecords>(records), .ownership = m_ownership },
        m_stop.get_token());
}

std::vector<DatabrokerRecord> TstDatabrokerInterop::held(QLatin1StringView type) const
{
    std::vector<DatabrokerRecord> records;
    const auto read = m_client->syncLatest(
        type, [&](DatabrokerRecord&& record) { records.push_back(std::move(record)); }, {});
    return read ? records : std::vector<DatabrokerRecord>();
}

std::vector<DirectoryUserRecord> TstDatabrokerInterop::heldUsers() const
{
    std::vector<DirectoryUserRecord> users;
    for (const auto& record : held(recordtype::kDirectoryUser)) {
        users.push_back(decodeDirectoryUser(record.typeUrl, record.data)
                .value_or(DirectoryUserRecord { .id = u"corrupt: "_s + record.id }));
    }
    std::ranges::sort(users, {}, &DirectoryUserRecord::id);
    return users;
}

std::uint64_t TstDatabrokerInterop::latestVersion() const
{
    const auto info = m_client->serverInfo({});
    return info ? info->latestRecordVersion : 0;
}

void TstDatabrokerInterop::itAnswersAsRecorded()
{
    const auto lines = DatabrokerReplay::recorded();
    QVERIFY(!lines.isEmpty());
    const auto shared = secret();
    DatabrokerReplay replay(endpoint(),
        QByteArray(reinterpret_cast<const char*>(shared.bytes().data()), SharedSecret::kSize));
    auto line = lines.begin();
    for (const auto& call : replay.calls()) {
        QVERIFY2(line->startsWith(call.name), qPrintable(call.name + u" against "_s + *line));
        const QString answer = call.name.trimmed() + u' ' + call.answer();
        QCOMPARE(DatabrokerReplay::comparable(answer), DatabrokerReplay::comparable(*line++));
    }
    QVERIFY(line == lines.end());
}

void TstDatabrokerInterop::case01APushIsReadBackAndTheNextWritesNothing()
{
    auto records = directoryOf(3);
    records.groups.push_back(directoryGroup(u"team"_s));
    records.users.front().groupIds = { u"team"_s };

    const auto first = push(records);
    const auto version = latestVersion();
    const auto second = push(records);

    QVERIFY(first.state == PushState::Done);
    QCOMPARE(first.puts, 2); // groups, users
    QCOMPARE(first.users.added, 3);
    QCOMPARE(contents(heldUsers()), contents(records.users));
    QVERIFY(second.state == PushState::Unchanged);
    QCOMPARE(second.puts, 0);
    QCOMPARE(latestVersion(), version);
}

void TstDatabrokerInterop::case02TheOrderOfGroupsIsNoChange()
{
    const auto desired = directoryUser(u"ann"_s, { u"a"_s, u"b"_s });
    QVERIFY(push({ .users = { desired } }).state == PushState::Done);
    const auto put = [this](std::vector<QString> groups) {
        auto other = directoryUser(u"ann"_s, std::move(groups));
        return bool(m_client->put({ recordOf(other) }, {}));
    };

    QVERIFY(put({ u"b"_s, u"a"_s }));
    QVERIFY(push({ .users = { desired } }).state == PushState::Unchanged);

    QVERIFY(put({ u"a"_s, u"a"_s, u"b"_s }));
    QCOMPARE(push({ .users = { desired } }).users.updated, 1);
}

void TstDatabrokerInterop::case03ARemovedUserLeavesATombstone()
{
    const auto records = directoryOf(3);
    const auto pushed = push(records);
    QVERIFY(pushed.state == PushState::Done);

    QCOMPARE(push(directoryOf(2)).users.deleted, 1);

    const auto gone = m_client->get(recordtype::kDirectoryUser, u"u-2"_s, {});
    QVERIFY(!gone);
    QCOMPARE(gone.error().code, ErrorCode::NotFound);
    std::vector<DatabrokerRecord> changes;
    const auto seen = m_client->sync({ .from = pushed.position.of(DirectoryRecordKind::User),
                                         .type = recordtype::kDirectoryUser },
        [&](DatabrokerRecord&& record) { changes.push_back(std::move(record)); }, {});
    QVERIFY(bool(seen));
    QCOMPARE(changes.size(), std::size_t { 1 });
    QVERIFY(changes.front().isDeleted);
    QVERIFY(!changes.front().data.isEmpty()); // case 21: the old data
}

void TstDatabrokerInterop::case05AnEmptyDirectoryIsHeldUntilAllowed()
{
    QVERIFY(push(directoryOf(50)).state == PushState::Done);
    const auto version = latestVersion();

    QVERIFY(push({}).state == PushState::Held);
    QCOMPARE(latestVersion(), version);

    const auto allowed = push({}, { .allowedDeletions = 50 });
    QVERIFY(allowed.state == PushState::Done);
    QVERIFY(heldUsers().empty());
}

void TstDatabrokerInterop::case06ARestartInMidPushEndsInTheWholeDirectory()
{
    auto records = directoryOf(2'500);
    for (auto& user : records.users) {
        user.groupIds = { u"of "_s + user.id };
    }
    int batches = 0;
    m_onBegin = [&](const PushBatch&) -> Result<void> {
        if (++batches == 3) {
            m_peer.tell("restart");
        }
        return {};
    };

    const auto outcome = push(records);

    QVERIFY2(
        outcome.state == PushState::Done, outcome.error ? qPrintable(outcome.error->toText()) : "");
    QVERIFY(outcome.attempts > 1);
    m_client = client(endpoint());
    QCOMPARE(contents(heldUsers()), contents(records.users));
}

void TstDatabrokerInterop::case07AKilledWritersLeaseRunsOut()
{
    const QString name = u"directory-sync/portreeve"_s;
    const auto other = m_client->acquireLease(name, 2s, {}); // and never renewed, as if killed
    QVERIFY(bool(other));
    const auto records = directoryOf(3);

    const auto held = push(records, { .attempts = 1 });
    QVERIFY(held.state == PushState::Failed);
    QCOMPARE(held.error->code, ErrorCode::Held);
    QVERIFY(heldUsers().empty());

    QTRY_VERIFY_WITH_TIMEOUT(push(records, { .attempts = 1 }).state != PushState::Failed, 5'000);
    QCOMPARE(contents(heldUsers()), contents(records.users));
    QVERIFY(bool(m_client->acquireLease(name, 2s, {})));
    const auto lost = m_client->renewLease(name, *other, 2s, {}); // case 17
    QVERIFY(!lost);
    QCOMPARE(lost.error().code, ErrorCode::Held);
    QVERIFY(bool(m_client->releaseLease(name, u"of nobody"_s, {})));
}

void TstDatabrokerInterop::case08RefusedTokensNameTheirReason_data()
{
    QTest::addColumn<bool>("isRightSecret");
    QTest::addColumn<std::chrono::seconds>("clockOff");

    QTest::addRow("another secret") << false << 0s;
    QTest::addRow("a clock ten minutes slow") << true << std::chrono::seconds(-10min);
    QTest::addRow("a clock two hours slow") << true << std::chrono::seconds(-2h);
    QTest::addRow("case 15: expired by a second") << true << -(kTokenLife + 1s);
}

void TstDatabrokerInterop::case08RefusedTokensNameTheirReason()
{
    QFETCH(const bool, isRightSecret);
    QFETCH(const std::chrono::seconds, clockOff);
    FakeClock wrong(
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()) + clockOff);
    const auto key = secret(isRightSecret ? "PEER_SECRET_FILE" : "PEER_OTHER_SECRET_FILE");
    const auto refused = DatabrokerClient::open(
        endpoint(), [&](UtcTime now) { return mintToken(key, now + kTokenLife); }, wrong);
    QVERIFY(bool(refused));

    const auto info = (*refused)->serverInfo({});

    // The databroker by itself sends no date: only behind the proxy's listener can a clock be told
    // from a secret.
    QVERIFY(!info);
    QCOMPARE(info.error().code, ErrorCode::Auth);
    const QString remedy = info.error().remedy.english();
    QVERIFY2(
        remedy.contains(u"shared secret"_s) && remedy.contains(u"clock"_s), qPrintable(remedy));
}

void TstDatabrokerInterop::case09AForeignChangeIsToldAndRestored()
{
    const auto pushed = push(directoryOf(3));
    Events events;
    DirectoryWatcher watcher(*m_client, m_clock, events.sink());
    watcher.start(pushed.position.byType());

    QVERIFY(bool(m_client->put({ recordOf(directoryUser(u"u-1"_s, { u"foreign"_s })) }, {})));

    QTRY_COMPARE_WITH_TIMEOUT(events.count(WatchEventKind::Drift), 1, 2'000);
    watcher.stop();
    QCOMPARE(push(directoryOf(3)).users.updated, 1);
}

void TstDatabrokerInterop::case11ACorruptRecordIsOverwritten()
{
    QVERIFY(push(directoryOf(3)).state == PushState::Done);
    QVERIFY(bool(m_client->put({ { .type = recordtype::kDirectoryUser,
                                   .id = u"u-1"_s,
                                   .typeUrl = u"type.googleapis.com/google.protobuf.Empty"_s } },
        {})));

    const auto healed = push(directoryOf(3));

    QCOMPARE(healed.users.updated, 1);
    QVERIFY(healed.plan.changes.front().isCorrupt);
    QCOMPARE(heldUsers()[1].toJson(), directoryOf(3).users[1].toJson());
}

void TstDatabrokerInterop::case20TenThousandDeletedIdsAreAllPutAgain()
{
    const auto records = directoryOf(10'001, 300);
    const auto first = push(records);
    QVERIFY(first.state == PushState::Done);
    QVERIFY(first.puts >= 21); // case 4
    QVERIFY(push({}, { .allowedDeletions = 10'001 }).state == PushState::Done);

    const auto again = push(records, { .attempts = 1 });

    QVERIFY2(again.state == PushState::Done, again.error ? qPrintable(again.error->toText()) : "");
    QCOMPARE(contents(heldUsers()), contents(records.users));
}

void TstDatabrokerInterop::case24AStreamOutlivesItsToken()
{
    const auto key = secret();
    const auto brief = DatabrokerClient::open(
        endpoint(), [&](UtcTime now) { return mintToken(key, now + 2s); }, m_clock);
    const auto latest
        = (*brief)->syncLatest(recordtype::kDirectoryUser, [](DatabrokerRecord&&) { }, {});
    QVERIFY(bool(latest));
    QElapsedTimer open;
    open.start();

    const auto ended = (*brief)->sync({ .from = latest->position,
                                          .type = recordtype::kDirectoryUser,
                                          .wait = true,
                                          .timeout = 3'500ms },
        [](DatabrokerRecord&&) { }, {});

    QVERIFY(!ended);
    QCOMPARE(ended.error().code, ErrorCode::Timeout); // case 25: the plain end
    QVERIFY(open.elapsed() >= 3'000);
}

void TstDatabrokerInterop::aCancelledPushIsHealedByTheNext()
{
    const auto records = directoryOf(2'500);
    int batches = 0;
    m_onBegin = [&](const PushBatch&) -> Result<void> {
        if (++batches == 3) {
            m_stop.request_stop();
        }
        return {};
    };

    const auto cancelled = push(records);
    const auto partial = heldUsers().size();
    m_stop = {};
    m_onBegin = {};
    const auto healed = push(records);

    QVERIFY(cancelled.state == PushState::Cancelled);
    QVERIFY(partial > 0 && partial < records.users.size());
    QVERIFY(healed.state == PushState::Done);
    QCOMPARE(std::size_t(healed.users.added) + partial, records.users.size()); // nothing twice
    QCOMPARE(contents(heldUsers()), contents(records.users));
}

void TstDatabrokerInterop::aFrozenServerIsATimeoutAndNothingIsLost()
{
    QVERIFY(push(directoryOf(3)).state == PushState::Done);
    m_client = client(endpoint());
    m_client->setDeadlines({ .call = 500ms, .put = 500ms, .snapshot = 500ms });

    QVERIFY(m_peer.tell("pause"));
    const auto frozen = push(directoryOf(4), { .attempts = 1 });
    QVERIFY(m_peer.tell("resume"));

    QVERIFY(frozen.state == PushState::Failed);
    QCOMPARE(frozen.error->code, ErrorCode::Timeout);
    QTRY_COMPARE(push(directoryOf(4), { .attempts = 1 }).plan.users.unchanged, 4);
    QCOMPARE(heldUsers().size(), std::size_t { 4 });
}

void TstDatabrokerInterop::theWatcherTellsOfARestart()
{
    const auto pushed = push(directoryOf(3));
    Events events;
    DirectoryWatcher watcher(*m_client, m_clock, events.sink());
    watcher.start(pushed.position.byType());

    QVERIFY(m_peer.tell("kill"));
    QTRY_VERIFY(events.count(WatchEventKind::Unreachable) > 0);
    QVERIFY(m_peer.tell("restart"));

    QTRY_COMPARE_WITH_TIMEOUT(events.count(WatchEventKind::Restarted), 1, 5'000);
    QCOMPARE(events.count(WatchEventKind::Drift), 0);
}

void TstDatabrokerInterop::strangeIdsArriveWhole()
{
    DirectoryRecords records;
    for (const auto& id :
        { u"a/b//c?d=e#f"_s, u"👩‍💻"_s, u"  spaces  "_s, u"ä\u0308|\\\"'"_s }) {
        records.users.push_back(directoryUser(id, { u"g/🔑"_s }));
    }
    records.groups.push_back(directoryGroup(u"g/🔑"_s));
    std::ranges::sort(records.users, {}, &DirectoryUserRecord::id);

    QVERIFY(push(records).state == PushState::Done);

    QVERIFY(push(records).state == PushState::Unchanged);
    QCOMPARE(contents(heldUsers()), contents(records.users));
}

/// Channel D: 0.32.9 stores what only 0.33 acts upon.
void TstDatabrokerInterop::policiesAndRoutesAreKeptAsRecords()
{
    using namespace configservice;
    const Ownership ours { .originatorId = u"portreeve-interop"_s,
        .idSpace = QUuid(u"6f7c2d1e-4f0b-4c55-9a53-0d8f0a3a9b11"_s) };
    auto foreign = toRecord(RouteEntity { .id = u"theirs"_s,
        .originatorId = u"terraform"_s,
        .name = u"theirs"_s,
        .from = u"https://theirs.corp.test"_s,
        .to = { u"http://127.0.0.1"_s } });
    foreign.data += QByteArray::fromHex("6202081e"); // timeout, which we do not know
    QVERIFY(bool(m_client->put({ foreign }, {})));
    RecordConfigClient records(u"Edge"_s, client(endpoint()));
    RecordConfigEditor editor(records);
    ExportSource source { .routes
        = { storedRoute(u"app"_s, u"https://app.corp.test"_s, { u"eng"_s }) },
        .policies = { storedPolicy(u"eng"_s, u"{allow: {and: [{groups: g}]}}"_s) } };
    const auto push = [&] {
        const auto state = readConfig(records, {});
        const auto plan = planConfig(desiredConfig(source, ours), state.value(), ours,
            { .attach = { { .routeId = u"theirs"_s, .policyId = u"eng"_s } } });
        const auto report = applyConfig(editor, plan, {}, {});
        return report ? report->outcome() : Result<void>(report.error());
    };

    const auto written = push();
    QVERIFY2(written.hasValue(), written ? "" : qPrintable(written.error().toText()));
    const auto version = latestVersion();
    QVERIFY(push().hasValue());
    QCOMPARE(latestVersion(), version); // in step
    QCOMPARE(records.count(EntityKind::Policy, {}).value(), std::int64_t { 1 });
    const auto app = records.route(ours.routeId(u"app"_s), {});
    QCOMPARE((*app)->policyIds, std::vector<QString> { ours.policyId(u"eng"_s) });

    source = {};
    const auto removed = push();
    QVERIFY2(removed.hasValue(), removed ? "" : qPrintable(removed.error().toText()));
    QCOMPARE(records.count(EntityKind::Policy, {}).value(), std::int64_t { 0 });
    const auto left = held(recordtype::kConfigRoute);
    QCOMPARE(left.size(), std::size_t { 1 });
    QCOMPARE(routeEntity(left.front()).value(), routeEntity(foreign).value());
    QVERIFY(left.front().data.contains(QByteArray::fromHex("6202081e")));
}

void TstDatabrokerInterop::transportFaultsNameTheirRemedy_data()
{
    QTest::addColumn<bool>("toTlsPort");
    QTest::addColumn<bool>("withTls");
    QTest::addColumn<QByteArray>("authority");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("remedy");

    QTest::addRow("plain words to a TLS port")
        << true << false << QByteArray() << ErrorCode::Network << u"switch TLS on"_s;
    QTest::addRow("TLS to a plain port")
        << false << true << QByteArrayLiteral("PEER_CA") << ErrorCode::Tls << u"Switch TLS off"_s;
    QTest::addRow("another authority") << true << true << QByteArrayLiteral("PEER_OTHER_CA")
                                       << ErrorCode::Tls << u"Choose the file"_s;
    QTest::addRow("the system's authorities")
        << true << true << QByteArray() << ErrorCode::Tls << u"Choose the file"_s;
}

void TstDatabrokerInterop::transportFaultsNameTheirRemedy()
{
    QFETCH(const bool, toTlsPort);
    QFETCH(const bool, withTls);
    QFETCH(const QByteArray, authority);
    QFETCH(const QString, remedy);
    auto wrong = endpoint(toTlsPort ? Port::Tls : Port::Plain);
    wrong.tls = withTls;
    wrong.caFile = authority.isEmpty() ? QString() : m_peer.value(authority.constData());

    const auto info = client(wrong)->serverInfo({});

    QVERIFY(!info);
    QTEST(info.error().code, "code");
    QVERIFY2(info.error().remedy.english().contains(remedy), qPrintable(info.error().toText()));
}

void TstDatabrokerInterop::aPinnedAuthorityIsTrusted()
{
    auto pinned = endpoint(Port::Tls);
    pinned.caFile = m_peer.value("PEER_CA");
    m_client = client(pinned);

    QVERIFY(push(directoryOf(3)).state == PushState::Done);
    QCOMPARE(heldUsers().size(), std::size_t { 3 });
}

static const bool kDatabrokerInteropRegistered
    = registerTestClass<TstDatabrokerInterop>("databrokerinterop");

} // namespace portreeve::test

#include "tst_databrokerinterop.moc"
