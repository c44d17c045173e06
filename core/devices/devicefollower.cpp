// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/devicefollower.h"

#include "core/proxy/databroker/recordstream.h"

namespace portreeve::devices {

DeviceFollower::DeviceFollower(
    const DatabrokerClient& client, Clock& clock, RecordSink onRecord, EventSink onEvent)
    : m_client(client)
    , m_clock(clock)
    , m_onRecord(std::move(onRecord))
    , m_onEvent(std::move(onEvent))
{
}

DeviceFollower::~DeviceFollower()
{
    m_stop.request_stop(); // all at once, before the first is waited for
}

void DeviceFollower::start(const std::vector<FollowedType>& types)
{
    for (const FollowedType& type : types) {
        m_threads.emplace_back([this, type] { follow(type); });
    }
}

void DeviceFollower::follow(const FollowedType& followed)
{
    RecordStream records(m_client, m_clock, followed.type, followed.position);
    const auto outcome = records.follow(
        { .onRecord = m_onRecord,
            .onUnreachable
            = [this](
                  const Error& error) { tell({ .kind = FollowEventKind::Away, .error = error }); },
            .onReachable = [this] { tell({ .kind = FollowEventKind::Back }); } },
        m_stop.get_token());
    switch (outcome.end) {
    case RecordStream::End::Stopped:
        break;
    case RecordStream::End::Restarted:
    case RecordStream::End::Lost:
        tell({ .kind = FollowEventKind::Outdated });
        break;
    case RecordStream::End::Refused:
        tell({ .kind = FollowEventKind::Refused, .error = outcome.error });
        break;
    }
}

void DeviceFollower::tell(const FollowEvent& event)
{
    const std::lock_guard lock(m_eventMutex);
    const bool isAway = event.kind == FollowEventKind::Away;
    const bool isBack = event.kind == FollowEventKind::Back;
    if (m_stop.stop_requested() || (isAway && m_isAway) || (isBack && !m_isAway)) {
        return;
    }
    if (isAway || isBack) {
        m_isAway = isAway;
    } else {
        m_stop.request_stop();
    }
    m_onEvent(event);
}

} // namespace portreeve::devices
