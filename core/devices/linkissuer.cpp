// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/linkissuer.h"

#include "core/base/clock.h"
#include "core/devices/deviceaudit.h"
#include "core/devices/devicetype.h"
#include "core/devices/enrollmentlink.h"
#include "core/devices/linkstate.h"
#include "core/proxy/databroker/databrokerclient.h"
#include "core/proxy/databroker/pushbatches.h"
#include "core/store/store.h"

#include <QHash>
#include <QUuid>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::devices {

namespace {
// Above this many single questions cost more than one snapshot.
constexpr std::size_t kSingleReads = 20;

LinkFields fieldsOf(const DeviceLink& link)
{
    return { .enrollmentId = QUuid(link.enrollmentId),
        .host = link.host,
        .deviceType = link.type,
        .redirect = link.redirect,
        .issuedAt = link.issuedAt,
        .expiresAt = link.expiresAt };
}

EnrollmentData enrollmentOf(const DeviceLink& link, const QString& approvedBy)
{
    return { .id = link.enrollmentId,
        .userId = link.userId,
        .approvedBy = approvedBy,
        .typeId = link.type };
}

Error unfit(ErrorCode code, const Message& what, const Message& remedy)
{
    return { .code = code, .what = what, .remedy = remedy, .detail = {}, .cause = {} };
}

Error alreadyUsed(const DeviceLink& link)
{
    return unfit(ErrorCode::InvalidInput,
        message(QT_TRANSLATE_NOOP("Message", "The link of %1 was used."), link.userName),
        message(QT_TRANSLATE_NOOP(
            "Message", "Revoke the device instead, or make a new link for another device.")));
}

Message skewWarning(std::chrono::milliseconds skew)
{
    const auto seconds = std::chrono::abs(std::chrono::duration_cast<std::chrono::seconds>(skew));
    return skew > std::chrono::milliseconds(0)
        ? message(
              QT_TRANSLATE_NOOP("Message",
                  "The proxy's clock is %1 ahead of this computer's; set both to the right time."),
              formatDuration(seconds))
        : message(QT_TRANSLATE_NOOP("Message",
                      "The proxy's clock is %1 behind this computer's: a new link may not work "
                      "before that time is over. Set both to the right time."),
              formatDuration(seconds));
}
} // namespace

struct LinkIssuer::Known
{
    DeviceLink link {};
    std::optional<EnrollmentData> enrollment {};
    LinkState state = LinkState::Lost;
};

LinkIssuer::LinkIssuer(const Services& services)
    : m_services(services)
{
}

Result<void> LinkIssuer::checkType(const QString& id, const std::stop_token& stop) const
{
    if (findType(builtInDeviceTypes(), id) != nullptr) {
        return {};
    }
    const auto record = m_services.client.get(recordtype::kDeviceType, id, stop);
    if (record || record.error().code != ErrorCode::NotFound) {
        return record ? Result<void>() : record.error();
    }
    return Error { .code = ErrorCode::InvalidInput,
        .what = message(QT_TRANSLATE_NOOP("Message", "The proxy knows no device type “%1”."), id),
        .remedy = message(
            QT_TRANSLATE_NOOP("Message", "Use any, enclave_only, or a type kept at the proxy.")),
        .detail = {},
        .cause = {},
        .field = u"device_type"_s };
}

Result<std::chrono::milliseconds> LinkIssuer::putEnrollments(
    const std::vector<DeviceLink>& links, const QString& approvedBy, const std::stop_token& stop)
{
    std::chrono::milliseconds skew { 0 };
    for (std::size_t first = 0; first < links.size(); first += kMaxBatchRecords) {
        std::vector<DatabrokerRecord> batch;
        for (std::size_t i = first; i < std::min(links.size(), first + kMaxBatchRecords); ++i) {
            batch.push_back(toRecord(enrollmentOf(links[i], approvedBy)));
        }
        const auto answer = m_services.client.put(batch, stop);
        if (!answer) {
            return answer.error();
        }
        const UtcTime now = m_services.clock.nowUtc();
        if (!answer->records.empty()) {
            skew = answer->records.back().modifiedAt.value_or(now) - now;
        }
    }
    return skew;
}

Result<void> LinkIssuer::readBack(const std::vector<DeviceLink>& links, const QString& approvedBy,
    const std::stop_token& stop) const
{
    QHash<QString, DatabrokerRecord> records;
    if (links.size() > kSingleReads) {
        const auto read = m_services.client.syncLatest(
            recordtype::kEnrollment,
            [&records](const DatabrokerRecord& record) { records.insert(record.id, record); },
            stop);
        if (!read) {
            return read.error();
        }
    }
    for (const auto& link : links) {
        if (links.size() <= kSingleReads) {
            const auto record
                = m_services.client.get(recordtype::kEnrollment, link.enrollmentId, stop);
            if (!record && record.error().code != ErrorCode::NotFound) {
                return record.error();
            }
            records.insert(link.enrollmentId, record.valueOr({}));
        }
        const auto read = enrollmentData(records.value(link.enrollmentId));
        const bool kept = read && read->userId == link.userId && read->typeId == link.type
            && read->approvedBy == approvedBy && !read->enrolledAt;
        if (!kept) {
            return unfit(ErrorCode::BadResponse,
                message(QT_TRANSLATE_NOOP("Message",
                            "The proxy did not keep the enrollment of %1 as it was written."),
                    link.userName),
                message(QT_TRANSLATE_NOOP("Message",
                    "Try again; if it happens again, another program writes to this proxy.")));
        }
    }
    return {};
}

Result<void> LinkIssuer::audit(
    const QString& event, const QString& actor, const std::vector<DeviceLink>& links)
{
    return DeviceAudit(m_services.store, m_services.targetId, actor).links(event, links);
}

Result<std::vector<IssuedLink>> LinkIssuer::draft(
    const LinkOrder& order, const CheckedOrder& checked, const std::stop_token& stop) const
{
    const auto times = linkTimes(m_services.clock.nowUtc(), order.validity);
    std::vector<IssuedLink> drafts;
    for (const auto& user : checked.users) {
        const auto known = m_services.client.get(recordtype::kUser, user.id, stop);
        if (!known && known.error().code != ErrorCode::NotFound) {
            return known.error();
        }
        const DeviceLink link { .enrollmentId = QUuid::createUuid().toString(QUuid::WithoutBraces),
            .targetId = order.targetId,
            .userId = user.id,
            .userName = user.name.isEmpty() ? user.id : user.name,
            .type = order.deviceType,
            .host = checked.host,
            .redirect = checked.redirect,
            .issuedAt = times.issuedAt,
            .expiresAt = times.expiresAt,
            .creator = order.creator,
            .approved = !order.approvedBy.isEmpty() };
        const auto text = signedLink(m_services.secret, fieldsOf(link));
        if (!text) {
            return text.error();
        }
        drafts.push_back({ .link = link,
            .email = user.email,
            .url = *text,
            .expiresAt = link.expiresAt,
            .knownToProxy = known.hasValue() });
    }
    return drafts;
}

Result<IssuedLinks> LinkIssuer::create(const LinkOrder& order, const std::stop_token& stop)
{
    auto checked = checkOrder(order);
    if (!checked) {
        return checked.error();
    }
    if (const auto type = checkType(order.deviceType, stop); !type) {
        return type.error();
    }
    auto drafts = draft(order, *checked, stop);
    if (!drafts) {
        return drafts.error();
    }
    std::vector<DeviceLink> links;
    std::ranges::transform(*drafts, std::back_inserter(links), &IssuedLink::link);
    // Ours first: an enrollment at the proxy that nobody here knows of could never be found again.
    if (const auto added = m_services.store.deviceLinks().add(links); !added) {
        return added.error();
    }
    const auto skew = putEnrollments(links, order.approvedBy, stop);
    const auto kept = skew ? readBack(links, order.approvedBy, stop) : Result<void>(skew.error());
    if (!kept) {
        return withdraw(links, kept.error());
    }
    if (const auto logged = audit(u"device_link_created"_s, order.creator, links); !logged) {
        return logged.error();
    }
    IssuedLinks issued { .links = std::move(*drafts), .warnings = std::move(checked->warnings) };
    if (std::chrono::abs(*skew) > kToleratedSkew) {
        issued.warnings.push_back(skewWarning(*skew));
    }
    return issued;
}

Error LinkIssuer::withdraw(const std::vector<DeviceLink>& links, const Error& failure)
{
    std::vector<DatabrokerRecord> tombstones;
    tombstones.reserve(links.size());
    for (const auto& link : links) {
        tombstones.push_back(tombstone(recordtype::kEnrollment, link.enrollmentId));
    }
    // A proxy that did not answer is not asked again: the links stay in our list, as waiting or
    // lost, so that no approved enrollment can be overlooked.
    if (isUncertain(failure) || !m_services.client.put(tombstones, {})) {
        return failure.wrappedIn(message(QT_TRANSLATE_NOOP("Message",
            "It is not certain that the proxy has the enrollments; see the list of links.")));
    }
    for (const auto& link : links) {
        if (const auto removed = m_services.store.deviceLinks().remove(link.enrollmentId);
            !removed) {
            return removed.error();
        }
    }
    return failure;
}

Result<LinkIssuer::Known> LinkIssuer::known(
    const QString& enrollmentId, const std::stop_token& stop) const
{
    const auto link = m_services.store.deviceLinks().byEnrollment(enrollmentId);
    if (!link) {
        return link.error();
    }
    if (const auto ours = checkTarget(*link); !ours) {
        return ours.error();
    }
    Known known { .link = *link };
    const auto record = m_services.client.get(recordtype::kEnrollment, enrollmentId, stop);
    if (!record && record.error().code != ErrorCode::NotFound) {
        return record.error();
    }
    if (record) {
        const auto data = enrollmentData(*record);
        if (!data) {
            return data.error();
        }
        known.enrollment = *data;
    }
    known.state = linkState(
        known.link, known.enrollment ? &*known.enrollment : nullptr, m_services.clock.nowUtc());
    return known;
}

Result<IssuedLink> LinkIssuer::reissue(DeviceLink link, const QString& actor, const QString& event)
{
    const auto text = signedLink(m_services.secret, fieldsOf(link));
    if (!text) {
        return text.error();
    }
    if (const auto updated = m_services.store.deviceLinks().update(link); !updated) {
        return updated.error();
    }
    if (const auto logged = audit(event, actor, { link }); !logged) {
        return logged.error();
    }
    return IssuedLink { .link = link, .url = *text, .expiresAt = link.expiresAt };
}

Result<IssuedLink> LinkIssuer::renew(const QString& enrollmentId,
    std::chrono::milliseconds validity, const QString& actor, const std::stop_token& stop)
{
    if (const auto valid = checkValidity(validity); !valid) {
        return valid.error();
    }
    auto found = known(enrollmentId, stop);
    if (!found) {
        return found.error();
    }
    switch (found->state) {
    case LinkState::Used:
        return alreadyUsed(found->link);
    case LinkState::Revoked:
        return unfit(ErrorCode::InvalidInput,
            message(
                QT_TRANSLATE_NOOP("Message", "The link of %1 was revoked."), found->link.userName),
            message(QT_TRANSLATE_NOOP("Message", "Make a new link.")));
    case LinkState::Lost:
        return unfit(ErrorCode::Stale,
            message(QT_TRANSLATE_NOOP("Message", "The enrollment of %1 is no longer at the proxy."),
                found->link.userName),
            message(QT_TRANSLATE_NOOP(
                "Message", "Create it again: the proxy may have lost its memory at a restart.")));
    case LinkState::Waiting:
    case LinkState::Expired:
        break;
    }
    const auto times = linkTimes(m_services.clock.nowUtc(), validity);
    found->link.issuedAt = times.issuedAt;
    found->link.expiresAt = times.expiresAt;
    return reissue(std::move(found->link), actor, u"device_link_renewed"_s);
}

Result<IssuedLink> LinkIssuer::recreate(const QString& enrollmentId,
    std::chrono::milliseconds validity, const QString& actor, const std::stop_token& stop)
{
    if (const auto valid = checkValidity(validity); !valid) {
        return valid.error();
    }
    auto found = known(enrollmentId, stop);
    if (!found) {
        return found.error();
    }
    if (found->state != LinkState::Lost) {
        return unfit(ErrorCode::InvalidInput,
            message(QT_TRANSLATE_NOOP("Message", "The enrollment of %1 is not lost."),
                found->link.userName),
            message(QT_TRANSLATE_NOOP("Message", "Renew the link instead, or make a new one.")));
    }
    auto& link = found->link;
    if (m_services.clock.nowUtc() >= link.expiresAt) {
        const auto times = linkTimes(m_services.clock.nowUtc(), validity);
        link.issuedAt = times.issuedAt;
        link.expiresAt = times.expiresAt;
    }
    const QString approvedBy = link.approved ? actor : QString();
    if (const auto put = putEnrollments({ link }, approvedBy, stop); !put) {
        return put.error();
    }
    if (const auto kept = readBack({ link }, approvedBy, stop); !kept) {
        return kept.error();
    }
    return reissue(std::move(link), actor, u"device_link_recreated"_s);
}

Result<void> LinkIssuer::revoke(
    const QString& enrollmentId, const QString& actor, const std::stop_token& stop)
{
    auto found = known(enrollmentId, stop);
    if (!found) {
        return found.error();
    }
    if (found->state == LinkState::Used) {
        return alreadyUsed(found->link);
    }
    if (found->enrollment) {
        const auto deleted
            = m_services.client.put({ tombstone(recordtype::kEnrollment, enrollmentId) }, stop);
        if (!deleted) {
            return deleted.error();
        }
    }
    if (!found->link.revokedAt) {
        found->link.revokedAt = m_services.clock.nowUtc();
    }
    if (const auto updated = m_services.store.deviceLinks().update(found->link); !updated) {
        return updated.error();
    }
    return audit(u"device_link_revoked"_s, actor, { found->link });
}

Result<QString> LinkIssuer::url(const DeviceLink& link) const
{
    const auto usable = checkUsable(link);
    return usable ? signedLink(m_services.secret, fieldsOf(link)) : usable.error();
}

Result<QString> LinkIssuer::shortUrl(const DeviceLink& link) const
{
    const auto usable = checkUsable(link);
    return usable ? shortLink(m_services.secret, fieldsOf(link)) : usable.error();
}

Result<void> LinkIssuer::checkTarget(const DeviceLink& link) const
{
    if (link.targetId == m_services.targetId) {
        return {};
    }
    const auto target = m_services.store.targets().byId(link.targetId);
    if (!target) {
        return target.error();
    }
    return unfit(ErrorCode::InvalidInput,
        message(QT_TRANSLATE_NOOP("Message", "The link of %1 belongs to the proxy “%2”."),
            link.userName, target->name),
        message(QT_TRANSLATE_NOOP("Message", "Choose the target “%1” for it."), target->name));
}

Result<void> LinkIssuer::checkUsable(const DeviceLink& link) const
{
    if (const auto ours = checkTarget(link); !ours) {
        return ours;
    }
    if (!link.revokedAt && m_services.clock.nowUtc() < link.expiresAt) {
        return {};
    }
    return unfit(ErrorCode::Stale,
        link.revokedAt
            ? message(QT_TRANSLATE_NOOP("Message", "The link of %1 was revoked."), link.userName)
            : message(QT_TRANSLATE_NOOP("Message", "The link of %1 is over."), link.userName),
        link.revokedAt ? message(QT_TRANSLATE_NOOP("Message", "Make a new link."))
                       : message(QT_TRANSLATE_NOOP("Message", "Renew the link.")));
}

} // namespace portreeve::devices
