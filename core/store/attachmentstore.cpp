// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/attachmentstore.h"

#include "core/store/database.h"

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

const QString kAttachedTo = u"target = (SELECT key FROM target WHERE id = ?)"_s;

AttachedPolicy readAttachment(const Statement& row)
{
    return { .routeId = row.text(0),
        .routeName = row.text(1),
        .policyId = row.text(2),
        .policyName = row.text(3),
        .wanted = row.flag(4),
        .since = row.time(5),
        .actor = row.text(6) };
}

Error notAttached(const QString& routeId)
{
    return { .code = ErrorCode::NotFound,
        .what = message(
            QT_TRANSLATE_NOOP("Message", "That policy is not attached to the route %1."), routeId),
        .remedy
        = message(QT_TRANSLATE_NOOP("Message", "Look at the target: it lists what is attached.")) };
}

} // namespace

AttachmentStore::AttachmentStore(Database& database, const Clock& clock)
    : m_database(database)
    , m_clock(clock)
{
}

Result<std::vector<AttachedPolicy>> AttachmentStore::list(const QString& targetId)
{
    return m_database.all(
        uR"(SELECT route_id, route_name, policy_id, policy_name, wanted, since, actor
FROM attached_policy WHERE )"_s
            + kAttachedTo + u" ORDER BY route_name, route_id, policy_name, policy_id"_s,
        readAttachment, targetId);
}

Result<void> AttachmentStore::attach(const QString& targetId, const AttachedPolicy& attachment)
{
    return m_database.execute(uR"(INSERT INTO attached_policy (target, route_id, route_name,
  policy_id, policy_name, wanted, since, actor)
VALUES ((SELECT key FROM target WHERE id = ?), ?, ?, ?, ?, 1, ?, ?)
ON CONFLICT (target, route_id, policy_id) DO UPDATE SET route_name = excluded.route_name,
  policy_name = excluded.policy_name, wanted = 1)"_s,
        targetId, attachment.routeId, attachment.routeName, attachment.policyId,
        attachment.policyName, m_clock.nowUtc(), attachment.actor);
}

Result<void> AttachmentStore::detach(
    const QString& targetId, const QString& routeId, const QString& policyId)
{
    const auto changed = m_database.query(u"UPDATE attached_policy SET wanted = 0 WHERE "_s
            + kAttachedTo + u" AND route_id = ? AND policy_id = ?"_s,
        targetId, routeId, policyId);
    if (!changed) {
        return changed.error();
    }
    return changed->affectedRows() == 1 ? Result<void>() : Result<void>(notAttached(routeId));
}

Result<void> AttachmentStore::forget(
    const QString& targetId, const std::vector<AttachedPolicy>& gone)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction) {
        return transaction.error();
    }
    auto remove = m_database.prepare(u"DELETE FROM attached_policy WHERE "_s + kAttachedTo
        + u" AND route_id = ? AND policy_id = ? AND wanted = ?"_s);
    if (!remove) {
        return remove.error();
    }
    for (const auto& attachment : gone) {
        const auto done
            = remove->execute(targetId, attachment.routeId, attachment.policyId, attachment.wanted);
        if (!done) {
            return done;
        }
    }
    return transaction->commit();
}

} // namespace portreeve
