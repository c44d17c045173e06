// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/settings/datadirectory.h"
#include "tests/cli/ctlprocess.h"
#include "tests/support/patience.h"
#include "tests/support/testregistry.h"

#include <QDataStream>
#include <QDir>
#include <QFile>
#include <QLocalServer>
#include <QLocalSocket>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {

/// The real window on a data folder; ended with this object, whatever happens.
class Window
{
public:
    explicit Window(const QString& folder, const QStringList& more = {})
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"TMPDIR"_s, folder); // where it listens
        m_process.setProcessEnvironment(environment);
        m_process.start(QStringLiteral(PORTREEVE_GUI),
            QStringList { u"--data-dir"_s, QDir(folder).filePath(u"data"_s), u"--secrets"_s,
                u"file:"_s + QDir(folder).filePath(u"secrets.json"_s) }
                + more);
    }

    ~Window()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    QProcess& process() { return m_process; }

private:
    QProcess m_process;
};

/// Where the window of that folder listens; empty while it does not.
QString socketOf(const QString& folder)
{
    const auto found = QDir(folder).entryList({ u"portreeve-*"_s }, QDir::System);
    return found.isEmpty() ? QString() : QDir(folder).filePath(found.front());
}

bool answers(const QString& name)
{
    QLocalSocket socket;
    socket.connectToServer(name);
    return socket.waitForConnected(1000);
}

} // namespace

class TstSecondInstance : public QObject
{
    Q_OBJECT

private slots:
    void aSecondStartHandsOverAndEnds();
    void theArgumentsOfTheSecondStartReachTheFirst();
    void aStartAfterACrashOpensItsOwnWindow();
    void helpNeedsNoDisplay();
    void theCommandLineWorksBesideTheWindow();
};

void TstSecondInstance::aSecondStartHandsOverAndEnds()
{
    const QTemporaryDir folder;
    Window first(folder.path());
    QVERIFY(first.process().waitForStarted(kPatienceMs));
    QTRY_VERIFY(!socketOf(folder.path()).isEmpty());

    Window second(folder.path());

    QVERIFY(second.process().waitForFinished(kPatienceMs));
    QCOMPARE(second.process().exitStatus(), QProcess::NormalExit);
    QCOMPARE(second.process().exitCode(), 0);
    QCOMPARE(first.process().state(), QProcess::Running);
}

// The test plays the first window: what it does with the page is up to the window's own tests.
void TstSecondInstance::theArgumentsOfTheSecondStartReachTheFirst()
{
    const QTemporaryDir folder;
    const QString log = databasePath(folder.filePath(u"data"_s)) + u"-wal"_s;
    {
        Window first(folder.path());
        QTRY_VERIFY(!socketOf(folder.path()).isEmpty());
        QTRY_VERIFY(QFile::exists(log));
    }
    const QString name = socketOf(folder.path()); // a killed process leaves it
    QVERIFY(QLocalServer::removeServer(name));
    QLocalServer server;
    QVERIFY(server.listen(name));

    Window second(folder.path(), { u"--page"_s, u"history"_s });

    QVERIFY(server.waitForNewConnection(kPatienceMs));
    auto* socket = server.nextPendingConnection();
    QTRY_COMPARE(socket->state(), QLocalSocket::UnconnectedState);
    QDataStream stream(socket);
    QStringList arguments;
    stream >> arguments;
    QCOMPARE(arguments.mid(arguments.size() - 2), QStringList({ u"--page"_s, u"history"_s }));
    QTRY_COMPARE_WITH_TIMEOUT(second.process().state(), QProcess::NotRunning, kPatienceMs);
    QCOMPARE(second.process().exitCode(), 0);
    QVERIFY(QFile::exists(log)); // who opens the database puts away what was left
}

void TstSecondInstance::aStartAfterACrashOpensItsOwnWindow()
{
    const QTemporaryDir folder;
    {
        Window first(folder.path());
        QTRY_VERIFY(!socketOf(folder.path()).isEmpty());
    }
    const QString left = socketOf(folder.path());
    QVERIFY(!left.isEmpty() && !answers(left));

    Window again(folder.path());
    QTRY_VERIFY(answers(left));
    Window third(folder.path());

    QVERIFY(third.process().waitForFinished(kPatienceMs));
    QCOMPARE(third.process().exitCode(), 0);
    QCOMPARE(again.process().state(), QProcess::Running);
}

void TstSecondInstance::theCommandLineWorksBesideTheWindow()
{
    const CtlProcess ctl;
    const QString log = databasePath(ctl.file(u"data"_s)) + u"-wal"_s;
    {
        Window window(ctl.directory());
        QTRY_VERIFY(!socketOf(ctl.directory()).isEmpty());

        for (const auto& command : { QStringList { u"sample"_s, u"--users"_s, u"500"_s },
                 QStringList { u"sync"_s, u"--all"_s }, QStringList { u"selfcheck"_s } }) {
            const auto answer = ctl.run(command);
            QVERIFY2(answer.exitCode == 0, QByteArray(answer.out + answer.err).constData());
        }

        QVERIFY(QFile::exists(log)); // the window has the database open
        QCOMPARE(window.process().state(), QProcess::Running);
        const QByteArray told = window.process().readAllStandardError();
        QVERIFY2(!told.contains("portreeve.") && !told.contains("locked"), told.constData());
    }
    // The window was killed: who comes next takes over what it left.
    const auto listed = ctl.run({ u"--json"_s, u"user"_s, u"list"_s });
    QCOMPARE(listed.exitCode, 0);
    QCOMPARE(listed.jsonLines().size(), std::size_t { 500 });
    QVERIFY(!QFile::exists(log));
}

void TstSecondInstance::helpNeedsNoDisplay()
{
    for (const auto& option : { u"--help"_s, u"--version"_s }) {
        QProcess process;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.remove(u"DISPLAY"_s);
        environment.insert(u"QT_QPA_PLATFORM"_s, u"xcb"_s);
        process.setProcessEnvironment(environment);

        process.start(QStringLiteral(PORTREEVE_GUI), { option });

        QVERIFY(process.waitForFinished(kPatienceMs));
        QCOMPARE(process.exitCode(), 0);
        QVERIFY(process.readAllStandardOutput().contains("portreeve"));
    }
}

static const bool kSecondInstanceRegistered
    = registerTestClass<TstSecondInstance>("secondinstance");

} // namespace portreeve::test

#include "tst_secondinstance.moc"
