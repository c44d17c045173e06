// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>
#include <QTest>

namespace portreeve::test {

/// Which session of session.sh this program runs in; empty outside of it.
inline QString keyringState()
{
    return qEnvironmentVariable("PORTREEVE_KEYRING_STATE");
}

/// "keyring: the command gnome-keyring-daemon is not installed", or why else there is none.
inline QString missingKeyring()
{
    if (keyringState().isEmpty()) {
        return QStringLiteral("keyring: to be run by tests/interop/keyring/session.sh");
    }
    return qEnvironmentVariable("PORTREEVE_KEYRING_MISSING");
}

} // namespace portreeve::test

/// For initTestCase(): skips the class with one line when there is no keyring, or fails it where
/// every peer is required.
#define PORTREEVE_NEED_KEYRING()                                                                   \
    do {                                                                                           \
        const QString missing = portreeve::test::missingKeyring();                                 \
        if (!missing.isEmpty() && qEnvironmentVariable("PORTREEVE_REQUIRE_PEERS") == u"1") {       \
            QFAIL(qPrintable(missing));                                                            \
        }                                                                                          \
        if (!missing.isEmpty()) {                                                                  \
            QSKIP(qPrintable(missing));                                                            \
        }                                                                                          \
    } while (false)
