// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/cancellation.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

namespace portreeve::ctl {

namespace {
constexpr char kSignal = 's';
constexpr char kEnd = 'e';
constexpr int kCancelledExit = 130;

// A signal handler may touch nothing but such a thing: it writes to a pipe that a thread reads.
std::array<int, 2> signalPipe { -1, -1 };
volatile std::sig_atomic_t signalsSeen = 0;

void onSignal(int)
{
    const int before = errno;
    signalsSeen = signalsSeen + 1;
    if (signalsSeen > 1) {
        std::_Exit(kCancelledExit);
    }
    [[maybe_unused]] const auto written = ::write(signalPipe[1], &kSignal, 1);
    errno = before;
}
} // namespace

bool isCancelled()
{
    return signalsSeen > 0;
}

Cancellation::Cancellation()
{
    if (::pipe2(signalPipe.data(), O_CLOEXEC) != 0) {
        return; // without it the default action of the signals stays in force
    }
    m_watcher = std::thread([this] {
        char what = 0;
        while (::read(signalPipe[0], &what, 1) == 1 && what != kEnd) {
            m_source.request_stop();
        }
    });
    struct sigaction action {};
    action.sa_handler = onSignal;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

Cancellation::~Cancellation()
{
    if (!m_watcher.joinable()) {
        return;
    }
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    [[maybe_unused]] const auto written = ::write(signalPipe[1], &kEnd, 1);
    m_watcher.join();
    ::close(signalPipe[0]);
    ::close(signalPipe[1]);
}

} // namespace portreeve::ctl
