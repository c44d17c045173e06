// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QHash>
#include <QProcess>
#include <QString>

namespace portreeve::test {

/// A real server run by a fixture (tests/interop/<name>/serve.sh) as long as this object lives. The
/// fixture ends the server when its standard input closes, so nothing outlives a test that crashes.
class Peer
{
public:
    ~Peer();

    /// Blocks until the server is ready. @return whether it is; else missing() or failure() tells
    bool start(const QString& name);

    /// "slapd: the command slapd is not installed"; empty when the peer could be tried.
    QString missing() const { return m_missing; }

    QString failure() const { return m_failure; }

    /// What the fixture published, for example value("PEER_URL").
    QString value(const char* name) const;

    /// "kill", "pause" or "resume"; blocks until it is done.
    bool tell(const char* command);

    void stop();

private:
    QString readLine();

    QProcess m_fixture;
    QHash<QString, QString> m_values;
    QString m_missing;
    QString m_failure;
};

/// Whether a peer that cannot run fails its tests instead of skipping them.
bool peersAreRequired();

} // namespace portreeve::test

/// For initTestCase(): starts a Peer, or skips or fails the class with one line.
#define PORTREEVE_START_PEER(peer, name)                                                           \
    do {                                                                                           \
        if (!(peer).start(QStringLiteral(name))) {                                                 \
            if (!(peer).missing().isEmpty() && !portreeve::test::peersAreRequired()) {             \
                QSKIP(qPrintable((peer).missing()));                                               \
            }                                                                                      \
            QFAIL(qPrintable((peer).missing() + (peer).failure()));                                \
        }                                                                                          \
    } while (false)
