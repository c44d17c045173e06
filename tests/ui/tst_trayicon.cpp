// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/patience.h"
#include "tests/support/testregistry.h"
#include "tests/ui/windowfixture.h"
#include "ui/shell/actionregistry.h"
#include "ui/shell/trayicon.h"

#include <QMenu>
#include <QSignalSpy>
#include <QSystemTrayIcon>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

namespace {

constexpr UtcTime kNow { 1'764'000'000'000ms };

Connection inState(ConnectionState state)
{
    return { .id = u"1"_s, .name = u"Staff"_s, .state = state };
}

/// Transient faults for @p since by now.
Connection failingFor(std::chrono::milliseconds since)
{
    Connection connection = inState(ConnectionState::BackingOff);
    connection.lastAttemptAt = kNow;
    connection.firstFailedAt = kNow - since;
    connection.lastError = Error { .code = ErrorCode::Network, .what = message("It is down.") };
    return connection;
}

} // namespace

class TstTrayIcon : public QObject
{
    Q_OBJECT

private slots:
    void whatNeedsAPersonIsNews_data();
    void whatNeedsAPersonIsNews();
    void everyNoticeHasACause();
    void theIconTellsTheWorstState();
    void noticesFollowTheSettings();
    void closingHidesAndQuittingQuits();
};

void TstTrayIcon::whatNeedsAPersonIsNews_data()
{
    QTest::addColumn<Connection>("before");
    QTest::addColumn<Connection>("after");
    QTest::addColumn<int>("kind"); // -1: no news
    const Connection idle = inState(ConnectionState::Idle);
    const Connection held = inState(ConnectionState::Held);
    const Connection attention = inState(ConnectionState::NeedsAttention);
    const auto kind = [](StateNotice::Kind value) { return static_cast<int>(value); };
    const int failing = kind(StateNotice::Kind::Failing);
    QTest::addRow("a success") << idle << idle << -1;
    QTest::addRow("held") << idle << held << kind(StateNotice::Kind::Held);
    QTest::addRow("still held") << held << held << -1;
    QTest::addRow("let through") << held << idle << kind(StateNotice::Kind::Recovered);
    QTest::addRow("credentials") << idle << attention << failing;
    QTest::addRow("mended") << attention << idle << kind(StateNotice::Kind::Recovered);
    QTest::addRow("one failure") << idle << failingFor(0min) << -1;
    QTest::addRow("half an hour of them") << failingFor(20min) << failingFor(30min) << failing;
    QTest::addRow("two hours of them") << failingFor(1h) << failingFor(2h) << -1;
    QTest::addRow("a day of them") << failingFor(23h) << inState(ConnectionState::Stale) << -1;
    QTest::addRow("disabled by hand") << held << inState(ConnectionState::Disabled) << -1;
}

void TstTrayIcon::whatNeedsAPersonIsNews()
{
    QFETCH(const Connection, before);
    QFETCH(const Connection, after);
    QFETCH(const int, kind);

    const auto notices = stateNotices({ before }, { after });

    QCOMPARE(notices.size(), std::size_t(kind < 0 ? 0 : 1));
    if (!notices.empty()) {
        QCOMPARE(static_cast<int>(notices.front().kind), kind);
        QCOMPARE(notices.front().connectionName, u"Staff"_s);
    }
}

void TstTrayIcon::everyNoticeHasACause()
{
    const auto failing = stateNotices({}, { failingFor(2h) });
    const auto held = stateNotices({}, { inState(ConnectionState::Held) });

    QCOMPARE(failing.front().cause.english(), u"It is down."_s);
    QVERIFY(!held.front().cause.isEmpty());
}

void TstTrayIcon::theIconTellsTheWorstState()
{
    test::WindowFixture fixture;
    QVERIFY(fixture.show());
    const TrayIcon tray(fixture.context(), fixture.window());
    const auto* icon = tray.findChild<QSystemTrayIcon*>(u"trayIcon"_s);
    QCOMPARE(icon->toolTip(), u"No connections yet"_s);

    QVERIFY(!fixture.addSample(50).isEmpty());

    QTRY_VERIFY(icon->toolTip().startsWith(u"Up to date"));
    QVERIFY(icon->toolTip().contains(u"Last sync"));
    QVERIFY(icon->toolTip().contains(u"Next sync"));
    QVERIFY(icon->contextMenu()->actions().contains(fixture.window().actions().find(u"quit"_s)));
}

void TstTrayIcon::noticesFollowTheSettings()
{
    test::WindowFixture fixture;
    QVERIFY(fixture.show());
    const QString id = fixture.addSample(50);
    QVERIFY(!id.isEmpty());
    const TrayIcon tray(fixture.context(), fixture.window());
    QSignalSpy told(&tray, &TrayIcon::told);
    const auto become = [&fixture, id](ConnectionState state) {
        const auto done = fixture.ask([id, state](Store& store) -> Result<void> {
            auto connection = store.connections().byId(id);
            if (!connection) {
                return connection.error();
            }
            connection->state = state;
            return store.connections().updateState(*connection);
        });
        fixture.connections().refresh();
        return done.hasValue();
    };
    const auto shows = [&fixture, id](ConnectionState state) {
        return fixture.connections().find(id)->state == state;
    };

    QVERIFY(become(ConnectionState::Held));
    QTRY_COMPARE(told.count(), 1);
    QVERIFY(become(ConnectionState::Idle));
    QTRY_COMPARE(told.count(), 2);
    fixture.settings().set(Setting::NotifyAboutHolds, u"false"_s);
    QVERIFY(become(ConnectionState::Held));
    QTRY_VERIFY(shows(ConnectionState::Held));

    QCOMPARE(told.count(), 2);
}

void TstTrayIcon::closingHidesAndQuittingQuits()
{
    test::WindowFixture fixture;
    QVERIFY(fixture.show());
    bool keeps = true;
    fixture.window().setKeepsRunning([&keeps] { return keeps; });
    QSignalSpy quit(&fixture.window(), &MainWindow::quitConfirmed);

    fixture.window().close();
    QVERIFY(!fixture.window().isVisible());
    QCOMPARE(quit.count(), 0);

    fixture.window().actions().find(u"quit"_s)->trigger();
    QTRY_COMPARE(quit.count(), 1);

    fixture.window().show();
    QVERIFY(fixture.window().isVisible());
}

static const bool kTrayIconRegistered = test::registerTestClass<TstTrayIcon>("trayicon");

} // namespace portreeve

#include "tst_trayicon.moc"
