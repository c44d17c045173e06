// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/devicelinkstore.h"

#include "core/store/database.h"

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

const QString kSelectLink
    = uR"(SELECT enrollment_id, target, user_id, user_name, type, host, redirect,
  issued_at, expires_at, creator, approved, notes, revoked_at FROM device_link )"_s;

DeviceLink readLink(const Statement& row)
{
    return { .enrollmentId = row.text(0),
        .targetId = row.text(1),
        .userId = row.text(2),
        .userName = row.text(3),
        .type = row.text(4),
        .host = row.text(5),
        .redirect = row.text(6),
        .issuedAt = row.time(7),
        .expiresAt = row.time(8),
        .creator = row.text(9),
        .approved = row.flag(10),
        .notes = row.text(11),
        .revokedAt = row.optionalTime(12) };
}

Error unknownLink(const QString& enrollmentId)
{
    return { .code = ErrorCode::NotFound,
        .what = message(
            QT_TRANSLATE_NOOP("Message", "There is no link for the enrollment %1."), enrollmentId),
        .remedy = message(QT_TRANSLATE_NOOP("Message", "List the links and pick one of them.")) };
}

} // namespace

DeviceLinkStore::DeviceLinkStore(Database& database)
    : m_database(database)
{
}

Result<void> DeviceLinkStore::add(const std::vector<DeviceLink>& links)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction) {
        return transaction.error();
    }
    auto insert = m_database.prepare(
        u"INSERT INTO device_link VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s);
    if (!insert) {
        return insert.error();
    }
    for (const DeviceLink& link : links) {
        auto added = insert->execute(link.enrollmentId, link.targetId, link.userId, link.userName,
            link.type, link.host, link.redirect, link.issuedAt, link.expiresAt, link.creator,
            link.approved, link.notes, link.revokedAt);
        if (!added) {
            return added;
        }
    }
    return transaction->commit();
}

Result<std::vector<DeviceLink>> DeviceLinkStore::list(const QString& targetId)
{
    return m_database.all(
        kSelectLink + u"WHERE target = ? ORDER BY issued_at DESC, enrollment_id"_s, readLink,
        targetId);
}

Result<DeviceLink> DeviceLinkStore::byEnrollment(const QString& enrollmentId)
{
    const auto found
        = m_database.all(kSelectLink + u"WHERE enrollment_id = ?"_s, readLink, enrollmentId);
    if (!found) {
        return found.error();
    }
    return found->empty() ? Result<DeviceLink>(unknownLink(enrollmentId)) : found->front();
}

Result<void> DeviceLinkStore::update(const DeviceLink& link)
{
    const auto updated = m_database.query(uR"(UPDATE device_link SET type = ?, host = ?,
  redirect = ?, issued_at = ?, expires_at = ?, approved = ?, notes = ?, revoked_at = ?
  WHERE enrollment_id = ?)"_s,
        link.type, link.host, link.redirect, link.issuedAt, link.expiresAt, link.approved,
        link.notes, link.revokedAt, link.enrollmentId);
    if (!updated) {
        return updated.error();
    }
    return updated->affectedRows() == 1 ? Result<void>()
                                        : Result<void>(unknownLink(link.enrollmentId));
}

Result<void> DeviceLinkStore::remove(const QString& enrollmentId)
{
    const auto removed
        = m_database.query(u"DELETE FROM device_link WHERE enrollment_id = ?"_s, enrollmentId);
    if (!removed) {
        return removed.error();
    }
    return removed->affectedRows() == 1 ? Result<void>() : Result<void>(unknownLink(enrollmentId));
}

} // namespace portreeve
