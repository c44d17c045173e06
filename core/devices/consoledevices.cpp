// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/consoledevices.h"

#include "core/base/clock.h"
#include "core/devices/devicetype.h"
#include "core/devices/linkrules.h"
#include "core/proxy/console/consoledeviceclient.h"
#include "core/store/store.h"

#include <QSet>
#include <QUrlQuery>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::devices {

namespace {

Error notThere(const Message& what, const Message& remedy)
{
    return { .code = ErrorCode::InvalidInput, .what = what, .remedy = remedy };
}

Error linksAreTheirs()
{
    return notThere(message(QT_TRANSLATE_NOOP("Message",
                        "Enterprise's console makes the links of this target and keeps their text "
                        "to itself.")),
        message(QT_TRANSLATE_NOOP("Message",
            "Make a new link, and revoke the enrollment of the old one if nobody used it.")));
}

/// When a link ends, by its own parameter (devices.md 3.3): the console says it nowhere else.
std::optional<UtcTime> timeIn(const QString& url, const QString& parameter)
{
    bool isNumber = false;
    const auto seconds = QUrlQuery(QUrl(url)).queryItemValue(parameter).toLongLong(&isNumber);
    return isNumber && seconds > 0 ? std::optional(UtcTime(std::chrono::seconds(seconds)))
                                   : std::nullopt;
}

bool isOf(const DeviceKey& device, const DatabrokerRecord& record)
{
    return (record.type == recordtype::kEnrollment && record.id == device.enrollmentId)
        || (record.type == recordtype::kCredential && record.id == device.credentialId);
}

} // namespace

ConsoleDevices::ConsoleDevices(
    Services services, ProxyTarget target, std::unique_ptr<ConsoleDeviceClient> client)
    : m_services(std::move(services))
    , m_target(std::move(target))
    , m_client(std::move(client))
{
}

ConsoleDevices::~ConsoleDevices() = default;

Result<void> ConsoleDevices::audit(
    const QString& event, const QString& subject, const QJsonObject& details)
{
    QJsonObject all = details;
    all.insert(u"target"_s, m_target.id);
    return m_services.store.audit().append({ .actor = m_services.actor,
        .event = event,
        .subject = subject,
        .details = auditDetails(all) });
}

Result<LoadedDevices> ConsoleDevices::load(const std::stop_token& stop) const
{
    const auto records = m_client->records(stop);
    if (!records) {
        return records.error();
    }
    LoadedDevices loaded;
    for (const DatabrokerRecord& record : *records) {
        if (const auto applied = loaded.table.apply(record); !applied) {
            loaded.damaged.push_back(applied.error());
        }
    }
    return loaded;
}

std::unique_ptr<DeviceFollower> ConsoleDevices::follow(const std::vector<FollowedType>& /*types*/,
    Clock& /*clock*/, DeviceFollower::RecordSink /*onRecord*/,
    DeviceFollower::EventSink /*onEvent*/) const
{
    return nullptr;
}

Result<std::vector<QString>> ConsoleDevices::hosts(const std::stop_token& stop) const
{
    auto routes = m_services.store.policies().routes();
    if (!routes) {
        return routes.error();
    }
    const auto theirs = m_client->routeAddresses(stop);
    if (!theirs) {
        return theirs.error();
    }
    for (const QString& from : *theirs) {
        routes->push_back({ .from = from });
    }
    return routeHosts(*routes);
}

Result<void> ConsoleDevices::checkType(const QString& id, const std::stop_token& stop) const
{
    if (findType(builtInDeviceTypes(), id) != nullptr) {
        return {};
    }
    const auto loaded = load(stop);
    if (!loaded) {
        return loaded.error();
    }
    const auto types = loaded->table.customTypes();
    if (std::ranges::find(types, id, &DeviceTypeData::id) != types.end()) {
        return {};
    }
    Error unknown = notThere(
        message(QT_TRANSLATE_NOOP("Message", "The console knows no device type “%1”."), id),
        message(
            QT_TRANSLATE_NOOP("Message", "Use any, enclave_only, or a type kept at the console.")));
    unknown.field = u"device_type"_s;
    return unknown;
}

Result<IssuedLink> ConsoleDevices::enroll(const LinkOrder& order, const LinkUser& user,
    const CheckedOrder& checked, const std::stop_token& stop)
{
    const auto made = m_client->enroll({ .userId = user.id,
                                           .typeId = order.deviceType,
                                           .routeUrl = u"https://"_s + checked.host,
                                           .redirectUrl = checked.redirect },
        stop);
    if (!made) {
        return made.error();
    }
    const auto end = timeIn(made->url, u"pomerium_expiry"_s);
    const UtcTime now = m_services.clock.nowUtc();
    return IssuedLink { .link = { .enrollmentId = made->enrollment.id,
                            .targetId = m_target.id,
                            .userId = user.id,
                            .userName = user.name.isEmpty() ? user.id : user.name,
                            .type = order.deviceType,
                            .host = checked.host,
                            .redirect = checked.redirect,
                            .issuedAt = timeIn(made->url, u"pomerium_issued"_s).value_or(now),
                            .expiresAt = end.value_or(UtcTime()),
                            .creator = m_services.actor,
                            .approved = !made->enrollment.approvedBy.isEmpty() },
        .email = user.email,
        .url = made->url,
        .expiresAt = end,
        .knownToProxy = true }; // or not: the console does not tell
}

Result<IssuedLinks> ConsoleDevices::create(LinkOrder order, const std::stop_token& stop)
{
    order.validity = kDefaultValidity; // not ours to choose
    auto checked = checkOrder(order);
    if (!checked) {
        return checked.error();
    }
    if (const auto type = checkType(order.deviceType, stop); !type) {
        return type.error();
    }
    IssuedLinks issued { .warnings = std::move(checked->warnings), .areStored = false };
    for (const LinkUser& user : checked->users) {
        auto link = enroll(order, user, *checked, stop);
        if (!link) {
            return withdraw(issued.links, link.error());
        }
        issued.links.push_back(std::move(*link));
    }
    for (const IssuedLink& made : issued.links) {
        const auto logged = audit(u"device_link_created"_s, made.link.userId,
            { { u"enrollment_id"_s, made.link.enrollmentId }, { u"host"_s, made.link.host },
                { u"type"_s, made.link.type }, { u"approved"_s, made.link.approved } });
        if (!logged) {
            return withdraw(issued.links, logged.error());
        }
    }
    return issued;
}

Error ConsoleDevices::withdraw(const std::vector<IssuedLink>& made, const Error& failure)
{
    for (const IssuedLink& one : made) {
        if (!remove({ .enrollmentId = one.link.enrollmentId }, {})) {
            return failure.wrappedIn(message(QT_TRANSLATE_NOOP("Message",
                "Some enrollments were made before that; they stay in the list of devices.")));
        }
    }
    return failure;
}

Result<IssuedLink> ConsoleDevices::renew(const QString& /*enrollmentId*/,
    std::chrono::milliseconds /*validity*/, const std::stop_token& /*stop*/)
{
    return linksAreTheirs();
}

Result<IssuedLink> ConsoleDevices::recreate(const QString& /*enrollmentId*/,
    std::chrono::milliseconds /*validity*/, const std::stop_token& /*stop*/)
{
    return linksAreTheirs();
}

Result<IssuedLink> ConsoleDevices::linkAgain(
    const QString& /*enrollmentId*/, LinkForm /*form*/) const
{
    return linksAreTheirs();
}

Result<ApprovalReport> ConsoleDevices::approve(
    const std::vector<QString>& enrollmentIds, const std::stop_token& stop)
{
    ApprovalReport report;
    for (const QString& id : enrollmentIds) {
        const auto approved = m_client->approve(id, stop);
        if (!approved && approved.error().code != ErrorCode::NotFound) {
            return report.changed.empty()
                ? approved.error()
                : approved.error().wrappedIn(message(
                      QT_TRANSLATE_NOOP("Message", "%1 of %2 devices were approved before that."),
                      QString::number(report.changed.size()),
                      QString::number(enrollmentIds.size())));
        }
        (approved ? report.changed : report.missing).push_back(id);
        const auto logged = approved ? audit(u"device_approved"_s, id, {}) : Result<void>();
        if (!logged) {
            return logged.error();
        }
    }
    return report;
}

Result<ApprovalReport> ConsoleDevices::undoApproval(
    const std::vector<QString>& /*enrollmentIds*/, const std::stop_token& /*stop*/)
{
    return notThere(
        message(QT_TRANSLATE_NOOP("Message", "Enterprise's console cannot take an approval back.")),
        message(QT_TRANSLATE_NOOP(
            "Message", "Revoke the device; its person may enroll it again, without approval.")));
}

Result<DeviceKey> ConsoleDevices::find(const QString& id, const std::stop_token& stop) const
{
    const auto loaded = load(stop);
    if (!loaded) {
        return loaded.error();
    }
    if (const auto* enrollment = loaded->table.enrollment(id)) {
        return DeviceKey { .enrollmentId = id, .credentialId = enrollment->credentialId };
    }
    if (const auto* credential = loaded->table.credential(id)) {
        return DeviceKey { .enrollmentId = credential->enrollmentId, .credentialId = id };
    }
    return Error { .code = ErrorCode::NotFound,
        .what = message(QT_TRANSLATE_NOOP("Message", "The console has no device %1."), id),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "List the devices and use the id of an enrollment or credential shown there.")) };
}

Result<QJsonArray> ConsoleDevices::records(
    const DeviceKey& device, const std::stop_token& stop) const
{
    const auto all = m_client->records(stop);
    if (!all) {
        return all.error();
    }
    QJsonArray out;
    for (const DatabrokerRecord& record : *all) {
        if (isOf(device, record)) {
            const auto data = deviceRecordJson(record);
            out.append(QJsonObject { { u"type"_s, record.type }, { u"id"_s, record.id },
                { u"data"_s, data ? QJsonValue(*data) : QJsonValue() } });
        }
    }
    return out;
}

/// Gone is what the console no longer lists, whatever it answered.
Result<void> ConsoleDevices::remove(const DeviceKey& device, const std::stop_token& stop)
{
    const auto removed = m_client->remove(device.enrollmentId, device.credentialId, stop);
    if (!removed && removed.error().code != ErrorCode::NotFound) {
        return removed;
    }
    const auto left = records(device, stop);
    if (!left) {
        return left.error();
    }
    if (left->isEmpty()) {
        return {};
    }
    return Error { .code = ErrorCode::BadResponse,
        .what = message(QT_TRANSLATE_NOOP("Message", "The console still lists the device.")),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Revoke it again; if it stays, delete it in the console and look at its log.")) };
}

Result<RevokeReport> ConsoleDevices::revoke(const DeviceKey& device, const std::stop_token& stop)
{
    RevokeReport report { .device = device, .steps = { { .step = RevokeStep::Console } } };
    auto& step = report.steps.front();
    const auto before = records(device, stop);
    if (!before) {
        return before.error();
    }
    if (before->isEmpty()) {
        step.state = StepState::NothingToDo;
        return report;
    }
    const auto gone = remove(device, stop);
    step.state = gone ? StepState::Done : StepState::Failed;
    step.records = gone ? static_cast<int>(before->size()) : 0;
    if (!gone) {
        step.error = gone.error();
    }
    const auto logged = audit(u"device_revoked"_s,
        device.credentialId.isEmpty() ? device.enrollmentId : device.credentialId,
        { { u"enrollment_id"_s, device.enrollmentId }, { u"credential_id"_s, device.credentialId },
            { u"steps"_s,
                QJsonObject { { revokeStepName(step.step), stepStateName(step.state) } } } });
    return logged ? Result<RevokeReport>(std::move(report)) : logged.error();
}

Result<Housekeeping> ConsoleDevices::keepHouse(
    const Housekeeping& /*agreed*/, const std::stop_token& /*stop*/)
{
    return notThere(
        message(QT_TRANSLATE_NOOP("Message", "Enterprise's console looks after its own records.")),
        message(QT_TRANSLATE_NOOP("Message", "Revoke single enrollments that nobody used.")));
}

} // namespace portreeve::devices
