// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/patience.h"
#include "tests/support/testregistry.h"

#include <QDir>
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
    explicit Window(const QTemporaryDir& folder)
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"TMPDIR"_s, folder.path()); // where it listens
        m_process.setProcessEnvironment(environment);
        m_process.start(QStringLiteral(PORTREEVE_GUI),
            { u"--data-dir"_s, folder.filePath(u"data"_s), u"--secrets"_s,
                u"file:"_s + folder.filePath(u"secrets.json"_s) });
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

} // namespace

class TstSecondInstance : public QObject
{
    Q_OBJECT

private slots:
    void aSecondStartHandsOverAndEnds();
};

void TstSecondInstance::aSecondStartHandsOverAndEnds()
{
    const QTemporaryDir folder;
    Window first(folder);
    QVERIFY(first.process().waitForStarted(kPatienceMs));
    const auto listens = [&folder] {
        return !QDir(folder.path()).entryList({ u"portreeve-*"_s }, QDir::System).isEmpty();
    };
    QTRY_VERIFY(listens());

    Window second(folder);

    QVERIFY(second.process().waitForFinished(kPatienceMs));
    QCOMPARE(second.process().exitStatus(), QProcess::NormalExit);
    QCOMPARE(second.process().exitCode(), 0);
    QCOMPARE(first.process().state(), QProcess::Running);
}

static const bool kSecondInstanceRegistered
    = registerTestClass<TstSecondInstance>("secondinstance");

} // namespace portreeve::test

#include "tst_secondinstance.moc"
