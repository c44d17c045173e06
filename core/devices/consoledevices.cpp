// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/consoledevices.h"

#include "core/base/clock.h"
#include "core/devices/deviceaudit.h"
#include "core/devices/devicetype.h"
#include "core/devices/linkrules.h"
#include "core/proxy/console/consoledeviceclient.h"
#include "core/store/store.h"

#include <QUrlQuery>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::devices {

namespace {

Error refusal(const Message& what, const Message& remedy)
{
    return { .code = ErrorCode::InvalidInput, .what = what, .remedy = remedy };
}

Error linksAreTheirs()
{
    return refusal(message(QT_TRANSLATE_NOOP("Message",
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

Result<void> unlessGone(const Result<void>& removed)
{
    return removed || removed.error().code == ErrorCode::NotFound ? Result<void>() : removed;
}

bool isOf(const DeviceKey& device, const DatabrokerRecord& record)
{
    if (record.type == recordtype::kEnrollment) {
        return record.id == device.enrollmentId;
    }
    if (record.type != recordtype::kCredential) {
        return false;
    }
    const auto credential = credentialData(record);
    return record.id == device.credentialId
        || (credential && !device.enrollmentId.isEmpty()
            && credential->enrollmentId == device.enrollmentId);
}

/// Both ids as far as the records of a device give them: they may have changed since it was listed.
DeviceKey completed(DeviceKey device, const std::vector<DatabrokerRecord>& records)
{
    for (const DatabrokerRecord& record : records) {
        (record.type == recordtype::kEnrollment ? device.enrollmentId : device.credentialId)
            = record.id;
    }
    return device;
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

DeviceAudit ConsoleDevices::audit() const
{
    return { m_services.store, m_target.id, m_services.actor };
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

Result<Enrollments> ConsoleDevices::enrollments(const std::stop_token& stop) const
{
    const auto records = m_client->records(stop);
    if (!records) {
        return records.error();
    }
    Enrollments out;
    for (const DatabrokerRecord& record : *records) {
        if (const auto enrollment = enrollmentData(record)) {
            out.insert(record.id, *enrollment);
        }
    }
    return out;
}

Result<std::vector<DeviceLink>> ConsoleDevices::links() const
{
    return std::vector<DeviceLink>();
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
    const auto types = m_client->types(stop);
    if (!types) {
        return types.error();
    }
    if (std::ranges::find(*types, id, &DeviceTypeData::id) != types->end()) {
        return {};
    }
    Error unknown = refusal(
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
    bool isApproved = true;
    for (const LinkUser& user : checked->users) {
        auto link = enroll(order, user, *checked, stop);
        if (!link) {
            return withdraw(issued.links, link.error());
        }
        isApproved = isApproved && link->link.approved;
        issued.links.push_back(std::move(*link));
        const auto logged = audit().links(u"device_link_created"_s, { issued.links.back().link });
        if (!logged) {
            return withdraw(issued.links, logged.error());
        }
    }
    if (!isApproved) {
        issued.warnings.push_back(message(QT_TRANSLATE_NOOP(
            "Message", "The console wants the device to be approved after its enrollment.")));
    }
    return issued;
}

/// Takes back what was made; stops at a console that does not answer any more.
Error ConsoleDevices::withdraw(const std::vector<IssuedLink>& made, const Error& failure)
{
    std::size_t left = 0;
    bool answers = true;
    for (const IssuedLink& one : made) {
        const auto removed = answers
            ? unlessGone(m_client->removeEnrollment(one.link.enrollmentId, {}))
            : Result<void>(failure);
        const auto logged
            = removed ? audit().links(u"device_link_revoked"_s, { one.link }) : Result<void>();
        left += removed && logged ? 0U : 1U;
        answers = answers && (removed || !isUncertain(removed.error()));
    }
    if (left > 0) {
        return failure.wrappedIn(message(QT_TRANSLATE_NOOP("Message",
            "Some enrollments were made before that; they stay in the list of devices.")));
    }
    return isUncertain(failure)
        ? failure.wrappedIn(message(QT_TRANSLATE_NOOP("Message",
              "It is not certain that the console made none: look at the list of devices.")))
        : failure;
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
        const auto logged = approved ? audit().approval(id, true) : Result<void>();
        if (!logged) {
            return logged.error();
        }
    }
    return report;
}

Result<ApprovalReport> ConsoleDevices::undoApproval(
    const std::vector<QString>& /*enrollmentIds*/, const std::stop_token& /*stop*/)
{
    return refusal(
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

Result<std::vector<DatabrokerRecord>> ConsoleDevices::recordsOf(
    const DeviceKey& device, const std::stop_token& stop) const
{
    auto all = m_client->records(stop);
    if (all) {
        std::erase_if(
            *all, [&device](const DatabrokerRecord& record) { return !isOf(device, record); });
    }
    return all;
}

Result<QJsonArray> ConsoleDevices::records(
    const DeviceKey& device, const std::stop_token& stop) const
{
    const auto found = recordsOf(device, stop);
    if (!found) {
        return found.error();
    }
    QJsonArray out;
    for (const DatabrokerRecord& record : *found) {
        out.append(describedRecord(record));
    }
    return out;
}

/// Gone is what the console no longer lists, whatever it answered: a credential first, which lets
/// its device in, then an enrollment that is left.
Result<void> ConsoleDevices::remove(const DeviceKey& device, const std::stop_token& stop)
{
    if (!device.credentialId.isEmpty()) {
        const auto removed = unlessGone(m_client->removeCredential(device.credentialId, stop));
        if (!removed) {
            return removed;
        }
    }
    auto left = recordsOf(device, stop);
    const auto isEnrollment
        = [](const DatabrokerRecord& record) { return record.type == recordtype::kEnrollment; };
    if (left && std::ranges::any_of(*left, isEnrollment)) {
        const auto removed = unlessGone(m_client->removeEnrollment(device.enrollmentId, stop));
        if (!removed) {
            return removed;
        }
        left = recordsOf(device, stop);
    }
    if (!left || left->empty()) {
        return left ? Result<void>() : left.error();
    }
    return Error { .code = ErrorCode::BadResponse,
        .what = message(QT_TRANSLATE_NOOP("Message", "The console still lists the device.")),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Revoke it again; if it stays, delete it in the console and look at its log.")) };
}

Result<RevokeReport> ConsoleDevices::revoke(const DeviceKey& device, const std::stop_token& stop)
{
    const auto before = recordsOf(device, stop);
    if (!before) {
        return before.error();
    }
    RevokeReport report { .device = completed(device, *before),
        .steps = { { .step = RevokeStep::Console, .state = StepState::NothingToDo } } };
    if (before->empty()) {
        return report;
    }
    auto& step = report.steps.front();
    if (const auto gone = remove(report.device, stop); gone) {
        step.state = StepState::Done;
        step.records = static_cast<int>(before->size());
    } else {
        step.state = StepState::Failed;
        step.error = gone.error();
    }
    const auto logged = audit().revocation(report);
    return logged ? Result<RevokeReport>(std::move(report)) : logged.error();
}

Result<Housekeeping> ConsoleDevices::keepHouse(
    const Housekeeping& /*agreed*/, const std::stop_token& /*stop*/)
{
    return refusal(
        message(QT_TRANSLATE_NOOP("Message", "Enterprise's console looks after its own records.")),
        message(QT_TRANSLATE_NOOP("Message", "Revoke single enrollments that nobody used.")));
}

} // namespace portreeve::devices
