// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/housekeeping.h"

#include "core/base/clock.h"
#include "core/proxy/databroker/databrokerclient.h"
#include "core/proxy/databroker/pushbatches.h"
#include "core/store/store.h"

#include <QJsonObject>
#include <QSet>

#include <algorithm>
#include <iterator>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve::devices {

namespace {
// A ceremony ends after 15 minutes at the latest; the rest is for clocks that differ.
constexpr auto kCeremonyOver = std::chrono::hours(1);

std::vector<QString> inBoth(const std::vector<QString>& agreed, std::vector<QString> found)
{
    const QSet<QString> wanted(agreed.begin(), agreed.end());
    std::erase_if(found, [&](const QString& id) { return !wanted.contains(id); });
    return found;
}

Result<void> removeAll(const DatabrokerClient& client, const QString& type,
    const std::vector<QString>& ids, const std::stop_token& stop)
{
    for (std::size_t first = 0; first < ids.size(); first += kMaxBatchRecords) {
        std::vector<DatabrokerRecord> batch;
        for (std::size_t i = first; i < std::min(ids.size(), first + kMaxBatchRecords); ++i) {
            batch.push_back(tombstone(type, ids[i]));
        }
        if (const auto deleted = client.put(batch, stop); !deleted) {
            return deleted.error();
        }
    }
    return {};
}

Result<void> markRevoked(DeviceLinkStore& links, const std::vector<QString>& ids, UtcTime now)
{
    for (const auto& id : ids) {
        auto link = links.byEnrollment(id);
        if (!link) {
            return link.error();
        }
        link->revokedAt = now;
        if (const auto updated = links.update(*link); !updated) {
            return updated.error();
        }
    }
    return {};
}
} // namespace

QString keptReasonName(KeptReason reason)
{
    switch (reason) {
    case KeptReason::Unreadable:
        return u"unreadable"_s;
    case KeptReason::Recent:
        return u"recent"_s;
    case KeptReason::NoLink:
        return u"no_link"_s;
    case KeptReason::ForAPerson:
        return u"for_a_person"_s;
    }
    return {};
}

Housekeeping housekeepingOf(
    const LoadedDevices& devices, const std::vector<DeviceLink>& links, UtcTime now)
{
    const DeviceTable& table = devices.table;
    Housekeeping found { .expiredEnrollments = {},
        .abandonedOwners = table.abandonedOwners(now - kCeremonyOver),
        .kept = {} };
    const auto keep
        = [&found](QLatin1StringView type, const std::vector<QString>& ids, KeptReason reason) {
              for (const QString& id : ids) {
                  found.kept.push_back({ .type = type, .id = id, .reason = reason });
              }
          };
    QSet<QString> linked;
    for (const auto& link : links) {
        linked.insert(link.enrollmentId);
        if (linkState(link, table.enrollment(link.enrollmentId), now) == LinkState::Expired) {
            found.expiredEnrollments.push_back(link.enrollmentId);
        }
    }
    std::ranges::sort(found.expiredEnrollments);
    std::vector<QString> foreign;
    for (const EnrollmentData& pending : table.pendingEnrollments()) {
        if (!linked.contains(pending.id)) {
            foreign.push_back(pending.id);
        }
    }
    const DeviceOrphans orphans = table.orphans();
    std::vector<QString> recent;
    std::ranges::set_difference(orphans.owners, found.abandonedOwners, std::back_inserter(recent));
    keep(recordtype::kEnrollment, foreign, KeptReason::NoLink);
    keep(recordtype::kOwnerCredential, recent, KeptReason::Recent);
    keep(recordtype::kEnrollment, orphans.enrollments, KeptReason::ForAPerson);
    keep(recordtype::kCredential, orphans.credentials, KeptReason::ForAPerson);
    if (!devices.damaged.empty()) {
        keep(recordtype::kEnrollment, std::exchange(found.expiredEnrollments, {}),
            KeptReason::Unreadable);
        keep(recordtype::kOwnerCredential, std::exchange(found.abandonedOwners, {}),
            KeptReason::Unreadable);
    }
    return found;
}

Result<Housekeeping> keepHouse(
    const HousekeepingServices& services, const Housekeeping& agreed, const std::stop_token& stop)
{
    const auto loaded = loadDevices(services.client, stop);
    if (!loaded) {
        return loaded.error();
    }
    // What cannot be read may be the device that an owner record belongs to.
    if (!loaded->damaged.empty()) {
        return Error { .code = ErrorCode::BadResponse,
            .what = message(QT_TRANSLATE_NOOP("Message", "Nothing was deleted. %1"),
                loaded->damaged.front().what.english()),
            .remedy = message(QT_TRANSLATE_NOOP("Message",
                "What belongs to it would look like a leftover. Delete or mend that record with "
                "the program that wrote it, then try again.")),
            .detail = {},
            .cause = {} };
    }
    const auto links = services.store.deviceLinks().list(services.targetId);
    if (!links) {
        return links.error();
    }
    const UtcTime now = services.clock.nowUtc();
    Housekeeping going = housekeepingOf(*loaded, *links, now);
    going.expiredEnrollments = inBoth(agreed.expiredEnrollments, going.expiredEnrollments);
    going.abandonedOwners = inBoth(agreed.abandonedOwners, going.abandonedOwners);
    if (going.isEmpty()) {
        return going;
    }
    if (const auto removed
        = removeAll(services.client, recordtype::kEnrollment, going.expiredEnrollments, stop);
        !removed) {
        return removed.error();
    }
    if (const auto marked
        = markRevoked(services.store.deviceLinks(), going.expiredEnrollments, now);
        !marked) {
        return marked.error();
    }
    if (const auto removed
        = removeAll(services.client, recordtype::kOwnerCredential, going.abandonedOwners, stop);
        !removed) {
        return removed.error();
    }
    const QJsonObject details { { u"target"_s, services.targetId },
        { u"expired_enrollments"_s, static_cast<qint64>(going.expiredEnrollments.size()) },
        { u"abandoned_owners"_s, static_cast<qint64>(going.abandonedOwners.size()) } };
    const auto logged = services.store.audit().append({ .actor = services.actor,
        .event = u"device_housekeeping"_s,
        .subject = services.targetId,
        .details = auditDetails(details) });
    return logged ? Result<Housekeeping>(std::move(going)) : Result<Housekeeping>(logged.error());
}

} // namespace portreeve::devices
