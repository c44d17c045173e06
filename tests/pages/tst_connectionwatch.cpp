// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/pages/desk.h"
#include "tests/support/testregistry.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

class TstConnectionWatch : public QObject
{
    Q_OBJECT

private slots:
    void whatWouldWaitForItsTimeIsPaused_data();
    void whatWouldWaitForItsTimeIsPaused();
    void aRunOfAnotherProcessIsSeen();
    void askingAgainDoesNotLoseAnAnswer();
};

void TstConnectionWatch::whatWouldWaitForItsTimeIsPaused_data()
{
    QTest::addColumn<ConnectionState>("stored");
    QTest::addColumn<ConnectionState>("shown");
    QTest::addRow("healthy") << ConnectionState::Idle << ConnectionState::Paused;
    QTest::addRow("after a failure") << ConnectionState::BackingOff << ConnectionState::Paused;
    // What needs a person goes on saying so.
    QTest::addRow("held") << ConnectionState::Held << ConnectionState::Held;
    QTest::addRow("broken") << ConnectionState::NeedsAttention << ConnectionState::NeedsAttention;
    QTest::addRow("disabled") << ConnectionState::Disabled << ConnectionState::Disabled;
}

void TstConnectionWatch::whatWouldWaitForItsTimeIsPaused()
{
    QFETCH(ConnectionState, stored);
    QFETCH(ConnectionState, shown);
    test::Desk desk;
    const auto& connections = desk.context().connections;
    const Connection connection { .id = u"staff"_s, .state = stored };

    QCOMPARE(connections.shownState(connection), stored);
    desk.sync().setPaused(true);
    QCOMPARE(connections.shownState(connection), shown);
    desk.sync().setPaused(false);
    QCOMPARE(connections.shownState(connection), stored);
}

/// Another thread has a claim of its own, as another process has.
void TstConnectionWatch::aRunOfAnotherProcessIsSeen()
{
    test::Desk desk;
    const QString id = desk.addConnection(u"Staff"_s);
    auto& connections = desk.context().connections;
    const auto shown = [&] {
        connections.refresh();
        return QTest::qWaitFor([&] { return connections.find(id) != nullptr; })
            ? connections.shownState(*connections.find(id))
            : ConnectionState::Draft;
    };

    QVERIFY(*desk.inStore([&id](Store& store) { return store.connections().claimRun(id); }));
    QTRY_COMPARE(shown(), ConnectionState::Syncing);
    QVERIFY(desk.inStore([&id](Store& store) { return store.connections().releaseRun(id); }));

    QTRY_VERIFY(shown() != ConnectionState::Syncing);
}

void TstConnectionWatch::askingAgainDoesNotLoseAnAnswer()
{
    test::Desk desk;
    auto& connections = desk.context().connections;
    const QSignalSpy shown(&connections, &ConnectionWatch::connectionsChanged);

    connections.refresh();
    connections.refresh();

    QTRY_COMPARE(shown.count(), 2);
}

static const bool kConnectionWatchRegistered
    = test::registerTestClass<TstConnectionWatch>("connectionwatch");

} // namespace portreeve

#include "tst_connectionwatch.moc"
