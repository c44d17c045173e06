// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/devicefollower.h"

#include "core/proxy/databroker/databrokerclient.h"

namespace portreeve::devices {

namespace {
/// A stream that ends by itself is opened again from where it was.
constexpr std::chrono::milliseconds kStreamTime { 300'000 };
} // namespace

DeviceFollower::DeviceFollower(const DatabrokerClient& client, RecordSink onRecord, LostSink onLost)
    : m_client(client)
    , m_onRecord(std::move(onRecord))
    , m_onLost(std::move(onLost))
{
}

DeviceFollower::~DeviceFollower()
{
    for (auto& thread : m_threads) {
        thread.request_stop(); // all at once, before the first is waited for
    }
}

void DeviceFollower::start(const std::vector<FollowedType>& types)
{
    for (const FollowedType& type : types) {
        m_threads.emplace_back([this, type](const std::stop_token& stop) { follow(type, stop); });
    }
}

void DeviceFollower::follow(FollowedType followed, const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        const SyncQuery query {
            .from = followed.position, .type = followed.type, .wait = true, .timeout = kStreamTime
        };
        const auto visit = [&](DatabrokerRecord&& record) {
            followed.position.recordVersion = record.version;
            m_onRecord(record);
        };
        const auto ended = m_client.sync(query, visit, stop);
        if (!ended && ended.error().code != ErrorCode::Timeout && !stop.stop_requested()) {
            m_onLost(ended.error());
            return;
        }
    }
}

} // namespace portreeve::devices
