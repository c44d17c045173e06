// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/cli/ctlterminal.h"

#include "tests/support/patience.h"

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <iterator>
#include <vector>

namespace portreeve::test {

CtlTerminal::CtlTerminal(const CtlProcess& ctl, const QStringList& arguments)
{
    std::vector<QByteArray> words { QByteArrayLiteral(PORTREEVE_CTL) };
    for (const auto& word : ctl.globalOptions() + arguments) {
        words.push_back(word.toLocal8Bit());
    }
    std::vector<char*> pointers;
    std::ranges::transform(words, std::back_inserter(pointers), [](auto& w) { return w.data(); });
    pointers.push_back(nullptr);
    m_process = ::forkpty(&m_terminal, nullptr, nullptr, nullptr);
    if (m_process < 0) {
        qFatal("no terminal for portreevectl: %s", std::strerror(errno));
    }
    if (m_process == 0) {
        ::execv(pointers.front(), pointers.data());
        ::_exit(127);
    }
}

CtlTerminal::~CtlTerminal()
{
    if (m_process > 0) {
        ::kill(m_process, SIGKILL);
        ::waitpid(m_process, nullptr, 0);
    }
    ::close(m_terminal);
}

bool CtlTerminal::readMore()
{
    pollfd terminal { .fd = m_terminal, .events = POLLIN, .revents = 0 };
    if (::poll(&terminal, 1, kPatienceMs) == 0) {
        send(SIGKILL); // it says nothing any more: the test is to name that, not to hang
    }
    std::array<char, 4096> buffer {};
    const auto got = ::read(m_terminal, buffer.data(), buffer.size());
    m_said.append(buffer.data(), std::max<qsizetype>(0, got));
    return got > 0;
}

bool CtlTerminal::waitFor(const QByteArray& text)
{
    while (!m_said.contains(text)) {
        if (!readMore()) {
            return false;
        }
    }
    return true;
}

void CtlTerminal::send(int signal) const
{
    if (m_process > 0) { // never everybody
        ::kill(m_process, signal);
    }
}

int CtlTerminal::wait()
{
    while (readMore()) { }
    int status = 0;
    ::waitpid(m_process, &status, 0);
    m_process = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

} // namespace portreeve::test
