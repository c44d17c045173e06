// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/preapproved.h"

#include "core/base/clock.h"
#include "core/devices/devicereader.h"
#include "core/devices/linkstate.h"
#include "core/proxy/databroker/databrokeraccess.h"
#include "core/proxy/databroker/databrokerclient.h"
#include "core/store/store.h"

#include <algorithm>

namespace portreeve::devices {

namespace {
constexpr std::chrono::seconds kPatience { 5 };

Result<Enrollments> readEnrollments(const ProxyTarget& target, SecretStore& secrets,
    const Clock& clock, const std::stop_token& stop)
{
    const auto access = openDatabroker(target, secrets, clock);
    if (!access) {
        return access.error();
    }
    access->client->setDeadlines({ .snapshot = kPatience });
    return loadEnrollments(*access->client, stop);
}

bool isWaiting(const DeviceLink& link, const Enrollments& enrollments, UtcTime now)
{
    const auto known = enrollments.constFind(link.enrollmentId);
    const auto* enrollment = known == enrollments.cend() ? nullptr : &*known;
    return linkState(link, enrollment, now) == LinkState::Waiting;
}

} // namespace

Result<PreapprovedLinks> preapprovedLinks(
    Store& store, SecretStore& secrets, const Clock& clock, const std::stop_token& stop)
{
    const auto targets = store.targets().list();
    if (!targets) {
        return targets.error();
    }
    PreapprovedLinks found;
    const UtcTime now = clock.nowUtc();
    for (const ProxyTarget& target : *targets) {
        auto links = store.deviceLinks().list(target.id);
        if (!links) {
            return links.error();
        }
        std::erase_if(*links, [now](const DeviceLink& link) {
            return !link.approved || link.revokedAt || link.expiresAt <= now;
        });
        if (links->empty()) {
            continue; // and the proxy is left alone
        }
        const auto enrollments = readEnrollments(target, secrets, clock, stop);
        for (const DeviceLink& link : *links) {
            if (enrollments && !isWaiting(link, *enrollments, now)) {
                continue;
            }
            ++(enrollments ? found.waiting : found.unsure);
            found.firstEnd = std::min(found.firstEnd.value_or(link.expiresAt), link.expiresAt);
        }
    }
    return found;
}

} // namespace portreeve::devices
