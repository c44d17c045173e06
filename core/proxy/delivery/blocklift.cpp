// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/blocklift.h"

#include "core/proxy/databroker/joincheck.h"

#include <QJsonObject>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

bool isIn(const DirectoryRecords& records, const QString& userId)
{
    return std::any_of(records.users.begin(), records.users.end(),
        [&userId](const auto& user) { return user.id == userId; });
}

/// Suspended people are kept and not exported, so one who was suspended before the block was never
/// seen in the records since.
QSet<QString> suspendedPeople(const DeliverySource& source)
{
    QSet<QString> out;
    for (const auto& person : unexportedPeople(*source.view, *source.records)) {
        if (person.isSuspended) {
            out.insert(person.id);
        }
    }
    return out;
}

} // namespace

std::optional<UtcTime> liftsAt(const BlockedUser& user)
{
    return user.absentSince ? std::optional(*user.absentSince + kBlockOutlivesRecord)
                            : std::nullopt;
}

BlockSplit splitBlocks(
    const std::vector<BlockedUser>& blocked, const DirectoryRecords* records, UtcTime now)
{
    BlockSplit out;
    for (const auto& user : blocked) {
        const auto at = liftsAt(user);
        if (records != nullptr && at && *at <= now && !isIn(*records, user.userId)) {
            out.lifted.push_back(user);
        } else {
            out.kept.push_back(user.userId);
        }
    }
    return out;
}

Message liftNote(const BlockedUser& user)
{
    return message(QT_TRANSLATE_NOOP("Message",
                       "The block on %1 is lifted: the directory has them no longer, and the proxy "
                       "was told so at %2."),
        user.userId, user.absentSince ? toRfc3339(*user.absentSince) : QString());
}

Result<void> noteBlockedPeople(Store& store, const QString& targetId, const DeliverySource& source,
    const QSet<QString>& foreignUsers)
{
    auto& targets = store.targets();
    const auto blocked = targets.blockedUsers(targetId);
    if (!blocked || blocked->empty()) {
        return blocked ? Result<void>() : blocked.error();
    }
    const auto suspended = suspendedPeople(source);
    for (const auto& user : *blocked) {
        const bool isThere = isIn(*source.records, user.userId);
        const bool wasThere = user.exported || suspended.contains(user.userId);
        if (!isThere && (!wasThere || foreignUsers.contains(user.userId))) {
            continue;
        }
        if (const auto noted = targets.noteExported(targetId, user.userId, isThere); !noted) {
            return noted;
        }
    }
    return {};
}

Result<void> liftBlocks(
    Store& store, const QString& targetId, const std::vector<BlockedUser>& lifted)
{
    for (const auto& user : lifted) {
        const auto isLifted = store.targets().lift(targetId, user);
        if (!isLifted) {
            return isLifted.error();
        }
        if (!*isLifted) {
            continue; // blocked anew meanwhile
        }
        const QJsonObject details { { u"user"_s, user.userId },
            { u"reason"_s, u"left_directory"_s },
            { u"absent_since"_s, toRfc3339(*user.absentSince) } };
        const auto audited = store.audit().append({ .actor = u"system"_s,
            .event = u"user_unblocked"_s,
            .subject = targetId,
            .details = auditDetails(details) });
        if (!audited) {
            return audited;
        }
    }
    return {};
}

} // namespace portreeve
