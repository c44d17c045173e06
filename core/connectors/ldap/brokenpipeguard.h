// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <csignal>

namespace portreeve::ldap {

/// Keeps SIGPIPE from the calling thread while it lives: libldap writes to connections the server
/// has closed, and the signal would end the program. Made and destroyed on one thread.
class BrokenPipeGuard
{
public:
    BrokenPipeGuard();
    ~BrokenPipeGuard();
    BrokenPipeGuard(const BrokenPipeGuard&) = delete;
    BrokenPipeGuard& operator=(const BrokenPipeGuard&) = delete;

private:
    sigset_t m_before {};
};

} // namespace portreeve::ldap
