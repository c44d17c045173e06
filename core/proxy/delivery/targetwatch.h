// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/databroker/directorywatcher.h"

#include <QObject>

#include <memory>

namespace portreeve {

/// A databroker under watch with a client of its own. Events arrive on the owner's thread. Its end
/// may take a second, so mute it there and let another thread destroy it.
class TargetWatch
{
public:
    using Sink = std::function<void(const WatchEvent&)>;

    TargetWatch(std::unique_ptr<DatabrokerClient> client, Clock& clock, QObject& owner, Sink sink);
    ~TargetWatch();
    TargetWatch(const TargetWatch&) = delete;
    TargetWatch& operator=(const TargetWatch&) = delete;

    void start(const RecordPositions& from);

    /// No event arrives any more. On the owner's thread.
    void mute();

private:
    /// Shared with events under way, so that late ones find out.
    struct Listener
    {
        Sink sink {};
        bool isGone = false; ///< owner's thread only
    };

    std::shared_ptr<Listener> m_listener;
    std::unique_ptr<DatabrokerClient> m_client;
    DirectoryWatcher m_watcher;
};

} // namespace portreeve
