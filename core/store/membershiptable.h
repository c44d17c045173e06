// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/store/statementcache.h"

#include <QByteArray>

#include <cstdint>
#include <span>
#include <vector>

namespace portreeve {

/// One direct edge gained or lost, by the keys of the stored rows.
struct MemberEdit
{
    std::int64_t group = 0;
    bool memberIsGroup = false;
    std::int64_t member = 0;
    bool removed = false;
};

/// Sorts by group, kind and member, and keeps the last edit of each edge.
void settleEdits(std::vector<MemberEdit>& edits);

QByteArray packEdits(std::span<const MemberEdit> settled);

/// @p keys, ascending, with the edits of one group and one kind done to them.
std::vector<std::int64_t> withEdits(
    const std::vector<std::int64_t>& keys, std::span<const MemberEdit> settled);

/// The direct members of a connection's groups: a packed blob per group and a log of packed changes
/// on top of them. Callers hold a transaction.
class MembershipTable
{
public:
    MembershipTable(Database& database, std::int64_t connection);

    /// Appends to the log, or folds log and edits into the blobs once the log passes a tenth of
    /// their size.
    Result<void> apply(std::vector<MemberEdit> edits);

    /// What the log changes in the blobs, settled.
    Result<std::vector<MemberEdit>> pending();

private:
    Result<void> fold(std::vector<MemberEdit> edits, std::int64_t memberBytes);
    Result<std::int64_t> rewriteGroup(std::span<const MemberEdit> edits, bool isNew);

    Database& m_database;
    StatementCache m_statements;
    std::int64_t m_connection;
};

} // namespace portreeve
