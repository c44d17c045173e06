// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/ldap/brokenpipeguard.h"

#include <pthread.h>
#include <time.h>

namespace portreeve::ldap {

namespace {
sigset_t brokenPipe()
{
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGPIPE);
    return blocked;
}
} // namespace

BrokenPipeGuard::BrokenPipeGuard()
{
    const sigset_t blocked = brokenPipe();
    pthread_sigmask(SIG_BLOCK, &blocked, &m_before);
}

// A signal that came meanwhile still waits: it is taken away before the old mask is back.
BrokenPipeGuard::~BrokenPipeGuard()
{
    if (sigismember(&m_before, SIGPIPE) == 1) {
        return;
    }
    const sigset_t blocked = brokenPipe();
    constexpr timespec now {};
    while (sigtimedwait(&blocked, nullptr, &now) > 0) { }
    pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
}

} // namespace portreeve::ldap
