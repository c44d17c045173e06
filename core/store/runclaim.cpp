// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/runclaim.h"

#include "core/store/database.h"
#include "core/store/processidentity.h"

using namespace Qt::StringLiterals;

namespace portreeve {

Result<std::optional<bool>> claimRow(Database& database, const QString& table, const QString& id)
{
    auto transaction = Transaction::begin(database);
    if (!transaction) {
        return transaction.error();
    }
    auto row = database.query(
        u"SELECT claim_process, claim_thread FROM %1 WHERE id = ?"_s.arg(table), id);
    if (!row) {
        return row.error();
    }
    const auto found = row->next();
    if (!found) {
        return found.error();
    }
    if (!*found) {
        return std::optional<bool>();
    }
    const QString process = currentProcess();
    const QString owner = row->text(0);
    const bool own = owner == process && row->integer(1) == currentThreadNumber();
    if (!row->isNull(0) && !own && isProcessAlive(owner)) {
        return std::optional(false);
    }
    const auto claimed = database.execute(
        u"UPDATE %1 SET claim_process = ?, claim_thread = ? WHERE id = ?"_s.arg(table), process,
        currentThreadNumber(), id);
    if (!claimed) {
        return claimed.error();
    }
    const auto committed = transaction->commit();
    return committed ? Result<std::optional<bool>>(std::optional(true)) : committed.error();
}

Result<void> releaseRow(Database& database, const QString& table, const QString& id)
{
    return database.execute(uR"(UPDATE %1 SET claim_process = NULL, claim_thread = NULL
  WHERE id = ? AND claim_process = ? AND claim_thread = ?)"_s.arg(table),
        id, currentProcess(), currentThreadNumber());
}

} // namespace portreeve
