// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/proxy/databroker/devicerecords.h"

#include <QJsonArray>
#include <QString>

#include <array>
#include <optional>
#include <stop_token>
#include <vector>

namespace portreeve {

class Clock;
class DatabrokerClient;
class Store;

namespace devices {

class DeviceAudit;

/// Answer to an approval of several devices.
struct ApprovalReport
{
    std::vector<QString> changed {}; ///< enrollment ids, in the order asked for
    std::vector<QString> missing {}; ///< they vanished meanwhile
};

/// What names a device: one of both is enough.
struct DeviceKey
{
    QString enrollmentId {};
    QString credentialId {};
};

/// The steps of a revocation, in their order: each leaves less access than the one before, and a
/// run that broke off is completed by running it again.
enum class RevokeStep {
    Sessions, ///< the device is taken out of sessions
    User, ///< and out of the list of its user
    Credential, ///< from here on no rule for its type lets it in
    Enrollment, ///< alone it would not revoke a rule for the type (devices.md 4)
    Owner,
    Console, ///< Enterprise's does all of it in one call
};

/// Those at a databroker.
inline constexpr std::array kRevokeSteps { RevokeStep::Sessions, RevokeStep::User,
    RevokeStep::Credential, RevokeStep::Enrollment, RevokeStep::Owner };

QString revokeStepName(RevokeStep step); ///< "sessions"

enum class StepState { Done, NothingToDo, Failed, NotReached };

QString stepStateName(StepState state); ///< "nothing_to_do"

struct RevokeStepReport
{
    RevokeStep step = RevokeStep::Sessions;
    StepState state = StepState::NotReached;
    int records = 0; ///< changed or deleted
    std::optional<Error> error {};
};

struct RevokeReport
{
    DeviceKey device {}; ///< both ids as far as the records gave them; revoke it again with these
    std::vector<RevokeStepReport> steps {}; ///< kRevokeSteps, or Console alone

    bool isComplete() const;
    const Error* error() const; ///< of the step that failed, or null
};

/// Approves and revokes devices at one target. Every call blocks and belongs on a worker thread;
/// errors are those of DatabrokerClient and Storage besides the ones named. What it changes takes
/// effect at the proxy within 60 seconds. Each change leaves an audit entry.
class DeviceAdmin
{
public:
    struct Services
    {
        const DatabrokerClient& client;
        Store& store;
        const Clock& clock;
        QString targetId {};
        QString actor {}; ///< for the audit log, and as who approved
    };

    explicit DeviceAdmin(Services services);

    Result<ApprovalReport> approve(
        const std::vector<QString>& enrollmentIds, const std::stop_token& stop);
    Result<ApprovalReport> undoApproval(
        const std::vector<QString>& enrollmentIds, const std::stop_token& stop);

    /// The device an enrollment or credential id names, with both ids where there are both.
    /// @return NotFound
    Result<DeviceKey> find(const QString& id, const std::stop_token& stop) const;

    /// The records of a device as the proxy keeps them, for people to look at: Enrollment,
    /// Credential and OwnerCredentialRecord, as far as they are there.
    Result<QJsonArray> records(const DeviceKey& device, const std::stop_token& stop) const;

    /// Five steps; stops at the first that fails.
    /// @return a report in any case, or the Error that kept it from starting
    Result<RevokeReport> revoke(const DeviceKey& device, const std::stop_token& stop);

private:
    struct Device;

    Result<ApprovalReport> setApproval(const std::vector<QString>& enrollmentIds,
        const QString& approvedBy, const std::stop_token& stop);
    Result<Device> read(const DeviceKey& key, const std::stop_token& stop) const;
    Result<int> run(RevokeStep step, const Device& device, const std::stop_token& stop);
    Result<int> clearSessions(const QString& credentialId, const std::stop_token& stop);
    Result<int> clearUsers(const Device& device, const std::stop_token& stop);
    Result<int> clearUser(
        const QString& userId, const QString& credentialId, const std::stop_token& stop);
    Result<int> remove(const QString& type, const QString& id, const std::stop_token& stop);
    Result<void> markLinkRevoked(const QString& enrollmentId);
    DeviceAudit audit() const;

    Services m_services;
};

} // namespace devices

} // namespace portreeve
