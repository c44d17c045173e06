// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/devicerecords.h"
#include "core/proxy/databroker/directorywatcher.h"
#include "core/proxy/sharedsecret.h"
#include "tests/support/pushfixture.h"
#include "tests/support/testregistry.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <mutex>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

using test::directoryOf;
using test::directoryUser;
using test::PushFixture;
using test::recordOf;

/// What others do to the records, and restarts (proxy.md 5.4); numbers are those of proxy.md 5.6.
class TstDirectoryWatcher : public QObject
{
    Q_OBJECT

private slots:
    void case09AForeignChangeIsToldWithinTwoSecondsAndRestored();
    void case16NothingIsEverFollowedFromNothing();
    void deletionsAreTold();
    void recordsOfOtherTypesAreNotOurs();
    void case24AStreamOutlivesItsToken();
    void case25AnIdleStreamIsReopenedWithoutDrift_data();
    void case25AnIdleStreamIsReopenedWithoutDrift();
    void aRestartIsToldOnceAndEndsTheWatch();
    void aServerThatGoesAndComesBackEmptyIsARestart();
    void aServerThatGoesAndComesBackIsWatchedOn();
    void aForgottenPositionIsTold();
    void aWrongSecretIsRefused();
    void stopEndsWithinASecondAndIsSilentAfterwards();
};

namespace {

class Events
{
public:
    DirectoryWatcher::Sink sink()
    {
        return [this](const WatchEvent& event) {
            const std::lock_guard lock(m_mutex);
            m_events.push_back(event);
        };
    }

    std::vector<WatchEvent> all() const
    {
        const std::lock_guard lock(m_mutex);
        return m_events;
    }

    int count(WatchEventKind kind) const
    {
        const auto events = all();
        return int(std::ranges::count(events, kind, &WatchEvent::kind));
    }

private:
    mutable std::mutex m_mutex;
    std::vector<WatchEvent> m_events;
};

/// A pushed directory that is being watched on the system's clock.
struct Watched
{
    explicit Watched(int users = 3)
        : position(fixture.push(directoryOf(users)).position)
    {
    }

    void start() { watcher.start(position.byType()); }

    void untilBothStreamsAreOpen(int already = 0)
    {
        QTRY_VERIFY(fixture.server.count(u"Sync"_s) >= already + 2 + 2);
    }

    PushFixture fixture;
    DirectoryPosition position;
    SystemClock clock;
    Events events;
    DirectoryWatcher watcher { *fixture.client, clock, events.sink() };
};

} // namespace

void TstDirectoryWatcher::case09AForeignChangeIsToldWithinTwoSecondsAndRestored()
{
    Watched watched;
    watched.start();
    QElapsedTimer timer;
    timer.start();

    watched.fixture.server.write({ recordOf(directoryUser(u"u-1"_s, { u"foreign"_s })) });

    QTRY_COMPARE(watched.events.count(WatchEventKind::Drift), 1);
    QVERIFY(timer.elapsed() < 2'000);
    const auto event = watched.events.all().front();
    QVERIFY(event.recordKind == DirectoryRecordKind::User);
    QCOMPARE(event.recordId, u"u-1"_s);
    QVERIFY(!event.isDeleted);
    watched.watcher.stop();
    QCOMPARE(watched.fixture.push(directoryOf(3)).users.updated, 1);
}

void TstDirectoryWatcher::case16NothingIsEverFollowedFromNothing()
{
    Watched watched;
    watched.fixture.server.forgetCalls();
    watched.start();
    QTRY_COMPARE(watched.fixture.server.count(u"Sync"_s), 2);

    watched.fixture.server.goAway();
    QTRY_COMPARE(watched.events.count(WatchEventKind::Unreachable), 1);
    watched.fixture.server.comeBack(true);
    QTRY_COMPARE(watched.events.count(WatchEventKind::Restarted), 1);
    watched.watcher.start(watched.fixture.push(directoryOf(3)).position.byType());
    watched.fixture.server.trimLog();
    QTRY_COMPARE(watched.events.count(WatchEventKind::Lost), 1);

    QVERIFY(watched.fixture.server.count(u"Sync"_s) > 4);
    QCOMPARE(watched.fixture.server.syncsFromNothing(), 0);
}

void TstDirectoryWatcher::deletionsAreTold()
{
    Watched watched;
    watched.start();

    watched.fixture.server.write({ tombstone(recordtype::kDirectoryUser, u"u-2"_s) });

    QTRY_COMPARE(watched.events.count(WatchEventKind::Drift), 1);
    QVERIFY(watched.events.all().front().isDeleted);
}

void TstDirectoryWatcher::recordsOfOtherTypesAreNotOurs()
{
    Watched watched;
    watched.start();

    watched.fixture.server.write({ toRecord(EnrollmentData { .id = u"e1"_s }) });
    watched.fixture.server.write({ recordOf(test::directoryGroup(u"g"_s)) });

    QTRY_COMPARE(watched.events.count(WatchEventKind::Drift), 1);
    QVERIFY(watched.events.all().front().recordKind == DirectoryRecordKind::Group);
}

void TstDirectoryWatcher::case24AStreamOutlivesItsToken()
{
    Watched watched;
    watched.start();
    watched.untilBothStreamsAreOpen();

    watched.fixture.server.setClockAhead(2h);
    watched.fixture.server.write({ recordOf(directoryUser(u"u-1"_s, { u"foreign"_s })) });

    QTRY_COMPARE(watched.events.count(WatchEventKind::Drift), 1);
    QCOMPARE(watched.fixture.server.count(u"Sync"_s), 4);
    QCOMPARE(watched.events.all().size(), std::size_t { 1 });
}

void TstDirectoryWatcher::case25AnIdleStreamIsReopenedWithoutDrift_data()
{
    QTest::addColumn<bool>("byTheServer");
    QTest::addRow("DEADLINE_EXCEEDED") << false;
    QTest::addRow("UNAVAILABLE") << true;
}

void TstDirectoryWatcher::case25AnIdleStreamIsReopenedWithoutDrift()
{
    QFETCH(bool, byTheServer);
    Watched watched;
    if (byTheServer) {
        watched.fixture.server.setFaults({ .longestStream = 100ms });
    } else {
        watched.watcher.setStreamTime(100ms);
    }
    watched.start();

    QTRY_VERIFY(watched.fixture.server.count(u"Sync"_s) > 8);
    QVERIFY(watched.events.all().empty());

    watched.fixture.server.write({ recordOf(directoryUser(u"u-1"_s, { u"foreign"_s })) });
    QTRY_COMPARE(watched.events.count(WatchEventKind::Drift), 1);
}

void TstDirectoryWatcher::aRestartIsToldOnceAndEndsTheWatch()
{
    Watched watched;
    watched.start();
    watched.untilBothStreamsAreOpen();

    watched.fixture.server.restart();

    QTRY_COMPARE(watched.events.count(WatchEventKind::Restarted), 1);
    QCOMPARE(watched.events.all().back().serverVersion, watched.position.serverVersion + 1);
    const auto again = watched.fixture.push(directoryOf(3));
    QCOMPARE(again.users.added, 3);
    QCOMPARE(watched.events.all().size(), std::size_t { 1 });

    watched.watcher.start(again.position.byType());
    watched.fixture.server.write({ recordOf(directoryUser(u"u-1"_s, { u"foreign"_s })) });
    QTRY_COMPARE(watched.events.count(WatchEventKind::Drift), 1);
}

void TstDirectoryWatcher::aServerThatGoesAndComesBackEmptyIsARestart()
{
    Watched watched;
    watched.start();
    watched.untilBothStreamsAreOpen();

    watched.fixture.server.goAway();
    QTRY_COMPARE(watched.events.count(WatchEventKind::Unreachable), 1);
    watched.fixture.server.comeBack(true);
    QElapsedTimer timer;
    timer.start();

    QTRY_COMPARE(watched.events.count(WatchEventKind::Restarted), 1);
    QVERIFY(timer.elapsed() < 5'000);
    QCOMPARE(watched.events.count(WatchEventKind::Drift), 0);
}

void TstDirectoryWatcher::aServerThatGoesAndComesBackIsWatchedOn()
{
    Watched watched;
    watched.start();
    watched.untilBothStreamsAreOpen();

    watched.fixture.server.goAway();
    QTRY_COMPARE(watched.events.count(WatchEventKind::Unreachable), 1);
    watched.fixture.server.comeBack(false);
    QTRY_COMPARE(watched.events.count(WatchEventKind::Reachable), 1);
    QCOMPARE(watched.events.count(WatchEventKind::Drift), 0);

    watched.fixture.server.write({ recordOf(directoryUser(u"u-1"_s, { u"foreign"_s })) });
    QTRY_COMPARE(watched.events.count(WatchEventKind::Drift), 1);
}

void TstDirectoryWatcher::aForgottenPositionIsTold()
{
    Watched watched;
    watched.start();
    watched.untilBothStreamsAreOpen();

    watched.fixture.server.trimLog();

    QTRY_COMPARE(watched.events.count(WatchEventKind::Lost), 1);
    QCOMPARE(watched.events.all().size(), std::size_t { 1 });
}

void TstDirectoryWatcher::aWrongSecretIsRefused()
{
    Watched watched;
    auto client = DatabrokerClient::open(
        watched.fixture.server.endpoint(), [](UtcTime) { return QByteArray("a.b.c"); },
        watched.clock);
    DirectoryWatcher watcher(**client, watched.clock, watched.events.sink());

    watcher.start(watched.position.byType());

    QTRY_COMPARE(watched.events.count(WatchEventKind::Refused), 1);
    QCOMPARE(watched.events.all().front().error->code, ErrorCode::Auth);
}

void TstDirectoryWatcher::stopEndsWithinASecondAndIsSilentAfterwards()
{
    Watched watched;
    watched.start();
    watched.untilBothStreamsAreOpen();
    QElapsedTimer timer;
    timer.start();

    watched.watcher.stop();

    QVERIFY(timer.elapsed() < 1'000);
    watched.fixture.server.write({ recordOf(directoryUser(u"u-1"_s, { u"foreign"_s })) });
    QVERIFY(watched.events.all().empty());
}

static const bool kDirectoryWatcherRegistered
    = test::registerTestClass<TstDirectoryWatcher>("directorywatcher");

} // namespace portreeve

#include "tst_directorywatcher.moc"
