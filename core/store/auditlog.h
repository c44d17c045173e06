// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/store/records.h"

#include <QJsonObject>

#include <vector>

namespace portreeve {

class Database;

/// AuditEntry::details of these members.
QString auditDetails(const QJsonObject& members);

/// Append-only and hash-chained: each entry's hash covers the one before.
class AuditLog
{
public:
    AuditLog(Database& database, const Clock& clock);

    Result<void> append(AuditEntry entry); ///< joins the caller's transaction where one is open
    Result<std::vector<AuditEntry>> list(std::int64_t afterId, int limit);
    Result<std::int64_t> lastId(); ///< ids have no gaps; 0: nothing was logged yet

    /// @return the id of the first entry whose hash does not fit, or nothing
    Result<std::optional<std::int64_t>> firstBroken();

private:
    Database& m_database;
    const Clock& m_clock;
};

} // namespace portreeve
