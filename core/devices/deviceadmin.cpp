// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/deviceadmin.h"

#include "core/base/clock.h"
#include "core/devices/deviceaudit.h"
#include "core/proxy/databroker/databrokerclient.h"
#include "core/store/store.h"

#include <QSet>

#include <algorithm>
#include <set>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve::devices {

namespace {
// A sign-in may write the same list between our reading and our writing.
constexpr int kUserAttempts = 3;

template <typename Data, typename Decode>
Result<std::optional<Data>> optionalRecord(Result<DatabrokerRecord> record, Decode decode)
{
    if (!record) {
        return record.error().code == ErrorCode::NotFound
            ? Result<std::optional<Data>>(std::nullopt)
            : record.error();
    }
    auto data = decode(*record);
    return data ? Result<std::optional<Data>>(std::move(*data)) : data.error();
}

Result<std::optional<EnrollmentData>> readEnrollment(
    const DatabrokerClient& client, const QString& id, const std::stop_token& stop)
{
    return optionalRecord<EnrollmentData>(
        client.get(recordtype::kEnrollment, id, stop), enrollmentData);
}

Result<std::optional<CredentialData>> readCredential(
    const DatabrokerClient& client, const QString& id, const std::stop_token& stop)
{
    return optionalRecord<CredentialData>(
        client.get(recordtype::kCredential, id, stop), credentialData);
}
} // namespace

struct DeviceAdmin::Device
{
    DeviceKey key {};
    std::set<QString> userIds {}; ///< of the enrollment and of the credential
};

QString revokeStepName(RevokeStep step)
{
    switch (step) {
    case RevokeStep::Sessions:
        return u"sessions"_s;
    case RevokeStep::User:
        return u"user"_s;
    case RevokeStep::Credential:
        return u"credential"_s;
    case RevokeStep::Enrollment:
        return u"enrollment"_s;
    case RevokeStep::Owner:
        return u"owner"_s;
    case RevokeStep::Console:
        return u"console"_s;
    }
    return {};
}

QString stepStateName(StepState state)
{
    switch (state) {
    case StepState::Done:
        return u"done"_s;
    case StepState::NothingToDo:
        return u"nothing_to_do"_s;
    case StepState::Failed:
        return u"failed"_s;
    case StepState::NotReached:
        return u"not_reached"_s;
    }
    return {};
}

const Error* RevokeReport::error() const
{
    const auto failed = std::ranges::find(steps, StepState::Failed, &RevokeStepReport::state);
    return failed == steps.end() || !failed->error ? nullptr : &*failed->error;
}

bool RevokeReport::isComplete() const
{
    return std::ranges::all_of(steps, [](const RevokeStepReport& step) {
        return step.state == StepState::Done || step.state == StepState::NothingToDo;
    });
}

DeviceAdmin::DeviceAdmin(Services services)
    : m_services(std::move(services))
{
}

DeviceAudit DeviceAdmin::audit() const
{
    return { m_services.store, m_services.targetId, m_services.actor };
}

Result<ApprovalReport> DeviceAdmin::approve(
    const std::vector<QString>& enrollmentIds, const std::stop_token& stop)
{
    return setApproval(enrollmentIds, m_services.actor, stop);
}

Result<ApprovalReport> DeviceAdmin::undoApproval(
    const std::vector<QString>& enrollmentIds, const std::stop_token& stop)
{
    return setApproval(enrollmentIds, {}, stop);
}

Result<ApprovalReport> DeviceAdmin::setApproval(const std::vector<QString>& enrollmentIds,
    const QString& approvedBy, const std::stop_token& stop)
{
    std::vector<DatabrokerRecord> patches;
    patches.reserve(enrollmentIds.size());
    for (const auto& id : enrollmentIds) {
        patches.push_back(approvalPatch(id, approvedBy));
    }
    const auto answer = m_services.client.patch(patches, { patchfield::kApprovedBy }, stop);
    if (!answer) {
        return answer.error();
    }
    // The proxy leaves out, without an error, what is not there.
    QSet<QString> answered;
    for (const auto& record : *answer) {
        answered.insert(record.id);
    }
    ApprovalReport report;
    for (const auto& id : enrollmentIds) {
        const bool changed = answered.contains(id);
        (changed ? report.changed : report.missing).push_back(id);
        const auto logged = changed ? audit().approval(id, !approvedBy.isEmpty()) : Result<void>();
        if (!logged) {
            return logged.error();
        }
    }
    return report;
}

Result<DeviceKey> DeviceAdmin::find(const QString& id, const std::stop_token& stop) const
{
    const auto enrollment = readEnrollment(m_services.client, id, stop);
    if (!enrollment) {
        return enrollment.error();
    }
    if (*enrollment) {
        return DeviceKey { .enrollmentId = id, .credentialId = (*enrollment)->credentialId };
    }
    const auto credential = readCredential(m_services.client, id, stop);
    if (!credential) {
        return credential.error();
    }
    if (*credential) {
        return DeviceKey { .enrollmentId = (*credential)->enrollmentId, .credentialId = id };
    }
    // What a revocation leaves that broke off before its last step.
    const auto owner = m_services.client.get(recordtype::kOwnerCredential, id, stop);
    if (owner) {
        return DeviceKey { .enrollmentId = {}, .credentialId = id };
    }
    const auto link = m_services.store.deviceLinks().byEnrollment(id);
    if (link && link->targetId == m_services.targetId && !link->revokedAt) {
        return DeviceKey { .enrollmentId = id, .credentialId = {} }; // a lost one, to be given up
    }
    return owner.error().code == ErrorCode::NotFound ? Error { .code = ErrorCode::NotFound,
        .what = message(QT_TRANSLATE_NOOP("Message", "The proxy has no device %1."), id),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "List the devices and use the id of an enrollment or credential shown there.")) }
                                                     : owner.error();
}

Result<QJsonArray> DeviceAdmin::records(const DeviceKey& device, const std::stop_token& stop) const
{
    QJsonArray records;
    for (const auto& [type, id] : { std::pair(recordtype::kEnrollment, device.enrollmentId),
             std::pair(recordtype::kCredential, device.credentialId),
             std::pair(recordtype::kOwnerCredential, device.credentialId) }) {
        if (id.isEmpty()) {
            continue;
        }
        const auto record = m_services.client.get(type, id, stop);
        if (record) {
            records.append(describedRecord(*record));
        } else if (record.error().code != ErrorCode::NotFound) {
            return record.error();
        }
    }
    return records;
}

Result<DeviceAdmin::Device> DeviceAdmin::read(
    const DeviceKey& key, const std::stop_token& stop) const
{
    Device device { .key = key, .userIds = {} };
    if (!key.enrollmentId.isEmpty()) {
        const auto enrollment = readEnrollment(m_services.client, key.enrollmentId, stop);
        if (!enrollment) {
            return enrollment.error();
        }
        if (*enrollment) {
            device.userIds.insert((*enrollment)->userId);
            if (key.credentialId.isEmpty()) {
                device.key.credentialId = (*enrollment)->credentialId;
            }
        }
    }
    if (!device.key.credentialId.isEmpty()) {
        const auto credential = readCredential(m_services.client, device.key.credentialId, stop);
        if (!credential) {
            return credential.error();
        }
        if (*credential) {
            device.userIds.insert((*credential)->userId);
            if (key.enrollmentId.isEmpty()) {
                device.key.enrollmentId = (*credential)->enrollmentId;
            }
        }
    }
    return device;
}

Result<int> DeviceAdmin::clearSessions(const QString& credentialId, const std::stop_token& stop)
{
    std::vector<DatabrokerRecord> patches;
    const auto read = m_services.client.syncLatest(
        recordtype::kSession,
        [&](DatabrokerRecord&& record) {
            auto session = sessionData(record);
            if (!session) {
                return; // a session that cannot be read cannot be told to hold this device
            }
            const auto removed = std::erase_if(session->devices,
                [&](const SessionDevice& device) { return device.credentialId == credentialId; });
            if (removed > 0) {
                patches.push_back(sessionDevicesPatch(record.id, session->devices));
            }
        },
        stop);
    if (!read) {
        return read.error();
    }
    if (patches.empty()) {
        return 0;
    }
    // A session that ended meanwhile is missing in the answer, and that is as good.
    const auto answer = m_services.client.patch(patches, { patchfield::kSessionDevices }, stop);
    return answer ? Result<int>(static_cast<int>(answer->size())) : Result<int>(answer.error());
}

Result<int> DeviceAdmin::clearUser(
    const QString& userId, const QString& credentialId, const std::stop_token& stop)
{
    for (int attempt = 0; attempt <= kUserAttempts; ++attempt) {
        const auto user = optionalRecord<SignedInUserData>(
            m_services.client.get(recordtype::kUser, userId, stop), signedInUserData);
        if (!user) {
            return user.error();
        }
        if (!*user || !(*user)->deviceCredentialIds.contains(credentialId)) {
            return attempt == 0 ? 0 : 1;
        }
        QStringList rest = (*user)->deviceCredentialIds;
        rest.removeAll(credentialId);
        const auto patched = m_services.client.patch(
            { userDevicesPatch(userId, rest) }, { patchfield::kUserDevices }, stop);
        if (!patched) {
            return patched.error();
        }
    }
    return Error { .code = ErrorCode::Stale,
        .what = message(
            QT_TRANSLATE_NOOP("Message", "Somebody else keeps changing the devices of user %1."),
            userId),
        .remedy = message(QT_TRANSLATE_NOOP("Message", "Revoke the device again in a moment.")) };
}

Result<int> DeviceAdmin::remove(const QString& type, const QString& id, const std::stop_token& stop)
{
    if (id.isEmpty()) {
        return 0;
    }
    const auto record = m_services.client.get(type, id, stop);
    if (!record) {
        return record.error().code == ErrorCode::NotFound ? Result<int>(0)
                                                          : Result<int>(record.error());
    }
    const auto deleted = m_services.client.put({ tombstone(type, id) }, stop);
    return deleted ? Result<int>(1) : Result<int>(deleted.error());
}

Result<void> DeviceAdmin::markLinkRevoked(const QString& enrollmentId)
{
    auto link = m_services.store.deviceLinks().byEnrollment(enrollmentId);
    if (!link) {
        return link.error().code == ErrorCode::NotFound ? Result<void>() : link.error();
    }
    if (link->revokedAt) {
        return {};
    }
    link->revokedAt = m_services.clock.nowUtc();
    return m_services.store.deviceLinks().update(*link);
}

Result<int> DeviceAdmin::clearUsers(const Device& device, const std::stop_token& stop)
{
    int changed = 0;
    for (const auto& userId : device.userIds) {
        const auto cleared = clearUser(userId, device.key.credentialId, stop);
        if (!cleared) {
            return cleared.error();
        }
        changed += *cleared;
    }
    return changed;
}

Result<int> DeviceAdmin::run(RevokeStep step, const Device& device, const std::stop_token& stop)
{
    const auto& [enrollmentId, credentialId] = device.key;
    switch (step) {
    case RevokeStep::Sessions:
        return credentialId.isEmpty() ? Result<int>(0) : clearSessions(credentialId, stop);
    case RevokeStep::User:
        return clearUsers(device, stop);
    case RevokeStep::Credential:
        return remove(recordtype::kCredential, credentialId, stop);
    case RevokeStep::Enrollment: {
        const auto removed = remove(recordtype::kEnrollment, enrollmentId, stop);
        const auto marked = removed ? markLinkRevoked(enrollmentId) : Result<void>();
        return marked ? removed : Result<int>(marked.error());
    }
    case RevokeStep::Owner:
        return remove(recordtype::kOwnerCredential, credentialId, stop);
    case RevokeStep::Console:
        break; // not at a databroker
    }
    return 0;
}

Result<RevokeReport> DeviceAdmin::revoke(const DeviceKey& key, const std::stop_token& stop)
{
    const auto device = read(key, stop);
    if (!device) {
        return device.error();
    }
    RevokeReport report { .device = device->key, .steps = {} };
    bool failed = false;
    for (const auto step : kRevokeSteps) {
        report.steps.push_back({ .step = step });
        if (failed) {
            continue;
        }
        const auto done = run(step, *device, stop);
        auto& entry = report.steps.back();
        failed = !done;
        if (done) {
            entry.state = *done > 0 ? StepState::Done : StepState::NothingToDo;
            entry.records = *done;
        } else {
            entry.state = StepState::Failed;
            entry.error = done.error();
        }
    }
    const auto logged = audit().revocation(report);
    return logged ? Result<RevokeReport>(std::move(report)) : Result<RevokeReport>(logged.error());
}

} // namespace portreeve::devices
