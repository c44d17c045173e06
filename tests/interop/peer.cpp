// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/interop/peer.h"

#include <QDeadlineTimer>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {
constexpr int kStartLimitMs = 120'000;
constexpr int kCommandLimitMs = 15'000;
constexpr int kStopLimitMs = 20'000;

/// The value of one shell assignment as the fixtures write them: 'it'\''s'.
QString unquoted(QString text)
{
    text.replace(u"'\\''"_s, u"\x1f"_s);
    text.remove(u'\'');
    return text.replace(u'\x1f', u'\'');
}
} // namespace

Peer::~Peer()
{
    stop();
}

bool Peer::start(const QString& name)
{
    const QString script
        = QStringLiteral(PORTREEVE_SOURCE_DIR) + u"/tests/interop/"_s + name + u"/serve.sh"_s;
    m_fixture.start(u"bash"_s, { script });
    const QDeadlineTimer deadline(kStartLimitMs);
    while (!deadline.hasExpired()) {
        const QString line = readLine();
        if (line == u"READY") {
            return true;
        }
        if (line.startsWith(u"MISSING ")) {
            m_missing = line.mid(line.indexOf(u' ') + 1);
        } else if (line.isEmpty() && m_fixture.state() == QProcess::NotRunning) {
            break;
        } else if (const qsizetype equals = line.indexOf(u'='); equals > 0) {
            m_values.insert(line.left(equals), unquoted(line.mid(equals + 1)));
        }
    }
    m_failure = m_missing.isEmpty() ? QString(name + u" did not start: "_s
                                          + QString::fromUtf8(m_fixture.readAllStandardError()))
                                    : QString();
    stop();
    return false;
}

QString Peer::readLine()
{
    if (!m_fixture.canReadLine()) {
        m_fixture.waitForReadyRead(1'000);
    }
    return QString::fromUtf8(m_fixture.readLine()).trimmed();
}

QString Peer::value(const char* name) const
{
    return m_values.value(QString::fromLatin1(name));
}

bool Peer::tell(const char* command)
{
    m_fixture.write(QByteArray(command) + '\n');
    const QDeadlineTimer deadline(kCommandLimitMs);
    while (!deadline.hasExpired()) {
        if (readLine() == u"done") {
            return true;
        }
    }
    return false;
}

void Peer::stop()
{
    if (m_fixture.state() == QProcess::NotRunning) {
        return;
    }
    m_fixture.closeWriteChannel();
    if (!m_fixture.waitForFinished(kStopLimitMs)) {
        m_fixture.terminate(); // its trap ends the server
        m_fixture.waitForFinished(kStopLimitMs);
    }
}

bool peersAreRequired()
{
    return qEnvironmentVariable("PORTREEVE_REQUIRE_PEERS") == u"1";
}

} // namespace portreeve::test
