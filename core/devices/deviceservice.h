// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/devices/deviceadmin.h"
#include "core/devices/devicefollower.h"
#include "core/devices/devicereader.h"
#include "core/devices/housekeeping.h"
#include "core/devices/linkorder.h"
#include "core/proxy/targetoptions.h"

#include <QJsonArray>

#include <memory>

namespace portreeve {

class SecretStore;

namespace devices {

/// Where the devices of a target are looked after.
enum class DeviceKeeper {
    Proxy, ///< records of its databroker
    Console, ///< Enterprise's own console, which builds links and deletes devices by itself
};

/// @return InvalidInput with the reason where neither can be reached with these options
Result<DeviceKeeper> deviceKeeper(const TargetOptions& options);

enum class LinkForm {
    Signed,
    Short, ///< for people who are signed in already (devices.md 3.5)
};

/// The devices of one target, however they are reached. Every call blocks and belongs on a worker
/// thread; errors are those of DatabrokerClient or ConsoleDeviceClient, and Storage, besides the
/// ones named. What a console cannot do is InvalidInput with the reason. Each change leaves an
/// audit entry.
class DeviceService
{
public:
    struct Services
    {
        Store& store;
        const Clock& clock;
        QString actor {}; ///< for the audit log; at a proxy also as who made a link or approved
    };

    /// Connects with the first call, not here; reading the secret blocks.
    /// @return as deviceKeeper(); SecretStore where no secret is stored; InvalidInput for options
    /// or a secret of no use
    static Result<std::unique_ptr<DeviceService>> open(
        const Services& services, const ProxyTarget& target, SecretStore& secrets);

    virtual ~DeviceService();
    DeviceService(const DeviceService&) = delete;
    DeviceService& operator=(const DeviceService&) = delete;

    virtual DeviceKeeper keeper() const = 0;

    virtual Result<LoadedDevices> load(const std::stop_token& stop) const = 0;
    virtual Result<Enrollments> enrollments(const std::stop_token& stop) const = 0; ///< alone

    /// Links made here, newest first; none where a console makes them.
    virtual Result<std::vector<DeviceLink>> links() const = 0;

    /// Hands on what changes after load(), until it is destroyed; it must not outlive this object.
    /// @return null where nobody tells: load again every now and then
    virtual std::unique_ptr<DeviceFollower> follow(const std::vector<FollowedType>& types,
        Clock& clock, DeviceFollower::RecordSink onRecord, DeviceFollower::EventSink onEvent) const
        = 0;

    /// That a link may lead to, sorted, each once.
    virtual Result<std::vector<QString>> hosts(const std::stop_token& stop) const = 0;

    /// One link for each person, all or none; `creator` is the actor. A console decides by itself
    /// how long a link works and whether it approves the device that is enrolled with it.
    /// @return InvalidInput as checkOrder(), or (field "device_type") for an unknown type
    virtual Result<IssuedLinks> create(LinkOrder order, const std::stop_token& stop) = 0;

    virtual Result<IssuedLink> renew(const QString& enrollmentId,
        std::chrono::milliseconds validity, const std::stop_token& stop)
        = 0; ///< see LinkIssuer
    virtual Result<IssuedLink> recreate(const QString& enrollmentId,
        std::chrono::milliseconds validity, const std::stop_token& stop)
        = 0;

    /// A stored link once more. @return NotFound; see LinkIssuer::url()
    virtual Result<IssuedLink> linkAgain(const QString& enrollmentId, LinkForm form) const = 0;

    virtual Result<ApprovalReport> approve(
        const std::vector<QString>& enrollmentIds, const std::stop_token& stop)
        = 0;
    virtual Result<ApprovalReport> undoApproval(
        const std::vector<QString>& enrollmentIds, const std::stop_token& stop)
        = 0;

    /// @return NotFound
    virtual Result<DeviceKey> find(const QString& id, const std::stop_token& stop) const = 0;

    /// As they are kept, for people to look at; none when they are gone.
    virtual Result<QJsonArray> records(const DeviceKey& device, const std::stop_token& stop) const
        = 0;

    /// @return a report in any case, or the Error that kept it from starting
    virtual Result<RevokeReport> revoke(const DeviceKey& device, const std::stop_token& stop) = 0;

    virtual Result<Housekeeping> keepHouse(const Housekeeping& agreed, const std::stop_token& stop)
        = 0;

protected:
    DeviceService() = default;
};

} // namespace devices
} // namespace portreeve
