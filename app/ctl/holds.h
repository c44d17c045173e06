// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/ctl/command.h"

#include <functional>

namespace portreeve::ctl {

/// A line for each guard that holds something.
QStringList heldReasons(const SyncPlan& plan);

/// Each held row with the key that --allow takes; of very many only the first.
void printHeldRows(Output& out, const SyncPlan& plan);

QCommandLineOption allowOption(); ///< --allow
QList<QCommandLineOption> approvalOptions(); ///< --allow-held and --allow

/// The keys of --allow. @return InvalidInput naming one that nothing held in @p planJson has
Result<std::vector<QString>> allowedKeys(const Arguments& arguments, const QByteArray& planJson);

/// What --allow-held and --allow let through of the plan with @p planHash; nothing without them.
/// @return InvalidInput as allowedKeys()
Result<std::optional<Approval>> approvalOf(const Arguments& arguments, const QString& planHash,
    const std::function<QByteArray()>& planJson);

} // namespace portreeve::ctl
