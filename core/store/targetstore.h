// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/settings/proxytarget.h"
#include "core/store/pushrecords.h"

#include <vector>

namespace portreeve {

class Database;

/// Ids at a target whose owner is remembered here, because the records themselves cannot say.
struct RecordOwnership
{
    std::vector<QString> ours {}; ///< delivered by us, sorted by code unit
    std::vector<QString>
        kept {}; ///< of somebody else; the administrator wants them left alone, sorted
};

/// Targets, what we delivered to them, and the history of deliveries. What an administrator changes
/// goes to the audit log in the same transaction. Names are unique without regard to case
/// (InvalidInput, field "name").
class TargetStore
{
public:
    TargetStore(Database& database, const Clock& clock);

    Result<std::vector<ProxyTarget>> list(); ///< by name
    Result<ProxyTarget> byId(const QString& id); ///< NotFound
    Result<ProxyTarget> byName(const QString& name); ///< NotFound, naming the nearest name

    /// Assigns id and createdAt. @return the stored target
    Result<ProxyTarget> add(ProxyTarget target);

    /// Name, options, storedSecrets; not the run state.
    /// @param replacedSecrets  keys of secrets that got another value, for the audit log
    Result<void> updateSettings(
        const ProxyTarget& target, const std::vector<QString>& replacedSecrets = {});

    /// State, reason, times, error, what the server said, as a delivery, a test or the service
    /// found them; not the settings. A target that was disabled meanwhile stays so.
    Result<void> updateState(const ProxyTarget& target);

    /// An administrator's decision. Enabled again, it is behind, or new where nothing ever came.
    Result<void> setEnabled(const QString& id, bool isEnabled);

    /// How this process's listener for the target's bundle stands; nothing = it has none any more.
    /// One that cannot open needs attention, for nobody is served; one that opens after all ends
    /// that.
    Result<void> setListener(const QString& id, const std::optional<BundleListener>& listener);

    /// @return since when the bundle with that tag is given out: now, unless it was the last one
    Result<UtcTime> noteBundle(const QString& id, const QByteArray& etag);

    /// With its ownership, blocks and links; the history of deliveries stays.
    Result<void> remove(const QString& id);

    /// As ConnectionStore::claimRun(): one delivery to a target at a time, over all processes.
    Result<bool> claimPush(const QString& id);
    Result<void> releasePush(const QString& id);

    Result<RecordOwnership> ownership(const QString& targetId, DeliveredKind kind);
    Result<void> setOurs(
        const QString& targetId, DeliveredKind kind, const std::vector<QString>& ids);
    Result<void> setKept(
        const QString& targetId, DeliveredKind kind, const std::vector<QString>& ids);
    Result<void> forget(
        const QString& targetId, DeliveredKind kind, const std::vector<QString>& ids);

    Result<std::vector<BlockedUser>> blockedUsers(const QString& targetId); ///< by id
    Result<void> block(const QString& targetId, const QString& userId, const QString& actor);
    Result<void> unblock(const QString& targetId, const QString& userId);

    /// Whether a blocked person was among the records just delivered; remembers since when not.
    Result<void> noteExported(const QString& targetId, const QString& userId, bool isExported);

    /// unblock(), unless somebody blocked them anew. @return whether the block is gone
    Result<bool> lift(const QString& targetId, const BlockedUser& user);

private:
    Result<void> checkName(const ProxyTarget& target);
    Result<void> writeState(const ProxyTarget& target);
    Result<void> setOwner(const QString& targetId, DeliveredKind kind,
        const std::vector<QString>& ids, const QString& owner);

    Database& m_database;
    const Clock& m_clock;
};

} // namespace portreeve
