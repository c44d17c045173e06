// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/pages/desk.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

class TstConnectionWatch : public QObject
{
    Q_OBJECT

private slots:
    void whatWouldWaitForItsTimeIsPaused_data();
    void whatWouldWaitForItsTimeIsPaused();
};

void TstConnectionWatch::whatWouldWaitForItsTimeIsPaused_data()
{
    QTest::addColumn<ConnectionState>("stored");
    QTest::addColumn<ConnectionState>("shown");
    QTest::addRow("healthy") << ConnectionState::Idle << ConnectionState::Paused;
    QTest::addRow("due") << ConnectionState::Queued << ConnectionState::Paused;
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

static const bool kConnectionWatchRegistered
    = test::registerTestClass<TstConnectionWatch>("connectionwatch");

} // namespace portreeve

#include "tst_connectionwatch.moc"
