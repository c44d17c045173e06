// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/devices/linkorder.h"
#include "core/proxy/databroker/devicerecords.h"

#include <stop_token>

namespace portreeve {

class Clock;
class DatabrokerClient;
class SharedSecret;
class Store;

namespace devices {

/// Makes enrollment links together with the records they need at the proxy, and looks after them.
/// Every call blocks and belongs on a worker thread; errors are those of DatabrokerClient and
/// Storage besides the ones named, and InvalidInput naming the target of a link that belongs to
/// another one. Each change leaves an audit entry, without the link's text.
class LinkIssuer
{
public:
    struct Services
    {
        const DatabrokerClient& client;
        Store& store;
        const SharedSecret& secret; ///< that of the installation the client talks to
        const Clock& clock;
        QString targetId {}; ///< of that installation: links of another one are not touched
    };

    explicit LinkIssuer(const Services& services);

    /// One enrollment and one link for each user, all or none. Because the records have been put
    /// and read back with the same secret, a link that comes out is one the proxy accepts.
    /// @return InvalidInput as checkOrder(), or (field "device_type") for a type the proxy lacks
    Result<IssuedLinks> create(const LinkOrder& order, const std::stop_token& stop);

    /// A new token and new times for the same enrollment; the old text lives until its own end.
    /// @return InvalidInput for a link that was used or revoked; Stale for one that is lost
    Result<IssuedLink> renew(const QString& enrollmentId, std::chrono::milliseconds validity,
        const QString& actor, const std::stop_token& stop);

    /// Puts the enrollment of a lost link back. A text that was handed out works again until its
    /// own end; after that the link gets new times.
    /// @return InvalidInput for a link that is not lost
    Result<IssuedLink> recreate(const QString& enrollmentId, std::chrono::milliseconds validity,
        const QString& actor, const std::stop_token& stop);

    /// Deletes the enrollment of an unused link. The page still opens for whoever has the text, and
    /// then answers 500 (devices.md 3.4).
    /// @return InvalidInput for a link that was used: that device is revoked instead
    Result<void> revoke(
        const QString& enrollmentId, const QString& actor, const std::stop_token& stop);

    /// The text of a stored link again. @return Stale once it is revoked or over
    Result<QString> url(const DeviceLink& link) const;

    /// The short form of devices.md 3.5, with its limits. @return as url() and shortLink()
    Result<QString> shortUrl(const DeviceLink& link) const;

private:
    struct Known; // a stored link and its record at the proxy

    Result<void> checkType(const QString& id, const std::stop_token& stop) const;
    Result<std::vector<IssuedLink>> draft(
        const LinkOrder& order, const CheckedOrder& checked, const std::stop_token& stop) const;
    Result<std::chrono::milliseconds> putEnrollments( // how far the proxy's clock is ahead of ours
        const std::vector<DeviceLink>& links, const QString& approvedBy,
        const std::stop_token& stop);
    Result<void> readBack(const std::vector<DeviceLink>& links, const QString& approvedBy,
        const std::stop_token& stop) const;
    Result<Known> known(const QString& enrollmentId, const std::stop_token& stop) const;
    Error withdraw(const std::vector<DeviceLink>& links, const Error& failure);
    Result<void> checkTarget(const DeviceLink& link) const;
    Result<void> checkUsable(const DeviceLink& link) const;
    Result<IssuedLink> reissue(DeviceLink link, const QString& actor, const QString& event);
    Result<void> audit(
        const QString& event, const QString& actor, const std::vector<DeviceLink>& links);

    Services m_services;
};

} // namespace devices

} // namespace portreeve
