// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <stop_token>
#include <thread>

namespace portreeve::ctl {

/// Turns SIGINT and SIGTERM into a stop request for as long as it lives. A second signal ends the
/// process at once: the database survives that by design.
class Cancellation
{
public:
    Cancellation();
    ~Cancellation();
    Cancellation(const Cancellation&) = delete;
    Cancellation& operator=(const Cancellation&) = delete;

    std::stop_token token() const { return m_source.get_token(); }

private:
    std::stop_source m_source;
    std::thread m_watcher;
};

/// Whether SIGINT or SIGTERM came, for a wait that no stop token reaches.
bool isCancelled();

} // namespace portreeve::ctl
