// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/cli/ctlprocess.h"

#include <sys/types.h>

namespace portreeve::test {

/// portreevectl on a terminal of its own, as a person runs it: with progress, and with keys and
/// signals while it works. Killed by its process id where it is still there at the end.
class CtlTerminal
{
public:
    CtlTerminal(const CtlProcess& ctl, const QStringList& arguments);
    ~CtlTerminal();
    CtlTerminal(const CtlTerminal&) = delete;
    CtlTerminal& operator=(const CtlTerminal&) = delete;

    /// Reads until it has said that. False when it ends without.
    bool waitFor(const QByteArray& text);

    void send(int signal) const;

    /// Reads to its end. @return the exit code; minus the signal that ended it
    int wait();

    int terminal() const { return m_terminal; } ///< the file descriptor

    const QByteArray& said() const { return m_said; }

private:
    bool readMore();

    pid_t m_process = -1;
    int m_terminal = -1;
    QByteArray m_said;
};

} // namespace portreeve::test
