// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/targetwatch.h"

#include "core/proxy/databroker/databrokerclient.h"

namespace portreeve {

TargetWatch::TargetWatch(
    std::unique_ptr<DatabrokerClient> client, Clock& clock, QObject& owner, Sink sink)
    : m_listener(std::make_shared<Listener>(Listener { .sink = std::move(sink) }))
    , m_client(std::move(client))
    , m_watcher(*m_client, clock, [&owner, listener = m_listener](const WatchEvent& event) {
        QMetaObject::invokeMethod(
            &owner,
            [listener, event] {
                if (!listener->isGone) {
                    listener->sink(event);
                }
            },
            Qt::QueuedConnection);
    })
{
}

TargetWatch::~TargetWatch() = default;

void TargetWatch::start(const RecordPositions& from)
{
    m_watcher.start(from);
}

void TargetWatch::mute()
{
    m_listener->isGone = true;
}

} // namespace portreeve
